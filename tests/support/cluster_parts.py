"""A collection that is published to the cluster of the tests, and what happens to its records afterwards."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import made_up
from archive.archive import Archive
from running import TOP


def rows(code: str, *paragraphs: str, **changes: Any) -> str:
    """Write a record."""
    return made_up.record(made_up.header(code, **changes), *paragraphs)


def remote(root: Path, said: list[str] | None = None) -> Archive:
    """Open a collection by the cluster."""
    return Archive(root, say=(said if said is not None else []).append, engine="opensearch")


def publish(root: Path, **options: bool) -> Any:
    """Publish a collection."""
    with remote(root) as archive:
        return archive.update(**options)


def close(root: Path, code: str) -> None:
    """Close a record in the folder."""
    [file] = (root / "testimonies").glob(f"{code}*")
    file.write_text(file.read_text().replace('access: {"level": "public"}', 'access: {"level": "closed"}'))


def delete(root: Path, code: str) -> None:
    """Delete a record from the folder."""
    file_of(root, code).unlink()


def withdraw(root: Path, code: str) -> None:
    """Let a record say that its witness withdrew it."""
    file = file_of(root, code)
    written = file.read_text().replace('consent: {"status": "given"}', 'consent: {"status": "withdrawn"}')
    file.write_text(written.replace('access: {"level": "public"}', 'access: {"level": "closed"}'))


def spoil(root: Path, code: str) -> None:
    """Make a record one that cannot be read: its caveats stay in force, and nothing else of it is shown."""
    file = file_of(root, code)
    file.write_text(file.read_text().replace('kind: "testimony"', 'kind: "nonsense"'))


def file_of(root: Path, code: str) -> Path:
    """Return the file of a record."""
    [file] = (root / "testimonies").glob(f"{code}*")
    return file


def starter(name: str = "cluster") -> ModuleType:
    """Return the program that starts clusters, loaded under a name."""
    spec = importlib.util.spec_from_file_location(name, TOP / "tools" / "cluster.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module
