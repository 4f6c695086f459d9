"""``testimony show``."""

from collections.abc import Iterator

import click

from archive.archive import Archive
from archive.citing.citation import of_record
from archive.citing.excerpt import RecordOutput, RenderedHit
from archive.cli.context import Context, count_unreadable, write
from archive.cli.options import examples, one_reference, output
from archive.errors import ConflictingOptions
from archive.formats.registry import PAGES, READING, digits, writer
from archive.formats.text import lineage
from archive.record.testimony import Reference, notes_of


@click.command(
    help="Read a record with its caveats beside the passages.",
    epilog=examples("testimony show NKT-0002", "testimony show NKT-0001#p3 --context 1", "testimony show NKT-0001 --versions"),
)
@one_reference
@click.option("--context", type=click.IntRange(0, 1000), default=0, help="Paragraphs to print before and after.")
@click.option("--versions", is_flag=True, help="The versions of this account, with dates and what changed.")
@output(*PAGES)
@click.pass_obj
def command(desk: Context, /, wanted: Reference, context: int, versions: bool, form: str) -> None:  # noqa: FBT001 - a flag of Click
    """Print a record, or some of its paragraphs, or its versions."""
    if versions:
        write(lineage_of(desk.room, wanted, form), form)
        count_unreadable(desk)
        return
    if wanted.paragraphs and context:
        last = len(desk.room.record(wanted.code).passages)
        around = range(max(1, wanted.paragraphs[0] - context), min(last, wanted.paragraphs[-1] + context) + 1)
        wanted = wanted._replace(paragraphs=tuple(around) if wanted.paragraphs[0] <= last else wanted.paragraphs)
    write(writer(form).pages(record_output(desk.room, wanted, form, once=form == "text")), form)
    count_unreadable(desk)


def lineage_of(room: Archive, wanted: Reference, form: str) -> Iterator[str]:
    """Yield the lines of the versions of an account."""
    if wanted.paragraphs or form not in READING:
        message = f"--versions cannot be given with {'a paragraph' if wanted.paragraphs else f'--format {form}'}"
        raise ConflictingOptions(message, f"Write `testimony show {wanted.code} --versions`, as text or json.")
    found = lineage.Lineage(wanted.code, room.versions(wanted.code), room.authorities)
    return lineage.document(found) if form == "json" else lineage.text(found)


def record_output(room: Archive, wanted: Reference, form: str, *, once: bool = False) -> RecordOutput:
    """Return the passages of a reference, with everything in full but for the text of a whole record.

    :param once: give each caveat in full once, and in the citations by its name.
    """
    is_text = form == "text"
    once = once or (is_text and not wanted.paragraphs)
    record, hits = room.passages(wanted)
    shown = tuple(RenderedHit(hit, room.excerpt(hit, digits=digits(form), in_full=not once, whole=True)) for hit in hits)
    citation = ""  # in text, that of the record stands where the record was asked for
    if not (is_text and wanted.paragraphs):
        citation = of_record(record.testimony, notes_of(record.passages), room.authorities, digits=digits(form))
    return RecordOutput(record, shown, citation, room.authorities, once)
