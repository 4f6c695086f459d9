"""CSL-JSON, for pandoc, Zotero and every program that uses the Citation Style Language: a bare array."""

from collections.abc import Iterable, Iterator

from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.formats import json_sink
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.entries import Entry


def pages(output: SearchOutput | RecordOutput) -> Iterator[str]:
    """Write the passages of a search or of a record, one item each."""
    yield from entries(bibliography.passages(output))


answer = pages


def entries(listed: Iterable[Entry]) -> Iterator[str]:
    """Write entries."""
    yield json_sink.write([bibliography.item(entry) for entry in listed], indent=1)
