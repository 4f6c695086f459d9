"""A disk that is watched: every step that changes it is noted, and any of them can fail, or be the last.

`Watched` stands between the program and the system for one folder, in this
process. From the steps that it noted, `Model` tells what the folder holds
after a kill or a loss of power at any of them; `materialised` puts that on the
real disk, so that the program can be asked what it makes of it.
"""

import builtins
import contextlib
import errno
import io
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from archive.storage import index_state, record_files
from archive.storage.paths import INDEX
from archive.storage.record_files import Fingerprint

_REAL_OPEN = io.open
_REAL = {
    name: getattr(os, name)
    for name in ("open", "write", "fsync", "rename", "replace", "link", "unlink", "remove", "mkdir", "rmdir", "fdopen")
}


class Step(NamedTuple):
    """One change: what was done, to which path, and with what."""

    what: str
    path: str
    node: int = 0
    offset: int = 0
    content: bytes = b""
    to: str = ""


class Fault(NamedTuple):
    """A system's error at a step, once or from there on."""

    code: int
    at: int
    lasting: bool

    def hits(self, number: int, what: str) -> bool:
        """Ask whether a step fails."""
        if number < self.at or (number > self.at and not self.lasting):
            return False
        # On a full disk files can still be deleted and renamed.
        return self.code != errno.ENOSPC or what in {"make", "write", "mkdir", "link", "sync"}


class Watched:
    """Notes every change below a folder while it is on."""

    def __init__(self, root: Path, fault: Fault | None = None) -> None:
        self.root = str(root.resolve())
        self.fault = fault
        self.steps: list[Step] = []
        self.failed = 0
        self._nodes: dict[int, int] = {}
        self._next = 0

    def node_at(self, path: str) -> int:
        """Return the number of the file that lies at a path; a new one where it is not known."""
        inode = os.lstat(path).st_ino
        if inode not in self._nodes:
            self._nodes[inode] = self._new()
        return self._nodes[inode]

    def _new(self) -> int:
        self._next += 1
        return self._next

    def is_below(self, path: str) -> bool:
        """Ask whether a path lies in the folder."""
        return path == self.root or path.startswith(f"{self.root}/")

    def resolved(self, path: Any, dir_fd: int | None = None) -> str:
        """Return the whole path of what a call names."""
        if isinstance(path, int):
            return os.readlink(f"/proc/self/fd/{path}").removesuffix(" (deleted)")
        written = os.fsdecode(path)
        if not os.path.isabs(written):
            base = os.readlink(f"/proc/self/fd/{dir_fd}") if dir_fd is not None else os.getcwd()
            written = os.path.join(base, written)
        return os.path.join(os.path.realpath(os.path.dirname(written)), os.path.basename(written))

    def step(self, step: Step, do: Callable[[], Any], half: Callable[[], Any] | None = None) -> Any:
        """Do a step and note it, or fail it."""
        if not self.is_below(step.path):
            return do()
        number = len(self.steps) + self.failed
        if self.fault and self.fault.hits(number, step.what):
            self.failed += 1
            if half:
                half()
            raise OSError(self.fault.code, os.strerror(self.fault.code), step.path)
        done = do()
        self.steps.append(step)
        return done

    def made(self, path: str) -> None:
        """Note that a file was made, or was made empty."""
        self._nodes[os.lstat(path).st_ino] = self._new()

    @contextlib.contextmanager
    def on(self) -> Iterator["Watched"]:
        """Watch."""
        calls = {name: getattr(self, f"_{name}") for name in _REAL}
        ours = mock.patch.object(builtins, "open", self._io_open), mock.patch.object(io, "open", self._io_open)
        with mock.patch.multiple(os, **calls), ours[0], ours[1]:
            yield self

    def _io_open(self, file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
        path = self.resolved(file)
        if not set(mode) & set("wxa+") or not self.is_below(path):
            return _REAL_OPEN(file, mode, buffering, *rest, **named)
        bare = mode.replace("b", "").replace("t", "")
        if isinstance(file, int):
            raw = _Raw(self, path, file, bare, closefd=named.get("closefd", True))
        else:
            there = os.path.lexists(path)
            if not there or "w" in bare:
                kept = Step("make", path)
                raw = self.step(kept, lambda: _Raw(self, path, path, bare))
                self.made(path)
                if self.steps and self.steps[-1] is kept:
                    self.steps[-1] = kept._replace(node=self.node_at(path))
            else:
                raw = _Raw(self, path, path, bare)
        if buffering == 0:
            return raw
        whole: Any = io.BufferedRandom(raw) if "+" in bare else io.BufferedWriter(raw)
        if "b" not in mode:
            whole = io.TextIOWrapper(whole, encoding=named.get("encoding", "utf-8"))
        return whole

    def _open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        whole = self.resolved(path, dir_fd)

        def do() -> int:
            return _REAL["open"](path, flags, mode, dir_fd=dir_fd)

        if not flags & os.O_CREAT or (os.path.lexists(whole) and not flags & os.O_TRUNC):
            return do()
        kept = Step("make", whole)
        descriptor: int = self.step(kept, do)
        self.made(whole)
        if self.steps and self.steps[-1] is kept:
            self.steps[-1] = kept._replace(node=self.node_at(whole))
        return descriptor

    def _fdopen(self, descriptor: int, mode: str = "r", *rest: Any, **named: Any) -> Any:
        return self._io_open(descriptor, mode, *rest, **named)

    def _write(self, descriptor: int, content: bytes) -> int:
        path = self.resolved(descriptor)
        if not self.is_below(path):
            return _REAL["write"](descriptor, content)
        step = Step("write", path, self.node_at(path), os.lseek(descriptor, 0, os.SEEK_CUR), bytes(content))
        return self.step(step, lambda: _REAL["write"](descriptor, content))

    def _fsync(self, descriptor: int) -> None:
        path = self.resolved(descriptor)
        if not self.is_below(path) or not os.path.lexists(path):
            return _REAL["fsync"](descriptor)
        if os.path.isdir(path):
            return self.step(Step("syncdir", path), lambda: _REAL["fsync"](descriptor))
        return self.step(Step("sync", path, self.node_at(path)), lambda: _REAL["fsync"](descriptor))

    def _rename(self, source: Any, target: Any, **fds: Any) -> None:
        step = Step("rename", self.resolved(source, fds.get("src_dir_fd")), to=self.resolved(target, fds.get("dst_dir_fd")))
        return self.step(step, lambda: _REAL["replace"](source, target, **fds))

    _replace = _rename

    def _link(self, source: Any, target: Any, **fds: Any) -> None:
        step = Step("link", self.resolved(source), to=self.resolved(target))
        return self.step(step, lambda: _REAL["link"](source, target, **fds))

    def _unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        if not os.path.lexists(self.resolved(path, dir_fd)):
            return _REAL["unlink"](path, dir_fd=dir_fd)
        return self.step(Step("unlink", self.resolved(path, dir_fd)), lambda: _REAL["unlink"](path, dir_fd=dir_fd))

    _remove = _unlink

    def _mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        if os.path.lexists(self.resolved(path, dir_fd)):
            return _REAL["mkdir"](path, mode, dir_fd=dir_fd)
        return self.step(Step("mkdir", self.resolved(path, dir_fd)), lambda: _REAL["mkdir"](path, mode, dir_fd=dir_fd))

    def _rmdir(self, path: Any, *, dir_fd: int | None = None) -> None:
        return self.step(Step("rmdir", self.resolved(path, dir_fd)), lambda: _REAL["rmdir"](path, dir_fd=dir_fd))


class _Raw(io.FileIO):
    """A file whose every write is a step."""

    def __init__(self, disk: Watched, path: str, file: Any, mode: str, *, closefd: bool = True) -> None:
        super().__init__(file, mode, closefd)
        self._disk = disk
        self._path = path

    def write(self, content: Any) -> int:  # type: ignore[override]
        written = bytes(content)
        inode = os.fstat(self.fileno()).st_ino
        node = self._disk._nodes.setdefault(inode, 0) or self._disk.node_at(self._path)  # noqa: SLF001 - its own part
        step = Step("write", self._path, node, self.tell(), written)
        return self._disk.step(
            step, lambda: io.FileIO.write(self, written), lambda: io.FileIO.write(self, written[: len(written) // 2])
        )

    def truncate(self, size: int | None = None) -> int:
        size = self.tell() if size is None else size
        return self._disk.step(
            Step("truncate", self._path, self._disk.node_at(self._path), size), lambda: io.FileIO.truncate(self, size)
        )


class _File:
    """A file's content as it is, and as it would be after a loss of power."""

    def __init__(self, content: bytes = b"", *, safe: bool = False) -> None:
        self.content = bytearray(content)
        self.synced = bytes(content) if safe else b""

    def after(self, loss: str) -> bytes:
        """Return what is left: all, what was synced, or something in between."""
        if loss == "none" or bytes(self.content) == self.synced:
            return bytes(self.content)
        if loss == "lost":
            return self.synced
        if loss == "zeroed":
            return self.synced[: len(self.content)].ljust(len(self.content), b"\0")
        return bytes(self.content[: len(self.content) // 2])


class _Folder:
    """A folder's names as they are, and every state of them since they were last synced."""

    def __init__(self, entries: dict[str, Any] | None = None) -> None:
        self.entries = entries or {}
        self.states = [dict(self.entries)]

    def changed(self) -> None:
        self.states.append(dict(self.entries))

    def synced(self) -> None:
        self.states = [dict(self.entries)]


class Model:
    """What a folder holds after some of the steps."""

    def __init__(self, root: Path, origin: Path) -> None:
        """Begin with a copy of the folder as it was before the first step.

        :param root: where the steps were noted. ``origin``: that copy, all of it safely on the disk.
        """
        self.root = str(root.resolve())
        self.tree = self._load(origin)
        self.first = self.files()

    def _load(self, folder: Path) -> _Folder:
        entries: dict[str, Any] = {}
        for each in sorted(folder.iterdir()):
            entries[each.name] = self._load(each) if each.is_dir() else _File(each.read_bytes(), safe=True)
        return _Folder(entries)

    def left(self) -> dict[str, tuple[bytes, Any] | None]:
        """Return path → content and file as they are now, which is what a killed process leaves."""
        return self.after("none", "kept", random.Random(0))

    def files(self) -> dict[str, Any]:
        """Return the file that lies at each path now."""
        return {path: each[1] for path, each in self.left().items() if each}

    def _at(self, path: str) -> tuple[_Folder, str]:
        *parents, name = path[len(self.root) + 1 :].split("/")
        folder = self.tree
        for each in parents:
            folder = folder.entries[each]
        return folder, name

    def do(self, step: Step, *, half: bool = False) -> None:
        """Do a step, or half of a write."""
        if step.what == "syncdir" and step.path == self.root:
            self.tree.synced()
            return
        folder, name = self._at(step.path)
        if step.what in {"make", "mkdir", "rename", "link", "unlink", "rmdir"}:
            self._name(step, folder, name)
        elif step.what == "write":
            content = step.content[: len(step.content) // 2] if half else step.content
            file = folder.entries[name].content
            if len(file) < step.offset:
                file.extend(bytes(step.offset - len(file)))
            file[step.offset : step.offset + len(content)] = content
        elif step.what == "truncate":
            del folder.entries[name].content[step.offset :]
        elif step.what == "sync":
            folder.entries[name].synced = bytes(folder.entries[name].content)
        else:
            folder.entries[name].synced()

    def _name(self, step: Step, folder: _Folder, name: str) -> None:
        """Do a step that changes the names in a folder."""
        other = folder
        if step.what in {"make", "mkdir"}:
            known = folder.entries.get(name)
            if isinstance(known, _File):  # opened anew: the same file, emptied
                known.content.clear()
                return
            folder.entries[name] = _File() if step.what == "make" else _Folder()
        elif step.what in {"rename", "link"}:
            other, target = self._at(step.to)
            other.entries[target] = folder.entries[name]
        if step.what in {"rename", "unlink", "rmdir"}:
            del folder.entries[name]
        folder.changed()
        if other is not folder:
            other.changed()

    def after(self, loss: str, names: str, chance: random.Random) -> dict[str, tuple[bytes, Any] | None]:
        """Return path → content and file after a loss of power (None for a folder).

        :param loss: of unsynced content: none, lost, zeroed, halved. ``names``: of
            unsynced names: kept, undone, or mixed (each folder as it was at some moment since).
        """
        found: dict[str, tuple[bytes, Any] | None] = {}

        def walk(folder: _Folder, path: str) -> None:
            state = {"kept": folder.entries, "undone": folder.states[0], "mixed": chance.choice(folder.states)}[names]
            for name, each in state.items():
                if isinstance(each, _Folder):
                    found[f"{path}{name}"] = None
                    walk(each, f"{path}{name}/")
                else:
                    found[f"{path}{name}"] = (each.after(loss), each)

        walk(self.tree, "")
        return found


def materialised(left: dict[str, tuple[bytes, Any] | None], target: Path, true: dict[str, Any]) -> None:
    """Put on the disk what is left, at the old times and identities as far as the state believes in them.

    A real disk may bring back size and times with the wrong content. Copies
    have times and inodes of their own; so those are written into the state
    wherever the file is the one that it tells of (``true``: path → file). Only
    the hash can then find the difference.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path, each in left.items():
        if each is None:
            (target / path).mkdir(parents=True, exist_ok=True)
        else:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(each[0])
    adopt(target, lambda path: path in left and path in true and left[path] is not None and left[path][1] is true[path])


def adopt(root: Path, is_the_same: Callable[[str], bool] = lambda _: True) -> None:
    """Write the times and identities of copied files into the state, keeping sizes and hashes."""
    for file in (root / INDEX / "state").glob("*.json"):
        state = index_state.load(file)
        if state == index_state.NOTHING:
            continue

        def adopted(path: str, seen: Fingerprint) -> Fingerprint:
            if not is_the_same(path) or not (root / path).exists():
                return seen
            return Fingerprint.of((root / path).stat())._replace(size=seen.size)

        base = f"{INDEX}/{file.stem}"
        known = {path: each._replace(fingerprint=adopted(path, each.fingerprint)) for path, each in state.file_states.items()}
        kept = {
            name: each._replace(fingerprint=adopted(f"{base}/{name}", each.fingerprint)) for name, each in state.files.items()
        }
        survey = record_files.survey(root)
        is_whole = survey.files == {path: each.fingerprint for path, each in known.items()}
        # Copies are younger than the look that the state tells of; told to be older, their times are believed.
        moment, digest = time.time_ns() + 3_600_000_000_000, survey.digest if is_whole else ""
        index_state.save(file, state._replace(file_states=known, files=kept, moment=moment, digest=digest))


def copied(source: Path, target: Path) -> Path:
    """Copy a collection with its index so that the copy is as fresh as the first."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
    adopt(target)
    return target


def files_of(root: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path."""
    return {str(each.relative_to(root)): each.read_bytes() for each in sorted(root.rglob("*")) if each.is_file()}


def junk(root: Path) -> list[str]:
    """Name what lies in the index folder and is no part of an index."""
    base = root / INDEX
    state = index_state.load(base / "state" / "public.json")
    wanted = {f"public/{name}" for name in state.files} | {"state/public.json", "state/authorities.compiled", "state/lock"}
    return sorted({str(each.relative_to(base)) for each in base.rglob("*") if not each.is_dir()} - wanted) + sorted(
        str(each.relative_to(root)) for each in (root / "testimonies").rglob(".*")
    )
