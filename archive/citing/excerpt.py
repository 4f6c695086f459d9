"""From a hit to an excerpt: the words, the caveats in force, the citation, and never fewer."""

import unicodedata
from typing import Final, NamedTuple

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.record.testimony import Note
from archive.search.model import Hit, Record, Results
from archive.text import width

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
        words,
        matches,
        shortened,
        hit.passage.notes,
        citation.house(hit.testimony, hit.passage, authorities, digits=digits, in_full=in_full),
        hit.passage.below,
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


class SearchOutput(NamedTuple):
    """What a search prints: the results, an excerpt for each hit, and the labels of everything."""

    results: Results
    shown: tuple[RenderedHit, ...]
    authorities: Authorities


class RecordOutput(NamedTuple):
    """What `show` and `excerpt` print: a record, some of its passages, and the record's citation.

    ``citation`` is "" where it was not asked for. ``once``: text gives each
    caveat in full once, those of a whole record at its head, and names it after.
    """

    record: Record
    shown: tuple[RenderedHit, ...]
    citation: str
    authorities: Authorities
    once: bool
