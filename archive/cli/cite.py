"""``testimony cite``."""

from typing import Any

import click

from archive.citation import as_of, note_id
from archive.cli.desk import Desk, write
from archive.cli.options import examples, output, references
from archive.cli.show import leafed
from archive.formats import READING, fields
from archive.formats.json_document import lines
from archive.formats.terminal import visible
from archive.testimony import Reference


@click.command(
    help="Print the citation of passages or of a whole record, with every caveat in force.",
    epilog=examples("testimony cite NKT-0001#p3", "testimony cite NKT-0002 NKT-0004#p1-2 --format json"),
)
@references
@click.option("--style", type=click.Choice(["house"]), default="house", show_default=True, help="The style of citation.")
@output(*READING)
@click.pass_obj
def command(desk: Desk, /, wanted: tuple[Reference, ...], style: str, form: str) -> None:
    """Print citations, one a line."""
    del style  # there is one so far
    found = [entry for each in wanted for entry in cited(desk, each, form)]
    if form == "json":
        write(lines({"schema": fields.SCHEMA, "citations": found}), form)
    else:
        write((visible(entry["citation"]) for entry in found), form)


def cited(desk: Desk, wanted: Reference, form: str) -> list[dict[str, Any]]:
    """Give the citations of a reference: one a paragraph named, or that of the record."""
    pages = leafed(desk.room, wanted, form)
    testimony = pages.record.testimony
    if not wanted.paragraphs:
        every = tuple(dict.fromkeys(note for passage in pages.record.passages for note in passage.notes))
        return [
            {
                "reference": testimony.code,
                "citation": pages.citation,
                "sha256": testimony.fixity,
                "date": as_of(testimony, every),
                "notes": [note_id(note) for note in every],
                **fields.caveats(every, pages.held),
            }
        ]
    return [
        {
            "reference": f"{testimony.code}#p{shown.hit.passage.number}",
            "citation": shown.excerpt.citation,
            "sha256": shown.hit.passage.sha256,
            "date": as_of(testimony, shown.excerpt.notes),
            "notes": [note_id(note) for note in shown.excerpt.notes],
            **fields.caveats(shown.excerpt.notes, pages.held),
        }
        for shown in pages.shown
    ]
