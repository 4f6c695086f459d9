"""What a record claims to rest on: of the text that was read, borne out by another root, no status above its notes."""

from pathlib import Path
from typing import Any

import pytest

import made_up
from running import Run

WORKS = """sources:
  - {id: book, csl: {type: book, title: Made up for a test}, seen: not-seen}
  - {id: page, csl: {type: webpage, title: Made up for a test}, seen: whole}
  - {id: other, csl: {type: report, title: Made up for a test}, seen: whole}
  - {id: mirror, csl: {type: webpage, title: Made up for a test}, seen: whole, citable: 'no'}
  - {id: lead, csl: {type: webpage, title: Made up for a test}, seen: whole, citable: lead}
"""
FIRST = "One made-up thing was told."
SECOND = "Another made-up thing was told."


def told(root: Path, run: Run, *headers: dict[str, Any]) -> list[str]:
    """Return the warnings of `check` on these records that are of what is tested here."""
    (root / "authorities").mkdir(parents=True, exist_ok=True)
    (root / "authorities" / "sources.yaml").write_text(WORKS, encoding="utf-8")
    (root / "authorities" / "conflicts.yaml").write_text("conflicts: []\n", encoding="utf-8")
    (root / "authorities" / "camps.yaml").write_text("facilities: []\n", encoding="utf-8")
    made_up.collection(root, *(made_up.record(header, FIRST, SECOND) for header in headers))
    ran = run("check")
    assert ran.code == 0, ran.out + ran.err
    lines = [line.partition(": warning: ")[2] for line in ran.out.splitlines()]
    return [line for line in lines if line and "could slide to other words" not in line]


def header(code: str = "NKT-9001", **changes: Any) -> dict[str, Any]:
    """Return a header with a source of the list."""
    base = {"source": {"ref": "page", "root": "a-root", "seen": "whole"}, "text": {"rendering": "summary", "of": "page"}}
    return made_up.header(code, **{**base, **changes})


def claim(status: str, *paragraphs: int, name: str = "c1") -> dict[str, Any]:
    """Return a claim."""
    return {"id": name, "text": "made up", "paragraphs": list(paragraphs or (1,)), "status": status, "topics": ["hunger"]}


def noted(*notes: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a header that holds notes."""
    return {"notes": list(notes)}


UNREAD = "was not seen; a record is of the text that was read, which is source.through (page)"


@pytest.mark.parametrize(
    ("of", "source", "said"),
    [
        ("book", {"ref": "book", "seen": "not-seen", "through": "page"}, [f"text.of: book {UNREAD}"]),
        ("page", {"ref": "book", "seen": "not-seen", "through": "page"}, []),
        ("other", {"ref": "page", "seen": "whole"}, ["text.of: other is neither source.ref nor source.through"]),
        ("page", {"ref": "page", "seen": "in-part", "through": "other"}, []),
        ("other", {"ref": "page", "seen": "in-part", "through": "other"}, []),
        ("book", {"ref": "page", "seen": "whole", "through": "book"}, ["text.of: book was not seen, by sources.yaml"]),
        ("page", {"ref": "page"}, []),
        (
            "book",
            {"ref": "book", "seen": "whole"},
            [
                "source.seen: is whole, and sources.yaml says that book was not seen",
                "text.of: book was not seen, by sources.yaml",
            ],
        ),
    ],
)
def test_a_record_is_of_the_text_that_was_read(root: Path, run: Run, of: str, source: dict[str, str], said: list[str]) -> None:
    """What nobody opened is no text that a record can be of."""
    found = told(root, run, header(text={"rendering": "summary", "of": of}, source=source))
    assert len(found) == len(said), found
    assert all(line.startswith(start) for line, start in zip(sorted(found), sorted(said), strict=True)), found


def test_a_record_that_does_not_say_of_what_it_is_needs_no_work(root: Path, run: Run) -> None:
    """Records of older versions and those with the fields of their work in the header stay as they are."""
    assert told(root, run, header(text={"rendering": "summary"}), made_up.header("NKT-9002")) == []


ALONE = "credibility.notes.1.cites: corroborates by nothing but the record's own source"


@pytest.mark.parametrize(
    ("note", "is_weak"),
    [
        ({"cites": [{"ref": "page"}]}, True),
        ({}, True),
        ({"cites": [{"ref": "mirror"}, {"ref": "lead"}]}, True),
        ({"cites": [{"ref": "other"}]}, False),
        ({"cites": [{"ref": "page"}, {"ref": "other"}]}, False),
        ({"cites": [{"ref": "page"}], "with": ["NKT-9002#p1"]}, False),
        ({"cites": [{"ref": "page"}], "with": ["NKT-9003#p1"]}, True),
        ({"cites": [{"ref": "page"}], "with": ["NKT-9004#p1"]}, True),
        ({"cites": [{"ref": "book"}]}, True),
    ],
)
def test_what_corroborates_has_another_root(root: Path, run: Run, note: dict[str, Any], *, is_weak: bool) -> None:
    """Not the work itself or another of its root, none that bears nobody out, no record of the same or of no known root."""
    found = told(
        root,
        run,
        header(credibility=noted(made_up.note("n1", "corroborated", **note))),
        header("NKT-9002", source={"ref": "other", "root": "another-root", "seen": "whole"}, text={"rendering": "summary"}),
        header("NKT-9003", source={"ref": "book", "root": "A-Root"}, text={"rendering": "summary"}),
        header("NKT-9004", source={"ref": "mirror"}, text={"rendering": "summary"}),
    )
    assert [line.startswith(ALONE) for line in found] == ([True] if is_weak else [])


def test_a_corroborated_claim_needs_a_note_in_force_at_each_of_its_paragraphs(root: Path, run: Run) -> None:
    """One that was replaced, one elsewhere and one that cites the work itself say by nobody."""
    whole = made_up.note("n1", "corroborated", cites=[{"ref": "other"}])
    taken_back = made_up.note("n2", "caution", replaces="n1")
    both = header(claims=[claim("corroborated", 1, 2)], credibility=noted(whole, taken_back))
    said = "claims.1.status: is corroborated, and no note in force at paragraph {} says by whom"
    assert said.format("1 and 2").replace("paragraph ", "paragraphs ") in told(root, run, both)
    elsewhere = {**whole, "about": {"paragraphs": [1]}}
    assert told(root, run, header(claims=[claim("corroborated", 1, 2)], credibility=noted(elsewhere))) == [said.format(2)]
    assert told(root, run, header(claims=[claim("corroborated", 1)], credibility=noted(elsewhere))) == []
    assert told(root, run, header(claims=[claim("corroborated", 1, 2)], credibility=noted(whole))) == []
    itself = made_up.note("n1", "corroborated", cites=[{"ref": "page"}])
    assert any(
        "no note in force at paragraph 1" in line
        for line in told(root, run, header(claims=[claim("corroborated")], credibility=noted(itself)))
    )


def test_another_records_note_bears_a_claim_out(root: Path, run: Run) -> None:
    """Where it names the paragraph in ``with``, has another root and may corroborate itself."""
    mine = header(claims=[claim("corroborated", 1)])
    note = made_up.note("n1", "corroborated", **{"cites": [{"ref": "page"}], "with": ["NKT-9001#p1"]})
    theirs = {"source": {"ref": "other", "root": "another-root", "seen": "whole"}, "text": {"rendering": "summary"}}
    assert told(root, run, mine, header("NKT-9002", credibility=noted(note), **theirs)) == []
    elsewhere = {**note, "with": ["NKT-9001#p2"]}
    assert len(told(root, run, mine, header("NKT-9002", credibility=noted(elsewhere), **theirs))) == 1
    same = {"source": {"ref": "other", "root": "a-root", "seen": "whole"}, "text": {"rendering": "summary"}}
    assert len(told(root, run, mine, header("NKT-9002", credibility=noted(note), **same))) == 2


@pytest.mark.parametrize(
    ("status", "flag", "is_above"),
    [
        ("corroborated", "lead-only", True),
        ("corroborated", "contradicted", True),
        ("corroborated", "caution", False),
        ("maintained", "recanted", True),
        ("asserted", "recanted", True),
        ("asserted", "contradicted", False),
        ("recanted", "recanted", False),
        ("disputed", "contradicted", False),
    ],
)
def test_a_status_never_stands_above_a_note(root: Path, run: Run, status: str, flag: str, *, is_above: bool) -> None:
    """And the claim beside it on the same paragraph may take the note up."""
    bears = made_up.note("n1", "corroborated", cites=[{"ref": "other"}])
    speaks = made_up.note("n2", flag, about={"paragraphs": [1]})
    found = told(root, run, header(claims=[claim(status)], credibility=noted(bears, speaks)))
    said = f"claims.1.status: is {status}, which stands above a note ({flag}) in force at paragraph 1"
    assert found == ([said] if is_above else [])
    beside = [claim(status), claim("recanted", name="c2")]
    assert told(root, run, header(claims=beside, credibility=noted(bears, speaks))) == []


@pytest.mark.parametrize(
    ("topics", "paragraphs", "said"),
    [
        ([], [1], "has no topic"),
        ([], [1, 2], "has no topic"),
        (["hunger", "torture"], [1, 2], "has 2 topics and touches paragraphs 1 and 2"),
        (["hunger", "torture"], [1], ""),
        (["hunger"], [1, 2], ""),
    ],
)
def test_a_claim_is_on_what_each_of_its_paragraphs_speaks_of(
    root: Path, run: Run, topics: list[str], paragraphs: list[int], said: str
) -> None:
    """One without a topic is found by none; one on several topics and paragraphs has each found for what it may not say."""
    made = {**claim("asserted", *paragraphs), "topics": topics}
    found = told(root, run, header(claims=[made]))
    assert len(found) == bool(said)
    assert all(line.startswith(f"claims.1.topics: {said}") for line in found)


CARRIED = "claims.2.period: is rejected and carries 1987/1994 along, which c1 has as it stands; reject the wrong element alone"


@pytest.mark.parametrize(("status", "period"), [("rejected", "1987"), ("rejected", "XXXX"), ("disputed", "1987/1994")])
def test_what_is_rejected_by_itself_is_not_warned_of(root: Path, run: Run, status: str, period: str) -> None:
    """Neither where its span is its own, nor where it has none, nor where it is but disputed."""
    claims = [{**claim("asserted"), "period": "1987/1994"}, {**claim(status, name="c2"), "period": period}]
    assert not [each for each in told(root, run, header(claims=claims)) if each.startswith("claims.2.period")]


@pytest.mark.parametrize("standing", ["asserted", "maintained", "disputed"])
def test_what_is_rejected_carries_no_true_span_along(root: Path, run: Run, standing: str) -> None:
    """A span that another claim has as it stands is not rejected with the wrong element; a disputed one stands for nothing."""
    claims = [{**claim(standing), "period": "1987/1994"}, {**claim("rejected", name="c2"), "period": "1987/1994"}]
    found = [each for each in told(root, run, header(claims=claims)) if each.startswith(CARRIED)]
    assert bool(found) is (standing != "disputed")


@pytest.mark.parametrize(
    ("words", "basis", "place"),
    [
        ("he concluded that they were shot", "first-hand", ["claims.1.basis"]),
        ("she inferred it from the noise", "eyewitness", ["claims.1.basis"]),
        ("he concluded that they were shot", "inferred", []),
        ("held without trial; believers met", "first-hand", []),
    ],
)
def test_what_was_inferred_was_not_seen(root: Path, run: Run, words: str, basis: str, place: list[str]) -> None:
    """A claim whose words tell of an inference is asked for that basis."""
    lines = told(root, run, header(claims=[{**claim("asserted"), "text": words, "basis": basis}]))
    assert [line.partition(": ")[0] for line in lines if "inferred (" in line] == place
