"""An index of packed segments, opened to be read: its segments, and what is true of all of them together."""

import os
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Final

from archive.engine._plan import pooled_fields
from archive.engine.whoosh.segment import toc
from archive.engine.whoosh.segment.layout import LENGTHS
from archive.engine.whoosh.segment.postings import Passages, TermDictionary
from archive.engine.whoosh.segment.toc import SegmentInfo, TableOfContents
from archive.errors import refuse_index
from archive.storage import atomic

NAME: Final = "MAIN"
"""What the names of all files of an index begin with."""
_TOC: Final = (f"_{NAME}_", ".toc")
"""What stands before and behind the number of a commit in the name of its table of contents."""
_K1: Final = 1.2
_B: Final = 0.75


class FolderFiles:
    """The files of an index in a folder, mapped into memory."""

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        self.folder = folder

    def names(self) -> list[str]:
        """Return the names of the files."""
        try:
            return os.listdir(self.folder)  # noqa: PTH208 - half the time of a path for each
        except OSError:
            return []

    def view(self, name: str) -> memoryview:
        """Map a file into memory; see `archive.storage.atomic.map_file`."""
        with (self.folder / name).open("rb", buffering=0) as file:
            return atomic.map_file(file.fileno())


class MemoryFiles:
    """The files of an index in memory."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        """Take the files by name."""
        self.files = files if files is not None else {}

    def names(self) -> list[str]:
        """Return the names of the files."""
        return list(self.files)

    def view(self, name: str) -> memoryview:
        """Return a file."""
        return memoryview(self.files[name])


Files = FolderFiles | MemoryFiles
"""Where the files of an index are."""


def generation(files: Files) -> str:
    """Return the number of the newest commit, found by its name alone; "" where there is no index."""
    before, behind = _TOC
    numbers = (name[len(before) : -len(behind)] for name in files.names() if name.startswith(before) and name.endswith(behind))
    generations = [int(number) for number in numbers if number.isdecimal()]
    return str(max(generations)) if generations else ""


def toc_name(number: int) -> str:
    """Return the name of the table of contents of a commit."""
    return str(number).join(_TOC)


def contents(files: Files) -> TableOfContents:
    """Read the newest table of contents.

    :raises DamagedIndex: there is none, or it is not as it was written.
    """
    newest = generation(files)
    if not newest:
        refuse_index("there is no table of contents")
    try:
        table = toc.read(bytes(files.view(toc_name(int(newest)))))
    except OSError as error:
        refuse_index(f"{type(error).__name__}", error)
    if str(table.generation) != newest:
        refuse_index("the table of contents is of another generation")
    return table


class SegmentReader:
    """A segment among the others: ``first`` is what its first passage counts as among those of all."""

    def __init__(self, files: Files, entry: SegmentInfo, first: int) -> None:
        """Open its files."""
        self.terms = TermDictionary(files.view(f"{entry.name}.terms"), entry.name, entry.documents)
        self._files, self.entry, self.first = files, entry, first
        self.size = entry.documents
        self.bases: dict[str, list[float]] = {}

    @cached_property
    def passages(self) -> Passages:
        """The passages file."""
        return Passages(self._files.view(f"{self.entry.name}.passages"), self.entry.name, self.entry.documents)

    @cached_property
    def all_docs(self) -> list[int]:
        """The numbers of all passages."""
        return list(range(self.size))


class IndexReader:
    """All segments of the newest generation.

    :raises DamagedIndex: from every method, where the files are not as they were written.
    """

    def __init__(self, files: Files) -> None:
        """Open the segments."""
        table = contents(files)
        self.generation = str(table.generation)
        firsts = accumulate((entry.documents for entry in table.segments), initial=0)
        try:
            self.parts = [SegmentReader(files, entry, first) for entry, first in zip(table.segments, firsts, strict=False)]
        except (OSError, KeyError, TypeError, ValueError) as error:
            refuse_index(f"{type(error).__name__}", error)
        self.count = sum(entry.documents for entry in table.segments)
        self._averages: dict[str, float] = {}
        self._texts: dict[str, int] = {}

    def part_of(self, document: int) -> SegmentReader:
        """Return the segment in which a passage lies."""
        return next(part for part in reversed(self.parts) if part.first <= document)

    def doc_frequency(self, field: str, term: bytes) -> int:
        """Count the passages that have a term."""
        places = ((part.terms, part.terms.find(field, term)) for part in self.parts)
        return sum(terms.count(place) for terms, place in places if place >= 0)

    def texts(self, field: str) -> int:
        """Count the texts that have anything in a field; for a field of versions, in that field of any language."""
        of = pooled_fields(field)
        if of[0] not in self._texts:
            kept = [part.passages.lengths(each) for part in self.parts for each in of]
            self._texts[of[0]] = sum(len(lengths) - bytes(lengths).count(0) for lengths in kept if lengths is not None)
        return self._texts[of[0]]

    def average(self, field: str) -> float:
        """Return the average length of a field, over the texts that have it, as Lucene takes it."""
        if field not in self._averages:
            total = sum(part.terms.total(each) for part in self.parts for each in pooled_fields(field))
            self._averages[field] = (total / (self.texts(field) or 1)) or 1.0
        return self._averages[field]

    def base(self, segment: SegmentReader, field: str) -> list[float]:
        """Return, for each code of a field in a segment, what BM25 makes of frequency and length; rarity comes after."""
        scores = segment.bases.get(field)
        if scores is None:
            average = self.average(field)
            pairs = segment.terms.fields[field].pairs
            scores = segment.bases[field] = [bm25_tf(often, byte, average) for often, byte in pairs]
        return scores

    def terms_from(self, field: str, prefix: bytes) -> Iterator[bytes]:
        """Yield the terms that begin so, segment by segment, one that several have as often."""
        for part in self.parts:
            for _, term in part.terms.terms_from(field, prefix):
                if not term.startswith(prefix):
                    break
                yield term

    def words(self, field: str) -> set[bytes]:
        """Return all terms of a field."""
        return set().union(*(part.terms.words(field) for part in self.parts))


def bm25_tf(often: int, byte: int, average: float) -> float:
    """Return the part of BM25 that a frequency and a length make, against the average length."""
    return often * (_K1 + 1) / (often + _K1 * ((1 - _B) + _B * (LENGTHS[byte] or 1) / average))
