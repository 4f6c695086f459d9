"""An answer of the index alone: the folder is not looked at, nothing is written, and every form says as of when it is."""

import json
import time
from pathlib import Path
from typing import Final
from unittest import mock

import pytest

import made_up
from archive.archive import Archive
from archive.errors import ConflictingOptions
from archive.formats.registry import FILES, FORMATS, READING
from archive.record.testimony import PUBLIC
from archive.storage import _scan as scan
from archive.storage import record_files
from archive.storage.paths import index_paths
from running import ask_program

FIRST, SECOND = "NKT-9001", "NKT-9002"
WORDS: Final = "lanterns"
FORMS: Final = ((), ("--full",), ("--list",), ("--count",), ("--group",), ("--all", "--facets"), ("--format", "json"))


def put(root: Path, code: str, level: str = "public") -> None:
    """Write a made-up record."""
    head = made_up.header(code, access={"level": level})
    made_up.put(root, made_up.record(head, f"Made up: we saw {WORDS} at night, says {code}."))


@pytest.fixture
def indexed(tmp_path: Path) -> Path:
    """A made-up collection of two records, with its index."""
    put(tmp_path, FIRST)
    put(tmp_path, SECOND)
    assert ask_program(tmp_path, "index").code == 0
    return tmp_path


def files_of(root: Path) -> dict[str, tuple[int, int]]:
    """Return what the index files are."""
    return {str(file): (file.stat().st_size, file.stat().st_mtime_ns) for file in (root / "index").rglob("*") if file.is_file()}


def test_what_was_closed_since_stands_only_in_an_answer_that_says_as_of_when_it_is(indexed: Path) -> None:
    """In every form; without the option it is in none, and nothing speaks of an index."""
    before = time.time()
    put(indexed, SECOND, level="closed")
    made = files_of(indexed)
    for form in FORMS:
        run = ask_program(indexed, "search", WORDS, "--as-indexed", *form)
        assert run.code == 0, run.err
        if form[:1] == ("--format",):
            document = json.loads(run.out)
            assert {hit["code"] for hit in document["hits"]} == {FIRST, SECOND}
            moment = time.strptime(document["as_indexed"], "%Y-%m-%dT%H:%M:%SZ")
            assert before - 600 < time.mktime(moment) - time.timezone <= before
        else:
            assert "As indexed on 20" in run.out
            assert "later caveats do not" in " ".join(run.out.split())
    assert files_of(indexed) == made, "nothing was written"
    for form in FORMS:
        run = ask_program(indexed, "search", WORDS, *form)
        assert SECOND not in run.out
        assert "As indexed" not in run.out + run.err
    assert json.loads(ask_program(indexed, "search", WORDS, "--format", "json").out)["as_indexed"] is None
    assert SECOND not in ask_program(indexed, "search", WORDS, "--as-indexed").out, "the index is another one since"


def test_the_records_are_not_looked_at(indexed: Path) -> None:
    """Neither their folder nor any file in it, also where a filter asks for a name."""
    with (
        mock.patch.object(scan, "at", side_effect=AssertionError),
        mock.patch.object(record_files, "read_bytes", side_effect=AssertionError),
        mock.patch.object(record_files, "survey", side_effect=AssertionError),
        Archive(indexed, as_indexed=True) as archive,
    ):
        found = archive.search(WORDS, without_flag="recanted")
        assert found.results.testimonies == len((FIRST, SECOND))
        assert found.results.as_indexed
        assert archive.search("lanternz", code=FIRST).results.passages == 0
        assert archive.is_current()


@pytest.mark.parametrize("form", [form for form in (*FORMATS, *FILES) if form not in READING])
def test_a_form_that_cannot_say_as_of_when_is_refused(form: str, indexed: Path) -> None:
    """Of all forms there are."""
    file = ("--output", "hits.xlsx") if form in FILES else ()
    run = ask_program(indexed, "search", WORDS, "--as-indexed", "--format", form, *file)
    assert (run.code, run.out) == (2, "")
    assert "as of when" in run.err


def test_without_an_index_none_is_made(tmp_path: Path) -> None:
    """Also where that of another reader is there."""
    put(tmp_path, FIRST)
    run = ask_program(tmp_path, "search", WORDS, "--as-indexed")
    assert (run.code, run.out) == (13, "")
    assert "testimony index" in run.err
    assert not (tmp_path / "index" / "public").exists()
    assert ask_program(tmp_path, "--clearance", "restricted", "index").code == 0
    assert ask_program(tmp_path, "search", WORDS, "--as-indexed").code == 13


@pytest.mark.parametrize("ending", [".terms", ".passages", ".toc", "authorities.json"])
def test_a_damaged_index_is_refused_and_left_as_it_is(ending: str, indexed: Path) -> None:
    """Nothing is answered of it, and nothing is mended; without the option it is."""
    file = next(file for file in (indexed / "index" / "public").rglob("*") if file.name.endswith(ending))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    made = files_of(indexed)
    run = ask_program(indexed, "search", WORDS, "--as-indexed")
    assert (run.code, run.out) == (13, "")
    assert files_of(indexed) == made
    assert FIRST in ask_program(indexed, "search", WORDS).out


def test_while_an_index_is_made_for_the_first_time_it_is_busy(indexed: Path) -> None:
    """The mark of a writer lies there, and no state yet."""
    places = index_paths(indexed, PUBLIC)
    places.state.unlink()
    places.writing.touch()
    assert ask_program(indexed, "search", WORDS, "--as-indexed").code == 14


def test_it_goes_with_no_other_engine_and_no_identity(indexed: Path) -> None:
    """A cluster says by itself as of when it answers, and sealed records are in no index."""
    with pytest.raises(ConflictingOptions):
        Archive(indexed, engine="opensearch", as_indexed=True)
    with pytest.raises(ConflictingOptions):
        Archive(indexed, "restricted", identity="key", as_indexed=True)
    Archive(indexed, "restricted", as_indexed=True).close()
