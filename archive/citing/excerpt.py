"""From a hit to an excerpt: the words, the caveats in force, the citation, and never fewer."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.named_tuple import NamedTuple
from archive.record.testimony import Note
from archive.search.model import Hit, Record, Results
from archive.text import count_of, width, without_locators

LONGEST: Final = 800
"""Code points up to which a passage is given whole, where no fewer cells were asked for."""
GAP: Final = "[…]"
_LEAD: Final = 160
_PART_BEFORE: Final = 5
"""Of the code points of an excerpt that is cut, one in so many stands before the first match."""


class Excerpt(NamedTuple):
    """What may leave the archive. No field has a default, so no caveat is dropped by forgetting one."""

    words: str
    matches: tuple[tuple[int, int], ...]
    shortened: bool
    notes: tuple[Note, ...]
    citation: str
    footnotes: tuple[str, ...]

    def __repr__(self) -> str:
        """Return the words with their caveats and their citation, also where a program only prints them."""
        flags = f" [{', '.join(note.flag for note in self.notes)}]" if self.notes else ""
        return f"<Excerpt {self.words!r}{flags} {self.citation}>"

    def _repr_html_(self) -> str | None:
        return _to_html(self)


def cut(hit: Hit, authorities: Authorities, *, digits: int, in_full: bool, longest: int | None) -> Excerpt:
    """Cut an excerpt around the matches.

    :param digits: of the hash in the citation.
    :param in_full: whether the citation gives each caveat's statement.
    :param longest: the code points, or in Hangul half as many, up to which a passage is given whole; None gives any whole.
    """
    words, matches, shortened = hit.passage.words, hit.matches, False
    if longest is not None and longest < LONGEST:
        longest = longest * len(words) // max(1, width(words))
    if longest is not None and len(words) > longest:
        words, matches = _window(words, matches, longest)
        shortened = True
    return Excerpt(
        words=words,
        matches=matches,
        shortened=shortened,
        notes=hit.passage.notes,
        citation=citation.house(hit.testimony, hit.passage, authorities, digits=digits, in_full=in_full),
        footnotes=hit.passage.below,
    )


def _window(words: str, matches: tuple[tuple[int, int], ...], longest: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return at most ``longest`` code points from shortly before the first match, cut between words."""
    first = matches[0][0] if matches else 0
    start = _border(words, max(0, min(first - longest // _PART_BEFORE, len(words) - longest)), forward=True)
    end = _border(words, min(len(words), start + longest), forward=False)
    if end <= start:
        end = min(len(words), start + longest)
    before = f"{GAP} " if start else ""
    after = f" {GAP}" if end < len(words) else ""
    shift = len(before) - start
    kept = tuple((low + shift, high + shift) for low, high in matches if start <= low and high <= end)
    return f"{before}{words[start:end].strip()}{after}", kept


def _border(words: str, at: int, *, forward: bool) -> int:
    """Move to the next place between words; a letter never loses its marks."""
    if at in {0, len(words)}:
        return at
    limit = min(len(words), at + _LEAD) if forward else max(0, at - _LEAD)
    for place in range(at, limit, 1 if forward else -1):
        if words[place - 1] == " ":
            return place
    while at < len(words) and unicodedata.combining(words[at]):
        at += 1
    return at


class RenderedHit(NamedTuple):
    """A hit with its excerpt, as every format takes it."""

    hit: Hit
    excerpt: Excerpt

    @property
    def reference(self) -> str:
        """The code and the paragraph, as "NKT-0001#p3"."""
        return f"{self.hit.testimony.code}#p{self.hit.passage.number}"

    def __repr__(self) -> str:
        """Return the reference with the excerpt: words, caveats and citation."""
        return f"<{self.reference}{repr(self.excerpt).removeprefix('<Excerpt')}"

    def _repr_html_(self) -> str | None:
        return _to_html(self)


class SearchOutput(NamedTuple):
    """What a search prints: the results, an excerpt for each hit, and the labels of everything."""

    results: Results
    shown: tuple[RenderedHit, ...]
    authorities: Authorities

    def __repr__(self) -> str:
        """Return how much was found, and the references that are shown."""
        passages = count_of(self.results.passages, "passage", "passages")
        testimonies = count_of(self.results.testimonies, "testimony", "testimonies")
        return f"<SearchOutput {passages} of {testimonies}; shown: {', '.join(hit.reference for hit in self.shown) or 'none'}>"

    def _repr_html_(self) -> str | None:
        return _to_html(self)


class RecordOutput(NamedTuple):
    """What `show` and `excerpt` print: a record, some of its passages, and the record's citation.

    ``citation`` is "" where it was not asked for.
    ``missing`` are paragraphs that the version shown does not have; ``parallel``
    is, passage by passage in the order of ``shown``, the other language beside
    it, None where it has none there; ``parallel_language`` names that language.
    """

    record: Record
    shown: tuple[RenderedHit, ...]
    citation: str
    authorities: Authorities
    missing: tuple[int, ...] = ()
    parallel: tuple[RenderedHit | None, ...] = ()
    parallel_language: str = ""

    def in_order(self) -> Iterator[RenderedHit | int]:
        """Yield the passages that are shown, and in its place the number of each that is missing."""
        missing = sorted(self.missing)
        for shown in self.shown:
            while missing and missing[0] < shown.hit.passage.number:
                yield missing.pop(0)
            yield shown
        yield from missing

    def footnotes_left(self) -> list[str]:
        """Return the footnotes of the record that no passage calls which is shown."""
        called = {footnote for shown in self.shown for footnote in shown.excerpt.footnotes}
        return [footnote for footnote in self.record.footnotes if without_locators(footnote) not in called]

    def __repr__(self) -> str:
        """Return the code with the passages that are shown."""
        return f"<RecordOutput {self.record.testimony.code}; shown: {', '.join(hit.reference for hit in self.shown) or 'none'}>"

    def _repr_html_(self) -> str | None:
        return _to_html(self)


Shown = SearchOutput | RecordOutput | RenderedHit | Excerpt
"""What shows itself in a notebook."""

_writers: list[Callable[[Shown], str]] = []


def show_with(writer: Callable[[Shown], str]) -> None:
    """Name what writes the HTML of a notebook; it stands in a room above this one."""
    _writers[:] = [writer]


def _to_html(shown: Shown) -> str | None:
    """Return HTML with every caveat and the citation; None, for which a notebook takes the text, where nothing writes it."""
    return _writers[0](shown) if _writers else None
