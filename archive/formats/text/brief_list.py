"""The short list: who, where, when and which caveats, without any words of a testimony."""

from collections.abc import Iterable, Iterator

from archive.authority.authorities import Authorities
from archive.citing.excerpt import RenderedHit, SearchOutput
from archive.formats import _plain_words as plain_words
from archive.formats.terminal import close_marks, wrap
from archive.formats.text.hit_list import INDENT, facets, following, head, note_names, opening
from archive.formats.wording import describe_update
from archive.language.messages import tr
from archive.text import count_of


def answer(answer: SearchOutput, columns: int) -> Iterator[str]:
    """Write a search as a short list: two lines a hit, longer only where all its caveats do not fit."""
    authorities, asked = answer.authorities, answer.results.query.filters.camp
    yield from head(answer, columns)
    for place, shown in enumerate(answer.shown, start=answer.results.query.offset + 1):
        yield from hit(place, shown, authorities, columns, asked, describe_update(shown.hit, answer.results.query.filters))
    yield from facets(answer)
    yield from following(answer)


def hit(  # noqa: PLR0913, PLR0917 - a line of a list
    place: int,
    shown: RenderedHit,
    authorities: Authorities,
    columns: int,
    asked: Iterable[str] = (),
    updates: Iterable[str] = (),
) -> Iterator[str]:
    """Write who, where, when and which caveats on two lines.

    :param asked: facilities that were asked for, which come first.
    :param updates: what has become of it since the day that was asked for.
    """
    yield from opening(place, shown, authorities, columns, updates)
    testimony, entries = shown.hit.testimony, shown.hit.passage.entries
    places = [where for where, _ in plain_words.places(testimony, entries, authorities, asked)]
    line = " · ".join(["; ".join(places) or tr("no place or time is entered"), *_caveats(shown, authorities)])
    yield from close_marks(wrap(line, columns, INDENT, INDENT + "  "))


def _caveats(shown: RenderedHit, authorities: Authorities) -> Iterator[str]:
    against, speaking = note_names(shown.excerpt.notes, shown.hit.testimony, authorities)
    yield from against
    yield from (f"+ {flag}" for flag in speaking)
    notes = len(shown.excerpt.notes)
    yield tr("{count} not shown", count=count_of(notes, "statement", "statements")) if notes else tr("no caveat has been entered")
