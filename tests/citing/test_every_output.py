"""`testimony verify` on every output of ours as it was printed: nothing is called altered that was not."""

import json
import re
from pathlib import Path

import pytest

import made_up
from archive.language.messages import LANGUAGES
from printing import verified
from running import ask_program


def _formats(*names: str) -> list[tuple[str, str]]:
    return [("--format", each) for each in names]


OUTPUTS = [
    *(("show", "NKT-9001", "--parallel", "--language", "ko", *form) for form in _formats("text", "markdown", "html", "json")),
    *(("show", "NKT-9002", *form) for form in _formats("text", "markdown", "html", "json")),
    *(("show", "NKT-9001", *form) for form in _formats("text", "markdown", "html", "json")),
    *(("show", "NKT-9001", "--language", "ko", *form) for form in _formats("text", "markdown", "html", "json")),
    *(("show", "NKT-9001", "--versions", *form) for form in _formats("json")),
    *(("witness", "Lan Tern", *form) for form in _formats("text", "json")),
    *(("excerpt", "NKT-9001#p1-2", *form) for form in _formats("text", "json", "markdown")),
    *(
        ("search", "bell", *form)
        for form in _formats("text", "json", "jsonl", "csv", "markdown", "csl-json", "bibtex", "ris", "zotero-rdf")
    ),
    *(
        ("cite", "NKT-9001", "NKT-9001#p1-2", *form)
        for form in _formats("text", "json", "csl-json", "bibtex", "ris", "zotero-rdf")
    ),
    *(("compare", "--camp", "18", *form) for form in _formats("text", "json", "csv", "markdown")),
    *(("dossier", "bell", "--output", "-", *form) for form in _formats("md", "html")),
]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("question", OUTPUTS, ids=" ".join)
def test_what_was_not_altered_stands(two_records: Path, tmp_path: Path, question: tuple[str, ...], language: str) -> None:
    """Whatever a reader can print with citations verifies as it is, in each language."""
    ran = ask_program(two_records, "--lang", language, *question)
    assert ran.code == 0, ran.err
    file = tmp_path / "document.txt"
    file.write_text(ran.out, encoding="utf-8")
    said = ask_program(two_records, "verify", str(file))
    assert said.code == 0, f"{said.out}{said.err}\n{ran.out}"


PARALLEL = [("show", "NKT-9001", "--parallel", "--language", "ko", "--format", each) for each in ("text", "markdown", "html")]
OF_A_PAIR = {
    "a word": ("forty", "four"),
    "a word of the version": ("마흔", "네"),
    "a footnote": ("slate", "coal"),
    "a footnote of the version": ("점판암", "석탄"),
    "a statement": (r"disavowed(\s+)the", r"confirmed\1the"),
    "a statement of another record": ("Repudiated", "Praised"),
    "a statement on the whole record": ("Nobody found", "Somebody found"),
}
OF_A_RECORD = {
    "the grade": (r"C \(fairly", "A (fairly"),
    "the basis of the grade": ("A made-up basis", "A court"),
    "the title": ("the gate", "the boast"),
    "the kind of name": ("pseudonym", "real name"),
    "the connection": (r"\bvictim\b", "guard"),
}
HTML = ("show", "NKT-9001", "--format", "html")
ALTERED: list[tuple[tuple[str, ...], str, tuple[str, str]]] = [
    *((question, language, each) for question in PARALLEL for language in ("en", "ko") for each in OF_A_PAIR.values()),
    *((question, "en", each) for question in (*PARALLEL, HTML) for each in OF_A_RECORD.values()),
    *((("witness", "Lan Tern"), "en", each) for name, each in OF_A_PAIR.items() if "statement" in name),
    *((("witness", "Lan Tern", "--format", "json"), "en", each) for name, each in OF_A_RECORD.items() if "grade" not in name),
    *(
        ((*question, "--format", "json"), "en", ("A claim was made up", "A claim was true"))
        for question in (("show", "NKT-9001"), ("excerpt", "NKT-9001#p1"))
    ),
]


@pytest.mark.parametrize(("question", "language", "altered"), ALTERED, ids=str)
def test_what_was_altered_is_named(
    two_records: Path, tmp_path: Path, question: tuple[str, ...], language: str, altered: tuple[str, str]
) -> None:
    """The other side of what stands: each of these is printed there, and was looked at."""
    ran = ask_program(two_records, "--lang", language, *question)
    document = re.sub(*altered, ran.out)
    assert document != ran.out
    file = tmp_path / "document.txt"
    file.write_text(document, encoding="utf-8")
    said = ask_program(two_records, "verify", str(file))
    assert said.code == 1, said.out


@pytest.mark.parametrize("question", PARALLEL, ids=" ".join)
def test_two_languages_that_cannot_be_told_apart_are_not_vouched_for(
    two_records: Path, tmp_path: Path, question: tuple[str, ...]
) -> None:
    """Where the heading above them is gone, it is said that words were not compared, and caveats are named by their flags."""
    document = re.sub(r"Paragraph [0-9]", "Here", ask_program(two_records, *question).out.replace("forty", "four"))
    file = tmp_path / "document.txt"
    file.write_text(document, encoding="utf-8")
    for found in json.loads(ask_program(two_records, "verify", str(file), "--format", "json").out)["citations"]:
        assert "caveats" not in found["fields_compared"]
        assert "flags of caveats" in found["fields_compared"]
        assert "words" not in found["fields_compared"]
        assert not found["holds"] or "its words were not compared" in (found["remark"] or "")


def test_a_work_that_looks_like_a_caveat_is_none(tmp_path: Path) -> None:
    """A container with a digit, a word about it and a day stand as the id, the keeper and the day of a caveat do."""
    csl = {"type": "article", "title": "Made-up news", "container-title": "News24, after a made-up agency"}
    csl["issued"] = {"date-parts": [[2011, 9, 21]]}
    root = made_up.collection(tmp_path / "news", made_up.record(made_up.header("NKT-9001", source={"csl": csl}), "Snow fell."))
    for form in ("text", "markdown"):
        shown = ask_program(root, "show", "NKT-9001", "--format", form).out
        assert "News24, after a made-up agency, 2011-09-21" in " ".join(shown.split())
        code, said = verified(root, shown, tmp_path)
        assert code == 0, said
        forged = shown.replace("Snow fell.", "Snow fell.\n\n! RECANTED: He took it back. [News24, archive, 2011-09-22]", 1)
        code, said = verified(root, forged, tmp_path)
        assert (code, "CAVEAT News24" in said) == (1, True)


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up record with a paragraph that has a mark of a page alone, and a version that lacks one paragraph."""
    against = made_up.note("n1", "contested", "Somebody else says it.", about={"paragraphs": [1]}, **{"with": ["NKT-9001#p1"]})
    root = made_up.collection(
        tmp_path_factory.mktemp("gaps"),
        made_up.record(made_up.header("NKT-9001"), "A bell rang.", "⟦p. 7⟧", "A mule came."),
        made_up.record(made_up.header("NKT-9002", credibility={"notes": [against]}), "No bell rang."),
    )
    made_up.put(root, made_up.version("NKT-9001", "ko", "종이 울렸다.", "⟦p. 7⟧", pairs=[[[1], [1]], [[2], [2]], [[3], []]]))
    return root


PAGES = [
    ("show", "NKT-9001", *more, "--format", form) for form in ("text", "markdown", "html") for more in ((), ("--language", "ko"))
]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("question", PAGES, ids=" ".join)
def test_a_page_with_a_gap_stands(gaps: Path, tmp_path: Path, question: tuple[str, ...], language: str) -> None:
    """What is not there cites nothing, a style sheet is no bibliography, and a page mark alone has no words."""
    ran = ask_program(gaps, "--lang", language, *question)
    assert ran.code == 0, ran.err
    file = tmp_path / ("page.html" if "html" in question else "page.txt")
    file.write_text(ran.out, encoding="utf-8")
    said = ask_program(gaps, "verify", str(file))
    assert said.code == 0, f"{said.out}{said.err}\n{ran.out}"
    altered = ran.out.replace("A bell rang.", "A bell fell.").replace("종이 울렸다.", "종이 떨어졌다.")
    file.write_text(altered, encoding="utf-8")
    assert ask_program(gaps, "verify", str(file)).code == 1


@pytest.mark.parametrize(
    "sheet", ["@media (max-width: 40em) { p { margin: 0 } }", "@page {\n margin: 1em, 2em;\n}", "@media(print) {"]
)
def test_a_style_sheet_is_no_bibliography(gaps: Path, tmp_path: Path, sheet: str) -> None:
    """What is quoted below it is compared as in any paper."""
    cited = " ".join(ask_program(gaps, "cite", "NKT-9001#p1").out.split())
    file = tmp_path / "paper.md"
    for quoted, code in (("A bell rang.", 0), ("A bell fell.", 1)):
        file.write_text(f"{sheet}\n\nHe says: “{quoted}” ({cited})\n", encoding="utf-8")
        assert ask_program(gaps, "verify", str(file)).code == code


@pytest.mark.parametrize(
    "line", ["See NKT-9001#p1.", "Written down; see\nNKT-9001#p1. It goes on.", "As in\n  NKT-9001#p1 and elsewhere."]
)
def test_a_code_in_a_sentence_is_no_heading(gaps: Path, tmp_path: Path, line: str) -> None:
    """Wherever the line ends: what stands below is no excerpt of ours that would have other words."""
    mark = ask_program(gaps, "cite", "NKT-9001#p1").out.rpartition("NKT-9001#p1")
    file = tmp_path / "paper.txt"
    file.write_text(f"{line}\n\nSo it is told ({mark[1]}{mark[2].strip()}).\n", encoding="utf-8")
    said = ask_program(gaps, "verify", str(file))
    assert said.code == 0, said.out


@pytest.mark.parametrize("struck", [("~~{}~~", ""), ("{}", "At ~~noon~~ dusk")], ids=["none", "in the record"])
def test_what_somebody_struck_out_of_an_output_is_told(tmp_path: Path, struck: tuple[str, str]) -> None:
    """In the words or in a caveat; what a record has between two tildes stands in every output as it is."""
    pattern, own = struck
    note = made_up.note("n1", "caution", "A made-up statement ~~of noon~~ of dusk.", about={"paragraphs": [1]})
    header = made_up.header("NKT-9001", credibility={"notes": [note]})
    root = made_up.collection(tmp_path / "one", made_up.record(header, f"{own or 'At dusk'} forty people heard the bell."))
    for form in ("text", "markdown", "html", "json"):
        printed = ask_program(root, "show", "NKT-9001", "--format", form).out
        for word in ("forty", "statement"):
            shown = pattern.format(word)
            struck_out = f"<del>{word}</del>" if form == "html" and shown != word else shown
            file = tmp_path / "document.txt"
            file.write_text(re.sub(word, struck_out, printed), encoding="utf-8")
            said = ask_program(root, "verify", str(file))
            assert said.code == (1 if shown != word else 0), f"{form} {word}\n{said.out}\n{printed}"


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_footnote_that_nobody_wrote_is_told(two_records: Path, tmp_path: Path, form: str) -> None:
    """Put below the one that the passage has, in the shape of ours."""
    printed = ask_program(two_records, "excerpt", "NKT-9001#p2", "--format", form).out
    own = re.search(r"\n([^\n]*1\\?\]: A slate heap, he said\.)", printed)
    assert own is not None, printed
    made = own[1].replace("1", "2").replace("A slate heap, he said", "He made that up")
    file = tmp_path / "document.txt"
    file.write_text(printed.replace(own[0], f"{own[0]}{own[0][:1]}{'>' if form == 'markdown' else ''}\n{made}"), encoding="utf-8")
    said = ask_program(two_records, "verify", str(file))
    assert (said.code, "gives other footnotes" in " ".join(said.out.split())) == (1, True), said.out
