"""`testimony verify` holds every field that our formats print against the archive: names, places, days, sources, footnotes."""

import json
import re
from pathlib import Path

import pytest

import made_up
from archive.record.hashing import passage_hash
from examples import daily
from printing import output, verified
from running import ask_program

COAL = "The made-up coal was wet[^1] and the gate was cold. Forty carts were shot at by <an>Gildongmade</an> at dusk."
TAKEN_BACK = "[^1]: Later he said that it was a slate heap."
SNOW = "It snowed on the coal of the made-up gate."
RETRACTED = "The witness withdrew this in 2015"
AGAINST = "Another made-up witness says that it was dry; [sic] she counted sixty."
MOVED = "The carts were counted from afar."
SOURCE = {"type": "report", "title": "Made up for a test: a report", "issued": {"date-parts": [[2003, 4]]}}


@pytest.fixture(scope="module")
def reprinted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up collection with all that our formats print: footnotes, stale and replaced notes, redacted words, a history."""
    notes = [
        made_up.note("n1", "recanted", RETRACTED, about={"paragraphs": [1]}, known="2015"),
        made_up.note("n2", "untraceable", "Nobody found the made-up page of this.", cites=[{"ref": "conf-001"}]),
        made_up.note("n3", "caution", MOVED, about={"paragraphs": [2], "sha256": [passage_hash("Other made-up words.")[:16]]}),
        made_up.note("n4", "caution", "An older made-up caution.", known="2002"),
        made_up.note("n5", "caution", "A newer made-up caution.", known="2016", replaces="n4"),
    ]
    theirs = [made_up.note("n1", "contradicted", AGAINST, about={"paragraphs": [1]}, **{"with": ["NKT-9001#p1"]})]
    camps = [{"camp": "kwalliso-18", "period": "1985", "as": "prisoner", "basis": "first-hand"}]
    one = made_up.header(
        "NKT-9001",
        title="Made up: the gate",
        credibility={"source": {"reliability": "C", "basis": "A made-up basis."}, "notes": notes},
        camps=camps,
        topics=["coal-mining"],
        sensitive=["torture", "execution"],
        source={"csl": SOURCE},
        history=[{"date": "2004-05-06", "by": "archive", "change": "Made up."}],
    )
    two = made_up.header(
        "NKT-9002",
        title="Made up: the lantern",
        text={"rendering": "verbatim"},
        witness={"name": "Lan Tern", "name_kind": "pseudonym", "connection": "victim"},
        credibility={"notes": theirs},
        camps=camps,
        topics=["coal-mining"],
    )
    root = tmp_path_factory.mktemp("gate")
    return made_up.collection(
        root, made_up.record(one, COAL, SNOW, TAKEN_BACK), made_up.record(two, "Coal by lantern! Was it dry?")
    )


def _formats(*names: str) -> list[tuple[str, str]]:
    return [("--format", each) for each in names]


OUTPUTS = [
    *(
        ("search", "coal", "--all", *form)
        for form in _formats("text", "json", "jsonl", "csv", "markdown", "csl-json", "bibtex", "ris")
    ),
    *(("show", "NKT-9001", *form) for form in _formats("text", "json", "markdown")),
    *(("excerpt", "NKT-9001#p1-2", *form) for form in _formats("text", "json", "markdown")),
    *(("cite", "NKT-9001", "NKT-9001#p1-2", *form) for form in _formats("text", "json", "csl-json", "bibtex", "ris")),
    ("cite", "NKT-9001#p1-2", "--style", "chicago"),
    ("cite", "NKT-9001#p1-2", "--style", "apa"),
    *(("compare", "--camp", "18", *form) for form in _formats("text", "json", "csv", "markdown")),
    *(("dossier", "coal", "--date", "2001-02-03", "--output", "-", *form) for form in _formats("md", "html", "docx")),
]
AS_OF = [(*each, "--as-of", "2014-01-01") for each in OUTPUTS[:8]]


@pytest.mark.parametrize("question", [*OUTPUTS, *AS_OF], ids=" ".join)
def test_what_was_not_altered_stands(reprinted: Path, tmp_path: Path, question: tuple[str, ...]) -> None:
    """The control: with footnotes, stale and replaced notes, redacted words, and as of a day."""
    code, said = verified(reprinted, output(reprinted, question, tmp_path), tmp_path)
    assert code == 0, said


@pytest.mark.parametrize("form", ["text", "json", "csv", "markdown", "csl-json", "bibtex", "ris"])
def test_what_was_not_altered_stands_at_a_clearance_above_public(reprinted: Path, tmp_path: Path, form: str) -> None:
    """Where the words that the public does not see are printed."""
    seen = ask_program(reprinted, "--clearance", "restricted", "search", "coal", "--all", "--format", form)
    file = tmp_path / "document"
    file.write_text(seen.out, encoding="utf-8")
    assert form in {"csl-json", "bibtex", "ris"} or "Gildongmade" in seen.out
    ran = ask_program(reprinted, "--clearance", "restricted", "verify", str(file))
    assert ran.code == 0, ran.out + ran.err
    if "Gildongmade" in seen.out:
        file.write_text(seen.out.replace("Gildongmade", "Gilsunmade"), encoding="utf-8")
        assert ask_program(reprinted, "--clearance", "restricted", "verify", str(file)).code == 1


ALTERED = {
    "witness": ("made-up witness", "Kim Chol"),
    "title": ("the gate", "confession of a guard"),
    "kind of text": (r"(?i)archive summary", "verbatim"),
    "rendering": (r'"rendering": "summary"', '"rendering": "verbatim"'),
    "paragraph": (r"para\. 1", "para. 9"),
    "source": ("a report", "a judgment of a court"),
    "year of the source": (r"2003-04", "1993-04"),
    "connection": (r"\bvictim\b", "guard"),
    "kind of name": ("pseudonym", "real name"),
    "camp": ("Camp 18|kwalliso-18", "Camp 15"),
    "period": (r"\b1985\b", "1995"),
    "role": (r"\b[Pp]risoner\b", "guard"),
    "basis": ("first-hand", "hearsay"),
    "grade": ("A made-up basis", "A court"),
    "content warning": ("execution", "hunger"),
    "footnote": ("a slate heap", "a coal heap"),
    "footnote taken out": (r"[^\n;>\"]*Later he said that it was a slate heap\.?", ""),
    "footnote put in": (r"Later he said that it was a slate heap", "He never took back that it was wet"),
    "statement lengthened": (
        r"withdrew\s+(?:>\s*)?this\s+(?:>\s*)?in\s+(?:>\s*)?2015",
        "withdrew this in 2015, and stood by it again",
    ),
    "origin of a caveat": (r"\barchive([;,]\s+2001)", r"the court\1"),
    "day of a caveat": (r"(archive[;,]\s+)2001-02-03", r"\g<1>1991-02-03"),
    "what stands against it": (r"([Ss]ee\s+)NKT-9001#p1", r"\1NKT-9001#p2"),
    "source of a caveat": ("conf-001", "conf-002"),
    "day of the mark": (r"·(\s+(?:> )?)2004-05-06", r"·\g<1>2019-02-03"),
    "question": (r"at dusk\.", "at dusk?"),
}
NOT_OF_AN_EXCERPT = {"connection": [("compare", "--camp", "18", "--format", "json")]}
"""Where a field that is altered says something of the whole collection: who could have told."""


@pytest.mark.parametrize("field", ALTERED)
def test_an_altered_field_is_never_vouched_for(reprinted: Path, tmp_path: Path, field: str) -> None:
    """Whatever our formats print of a record is compared, each field whole, in every format that prints it.

    Every day a field in a third of them, the next field in the next third; in a long run each in all.
    """
    pattern, instead = ALTERED[field]
    altered = []
    for question in OUTPUTS:
        document = output(reprinted, question, tmp_path)
        other = re.sub(pattern, instead, document)
        if other != document and question not in NOT_OF_AN_EXCERPT.get(field, ()):
            altered.append((question, other))
    assert altered
    asked = daily(altered, [*ALTERED].index(field), 3)
    assert [" ".join(question) for question, other in asked if verified(reprinted, other, tmp_path)[0] != 1] == []


HASHED = "NKT-9001#p1 · 2001-02-03 · {}"
DROPPED = [
    HASHED.format("sha256 0123456789abcdef"),
    HASHED.format("sha 256:0123456789abcdef"),
    HASHED.format("sha_256:0123456789abcdef"),
    HASHED.format("SHA2-256:0123456789abcdef"),
    HASHED.format("sh\u0430256:0123456789abcdef"),
    HASHED.format("\\textsc{sha}256:0123456789abcdef"),
    HASHED.format("md5:0123456789abcdef"),
    "NKT 9001#p1 · 2001-02-03 · sha256:0123456789abcdef",
    f"NKT-9001#p1 ·{' ' * 400}2001-02-03 · sha256:0123456789abcdef",
    '<a title="NKT-9001#p1 · 2001-02-03 · sha256:0123456789abcdef">it</a>',
]


@pytest.mark.parametrize("written", DROPPED)
def test_no_citation_is_dropped_in_silence(reprinted: Path, tmp_path: Path, written: str) -> None:
    """However its hash or its code is written, digits of a hash near a code are counted."""
    whole = ask_program(reprinted, "cite", "NKT-9002#p1").out
    assert verified(reprinted, whole, tmp_path)[0] == 0
    code, said = verified(reprinted, f"{whole}\n\nSee {written}.\n", tmp_path)
    assert code == 1, said
    assert "2 citations" in said


def test_it_is_said_what_was_compared(reprinted: Path, tmp_path: Path) -> None:
    """In text and in fields; of a bare mark, that the words are not there to be compared."""
    whole = ask_program(reprinted, "excerpt", "NKT-9002#p1").out.partition("Cite the record")[0]
    code, said = verified(reprinted, whole, tmp_path)
    assert code == 0
    assert "Compared: the mark, words, " in " ".join(said.split())
    mark = re.search(r"NKT-9002#p1 · .*", " ".join(whole.split()))
    assert mark
    code, said = verified(reprinted, mark[0], tmp_path)
    assert "Compared: the mark, day." in said
    file = tmp_path / "document.txt"
    file.write_text(whole, encoding="utf-8")
    (found,) = json.loads(ask_program(reprinted, "verify", str(file), "--format", "json").out)["citations"]
    assert {"words", "caveats", "day", "speaks", "about", "witness", "source", "paragraph"} <= set(found["fields_compared"])


@pytest.fixture(scope="module")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with two claims on one paragraph, and one without any."""
    camps = [{"camp": "kwalliso-18", "period": "1985", "as": "prisoner", "basis": "first-hand"}]
    claim = {"paragraphs": [1], "camps": ["kwalliso-18"], "basis": "first-hand", "topics": ["coal-mining"]}
    claims = [
        {"id": "c1", "text": "claimtext alpha was said", "status": "asserted", **claim},
        {"id": "c2", "text": "claimtext beta was said", "status": "disputed", **claim},
    ]
    notes = [made_up.note("n1", "recanted", RETRACTED, about={"paragraphs": [1]})]
    one = made_up.header("NKT-9001", camps=camps, claims=claims, topics=["coal-mining"], credibility={"notes": notes})
    two = made_up.header("NKT-9002", camps=camps, topics=["coal-mining"])
    root = tmp_path_factory.mktemp("claimed")
    return made_up.collection(root, made_up.record(one, "The coal was wet."), made_up.record(two, "Coal by lantern."))


@pytest.mark.parametrize("form", ["text", "json", "csv", "markdown"])
def test_the_claims_of_a_comparison_are_compared(claimed: Path, tmp_path: Path, form: str) -> None:
    """Their texts and how they stand, each for itself; as they are printed they pass, which is the control."""
    document = output(claimed, ("compare", "--topic", "coal-mining", "--format", form), tmp_path)
    assert verified(claimed, document, tmp_path)[0] == 0
    altered = [document.replace("alpha", "omega"), document.replace("beta", "gamma")]
    standing = list(re.finditer(r'(?:Claim c[0-9], |"status": \[\s*"|was said,)(asserted|disputed)', document))
    altered += [f"{document[: at.start(1)]}corroborated{document[at.end(1) :]}" for at in standing]
    assert standing
    assert [each for each in altered if verified(claimed, each, tmp_path)[0] == 0] == []


FORGED = {
    "text": ("   ! RECANTED: ", "   ! CAUTION: He made this up. [n9, archive, 2001-02-03]\n"),
    "json": ('"caveats": [', '"caveats": [{"id": "n9", "flag": "caution", "status": "open", "statement": "He made this up."}, '),
}


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_caveat_that_no_record_has_is_named(claimed: Path, tmp_path: Path, form: str) -> None:
    """Put in where the others stand, though no mark lists it."""
    document = output(claimed, ("excerpt", "NKT-9001#p1", "--format", form), tmp_path)
    before, put_in = FORGED[form]
    assert before in document
    forged = document.replace(before, put_in if form == "json" else put_in + "\n" + before, 1)
    code, said = verified(claimed, forged, tmp_path)
    assert (code, "n9: the document has it, and the archive has no such caveat" in said) == (1, True), said
