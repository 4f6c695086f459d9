"""Writing beside, syncing, renaming: what was there stays whole, and nothing is written over unasked."""

import errno
import os
from pathlib import Path

import pytest

from archive import system
from archive.errors import CannotWrite
from archive.storage import atomic, record_files
from safekeeping_parts import NO_SUCH_PROCESS


def test_what_is_there_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    """A record that was private stays so."""
    file = tmp_path / "a"
    file.write_bytes(b"old")
    file.chmod(0o640)
    atomic.write_beside(file, b"new", new=False)
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    """Also not of one that came while it was written."""
    file = tmp_path / "a"
    atomic.write_beside(file, b"first", new=True)
    with pytest.raises(CannotWrite, match="is there already"):
        atomic.write_beside(file, b"second", new=True)
    assert file.read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_a_disk_without_hard_links_refuses_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a FAT stick the name is taken first."""

    def none(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(atomic.os, "link", none)
    file = tmp_path / "a"
    atomic.write_beside(file, b"first", new=True)
    with pytest.raises(CannotWrite, match="is there already"):
        atomic.write_beside(file, b"second", new=True)
    assert file.read_bytes() == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_file_that_cannot_be_written_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A failure leaves the old bytes and no junk."""
    file = tmp_path / "a"
    file.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, step, full)
    with pytest.raises(CannotWrite, match="No space left"):
        atomic.write_beside(file, b"new", new=False)
    assert file.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_an_edit_made_in_the_meantime_is_not_lost(tmp_path: Path) -> None:
    """Who read a file, worked on it and writes it back does not undo what another has saved since."""
    file = tmp_path / "a"
    file.write_bytes(b"edited by a person")
    with pytest.raises(CannotWrite, match="has changed since it was read"):
        atomic.write_beside(file, b"computed from the old", new=False, was=b"old")
    assert file.read_bytes() == b"edited by a person"


def test_leftovers_of_a_write_that_was_cut_off_are_no_records(tmp_path: Path) -> None:
    """They are known by their name, and go once their writer is gone."""
    (tmp_path / "testimonies").mkdir()
    gone = tmp_path / "testimonies" / f".NKT-9001-a.md.{NO_SUCH_PROCESS}-0123abcd.new"
    living = tmp_path / "testimonies" / f".NKT-9001-a.md.{os.getpid()}-0123abcd.new"
    for file in (gone, living):
        file.write_bytes(b"half")
    found = record_files.survey(tmp_path)
    assert (found.files, found.faults) == ({}, ())
    assert set(found.leftovers) == {f"testimonies/{gone.name}", f"testimonies/{living.name}"}
    assert atomic.sweep(gone)
    assert not atomic.sweep(living)
    os.utime(living, (0, 0))  # a number may be given to another process; after an hour nobody writes any more
    assert atomic.sweep(living)
    assert not atomic.sweep(tmp_path / "testimonies" / "NKT-9001-a.md")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o400])
def test_a_file_has_its_permissions_before_its_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    """Whoever looks while it is written, or after a kill, sees no more than what the old file or the caller allows."""
    file = tmp_path / "a"
    file.write_bytes(b"old")
    file.chmod(mode)
    seen = []

    def sync(descriptor: int) -> None:
        seen.append(os.fstat(descriptor).st_mode & 0o777)

    monkeypatch.setattr(system, "sync", sync)
    atomic.write_beside(file, b"new", new=False)
    atomic.write_beside(tmp_path / "b", b"new", new=True, mode=mode)
    assert seen == [mode, mode]
    assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {mode}


def test_a_file_is_never_more_open_than_it_will_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the moment that it is made: nobody can open it before its permissions are set."""
    made = []
    real = os.open

    def opened(path: str, flags: int, mode: int = 0o777, **rest: int) -> int:
        descriptor = real(path, flags, mode, **rest)
        if flags & os.O_CREAT:
            made.append(os.fstat(descriptor).st_mode & 0o777)
        return descriptor

    monkeypatch.setattr(atomic.os, "open", opened)
    for mode in (0o600, 0o640, 0o644, 0o000):
        atomic.write_beside(tmp_path / f"{mode}", b"new", new=True, mode=mode)
        assert made.pop() & ~mode == 0


def test_a_disk_without_permissions_takes_files_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it cannot keep is told by whoever promised it; any other refusal is one."""

    def refusing(code: int) -> None:
        def chmod(*_: object) -> None:
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(atomic.os, "chmod", chmod)

    for number, code in enumerate((errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)):
        refusing(code)
        atomic.write_beside(tmp_path / f"{number}", b"new", new=True, mode=0o640)
        assert (tmp_path / f"{number}").read_bytes() == b"new"
    refusing(errno.EIO)
    with pytest.raises(CannotWrite):
        atomic.write_beside(tmp_path / "a", b"new", new=True, mode=0o640)
    assert not (tmp_path / "a").exists()
    assert not list(tmp_path.glob(".*"))
