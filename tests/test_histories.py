"""An index brought up to date equals one made anew; excerpts are the same byte for byte whenever they are cut."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

import pytest

import endurance
import histories
import made_up
from archive.collection.collection import Changes, Collection, _differs
from archive.storage.index_state import FileState


@pytest.mark.parametrize("seed", range(4))
def test_a_history_answers_as_an_index_made_from_nothing(tmp_path: Path, seed: int) -> None:
    """Add, edit, rename, delete, restrict, a note in another record, a source corrected: fifty queries, every excerpt."""
    assert len(histories.queries()) == 50
    assert histories.history(seed, tmp_path).total() > 5


def test_control_an_update_that_forgets_whom_a_note_reaches_is_seen(tmp_path: Path) -> None:
    """Only the changed record itself is indexed anew: a caveat is lost in another."""
    whole = Collection.changes_since

    def forgetful(self: Collection, known: Mapping[str, FileState], known_last: Mapping[str, str]) -> Changes:
        found = whole(self, known, known_last)
        changed = {path[12:20] for path in {*self.file_states, *known} if _differs(known.get(path), self.file_states.get(path))}
        return Changes(tuple(code for code in found.anew if code in changed), found.gone)

    with mock.patch.object(Collection, "changes_since", forgetful), pytest.raises(endurance.Short):
        sum((histories.history(seed, tmp_path) for seed in range(3, 20)), endurance.Counter())


def test_answers_are_the_same_over_hash_seeds_and_calls(root: Path) -> None:
    """Excerpts, orders, facets and suggestions, byte by byte."""
    made_up.collection(root, *(endurance.record(number, f"The coal mine, gold and guards, {number}.") for number in range(1, 5)))
    told = set()
    for seed in ("0", "1", "2", "2", "random"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run([sys.executable, histories.__file__, str(root)], capture_output=True, check=True, env=environment)
        told.add(done.stdout)
    assert len(told) == 1
    assert len(told.pop()) > 10_000
