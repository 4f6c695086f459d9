"""What public words may tell of records that are not public: every field is looked at, and every way not to be public."""

from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.access import exposure
from archive.collection import checks
from archive.errors import Fault
from archive.reader import read
from archive.record.testimony import Testimony

NAMING = "As in NKT-9003, made up."
SEALED = b"age-encryption.org/v1\n-> made up\n"


def _claim(words: str) -> dict[str, Any]:
    return {"id": "c1", "text": words, "paragraphs": ["1"], "status": "asserted"}


PLACES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "title": ({"title": NAMING}, ("One.",)),
    "credibility.notes": ({"credibility": {"notes": [made_up.note("n1", "caution", NAMING)]}}, ("One.",)),
    "claims.0": ({"claims": [_claim(NAMING)]}, ("One.",)),
    "history.0": ({"history": [{"date": "2024-05-06", "by": "archive", "change": NAMING}]}, ("One.",)),
    "body": ({}, ("One.", NAMING)),
    "body, a heading": ({}, (f"# {NAMING}", "One.")),
    "body, a footnote": ({}, ("One[^1].", f"[^1]: {NAMING}")),
}
NOT_PUBLIC: dict[str, dict[str, Any]] = {
    "closed": {"access": {"level": "closed"}},
    "restricted": {"access": {"level": "restricted"}},
    "of unknown consent": {"access": {"level": "restricted"}, "consent": {"status": "unknown"}},
    "withdrawn": {"consent": {"status": "withdrawn"}, "access": {"level": "closed"}},
}
TOLD_OF: dict[str, dict[str, Any]] = {
    "public": {},
    "withdrawn after it had been public": {
        "consent": {"status": "withdrawn", "was_public": "true"},
        "access": {"level": "closed"},
    },
}


def named(root: Path) -> list[Fault]:
    """Return the warnings of codes that the public must not know of."""
    return [each for each in checks.check(root).warnings if each.message == "names NKT-9003, which is not public"]


def naming(place: str) -> str:
    """Write a record that names the code in one place."""
    changes, paragraphs = PLACES[place]
    return made_up.record(made_up.header("NKT-9001", **changes), *paragraphs)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", [*NOT_PUBLIC, "sealed"])
def test_a_code_of_a_record_that_is_not_public_is_named_wherever_it_stands(root: Path, place: str, kind: str) -> None:
    """In each field of a public record, and however the other is shut: closed, restricted, withdrawn, sealed and not opened."""
    made_up.collection(root, naming(place))
    if kind == "sealed":
        (root / "testimonies" / "NKT-9003.md.age").write_bytes(SEALED)
    else:
        made_up.put(root, made_up.record(made_up.header("NKT-9003", **NOT_PUBLIC[kind])))
    assert [each.field for each in named(root)] == [place.partition(",")[0]]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", TOLD_OF)
def test_a_code_that_the_public_knows_of_is_not_named(root: Path, place: str, kind: str) -> None:
    """A control: also of what was withdrawn after it had been public the code stays."""
    made_up.collection(root, naming(place), made_up.record(made_up.header("NKT-9003", **TOLD_OF[kind])))
    assert named(root) == []


def test_a_code_in_withheld_words_is_told_to_nobody(root: Path) -> None:
    """Nor is there anything to warn of in a record that is shut itself."""
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001"), "See <res>the account NKT-9003</res>."),
        made_up.record(made_up.header("NKT-9002", title=NAMING, access={"level": "closed"}), NAMING),
        made_up.record(made_up.header("NKT-9003", access={"level": "closed"})),
    )
    assert named(root) == []


def messages(root: Path) -> list[str]:
    """Return everything that `check` says of who misses what, and of what is withheld."""
    report = checks.check(root)
    return [f"{each.path[12:20]} {each.field}: {each.message}" for each in (*report.faults, *report.warnings)]


def test_what_restricted_readers_alone_miss_is_named_too(root: Path) -> None:
    """A restricted record that rests on another through a closed one: the public has neither, and misses nothing."""
    limited, taken = {"access": {"level": "restricted"}}, {"notes": [made_up.note("n1", "recanted")]}

    def relies(code: str) -> dict[str, Any]:
        return {"relations": [{"type": "relies-on", "code": code}]}

    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", **limited, **relies("NKT-9002"))),
        made_up.record(made_up.header("NKT-9002", access={"level": "closed"}, **relies("NKT-9003"))),
        made_up.record(made_up.header("NKT-9003", **limited, credibility=taken)),
    )
    told = [each for each in messages(root) if "at clearance" in each]
    assert [each.partition(": its")[0] for each in told] == ["NKT-9001 relations: at clearance restricted"]


HALF = ("<res>Nobody sees this.</res>", "Everybody sees this.")


@pytest.mark.parametrize(("numbers", "said"), [(["1"], True), (["1", "2"], False), (["2"], False)])
def test_what_is_said_of_paragraphs_that_nobody_sees_is_named_where_none_of_them_is_seen(
    root: Path, numbers: list[str], said: object
) -> None:
    """A claim and a note on withheld paragraphs alone; not where one of them is open."""
    claim = {**_claim("made up"), "paragraphs": numbers}
    head = made_up.header(
        "NKT-9001", claims=[claim], credibility={"notes": [made_up.note("n1", "caution", about={"paragraphs": numbers})]}
    )
    made_up.collection(root, made_up.record(head, *HALF))
    told = [each for each in messages(root) if "wholly withheld" in each]
    assert len(told) == (2 if said else 0)


@pytest.mark.parametrize(
    ("relation", "level", "faulty"),
    [("relies-on", "public", True), ("same-event", "public", False), ("relies-on", "closed", False)],
)
def test_a_note_may_not_repeat_what_a_record_withholds_that_relies_on_it(
    root: Path, relation: str, level: str, faulty: object
) -> None:
    """It is in force there. That of a record which is about the same event is not, and that of a closed one is read by nobody."""
    telling = {"notes": [made_up.note("n1", "caution", "It was Kang Hae-su.")]}
    made_up.collection(
        root,
        made_up.record(
            made_up.header("NKT-9001", relations=[{"type": relation, "code": "NKT-9002"}]), "By <an>Kang Hae-su</an>."
        ),
        made_up.record(made_up.header("NKT-9002", credibility=telling, access={"level": level})),
    )
    told = [each for each in messages(root) if "repeats words that are withheld in NKT-9001" in each]
    assert told == (
        ["NKT-9002 credibility.notes.statement: " + "repeats words that are withheld in NKT-9001, where this note is in force"]
        if faulty
        else []
    )


@pytest.mark.parametrize(("until", "lapsed"), [("2026-11-20", True), ("2026-11-21", False), ("2026-11-22", False), ("", False)])
def test_a_record_is_held_back_until_its_day_is_over(until: str, lapsed: object) -> None:
    """On the day itself it has not passed."""
    access = {"level": "restricted", **({"until": until} if until else {})}
    content = made_up.record(made_up.header("NKT-9001", access=access)).encode()
    testimony = read.read(content, "testimonies/NKT-9001-made-up.md", read.read_authorities(Path("/nowhere")))
    assert exposure.is_lapsed(testimony, 20261121) is lapsed


@pytest.mark.parametrize("level", ["public", "restricted", "closed"])
def test_a_public_note_may_not_repeat_what_is_withheld_in_the_record_it_is_held_against(root: Path, level: str) -> None:
    """Whoever may read that one: the note is read by everybody."""
    telling = {"notes": [made_up.note("n1", "contradicted", "It was Kang Hae-su.", **{"with": ["NKT-9001#p1"]})]}
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", access={"level": level}), "By <an>Kang Hae-su</an>."),
        made_up.record(made_up.header("NKT-9002", credibility=telling)),
    )
    assert [each.field for each in checks.check(root).faults] == ["credibility.notes.statement"]


def test_a_note_of_a_closed_record_is_missed_by_readers_of_public_ones_alone(root: Path) -> None:
    """It is held against a public record and a closed one, and the first is named."""
    against = {"notes": [made_up.note("n1", "contradicted", **{"with": ["NKT-9001#p1", "NKT-9002#p1"]})]}
    closed = {"access": {"level": "closed"}}
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001")),
        made_up.record(made_up.header("NKT-9002", **closed)),
        made_up.record(made_up.header("NKT-9003", credibility=against, **closed)),
    )
    told = [each.partition(": ")[2] for each in messages(root) if "does not reach" in each]
    assert told == ["does not reach public readers of NKT-9001: write a public note there"]


def test_a_note_on_the_whole_of_a_record_that_withholds_words_is_on_no_withheld_paragraph(root: Path) -> None:
    """Also where one is wholly withheld there is nothing to look at."""
    made_up.collection(
        root, made_up.record(made_up.header("NKT-9001", credibility={"notes": [made_up.note("n1", "caution")]}), *HALF)
    )
    assert [each for each in messages(root) if "wholly withheld" in each] == []


def test_two_records_that_a_closed_one_ties_are_named_though_it_points_at_neither() -> None:
    """They are one voice through it, whichever side says so."""

    def voice(code: str, *others: str) -> Testimony:
        head = made_up.header(code, relations=[{"type": "same-person", "code": other} for other in others])
        return read.read(made_up.record(head).encode(), f"testimonies/{code}-made-up.md", read.read_authorities(Path("/nowhere")))

    records = {each.code: each for each in (voice("NKT-9001", "NKT-9003"), voice("NKT-9002", "NKT-9003"), voice("NKT-9003"))}
    told = dict(exposure.differences(records, {"NKT-9001", "NKT-9002"}))
    assert {code: message.partition(", which")[0] for code, message in told.items()} == {
        "NKT-9001": "its readers cannot tell that it is one voice with NKT-9002",
        "NKT-9002": "its readers cannot tell that it is one voice with NKT-9001",
    }
