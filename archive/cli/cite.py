"""``testimony cite``."""

from importlib import import_module
from typing import Any, Final, cast

import click

from archive.citing.citation import as_of, note_id
from archive.citing.excerpt import RecordOutput
from archive.cli.context import Context, write
from archive.cli.options import examples, output, references
from archive.cli.show import record_output
from archive.errors import ConflictingOptions
from archive.formats import fields
from archive.formats.bibliography import entries
from archive.formats.bibliography.entries import BibliographyEntry
from archive.formats.json_sink import lines
from archive.formats.registry import BIBLIOGRAPHIES, READING, Bibliography, writer
from archive.formats.terminal import visible
from archive.record.testimony import Note, Reference, notes_of

HOUSE: Final = "house"
STYLES: Final = (HOUSE, "chicago", "apa", "mla", "oscola", "bluebook")
STYLED: Final = "archive.formats.bibliography.styled"
"""Loaded by name: with it comes pandoc, which only a named style needs."""


@click.command(
    help="Print the citation of passages or of a whole record, with every caveat in force.",
    epilog=examples(
        "testimony cite NKT-0001#p3",
        "testimony cite NKT-0002 NKT-0004#p1-2 --format csl-json",
    ),
)
@references
@click.option(
    "--style", type=click.Choice(STYLES), default=HOUSE, show_default=True, help="The style; all but house need [cite]."
)
@output(*READING, *BIBLIOGRAPHIES)
@click.pass_obj
def command(context: Context, /, wanted: tuple[Reference, ...], style: str, form: str) -> None:
    """Print citations."""
    if style != HOUSE and form in BIBLIOGRAPHIES:
        message = f"--style {style} cannot be written as {form}"
        raise ConflictingOptions(message, "A bibliography is styled by the program that reads it; use --format text or json.")
    found = [each for reference in wanted for each in cited(context, reference, form)]
    if form in BIBLIOGRAPHIES:
        write(cast("Bibliography", writer(form)).entries(entry for entry, _ in found), form)
    elif form == "json":
        write(lines({"schema": fields.SCHEMA, "citations": [{**told, **_in_style(entry, style)} for entry, told in found]}), form)
    elif style == HOUSE:
        write((visible(told["citation"]) for _, told in found), form)
    else:
        write(import_module(STYLED).text((entry for entry, _ in found), style), form)


def cited(context: Context, wanted: Reference, form: str) -> list[tuple[BibliographyEntry, dict[str, Any]]]:
    """Return the citations of a reference, one a paragraph named, or that of the record; each as an entry and as fields."""
    pages = record_output(context.room, wanted, form)
    if not wanted.paragraphs:
        every = notes_of(pages.record.passages)
        entry = entries.of_record(pages)
        return [(entry, _told(entry, pages.citation, every, pages))]
    return [
        (entry, _told(entry, shown.excerpt.citation, shown.excerpt.notes, pages))
        for shown in pages.shown
        for entry in [entries.of_passage(shown, pages.authorities)]
    ]


def _told(entry: BibliographyEntry, citation: str, notes: tuple[Note, ...], pages: RecordOutput) -> dict[str, Any]:
    return {
        "reference": entry.reference,
        "citation": citation,
        "sha256": entry.known["sha256"],
        "date": as_of(pages.record.testimony, notes),
        "notes": [note_id(note) for note in notes],
        "caveats": entry.known["caveats"],
        "caveats_since": entry.known["caveats_since"],
    }


def _in_style(entry: BibliographyEntry, style: str) -> dict[str, Any]:
    """Return the forms of a named style; ``styled`` is null for the house's own, which is ``citation``."""
    if style == HOUSE:
        return {"styled": None}
    found = import_module(STYLED).styled(entry, style)
    return {"styled": {"style": style, **{name: value or None for name, value in found._asdict().items()}}}
