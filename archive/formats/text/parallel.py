"""A record's own words and those of a version in another language side by side, each passage with the caveats of both."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from archive.citing import citation
from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.formats._notes_in_full import NotesInFull
from archive.formats.terminal import break_word, columns, pad, visible, wrap
from archive.formats.text import plain
from archive.formats.wording import NOT_HERE
from archive.language.messages import tr
from archive.record.testimony import Note

_INDENT: Final = "   "
_BORDER: Final = " | "


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages in two columns; Hangul and Han count two cells."""
    authorities = pages.authorities
    yield from plain.header(pages.record.testimony, authorities)
    shown_notes = NotesInFull()
    for own, other in zip(pages.shown, pages.parallel, strict=True):
        yield ""
        # No code stands here, so that nobody takes the two columns for the words of one citation.
        yield tr("Paragraph {number}", number=own.hit.passage.number)
        heads = (own.hit.testimony.language, pages.parallel_language)
        yield from beside(*(citation.language(language, authorities) for language in heads))
        yield from beside(_words(own), _words(other))
        yield ""
        here, elsewhere = shown_notes.split(notes_of_both(own, other), own.hit.testimony, tr("above"))
        yield from plain.caveats(here, authorities)
        for at, notes in elsewhere:
            yield from plain.again(notes, authorities, at)
        if other:
            yield from plain.outdated_remark(other.hit.passage)
        for half in (own, other):
            if half:
                yield from wrap(tr("Cite: {citation}", citation=visible(half.excerpt.citation)), columns(), _INDENT)
    yield ""
    yield from plain.evidence([pages.record.testimony], authorities)


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
        yield f"{_INDENT}{pad(one, side())}{_BORDER}{two}".rstrip()


def _lines(text: str) -> Iterator[str]:
    """Wrap a text to a side; a word that is wider is broken."""
    return wrap(" ".join(piece for word in text.split() for piece in break_word(word, side())), side())


def side() -> int:
    """Return the cells of each side."""
    return (columns() - len(_INDENT) - len(_BORDER)) // 2
