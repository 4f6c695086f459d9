"""Who may read what, and how it reads to them: levels, redaction, withdrawal."""

import hashlib
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive import text
from archive.access import redaction
from archive.authority.authorities import NOT_OPEN, PARTS, Authorities
from archive.collection.collection import Collection
from archive.errors import InvalidTestimony
from archive.indexing import update
from archive.reader import read
from archive.record import paragraphs as paragraph_rules
from archive.record.hashing import passage_hash
from archive.record.testimony import PUBLIC, RESTRICTED, Clearance, Testimony
from running import Run


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    """The shipped authorities."""
    return read.read_authorities(Path("/nowhere"))


@pytest.mark.parametrize(
    ("level", "until", "consent", "expected"),
    [
        ("public", "", "given", "public"),
        ("public", "", "published-by-others", "public"),
        ("registered", "", "given", "restricted"),
        ("restricted", "", "given", "restricted"),
        ("closed", "", "given", "closed"),
        ("public", "2090", "given", "restricted"),
        ("public", "1999", "given", "restricted"),
        ("restricted", "1999", "given", "restricted"),
        ("closed", "1999", "given", "closed"),
        ("public", "", "unknown", "restricted"),
        ("closed", "", "unknown", "closed"),
        ("public", "", "withdrawn", "closed"),
        ("restricted", "", "withdrawn", "closed"),
        ("public", "", "a word of a later version", "closed"),
        ("a word of a later version", "", "given", "closed"),
        ("", "", "", "closed"),
    ],
)
def test_a_level_is_closed_in_any_doubt(level: str, until: str, consent: str, expected: str) -> None:
    """No clock opens a record; what is not known is closed."""
    assert redaction.level_of(level, until, consent) == expected


@pytest.mark.parametrize(
    ("level", "public", "restricted"),
    [("public", True, True), ("registered", False, True), ("restricted", False, True), ("closed", False, False)],
)
def test_a_clearance_finds_what_it_may_read(
    root: Path,
    run: Run,
    level: str,
    public: bool,  # noqa: FBT001 - a fact
    restricted: bool,  # noqa: FBT001 - a fact
) -> None:
    """Closed is read by nobody through readers' commands."""
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001"), "Another."),
        made_up.record(made_up.header("NKT-9002", access={"level": level}), "Coal."),
    )
    for clearance, found in (("public", public), ("restricted", restricted)):
        ran = run("--clearance", clearance, "show", "NKT-9002")
        assert (ran.code == 0, "Coal." in ran.out) == (found, found)
        said = "1 passage in 1 testimony\n" if found else "0 passages in 0 testimonies\n"
        assert run("--clearance", clearance, "search", "coal", "--count").out == said


def test_each_clearance_has_a_folder_of_its_own_for_its_owner_alone(root: Path, run: Run) -> None:
    """Also those beneath them; and `index` brings every one that is there up to date."""
    file = made_up.put(root, made_up.record(made_up.header("NKT-9001", access={"level": "restricted"}), "Coal zqxword."))
    made_up.put(root, made_up.record(made_up.header("NKT-9002")))
    run("search")
    run("--clearance", "restricted", "search")
    folders = [root / "index", *(each for each in (root / "index").rglob("*") if each.is_dir())]
    assert {"public", "restricted", "state"} <= {each.name for each in folders}
    assert {oct(each.stat().st_mode & 0o777) for each in folders} == {"0o700"}
    holding = [each for each in (root / "index").rglob("*") if each.is_file() and b"zqxword" in each.read_bytes()]
    assert {each.relative_to(root / "index").parts[0] for each in holding} == {"restricted"}
    file.write_text(file.read_text().replace('"restricted"', '"closed"'))
    assert run("index").code == 0
    assert not [each for each in (root / "index").rglob("*") if each.is_file() and b"zqxword" in each.read_bytes()]


def _public_bytes(root: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted((root / "index" / "public").rglob("*")) if each.is_file())


@pytest.mark.parametrize("level", ["restricted", "closed"])
def test_a_restricted_readers_command_takes_withdrawn_words_out_of_the_public_index_too(root: Path, run: Run, level: str) -> None:
    """A keeper who works at the higher clearance leaves no words behind in what is handed out."""
    file = made_up.put(root, made_up.record(made_up.header("NKT-9001"), "Coal zqxword."))
    made_up.put(root, made_up.record(made_up.header("NKT-9002")))
    run("search")
    run("--clearance", "restricted", "search")
    assert b"zqxword" in _public_bytes(root)
    made_up.put(root, file.read_text().replace('"level": "public"', f'"level": "{level}"'), file.name)
    assert run("--clearance", "restricted", "search", "zqxword", "--count").code == 0
    assert b"zqxword" not in _public_bytes(root)
    assert "made the index" not in run("search").err


def test_a_public_index_that_cannot_be_refreshed_is_told_to_the_restricted_reader(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer comes all the same, and what may still lie there is said."""
    file = made_up.put(root, made_up.record(made_up.header("NKT-9001"), "Coal zqxword."))
    run("search")
    run("--clearance", "restricted", "search")
    file.write_text(file.read_text().replace('"level": "public"', '"level": "restricted"'))
    refresh = update.refresh

    def failing(there: Path, clearance: Clearance, *rest: Any) -> update.UpdateReport:
        if clearance == PUBLIC:
            raise OSError(28, "No space left on device")
        return refresh(there, clearance, *rest)

    monkeypatch.setattr(update, "refresh", failing)
    ran = run("--clearance", "restricted", "search", "zqxword", "--count")
    assert (ran.code, ran.out) == (0, "1 passage in 1 testimony\n")
    assert "the public index may hold words that are gone" in " ".join(ran.err.split())


def faults_of(body_text: str, authorities: Authorities, **changes: Any) -> str:
    """Read a made-up record and give its faults in one text."""
    try:
        read.read(
            made_up.record(made_up.header("NKT-9001", **changes), body_text).encode(), "testimonies/NKT-9001-x.md", authorities
        )
    except InvalidTestimony as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    "written",
    [
        "a <res>b",
        "a </res>b",
        "a <res>b</an>",
        "a <res>b<an>c</an></res>",
        "a <res>b\n\nc</res>",
        "a <RES>b</RES>",
        "a <res >b</res >",
        "a <res>b< /res>",
        "a <res/>b",
        "a ＜res＞b＜/res＞",
        "a 〈an〉b〈/an〉",
        "a <An>b</an>",
        "a <res b",
        'a <res class="x">b</res>',
        "a <r\u200bes>b</r\u200bes>",
        "<res># A title</res>",
        "<an>[^1]: A note</an>",
    ],
)
def test_what_may_be_meant_for_a_redaction_keeps_the_record_out(authorities: Authorities, written: str) -> None:
    """Unclosed, nested, crossing a paragraph, nearly a tag, or changing the numbers: a fault."""
    assert "body: " in faults_of(written, authorities)


@pytest.mark.parametrize(
    "written",
    [
        "He was called <name redacted>.",
        "<an unnamed guard> came",
        "1 < 2 and 3 > 2",
        "<rest> <answer> <b>",
        "a <- b -> c",
        "«an»",
    ],
)
def test_other_angle_brackets_are_plain_words(authorities: Authorities, written: str) -> None:
    """`<name redacted>` is what a witness or an archivist wrote."""
    assert faults_of(written, authorities) == ""


PIECES = st.lists(
    st.tuples(st.sampled_from(["", "res", "an"]), st.text(alphabet="ab요덕 .,⟦⟧\n#^[]:1", min_size=1, max_size=12)),
    min_size=1,
    max_size=6,
)


@given(st.lists(PIECES, min_size=1, max_size=4))
def test_nothing_between_tags_is_in_the_public_rendering(paragraphs: list[list[tuple[str, str]]]) -> None:
    """Whatever stands around it; the numbers stay, and the rendering without tags keeps every word."""
    secret = "쀏"  # noqa: S105 - words that are withheld
    marked, bare = [], []
    for number, pieces in enumerate(paragraphs):
        clean = [(tag, words.replace("\n", " ") if number % 2 else words) for tag, words in pieces]
        marked.append("".join(f"<{tag}>{secret}{words}{secret}</{tag}>" if tag else words for tag, words in clean))
        bare.append("".join(f"{secret}{words}{secret}" if tag else words for tag, words in clean))
    written = "\n\n".join(marked)
    if any(paragraph_rules.faults(written)):
        return
    shown = paragraph_rules.withheld(written)
    assert secret not in shown
    assert text.TAG.search(shown) is None
    assert text.unmark(written) == "\n\n".join(bare)
    numbers = [(run.kind, run.number) for run in paragraph_rules.split_blocks(written)]
    assert [(run.kind, run.number) for run in paragraph_rules.split_blocks(shown)] == numbers
    assert [(run.kind, run.number) for run in paragraph_rules.split_blocks(text.unmark(written))] == numbers
    for run in paragraph_rules.split_blocks(written):
        assert passage_hash(run.text) == passage_hash(text.unmark(run.text))


FIRST = "The guard <an>Kang Hae-su</an> counted the <res>eleven bodies by the weir</res> at dawn."
SECOND = "<res>He wept when he told it.</res>"
NOTES = [
    made_up.note(
        "n1",
        "caution",
        about={"paragraphs": ["1"], "quote": {"exact": "at dawn", "prefix": "counted the"}, "sha256": [passage_hash(FIRST)[:16]]},
    ),
    made_up.note("n2", "revised", about={"paragraphs": ["1", "2"], "sha256": [passage_hash(FIRST), passage_hash(SECOND)]}),
    made_up.note("n3", "caution", about={"paragraphs": ["1"], "quote": {"exact": "The guard [name withheld] counted"}}),
]
CLAIMS = [
    {
        "id": "c1",
        "text": "was moved by it",
        "paragraphs": ["2"],
        "status": "asserted",
        "topics": ["execution"],
        "sha256": [passage_hash(SECOND)],
    },
    {"id": "c2", "text": "counted at dawn", "paragraphs": ["1", "2"], "status": "asserted", "quote": {"exact": "at dawn"}},
]


@pytest.fixture
def redacted(root: Path) -> Path:
    """A public record with redactions, and notes and claims on them."""
    head = made_up.header(
        "NKT-9001", credibility={"notes": NOTES}, claims=CLAIMS, relations=[{"type": "same-event", "code": "NKT-9002"}]
    )
    shut = made_up.record(made_up.header("NKT-9002", access={"level": "restricted"}))
    return made_up.collection(root, made_up.record(head, FIRST, SECOND, "Then winter came."), shut)


def found_by(root: Path, authorities: Authorities, clearance: Any) -> tuple[Testimony, Collection]:
    """Return a record as a clearance sees it."""
    collection = Collection(root, authorities, clearance, {})
    assert not collection.faults
    found = collection.find("NKT-9001")
    assert found is not None
    return found, collection


def test_each_clearance_gets_its_own_words_and_their_hashes(redacted: Path, authorities: Authorities) -> None:
    """A wholly withheld passage keeps its number."""
    public, there = found_by(redacted, authorities, PUBLIC)
    shown = there.passages(public)
    assert [each.words for each in shown] == [
        "The guard [name withheld] counted the [not published] at dawn.",
        "[not published]",
        "Then winter came.",
    ]
    assert [each.sha256 for each in shown] == [passage_hash(each.words) for each in shown]
    restricted, there = found_by(redacted, authorities, RESTRICTED)
    whole = there.passages(restricted)
    assert whole[0].words == "The guard Kang Hae-su counted the eleven bodies by the weir at dawn."
    assert whole[0].sha256 == passage_hash(FIRST) == passage_hash(whole[0].words) != shown[0].sha256
    assert [note.id for note in shown[1].notes] == [note.id for note in whole[1].notes] == ["n2"]


def test_quotes_and_hashes_bind_for_both_and_tell_the_public_nothing(redacted: Path, authorities: Authorities) -> None:
    """A hash of withheld words could be guessed at; the public one is of what is shown."""
    public, there = found_by(redacted, authorities, PUBLIC)
    shown = {each.number: each.sha256 for each in there.passages(public)}
    first, second, third = (note.about for note in public.notes)
    assert (first.exact, first.prefix, first.hashes) == ("at dawn", "counted the", (shown[1][:16],))
    assert second.hashes == (shown[1], shown[2])
    assert third.exact == "The guard [name withheld] counted"
    assert [(claim.id, claim.paragraphs, claim.exact) for claim in public.claims] == [("c2", (1,), "at dawn")]
    assert "execution" not in there.passages(public)[1].topics
    restricted, _ = found_by(redacted, authorities, RESTRICTED)
    assert restricted.notes[0].about.hashes == (passage_hash(FIRST)[:16],)
    assert [claim.id for claim in restricted.claims] == ["c1", "c2"]


def test_a_quote_that_stands_nowhere_any_more_is_told_as_changed_to_everyone(root: Path, authorities: Authorities) -> None:
    """Its words are not shown to the public, and what is left must not seem to stand where it was."""
    note = made_up.note("n1", "caution", about={"paragraphs": ["1"], "quote": {"exact": "an older made-up sentence"}})
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": [note]}), FIRST, SECOND))
    for clearance in (PUBLIC, RESTRICTED):
        found, there = found_by(root, authorities, clearance)
        (told,) = there.passages(found)[0].notes
        assert told.stale, clearance


def test_the_fixity_shown_is_that_of_what_may_be_had(redacted: Path, authorities: Authorities, run: Run) -> None:
    """The public rendering can be read as a record, and is the same record; above public it is the file."""
    public, there = found_by(redacted, authorities, PUBLIC)
    content = there.public_file("NKT-9001")
    assert content is not None
    assert public.fixity == hashlib.sha256(content).hexdigest()
    for secret in ("Kang", "eleven", "weir", "wept", "NKT-9002", passage_hash(FIRST)[:16], passage_hash(SECOND)[:16]):
        assert secret not in content.decode()
    again = read.read(content, public.path, authorities)
    assert again._replace(body_line=0, clearance=PUBLIC, redacted=True) == public._replace(body_line=0)
    file = (redacted / public.path).read_bytes()
    restricted, above = found_by(redacted, authorities, RESTRICTED)
    assert above.public_file("NKT-9001") == file
    assert restricted.fixity == hashlib.sha256(file).hexdigest()
    assert there.public_file("NKT-9002") is None
    told = json.loads(run("show", "NKT-9001", "--format", "json").out)["record"]
    assert (told["sha256"], told["sha256_of"]) == (public.fixity, "public rendering")


def test_a_citation_above_public_says_so(redacted: Path, run: Run) -> None:
    """So that nobody takes its hash, its words or its notes for public ones."""
    assert re.search(r"notes n2:[0-9a-f]{8}, n1:[0-9a-f]{8}, n3:[0-9a-f]{8}\s*\Z", run("cite", "NKT-9001#p1").out)
    assert run("cite", "NKT-9001").out.rstrip().endswith("hash of the public rendering")
    for reference in ("NKT-9001#p1", "NKT-9001", "NKT-9002#p1"):
        assert run("--clearance", "restricted", "cite", reference).out.rstrip().endswith("· clearance restricted")


REPEATED = {
    "title": {"title": "Of Kang Hae-su"},
    "title, family name last": {"title": "Of Hae-su Kang"},
    "title, in capitals": {"title": "KANG HAE-SU"},
    "title, in full width": {"title": "Ｋａｎｇ Ｈａｅ－ｓｕ"},
    "title, with accents": {"title": "Káng Hàe-sü"},
    "title, run together": {"title": "KangHaesu of the guard"},
    "witness": {"witness": {"name": "Kang Hae-su", "name_kind": "pseudonym", "connection": "victim"}},
    "statement": {"credibility": {"notes": [made_up.note("n1", "caution", "Eleven bodies by the weir, he said.")]}},
    "by": {"credibility": {"notes": [made_up.note("n1", "caution", by="Kang Hae-su")]}},
    "note id": {"credibility": {"notes": [made_up.note("kang-hae-su", "caution")]}},
    "quote": {
        "credibility": {"notes": [made_up.note("n1", "caution", about={"paragraphs": ["1"], "quote": {"exact": "Kang Hae-su"}})]}
    },
    "claim": {"claims": [{"id": "c1", "text": "saw bodies by the weir", "paragraphs": ["1"], "status": "asserted"}]},
    "source": {"source": {"csl": {"type": "report", "title": "x", "note": "told to Kang Hae-su"}}},
    "root": {"source": {"csl": {"type": "report", "title": "x"}, "root": "kang-hae-su"}},
    "history": {"history": [{"date": "2024-01-01", "by": "archive", "change": "Masked Kang Hae-su"}]},
    "recorded": {"recorded": {"date": "2001", "by": "Kang Hae-su"}},
    "reliability": {"credibility": {"source": {"reliability": "C", "basis": "Kang Hae-su says otherwise."}}},
}


@pytest.mark.parametrize("changes", REPEATED.values(), ids=REPEATED)
def test_a_header_that_repeats_withheld_words_is_a_fault(authorities: Authorities, changes: dict[str, Any]) -> None:
    """Whatever the field and the spelling; and the fault repeats nothing."""
    found = faults_of(FIRST, authorities, **changes)
    assert "words that are withheld in paragraph 1" in found
    assert not {"kang", "eleven", "weir"} & set(found.casefold().replace("-", " ").split())


def test_the_name_of_a_file_may_not_repeat_them_either(authorities: Authorities) -> None:
    """It is seen by whoever sees the folder."""
    content = made_up.record(made_up.header("NKT-9001"), FIRST).encode()
    with pytest.raises(InvalidTestimony, match="the file's name repeats words that are withheld in paragraph 1"):
        read.read(content, "testimonies/NKT-9001-kang-hae-su.md", authorities)


def test_korean_names_are_seen_with_particles(authorities: Authorities) -> None:
    """김철수 is told by 김철수의 too."""
    assert "withheld" in faults_of("<an>김철수</an>가 말했다.", authorities, title="김철수의 증언")
    assert faults_of("<an>김철수</an>가 말했다.", authorities, title="김영희의 증언") == ""


def test_a_header_may_say_what_is_not_withheld(authorities: Authorities) -> None:
    """Two words of a sentence, or one word of a name, tell nothing by themselves."""
    assert faults_of(FIRST, authorities, title="Bodies by a river; counted by another Kang") == ""


def test_check_tells_of_what_a_reader_cannot(root: Path, run: Run) -> None:
    """Words that stand open elsewhere, notes that do not travel, codes that are named, another record's statement."""
    telling = [made_up.note("n1", "caution", "It was Kang Hae-su.", **{"with": ["NKT-9001#p1"]})]
    shut = [made_up.note("n1", "recanted", "Taken back.", **{"with": ["NKT-9001#p1"]})]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001"), FIRST, SECOND, "Kang Hae-su had gone."),
        made_up.record(made_up.header("NKT-9002", credibility={"notes": telling}), "See NKT-9003."),
        made_up.record(made_up.header("NKT-9003", credibility={"notes": shut}, access={"level": "closed"})),
    )
    ran = run("check")
    assert ran.code == 1
    told = {line.partition(":")[0][12:20] + line.partition(": ")[2] for line in ran.out.splitlines() if "--bind" not in line}
    assert told == {
        "NKT-9002credibility.notes.statement: repeats words that are withheld in NKT-9001, where this note is in force",
        "NKT-9001warning: body: has words that are withheld elsewhere, or in this paragraph, and stand open here",
        "NKT-9002warning: body: names NKT-9003, which is not public",
        "NKT-9003warning: credibility.notes.1: does not reach public readers of NKT-9001: write a public note there",
    }


@pytest.mark.parametrize(("level", "said"), [("closed", True), ("restricted", True), ("public", False)])
def test_check_tells_of_caveats_that_do_not_reach_who_relies_on_them(root: Path, run: Run, level: str, said: bool) -> None:  # noqa: FBT001
    """A public record rests on one whose notes the public cannot have; where both are public, there is nothing to say."""
    relying = [{"type": "relies-on", "code": "NKT-9001"}]
    notes = {"notes": [made_up.note("n1", "recanted", "Taken back.")]}
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", credibility=notes, access={"level": level}), "First."),
        made_up.record(made_up.header("NKT-9002", relations=relying), "Second."),
    )
    told = run("check").out
    assert (
        "NKT-9001-made-up.md" in told and "does not reach public readers of NKT-9002: write a public note there" in told
    ) is said


@pytest.mark.parametrize("level", ["public", "closed"])
def test_check_tells_of_a_code_in_a_sentence_of_an_authority(root: Path, run: Run, level: str) -> None:
    """Whatever its access is today; the list of records, an id and what cites it are its places."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", access={"level": level})))
    (root / "authorities").mkdir()
    says = [{"says": "It is\nNKT-9001의 글.", "cites": [{"ref": "RFC-2119"}]}]
    conflicts = [{"id": "RFC-2119", "subject": "Made up", "records": ["NKT-9001"], "claims": says, "note": "See NKT‑9002#p1."}]
    for name, content in (("camps", {"facilities": []}), ("conflicts", {"conflicts": conflicts})):
        written = json.dumps(content, ensure_ascii=False, indent=1)
        (root / "authorities" / f"{name}.yaml").write_text(written, encoding="utf-8")
    ran = run("check")
    assert ran.code == 0
    told = [line for line in ran.out.splitlines() if "conflicts" in line]
    assert [line.partition(" in a sentence")[0] for line in told] == [
        f"authorities/conflicts.yaml:{number}: warning: conflicts.{field}: names {code}"
        for number, field, code in ((11, "says", "NKT-9001"), (19, "note", "NKT-9002"))
    ]


@pytest.mark.parametrize("written", ["NKT-9001", "nkt-9001", "NKT-9001-note"])
def test_no_authority_has_the_code_of_a_record_for_an_id(root: Path, run: Run, written: str) -> None:
    """Ids are told to everybody, so that a closed record's code would be too."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", access={"level": "closed"})))
    (root / "authorities").mkdir()
    held = json.dumps({"sources": [{"id": written, "csl": {"type": "report", "title": "Made up"}}]}, indent=1)
    (root / "authorities" / "sources.yaml").write_text(held, encoding="utf-8")
    for name in ("camps", "conflicts"):
        empty = {"camps": '{"facilities": []}', "conflicts": '{"conflicts": []}'}[name]
        (root / "authorities" / f"{name}.yaml").write_text(empty, encoding="utf-8")
    ran = run("check")
    assert ran.code == 1
    told = "authorities/sources.yaml:4: sources.id: reads as NKT-9001, the code of a record"
    assert [line for line in ran.out.splitlines() if line.startswith(told)]


def test_the_shipped_authorities_name_records_in_lists_alone() -> None:
    """So nothing in them has to be replaced for anybody."""
    nowhere = Path("/nowhere")
    assert read.naming_records(nowhere, read.read_authorities(nowhere)) == ([], [])


@given(st.lists(st.sampled_from(["NKT-9001", "NKT-9002#p1-3", "ABC-123456", " ", "은", "(", "a", "7", "-", "#p"])))
def test_what_replaces_codes_leaves_no_other_one(pieces: list[str]) -> None:
    """Whatever stands around them; a code that may be known stays, and so does all else."""
    words = "".join(pieces)
    told = text.without_codes(words, text.Known.of(["NKT-9001"]), "…")
    assert text.codes(told, strictly=True) <= {"NKT-9001"}
    assert ("NKT-9001" in text.codes(words)) == ("NKT-9001" in text.codes(told))
    if text.codes(words) <= {"NKT-9001"}:
        assert told == words


def test_a_withdrawn_record_leaves_its_code_and_that_word(root: Path, run: Run) -> None:
    """Only where it had been public; else it is as if there were none."""
    gone = {"access": {"level": "closed"}}
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", consent={"status": "withdrawn", "was_public": "true"}, **gone), "Coal."),
        made_up.record(made_up.header("NKT-9002", consent={"status": "withdrawn"}, **gone), "Coal."),
    )
    for command in ("show", "cite"):
        ran = run(command, "NKT-9001")
        assert (ran.code, ran.out) == (2, "")
        assert "NKT-9001 was withdrawn after it had been public" in ran.err
        assert "there is no testimony NKT-9002" in run(command, "NKT-9002").err
    assert run("search", "coal", "--count").out == "0 passages in 0 testimonies\n"
    passages = [each.read_bytes() for each in (root / "index" / "public" / "passages").rglob("*") if each.is_file()]
    assert passages
    assert not [content for content in passages if b"NKT-9001" in content or b"coal" in content.lower()]


def test_only_what_was_withdrawn_was_public(authorities: Authorities) -> None:
    """The word stands with no other consent."""
    assert "consent.was_public: is for consent" in faults_of("x", authorities, consent={"status": "given", "was_public": "true"})


def test_a_file_with_faults_is_counted_by_those_who_could_hope_for_it(root: Path, run: Run) -> None:
    """One that says that it is closed, also where it is cut off, is no news; one of which nothing can be told is counted."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001")))
    made_up.put(root, made_up.record(made_up.header("NKT-9002", kind="x", access={"level": "restricted"})))
    made_up.put(root, made_up.record(made_up.header("NKT-9003", kind="x", access={"level": "closed"})))
    made_up.put(root, made_up.record(made_up.header("NKT-9004", kind="x", access={"level": "x"})))
    made_up.put(root, "---\naccess: {level: closed}\n", "NKT-9005-x.md")
    made_up.put(root, "---\ntitle: x\n", "NKT-9006-x.md")
    assert "searched 1 of 3 testimonies" in " ".join(run("search").out.split())
    assert "searched 1 of 4 testimonies" in " ".join(run("--clearance", "restricted", "search").out.split())
    assert run("index").code == 1


@pytest.mark.parametrize(
    "written",
    [
        "NKT-0007",
        "NKT–0007의",
        "NKT-0007#p3–5",
        "NKT-0007-kim-made-up-name.md",
        "NKT-0001–0007",
        "NKT-0001/0007",
        "nkt-0007",
        "NKT 0007",
        "NKT_0007",
        "NKT—0007",
        "ＮＫＴ－０００７",
        "NKT\u00ad-0007",
        "NKT-\u200b0007",
    ],
)
def test_a_code_is_replaced_however_it_is_written(written: str) -> None:
    """With all that belongs to it: a slug may hold a name. What is open stays as it is."""
    told = text.without_codes(f"See {written}, and NKT-0001-open.md, nkt-0001 and kinu-2025.", text.Known.of(["NKT-0001"]), "[…]")
    assert told == f"See […]{'의' * written.endswith('의')}, and NKT-0001-open.md, nkt-0001 and kinu-2025."
    assert "NKT-0007" in text.codes(written)


@given(st.from_regex("[A-Z]{2,5}-[0-9]{4,6}", fullmatch=True))
def test_a_code_as_it_is_written_reads_as_itself_alone(code: str) -> None:
    """So that of many known codes none needs to be read."""
    assert text.codes(code) == {code}


def test_a_code_in_small_letters_is_one_whatever_its_prefix() -> None:
    """Also of a prefix that no record of this reader has; a year, a word of two parts, an id and an address are none."""
    known = text.Known.of(["NKT-0001", "rfa-202107"])
    told = "mid-1990s, post-2003, in 2012, rfa-202107, https://example.org/story-12345.html, covid-19, SEC-20210705"
    assert text.without_codes(f"See sec-0007, (abc-00012) and sec-0008-a-name.md; {told}.", known, "[…]") == (
        f"See […], ([…]) and […]; {told}."
    )
    assert text.codes("sec-0007, mid-1995", meant=known) == {"SEC-0007"}


def test_check_names_the_code_in_small_letters_that_is_replaced(root: Path, run: Run) -> None:
    """What readers get in its place is told to the keeper, as of a code in capitals."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001")))
    (root / "authorities").mkdir()
    conflicts = [{"id": "c", "subject": "Made up", "claims": [], "note": "See sec-0007, and mid-1990s."}]
    for name, content in (("camps", {"facilities": []}), ("conflicts", {"conflicts": conflicts})):
        (root / "authorities" / f"{name}.yaml").write_text(json.dumps(content), encoding="utf-8")
    assert "conflicts.note: names SEC-0007 in a sentence" in run("check").out
    authorities = read.read_authorities(root).for_readers_of(["NKT-9001"])
    assert authorities.conflicts["c"]["note"] == "See [a record that is not open], and mid-1990s."


_SAID = st.sampled_from(
    (
        "",
        "Made up.",
        "See NKT-0001.",
        "NKT-0001",
        "NKT-0002",
        "see nkt 0002, and NKT-0003/0004",
        "sec-0007",
        "mid-1990s",
        "Camp 14",
    )
)
_DATA = st.recursive(
    _SAID, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=8
)


def looked_at(value: Any, known: text.Known) -> Any:
    """Say what readers are told of a value by a look at every string of it."""
    if isinstance(value, str):
        return text.without_codes(value, known, NOT_OPEN)
    if isinstance(value, dict):
        return {name: looked_at(item, known) for name, item in value.items()}
    return [
        looked_at(item, known) for item in value if item == "" or not isinstance(item, str) or text.without_codes(item, known, "")
    ]


@given(
    st.fixed_dictionaries({part: st.dictionaries(st.sampled_from("xyz"), _DATA, max_size=2) for part in PARTS}),
    st.lists(st.sampled_from(("NKT-0001", "NKT-0002", "NKT-0004", "ZZT-0001")), max_size=2),
)
def test_what_is_taken_over_as_it_is_names_no_code(parts: dict[str, Any], codes: list[str]) -> None:
    """What names nothing like a code is shared by all readers, and written once: each is told what a plain look gives."""
    whole = Authorities.from_data(parts)
    for each in (codes, [], codes):  # the later ones take what the first has kept
        known = text.Known.of((*each, *whole.ids()))
        plainly = Authorities.from_data({part: looked_at(value, known) for part, value in parts.items()})
        told = whole.for_readers_of(each)
        assert {part: told.data(part) for part in PARTS} == {part: plainly.data(part) for part in PARTS}
        assert told.as_copy() == plainly.as_copy()
    assert whole.as_copy() == Authorities.from_data(parts).as_copy()


def test_the_control_what_was_once_held_to_be_plain_is_not_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were anything that names a code taken over as it is, the look at every string would differ."""
    parts = {part: {"x": "See NKT-0002."} for part in PARTS}
    monkeypatch.setattr(text, "may_name_a_code", lambda _: False)
    told = Authorities.from_data(parts).for_readers_of(["NKT-0001"])
    monkeypatch.undo()
    assert told.data("terms") != looked_at(parts["terms"], text.Known.of(["NKT-0001"]))


@pytest.mark.parametrize("row", ["AB-0001-", "AB-0001-x-", "AB-0001/0002 "])
def test_a_row_of_codes_takes_a_loop_and_no_stack(row: str) -> None:
    """However long: in time that grows as the text does."""
    row *= 20_000
    start = time.process_time()
    assert "AB-0001" in text.codes(row)
    assert "0001" not in text.without_codes(row, text.Known.of(["NKT-0001"]), "")
    assert time.process_time() - start < 10, "of work, whatever else the machine does"


def test_a_row_of_codes_in_a_record_hides_no_fault_of_another(root: Path, run: Run) -> None:
    """In a body, a title or a sentence of an authority file: every other file is named as ever."""
    row = "AB-0001-" * 2_000
    made_up.collection(root, made_up.record(made_up.header("NKT-9001", title=row[:9_000]), f"See {row}."))
    made_up.put(root, "no header\n", "NKT-9002-broken.md")
    (root / "authorities").mkdir()
    conflicts = [{"id": "c", "subject": "Made up", "claims": [], "note": row}]
    for name, content in (("camps", {"facilities": []}), ("conflicts", {"conflicts": conflicts})):
        (root / "authorities" / f"{name}.yaml").write_text(json.dumps(content), encoding="utf-8")
    ran = run("check")
    assert ran.code == 1
    assert "NKT-9002-broken.md:1: header: does not open" in ran.out
    assert run("search", "see", "--count").out == "1 passage in 1 testimony\n"


def test_a_slug_hides_no_other_code() -> None:
    """Of what hangs together each part is looked at."""
    told = text.without_codes(
        "NKT-0001-NKT-0007-name, NKT-0007-NKT-0008 and NKT-0001-x-nkt-0007.", text.Known.of(["NKT-0001"]), "[…]"
    )
    assert "0007" not in told
    assert "0008" not in told
    assert told.count("NKT-0001") == 2


def test_a_level_is_closed_in_doubt_about_the_file_too(authorities: Authorities) -> None:
    """What lies sealed is at least restricted, whatever its header says; a tag that never ends closes the record."""
    content = made_up.record(made_up.header("NKT-9001"), "One <an>Kang Hae-su</an> two.")
    public = read.read(content.encode(), "testimonies/NKT-9001-made-up.md", authorities)
    assert redaction.level(public) == "public"
    assert redaction.level(public._replace(path="testimonies/NKT-9001-made-up.md.age")) == "restricted"
    assert redaction.level(public._replace(body=public.body + "\nHalf <an>open.\n")) == "closed"
