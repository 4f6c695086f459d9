"""``testimony show``."""

import click

from archive.citation import of_record
from archive.cli.desk import Desk, count_unreadable, write
from archive.cli.options import examples, one_reference, output
from archive.excerpt import Pages, Shown
from archive.formats import PAGES, digits, writer
from archive.reading_room import ReadingRoom
from archive.testimony import Reference


@click.command(
    help="Read a record with its caveats beside the passages.",
    epilog=examples("testimony show NKT-0002", "testimony show NKT-0001#p3 --context 1"),
)
@one_reference
@click.option("--context", type=click.IntRange(0, 1000), default=0, help="Paragraphs to print before and after.")
@output(*PAGES)
@click.pass_obj
def command(desk: Desk, /, wanted: Reference, context: int, form: str) -> None:
    """Print a record, or some of its paragraphs."""
    if wanted.paragraphs and context:
        last = len(desk.room.record(wanted.code).passages)
        around = range(max(1, wanted.paragraphs[0] - context), min(last, wanted.paragraphs[-1] + context) + 1)
        wanted = wanted._replace(paragraphs=tuple(around) if wanted.paragraphs[0] <= last else wanted.paragraphs)
    write(writer(form).pages(leafed(desk.room, wanted, form)), form)
    count_unreadable(desk)


def leafed(room: ReadingRoom, wanted: Reference, form: str) -> Pages:
    """Give the passages of a reference, with everything in full but for the text of a whole record."""
    once = form == "text" and not wanted.paragraphs
    record, hits = room.passages(wanted)
    shown = tuple(Shown(hit, room.excerpt(hit, digits=digits(form), in_full=not once, whole=True)) for hit in hits)
    every = [note for passage in record.passages for note in passage.notes]
    citation = of_record(record.testimony, every, room.authorities, digits=digits(form))
    return Pages(record, shown, citation, room.authorities, once)
