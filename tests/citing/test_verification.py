"""`testimony verify`: what has become of a citation, in a paper, a bibliography, or any output of ours."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.citing import _quotations as quotations
from archive.citing import mentions, verification
from archive.citing.mentions import Mention
from archive.citing.verification import CHANGED, MALFORMED, MOVED, UNCHANGED, UNKNOWN, WITHDRAWN, WITHHELD, differences
from archive.cli.cite import command as cite
from archive.collection import history as record_history
from archive.formats.registry import FORMATS
from archive.record.hashing import passage_hash
from archive.record.testimony import PUBLIC, Clearance, Reference
from examples import TIMES, examples
from house import SLOW
from loading import among, loaded
from running import Ran, Run, ask_program, run_program
from verification_parts import git, short

WORDS = (
    "The made-up witness dug coal in the made-up mine from dawn.",
    "He was given made-up gruel twice a day and no salt.",
    "His made-up brother was shot before the winter of that year.",
    "He walked to the made-up river and over the ice.",
)
WATCHED = "He saw made-up guards beat a made-up man."


def head(code: str, *notes: dict[str, object], **changes: object) -> dict[str, object]:
    """Give a header with notes and a first entry in its history."""
    history = [{"date": "2001-05-06", "by": "archive", "change": "First entry"}]
    return made_up.header(code, **{"credibility": {"notes": list(notes)}, "history": history, **changes})


@pytest.fixture
def mine(root: Path) -> Path:
    """Two made-up records; the first has a caveat on one paragraph."""
    note = made_up.note("n1", "caution", "Made up: the date is not sure.", about={"paragraphs": [1]})
    return made_up.collection(
        root,
        made_up.record(head("NKT-9001", note), *WORDS),
        made_up.record(head("NKT-9002"), WATCHED),
    )


def verified(run: Run, *wanted: str) -> tuple[int, list[dict[str, object]]]:
    """Verify and give the exit code and the citations of the JSON document."""
    ran = run("verify", *wanted, "--format", "json")
    assert ran.out, ran
    return ran.code, json.loads(ran.out)["citations"]


def outcomes(found: list[dict[str, object]]) -> list[tuple[object, object]]:
    """Give the reference and the outcome of each."""
    return [(each["reference"], each["outcome"]) for each in found]


def test_a_paper_whose_passages_were_edited_moved_withdrawn_and_contradicted(mine: Path, run: Run) -> None:
    """Each of its citations is reported rightly, with its line, its caveats and the words that differ."""
    git(mine, "init", "--quiet")
    git(mine, "add", "testimonies")
    git(mine, "commit", "--quiet", "-m", "made up")
    cited = {number: run("cite", "--of", "archive", f"NKT-9001#p{number}").out.strip() for number in (1, 2, 3, 4)}
    other, record = (
        run("cite", "--of", "archive", "NKT-9002#p1").out.strip(),
        run("cite", "--of", "archive", "NKT-9002").out.strip(),
    )
    paper = mine / "paper.md"
    paper.write_text(
        "# A made-up paper\n\nThe day began at dawn.[^1]\n\n"
        f"He said: “given made-up gruel twice a day […] no salt” ({cited[2]}).\n\n"
        f"> His made-up brother was shot before the winter of that year.\n>\n> — {cited[3]}\n\n"
        f"Of the river see {cited[4]}\n\nThe guards: {other}, and the whole: {record}\n\n[^1]: {cited[1]}\n",
        encoding="utf-8",
    )
    code, found = verified(run, str(paper))
    assert code == 0
    assert [outcome for _, outcome in outcomes(found)] == [UNCHANGED] * 6
    assert [each["lines"] for each in found] == [[5], [9], [11], [13], [13], [15]]

    note = made_up.note("n1", "caution", "Made up: the date is not sure.", about={"paragraphs": [1]})
    edited = [WORDS[0], "Another made-up paragraph.", WORDS[1], WORDS[2].replace("shot", "hanged"), WORDS[3]]
    made_up.put(mine, made_up.record(head("NKT-9001", note), *edited))
    contradicted = [
        "--flag",
        "contradicted",
        "--statement",
        "Made up: denied in 2002.",
        "--date",
        "2002-03-04",
        "--known",
        "2002-02",
    ]
    assert run("note", "NKT-9001#p1", *contradicted).code == 0
    taken_back = {"consent": {"status": "withdrawn", "was_public": "true"}, "access": {"level": "closed"}}
    made_up.put(mine, made_up.record(head("NKT-9002") | taken_back, WATCHED))

    code, found = verified(run, str(paper))
    assert code == 1
    assert outcomes(found) == [
        ("NKT-9001#p2", MOVED),
        ("NKT-9001#p3", CHANGED),
        ("NKT-9001#p4", MOVED),
        ("NKT-9002#p1", WITHDRAWN),
        ("NKT-9002", WITHDRAWN),
        ("NKT-9001#p1", UNCHANGED),
    ]
    moved, changed, also, _, _, contradicted_since = found
    assert (moved["places"], also["places"]) == (["NKT-9001#p3"], ["NKT-9001#p5"])
    assert moved["quotations"] == [{"text": "given made-up gruel twice a day […] no salt", "stands": True}]
    assert changed["places"] == []
    assert changed["differences"] == {
        "source": "history",
        "whole": True,
        "words": WORDS[2],
        "now": WORDS[1],
        "parts": changed["differences"]["parts"],  # type: ignore[index]
    }
    assert changed["quotations"] == [{"text": WORDS[2], "stands": False}]
    assert contradicted_since["caveats_added"] == ["n2"]
    assert contradicted_since["caveats"][0]["statement"] == "Made up: denied in 2002."  # type: ignore[index]
    assert contradicted_since["holds"] is False

    told = run("verify", str(paper))
    assert told.code == 1
    assert f"{paper}, line 5: NKT-9001#p2  MOVED" in told.out
    added = "! ADDED SINCE: CONTRADICTED: Made up: denied in 2002. [n2, archive, 2002-03-04, known since 2002-02]"
    assert added in " ".join(told.out.split())
    counted = "6 citations: 1 unchanged, 1 changed, 2 moved, 2 withdrawn; 1 with a caveat added since; 1 with a quotation"
    assert counted in " ".join(told.out.split())


class Fixed:
    """An archive as `verify` asks for it, without a folder."""

    def __init__(self, room: Archive, withdrawn: frozenset[str] = frozenset()) -> None:
        """Take what a room gives, and what was withdrawn."""
        self.clearance = room.clearance
        self.authorities = room.authorities
        self.find = room.find
        self.places = room.places
        self.is_unread = room.is_unread
        self.words_once = room.words_once
        self.hashes_once = room.hashes_once
        self.reprint = room.reprint
        self.withdrawn = lambda: withdrawn


def test_what_was_withdrawn_after_publication_is_said_to_be(mine: Path) -> None:
    """All other codes that this reader may not read are unknown, whatever became of them."""
    found = mentions.find(f"{short('NKT-9007', 1, 'x')}\n{short('NKT-9008', 1, 'x')}")
    with Archive(mine) as room:
        told = verification.verify(found, Fixed(room, frozenset({"NKT-9007"})))
    assert [each.outcome for each in told] == [WITHDRAWN, UNKNOWN]
    assert told[0].notes == told[1].notes == ()


def test_a_closed_code_answers_exactly_as_an_unknown_one(root: Path, run: Run) -> None:
    """With the file and without it, byte for byte."""
    wanted = (short("NKT-9003", 1, WATCHED), short("NKT-9003", 2, "Another."), short("NKT-9001", 1, WATCHED))
    made_up.collection(root, made_up.record(head("NKT-9001"), *WORDS))
    made_up.put(root, made_up.record(head("NKT-9003", access={"level": "closed"}), WATCHED, "Another."))
    with_it = [run("verify", *wanted, "--format", form).out for form in ("text", "json")]
    (root / "testimonies" / "NKT-9003-made-up.md").unlink()
    assert [run("verify", *wanted, "--format", form).out for form in ("text", "json")] == with_it
    assert WATCHED not in "".join(with_it)


def test_a_passage_of_which_nothing_is_published_any_more(root: Path, run: Run) -> None:
    """Its number is there and its words are not; what they were is not told."""
    made_up.collection(root, made_up.record(head("NKT-9001"), WORDS[0], verification.NOT_PUBLISHED))
    code, found = verified(run, short("NKT-9001", 2, WORDS[1]))
    assert (code, outcomes(found)) == (1, [("NKT-9001#p2", WITHHELD)])
    assert found[0]["differences"] is None


def test_words_that_now_stand_in_another_record(mine: Path, run: Run) -> None:
    """Which one is said, and its caveats and citation are given."""
    code, found = verified(run, short("NKT-9002", 1, WORDS[0]), short("NKT-9009", 1, WORDS[0]))
    assert code == 1
    assert outcomes(found) == [("NKT-9002#p1", MOVED), ("NKT-9009#p1", UNKNOWN)]
    assert [each["places"] for each in found] == [["NKT-9001#p1"]] * 2
    assert [each["id"] for each in found[0]["caveats"]] == ["n1"]  # type: ignore[attr-defined]
    assert "NKT-9001#p1 · " in str(found[0]["citation"])


def test_the_caveats_that_a_citation_lists_are_held_against_those_of_today(root: Path, run: Run) -> None:
    """Added since, replaced since; the short form lists none, so all are told and none is new."""
    notes = [made_up.note("n1", "caution"), made_up.note("n2", "contested", "Made up: disputed.", replaces="n1")]
    made_up.collection(root, made_up.record(head("NKT-9001", *notes), WORDS[0]))
    digits = passage_hash(WORDS[0])[:16]
    then = f"NKT-9001#p1 · 2001-05-06 · sha256:{digits}"
    code, found = verified(run, f"{then} · notes n1", f"{then} · notes n2", then, f"NKT-9001#p1 sha256:{digits}")
    assert code == 1
    assert [each["caveats_added"] for each in found] == [["n2"], [], ["n2"], []]
    assert [each["caveats_gone"] for each in found] == [[{"id": "n1", "replaced_by": ["n2"]}], [], [], []]
    assert [each["holds"] for each in found] == [False, True, False, True]
    assert [each["notes_listed"] for each in found] == [["n1"], ["n2"], [], None]
    assert "! CONTESTED: Made up: disputed. [n2, archive, 2001-02-03]" in run("verify", f"NKT-9001#p1 sha256:{digits}").out


def test_the_caveats_of_a_citation_set_in_capitals_are_those_of_the_record(mine: Path, run: Run) -> None:
    """A style may set a note in capitals; none was added or taken back for that."""
    cited = run("cite", "NKT-9001#p1").out.strip()
    mark = cited[cited.rindex("NKT-9001#p1") :]
    run("note", "NKT-9001#p1", "--flag", "caution")
    for written in (mark, mark.upper()):
        (found,) = verified(run, written)[1]
        assert (found["notes_listed"] != [], found["caveats_added"], found["caveats_gone"]) == (True, ["n2"], [])


def test_a_record_cited_as_a_whole(mine: Path, run: Run) -> None:
    """What has changed in it is told where git keeps what it was."""
    cited = run("cite", "NKT-9001").out.strip()
    assert verified(run, cited)[0] == 0
    file = mine / "testimonies" / "NKT-9001-made-up.md"
    git(mine, "init", "--quiet")
    git(mine, "add", "testimonies")
    git(mine, "commit", "--quiet", "-m", "made up")
    run("note", "NKT-9001#p2", "--flag", "caution")
    code, (found,) = verified(run, cited)
    assert (code, found["outcome"], found["caveats_added"]) == (1, CHANGED, ["n2"])
    assert found["reason"] == "the header of the record has changed; every paragraph is as it was"
    file.write_text(file.read_text(encoding="utf-8").replace("river", "lake"), encoding="utf-8")
    assert verified(run, cited)[1][0]["reason"] == "the record has changed: new words in paragraph 4"
    words = file.read_text(encoding="utf-8").replace("lake", "river")
    first = words.partition("\n---\n")[2].strip("\n").partition("\n\n")[0]
    file.write_text(f"{words}\n{first}\n", encoding="utf-8")
    git(mine, "commit", "--quiet", "-am", "made up")
    twice = run("cite", "NKT-9001").out.strip()
    file.write_text(words, encoding="utf-8")
    assert verified(run, twice)[1][0]["reason"] == "the record has changed: paragraphs were taken out"
    assert "is not to be had" in str(verified(run, f"NKT-9001 sha256:{'0' * 64}")[1][0]["reason"])


def test_old_words_come_from_the_history_and_nothing_in_the_repository_is_run(mine: Path, run: Run) -> None:
    """Not a pager, a hook, a helper or a filter; also where the collection is a folder of the work tree."""
    ran = mine / "was-run"
    script = mine / "script"
    script.write_text(f"#!/bin/sh\ntouch '{ran}'\ncat\n", encoding="utf-8")
    script.chmod(0o755)
    git(mine, "init", "--quiet")
    (mine / ".gitattributes").write_text("*.md diff=made\n", encoding="utf-8")
    git(mine, "add", ".gitattributes", "testimonies")
    git(mine, "commit", "--quiet", "-m", "made up")
    for name in ("core.pager", "core.fsmonitor", "diff.external", "diff.made.textconv", "diff.made.command", "gpg.program"):
        git(mine, "config", name, str(script))
    for name, value in (("log.showSignature", "true"), ("core.hooksPath", str(mine)), ("alias.log", f"!{script}")):
        git(mine, "config", name, value)
    # The control: the same configuration does run for whoever asks git carelessly.
    subprocess.run(["git", "log", "-p", "--ext-diff"], cwd=mine, check=False, capture_output=True)
    assert ran.exists()
    ran.unlink()
    file = mine / "testimonies" / "NKT-9001-made-up.md"
    file.rename(file.with_name("NKT-9001-by-another-name.md"))
    file = file.with_name("NKT-9001-by-another-name.md")
    file.write_text(file.read_text(encoding="utf-8").replace("salt", "rice"), encoding="utf-8")
    code, (found,) = verified(run, short("NKT-9001", 2, WORDS[1]))
    assert (code, found["outcome"]) == (1, CHANGED)
    assert found["differences"]["parts"] == [{"old": "… a day and no salt.", "new": "… a day and no rice."}]  # type: ignore[index]
    assert not ran.exists()


@pytest.mark.parametrize("now", ["closed", "redacted"])
def test_history_tells_nothing_that_may_not_be_read(mine: Path, run: Run, now: str) -> None:
    """Neither of a version that was not public, nor of a record in which words are withheld by now."""
    git(mine, "init", "--quiet")
    secret = made_up.record(
        head("NKT-9001", **({"access": {"level": "closed"}} if now == "closed" else {})), "A secret word.", "Two."
    )
    made_up.put(mine, secret)
    git(mine, "add", "testimonies")
    git(mine, "commit", "--quiet", "-m", "made up")
    made_up.put(mine, made_up.record(head("NKT-9001"), "A new word.", "Two." if now == "closed" else "<res>Two.</res> More."))
    ran = run("verify", short("NKT-9001", 1, "A secret word."))
    assert ran.code in {1, 11}
    assert "secret" not in ran.out + ran.err


def test_without_history_the_document_and_the_notes_are_asked(mine: Path, run: Run) -> None:
    """And where nothing has the old words, that is said."""
    note = made_up.note("n1", "caution", about={"paragraphs": [1], "quote": {"exact": "Of the old mine"}})
    made_up.put(mine, made_up.record(head("NKT-9001", note), "Of the old mine.", "Of the new mine he told all."))
    digits = passage_hash("What nobody has.")[:16]
    mark = f"NKT-9001#p2 · 2001-05-06 · sha256:{digits}"
    code, found = verified(run, f"“Of the old mine he told” ({mark})", f"{mark} · notes n1", mark)
    assert code == 1
    quoted, noted, nothing = (each["differences"] for each in found)
    parts = [{"old": "Of the old mine he told", "new": "Of the new mine he told all."}]
    assert quoted == {
        "source": "quotation",
        "whole": False,
        "words": "Of the old mine he told",
        "now": "Of the new mine he told all.",
        "parts": parts,
    }
    assert noted["source"] == "note n1"  # type: ignore[index]
    assert nothing is None
    assert str(found[2]["reason"]).endswith("the old words are not to be had")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("NKT-9001#p1 sha256:1a2b3c4d5e6f7a8", "its hash has 15 digits, and not 16 or 64"),
        ("NKT-9001#p1 sha256:1a2b3c4d5e6f7a8b9", "its hash has 17 digits"),
        ("NKT-9001#p1 sha256:1a2b3c4d5e6f7a8g", "other letters than a to f"),
        ("NKT-9001#p1 · 2001-02-03 · sha256:", "it has no hash"),
        ("NKT-9001#1 sha256:1a2b3c4d5e6f7a8b", "it names no paragraph"),
        ("NKT-9001#p0 sha256:1a2b3c4d5e6f7a8b", "it names no paragraph"),
        ("NKT-9001#p1-3 sha256:1a2b3c4d5e6f7a8b", "one hash for several paragraphs"),
        ("NKT-901#p1 sha256:1a2b3c4d5e6f7a8b", "the code has not 4 to 6 digits"),
    ],
)
def test_what_looks_like_a_citation_of_ours_and_is_damaged(mine: Path, run: Run, written: str, said: str) -> None:
    """Is named and never passed over in silence."""
    code, (found,) = verified(run, written)
    assert (code, found["outcome"]) == (1, MALFORMED)
    assert said in str(found["reason"])


def test_a_citation_of_another_clearance_is_not_judged(mine: Path, run: Run) -> None:
    """Its hash is of words that this reader does not see; a record that is there answers as one that is not."""
    digits = passage_hash(WORDS[0])[:16]
    mark = f"p1 · 2001-05-06 · sha256:{digits} · notes n1 · clearance restricted"
    code, found = verified(run, f"NKT-9001#{mark}", f"NKT-9009#{mark}")
    assert code == 1
    assert [(each["outcome"], each["clearance"]) for each in found] == [(UNKNOWN, "restricted")] * 2
    assert len({each["reason"] for each in found}) == 1


def test_each_citation_is_held_against_what_its_own_clearance_sees(mine: Path) -> None:
    """A reader who sees more does not take a public citation for changed."""
    digits = passage_hash(WORDS[1])[:16]
    mark = f"NKT-9001#p2 · 2001-05-06 · sha256:{digits}"
    with Archive(mine) as room:
        above = Fixed(room)
        above.clearance = Clearance("restricted")
        above.find = lambda code: None  # noqa: ARG005 - this reader's rendering has other words
        told = verification.verify(mentions.find(f"{mark}\n{mark} · clearance restricted\n"), above, room)
    assert [each.outcome for each in told] == [UNCHANGED, UNKNOWN]
    assert told[1].reason == "there is no testimony NKT-9001; the words with this hash stand in NKT-9001#p2"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (("NKT-9001#p1",), "has no hash"),
        (("NKT-9001#p1", short("NKT-9001", 2, WORDS[1])), "has no hash"),
        (("no-such-paper.md",), "is neither a file nor a citation"),
        (("",), "'' is neither a file nor a citation"),
        (("", short("NKT-9001", 1, WORDS[0])), "'' is neither a file nor a citation"),
        (("", "--format", "json"), "'' is neither a file nor a citation"),
        ((".",), "cannot be read"),
        (("testimonies.pdf",), "it is damaged, or no PDF"),
    ],
)
def test_what_cannot_be_verified_is_wrong_usage(mine: Path, run: Run, wanted: tuple[str, ...], said: str) -> None:
    """And is never counted as unchanged."""
    (mine / "testimonies.pdf").write_bytes(b"%PDF-1.7 made up")
    named = tuple(str(mine / each) if each == "testimonies.pdf" else each for each in wanted)
    ran = run("verify", *named)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_document_without_citations_does_not_pass(mine: Path, run: Run) -> None:
    """Nothing was verified, and that is said, in text and in fields; also beside a document that has one."""
    paper, cited = mine / "paper.md", mine / "cited.md"
    for written in ("Made up: sha256:1234567890abcdef and ZZT-9001, apart.\n", ""):
        paper.write_text(written, encoding="utf-8")
        ran = run("verify", str(paper))
        assert (ran.code, ran.out) == (1, "0 citations.\n")
        assert f"no citation of this archive was found in {paper}: nothing in it can be checked" in ran.err
    cited.write_text(f"{short('NKT-9001', 1, WORDS[0])}\n", encoding="utf-8")
    assert run("verify", str(cited)).code == 0
    ran = run("verify", str(cited), str(paper), "--format", "json")
    found = json.loads(ran.out)
    assert (ran.code, found["total"], found["without_citations"]) == (1, {"citations": 1, "hold": 1, "unhashed": 0}, [str(paper)])


def on_stdin(root: Path, content: bytes, *arguments: str) -> Ran:
    """Verify what comes through a pipe."""
    return ask_program(root, "verify", "-", *arguments, stdin=content)


HITS = ("search", "camp", "--all", *(() if TIMES > 1 else ("--camp", "14")))
"""In a long run every passage that speaks of a camp."""


@pytest.mark.parametrize("form", FORMATS)
def test_what_any_format_prints_is_found_and_unchanged(shipped: Path, on_shipped: Run, form: str) -> None:
    """Every citation, wrapped, escaped or in a field: also of a format that is added later."""
    ran = on_shipped(*HITS, "--format", form)
    hits = {f"{each['code']}#p{each['paragraph']}" for each in json.loads(on_shipped(*HITS, "--format", "json").out)["hits"]}
    told = on_stdin(shipped, ran.out.encode(), "--format", "json")
    found = json.loads(told.out)["citations"]
    assert {each["reference"] for each in found} == hits
    assert {(each["outcome"], each["holds"]) for each in found} == {(UNCHANGED, True)}, told.err
    assert told.code == 0


@pytest.mark.parametrize("form", next(each.type.choices for each in cite.params if each.name == "form"))
def test_what_cite_prints_is_found_and_unchanged(shipped: Path, on_shipped: Run, form: str) -> None:
    """Of passages and of whole records."""
    wanted = ("NKT-0001", "NKT-0001#p1-8", "NKT-0019#p1", "NKT-0044")
    ran = on_shipped("cite", *wanted, "--format", form)
    told = on_stdin(shipped, ran.out.encode("utf-16") if form == "text" else ran.out.encode(), "--format", "json")
    found = json.loads(told.out)["citations"]
    expected = ["NKT-0001", *(f"NKT-0001#p{number}" for number in range(1, 9)), "NKT-0019#p1", "NKT-0044"]
    assert [each["reference"] for each in found] == expected
    assert {(each["outcome"], each["holds"]) for each in found} == {(UNCHANGED, True)}


DIGITS = "1a2b3c4d5e6f7a8b"
PLAIN = f"NKT-0002#p3 · 2026-11-21 · sha256:{DIGITS} · notes n1, NKT-0009/n3"


@pytest.mark.parametrize(
    "written",
    [
        PLAIN,
        PLAIN.replace(" ", "\n     "),
        PLAIN.replace(" ", "\n> "),
        PLAIN.replace("#", r"\#").replace("·", r"{\textperiodcentered}"),
        PLAIN.replace("·", "&middot;").replace("#", "&#35;"),
        PLAIN.replace("-", "\u2011"),
        PLAIN.replace("·", "·\u00a0").replace(" ", "\u00a0"),
        PLAIN.replace(DIGITS, f"{DIGITS[:9]}\n  {DIGITS[9:]}"),
        PLAIN.replace("sha256:", "SHA256:").replace(DIGITS, DIGITS.upper()),
        json.dumps({"note": PLAIN}),
        json.dumps([{"note": f"x\n{PLAIN}"}]),
        f"({PLAIN}).",
        f"{PLAIN}, as we saw",
        f"{PLAIN}; NKT-0003",
        PLAIN.replace("·", "|"),
        PLAIN.replace("NKT", "N\u200bKT"),
    ],
)
def test_a_citation_is_found_however_it_was_wrapped_and_escaped(written: str) -> None:
    """For Markdown, HTML, TeX and JSON, by a typesetter, or torn in two."""
    (found,) = mentions.find(written)
    expected = Mention(Reference("NKT-0002", (3,)), DIGITS, ("n1", "NKT-0009/n3"), PUBLIC, (), (1,), "", ("", ""))
    assert found._replace(lines=(1,), printed=(), day="", near=()) == expected


OTHERWISE = [
    "<a href='https://archive.example/x'>NKT-0002#p3</a> · <time datetime='2026-11-21'>2026-11-21</time> · <b>sha256:HASH</b>",
    "NKT-0002#p3 · 2026. 11. 21. · sha256:HASH",
    "NKT-0002#p3 · 21 November 2026 · sha256:HASH",
    "NKT-0002#p3 · Nov. 21, 2026 · sha256:HASH",
    "NKT-0002#p3 · 2026년 11월 21일 · sha256:HASH",
    "NKT-0002#p3, accessed 3 May 2026, sha256:HASH",
    "NKT-0002#p3 ㆍ 2026-11-21 ㆍ sha256:HASH",
    "NKT-0002#p3 ･ 2026-11-21 ･ sha256:HASH",
    "NKT-0002#p3 / 2026-11-21 / sha256:HASH",
    "NKT-0002, para. 3 · 2026-11-21 · sha256:HASH",
    "NKT-0002 ¶3 · 2026-11-21 · sha256:HASH",
    "NKT-0002#P3 · 2026-11-21 · SHA256:HASH",
    "ＮＫＴ－０００２＃ｐ３ · ２０２６－１１－２１ · ｓｈａ２５６：HASH",
    r"\texttt{NKT-0002\#p3} \textperiodcentered{} 2026-11-21 \textperiodcentered{} \texttt{sha256:HASH}",
    "``NKT-0002#p3`` · 2026-11-21 · ``sha256:HASH``",
]


@pytest.mark.parametrize("written", OTHERWISE)
def test_a_citation_is_read_in_the_forms_of_other_languages_and_styles(written: str) -> None:
    """Dates, separators, signs of a paragraph, tags, capitals and full width."""
    (found,) = mentions.find(written.replace("HASH", DIGITS))
    assert (found.reference, found.sha256, found.notes, found.fault) == (Reference("NKT-0002", (3,)), DIGITS, (), "")


@pytest.mark.parametrize(
    "between", [" of 3/4/05, ", " as it stood when we read it in the spring: ", " [archived] ", " § 7 ", "#p1 · ko? · "]
)
def test_what_cannot_be_read_between_a_code_and_a_hash_is_malformed(mine: Path, run: Run, between: str) -> None:
    """It is counted and named; a page on which it stands beside a right one does not pass."""
    paper = mine / "paper.md"
    right = short("NKT-9001", 2, WORDS[1])
    paper.write_text(f"Made up: {right}.\n\nMade up: NKT-9001{between}sha256:{DIGITS}.\n", encoding="utf-8")
    code, found = verified(run, str(paper))
    assert (code, [each["outcome"] for each in found]) == (1, [UNCHANGED, MALFORMED])


def test_a_note_that_was_reworded_is_said_to_be(mine: Path, run: Run) -> None:
    """By its hash in the mark; a mark of 0.1 has none, which is said and is no fault. What is in force is printed of both."""
    cited = run("cite", "NKT-9001#p1").out.strip()
    assert re.search(r"notes n1:[0-9a-f]{8}\Z", cited)
    mark = f"NKT-9001#p1 · 2001-05-06 · sha256:{passage_hash(WORDS[0])[:16]} · notes n1"
    old = run("verify", mark)
    assert old.code == 0
    assert "The words of these caveats were not hashed then" in old.out
    assert "Made up: the date is not sure." in old.out
    assert run("verify", cited[cited.index("NKT-9001#p1") :]).code == 0
    note = made_up.note("n1", "caution", "Made up: the date is wrong.", about={"paragraphs": [1]})
    made_up.put(mine, made_up.record(head("NKT-9001", note), *WORDS))
    code, (found,) = verified(run, cited)
    assert (code, found["outcome"], found["caveats_changed"], found["holds"]) == (1, UNCHANGED, ["n1"], False)
    assert "CHANGED SINCE; NOW IN FORCE: CAUTION BY THE ARCHIVE: Made up: the date is wrong." in " ".join(
        run("verify", cited).out.split()
    )
    code, (found,) = verified(run, mark)
    assert (code, found["caveats_not_hashed"], found["holds"]) == (0, ["n1"], True)


PROSE = [
    "„SAID“ (MARK)",
    "‚SAID‘ (MARK)",
    "»SAID« (MARK)",
    "« SAID » (MARK)",
    "”SAID” (MARK)",
    "「SAID」(MARK)",
    "『SAID』(MARK)",
    "《SAID》(MARK)",
    "``SAID'' (MARK)",
    r"\enquote{SAID} (MARK)",
    r"``SAID''\footnote{MARK}",
    "\\begin{quote}\nSAID\n\\end{quote}\nMARK",
    "<q>SAID</q> (MARK)",
    "&ldquo;SAID&rdquo; (MARK)",
    "<blockquote><p>SAID</p></blockquote><p>MARK</p>",
    "<p><q>SAID</q><a href='#fn1'>1</a> and more.</p><ol><li id='fn1'>MARK</li></ol>",
    "He said:\n\n    SAID\n\n(MARK)",
    "“SAID” [1]_ and more.\n\n.. [1] MARK",
    "[quote]\n____\nSAID\n____\nMARK",
    "#+begin_quote\nSAID\n#+end_quote\nMARK",
    "“SAID”[fn:1] and more.\n\n[fn:1] MARK",
    "> SAID\n\nMARK",
]


@pytest.mark.parametrize("form", PROSE)
def test_a_quotation_is_compared_in_every_form(mine: Path, run: Run, form: str) -> None:
    """Altered it is a misquotation; as it stands in the passage it passes, which is the control."""
    paper = mine / "paper.txt"
    mark = short("NKT-9001", 4, WORDS[3]).replace(" sha256", " · 2001-05-06 · sha256")
    for said, expected in ((WORDS[3].rstrip("."), 0), ("He swam through the made-up river and over the ice", 1)):
        paper.write_text(form.replace("SAID", said).replace("MARK", mark) + "\n", encoding="utf-8")
        code, (found,) = verified(run, str(paper))
        assert (code, [each["stands"] for each in found["quotations"]]) == (expected, [not expected])  # type: ignore[attr-defined]


NEAR = [
    "'SAID' (MARK)",
    "`SAID' (MARK)",
    '"SAID", he told us in 2004 (MARK)',
    '"SAID." The made-up panel believed him. (MARK)',
    "MARK: “SAID”",
    "According to MARK, the witness “SAID”.",
    '| "SAID" | MARK |',
    "| place | said | source |\n|---|---|---|\n| a river | SAID | MARK |",
    "“SAID”라고 말했다(MARK)",
    '"SAID"(이)라고 증언하였다. (MARK)',
    "“SAID”。（MARK）",
    "″SAID″ (MARK)",
    "*SAID* (MARK)",
    "**SAID** (MARK)",
    "_SAID_ (MARK)",
    "<i>SAID</i> (MARK)",
    "<em>SAID</em>, he said (MARK)",
    "`SAID` (MARK)",
    '"SAID" [emphasis added] (MARK)',
    '"SAID" (p. 12; MARK)',
    "“SAID”^[MARK]",
    "“SAID”¹ and more.\n\n¹ MARK",
    '"SAID" [1] and more.\n\n[1] MARK',
    '"SAID"1 and more.\n\n1. MARK',
    "“SAID”* and more.\n\n* MARK",
    "<p>“SAID”<sup><a href='#note-1'>1</a></sup> and more.</p><p id='note-1'>MARK</p>",
    "[quote, MARK]\n____\nSAID\n____",
    '<div class="quote">SAID</div><p>MARK</p>',
    "<quote>SAID</quote> (MARK)",
    "SAID\n\n— MARK",
    "Of this (MARK) he said:\n\n> SAID",
    "MARK\n\n> SAID",
    "“[…] SAID” — so the witness, whose name is made up, in 2004; see MARK",
    "“SAID” 하고 그는 말하였다. MARK",
    "{SAID} is what he said, see MARK",
    "〃SAID〃 (MARK)",
    '"5" of snow", and "SAID", he said. (MARK)',
]


@pytest.mark.parametrize("form", NEAR)
def test_what_is_quoted_somewhere_near_is_compared_too(mine: Path, run: Run, form: str) -> None:
    """With words between, behind the citation, in a table, above a note, in signs of any kind; right it passes, the control."""
    paper = mine / "paper.txt"
    mark = short("NKT-9001", 4, WORDS[3]).replace(" sha256", " · 2001-05-06 · sha256")
    for said, expected in ((WORDS[3].rstrip("."), 0), ("He swam to the made-up river and over the ice", 1)):
        paper.write_text(form.replace("SAID", said).replace("MARK", mark) + "\n", encoding="utf-8")
        code, (found,) = verified(run, str(paper))
        assert (code, [each["stands"] for each in found["quotations"]]) == (expected, [not expected])  # type: ignore[attr-defined]
        assert (found["remark"], found["words_compared"]) == (None, True)


NO_QUOTATION = [
    "The panel found that people went over a frozen river (MARK).",
    "Of the “zone” and of “Camp Fifteen and its made-up gate” more is told (MARK).",
    "In “An Account of Nobody in Particular” it is said that he left. (MARK)",
    "*See also the other accounts*, of which the first is MARK.",
    "그는 강을 건넜다고 말하였다(MARK).",
    "| river | crossed in winter, on foot | MARK |",
    "- crossed the river in winter[^1]\n\n[^1]: MARK",
]


@pytest.mark.parametrize("form", NO_QUOTATION)
def test_words_of_which_none_could_be_compared_are_said_to_be_so(mine: Path, run: Run, form: str) -> None:
    """In text and in JSON; nobody is accused of a false quotation for a title, and the exit code stays."""
    paper = mine / "paper.md"
    mark = short("NKT-9001", 4, WORDS[3]).replace(" sha256", " · 2001-05-06 · sha256")
    paper.write_text(form.replace("MARK", mark) + "\n", encoding="utf-8")
    code, (found,) = verified(run, str(paper))
    assert (code, found["outcome"], found["quotations"], found["words_compared"]) == (0, UNCHANGED, [], False)
    assert found["remark"] == verification.NOT_COMPARED
    said = " ".join(run("verify", str(paper)).out.split())
    assert "No quotation was found beside this citation; its words were not compared." in said


def test_the_control_a_citation_by_itself_has_nothing_to_compare(mine: Path, run: Run) -> None:
    """Typed, or as `cite` prints it: nothing stands beside it, and nothing is said."""
    cited = mine / "cited.txt"
    cited.write_text(run("cite", "NKT-9001#p4").out, encoding="utf-8")
    for wanted in (str(cited), short("NKT-9001", 4, WORDS[3])):
        assert verified(run, wanted)[1][0]["remark"] is None


def test_a_quotation_of_another_passage_near_by_is_no_false_one_of_this(mine: Path, run: Run) -> None:
    """Two citations in one sentence: what is quoted of the one is not held against the other."""
    paper = mine / "paper.md"
    marks = [short("NKT-9001", number, WORDS[number - 1]).replace(" sha", " · 2001-05-06 · sha") for number in (2, 4)]
    paper.write_text(f"He said “{WORDS[1]}” in a letter ({marks[0]}), and {marks[1]} has “{WORDS[3]}”.\n", encoding="utf-8")
    code, found = verified(run, str(paper))
    assert (code, [each["remark"] for each in found]) == (0, [None, None])
    assert [[each["stands"] for each in one["quotations"]] for one in found] == [[True], [True]]  # type: ignore[attr-defined]


def test_passages_that_repeat_themselves_are_compared_in_bounded_time() -> None:
    """Some 1,500 words of three kinds against others of the same; such a test never ends where one does."""
    assert differences("a b a b c " * 290, "b a c a b " * 290)


@examples(100)
@given(
    st.lists(
        st.sampled_from(
            [
                "NKT-0001",
                "#p3",
                " · ",
                "sha256:",
                DIGITS,
                "notes n1",
                ", ",
                "\n",
                ">",
                "“",
                "”",
                '"',
                "{",
                "[^1]",
                ":",
                "\\",
                "가",
                "clearance x",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_no_document_breaks_the_search_for_citations(document: str) -> None:
    """Pieces of citations in any order: never an error, never a line that is not there."""
    for each in mentions.find(document, "An Archive"):
        assert all(1 <= line <= document.count("\n") + 1 for line in each.lines)
        assert each.fault or len(each.sha256) in mentions.DIGITS


@pytest.mark.parametrize(
    "piece",
    [
        "sha256:",
        "NKT-0001",
        "NKT-0001#p1 ",
        f"NKT-0001#p1 sha256:{DIGITS} notes n1, ",
        "n1, ",
        "[",
        "{",
        '"',
        "“",
        "\\",
        "&",
        "> ",
        "a",
        "-",
        '{"a": "sha256:',
        "[^1]: ",
        "Account of ",
        "· ",
    ],
)
def test_a_large_document_takes_no_longer_than_its_length(piece: str) -> None:
    """A long text of whatever could make a pattern go back and forth; such a test never ends where one does."""
    assert len(mentions.find(piece * (300_000 * min(TIMES, 3) // len(piece)), "Account of")) <= 3


QUOTES = [
    (f"“A made-up word was said” ({PLAIN})", "A made-up word was said"),
    (f'He says: "A made-up word was said." [{PLAIN}]', "A made-up word was said."),
    (f"> A made-up word\n> was said\n>\n> — {PLAIN}", "A made-up word was said"),
    (f"> “A made-up word was said”\n\nCite: {PLAIN}", "A made-up word was said"),
    (
        f"“A made-up word was said” (Made-up Archive, Account of a “made-up” man (archive summary), para. 3. {PLAIN})",
        "A made-up word was said",
    ),
    (f"“A made-up word was said”, a man (own words), a title. Caveats: [x] he “said” no. {PLAIN}", "A made-up word was said"),
    (f"“A made-up word was said”[^7] and more.\n\n[^7]: {PLAIN}", "A made-up word was said"),
    (f"『지어낸 말을 하였다고 한다 그가』 {PLAIN}", "지어낸 말을 하였다고 한다 그가"),
    (f"Of the “zone” {PLAIN}", ""),
    (f"“A made-up word was said” by him, in short: {PLAIN}", ""),
    (f"Caveats: “A made-up word was said” {PLAIN}", ""),
    (f'@misc{{x, note = "A made-up word was said", a = "{PLAIN}"}}', ""),
]


@pytest.mark.parametrize(("document", "quoted"), QUOTES)
def test_the_quotation_right_before_a_citation(document: str, quoted: str) -> None:
    """In quotation marks, as a block or at the mark of a footnote; what is not plainly one is left alone."""
    (found,) = mentions.find(document, "Made-up Archive")
    assert found.quotations == ((quoted,) if quoted else ())


@pytest.mark.parametrize(
    ("quoted", "stands"),
    [
        ("walked to the made-up river", True),
        ("He  walked to the *made-up* river,", True),
        ("[h]e walked … over the ice", True),
        ("[…] over the ice.", True),
        ("over the ice … He walked", False),
        ("walked to the river", False),
        ("he ran to the made-up river", False),
    ],
)
def test_a_quotation_may_leave_out_but_not_alter(quoted: str, stands: bool) -> None:  # noqa: FBT001 - a case
    """Brackets and dots are the quoting author's; every word between them is the witness's."""
    assert quotations.stands_in(quoted, WORDS[3]) is stands


def test_a_quotation_that_does_not_stand_there_is_reported(mine: Path, run: Run) -> None:
    """Though the passage is as it was cited."""
    paper = mine / "paper.md"
    mark = f"NKT-9001#p4 · 2001-05-06 · sha256:{passage_hash(WORDS[3])[:16]}"
    paper.write_text(f"“He swam to the made-up river” ({mark}).\n", encoding="utf-8")
    ran = run("verify", str(paper))
    assert ran.code == 1
    assert "NKT-9001#p4  UNCHANGED" in ran.out
    assert "The document quotes “He swam to the made-up river”, which does not stand there." in " ".join(ran.out.split())


EDITS = st.lists(
    st.tuples(st.sampled_from(["insert", "remove", "alter", "swap"]), st.integers(0, 7), st.integers(0, 7)), max_size=5
)


@examples(12)
@given(edits=EDITS)
def test_the_verdict_is_that_of_a_plain_oracle(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int, int]]
) -> None:
    """Whatever is inserted, removed, altered or moved: never "unchanged" where a word differs, never a lookalike."""
    before = [*WORDS, WORDS[1]]  # one paragraph stands there twice
    after = list(before)
    for number, (edit, first, second) in enumerate(edits):
        at, other = first % (len(after) + 1), second % max(1, len(after))
        if edit == "insert":
            after.insert(at, f"Made up, put in as number {number}.")
        elif edit == "remove" and len(after) > 1:
            del after[other]
        elif edit == "alter":
            after[other] += " So he said."
        elif edit == "swap":
            after[other], after[first % len(after)] = after[first % len(after)], after[other]
    root = made_up.collection(tmp_path_factory.mktemp("oracle"), made_up.record(head("NKT-9001"), *after))
    cited = mentions.find("\n".join(short("NKT-9001", number, words) for number, words in enumerate(before, start=1)))
    with Archive(root) as room:
        told = verification.verify(cited, room)
    for number, (words, verdict) in enumerate(zip(before, told, strict=True), start=1):
        places = [place for place, each in enumerate(after, start=1) if each == words]
        if number in places:
            expected = (UNCHANGED, [])
        elif places:
            expected = (MOVED, [f"NKT-9001#p{place}" for place in places])
        else:
            expected = (CHANGED, [])
        assert (verdict.outcome, [str(place) for place in verdict.places]) == expected


@examples(50)
@given(
    old=st.lists(st.sampled_from("abc"), min_size=1, max_size=12), new=st.lists(st.sampled_from("abc"), min_size=1, max_size=12)
)
def test_differences_are_told_exactly_where_there_are_any(old: list[str], new: list[str]) -> None:
    """The same words have none; others have one at least."""
    assert bool(differences(" ".join(old), " ".join(new))) == (old != new)


def test_very_long_passages_are_compared_in_bounded_time() -> None:
    """Their whole middle is one difference."""
    words = ["word"] * 200_000
    (found,) = differences(" ".join([*words, "old", *words]), " ".join([*words, "new", *words]))
    assert found == ("… word word word word old word word word word …", "… word word word word new word word word word …")


def test_verifying_what_is_unchanged_loads_nothing_slow(shipped: Path, on_shipped: Run) -> None:
    """No YAML, no pydantic, no git: the index has all that is needed."""
    cited = on_shipped("cite", "NKT-0001#p3").out.strip()
    modules = loaded(shipped, "verify", cited)
    assert "archive.citing.verification" in modules
    assert not among(modules, (*SLOW, "archive.collection.history"))


def test_control_characters_of_a_document_do_not_reach_the_terminal(mine: Path, run: Run) -> None:
    """A quotation and the name of a file are shown with what they hide."""
    paper = mine / "pa\x1b[31mper.md"
    mark = f"NKT-9001#p4 · 2001-05-06 · sha256:{passage_hash(WORDS[3])[:16]}"
    paper.write_text(f"“He swam \x1b[31m to the made-up \u202e river” ({mark}).\n", encoding="utf-8")
    ran = run("verify", str(paper))
    assert not re.search("[\x1b\u202e]", ran.out + ran.err)
    assert "⟨U+001B⟩" in ran.out


def test_a_collection_that_git_does_not_keep_is_no_error(mine: Path) -> None:
    """Whatever git says, the answer is that the old words are not to be had."""
    ran = run_program(mine, "verify", short("NKT-9001", 2, "Other words."), PATH="", GIT_DIR="/nowhere")
    assert ran.code == 1
    assert "the old words are not to be had" in " ".join(ran.out.split())


def test_a_citation_whose_caveat_is_out_of_force_does_not_hold(root: Path, run: Run) -> None:
    """The words are the same, and what was listed with them no longer stands there: exit code 1."""
    with_note = made_up.header("NKT-9001", credibility={"notes": [made_up.note("n1", "recanted", "Taken back.")]})
    made_up.collection(root, made_up.record(with_note, "It was cold."))
    cited = run("cite", "NKT-9001#p1").out
    assert "notes n1" in " ".join(cited.split())
    before = run("verify", cited, "--format", "json")
    assert [each["holds"] for each in json.loads(before.out)["citations"]] == [True]
    made_up.put(root, made_up.record(made_up.header("NKT-9001"), "It was cold."))
    after = run("verify", cited, "--format", "json")
    assert [(each["outcome"], each["holds"]) for each in json.loads(after.out)["citations"]] == [(UNCHANGED, False)]
    assert after.code == 1


@pytest.mark.skipif(os.name != "posix", reason="a script stands for git")
def test_git_reads_no_settings_but_the_repository_s(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the system's nor the user's, and nothing of the caller's environment steers it."""
    programs, seen = tmp_path / "programs", tmp_path / "seen"
    programs.mkdir()
    git = programs / "git"
    git.write_text(f"#!/bin/sh\nenv > {seen}\n", encoding="utf-8")
    git.chmod(0o700)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    for name in ("HOME", "XDG_CONFIG_HOME", "GIT_DIR", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_COUNT", "GIT_EXEC_PATH", "LD_PRELOAD_X"):
        monkeypatch.setenv(name, "/evil")
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "It was cold."))
    assert record_history.History(root, PUBLIC).text_at("NKT-9001", "0" * 16) is None
    assert not seen.exists(), "there is no repository, of which git would have to be asked"
    (root.parent / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")  # as a second work tree has it
    assert record_history.History(root, PUBLIC).text_at("NKT-9001", "0" * 16) is None
    told = dict(line.split("=", 1) for line in seen.read_text(encoding="utf-8").splitlines() if "=" in line)
    assert told["GIT_CONFIG_NOSYSTEM"] == "1"
    assert told["GIT_CONFIG_GLOBAL"] == os.devnull
    assert "/evil" not in told.values()
