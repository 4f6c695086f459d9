"""What a run of the program loads, also what `-X importtime` leaves out: modules that are loaded by their names."""

import subprocess
import sys
from pathlib import Path

_TELLING = """
import atexit, sys
before = set(sys.modules)
atexit.register(lambda: print(*set(sys.modules) - before, file=sys.stderr))
from archive.__main__ import main
main()
"""


def loaded(root: Path, *arguments: str) -> set[str]:
    """Run the program on a folder, which must succeed; give the modules that it loaded."""
    command = [sys.executable, "-c", _TELLING, "--root", str(root), *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return set(ran.stderr.split())


def among(modules: set[str], names: tuple[str, ...]) -> set[str]:
    """Return those of the modules that have one of the names, or lie in a package that has."""
    return {module for module in modules for name in names if module == name or module.startswith(f"{name}.")}
