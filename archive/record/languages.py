"""A record, and a passage of it, as it reads in one of its versions in other languages.

Which paragraphs go together, `archive.record.alignment` says when an index is made.
"""

from collections.abc import Callable, Iterable
from typing import Final

from archive.record import hashing
from archive.record.testimony import Note, Passage, Testimony, TextVersion
from archive.text import locators

MOST_VERSIONS: Final = 4
"""Languages that a record may have besides its own; an index keeps fields for each."""


def version_of(testimony: Testimony, language: str) -> TextVersion | None:
    """Return the version of a record in a language; None where there is none."""
    wanted = language.casefold()
    return next((version for version in testimony.versions if version.language.casefold() == wanted), None)


def is_own(testimony: Testimony, language: str) -> bool:
    """Return whether a language is that of a record's own words."""
    return language.casefold() == testimony.language.casefold()


def testimony_in(testimony: Testimony, version: TextVersion) -> Testimony:
    """Return a record as it reads in one of its versions."""
    return testimony._replace(
        language=version.language,
        rendering=version.rendering,
        rendered_by=version.by,
        rendered_of=version.of or testimony.rendered_of,
        body=version.body,
        body_line=version.body_line,
        path=version.path,
        fixity=version.fixity,
        redacted=version.redacted,
        public_body=version.public_body,
        shown_in=version.language,
        translated_from=version.translated_from,
        translated_by=version.translated_by,
    )


def passage_in(passage: Passage, language: str, find: Callable[[int], Passage]) -> Passage | None:
    """Return a passage as it reads in a language; None where the version does not have it.

    :param find: gives the other passages of the record, by number.
    """
    text = next((version for version in passage.versions if version.language.casefold() == language.casefold()), None)
    if text is None:
        return None
    others = [find(number) for number in text.beside]
    return passage._replace(
        text=text.text,
        sha256=hashing.passage_hash(text.text),
        locators=locators(text.text) or passage.locators,
        headings=text.headings,
        footnotes=text.footnotes,
        cites=tuple(dict.fromkeys((*passage.cites, *(cite for other in others for cite in other.cites), *text.cites))),
        notes=_together(passage.notes, (other.notes for other in others)),
        replaced=_together(passage.replaced, (other.replaced for other in others)),
        language=text.language,
        outdated=text.outdated,
    )


def _together(own: tuple[Note, ...], others: Iterable[tuple[Note, ...]]) -> tuple[Note, ...]:
    """Return the notes of several passages, each once."""
    by_note = {(note.origin, note.id, note.until): note for note in own}
    for note in (note for other in others for note in other):
        by_note.setdefault((note.origin, note.id, note.until), note)
    return tuple(by_note.values())
