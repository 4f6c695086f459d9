"""`testimony verify` on a record that quotes a mark of a part wherever it can: such a mark counts nowhere."""

import json
import re
from pathlib import Path

import pytest

import made_up
from archive.citing import part_marks
from archive.language.messages import LANGUAGES, speaking, translate
from running import ask_program

NUMBER = "5:deadbeef"
LONG = "wire" * 20  # as wide as a line, so that what follows begins one


def mark_of(part: str, language: str = "en") -> str:
    """Write a mark as our formats do."""
    with speaking(language):
        return translate(part_marks.MARK).format(mark=f"{part}:{NUMBER}")


MARKS = [mark_of(part, language) for language in sorted(LANGUAGES) for part in ("works", "coverage")]
WORKS, COVERAGE = mark_of("works"), mark_of("coverage")
WRAPPED = f"{LONG} {WORKS} {LONG} {COVERAGE} {LONG}"
BODY = [
    *MARKS,
    f"coal\n{WORKS}\n{COVERAGE}\ncoal",
    f"- {WORKS}\n- {COVERAGE}",
    f"> {WORKS}\n> {COVERAGE}",
    f"*{WORKS}*",
    f"## {WORKS}",
    "## Works cited",
    f"{LONG} {WORKS} {LONG}",
]
FOOTNOTE = [f"coal[^1] {WORKS}", f"[^1]: {COVERAGE}"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up collection of which every text that a record may have is a mark, or has one where a line may end."""

    def quoting(code: str, quoted: str, **more: object) -> dict[str, object]:
        csl = {
            "type": "book",
            "title": quoted,
            "publisher": quoted,
            "author": [{"literal": quoted}],
            "issued": {"date-parts": [[1999]]},
        }
        return made_up.header(
            code,
            title=quoted,
            witness={"name": quoted, "name_kind": "pseudonym", "connection": "victim", "nationality": quoted},
            recorded={"date": "2001", "by": quoted},
            source={"csl": csl, "root": "made-up"},
            history=[{"date": "2004-05-06", "by": "archive", "change": quoted}],
            camps=[{"camp": "kwalliso-18", "period": "1985", "as": "prisoner", "basis": "first-hand"}],
            **more,
        )

    notes = [
        made_up.note("n1", "recanted", WORKS, about={"paragraphs": [1]}),
        made_up.note("n2", "contradicted", COVERAGE, about={"paragraphs": [2, 9, 10]}, **{"with": ["NKT-9002#p1"]}),
        made_up.note("n3", "caution", WRAPPED),
        made_up.note("n4", "caution", f"{LONG} {COVERAGE}\n{WORKS}\n\n{COVERAGE}\n"),
    ]
    claims = [
        {"id": f"c{number}", "text": text, "status": "asserted", "paragraphs": [number], "topics": ["coal-mining"]}
        for number, text in enumerate((WORKS, WRAPPED), start=1)
    ]
    graded = {"source": {"reliability": "C", "basis": WORKS}, "notes": notes}
    return made_up.collection(
        tmp_path_factory.mktemp("hostile"),
        made_up.record(quoting("NKT-9001", WORKS, credibility=graded, claims=claims), *BODY, *FOOTNOTE),
        made_up.record(quoting("NKT-9002", WRAPPED, claims=claims), f"{WRAPPED}[^2]", *BODY, f"[^2]: {WRAPPED}"),
        made_up.version("NKT-9001", "ko", *BODY, *FOOTNOTE),
    )


TELLING = [
    ("dossier", "--camp", "18", "--output", "made.md"),
    ("dossier", "--camp", "18", "--output", "made.html", "--picture", "coverage", "--picture", "timeline"),
    *(("dossier", "--camp", "18", "--output", f"made.{form}") for form in ("docx", "odt")),
    ("dossier", "--camp", "18", "--template", "annex", "--output", "made.html"),
    ("dossier", "--camp", "18", "--template", "coi", "--output", "made.docx"),
    *(("compare", "--camp", "18", "--format", form) for form in ("text", "markdown", "json")),
    ("compare", "--camp", "18", "--format", "xlsx", "--output", "made.xlsx"),
]
SILENT = [
    *(("show", "NKT-9001", "--format", form) for form in ("text", "markdown", "html", "json")),
    *(("show", "NKT-9001", "--parallel", "--language", "ko", "--format", form) for form in ("text", "markdown", "html")),
    ("show", "NKT-9001", "--language", "ko"),
    *(("search", "mark", "--all", "--format", form) for form in ("text", "csv", "markdown", "bibtex", "ris")),
    ("cite", "NKT-9001", "NKT-9001#p1"),
    ("excerpt", "NKT-9001#p1-6", "--format", "markdown"),
    ("compare", "--camp", "18", "--format", "csv"),
]
KOREAN = [("--lang", "ko", *TELLING[at]) for at in (0, 6, 7)]


def document(root: Path, question: tuple[str, ...], folder: Path, **environment: str) -> Path:
    """Print something to a file."""
    wanted = next((each for each in question if each.startswith("made.")), "")
    file = folder / (wanted or "made.txt")
    if file.suffix in {".docx", ".odt", ".xlsx"}:
        pytest.importorskip("openpyxl" if file.suffix == ".xlsx" else "pypandoc")
    ran = ask_program(root, *(str(file) if each == wanted else each for each in question), **environment)
    assert ran.code == 0, ran.err
    if not wanted:
        file.write_text(ran.out, encoding="utf-8")
    return file


def parts_of(root: Path, file: Path) -> tuple[int, dict[str, int]]:
    """Verify a file: the exit code, and how often a part has each outcome."""
    ran = ask_program(root, "verify", str(file), "--format", "json")
    outcomes = [part["outcome"] for part in json.loads(ran.out)["parts"]]
    return ran.code, {each: outcomes.count(each) for each in outcomes}


@pytest.mark.parametrize("question", [*TELLING, *KOREAN], ids=" ".join)
def test_our_own_marks_alone_count_where_a_record_quotes_others(hostile: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    """In every form that has marks every part is unchanged, and none is found besides."""
    code, parts = parts_of(hostile, document(hostile, question, tmp_path))
    number = 2 if "dossier" in question else 5 if "xlsx" in question else 3
    assert (code, parts) == (0, {"unchanged": number})


@pytest.mark.parametrize("question", SILENT, ids=" ".join)
def test_no_part_is_found_where_only_a_record_has_a_mark(hostile: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    """In every form that has no marks itself."""
    assert parts_of(hostile, document(hostile, question, tmp_path)) == (0, {})


@pytest.mark.parametrize("columns", ["24", "57", "100"])
def test_a_quoted_mark_that_begins_a_line_of_a_window_counts_nowhere(hostile: Path, tmp_path: Path, columns: str) -> None:
    """However wide a window is."""
    for question in (("compare", "--camp", "18"), ("show", "NKT-9002")):
        code, parts = parts_of(hostile, document(hostile, question, tmp_path, COLUMNS=columns))
        assert (code, parts) == (0, {"unchanged": 3} if question[0] == "compare" else {})


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_was_altered_between_the_marks_that_a_record_quotes_is_told(hostile: Path, tmp_path: Path, language: str) -> None:
    """Of a comparison in words: of a passage, of its footnote, of what stands on a side, of a caveat and of a title."""
    question = ("--lang", language, "compare", "--camp", "18")
    written = document(hostile, question, tmp_path).read_text(encoding="utf-8")
    places = [found.start() for found in re.finditer("wirewire", written)]
    below = [found.end() for found in re.finditer(r"\[\^2\]:\s+", written)]
    sides = [found.end() for found in re.finditer(r"\n +p[19]:\s+(?=wire)", written)]
    assert below
    assert len(sides) == 2
    for at in (places[0], places[len(places) // 2], below[0], *sides):
        file = tmp_path / "altered.txt"
        file.write_text(f"{written[:at]}x{written[at + 1 :]}", encoding="utf-8")
        assert parts_of(hostile, file)[0] == 1, written[at - 200 : at + 100]


@pytest.mark.parametrize("at", [0, -1])
def test_the_control_has_a_mark_of_nobody(hostile: Path, tmp_path: Path, at: int) -> None:
    """The same words on a line of the document itself are taken for a mark, and what stands above is not what was marked."""
    file = document(hostile, ("dossier", "--camp", "18", "--output", "made.md"), tmp_path)
    written = file.read_text(encoding="utf-8")
    file.write_text(written.replace("## ", f"{MARKS[at]}\n\n## ", 1), encoding="utf-8")
    code, parts = parts_of(hostile, file)
    assert (code, parts["altered"]) == (1, 1)
