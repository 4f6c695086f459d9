"""Each note is printed once in an answer for a person, whatever the command and its form, and named at every other passage."""

import html
import re
from pathlib import Path

import pytest

import made_up
from archive.text import squash
from running import Run

NOTES = {
    "zqn1x": ("n1", "recanted", {}),
    "zqn2x": ("n2", "contradicted", {"about": {"paragraphs": [1, 2]}}),
    "zqn3x": ("n3", "caution", {"about": {"paragraphs": [1, 2]}, "with": ["NKT-9002#p1"]}),
}
LABELS = {"zqn1x": "recanted", "zqn2x": "contradicted", "zqn3x": "caution by the archive"}
FORMS = {
    "the list": ("search", "coal"),
    "the long form": ("search", "coal", "--full"),
    "search as Markdown": ("search", "coal", "--format", "markdown"),
    "a record": ("show", "NKT-9001"),
    "a record as Markdown": ("show", "NKT-9001", "--format", "markdown"),
    "two paragraphs": ("show", "NKT-9001#p1-2"),
    "one with those around": ("show", "NKT-9001#p1", "--context", "1"),
    "two languages": ("show", "NKT-9001", "--parallel", "--language", "ko"),
    "two languages as Markdown": ("show", "NKT-9001", "--parallel", "--language", "ko", "--format", "markdown"),
    "excerpts": ("excerpt", "NKT-9001#p1", "NKT-9001#p2", "NKT-9002#p1"),
    "excerpts of one reference": ("excerpt", "NKT-9001#p1-2", "NKT-9002#p1"),
    "excerpts as Markdown": ("excerpt", "NKT-9001#p1", "NKT-9001#p2", "NKT-9002#p1", "--format", "markdown"),
    "a comparison": ("compare", "--topic", "execution"),
    "a comparison as Markdown": ("compare", "--topic", "execution", "--format", "markdown"),
    "a dossier": ("dossier", "coal", "--output", "-", "--date", "2001-01-01"),
    "a dossier as a page": ("dossier", "coal", "--output", "-", "--format", "html", "--date", "2001-01-01"),
    "a record as a page": ("show", "NKT-9001", "--format", "html"),
    "two languages as a page": ("show", "NKT-9001", "--parallel", "--language", "ko", "--format", "html"),
    "a person": ("witness", "made-up witness"),
    "the basket": ("basket", "export"),
    "the basket as Markdown": ("basket", "export", "--format", "markdown"),
}
AGAIN = re.compile(r"in full (?:above|at [0-9]+)", re.IGNORECASE)


@pytest.fixture
def archive(root: Path) -> Path:
    """Two records of two passages each; one has a note of its own, one of two passages, and one that reaches the other record."""
    notes = [made_up.note(name, flag, f"Made up: {said} is stated.", **changes) for said, (name, flag, changes) in NOTES.items()]
    topics = {"topics": ["execution"]}
    claims = [
        {"id": f"c{at}", "text": f"Made up: claim {at}.", "paragraphs": [at], "status": "asserted", **topics} for at in (1, 2)
    ]
    head = made_up.header("NKT-9001", credibility={"notes": notes}, claims=claims)
    made_up.collection(
        root,
        made_up.record(head, "Coal one, made up.", "Coal two, made up."),
        made_up.version("NKT-9001", "ko", "지어낸 석탄 하나.", "지어낸 석탄 둘."),
        made_up.record(made_up.header("NKT-9002", claims=claims), "Coal three, made up.", "Coal four, made up."),
    )
    return root


def said(out: str) -> str:
    """Return what is printed as one line, without markup."""
    return squash(html.unescape(re.sub(r"<[^>]+>", " ", out)).replace("\\", "")).replace("*", "")


@pytest.mark.parametrize("form", FORMS)
def test_no_answer_for_a_person_states_a_note_twice(archive: Path, run: Run, form: str) -> None:
    """It is stated once and named at each passage where it is in force."""
    assert run("search", "coal").code == 0
    assert run("basket", "add", "1-4").code == 0
    ran = run(*FORMS[form])
    assert ran.code == 0, ran.err
    text = said(ran.out)
    for token, label in LABELS.items():
        assert text.count(f"{token} is stated") == 1, token
        assert text.casefold().count(label) > 1, label


@pytest.mark.parametrize("form", ["the long form", "excerpts", "a dossier", "a dossier as a page", "a comparison as Markdown"])
def test_where_it_is_named_again_it_says_where_it_stands(archive: Path, run: Run, form: str) -> None:
    """So that nobody hands on a passage with a name alone."""
    run("search", "coal")
    assert AGAIN.search(said(run(*FORMS[form]).out))


def test_a_program_is_given_each_note_at_each_hit(archive: Path, run: Run) -> None:
    """The control: machine output states it wherever it is in force, since a program may keep a single hit."""
    for form in ("json", "jsonl", "csv", "csl-json", "bibtex", "ris"):
        assert run("search", "coal", "--format", form).out.count("zqn1x is stated") > 1, form


def test_a_citation_alone_states_them_all(archive: Path, run: Run) -> None:
    """Nothing stands beside it."""
    text = said(run("cite", "NKT-9001#p1").out)
    assert all(f"{token} is stated" in text for token in NOTES)


@pytest.mark.parametrize(
    "form", ["excerpts", "excerpts as Markdown", "a dossier", "a dossier as a page", "a comparison", "a record"]
)
def test_verify_knows_what_is_stated_elsewhere(archive: Path, run: Run, tmp_path: Path, form: str) -> None:
    """A document whose notes stand once is whole; one from which a statement was cut is not."""
    run("search", "coal")
    file = tmp_path / ("paper.html" if "page" in form else "paper.md")
    out = run(*FORMS[form]).out
    file.write_text(out, encoding="utf-8")
    ran = run("verify", str(file))
    assert ran.code == 0, ran.out
    file.write_text(out.replace("zqn2x is stated", "zqn2x is not so"), encoding="utf-8")
    assert run("verify", str(file)).code != 0
