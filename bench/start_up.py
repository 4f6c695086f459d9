"""How long a search takes as a whole process, beside the imports that it cannot do without.

    python bench/start_up.py [RUNS]

Prints the medians in milliseconds and their ratio, on the shipped archive with
a fresh index and a warm file cache. The commands run in turn, so that a drift
of the machine's speed falls on both.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import copytree

TOP = Path(__file__).parent.parent
# As on a person's machine, where a program is compiled once and not at every start.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def milliseconds(command: list[str]) -> float:
    """Run a command once."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=TOP, env=ENVIRONMENT)
    return (time.perf_counter() - start) * 1000


def main(runs: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        copytree(TOP / "testimonies", Path(folder) / "testimonies")
        program = [sys.executable, "-m", "archive", "--root", folder]
        commands = {
            "python -c 'import click, whoosh.index'": [sys.executable, "-c", "import click, whoosh.index"],
            "testimony search execution": [*program, "search", "execution"],
            "testimony search execution --camp 14 --facets": [*program, "search", "execution", "--camp", "14", "--facets"],
        }
        subprocess.run([*program, "index"], check=True, capture_output=True, cwd=TOP, env=ENVIRONMENT)
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(runs + 1):
            for name, command in commands.items():
                passed = milliseconds(command)
                if number:  # the first round warms the file cache and compiles
                    taken[name].append(passed)
    base = statistics.median(next(iter(taken.values())))
    for name, each in taken.items():
        middle = statistics.median(each)
        print(f"{middle:7.1f} ms  {middle / base:5.2f} x  (min {min(each):.1f}, max {max(each):.1f})  {name}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
