"""CSL-JSON, for pandoc, Zotero and every program that uses the Citation Style Language: a bare array."""

from collections.abc import Iterable, Iterator

from archive.citing.excerpt import Answer, Pages
from archive.formats import json_sink
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.entries import Entry


def answer(answer: Answer) -> Iterator[str]:
    """Write a search: one item a hit."""
    yield from entries(bibliography.passages(answer.shown, answer.held))


def pages(pages: Pages) -> Iterator[str]:
    """Write passages of one record, one item each."""
    yield from entries(bibliography.passages(pages.shown, pages.held))


def entries(found: Iterable[Entry]) -> Iterator[str]:
    """Write entries."""
    yield json_sink.written([bibliography.item(entry) for entry in found], indent=1)
