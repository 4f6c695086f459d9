"""How what an index takes grows with the collection: the processor's time, each step in a process of its own.

    python bench/growth.py                    1,250, 2,500 … 20,000 testimonies; an hour
    python bench/growth.py 250 500 1000       other sizes, each larger than the one before

Prints a row for each size, and the exponents of growth: what takes twice as long for twice as many grows with the
exponent 1, what takes four times as long with 2. The rows:

- build: the index of a collection (`bench/generate.py`) from nothing, in all processes together
- p50: the mix of `bench/speed.py`, warm, with facets, in milliseconds
- one record: `testimony index` after one record was changed
- one of short ones: the same in five times as many records of two short paragraphs
- hollow: a segment of as many passages, of which every second is taken out
"""

import json
import math
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import generate  # noqa: E402 - found beside this file

from archive.archive import Archive  # noqa: E402
from archive.engine.whoosh import _schema as schema  # noqa: E402
from archive.engine.whoosh.file_storage import IndexInMemory  # noqa: E402

SIZES: Final = (1_250, 2_500, 5_000, 10_000, 20_000)
SHORTER: Final = 5
"""Times as many records where each is short: what a record costs whatever its length shows there."""
TIMES: Final = 3
ROWS: Final = ("build", "p50", "one record", "one of short ones", "hollow")


def build(root: str) -> float:
    """Make an index; gives the seconds of the processor, of all processes that helped."""
    before = _spent()
    with Archive(Path(root)) as room:
        room.update(rebuild=True)
    return _spent() - before


def p50(root: str) -> float:
    """Ask the mix; gives the median of milliseconds."""
    import speed  # noqa: PLC0415 - it needs the peers' libraries no more than here

    ask, taken = speed.Ours().open(Path(root), Path(root)), []
    for number in range(len(speed.MIX)):
        for turn in range(TIMES + 1):
            start = time.process_time()
            ask(number)
            taken += [(time.process_time() - start) * 1e3] if turn else []
    return statistics.median(taken)


def hollow(passages: str) -> float:
    """Take every second passage out of a segment; gives seconds."""
    files = IndexInMemory()
    chance, count = random.Random(1), int(passages)  # noqa: S311 - the same passages each time
    words = generate.english(chance)
    writer = schema.writer(files, anew=True)
    for number in range(count):
        writer.add_document(text=" ".join(words.draw(chance, 20)), code=f"N{number}")
    writer.commit()
    start = time.process_time()
    writer = schema.writer(files)
    for number in range(0, count, 2):
        writer.delete_by_term("code", f"N{number}")
    writer.delete_by_term("code", "N1")
    writer.commit()
    return time.process_time() - start


def changed(root: Path) -> float:
    """Give the seconds of `testimony index` after one record was changed: the least of some times, each another record."""
    files, taken = sorted((root / "testimonies").iterdir()), []
    for turn in range(TIMES):
        file = files[(turn + 1) * len(files) // (TIMES + 1)]
        file.write_bytes(file.read_bytes() + f"\n\nOne more paragraph, made up for a benchmark, {turn}.\n".encode())
        before = _spent()
        _run([sys.executable, "-m", "archive", "--root", str(root), "index"])
        taken.append(_spent() - before)
    return min(taken)


def _spent() -> float:
    """Give the seconds of the processor that this process and its finished children took."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _run(command: list[str]) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    top = Path(__file__).parent.parent
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=top, env=environment).stdout


def apart(*arguments: str) -> float:
    """Run one of the above in a process of its own."""
    return float(json.loads(_run([sys.executable, __file__, *arguments]).splitlines()[-1]))


def measured(folder: Path, size: int) -> dict[str, float]:
    """Measure at one size."""
    root, short = folder / "long", folder / "short"
    generate.write(root, size)
    _write_short(short, SHORTER * size)
    apart("build", str(short))
    return {
        "build": apart("build", str(root)),
        "p50": apart("p50", str(root)),
        "one record": changed(root),
        "one of short ones": changed(short),
        "hollow": apart("hollow", str(2 * size)),
    }


def _write_short(root: Path, size: int) -> None:
    before = generate.PARAGRAPHS, generate.WORDS
    generate.PARAGRAPHS, generate.WORDS = 2, 20  # type: ignore[misc]  # for a moment
    generate.write(root, size)
    generate.PARAGRAPHS, generate.WORDS = before  # type: ignore[misc]


def main(sizes: tuple[int, ...]) -> None:
    """Measure and print."""
    print(f"{'testimonies':>14}" + "".join(f"{row:>20}" for row in ROWS), flush=True)
    rows: list[dict[str, float]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measured(Path(folder), size))
        print(f"{size:14,}" + "".join(f"{rows[-1][row]:20.3f}" for row in ROWS), flush=True)
    if len(rows) > 1:
        times = math.log(sizes[-1] / sizes[0])
        exponents = {row: math.log(rows[-1][row] / rows[0][row]) / times for row in ROWS}
        print(f"{'exponent':>14}" + "".join(f"{exponents[row]:20.2f}" for row in ROWS))


STEPS: Final[dict[str, Any]] = {"build": build, "p50": p50, "hollow": hollow}

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in STEPS:
        print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)
