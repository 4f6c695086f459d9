"""The full-size run of non-interference: many collections, many queries, every readers' command in every format.

    python bench/leaks.py [--collections 20] [--queries 500] [--first 0]

Prints what was asked and what was found; exit code 1 where anything was. Each
collection stands once with closed matter and once without; the control puts a
filter at query time in the place of the decision before indexing, and must
fail. The collections lie in a folder of their own and are deleted afterwards.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
sys.path[:0] = [str(TOP), str(TOP / "tests")]  # this checkout, whatever is installed

import interference  # noqa: E402 - it lies where the line above says
from test_non_interference import at_query_time  # noqa: E402 - the same


def asked(folder: Path, seed: int, queries: int, counts: Counter[str]) -> list[str]:
    """Build a pair of collections, ask everything of both, and give what was found."""
    pair = interference.build(folder, seed)
    chance = random.Random(seed)  # noqa: S311 - the same questions every time
    found: list[str] = []
    for _ in range(queries):
        for arguments in interference.drafts(pair, chance):
            counts[f"{arguments[0]} {arguments[-1] if '--format' in arguments else ''}".strip()] += 2
            found += interference.differences(pair, arguments, folder)
    offered = interference.completions(pair.with_it)
    counts["completions"] += 2 * len(offered)
    if offered != interference.completions(pair.without_it):
        found.append("completion offers different things")
    files = [file for file in (pair.with_it / "index" / "public").rglob("*") if file.is_file()]
    counts["bytes of index files"] += sum(file.stat().st_size for file in files)
    found += interference.marked_bytes(pair.with_it)
    if interference.counted(pair.with_it) != interference.counted(pair.without_it):
        found.append("the counts differ")
    return found


def main() -> int:
    """Run everything; gives the exit code."""
    reads = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reads.add_argument("--collections", type=int, default=20)
    reads.add_argument("--queries", type=int, default=500)
    reads.add_argument("--first", type=int, default=0, help="the first seed")
    given = reads.parse_args()
    counts: Counter[str] = Counter()
    found: list[str] = []
    began = time.monotonic()
    for seed in range(given.first, given.first + given.collections):
        with tempfile.TemporaryDirectory() as folder:
            found += asked(Path(folder), seed, given.queries, counts)
        print(f"collection {seed}: {sum(counts.values()):,} asked so far, {len(found)} found", *found[:3], sep="\n  ", flush=True)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        at_query_time(patch)
        control = asked(Path(folder), given.first, 3, Counter())
    print(f"{given.collections} collections, {given.queries} queries each, {time.monotonic() - began:.0f} s")
    for name, count in sorted(counts.items()):
        print(f"{count:>12,}  {name}")
    print(f"{len(found)} differences or secrets found; the control (a filter at query time) has {len(control)}")
    for each in found[:20]:
        print(each)
    return 1 if found or not control else 0


if __name__ == "__main__":
    sys.exit(main())
