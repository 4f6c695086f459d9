"""A record's own words and those of a version in another language side by side, each passage with the caveats of both."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from archive.citing import citation
from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.formats.terminal import padded, visible, wrapped
from archive.formats.text import plain
from archive.formats.wording import NOT_HERE
from archive.language.messages import tr
from archive.record.testimony import Note
from archive.text import width

COLUMNS: Final = 80
_INDENT: Final = "   "
_BORDER: Final = " | "
SIDE: Final = (COLUMNS - len(_INDENT) - len(_BORDER)) // 2
"""Cells of each side."""


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages in two columns; Hangul and Han count two cells."""
    held = pages.authorities
    yield from plain.header(pages.record.testimony, held)
    told: set[Note] = set()
    for own, other in zip(pages.shown, pages.parallel, strict=True):
        yield ""
        # No code stands here, so that nobody takes the two columns for the words of one citation.
        yield tr("Paragraph {number}", number=own.hit.passage.number)
        heads = (own.hit.testimony.language, pages.parallel_language)
        yield from beside(*(citation.language(language, held) for language in heads))
        yield from beside(_words(own), _words(other))
        yield ""
        notes = notes_of_both(own, other)
        yield from plain.caveats([note for note in notes if note not in told], held)
        yield from plain.again([note for note in notes if note in told], held, tr("above"))
        told.update(notes)
        if other:
            yield from plain.outdated(other.hit.passage)
        for each in (own, other):
            if each:
                yield from wrapped(tr("Cite: {citation}", citation=visible(each.excerpt.citation)), COLUMNS, _INDENT)
    yield ""
    yield from plain.evidence([pages.record.testimony], held)


def notes_of_both(own: RenderedHit, other: RenderedHit | None) -> tuple[Note, ...]:
    """Return the caveats in force at a passage in either language, each once."""
    return tuple(dict.fromkeys((*own.excerpt.notes, *(other.excerpt.notes if other else ()))))


def _words(shown: RenderedHit | None) -> str:
    if shown is None:
        return f"[{tr(NOT_HERE)}]"
    return visible(" ".join((shown.excerpt.words, *shown.excerpt.footnotes)))


def beside(left: str, right: str) -> Iterator[str]:
    """Write two texts side by side."""
    for one, two in zip_longest(_lines(left), _lines(right), fillvalue=""):
        yield f"{_INDENT}{padded(one, SIDE)}{_BORDER}{two}".rstrip()


def _lines(text: str) -> Iterator[str]:
    """Wrap a text to a side; a word that is wider is broken."""
    return wrapped(" ".join(piece for word in text.split() for piece in _pieces(word)), SIDE)


def _pieces(word: str) -> Iterator[str]:
    held = ""
    for letter in word:
        if held and width(held + letter) > SIDE:
            yield held
            held = ""
        held += letter
    yield held
