"""Hostile input ends in an exit code that is documented and in one clear line; nothing is run, and the rest is served.

A sample; ``python bench/endurance.py --full`` takes whole lists.
"""

import json
import os
from pathlib import Path

import pytest

import endurance
import hostile
import made_up
from archive.archive import Archive
from examples import TIMES

PARTS = 4
STRIDE = max(PARTS, 32 // TIMES)
"""Every eighth string is put everywhere, every fourth into records; in a long run every one."""
WAS_RUN = Path("/tmp/was-run")  # noqa: S108 - what the hostile strings would make


@pytest.fixture
def good(root: Path) -> Path:
    """A collection with two sound records."""
    return made_up.collection(root, *(endurance.record(number, f"Coal, {number}.") for number in (1, 2)))


@pytest.fixture(autouse=True)
def _nothing_was_run() -> None:
    yield
    assert not WAS_RUN.exists()


@pytest.mark.parametrize("part", range(PARTS))
def test_strings_that_break_programs_are_words_like_others(good: Path, part: int) -> None:
    """As query, filter, name, code, reference and title: an answer, or one line and a code."""
    done = hostile.asked(good, hostile.commands(hostile.STRINGS[part * STRIDE // PARTS :: STRIDE]))
    assert hostile.faults(done) == []
    assert {each.code for each in done} <= {0, 1, 2, 15}


def test_queries_that_eat_time_and_memory_end_soon(good: Path) -> None:
    """A hundred thousand letters, a thousand parentheses, ten thousand words, patterns and misspellings."""
    done = hostile.asked(good, [["search", *how, "--", words] for words in hostile.large() for how in ([], ["--plain"])])
    assert hostile.faults(done) == []
    assert {each.code for each in done} <= {0, 2}


def test_control_a_defect_and_a_hang_are_seen(good: Path) -> None:
    """What the suite calls clean is not just anything."""
    bad = hostile.Asked(["x"], 70, "", "Error: KeyError", 0.0)
    silent = bad._replace(code=2, err="")
    loud = bad._replace(code=0, out="\x1b[31m")
    hung = bad._replace(code=-1, err="hangs")
    assert len(hostile.faults([bad, silent, loud, hung])) == 4


def test_headers_that_run_or_explode_are_refused(good: Path) -> None:
    """Each is named with its file, whatever it is, and the sound records are found."""
    for number, content in enumerate(hostile.HEADERS):
        made_up.put(good, content, f"NKT-92{number:02d}-hostile.md")
    checked, found = hostile.asked(good, [["check"], ["search", "coal", "--count"]])
    assert hostile.faults([checked, found]) == []
    assert checked.code == 1
    named = {line.partition(":")[0] for line in checked.out.splitlines() if ": warning" not in line}
    assert named == {f"testimonies/NKT-92{number:02d}-hostile.md" for number in range(len(hostile.HEADERS))}
    assert found.code == 0
    assert "4 passages" in found.out
    assert f"{len(hostile.HEADERS)} files could not be read" in found.err


def test_links_pipes_giants_and_twins_are_named_and_never_read(good: Path) -> None:
    """Nothing outside is opened, nothing waits, nothing large is loaded; the sound records are found."""
    strange = hostile.put_strange_files(good)
    checked, found, shown = hostile.asked(good, [["check"], ["search", "coal", "--count"], ["search", "secretword"]])
    assert hostile.faults([checked, found, shown]) == []
    assert len({line.split(": ")[0] for line in checked.out.splitlines() if ": warning" not in line}) == strange
    assert "4 passages" in found.out
    assert shown.out.startswith("0 passages in 0 testimonies")


@pytest.mark.parametrize("where", ["title", "name", "body", "statement", "file"])
def test_strings_that_break_programs_in_a_record(good: Path, where: str) -> None:
    """A record with them is read or refused with a reason; what is printed of it has no control character."""
    taken = []
    for number, each in enumerate(hostile.STRINGS[:: STRIDE // 8 or 1]):
        code = f"NKT-9{300 + number}"
        head = made_up.header(code, credibility={"notes": [made_up.note("n1", "caution", each if where == "statement" else "x")]})
        if where == "title":
            head["title"] = each
        if where == "name":
            head["witness"]["name"] = each
        content = made_up.record(head, f"A word, {each} and another." if where == "body" else "A word.")
        name = f"{code}-{each if where == 'file' else 'x'}.md"
        try:
            made_up.put(good, content.encode("utf-8", "surrogatepass"), name)
        except (OSError, ValueError):
            continue  # no file can be called that
        taken.append(code)
    asking = [["check"], ["search", "word", "--all"], ["search", "word", "--all", "--format", "markdown"], ["index"]]
    done = hostile.asked(good, [*asking, *(["show", code] for code in taken[::4])])
    assert hostile.faults(done) == []
    assert len(taken) > 15
    with Archive(good) as room:
        assert {"NKT-9001", "NKT-9002"} <= set(room.codes())
        json.dumps([record.testimony for record in room.records()])


@pytest.mark.parametrize("kind", ["fifo", "folder", "link", "giant"])
def test_an_authority_file_that_is_none_stops_everything(good: Path, kind: str) -> None:
    """It is never passed over for the shipped one, and nothing waits for it."""
    (good / "authorities").mkdir()
    file = good / "authorities/flags.yaml"
    if kind == "fifo":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "link":
        file.symlink_to(good / "nowhere")
    else:
        with file.open("wb") as opened:
            opened.truncate(400_000_000)
    done = hostile.asked(good, [["search", "coal"], ["check"]])
    assert hostile.faults(done) == []
    assert {each.code for each in done} == {12}
    assert all("authorities/flags.yaml:1: file:" in each.err for each in done)


def test_a_collection_on_a_disk_that_cannot_be_written_is_searched_in_memory(good: Path) -> None:
    """And that is said, once."""
    told: list[str] = []
    disk = endurance.Watched(good, endurance.Fault(endurance.errno.EROFS, 0, lasting=True))
    with disk.on(), Archive(good, say=told.append) as room:
        assert len(room.codes()) == 2
    assert told == ["the index cannot be written (Read-only file system); searching in an index in memory"]
    assert not (good / "index").exists()
