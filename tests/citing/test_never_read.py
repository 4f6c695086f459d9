"""A record that nobody could ever read: who relies on it, or is named in it, says that caveats may be missing.

One too many, never one too few. All made up.
"""

import json
from pathlib import Path

import pytest

import made_up
from archive.collection.last_read import MISSING, NAMED, RELIES
from archive.formats.registry import FORMATS
from running import Run

RELIES_ON = [{"type": "relies-on", "code": "ZZT-0008"}]
TOOK_BACK = "Made up: all of this was taken back."


def middle(**changes: object) -> str:
    """Return the record between the two, which has what the others' caveats would come through."""
    return made_up.record(
        made_up.header("ZZT-0008", relations=[{"type": "relies-on", "code": "ZZT-0003"}], **changes), "Between."
    )


BROKEN = {
    "an unknown key": middle().replace("---\n", "---\nkye: 1\n", 1),
    "no YAML": middle().replace("---\n", "---\ntopics: [a\n", 1),
    "cut off": middle()[:40],
    "empty": "",
    "no header": "Only words, made up.",
}


@pytest.fixture
def archive(root: Path) -> Path:
    """Three records, one of which relies on what lies there broken from the first."""
    taken = made_up.note("n1", "recanted", TOOK_BACK)
    return made_up.collection(
        root,
        made_up.record(made_up.header("ZZT-0003", credibility={"notes": [taken]}), "I dug made-up coal."),
        made_up.record(made_up.header("ZZT-0007", relations=RELIES_ON, topics=["torture"]), "What the made-up report says."),
        made_up.record(made_up.header("ZZT-0009", relations=[{"type": "relies-on", "code": "ZZT-0007"}]), "A made-up third."),
        made_up.record(made_up.header("ZZT-0010"), "A made-up bystander."),
    )


def put(root: Path, content: str) -> Path:
    """Put the record between the two there, whatever is in it."""
    file = root / "testimonies" / "ZZT-0008-made-up.md"
    file.write_text(content, encoding="utf-8")
    return file


def bare(text: str) -> str:
    """Return the words alone."""
    return "".join(filter(str.isalnum, text)).casefold()


@pytest.mark.parametrize("broken", BROKEN)
def test_who_relies_on_what_was_never_read_says_so(archive: Path, tmp_path: Path, run: Run, broken: str) -> None:
    """In every format, at first and at second hand; who does not is served as before; and it is gone once the file is mended."""
    file = put(archive, BROKEN[broken])
    told = bare(f"{RELIES} {MISSING}")
    for form in FORMATS:
        assert told in bare(run("search", "code:ZZT-0007", "--format", form, "--all").out), form
    assert told in bare(run("excerpt", "ZZT-0009#p1").out)
    assert bare(MISSING) not in bare(run("excerpt", "ZZT-0010#p1").out)
    assert "ZZT-0008" not in run("excerpt", "ZZT-0007#p1").out
    cited = tmp_path / "cited.txt"
    cited.write_text(run("excerpt", "ZZT-0007#p1").out, encoding="utf-8")
    assert run("verify", str(cited)).code == 0
    file.write_text(middle(), encoding="utf-8")
    mended = run("excerpt", "ZZT-0007#p1").out
    assert bare(MISSING) not in bare(mended)
    assert bare(TOOK_BACK) in bare(mended)
    assert run("verify", str(cited)).code == 1


def test_a_citation_of_before_is_not_vouched_for(archive: Path, run: Run) -> None:
    """The caveat was added since: what was cited when nothing lay there."""
    cited = run("cite", "ZZT-0007#p1").out.strip()
    assert run("verify", cited).code == 0
    put(archive, BROKEN["no YAML"])
    ran = run("verify", cited)
    assert ran.code == 1
    assert "caveat added since" in ran.out


def test_who_is_named_in_its_header_says_so(archive: Path, run: Run) -> None:
    """It may hold a note against them; one that is named in its words alone is not."""
    note = made_up.note("n1", "contradicted", **{"with": ["ZZT-0003#p1"]})
    head = made_up.header("ZZT-0008", credibility={"notes": [note]})
    put(archive, made_up.record(head, "As ZZT-0010 says.").replace("---\n", "---\nkye: 1\n", 1))
    told = bare(f"{NAMED} {MISSING}")
    assert told in bare(run("excerpt", "ZZT-0003#p1").out)
    assert told not in bare(run("excerpt", "ZZT-0010#p1").out)


def test_one_that_says_that_it_is_closed_is_told_to_nobody(archive: Path, run: Run) -> None:
    """Nor does its fault tell of it; `check` names to keepers what hangs on it."""
    before = run("excerpt", "ZZT-0007#p1").out
    closed = middle(access={"level": "closed"}).replace("---\n", "---\nkye: 1\n", 1)
    put(archive, closed)
    assert run("excerpt", "ZZT-0007#p1").out == before


def test_one_that_was_closed_when_it_could_be_read_is_told_to_nobody(archive: Path, run: Run) -> None:
    """Though its header is cut off now, so that it does not say so any more; also at every later look."""
    put(archive, middle(access={"level": "closed"}))
    before = run("excerpt", "ZZT-0007#p1").out
    assert bare(MISSING) not in bare(before)
    for number in range(3):
        put(archive, f"---\nschema: 1\n{'#' * number}")
        assert run("excerpt", "ZZT-0007#p1").out == before
        run("index")


def test_nobody_learns_of_it_by_its_code(archive: Path, run: Run) -> None:
    """To a reader it is a code like any that is not there."""
    put(archive, BROKEN["no YAML"])
    ran = run("show", "ZZT-0008")
    assert (ran.code, "there is no testimony" in ran.err) == (2, True)
    found = json.loads(run("verify", "ZZT-0008#p1 sha256:0123456789abcdef", "--format", "json").out)["citations"]
    assert [each["outcome"] for each in found] == ["unknown"]
