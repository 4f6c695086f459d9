"""How long a search takes as a whole process, beside the imports that it cannot do without.

    python bench/start_up.py [RUNS]
    python bench/start_up.py --instructions

Prints milliseconds with their ratios, on the shipped archive with a fresh
index and a warm file cache: the median by the clock, and the least time of the
processor, which says more on a machine that does other work too. The commands
run in turn, so that a drift of the machine's speed falls on all. What other work
on a machine does not change at all are the instructions of a process, which
Valgrind's cachegrind counts.
"""

import os
import re
import resource
import shutil
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
SEARCHES = (
    ("forced labour",),
    ("forced labour", "--camp", "18", "--facets"),
    ("execution",),
    ("execution", "--camp", "14", "--facets"),
)


def spent() -> float:
    """Give the processor's time that all finished children took, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def milliseconds(command: list[str]) -> tuple[float, float]:
    """Run a command once; by the clock, and of the processor."""
    before, start = spent(), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=TOP, env=ENVIRONMENT)
    return (time.perf_counter() - start) * 1000, (spent() - before) * 1000


def instructions(command: list[str]) -> float:
    """Count the instructions of a command, in millions."""
    counting = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *command]
    environment = {**ENVIRONMENT, "PYTHONHASHSEED": "0"}
    told = subprocess.run(counting, check=True, capture_output=True, text=True, cwd=TOP, env=environment).stderr
    return int(re.search(r"I\s+refs:\s+([\d,]+)", told)[1].replace(",", "")) / 1e6


def main(runs: int) -> None:
    """Measure and print.

    :param runs: of each command; 0 counts instructions in place of taking times.
    """
    with tempfile.TemporaryDirectory() as folder:
        copytree(TOP / "testimonies", Path(folder) / "testimonies")
        program = [sys.executable, "-m", "archive", "--root", folder]
        commands = {"python -c 'import click, whoosh.index'": [sys.executable, "-c", "import click, whoosh.index"]}
        for search in SEARCHES:
            commands[f"testimony search {' '.join(search)}"] = [*program, "search", *search]
        subprocess.run([*program, "index"], check=True, capture_output=True, cwd=TOP, env=ENVIRONMENT)
        if not runs:
            for name, command in {"python -c 'import click'": [sys.executable, "-c", "import click"], **commands}.items():
                subprocess.run(command, check=True, capture_output=True, cwd=TOP, env=ENVIRONMENT)  # compiles
                print(f"{instructions(command):7.1f} million instructions   {name}")
            return
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for number in range(runs + 1):
            for name, command in commands.items():
                passed = milliseconds(command)
                if number:  # the first round warms the file cache and compiles
                    taken[name].append(passed)
    found = {name: (statistics.median(each[0] for each in rows), min(each[1] for each in rows)) for name, rows in taken.items()}
    clock, processor = next(iter(found.values()))
    for name, (by_clock, of_processor) in found.items():
        print(
            f"{by_clock:7.1f} ms  {by_clock / clock:5.2f} x   "
            f"processor {of_processor:7.1f} ms  {of_processor / processor:5.2f} x   {name}"
        )


if __name__ == "__main__":
    if "--instructions" in sys.argv and not shutil.which("valgrind"):
        sys.exit("valgrind is not installed")
    main(0 if "--instructions" in sys.argv else int(sys.argv[1]) if len(sys.argv) > 1 else 15)
