"""What git knows of a collection, asked without touching anything and without running what a repository brings."""

import os
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from archive.errors import CannotWrite
from archive.language.messages import tr
from archive.storage import record_files

_SECONDS: Final = 20
# Nothing that a repository's own settings name is run: no hooks, no file watcher.
_QUIETLY: Final = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")


def is_kept(root: Path) -> bool:
    """Return whether a folder lies in a git repository that can be asked."""
    return _asked(root, "rev-parse", "--is-inside-work-tree") == "true\n"


def begin(root: Path) -> None:
    """Make a git repository of a folder, without the hooks that a template would bring.

    :raises CannotWrite: there is no git, or it refuses.
    """
    if _asked(root, "init", "--quiet", "--template=") is None:
        message = tr("git is not installed, or made no repository of {root}", root=root)
        raise CannotWrite(message, tr("Leave --git out, or install git."))


def tracked(root: Path, below: str) -> tuple[str, ...]:
    """Return the files below a folder that git keeps, relative to the root."""
    return tuple(path for path in (_asked(root, "ls-files", "-z", "--", below) or "").split("\0") if path)


def leaves_bytes_alone(root: Path, path: str) -> bool:
    """Return whether git checks a file out byte by byte, without changing its line ends."""
    answer = (_asked(root, "check-attr", "-z", "text", "--", path) or "").split("\0")
    return answer[2:3] == ["unset"]


def ignores(root: Path, path: str) -> bool:
    """Return whether git passes a path over, so that ``git add`` would not take it in."""
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


_MOST_COMMITS: Final = 1_000


_MOST_VERSIONS: Final = 200


_MOST_BYTES: Final = 10_000_000


_CHANGE = re.compile(r":[0-7]{6} [0-7]{6} [0-9a-f]{40,64} ([0-9a-f]{40,64}) [A-Z][0-9]*")


_SETTINGS: Final = (
    "core.fsmonitor=false",
    "core.hooksPath=" + os.devnull,
    "core.attributesFile=" + os.devnull,
    "diff.external=",
    "log.showSignature=false",
    "log.follow=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
)


class FileChange(NamedTuple):
    """What a commit made of a record's file: the name of its content for git, "" where it was taken away."""

    commit: str
    name: str
    path: str


class FileHistory:
    """Git, asked about one folder and nothing else."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._program = shutil.which("git")

    def changes(self, code: str, language: str = "") -> list[FileChange]:
        """Return what became of a record's file, newest first, by the commits that led to the one checked out.

        :param language: of a version; "" for the record's own file.
        A commit that took the file away, and put it nowhere else, has a change without a name.
        """
        output = self._ask(
            "log",
            "HEAD",
            f"--max-count={_MOST_COMMITS}",
            "--topo-order",
            "--full-history",
            "-m",
            "-z",
            "--format=%x01%H",
            "--raw",
            "--no-renames",
            "--no-abbrev",
            "--no-ext-diff",
            "--no-textconv",
            "--relative",
            "--",
            f":(glob){record_files.FOLDER}/**/{code}-*.md",
        )
        file_changes: dict[FileChange, None] = {}
        for section in (output or b"").decode("utf-8", "surrogateescape").split("\1")[1:]:
            commit, *parts = (part.strip("\n") for part in section.split("\0"))
            changes = pairwise(parts)
            named = [(change[1], path) for part, path in changes if (change := _CHANGE.fullmatch(part))]
            own = [
                (name, path)
                for name, path in named
                if record_files.code_of(path) == code and record_files.language_of(path).casefold() == language.casefold()
            ]
            kept = [FileChange(commit, name, path) for name, path in own if name.strip("0")]
            file_changes |= dict.fromkeys(kept or [FileChange(commit, "", path) for _, path in own[:1]])
        return list(file_changes)[:_MOST_VERSIONS]

    def after(self, commit: str) -> frozenset[str]:
        """Return the commits that come after one and led to the one checked out."""
        output = self._ask("rev-list", "--ancestry-path", f"{commit}..HEAD")
        return frozenset((output or b"").decode("ascii", "replace").split())

    def content(self, name: str) -> bytes | None:
        """Return the bytes of a version; None where it is larger than a record may be, or not there."""
        size = (self._ask("cat-file", "-s", name) or b"").strip()
        return self._ask("cat-file", "blob", name) if size.isdigit() and int(size) <= _MOST_BYTES else None

    def _ask(self, *question: str) -> bytes | None:
        if self._program is None:
            return None
        # Nothing of the caller's environment steers git, and no configuration but the repository's is read.
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "SYSTEMROOT", "TMPDIR", "TEMP"}}
        closed = {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_ATTR_NOSYSTEM": "1",
            "LC_ALL": "C",
        }
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        try:
            done = subprocess.run(  # noqa: S603 - git by its full path, with arguments of ours and a code alone
                [self._program, "--no-pager", *settings, *question],
                cwd=self._root,
                env={**kept, **closed},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
                timeout=_SECONDS,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout
