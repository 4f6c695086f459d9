"""The list of hits as a document: the signs by which it is laid out, and how it is read again to be compared.

A list gives each caveat in full once, as a numbered note, and the marks of the
citations at its end; at a hit stand the numbers. `archive.formats.text.hit_list`
writes it and `testimony verify` reads it: both take the signs from `list_signs`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from archive.citing.list_signs import BAR, CAVEATS, RENDERINGS, SOURCES, SPEAKS_FOR, WARNS
from archive.citing.printed import Printed, folded
from archive.record.testimony import Reference, reference

_QUOTED = re.compile(r"^(?:[ \t]*>)+[ ]?", re.MULTILINE)
_NAMED = re.compile(r"(?:^|\s{2})([A-Z]{2,5}-[0-9]{4,6}#p[0-9]{1,7})\s*$")
_SIGN = rf"(?:{'|'.join(RENDERINGS.values())})(?: \([A-Za-z0-9-]{{2,20}}\))?"
_WHOSE = re.compile(rf"\s{{2,}}{_SIGN}\s*$")
_ALONE = re.compile(rf"^{_SIGN}$")
_NUMBERED = re.compile(r"^[0-9]+\s+")
_NUMBER = re.compile(r"\[([0-9]{1,6})\]")
_NOTE = re.compile(r"^\s{0,4}\[([0-9]{1,6})\]\s+(.*)$")
_SOURCE = re.compile(r"^\s{0,4}([A-Z]{2,5}-[0-9]{4,6})\s{2,}(\S.*)$")
_MARK = re.compile(r"^\s*[A-Z]{2,5}-[0-9]{4,6}#p[0-9]")
_WARNS = "Content warning:"
_SINCE = re.compile(r",\s+since\s+[0-9]{4}(?:-[0-9]{2}){0,2}")

_REPLACED = re.compile(r",\s+replaced\s+since\s*$")


class Listed(NamedTuple):
    """A list in a document: its first and last line, and what it prints of each passage, and of each record by its code."""

    first: int
    last: int
    hits: Mapping[Reference, Printed]


class _Hit:
    """What has been read of a hit: its excerpt, and the names of its caveats with their numbers."""

    def __init__(self, named: Reference, line: int) -> None:
        self.named = named
        self.line = line
        self.words: list[str] = []
        self.opened: list[str] = []
        self.footnotes: list[str] = []
        self.told: list[str] = []

    def add(self, line: str) -> bool:
        """Take a line, and say whether the hit goes on."""
        bare = line.strip()
        if bare.startswith(BAR.strip()) and not self.told:
            self.words.append(bare.removeprefix(BAR.strip()).strip())
        elif bare.startswith((WARNS, SPEAKS_FOR)) and self.words:
            self.told.append(bare[len(WARNS) :])
        elif self.told and bare:
            self.told[-1] += f" {bare}"
        elif bare.startswith("[^") and self.words:
            self.footnotes.append(bare)
        elif self.footnotes and bare:
            self.footnotes[-1] += f" {bare}"
        elif not self.words and bare:
            self.opened.append(bare)
        return bool(bare) or not self.words

    def fields(self) -> tuple[tuple[str, str], ...]:
        """Return who speaks, with what stands behind it, and the sign that says whose words they are."""
        whose = _ALONE.match(self.words[-1]) or _WHOSE.search(self.words[-1])
        return ("speaks", " ".join(self.opened)), ("rendering", whose[0].strip() if whose else "")

    def excerpt(self) -> str:
        """Return the words, without the sign that says whose they are."""
        *before, last = self.words
        last = "" if _ALONE.match(last) else _WHOSE.sub("", last)
        return " ".join([*before, last]).strip()

    def blocks(self, notes: Mapping[str, str]) -> Iterator[str]:
        """Yield each note whose number stands here, behind the name that it has here."""
        for part in (part for line in self.told for part in line.split(" · ")):
            label = _SINCE.sub("", part.partition("[")[0])
            for number in _NUMBER.findall(part):
                here, _, said = notes.get(number, "").partition(": ")
                same = folded(_REPLACED.sub("", label)) == folded(_SINCE.sub("", here))
                yield f"{label.strip()}: {said}" if same else f"{label}, {here}: {said}"


class _List:
    """What has been read of a list besides its hits: its notes, its content warning, and the source of each record."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}
        self.warning: list[str] = []
        self.sources: dict[str, str] = {}
        self._number = self._record = ""

    def add_note(self, line: str) -> None:
        """Take a line of the notes."""
        opened = _NOTE.match(line)
        if opened:
            self._number = opened[1]
            self.notes[opened[1]] = opened[2].strip()
        elif self._number and line.strip():
            self.notes[self._number] += f" {line.strip()}"

    def add_source(self, line: str) -> None:
        """Take a line of the sources: a record's own, or a mark below it."""
        opened = _SOURCE.match(line)
        if opened:
            self._record = opened[1]
            self.sources[opened[1]] = opened[2].strip()
        elif _MARK.match(line):
            self._record = ""
        elif self._record:
            self.sources[self._record] += f" {line.strip()}"

    def add_above(self, bare: str) -> None:
        """Take a line above the first hit."""
        if bare.startswith(_WARNS) or (self.warning and bare and not self.warning[-1].endswith(".")):
            self.warning.append(bare.removeprefix(_WARNS).strip())


def read(document: str) -> tuple[Listed, ...]:
    """Read every list of ours in a document."""
    if CAVEATS not in document and SOURCES not in document:
        return ()
    listings: list[Listed] = []
    hits: list[_Hit] = []
    listing = _List()
    section, open_hit = "", False
    began = 0
    above: list[str] = []  # lines of a witness whose name did not fit on one, above that with the code
    for at, line in enumerate(_QUOTED.sub("", document).split("\n"), start=1):
        bare = line.strip()
        if bare.startswith((f"{CAVEATS} (", f"{SOURCES} (")) or (bare in {CAVEATS, SOURCES} and (hits or section)):
            section, open_hit, began = bare.split(" ")[0], False, began if section else at
        elif section == SOURCES and not bare:
            listings.append(_listed(hits, listing, (began, at)))
            hits, listing, section = [], _List(), ""
        elif section:
            (listing.add_note if section == CAVEATS else listing.add_source)(line)
        else:
            if not hits:
                listing.add_above(bare)
            open_hit = bool(hits) and open_hit and hits[-1].add(line)
            named = _NAMED.search(line)
            above = [*above, bare] if bare and not named else above if named else []
            if named and not bare.startswith(BAR.strip()) and not (open_hit and hits[-1].words):
                hits.append(_Hit(reference(named[1]), at))
                hits[-1].opened.append(_opened([*above, line[: named.start()].strip()]))
                open_hit, above = True, []
    if section:
        listings.append(_listed(hits, listing, (began, document.count("\n") + 1)))
    return tuple(listings)


def _opened(lines: list[str]) -> str:
    """Return who speaks, from the last line that begins with the number of a hit."""
    first = max((at for at, line in enumerate(lines) if _NUMBERED.match(line)), default=len(lines) - 1)
    return _NUMBERED.sub("", " ".join(lines[first:]))


def _printed(hit: _Hit, listing: _List) -> Printed:
    beside = (("warning", " ".join(listing.warning)), ("source", listing.sources.get(hit.named.code, "")))
    return Printed(
        hit.excerpt(),
        tuple(hit.blocks(listing.notes)),
        headed=True,
        footnotes="; ".join(hit.footnotes),
        kind="list",
        fields=(*hit.fields(), *beside),
    )


def _listed(hits: list[_Hit], listing: _List, sections: tuple[int, int]) -> Listed:
    printed_hits = {hit.named: _printed(hit, listing) for hit in hits if hit.words}
    of_records = {Reference(code, ()): _of_record(listing, said) for code, said in listing.sources.items()}
    first, last = sections
    return Listed(min([hit.line for hit in hits], default=first), last, of_records | printed_hits)


def _of_record(listing: _List, said: str) -> Printed:
    """Return what is printed of a whole record: its source, and each caveat in full below."""
    return Printed(blocks=tuple(listing.notes.values()), headed=True, kind="list", fields=(("source", said),))
