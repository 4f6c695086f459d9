"""What is installed here under the name of Whoosh: three distributions bring a module of that name, and overwrite each other."""

from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

from archive.language.messages import mark, tr, translate
from archive.named_tuple import NamedTuple
from archive.text import join_list

_MODULE: Final = "whoosh/__init__.py"
_LISTS: Final = ("RECORD", "installed-files.txt", "SOURCES.txt")
REMEDY: Final = mark(
    "Take it away and install it anew: `python -m pip uninstall --yes {names}`, then "
    "`python -m pip install --require-hashes -r requirements/core.txt` in the program's folder, with the Python of the program."
)


class Muddle(NamedTuple):
    """A folder in which the module may be made of parts that do not belong together."""

    folder: str
    what: str
    remedy: str


def _brings(distribution: Distribution) -> bool:
    """Return whether a distribution says that the module is a file of it; the lists of most are read, not taken apart."""
    lists = (distribution.read_text(name) or "" for name in _LISTS)
    return any(_MODULE in files for files in lists) and any(file.as_posix() == _MODULE for file in distribution.files or ())


def muddles() -> Iterator[Muddle]:
    """Yield each folder that Python looks in where several distributions brought the module, or where files of it are gone."""
    by_folder: dict[Path, list[Distribution]] = {}
    for distribution in distributions():
        if _brings(distribution):
            by_folder.setdefault(Path(str(distribution.locate_file(""))).resolve(), []).append(distribution)
    for folder, brought in by_folder.items():
        names = sorted({distribution_found.name for distribution_found in brought})
        remedy = translate(REMEDY).format(names=" ".join(names))
        if len(names) > 1:
            described = join_list(
                sorted(f"{distribution_found.name} {distribution_found.version}" for distribution_found in brought), "and"
            )
            yield Muddle(str(folder), tr("holds the module whoosh of {told}, one written over the other", told=described), remedy)
            continue
        gone = [file for file in brought[0].files or () if file.parts[0] == "whoosh" and not (folder / file).exists()]
        if any(file.suffix == ".py" for file in gone):
            yield Muddle(
                str(folder),
                tr("has lost files of the module whoosh of {names}, as when another one was taken away", names=names[0]),
                remedy,
            )
