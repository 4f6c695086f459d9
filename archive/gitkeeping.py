"""What git knows of a collection, asked without touching anything and without running what a repository brings."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

_SECONDS: Final = 20
# Nothing that a repository's own settings name is run: no hooks, no file watcher.
_QUIETLY: Final = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")


def is_kept(root: Path) -> bool:
    """Ask whether a folder lies in a git repository that can be asked."""
    return _asked(root, "rev-parse", "--is-inside-work-tree") == "true\n"


def tracked(root: Path, below: str) -> tuple[str, ...]:
    """Give the files below a folder that git keeps, relative to the root."""
    return tuple(path for path in (_asked(root, "ls-files", "-z", "--", below) or "").split("\0") if path)


def leaves_bytes_alone(root: Path, path: str) -> bool:
    """Ask whether git checks a file out byte by byte, without changing its line ends."""
    answer = (_asked(root, "check-attr", "-z", "text", "--", path) or "").split("\0")
    return answer[2:3] == ["unset"]


def ignores(root: Path, path: str) -> bool:
    """Ask whether git passes a path over, so that ``git add`` would not take it in."""
    return bool(_asked(root, "check-ignore", "--no-index", "--", path))


def _asked(root: Path, *question: str) -> str | None:
    """Ask git; None where there is none, or where it has no answer."""
    program = shutil.which("git")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - git itself, with questions that are written above
            [program, *_QUIETLY, "-C", str(root), *question],
            capture_output=True,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None
