"""How much a command reads: no reader's command opens the records, and what needs no words reads no passage."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

import made_up
from archive.engine.whoosh.segment.postings import Passages
from running import ask_program

RECORDS, PASSAGES = 30, 5
OPENED: Counter[str] = Counter()
LISTENING = False


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if LISTENING and event == "open" and isinstance(arguments[0], str | bytes):
        OPENED[os.fsdecode(arguments[0])] += 1


sys.addaudithook(_listen)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up collection with an index, where some records rely on the next."""
    root = tmp_path_factory.mktemp("many")
    camps = [{"camp": "kwalliso-18", "period": "1985", "as": "prisoner", "basis": "first-hand"}]
    for number in range(1, RECORDS + 1):
        relations = [{"type": "relies-on", "code": f"NKT-{9001 + number}"}] if number % 7 == 0 else []
        notes = {"notes": [made_up.note("n1", "recanted", f"Made up: taken back by {number}.")]}
        head = made_up.header(f"NKT-{9000 + number}", topics=["torture"], camps=camps, relations=relations, credibility=notes)
        made_up.put(root, made_up.record(head, *(f"Made-up paragraph {each} of {number}." for each in range(PASSAGES))))
    assert ask_program(root, "index").code == 0
    return root


@pytest.fixture
def opened() -> Iterator[Counter[str]]:
    """Yield what this process opens while a test runs, by path."""
    global LISTENING  # noqa: PLW0603 - a hook of Python cannot be taken away again
    OPENED.clear()
    LISTENING = True
    yield OPENED
    LISTENING = False


def records(opened: Counter[str]) -> dict[str, int]:
    """Return the records that were opened, and how often each."""
    return {Path(path).name: often for path, often in opened.items() if path.endswith(".md")}


READING = [
    ("stats",),
    ("list",),
    ("facets",),
    ("search", "paragraph", "--all"),
    ("show", "NKT-9007"),
    ("show", "NKT-9007", "--versions"),
    ("excerpt", "NKT-9007#p1"),
    ("cite", "NKT-9007#p1"),
    ("compare", "--topic", "torture"),
    ("compare", "--camp", "18"),
    ("camps", "18"),
    ("witness", "made-up"),
    ("dossier", "paragraph", "--output", "-", "--format", "md"),
]


@pytest.mark.parametrize("question", READING, ids=" ".join)
def test_no_record_is_opened_where_the_index_is_fresh(many: Path, opened: Counter[str], question: tuple[str, ...]) -> None:
    """Whatever is asked, it is answered from the index."""
    assert ask_program(many, *question).code == 0
    assert records(opened) == {}


def test_what_a_citation_takes_is_that_record_alone(many: Path, opened: Counter[str]) -> None:
    """None where it stands; where its words have changed, at most the file that is cited, and once."""
    cited = ask_program(many, "cite", "NKT-9007#p1").out.strip()
    assert ask_program(many, "verify", cited).code == 0
    assert records(opened) == {}
    changed = ask_program(many, "verify", "NKT-9007#p1 sha256:0123456789abcdef")
    assert changed.code == 1
    assert "CHANGED" in changed.out
    assert records(opened).items() <= {"NKT-9007-made-up.md": 1}.items()


def test_the_control_a_record_that_changed_is_opened(many: Path, opened: Counter[str]) -> None:
    """What is counted is really what is opened: each file once, with those that were saved within a step of the clock before."""
    (file,) = (many / "testimonies").glob("NKT-9011-*")
    file.write_text(file.read_text(encoding="utf-8").replace("paragraph 1", "sentence 1"), encoding="utf-8")
    OPENED.clear()
    assert ask_program(many, "stats").code == 0
    assert records(opened)["NKT-9011-made-up.md"] == 1
    assert set(records(opened).values()) == {1}


@pytest.mark.parametrize(("command", "most"), [("stats", RECORDS), ("cite", PASSAGES + 1)])
def test_no_more_is_unpacked_than_is_asked_for(many: Path, command: str, most: int) -> None:
    """To count records takes one look at each and none at its other passages; to cite one takes that record."""
    assert ask_program(many, "search", "paragraph").code == 0
    unpacked: list[int] = []
    value = Passages.value

    def counted(passages: Passages, name: str, document: int) -> bytes:
        unpacked.append(document)
        return value(passages, name, document)

    with mock.patch.object(Passages, "value", counted):
        assert ask_program(many, *(("stats",) if command == "stats" else ("cite", "NKT-9007#p1"))).code == 0
    assert 0 < len(unpacked) <= most


def test_what_was_taken_away_is_counted_no_more(many: Path) -> None:
    """Of a record that is gone, as of one that was changed, the numbers tell what is there."""
    before = json.loads(ask_program(many, "stats", "--format", "json").out)
    assert (before["testimonies"], before["passages"]) == (RECORDS, RECORDS * PASSAGES)
    (file,) = (many / "testimonies").glob("NKT-9030-*")
    kept = file.read_bytes()
    file.unlink()
    now = json.loads(ask_program(many, "stats", "--format", "json").out)
    assert (now["testimonies"], now["passages"]) == (RECORDS - 1, (RECORDS - 1) * PASSAGES)
    assert [each["testimonies"] for each in now["spread"]] == [RECORDS - 1]
    file.write_bytes(kept)
    assert json.loads(ask_program(many, "stats", "--format", "json").out) == before
