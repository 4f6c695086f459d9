"""What a record said before, from the history that git keeps of its file: for words that were cited and changed since.

Git is asked without a shell, a pager, a hook, a remote or a helper of its
configuration, for a bounded time and a bounded number of versions. An old
version goes through the same door as a record of today: what may not be read
then, or now, is not told.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from archive import access, body, folder, passages, reader
from archive.authority import Authorities
from archive.errors import InvalidTestimony
from archive.hashing import fixity
from archive.testimony import Clearance, Passage, Testimony

_MOST_COMMITS: Final = 1_000
_MOST_VERSIONS: Final = 200
_MOST_BYTES: Final = 10_000_000
_SECONDS: Final = 20
_CHANGE = re.compile(r":[0-7]{6} ([0-7]{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [A-Z][0-9]*\t(.+)")
_SETTINGS: Final = (
    "core.fsmonitor=false",
    "core.hooksPath=" + os.devnull,
    "core.attributesFile=" + os.devnull,
    "core.quotePath=true",
    "diff.external=",
    "log.showSignature=false",
    "log.follow=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
)


class Version(NamedTuple):
    """A record as a reader of a clearance could have seen it: the hash of its file, and its passages."""

    fixity: str
    passages: tuple[Passage, ...]


class Past:
    """The history of a collection as a reader of a clearance may know it; each record's is read once."""

    def __init__(self, root: Path, clearance: Clearance) -> None:
        """Remember where; nothing is read before it is asked for."""
        self._root = root
        self._clearance = clearance
        self._git = _Git(root)
        self._read: dict[str, tuple[Version, ...]] = {}

    def words(self, code: str, sha256: str) -> str | None:
        """Give the words that had a hash once, in any paragraph of a record; None where they are not to be had."""
        passages_once = (each for version in self._versions(code) for each in version.passages)
        return next((each.words for each in passages_once if each.sha256.startswith(sha256)), None)

    def hashes(self, code: str, sha256: str) -> tuple[str, ...] | None:
        """Give the hashes of a record's paragraphs when its file had a hash; None where that is not to be had."""
        found = (version for version in self._versions(code) if version.fixity.startswith(sha256))
        return next((tuple(each.sha256 for each in version.passages) for version in found), None)

    @cached_property
    def _held(self) -> Authorities:
        return reader.read_authorities(self._root)

    @cached_property
    def _paths(self) -> dict[str, str]:
        return {folder.code_of(path): path for path in folder.survey(self._root).files}

    def _versions(self, code: str) -> tuple[Version, ...]:
        if code not in self._read:
            self._read[code] = tuple(self._looked_up(code))
        return self._read[code]

    def _looked_up(self, code: str) -> Iterator[Version]:
        path = self._paths.get(code)
        now = self._seen(folder.read_bytes(self._root, path), path) if path else None
        if now is None:
            return
        for name, old_path in self._git.versions(code):
            content = self._git.content(name)
            old = self._seen(content, old_path) if content is not None else None
            if content is not None and old is not None:
                yield Version(fixity(content), tuple(passages.of(old)))

    def _seen(self, content: bytes, path: str) -> Testimony | None:
        """Give a version that this reader may read whole.

        Where anything is withheld in a version, it is passed over; where it is
        withheld today, so is all the past: it may stand in the open there.
        """
        try:
            found = reader.read(content, path, self._held)
        except InvalidTestimony:
            return None
        whole = access.may_read(found, self._clearance) and not body.has_redaction(found.body)
        return found if whole else None


class _Git:
    """Git, asked about one folder and nothing else."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._program = shutil.which("git")

    def versions(self, code: str) -> list[tuple[str, str]]:
        """Give the versions of a record's file, newest first, each with its path in the collection."""
        told = self._ask(
            "log",
            "--all",
            f"--max-count={_MOST_COMMITS}",
            "--full-history",
            "-m",
            "--format=",
            "--raw",
            "--no-renames",
            "--no-abbrev",
            "--no-ext-diff",
            "--no-textconv",
            "--relative",
            "--",
            f":(glob){folder.FOLDER}/**/{code}-*.md",
        )
        found: dict[tuple[str, str], None] = {}
        for line in (told or b"").decode("utf-8", "replace").splitlines():
            change = _CHANGE.fullmatch(line)
            if change and folder.code_of(change[4]) == code:
                found |= {(name, change[4]): None for name in (change[3], change[2]) if name.strip("0")}
        return list(found)[:_MOST_VERSIONS]

    def content(self, name: str) -> bytes | None:
        """Give the bytes of a version; None where it is larger than a record may be, or not there."""
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
        settings = [part for each in _SETTINGS for part in ("-c", each)]
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
