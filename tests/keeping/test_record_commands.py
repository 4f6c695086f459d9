"""`set`, `open`, `close`, `withdraw`, `redact`, `claim`, `relate`: what was asked, a line in the history, and nothing else."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import interference
import made_up
from archive.archive import Archive
from archive.errors import ArchiveError
from archive.reader import read
from examples import number_of
from keeping_parts import FIRST, SECOND, bound, digest, file_of, head, kept, korean, snapshot
from running import Run
from verification_parts import short

BY = ("--by", "A. Keeper", "--date", "2026-11-29")


def header(root: Path, code: str = "ZZT-0001", language: str = "") -> dict[str, Any]:
    """Return the header of a record as it lies there."""
    file = file_of(root, code, language)
    plain: dict[str, Any] = read.nodes(file.read_bytes(), f"testimonies/{file.name}")[0].plain()
    return plain


def body(root: Path, code: str = "ZZT-0001", language: str = "") -> str:
    """Return the body of a record."""
    return file_of(root, code, language).read_text(encoding="utf-8").partition("\n---\n")[2]


def differs(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the keys of two headers that differ, without the history."""
    keys = dict.fromkeys((*before, *after))
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key) and key != "history"}


def last_line(root: Path, code: str = "ZZT-0001") -> dict[str, str]:
    """Return the last line of the history."""
    line: dict[str, str] = header(root, code)["history"][-1]
    return line


def test_fields_are_set_with_a_line_in_the_history(root: Path, run: Run) -> None:
    """Several at once, with numbers of entries and ids of claims; the old lines stay, and what was set is not repeated."""
    kept(root, camps=[{"camp": "kwalliso-14"}])
    before = header(root)
    ran = run(
        "set",
        "zzt-0001",
        "title=A new, made-up title",
        "camps.1.period=1998/2001",
        "claims.c1.status=disputed",
        "topics=hunger, escape",
        *BY,
    )
    assert (ran.code, ran.out) == (0, "testimonies/ZZT-0001-made-up.md\n"), ran
    after = header(root)
    assert set(differs(before, after)) == {"title", "camps", "claims", "topics"}
    assert after["camps"] == [{"camp": "kwalliso-14", "period": "1998/2001"}]
    assert after["claims"][0]["status"] == "disputed"
    assert after["topics"] == ["hunger", "escape"]
    assert after["history"][:-1] == before["history"]
    assert last_line(root) == {
        "date": "2026-11-29",
        "by": "A. Keeper",
        "change": "Set title, camps.1.period, claims.c1.status and topics",
    }
    assert run("set", "ZZT-0001", "recorded.by=A. Maker").code == 0
    assert run("set", "ZZT-0001", "recorded.by=").code == 0
    assert header(root)["recorded"] == before["recorded"]


NEVER = {
    "access.level=public": "open",
    "consent.status=given": "open",
    "code=ZZT-0009": "permanent",
    "schema=2": "stays",
    "credibility.notes.1.status=resolved": "note",
    "credibility.source=A": "note",
    "claims.c1.sha256=00": "rebind",
    "claims.c1.paragraphs=2": "claim add",
    "relations.1.code=ZZT-0002": "relate",
    "history.1.by=x": "its own line",
    "text.sha256=00": "rebind",
    "titel=x": "Did you mean title?",
    "title": "field=value",
    "title=": "is needed",
    "claims.c9.text=x": "It has c1.",
    "camps.9.period=1998": "count from 1",
}


@pytest.mark.parametrize("written", NEVER)
def test_what_is_never_set_says_what_to_do(root: Path, run: Run, written: str) -> None:
    """Who may read it, consent, code, schema, caveats and hashes; also beside a field that could be set."""
    kept(root)
    before = snapshot(root)
    ran = run("set", "ZZT-0001", "title=Another", written)
    assert (ran.code, snapshot(root)) == (2, before)
    assert NEVER[written] in ran.err, ran.err
    assert "Nothing was written." in ran.err


def test_a_value_that_makes_a_fault_is_refused_with_its_field(root: Path, run: Run) -> None:
    """Every fault at once, with file and line, and nothing is written."""
    kept(root)
    before = snapshot(root)
    ran = run("set", "ZZT-0001", "kind=novel", "recorded.date=yesterday")
    assert (ran.code, snapshot(root)) == (1, before)
    assert re.search(r"ZZT-0001-made-up\.md:\d+: kind: ", ran.err)
    assert re.search(r"ZZT-0001-made-up\.md:\d+: recorded\.date: ", ran.err)


FIELDS = st.sampled_from(
    [
        "title",
        "period",
        "kind",
        "witness.born",
        "recorded.by",
        "topics",
        "camps.1.period",
        "claims.c1.text",
        "text.of",
        "access.level",
        "x",
    ]
)
VALUES = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.sampled_from(
    ["1998", "testimony", "hunger", "---", "<an>x</an>", ""]
)


@settings(max_examples=number_of(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.tuples(FIELDS, VALUES), min_size=1, max_size=3))
def test_whatever_is_asked_the_file_has_that_or_is_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, asked: list[tuple[str, str]]
) -> None:
    """After a refusal not a byte differs; after a success the header differs in those fields alone, and the body in nothing."""
    root = tmp_path_factory.mktemp("set")
    kept(root, camps=[{"camp": "kwalliso-14"}])
    before, was, words = snapshot(root), header(root), body(root)
    try:
        Archive(root).set_fields("ZZT-0001", [f"{name}={value}" for name, value in asked])
    except ArchiveError:
        assert snapshot(root) == before
        return
    assert set(differs(was, header(root))) <= {name.partition(".")[0] for name, _ in asked}
    assert body(root) == words
    assert len(header(root)["history"]) == 2
    assert {path for path, content in snapshot(root).items() if content != before[path]} == {"testimonies/ZZT-0001-made-up.md"}
    old, new = (
        text.decode().split("\n")
        for text in (before["testimonies/ZZT-0001-made-up.md"], snapshot(root)["testimonies/ZZT-0001-made-up.md"])
    )
    assert len([line for line in new if line not in old]) <= len(asked) + 1


DRAFT = {"access": {"level": "closed"}, "consent": {"status": "unknown"}}


def test_a_draft_is_opened_by_somebody_with_a_consent(root: Path, run: Run) -> None:
    """Then readers find it; nobody else's word will do."""
    kept(root, **DRAFT)
    assert run("show", "ZZT-0001").code == 2
    assert run("open", "ZZT-0001").code == 2
    ran = run("open", "ZZT-0001", "--consent", "given", *BY)
    assert ran.code == 0, ran
    after = header(root)
    assert (after["access"], after["consent"]) == ({"level": "public"}, {"status": "given"})
    assert last_line(root)["by"] == "A. Keeper"
    assert run("show", "ZZT-0001").code == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"access": {"level": "restricted", "until": "2999-01-01"}}, "has not passed"),
        ({"access": {"level": "closed"}, "consent": {"status": "withdrawn"}}, "was withdrawn"),
        ({**DRAFT, "source": {"csl": {"type": "interview", "title": "Where the account comes from"}}}, "source.csl.title"),
    ],
    ids=["embargo", "withdrawn", "to fill in"],
)
def test_what_stands_against_opening(root: Path, run: Run, changes: dict[str, Any], said: str) -> None:
    """A running embargo, a withdrawal, what is still to be filled in."""
    kept(root)
    made_up.put(root, made_up.record(head("ZZT-0001", **changes), FIRST))
    before = snapshot(root)
    ran = run("open", "ZZT-0001", "--consent", "given", "--by", "A. Keeper", "--date", "2026-11-29")
    assert (ran.code, snapshot(root)) == (2, before)
    assert said in ran.err


def test_an_embargo_that_has_passed_goes_when_it_is_opened(root: Path, run: Run) -> None:
    """No clock opens a record: a person does, and takes the day out."""
    kept(root, access={"level": "restricted", "until": "2001-01-01"})
    assert run("open", "ZZT-0001", "--consent", "given", *BY).code == 0
    assert header(root)["access"] == {"level": "public"}


def test_a_skeleton_is_opened_when_it_is_written(root: Path, run: Run) -> None:
    """What `new` puts in the place of the account is no account."""
    root.joinpath("testimonies").mkdir(exist_ok=True)
    path = run("new", "Made up", "--code", "ZZT-0007").out.strip()
    ran = run("open", "ZZT-0007", "--consent", "given", "--by", "A. Keeper")
    assert ran.code == 2
    assert "body: has still to be filled in" in ran.err
    assert "source.csl.title: has still to be filled in" in ran.err
    file = root / path
    file.write_text(
        file.read_text(encoding="utf-8").replace("Write the account here, one paragraph for each thing told.", FIRST),
        encoding="utf-8",
    )
    assert run("set", "ZZT-0007", "source.csl.title=A made-up interview").code == 0
    assert run("open", "ZZT-0007", "--consent", "given", "--by", "A. Keeper").code == 0


def test_a_closed_record_is_as_one_that_never_was(root: Path, run: Run) -> None:
    """For readers; keepers are told where its words lie still, with a command for each, and that `withdraw` tells more."""
    kept(root, in_git=True)
    run("index")
    ran = run("close", "ZZT-0001", "--reason", "The witness asks for time", *BY)
    assert ran.code == 0, ran
    told = " ".join(ran.err.split())
    for words in ("the history of git, in 1 commit", "git log --all", "bags", "dossiers", "editions", "backups", "withdraw"):
        assert words in told, words
    assert last_line(root)["change"] == "Closed: The witness asks for time"
    assert run("verify", short("ZZT-0001", 1, FIRST)).out.count("UNKNOWN") == 1
    assert run("show", "ZZT-0001").err == run("show", "ZZT-0077").err.replace("ZZT-0077", "ZZT-0001")
    assert not [file for file in (root / "index").rglob("*") if file.is_file() and b"made-up mine" in file.read_bytes()]
    assert run("close", "ZZT-0001").code == 2


def test_a_withdrawal_keeps_that_it_was_public(root: Path) -> None:
    """Public now, or in the index, or in a commit that led here; a paper that cites it is told, and told nothing else."""
    for number, how in enumerate(("now", "in git, and closed since", "never")):
        here = root / str(number)
        kept(here, in_git=True, **({} if number < 2 else DRAFT))
        if number == 1:
            Archive(here).close_record("ZZT-0001")
        Archive(here).withdraw("ZZT-0001", "The witness took it back")
        consent = header(here)["consent"]
        assert (consent.get("was_public"), consent["status"]) == ("true" if number < 2 else None, "withdrawn"), how
        assert header(here)["access"]["level"] == "closed"
        [verdict] = Archive(here).verify(short("ZZT-0001", 1, FIRST))
        assert verdict.outcome == ("withdrawn" if number < 2 else "unknown")
        with pytest.raises(ArchiveError, match="withdrawn already"):
            Archive(here).withdraw("ZZT-0001", "Again")


def test_a_withdrawal_needs_a_reason_and_tells_it_to_nobody(root: Path, run: Run) -> None:
    """It stands in the history, which no reader of a withdrawn record sees."""
    kept(root)
    assert run("withdraw", "ZZT-0001").code == 2
    assert run("withdraw", "ZZT-0001", "--reason", " ").code == 1
    ran = run("withdraw", "ZZT-0001", "--reason", "A made-up threat")
    assert ran.code == 0
    assert "readers of its citations are told that it was withdrawn" in ran.err
    assert "threat" not in ran.out + ran.err + run("verify", short("ZZT-0001", 1, FIRST)).out + run("show", "ZZT-0001").err


def test_words_are_withheld_in_every_language_or_not_at_all(root: Path, run: Run) -> None:
    """The version that says the same needs its words too; then readers see neither, and both files have one tag each."""
    kept(root)
    korean(root)
    before = snapshot(root)
    ran = run("redact", "ZZT-0001#p2", "Kim Made-up", "--name")
    assert (ran.code, snapshot(root)) == (2, before)
    assert "the version in ko says the same in paragraph 2: give its words too, with --in ko WORDS" in ran.err
    assert run("redact", "ZZT-0001#p2", "Kim Made-up", "--name", "--in", "ko", "없는말").code == 2
    assert run("redact", "ZZT-0001#p2", "Kim Made-up", "--name", "--in", "ko", "김가명", "--in", "fr", "x").code == 2
    assert snapshot(root) == before
    ran = run("redact", "ZZT-0001#p2", "Kim Made-up", "--name", "--in", "ko", "김가명")
    assert ran.code == 0, ran
    assert body(root).count("<an>Kim Made-up</an>") == 1
    assert body(root, language="ko").count("<an>김가명</an>") == 1
    assert last_line(root)["change"] == "A name was masked in paragraph 2"
    for shown in (run("show", "ZZT-0001").out, run("show", "ZZT-0001", "--language", "ko").out):
        assert "Kim Made-up" not in shown
        assert "김가명" not in shown
        assert "[name withheld]" in shown
    assert "relations.1.code" in run("check").out, "the link of the other record hangs on what the public sees"
    assert "Kim Made-up" not in ran.out + ran.err


def test_words_are_found_wherever_a_line_ends_and_not_inside_others(root: Path) -> None:
    """Across lines and double spaces, in all paragraphs where none is named; a second time there is nothing in the open."""
    kept(root)
    made_up.put(
        root, made_up.record(head("ZZT-0001"), "Kim\nMade  saw it; Kim Made-believe and OKim Made did not.", "Kim Made again.")
    )
    done = Archive(root).redact("ZZT-0001", "Kim Made", is_name=True)
    tagged = "<an>Kim\nMade</an>  saw it; <an>Kim Made</an>-believe and OKim Made did not.\n\n<an>Kim Made</an> again.\n"
    assert body(root) == tagged
    assert done.change == "A name was masked in paragraphs 1 and 2"
    with pytest.raises(ArchiveError, match="do not stand in the open"):
        Archive(root).redact("ZZT-0001", "Kim Made", is_name=True)


def test_a_header_that_repeats_the_words_is_named(root: Path, run: Run) -> None:
    """A redaction that is told elsewhere hides nothing: the field is said, what to do, and nothing is written."""
    kept(root, title="Made up: what Kim Made-up saw")
    before = snapshot(root)
    ran = run("redact", "ZZT-0001#p2", "Kim Made-up", "--name")
    assert (ran.code, snapshot(root)) == (1, before)
    assert re.search(r":\d+: title: repeats words that are withheld in paragraph 2", ran.err)
    assert "Take the words out there first" in ran.err
    assert "Kim Made-up" not in ran.err


def test_a_quotation_that_a_hash_stands_in_for_goes(root: Path) -> None:
    """It would tell what is withheld; the note stays bound, and in force."""
    note = made_up.note("n1", "caution", about=bound(2, quote="Kim Made-up saw it"))
    kept(root, credibility={"notes": [note]})
    Archive(root).redact("ZZT-0001#p2", "Kim Made-up", is_name=True)
    assert header(root)["credibility"]["notes"][0]["about"] == {"paragraphs": ["2"], "sha256": [digest(SECOND)]}
    [note_now] = Archive(root).show("ZZT-0001#p2").shown[0].excerpt.notes
    assert (note_now.id, note_now.stale) == ("n1", False)


def test_where_the_same_words_go_on_standing_is_said(root: Path, run: Run) -> None:
    """In other paragraphs of the record, and in other records: by their codes."""
    kept(root)
    made_up.put(root, made_up.record(head("ZZT-0003"), "Kim Made-up was there too."))
    ran = run("redact", "ZZT-0001#p2", "Kim Made-up")
    assert "the same words stand in the text of ZZT-0003" in ran.err
    assert body(root).count("<res>Kim Made-up</res>") == 1


def test_a_claim_is_added_bound_to_its_words(root: Path, run: Run) -> None:
    """With the next free id; names of camps and terms are looked up, and every wrong one is told at once."""
    kept(root)
    before = snapshot(root)
    ran = run(
        "claim",
        "add",
        "ZZT-0001#p7",
        "x",
        "--camp",
        "nowhere",
        "--status",
        "sure",
        "--basis",
        "x",
        "--cites",
        "none",
        "--topic",
        "coal",
    )
    assert (ran.code, snapshot(root)) == (2, before)
    for words in ("has no paragraph 7; it has 3", "nowhere", "sure", "neither sources.yaml", "Nothing was written."):
        assert words in ran.err, words
    ran = run("claim", "add", "ZZT-0001#p1", "the mine was flooded", "--camp", "18", "--period", "1998", "--basis", "first-hand")
    assert ran.code == 0, ran
    assert header(root)["claims"][-1] == {
        "id": "c2",
        "text": "the mine was flooded",
        "paragraphs": ["1"],
        "sha256": [digest(FIRST)],
        "camps": ["kwalliso-18"],
        "period": "1998",
        "status": "asserted",
        "basis": "first-hand",
    }
    assert last_line(root)["change"] == "Claim c2 was added"
    assert run("claim", "add", "ZZT-0001", "x").code == 2


def test_two_records_are_related_and_the_other_side_is_asked_for(root: Path, run: Run) -> None:
    """Bound on both sides; what has still to point back is said as it is typed."""
    kept(root)
    ran = run("relate", "ZZT-0002", "same-person", "ZZT-0001")
    assert ran.code == 0, ran
    [back] = re.findall(r"testimony (relate .*)$", ran.err, re.MULTILINE)
    assert back == "relate ZZT-0001 same-person ZZT-0002"
    assert run(*back.split()).code == 0
    assert run("relate", "ZZT-0002#p1", "relies-on", "ZZT-0001#p2-3").code == 0
    assert header(root, "ZZT-0002")["relations"][-1]["sha256"]["own"] == [digest("Nobody saw it there.")]
    assert run("check").code == 0
    before = snapshot(root)
    for wrong in (
        ["ZZT-0001", "same-person", "ZZT-0002"],
        ["ZZT-0001", "revises", "ZZT-0001"],
        ["ZZT-0001", "likes", "ZZT-0002#p9"],
    ):
        assert run("relate", *wrong).code == 2
    assert snapshot(root) == before


def test_drafts_are_listed_with_what_each_needs(root: Path, run: Run) -> None:
    """By path and code; no word of a body and no value of a header is said."""
    kept(root, title="Made up: zqxsecret", **DRAFT)
    made_up.put(root, made_up.record(head("ZZT-0003", access={"level": "closed"}, consent={"status": "withdrawn"}), "x"))
    made_up.put(root, made_up.record(head("ZZT-0004", **DRAFT, kye="x"), "x"))
    run("new", "Made up", "--code", "ZZT-0005")
    ran = run("list", "--drafts")
    assert ran.code == 0
    told = " ".join(ran.out.split())
    assert "ZZT-0001-made-up.md consent is unknown" in told
    assert "ZZT-0004-made-up.md 1 fault: `testimony check` names each; consent is unknown" in told
    assert "ZZT-0005-made-up.md still to be filled in: body and source.csl.title; consent is unknown" in told
    assert "ZZT-0003" not in told
    assert told.endswith("3 drafts.")
    assert "zqxsecret" not in told
    assert [row["code"] for row in json.loads(run("list", "--drafts", "--format", "json").out)["drafts"]] == [
        "ZZT-0001",
        "ZZT-0004",
        "ZZT-0005",
    ]
    assert run("list", "--drafts", "--flag", "recanted").code == 2


def test_a_keeper_sees_a_draft_told_as_such(root: Path, run: Run) -> None:
    """With its notes and hashes, and no citation; readers see nothing of it, also not that it is there."""
    kept(root, **DRAFT)
    ran = run("show", "ZZT-0001", "--keeper")
    assert ran.code == 0
    assert ran.out.startswith("FOR KEEPERS, not to be cited (closed, consent: ")
    assert FIRST in " ".join(ran.out.split())
    assert "CONTRADICTED" in ran.out
    assert "Cite" not in ran.out
    assert f"sha256:{digest(FIRST)}" in ran.out
    assert run("show", "ZZT-0001#p9", "--keeper").code == 2
    assert run("show", "ZZT-0001", "--keeper", "--format", "json").code == 2
    run("index")
    assert run("show", "ZZT-0001").err == run("show", "ZZT-0077").err.replace("ZZT-0077", "ZZT-0001")


def test_keepers_commands_say_no_word_of_a_record(root: Path, run: Run) -> None:
    """Screens are watched: paths, codes, numbers, and what was typed in the same line alone."""
    kept(root, title="Made up: zqxtitle", camps=[{"camp": "kwalliso-14"}])
    made_up.put(root, made_up.record(head("ZZT-0003", title="zqxother"), "Zqxbody one. Zqxname spoke.", "Zqxbody two."))
    told = [
        run("set", "ZZT-0003", "period=1998"),
        run("set", "ZZT-0003", "kind=wrong"),
        run("claim", "add", "ZZT-0003#p1", "made up"),
        run("relate", "ZZT-0003", "same-event", "ZZT-0001"),
        run("redact", "ZZT-0003#p2", "nothing of it"),
        run("redact", "ZZT-0003#p1", "spoke"),
        run("close", "ZZT-0003"),
        run("open", "ZZT-0003", "--consent", "given"),
        run("withdraw", "ZZT-0003", "--reason", "x"),
        run("list", "--drafts"),
    ]
    for ran in told:
        assert not interference.MARK.search(ran.out + ran.err), ran
    assert [ran.code for ran in told] == [0, 1, 0, 0, 2, 0, 0, 0, 0, 0]


def test_a_sealed_record_is_unsealed_first(root: Path, run: Run) -> None:
    """Its words are not written into a plain file by the way."""
    kept(root)
    file_of(root).rename(root / "testimonies" / "ZZT-0001.md.age")
    for asked in (["set", "ZZT-0001", "title=x"], ["close", "ZZT-0001"], ["rebind", "ZZT-0001"], ["edit", "ZZT-0001"]):
        ran = run(*asked)
        assert (ran.code, "lies sealed" in ran.err) == (15, True), ran
