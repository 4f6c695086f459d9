"""The full-size run of non-interference: many collections, many queries, every readers' command in every format.

    python bench/leaks.py [--collections 20] [--queries 500] [--first 0] [--jobs CORES]

Prints what was asked and what was found; exit code 1 where anything was. Each
collection stands once with closed matter and once without; the control puts a
filter at query time in the place of the decision before indexing, and must
fail. The collections lie in folders of their own and are deleted afterwards.

The commands run in this process, as `testimony` runs them. The answers to one
draw of chance share an open reading room, but for one draw in twenty, each
answer of which opens the index anew. Nothing is flushed to the disk.
"""

import argparse
import contextlib
import gc
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

import pytest

TOP = Path(__file__).parent.parent
sys.path[:0] = [str(TOP), str(TOP / "tests" / "support")]  # this checkout, whatever is installed
os.environ.setdefault("TESTIMONY_EXAMPLES", "20")  # all that a day's tests ask a part of

import interference  # noqa: E402 - it lies where the line above says
from interference import at_query_time  # noqa: E402 - the same

ANEW = 20
"""Of so many draws one opens the index anew for each answer."""


class Asked(NamedTuple):
    """What one collection was asked, and what was found in the answers."""

    seed: int
    answers: Counter[str]
    size: int
    found: list[str]
    seconds: float


def asked(seed: int, queries: int) -> Asked:
    """Build a pair of collections, ask everything of both, and give what was found."""
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder, quick():
        answers, size, found = _asked(Path(folder), seed, queries)
    return Asked(seed, answers, size, found, time.process_time() - began)


def _asked(folder: Path, seed: int, queries: int) -> tuple[Counter[str], int, list[str]]:
    pair = interference.build(folder, seed)
    chance = random.Random(seed)  # noqa: S311 - the same questions every time
    answers: Counter[str] = Counter()
    found: list[str] = []
    for number in range(queries):
        with interference.open_rooms() if number % ANEW else contextlib.nullcontext():
            for arguments in interference.drafts(pair, chance):
                answers[f"{arguments[0]} {arguments[-1] if '--format' in arguments else ''}".strip()] += 2
                found += interference.differences(pair, arguments, folder)
    offered = interference.completions(pair.with_it)
    answers["completions"] += 2 * len(offered)
    if offered != interference.completions(pair.without_it):
        found.append("completion offers different things")
    size = sum(file.stat().st_size for file in (pair.with_it / "index" / "public").rglob("*") if file.is_file())
    found += interference.marked_bytes(pair.with_it)
    if interference.counted(pair.with_it) != interference.counted(pair.without_it):
        found.append("the counts differ")
    return answers, size, found


@contextlib.contextmanager
def quick() -> Iterator[None]:
    """Leave out what costs time and is not asked about: flushing to the disk, and looking for cycles again and again."""
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        patch.setattr("archive.cli.web.SERVER", "closing_room")  # else `testimony web` waits for a person to end it
        yield
    gc.set_threshold(*before)


def control(seed: int) -> list[str]:
    """Ask a few questions where a filter at query time stands in the place of the decision before indexing."""
    with pytest.MonkeyPatch.context() as patch:
        at_query_time(patch)
        return asked(seed, 3).found


def main() -> int:
    """Run everything; gives the exit code."""
    reads = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reads.add_argument("--collections", type=int, default=20)
    reads.add_argument("--queries", type=int, default=500)
    reads.add_argument("--first", type=int, default=0, help="the first seed")
    reads.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="collections at a time; all cores unless told")
    given = reads.parse_args()
    answers: Counter[str] = Counter()
    size, found, began = 0, list[str](), time.monotonic()
    with ProcessPoolExecutor(given.jobs) as pool:
        controlled = pool.submit(control, given.first)
        seeds = range(given.first, given.first + given.collections)
        for done in as_completed([pool.submit(asked, seed, given.queries) for seed in seeds]):
            each = done.result()
            answers += each.answers
            size += each.size
            found += [f"collection {each.seed}: {told}" for told in each.found]
            told = f"{each.answers.total():,} answers in {each.seconds:.0f} s of one core, {len(each.found)} found"
            print(f"collection {each.seed}: {told}", *each.found[:3], sep="\n  ", flush=True)
    caught = controlled.result()
    for name, count in sorted(answers.items()):
        print(f"{count:>12,}  {name}")
    print(f"{answers.total():>12,}  answers in all")
    print(f"{size:>12,}  bytes of public index files, searched as they lie and unpacked")
    took = time.monotonic() - began
    print(f"{given.collections} collections, {given.queries} queries each, {took:.0f} s on {given.jobs} processes")
    print(f"{len(found)} differences or secrets found; the control (a filter at query time) has {len(caught)}")
    for each_found in found[:20]:
        print(each_found)
    return 1 if found or not caught else 0


if __name__ == "__main__":
    sys.exit(main())
