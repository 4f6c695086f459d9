"""That what is printed is here in the reader's own language too, with the command that prints it."""

from collections.abc import Iterable, Iterator

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.formats.terminal import visible
from archive.language.messages import current_language, tr
from archive.record.testimony import Reference
from archive.search.model import Record, passages_of, record_in
from archive.text import program


def in_your_language(asked: Iterable[tuple[Record, Reference]], command: str, authorities: Authorities) -> Iterator[str]:
    """Yield a line where references are told in another language than the reader's, and a version in that has their words.

    :param asked: each reference with its record.
    :param command: what prints them, as "show".
    """
    there = dict[str, list[str]]()
    for record, reference in asked:
        if tag := _spoken_version(record, reference):
            there.setdefault(tag, []).append(str(reference))
    for tag, references in there.items():
        printed = " ".join([program(), command, *references, "--language", tag])
        yield visible(tr("Here in {language} too: {command}", language=citation.language(tag, authorities), command=printed))


def _spoken_version(record: Record, wanted: Reference) -> str:
    """Return the tag of the version in the reader's language that has some of a reference, "" where there is none or no need."""
    tag = next((version.language for version in record.testimony.versions if _is_spoken(version.language)), "")
    there = record_in(record, tag) if tag and not _is_spoken(record.testimony.language) else None
    return tag if there and passages_of(there, wanted) else ""


def _is_spoken(tag: str) -> bool:
    return tag.casefold().partition("-")[0] == current_language()
