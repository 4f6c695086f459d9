"""Where an index is written: a folder in which everything is on the disk before it counts, or memory.

The table of contents gets its name last, which is the switch from the old
index to the new one. Everything is brought to the disk before the switch, and
the switch itself before anything goes on: after a loss of power the new table
is never there with empty files.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import BinaryIO

from archive import system
from archive.engine.whoosh.segment.index_reader import FolderFiles, MemoryFiles


class IndexFolder(FolderFiles):
    """The files of an index in a folder, which are written there.

    :raises OSError: from every method, where they could not be, or not brought to the disk.
    """

    def create(self, name: str) -> BinaryIO:
        """Open a new file to write."""
        return (self.folder / name).open("wb")

    def remove(self, name: str) -> None:
        """Take a file away, where nobody has it open; else the next update does."""
        with suppress(OSError):
            (self.folder / name).unlink()

    def publish(self, name: str, content: bytes) -> None:
        """Make the switch: write a file beside, sync every file and the folder, give it its name, sync the folder."""
        beside = self.folder / f"{name}.new"
        beside.write_bytes(content)
        for file in sorted(self.folder.iterdir()):
            if file.is_file() and not file.is_symlink():
                system.sync_file(file)
        system.sync_folder(self.folder)
        system.replace(beside, self.folder / name)
        system.sync_folder(self.folder)


class IndexInMemory(MemoryFiles):
    """The files of an index that is nowhere on a disk."""

    @contextmanager
    def create(self, name: str) -> Iterator[BinaryIO]:
        """Open a new file to write."""
        with BytesIO() as file:
            yield file
            self.files[name] = file.getvalue()

    def remove(self, name: str) -> None:
        """Take a file away."""
        self.files.pop(name, None)

    def publish(self, name: str, content: bytes) -> None:
        """Put the file there that makes all others count."""
        self.files[name] = content


WritableFiles = IndexFolder | IndexInMemory
"""Where the files of an index are written."""
