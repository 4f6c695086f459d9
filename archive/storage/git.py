"""What git knows of a collection, asked without touching anything and without running what a repository brings."""

import contextlib
import datetime as dt
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from archive.errors import CannotWrite
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.storage import record_files

_SECONDS: Final = 20
# Nothing that a repository's own settings name is run: no hooks, no file watcher, no program for signatures.
_QUIETLY: Final = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "log.showSignature=false")


def is_kept(root: Path) -> bool:
    """Return whether a folder lies in a git repository that can be asked."""
    return _ask(root, "rev-parse", "--is-inside-work-tree") == "true\n"


def begin(root: Path) -> None:
    """Make a git repository of a folder, without the hooks that a template would bring.

    :raises CannotWrite: there is no git, or it refuses.
    """
    if _ask(root, "init", "--quiet", "--template=") is None:
        message = tr("git is not installed, or made no repository of {root}", root=root)
        raise CannotWrite(message, tr("Leave --git out, or install git."))


def tracked_files(root: Path, below: str) -> tuple[str, ...]:
    """Return the files below a folder that git keeps, relative to the root."""
    return tuple(path for path in (_ask(root, "ls-files", "-z", "--", below) or "").split("\0") if path)


def leaves_bytes_alone(root: Path, path: str) -> bool:
    """Return whether git checks a file out byte by byte, without changing its line ends."""
    answer = (_ask(root, "check-attr", "-z", "text", "--", path) or "").split("\0")
    return answer[2:3] == ["unset"]


def ignores(root: Path, path: str) -> bool:
    """Return whether git passes a path over, so that ``git add`` would not take it in."""
    return bool(_ask(root, "check-ignore", "--no-index", "--", path))


def _ask(root: Path, *question: str) -> str | None:
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
        self._days: dict[str, str] = {}

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
            "--format=%x01%H %ct",
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
            head, *parts = (part.strip("\n") for part in section.split("\0"))
            commit, _, seconds = head.partition(" ")
            self._days[commit] = _day(seconds)
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

    def day(self, commit: str) -> str:
        """Return the day of a commit in ISO 8601, in UTC; "" where git does not say."""
        if commit not in self._days:
            self._days[commit] = _day((self._ask("show", "--no-patch", "--format=%ct", commit) or b"").decode().strip())
        return self._days[commit]

    def contents(self, changes: Sequence[FileChange]) -> Iterator[tuple[FileChange, bytes | None]]:
        """Yield each change with the bytes of its version; None where it has none, or they are more than a record may have.

        Git is asked once for many versions, and no more of them are held than one record may have bytes.
        """
        sizes = self._sizes(dict.fromkeys(change.name for change in changes if change.name))
        read: dict[str, bytes] = {}
        for at, change in enumerate(changes):
            if change.name in sizes and change.name not in read:
                read = self._blobs(_few(changes[at:], sizes), sizes)
            yield change, read.get(change.name)

    def _sizes(self, names: Iterable[str]) -> dict[str, int]:
        """Return the bytes of versions by their names, of those that a record may have."""
        told = (self._ask("cat-file", "--batch-check", given=_lines(names)) or b"").decode("ascii", "replace").splitlines()
        each = (line.split(" ") for line in told)
        return {of[0]: int(of[2]) for of in each if of[1:2] == ["blob"] and int(of[2]) <= _MOST_BYTES}

    def _blobs(self, names: Sequence[str], sizes: Mapping[str, int]) -> dict[str, bytes]:
        """Return the bytes of versions by their names: each follows a line with its name, its kind and its size."""
        written, at = self._ask("cat-file", "--batch", given=_lines(names)) or b"", 0
        blobs = {}
        for name in names:
            head = f"{name} blob {sizes[name]}\n".encode()
            if not written.startswith(head, at):
                break
            at += len(head)
            blobs[name] = written[at : at + sizes[name]]
            at += sizes[name] + 1
        return blobs

    def _ask(self, *question: str, given: bytes | None = None) -> bytes | None:
        return _answer(self._program, self._root, *question, given=given)


def _day(seconds: str) -> str:
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).date().isoformat() if seconds.isdecimal() else ""


def _lines(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode()


def _few(changes: Iterable[FileChange], sizes: Mapping[str, int]) -> list[str]:
    """Return the names of the first of some versions: no more than one record may have bytes, or one by itself."""
    few: dict[str, int] = {}
    for change in changes:
        if change.name in sizes and change.name not in few:
            if few and sum(few.values()) + sizes[change.name] > _MOST_BYTES:
                break
            few[change.name] = sizes[change.name]
    return list(few)


def _may_be_kept(root: Path) -> bool:
    """Return whether git would find a repository around a folder; where there is none, nothing need be started to hear so.

    A folder that is a bare repository itself is none that is asked, see ``safe.bareRepository``.
    """
    here = Path(os.path.realpath(root))
    return any(os.path.lexists(folder / ".git") for folder in (here, *here.parents))


def _answer(program: str | None, root: Path, *question: str, given: bytes | None = None, **set_there: str) -> bytes | None:
    """Ask git so that it runs nothing besides itself; None where there is none, or it has no answer.

    :param given: what it reads on standard input.
    :param set_there: what the environment has besides.
    """
    if program is None or not _may_be_kept(root):
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
        done = subprocess.run(  # noqa: S603 - git by its full path, with arguments of ours, codes and paths alone
            [program, "--no-pager", *settings, *question],
            cwd=root,
            env={**kept, **closed, **set_there},
            input=given or b"",
            capture_output=True,
            check=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def remotes(root: Path) -> tuple[str, ...]:
    """Return the names of the other repositories that a repository knows."""
    return tuple((_ask(root, "remote") or "").split())


class Pushed(NamedTuple):
    """How a repository stands to the others that it knows, as it last heard of them.

    ``remotes`` are their names; ``commits`` counts those that led to the one checked out and are in none of them, None
    where nobody can say; ``day`` is that of the newest commit that is in one of them, "" where there is none.
    """

    remotes: tuple[str, ...]
    commits: int | None
    day: str


def push_state(root: Path) -> Pushed:
    """Return how many commits are in no other repository that this one knows of; no other one is asked."""
    missing = (_ask(root, "rev-list", "--count", "HEAD", "--not", "--remotes") or "").strip()
    others = (_ask(root, "for-each-ref", "--merged", "HEAD", "--format=%(committerdate:unix)", "refs/remotes") or "").split()
    seconds = max(map(int, filter(str.isdecimal, others)), default=0)
    commits = int(missing) if missing.isdecimal() else None
    if commits == 0:  # a ref that is ahead of what is checked out holds it too
        newest = (_ask(root, "show", "--no-patch", "--format=%ct", "HEAD") or "").strip()
        seconds = int(newest) if newest.isdecimal() else seconds
    day = dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat() if seconds else ""
    return Pushed(remotes(root), commits, day)


def not_committed(root: Path, paths: Iterable[str]) -> int:
    """Count the files that the commit checked out has not byte for byte; git itself is not asked to look, nor its filters run.

    :param paths: of all files that there are, relative to the root.
    """
    entries = (entry.partition("\t") for entry in (_ask(root, "ls-tree", "-r", "-z", "HEAD") or "").split("\0") if entry)
    names = {path: head.split()[-1] for head, _, path in entries}
    return sum(_blob(root / path, names.get(path, "")) != names.get(path) for path in paths)


def _blob(file: Path, like: str) -> str:
    """Return the name that git gives the bytes of a file, by the kind of hash of another name; "" where it cannot be read."""
    try:
        content = file.read_bytes()
    except OSError:
        return ""
    hashed = hashlib.sha256() if len(like) > _SHA1 else hashlib.sha1(usedforsecurity=False)
    hashed.update(b"blob %d\0" % len(content) + content)
    return hashed.hexdigest()


_SHA1: Final = 40
"""Hex digits of a name in a repository of the usual kind."""


def stashes(root: Path) -> int:
    """Count what was put aside in a repository."""
    return len((_ask(root, "stash", "list", "--format=%H") or "").split())


def commits_of(root: Path, path: str) -> int:
    """Count the commits of all branches that touched a file, as far as they are looked at."""
    found = _ask(root, "log", "--all", f"--max-count={_MOST_COMMITS}", "--format=%H", "--no-show-signature", "--", path)
    return len((found or "").split())


def commit(root: Path, files: Mapping[str, bytes], message: str) -> str:
    """Make a commit of some files as they are given, and of nothing else; returns its name for git.

    What else was staged stays so. No hook, filter, editor or program for signatures is run, whatever the
    repository's settings name: the commit is put together piece by piece.

    :param files: their bytes by path, relative to the root.
    :raises CannotWrite: there is no repository, nobody to name as its author, or git does not do it.
    """
    ask = partial(_answer, shutil.which("git"), root)
    where = [(ask("rev-parse", wanted) or b"").decode("utf-8", "surrogateescape").strip("\n") for wanted in _WHERE]
    folder, prefix = where
    if not folder:
        raise CannotWrite(tr("the collection is in no git repository"), tr("`git init` there makes one."))
    if any((Path(folder) / name).exists() for name in _UNDER_WAY):
        raise CannotWrite(tr("git is in the middle of something else there"), tr("Finish it, then commit."))
    author = _author(root)
    # Whoever writes an index looks again at files that were saved at the same moment, and would run their filters.
    ask = partial(ask, **_without_filters(ask))
    head = (ask("rev-parse", "--verify", "--quiet", "HEAD") or b"").decode("ascii").strip()
    with _index_of_its_own(Path(folder)) as index:
        own = partial(ask, GIT_INDEX_FILE=str(index), **author)
        done = own("read-tree", *([head] if head else ["--empty"])) is not None
        entries = [entry for path, content in files.items() if (entry := _entry(ask, prefix + path, content))]
        done = done and len(entries) == len(files) and all(own(*_ADD, entry) is not None for entry in entries)
        tree = (own("write-tree") or b"").decode("ascii").strip() if done else ""
        parent = ["-p", head] if head else []
        made = (own("commit-tree", tree, *parent, given=message.encode()) or b"").decode("ascii").strip() if tree else ""
    if not made or ask("update-ref", "-m", "testimony: commit", "HEAD", made, head) is None:
        raise CannotWrite(tr("git did not make the commit"), tr("The files are written; commit them yourself."))
    for entry in entries:  # so that git does not take for changed what is committed
        ask(*_ADD, entry, GIT_OPTIONAL_LOCKS="1")
    return made


_WHERE: Final = ("--absolute-git-dir", "--show-prefix")
_UNDER_WAY: Final = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")
_ADD: Final = ("update-index", "--add", "--cacheinfo")


def _without_filters(ask: Callable[..., bytes | None]) -> dict[str, str]:
    """Return the environment in which git runs none of the filters that a repository's settings name."""
    found = ask("config", "--name-only", "-z", "--get-regexp", r"^filter\..*\.(clean|smudge|process|required)$") or b""
    names = sorted({name.rpartition(".")[0] for name in found.decode("utf-8", "surrogateescape").split("\0") if name})
    settings = [(f"{name}.{part}", "") for name in names for part in ("clean", "smudge", "process")]
    settings += [(f"{name}.required", "false") for name in names]
    numbered = {f"GIT_CONFIG_KEY_{number}": name for number, (name, _) in enumerate(settings)}
    numbered |= {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in enumerate(settings)}
    return {"GIT_CONFIG_COUNT": str(len(settings)), **numbered}


def _entry(ask: Callable[..., bytes | None], path: str, content: bytes) -> str:
    """Put a file's bytes among the objects of git, as they are; returns how an index names it."""
    name = (ask("hash-object", "-w", "--no-filters", "--stdin", given=content) or b"").decode("ascii").strip()
    return f"100644,{name},{path}" if name else ""


@contextlib.contextmanager
def _index_of_its_own(folder: Path) -> Iterator[Path]:
    index = folder / f"testimony-{os.getpid()}-{os.urandom(4).hex()}.index"
    try:
        yield index
    finally:
        for left in (index, index.with_name(f"{index.name}.lock")):
            left.unlink(missing_ok=True)


def _author(root: Path) -> dict[str, str]:
    """Return who the person is for git, as its settings or the environment say.

    :raises CannotWrite: they do not.
    """
    named = {part: _ask(root, "config", "--get", f"user.{part}") or "" for part in ("name", "email")}
    name, email = (os.environ.get(f"GIT_AUTHOR_{part.upper()}") or said.strip() for part, said in named.items())
    if not name or not email:
        message = tr("git does not know who you are, and a commit names somebody")
        remedy = tr('Tell it: git config user.name "NAME" and git config user.email ADDRESS; the files are written.')
        raise CannotWrite(message, remedy)
    return {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in (("NAME", name), ("EMAIL", email))}
