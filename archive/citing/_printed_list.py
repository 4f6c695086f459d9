"""The list of hits as a document: the signs by which it is laid out, and how it is read again to be compared.

A list gives each caveat in full once, as a numbered note, and the marks of the
citations at its end; at a hit stand the numbers. `archive.formats.text.hit_list`
writes it and `testimony verify` reads it: both take the signs from `list_signs`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from archive.citing.citation import STALE, UNREAD
from archive.citing.folding import fold_struck
from archive.citing.list_signs import BAR, CAVEATS, CONTENT_WARNING, RENDERINGS, SOURCES, SPEAKS_FOR, UPDATED, WARNS
from archive.citing.printed import Printed
from archive.citing.printed_page import FIELD
from archive.language.messages import ENGLISH, LANGUAGES, mark, speaking, translate
from archive.named_tuple import NamedTuple
from archive.record.testimony import Reference, reference

KIND: Final = "list"
"""The kind of the fields of a hit; those of a list in another language than English have its code behind it."""

_QUOTED = re.compile(r"^(?:[ \t]*>)+[ ]?", re.MULTILINE)
_NAMED = re.compile(r"(?:^|\s{2})([A-Z]{2,5}-[0-9]{4,6}#p[0-9]{1,7})\s*$")
_NUMBERED = re.compile(r"^[0-9]+\s+")
_NUMBER = re.compile(r"\[([0-9]{1,6})\]")
_NOTE = re.compile(r"^\s{0,4}\[([0-9]{1,6})\]\s+(.*)$")
_SOURCE = re.compile(r"^\s{0,4}([A-Z]{2,5}-[0-9]{4,6})\s{2,}(\S.*)$")
_MARK = re.compile(r"^\s*[A-Z]{2,5}-[0-9]{4,6}(?:#p[0-9]{1,7})?\s+·\s")
_DAY: Final = r"[0-9]{4}(?:-[0-9]{2}){0,2}"
_PLACES: Final = {"since": _DAY, "day": _DAY, "code": r"[A-Z]{2,5}-[0-9]{4,6}"}
"""What stands in the places of messages that are told apart from the name of a caveat."""


class _Signs(NamedTuple):
    """The headings, labels and signs of a list in a language."""

    language: str
    caveats: str
    sources: str
    warning: str
    whose: re.Pattern[str]
    alone: re.Pattern[str]
    since: re.Pattern[str]
    replaced: re.Pattern[str]
    remark: re.Pattern[str]
    updated: re.Pattern[str]


@cache
def _signs(language: str) -> _Signs:
    with speaking(language):
        whose = rf"(?:{'|'.join(re.escape(translate(each)) for each in RENDERINGS.values())})(?: \([A-Za-z0-9-]{{2,20}}\))?"
        return _Signs(
            language=language,
            caveats=translate(CAVEATS),
            sources=translate(SOURCES),
            warning=translate(CONTENT_WARNING).partition("{")[0].strip(),
            whose=re.compile(rf"\s{{2,}}{whose}\s*$"),
            alone=re.compile(rf"^{whose}$"),
            since=re.compile(_pattern(mark(", since {since}"))),
            replaced=re.compile(rf"{_pattern(mark(', replaced since'))}\s*$"),
            remark=re.compile(rf"\(\s*(?:{_pattern(STALE)}|{_pattern(UNREAD)})\s*\)"),
            updated=re.compile(rf"\s*·\s+(?:{'|'.join(map(_pattern, UPDATED.values()))})(?=\s*(?:·|$))"),
        )


def _pattern(message: str) -> str:
    """Return a pattern of a message in the language that holds, between the words of which a line may end."""
    parts = re.split(r"\{([a-z]+)\}", translate(message))
    spaced = [r"\s+".join(re.escape(word) for word in re.split(r"\s+", part)) for part in parts[::2]]
    return "".join(part + _PLACES.get(place, "") for part, place in zip(spaced, [*parts[1::2], ""], strict=True))


def without_remarks(text: str, language: str) -> str:
    """Return a text without what is remarked of caveats behind their names: it comes and goes with the records."""
    return _signs(language or ENGLISH).remark.sub("", text)


class Listed(NamedTuple):
    """A list in a document: its first and last line, and what it prints of each passage, and of each record by its code.

    ``lines`` says at which line each passage is named.
    """

    first: int
    last: int
    hits: Mapping[Reference, Printed]
    lines: Mapping[Reference, int]


class _Hit:
    """What has been read of a hit: its excerpt, and the names of its caveats with their numbers."""

    def __init__(self, named: Reference, line: int, signs: _Signs) -> None:
        self.named = named
        self.line = line
        self.signs = signs
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
        """Return who speaks, of where and when; whose words they are; and what is said where no caveat is named."""
        whose = self.signs.alone.match(self.words[-1]) or self.signs.whose.search(self.words[-1])
        unnamed = " ".join(line for line in self.told if not _NUMBER.search(line))
        return (
            ("speaks", self.signs.updated.sub("", " ".join(self.opened))),
            ("rendering", whose[0].strip() if whose else ""),
            ("without caveats", unnamed),
        )

    def excerpt(self) -> str:
        """Return the words, without the sign that says whose they are."""
        *before, last = self.words
        last = "" if self.signs.alone.match(last) else self.signs.whose.sub("", last)
        return " ".join([*before, last]).strip()

    def blocks(self, notes: Mapping[str, str]) -> Iterator[str]:
        """Yield each note whose number stands here, behind the name that it has here."""
        for part in (part for line in self.told if _NUMBER.search(line) for part in line.split(" · ")):
            name, bracket, behind = part.partition("[")
            # What is remarked of a note comes and goes; anything else behind its number was put there by somebody.
            behind = _NUMBER.sub("", self.signs.remark.sub("", bracket + behind))
            label = f"{self.signs.since.sub('', name).strip()} {behind.strip()}".strip()
            for number in _NUMBER.findall(part) or [""]:
                here, _, said = notes.get(number, "").partition(": ")
                same = fold_struck(self.signs.replaced.sub("", label)) == fold_struck(self.signs.since.sub("", here))
                yield f"{label}: {said}" if same else f"{label}, {here}: {said}"


class _List:
    """What has been read of a list besides its hits: its notes, its content warning, and the source of each record."""

    def __init__(self, signs: _Signs) -> None:
        self.signs = signs
        self.notes: dict[str, str] = {}
        self.warning: list[str] = []
        self.above: list[str] = []
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
        """Take a line above the first hit, or, where there is none, of the page of a person."""
        self.above.append(bare)
        if bare.startswith(self.signs.warning) or (self.warning and bare and not self.warning[-1].endswith(".")):
            self.warning.append(bare.removeprefix(self.signs.warning).strip())


def read(document: str) -> tuple[Listed, ...]:
    """Read every list of ours in a document, in whatever language it is laid out."""
    return tuple(listed for language in LANGUAGES for listed in _read(document, _signs(language)))


def _read(document: str, signs: _Signs) -> tuple[Listed, ...]:
    headings = (signs.caveats, signs.sources)
    if not any(heading in document for heading in headings):
        return ()
    listings: list[Listed] = []
    hits: list[_Hit] = []
    listing = _List(signs)
    section, open_hit = "", False
    began = 0
    above: list[str] = []  # lines of a witness whose name did not fit on one, above that with the code
    for at, line in enumerate(_QUOTED.sub("", document).split("\n"), start=1):
        bare = line.strip()
        if bare.startswith(tuple(f"{heading} (" for heading in headings)) or (bare in headings and (hits or section)):
            section, open_hit, began = bare.split(" ")[0], False, began if section else at
        elif section == signs.sources and not bare:
            listings.append(_find_list(hits, listing, (began, at)))
            hits, listing, section = [], _List(signs), ""
        elif section:
            (listing.add_note if section == signs.caveats else listing.add_source)(line)
        else:
            if not hits:
                listing.add_above(bare)
            open_hit = bool(hits) and open_hit and hits[-1].add(line)
            named = _NAMED.search(line)
            above = [*above, bare] if bare and not named else above if named else []
            if named and not bare.startswith(BAR.strip()) and not (open_hit and hits[-1].words):
                hits.append(_Hit(reference(named[1]), at, signs))
                hits[-1].opened.append(_speaker([*above, line[: named.start()].strip()]))
                open_hit, above = True, []
    if section:
        listings.append(_find_list(hits, listing, (began, document.count("\n") + 1)))
    return tuple(listings)


def _speaker(lines: list[str]) -> str:
    """Return who speaks, from the line that begins with the number of a hit."""
    first = next((at for at, line in enumerate(lines) if _NUMBERED.match(line)), len(lines) - 1)
    return _NUMBERED.sub("", " ".join(lines[first:]))


def _as_printed(hit: _Hit, listing: _List, hits: tuple[Reference, ...]) -> Printed:
    return Printed(
        hit.excerpt(),
        tuple(hit.blocks(listing.notes)),
        headed=True,
        footnotes="; ".join(hit.footnotes),
        kind=KIND,
        fields=(*hit.fields(), *_beside(listing, listing.sources.get(hit.named.code, ""))),
        language=_language(listing.signs),
        listed=hits,
    )


def _beside(listing: _List, source: str) -> tuple[tuple[str, str], ...]:
    return (("content warning", " ".join(listing.warning)), ("source", source))


def _language(signs: _Signs) -> str:
    return "" if signs.language == ENGLISH else signs.language


def _find_list(hits: list[_Hit], listing: _List, sections: tuple[int, int]) -> Listed:
    named = tuple(dict.fromkeys(hit.named for hit in hits if hit.words))
    printed_hits = {hit.named: _as_printed(hit, listing, named) for hit in hits if hit.words}
    page = "" if hits else without_remarks(" ".join(listing.above), listing.signs.language)
    records = tuple(Reference(code, ()) for code in listing.sources)
    of_records = {each: _of_record(listing, each, page, () if hits else records) for each in records}
    first, last = sections
    lines = {hit.named: hit.line for hit in hits if hit.words}
    return Listed(min(lines.values(), default=first), last, of_records | printed_hits, lines)


def _of_record(listing: _List, record: Reference, page: str, records: tuple[Reference, ...]) -> Printed:
    """Return what is printed of a whole record: its source, each caveat in full below, and the page above them."""
    return Printed(
        blocks=tuple(listing.notes.values()),
        headed=True,
        kind=KIND,
        fields=(("source", listing.sources[record.code]), *([(FIELD, page)] if page else [])),
        language=_language(listing.signs),
        listed=records,
    )
