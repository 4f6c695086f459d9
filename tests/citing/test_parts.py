"""`testimony verify` on what a document tells beside its excerpts: tables, contradictions, the works cited."""

import json
import random
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import everything_printed
import made_up
from archive.citing import part_marks
from archive.formats._query_words import in_words, read_words
from archive.language.messages import LANGUAGES, speaking, translate
from archive.reader import read
from archive.search.filters import build_filters
from archive.search.model import Filters
from examples import daily, examples
from printing import output
from running import ask_program

CAMP = ("--camp", "18")
COMPARED = [("compare", *CAMP, "--format", form) for form in ("text", "markdown", "json")]
DOSSIERS = [("dossier", "coal", *CAMP, "--date", "2001-02-03", "--output", "-", "--format", form) for form in ("md", "html")]
PRINTED = [("--lang", language, *question) for language in sorted(LANGUAGES) for question in (*COMPARED, *DOSSIERS)]
FILES = ["docx", "odt", "xlsx"]


def told(root: Path, file: Path) -> tuple[int, dict[str, str], list[dict[str, str]]]:
    """Verify a file, and give the exit code, the outcome of each part, and the parts in full."""
    ran = ask_program(root, "verify", str(file), "--format", "json")
    assert ran.code in {0, 1}, ran.err
    parts = json.loads(ran.out)["parts"]
    return ran.code, {part["part"]: part["outcome"] for part in parts}, parts


def kept(folder: Path, document: str) -> Path:
    """Write a document to a file."""
    file = folder / "document.txt"
    file.write_text(document, encoding="utf-8")
    return file


def expected_parts(question: tuple[str, ...]) -> set[str]:
    """Give the parts that a document of ours has."""
    beside = "works" if "dossier" in question else "agreement"
    return {beside, "contradictions", "coverage"}


@pytest.mark.parametrize("question", PRINTED, ids=" ".join)
def test_what_was_not_altered_is_as_the_archive_has_it(gates: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    """Every part of every form, in every language."""
    code, parts, _ = told(gates, kept(tmp_path, output(gates, question, tmp_path)))
    assert (code, parts) == (0, dict.fromkeys(expected_parts(question), "unchanged"))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("columns", ["24", "40", "57", "100", "300"])
def test_at_every_width(gates: Path, tmp_path: Path, language: str, columns: str) -> None:
    """A table that does not fit stands in several, and is known all the same."""
    ran = ask_program(gates, "--lang", language, "compare", *CAMP, COLUMNS=columns)
    code, parts, _ = told(gates, kept(tmp_path, ran.out))
    assert (code, set(parts.values()), len(parts)) == (0, {"unchanged"}, 3)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("form", FILES)
def test_a_file_of_an_office_program(gates: Path, tmp_path: Path, form: str, language: str) -> None:
    """As it was written, and with one figure, one word or one name in it altered: every day one or two of these."""
    pytest.importorskip("openpyxl" if form == "xlsx" else "pypandoc")
    question = ("compare", *CAMP) if form == "xlsx" else ("dossier", "coal", *CAMP)
    file = tmp_path / f"made.{form}"
    assert ask_program(gates, "--lang", language, *question, "--format", form, "--output", str(file)).code == 0
    code, parts, _ = told(gates, file)
    names = {f"sheet {name}" for name in ("claims", "caveats", "agreement", "contradictions", "coverage")}
    assert (code, parts) == (0, dict.fromkeys(names if form == "xlsx" else expected_parts(question), "unchanged"))
    alterations = (("bridge.", "fridge.", "contradictions"), *CELLS[form])
    for altered, other, name in daily(alterations, FILES.index(form) + (language == "ko")):
        changed = with_other_words(file, tmp_path / f"altered.{form}", altered, other)
        code, parts, _ = told(gates, changed)
        assert code == 1, altered
        wrong = {part.removeprefix("sheet ") for part, outcome in parts.items() if outcome == "altered"}
        assert name in wrong


CELLS = {
    "docx": (("1/1h", "0/1h", "coverage"), ("Quillhouse", "Inkhouse", "works")),
    "odt": (("1/1h", "0/1h", "coverage"), ("Quillhouse", "Inkhouse", "works")),
    "xlsx": (("1/1h", "0/1h", "coverage"),),
}


def with_other_words(file: Path, copy: Path, before: str, after: str) -> Path:
    """Write a copy of a package in which words are others; that it has them is looked at."""
    changed = 0
    with zipfile.ZipFile(file) as package, zipfile.ZipFile(copy, "w") as written:
        for name in package.namelist():
            content = package.read(name)
            if name.endswith(".xml"):
                changed += content.count(before.encode())
                content = content.replace(before.encode(), after.encode())
            written.writestr(name, content)
    assert changed, before
    return copy


def signs(written: str) -> int:
    """Count the signs that are compared."""
    return len(part_marks.for_comparison("\n".join(part_marks.as_lines(written))))


def spans(document: str) -> list[tuple[str, int, int]]:
    """Give the name of each part of a text, and where it stands."""
    found, last = [], 0
    for token in re.finditer(rf"({'|'.join(part_marks.PARTS)}):([0-9]+):[0-9a-f]{{8}}", document):
        start = token.start()
        while start > last and signs(document[start : token.start()]) < int(token[2]):
            start -= 1
        found.append((token[1], start, token.start()))
        last = token.end()
    return found


WORDS = [question for question in PRINTED if "json" not in question]


@examples(15)
@given(question=st.sampled_from(WORDS), chance=st.randoms(use_true_random=False))
def test_an_altered_word_figure_or_line_is_told(
    gates: Path, tmp_path_factory: pytest.TempPathFactory, question: tuple[str, ...], chance: random.Random
) -> None:
    """Wherever it stands in a part: put in another's place, left out, or put beside it."""
    folder = tmp_path_factory.mktemp("altered")
    document = output(gates, question, folder)
    name, start, end = chance.choice(spans(document))
    lines = [each for each in re.finditer(r"[^\n]*\w[^\n]*\n", document[start:end]) if "<" not in each[0]]
    words = list(re.finditer(r"(?<![\w<&/\"=.-])\w+(?![\w>=\"])", document[start:end]))
    found = chance.choice([*words, *lines])
    put = chance.choice(["", "never", f"{found[0]} never"]) if "\n" not in found[0] else ""
    altered = document[: start + found.start()] + put + document[start + found.end() :]
    code, parts, _ = told(gates, kept(folder, altered))
    label = document.rfind(label_of(question[1]), start, end)
    assert (code, parts[name]) == (1, "mark missing" if start + found.end() > label else "altered"), (found[0], put)


def label_of(language: str) -> str:
    """Give what stands before a mark in a language."""
    with speaking(language):
        return translate(part_marks.MARK).partition("{")[0].strip()


TABLE = {
    "a figure": (r"\b1/1h", "1/2h"),
    "two figures that change places": (r"\b3/3", "33"),
    "the sign for nobody": (r"(?<=[| ] )\\?-(?=\s*(?:\||\n))", "0/1"),
    "its being there": (r"(?<=[| ] )\\?-(?=\s*(?:\||\n))", ""),
    "the sign that it is not first-hand": (r"(?<=/[0-9])h\b", ""),
    "the sign that something is not counted": (r"(?<=/[0-9])\\?\*", ""),
    "a figure in a sentence": (r"\b2 voices more", "3 voices more"),
    "a year": (r"\b1961\b", "1960"),
    "that a side is rejected": (r"(?:\*\*Rejected\.\*\*|REJECTED)\s", ""),
}


@pytest.mark.parametrize("question", COMPARED[:2], ids=" ".join)
@pytest.mark.parametrize("altered", TABLE)
def test_each_sign_of_a_table_counts(gates: Path, tmp_path: Path, question: tuple[str, ...], altered: str) -> None:
    """Also those that are punctuation anywhere else."""
    document = output(gates, question, tmp_path)
    changed = re.sub(*TABLE[altered], document, flags=re.MULTILINE)
    assert changed != document
    code, parts, _ = told(gates, kept(tmp_path, changed))
    assert code == 1
    assert "altered" in parts.values()


@pytest.mark.parametrize(
    "path", ["total.roots", "agreement.0.says", "conflicts.0.sides.0.says", "coverage.0.accounts", "marks.coverage"]
)
def test_a_field_of_a_comparison_that_was_altered(gates: Path, tmp_path: Path, path: str) -> None:
    """In JSON; and however its fields are ordered, and how its lines are set, an unaltered one stands."""
    value = json.loads(output(gates, COMPARED[2], tmp_path))
    code, parts, _ = told(gates, kept(tmp_path, json.dumps(value, sort_keys=True)))
    assert (code, set(parts.values())) == (0, {"unchanged"})
    *names, last = path.split(".")
    inside = value
    for name in names:
        inside = inside[int(name)] if name.isdecimal() else inside[name]
    inside[last] = (
        "0" * 64 if last == "coverage" else inside[last] + 1 if isinstance(inside[last], int) else f"{inside[last]} not"
    )
    code, parts, _ = told(gates, kept(tmp_path, json.dumps(value)))
    assert (code, list(parts.values()).count("altered")) == (1, 1)


def test_what_differs_is_said(gates: Path, tmp_path: Path) -> None:
    """To a person and in fields: what stands there, and what stands in the archive."""
    document = output(gates, DOSSIERS[0], tmp_path).replace("dates the gate to 1961", "dates the gate to 1971")
    file = kept(tmp_path, document)
    code, outcomes, parts = told(gates, file)
    assert (code, outcomes) == (1, {"coverage": "unchanged", "contradictions": "altered", "works": "unchanged"})
    (wrong,) = (part for part in parts if part["outcome"] == "altered")
    assert ("1971" in wrong["written"], "1961" in wrong["right"]) == (True, True)
    ran = " ".join(ask_program(gates, "verify", str(file)).out.split())
    assert "ALTERED: contradictions that the archive keeps." in ran
    assert "1971" in ran


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The same collection, in a folder of its own, which may change."""
    return everything_printed.make(tmp_path / "later")


@pytest.mark.parametrize("question", [COMPARED[0], COMPARED[1], COMPARED[2], *DOSSIERS], ids=" ".join)
def test_what_the_archive_has_otherwise_since_is_no_falsification(later: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    """It is told for what it is, with the day of the newest citation; what was altered in it is still known for that."""
    document = ask_program(later, *question).out
    authorities = later / "authorities" / "conflicts.yaml"
    authorities.write_text(authorities.read_text(encoding="utf-8").replace("1961.", "1963."), encoding="utf-8")
    code, outcomes, parts = told(later, kept(tmp_path, document))
    assert (code, outcomes["contradictions"]) == (0, "otherwise in the archive now")
    if "json" not in question:
        (changed,) = (part for part in parts if part["part"] == "contradictions")
        assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", changed["day"])
        assert ("1961" in changed["written"], "1963" in changed["right"]) == (True, True)
    altered = document.replace("dates the gate to 1961", "dates the gate to 1971")
    assert altered != document
    code, outcomes, _ = told(later, kept(tmp_path, altered))
    assert (code, outcomes["contradictions"]) == (1, "altered")


def test_a_record_that_came_since(later: Path, tmp_path: Path) -> None:
    """The table of who was there is another one then, and no word of the document is called false."""
    document = ask_program(later, *DOSSIERS[0]).out
    camps = [{"camp": "kwalliso-18", "period": "1961", "as": "prisoner", "basis": "first-hand"}]
    made_up.put(later, made_up.record(made_up.header("NKT-9077", camps=camps), "Made up: a heron stood at the gate."))
    code, outcomes, _ = told(later, kept(tmp_path, document))
    assert (code, outcomes["coverage"], outcomes["works"]) == (0, "otherwise in the archive now", "unchanged")


TOKEN = rf"({'|'.join(part_marks.PARTS)}):[0-9]+:[0-9a-f]{{8}}"


@pytest.mark.parametrize("question", WORDS, ids=" ".join)
def test_a_part_whose_mark_was_taken_off_is_not_vouched_for(gates: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    """Where the others have theirs, whether the mark was taken off, its digits were cut, or the line before it was changed.

    Every day one of these of each mark, another one of the next.
    """
    document, label = output(gates, question, tmp_path), label_of(question[1])
    line = re.compile(rf"{label}\s+{TOKEN}")
    for number, mark in enumerate(line.finditer(document), WORDS.index(question)):
        for left in daily(("", mark[0][:-1], mark[0].replace(label[:3], "As if")), number, 3):
            code, parts, _ = told(gates, kept(tmp_path, document[: mark.start()] + left + document[mark.end() :]))
            assert (code, parts) == (1, dict.fromkeys(expected_parts(question), "unchanged") | {mark[1]: "mark missing"})
    assert len(line.findall(document)) == len(expected_parts(question))


def test_what_lost_its_mark_is_said(gates: Path, tmp_path: Path) -> None:
    """To a person in words, and in fields as a part and among what was not compared."""
    document = re.sub(r"Mark of this part: works:\S+", "", output(gates, DOSSIERS[0], tmp_path))
    file = kept(tmp_path, document)
    said = " ".join(ask_program(gates, "verify", str(file)).out.split())
    assert f"{file}: MARK MISSING: works cited. The document has marks, and the one below this part was taken off" in said
    (left,) = json.loads(ask_program(gates, "verify", str(file), "--format", "json").out)["not_compared"]
    assert (left["contradictions"], left["parts"]) == ([], ["works"])


@pytest.mark.parametrize("form", FILES)
def test_a_mark_that_was_taken_off_an_office_file(gates: Path, tmp_path: Path, form: str) -> None:
    """Of a document and of a sheet of a workbook."""
    pytest.importorskip("openpyxl" if form == "xlsx" else "pypandoc")
    question = ("compare", *CAMP) if form == "xlsx" else ("dossier", "coal", *CAMP)
    file = tmp_path / f"made.{form}"
    assert ask_program(gates, *question, "--format", form, "--output", str(file)).code == 0
    before = "Mark of the sheet coverage" if form == "xlsx" else "coverage:"
    code, parts, _ = told(gates, with_other_words(file, tmp_path / f"without.{form}", before, "Made up "))
    name = "sheet coverage" if form == "xlsx" else "coverage"
    assert (code, parts[name], list(parts.values()).count("unchanged")) == (1, "mark missing", len(parts) - 1)


def test_a_mark_that_was_taken_out_of_fields(gates: Path, tmp_path: Path) -> None:
    """Of a comparison in JSON, also where what it was of was taken out with it."""
    value = json.loads(output(gates, COMPARED[2], tmp_path))
    del value["marks"]["coverage"]
    code, parts, _ = told(gates, kept(tmp_path, json.dumps(value)))
    assert (code, parts["coverage"], parts["agreement"]) == (1, "mark missing", "unchanged")
    del value["coverage"]
    value["agreement"] = []
    code, parts, _ = told(gates, kept(tmp_path, json.dumps(value)))
    assert (code, parts["agreement"]) == (1, "altered")


def test_a_dossier_that_lost_all_its_marks_is_not_vouched_for(gates: Path, tmp_path: Path) -> None:
    """It says of itself that it has them; what was printed before there were marks says nothing of them, and stays as it was."""
    bare = re.sub(rf"Mark of this part: {TOKEN}", "", output(gates, DOSSIERS[0], tmp_path))
    code, parts, _ = told(gates, kept(tmp_path, bare))
    assert (code, parts) == (1, dict.fromkeys(expected_parts(DOSSIERS[0]), "mark missing"))
    older = bare.replace(part_marks.MARKED, "")
    assert older != bare
    for document, named in ((older, []), (older.replace("to 1961", "to 1971"), ["conf-001"])):
        ran = ask_program(gates, "verify", str(kept(tmp_path, document)), "--format", "json")
        value = json.loads(ran.out)
        assert (ran.code, value["parts"]) == (0, [])
        (left,) = value["not_compared"]
        assert (left["contradictions"], left["parts"]) == (named, ["coverage", "works"])


@pytest.mark.parametrize("question", COMPARED, ids=" ".join)
def test_a_comparison_without_any_mark_is_named_as_not_compared(gates: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    """As it was printed before there were marks."""
    document = output(gates, question, tmp_path)
    if "json" in question:
        value = json.loads(document)
        del value["marks"]
        document = json.dumps(value)
    ran = ask_program(gates, "verify", str(kept(tmp_path, re.sub(TOKEN, "", document))), "--format", "json")
    (left,) = json.loads(ran.out)["not_compared"]
    assert (ran.code, {*left["parts"]} - {"contradictions"}) == (0, {"agreement", "coverage"})


def test_a_list_of_works_of_somebody_else_needs_no_mark(gates: Path, tmp_path: Path) -> None:
    """In a paper that takes a table of ours over with its mark; a list of ours under the same heading needs one."""
    document = output(gates, DOSSIERS[0], tmp_path)
    paper = document[: document.index("## Contradictions")]
    own = f"{paper}## Works cited\n\n- A Made-up Novel (Nowhere, 1999), 12-14\n"
    assert told(gates, kept(tmp_path, own))[:2] == (0, {"coverage": "unchanged"})
    ours = own.replace("12-14", "(for NKT-9001)")
    assert told(gates, kept(tmp_path, ours))[:2] == (1, {"coverage": "unchanged", "works": "mark missing"})


ASKED = [
    {"camp": ["18"]},
    {"camp": ["14", "15", "18"], "topic": ["execution", "torture"]},
    {"topic": ["execution", "torture"], "all_topics": True, "role": ["prisoner"], "basis": ["first-hand"]},
    {"period": ["1990/1995"], "connection": ["victim"], "as_of": "2015-03-01"},
    {"period_within": ["1990/1995"], "status": ["disputed"], "without_flag": ["recanted"], "since": "2020-01-01"},
    {"camp": ["25"], "witness": ["Made Upman"], "code": ["NKT-9001", "NKT-9002"], "language": ["ko"], "reliability": ["C"]},
]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("asked", [*ASKED, {}], ids=str)
def test_what_was_asked_is_read_from_its_words(asked: dict[str, object], language: str) -> None:
    """The filters of a document, as it says them."""
    authorities = read.read_authorities(Path("/nowhere"))
    filters = build_filters(asked, lambda: authorities)
    with speaking(language):
        assert read_words("; ".join(in_words(filters, authorities)), authorities) == filters
        assert read_words("about Nowhere, made up", authorities) is None
    assert read_words("", authorities) == Filters()
