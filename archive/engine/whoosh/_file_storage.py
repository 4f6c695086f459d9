"""The folder in which an index lies: what is written there is on the disk before it counts.

Whoosh writes new files, then gives the table of contents its name, which is
the switch from the old index to the new one. Nothing in it is ever synced:
after a loss of power the new table may be there and its files empty. Here
everything is brought to the disk before the switch, and the switch itself
before anything goes on. It holds for any codec.
"""

from pathlib import Path
from threading import Lock
from typing import Any

from whoosh.filedb.filestore import FileStorage

from archive import system
from archive.language.messages import tr


class FolderStorage(FileStorage):  # type: ignore[misc]  # Whoosh's base class is not typed
    """A folder of index files, synced, that remembers what it has open, since Whoosh forgets it in an error."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.open_files: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:  # noqa: ANN401 - Whoosh's own types
        """Open a file to read."""
        opened_file = super().open_file(name, **options)
        self.open_files.append(opened_file)
        return opened_file

    def create_file(self, name: str, **options: Any) -> Any:  # noqa: ANN401 - Whoosh's own types
        """Open a file to write."""
        made = super().create_file(name, **options)
        self.open_files.append(made)
        return made

    def temp_storage(self, name: str | None = None) -> "FolderStorage":
        """Return a folder inside this one for what is needed while an index is written."""
        folder = Path(self.folder) / (name or "temporary")
        folder.mkdir(exist_ok=True)
        within = FolderStorage(folder)
        within.open_files = self.open_files
        return within

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 - Whoosh's own signature
        """Make the switch: sync every file and the folder, rename, sync the folder.

        :raises OSError: it could not be made, or not brought to the disk.
        """
        folder = Path(self.folder)
        if safe and (folder / newname).exists():
            raise FileExistsError(17, tr("another process wrote the index"), newname)
        for file in sorted(folder.iterdir()):
            if file.is_file() and not file.is_symlink():
                system.sync_file(file)
        system.sync_folder(folder)
        system.replace(folder / oldname, folder / newname)
        system.sync_folder(folder)

    def lock(self, name: str) -> Any:  # noqa: ANN401 - Whoosh's own types
        """Return a lock within this process.

        Between processes `archive.indexing.update` holds one, and no file is left behind.
        """
        return self.locks.setdefault(name, Lock())
