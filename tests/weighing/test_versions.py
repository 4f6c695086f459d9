"""`show --versions`: the versions of one account, over any chain, and never one that may not be read."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.record.testimony import PUBLIC
from archive.search.model import Record
from archive.weighing import versions
from examples import examples
from running import Run

ENTRY = [{"date": "2001-05-06", "by": "archive", "change": "First entry"}]


def version(code: str, *relations: tuple[str, str], **changes: object) -> str:
    """Write a made-up version with its relations."""
    named = [{"type": kind, "code": other} for kind, other in relations]
    return made_up.record(made_up.header(code, relations=named, history=ENTRY, **changes), f"Made up, as told in {code}.")


@pytest.fixture
def told(root: Path) -> Path:
    """Three versions in a chain, a fourth of the same person, and one more record."""
    moved = made_up.note("n1", "revised", "Made up: moved in the third.", **{"with": ["NKT-9002#p1"]})
    other = made_up.note("n2", "translated", "Made up: told in Korean.")
    return made_up.collection(
        root,
        version("NKT-9003", ("revises", "NKT-9002"), recorded={"date": "2003"}, credibility={"notes": [moved, other]}),
        version("NKT-9002", ("revised-by", "NKT-9003"), ("revises", "NKT-9001"), recorded={"date": "2002"}),
        version("NKT-9001", ("revised-by", "NKT-9002"), recorded={"date": "2001", "by": "a made-up listener"}),
        # Written on one side alone: found from the other too.
        version("NKT-9004", ("same-person", "NKT-9001"), recorded={"date": "1999"}),
        version("NKT-9005"),
    )


@pytest.mark.parametrize("asked", ["NKT-9001", "NKT-9002", "NKT-9003", "NKT-9004"])
def test_the_whole_chain_is_found_from_any_of_its_versions(told: Path, run: Run, asked: str) -> None:
    """Earlier first, with dates, history and what tells of the change."""
    ran = run("show", asked, "--versions", "--format", "json")
    assert ran.code == 0, ran
    document = json.loads(ran.out)
    found = document["versions"]
    assert (document["schema"], document["code"]) == (1, asked)
    assert [each["code"] for each in found] == ["NKT-9004", "NKT-9001", "NKT-9002", "NKT-9003"]
    assert [(each["revises"], each["revised_by"], each["same_person"]) for each in found] == [
        ([], [], ["NKT-9001"]),
        ([], ["NKT-9002"], ["NKT-9004"]),
        (["NKT-9001"], ["NKT-9003"], []),
        (["NKT-9002"], [], []),
    ]
    assert [each["recorded"]["date"] for each in found] == ["1999", "2001", "2002", "2003"]
    assert found[0]["history"] == ENTRY
    assert [each["of_change"] for each in found] == [[], [], ["NKT-9003/n1"], ["n1"]]
    assert [[caveat["id"] for caveat in each["caveats"]] for each in found] == [[], [], ["n1"], ["n1", "n2"]]
    assert re.search(r"notes NKT-9003/n1:[0-9a-f]{8}\Z", found[2]["citation"])


def test_versions_as_text(told: Path, run: Run) -> None:
    """For a person: each with its day, its history and its caveats of change in full; the rest are counted."""
    ran = run("show", "NKT-9002", "--versions")
    text = " ".join(ran.out.split())
    assert "2. NKT-9001 Made up for a test: NKT-9001 Recorded: 2001 by a made-up listener; archive summary" in text
    assert "3. NKT-9002 Made up for a test: NKT-9002 (asked for)" in text
    assert "Revises: NKT-9001 Revised by: NKT-9003 2001-05-06, archive: First entry" in text
    assert "! REVISED (the whole record): Made up: moved in the third. [n1, archive, 2001-02-03]" in text
    assert "1 more caveat is in force in it; `testimony show NKT-9003` prints them" in text
    assert "3 other versions of NKT-9002." in text
    assert "No other version of NKT-9005 is kept here." in run("show", "NKT-9005", "--versions").out


def test_a_version_that_may_not_be_read_is_not_there(told: Path, run: Run) -> None:
    """The answer is, byte for byte, that of a collection without it; what lies behind it is not found through it."""
    file = made_up.put(told, version("NKT-9002", ("revised-by", "NKT-9003"), ("revises", "NKT-9001"), access={"level": "closed"}))
    asked = [("show", code, "--versions", "--format", form) for code in ("NKT-9001", "NKT-9003") for form in ("text", "json")]
    closed = [run(*each).out for each in asked]
    assert [each["code"] for each in json.loads(closed[1])["versions"]] == ["NKT-9004", "NKT-9001"]
    hidden = run("show", "NKT-9002", "--versions")
    file.unlink()
    assert [run(*each).out for each in asked] == closed
    assert "NKT-9002" not in "".join(closed)
    assert run("show", "NKT-9002", "--versions") == hidden
    assert hidden.code == 2


@pytest.mark.parametrize("arguments", [("NKT-9001#p1",), ("NKT-9001", "--format", "markdown")])
def test_what_does_not_go_with_versions_is_wrong_usage(told: Path, run: Run, arguments: tuple[str, ...]) -> None:
    """And not passed over."""
    assert run("show", *arguments, "--versions").code == 2


EDGES = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["revises", "revised-by", "same-person", "same-event"]), st.integers(0, 6)),
    max_size=12,
)


@examples(60)
@given(edges=EDGES)
def test_any_web_of_versions_is_gone_through_once(
    tmp_path_factory: pytest.TempPathFactory, edges: list[tuple[int, str, int]]
) -> None:
    """Rings end; all that hang together are found from each of them; what revises never comes before what it revises."""
    from archive.collection.collection import Collection
    from archive.reader import read
    from archive.record.passages import footnotes

    codes = [f"NKT-900{number}" for number in range(7)]
    own = {one: [(kind, codes[other]) for at, kind, other in edges if at == one and other != one] for one in range(7)}
    root = made_up.collection(tmp_path_factory.mktemp("web"), *(version(codes[one], *own[one]) for one in own))
    collection = Collection(root, read.read_authorities(root), PUBLIC, {})

    def find(code: str) -> Record | None:
        testimony = collection.find(code)
        return Record(testimony, tuple(collection.passages(testimony)), footnotes(testimony)) if testimony else None

    groups = {code: {code} for code in codes}
    for one, kind, other in edges:
        if kind != "same-event" and one != other:
            joined = groups[codes[one]] | groups[codes[other]]
            groups |= dict.fromkeys(joined, joined)
    revises = {(codes[one], codes[other]) for one, kind, other in edges if kind == "revises" and one != other}
    revises |= {(codes[other], codes[one]) for one, kind, other in edges if kind == "revised-by" and one != other}
    in_order = not _has_ring(revises)
    for code in codes:
        found = [each.record.testimony.code for each in versions.chain(code, find, lambda _: codes)]
        assert len(found) == len(set(found))
        assert set(found) == groups[code]
        for one, other in revises:
            assert not (in_order and one in found) or found.index(other) < found.index(one)


def _has_ring(edges: set[tuple[str, str]]) -> bool:
    left = {code for edge in edges for code in edge}
    while True:
        free = {code for code in left if not any(one == code and other in left for one, other in edges)}
        if not free:
            return bool(left)
        left -= free


@pytest.mark.parametrize(("other", "code"), [("NKT-9001", 0), ("NKT-9003", 1)])
def test_a_version_points_back_at_the_one_that_names_it(root: Path, run: Run, other: str, code: int) -> None:
    """That it says so of another record does not do."""
    third = [("revises", "NKT-9002")] if code else []
    made_up.collection(
        root,
        version("NKT-9001", ("revises", "NKT-9002")),
        version("NKT-9002", ("revised-by", other)),
        version("NKT-9003", *third),
    )
    ran = run("check")
    assert (ran.code, "NKT-9002 does not point back" in " ".join(ran.out.split())) == (code, bool(code))


def test_a_note_that_names_another_version_bears_on_both(root: Path) -> None:
    """Whatever its flag, in the version that has it as in the one that it reaches; one that names nothing bears on neither."""
    notes = [
        made_up.note("n1", "contradicted", about={"paragraphs": [1]}, **{"with": ["NKT-9002#p1"]}),
        made_up.note("n2", "caution", about={"paragraphs": [1]}),
    ]
    one = version("NKT-9001", ("revises", "NKT-9002"), credibility={"notes": notes})
    made_up.collection(root, one, version("NKT-9002", ("revised-by", "NKT-9001")))
    with Archive(root) as archive:
        found = {each.record.testimony.code: [note.id for note in each.bearing] for each in archive.versions("NKT-9001")}
    assert found == {"NKT-9001": ["n1"], "NKT-9002": ["n1"]}
