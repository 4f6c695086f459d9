"""``testimony show``."""

from collections.abc import Iterator
from itertools import chain

import click

from archive.archive import Archive
from archive.cli._context import Context, count_unreadable, in_your_language, write, write_paged
from archive.cli._options import examples, in_language, one_reference, option, output
from archive.errors import ConflictingOptions
from archive.formats.registry import PAGES, READING, RECORDS, parallel_writer, writer
from archive.formats.text import drafts, lineage
from archive.language.messages import tr
from archive.record.testimony import Reference


@click.command(
    help="Read a record with its caveats beside the passages.",
    epilog=examples(
        "testimony show NKT-0002",
        "testimony show NKT-0001#p3 --context 1",
        "testimony show NKT-0001 --versions",
        "testimony show NKT-0004 --language ko",
        "testimony show NKT-0004#p2 --parallel",
        "testimony show NKT-0004 --parallel --language ko --format html > both.html",
    ),
)
@one_reference
@option("--context", "around", type=click.IntRange(0, 1000), default=0, help="Paragraphs to print before and after.")
@in_language
@option("--parallel", is_flag=True, help="The record's own words and those of a version side by side.")
@option("--versions", is_flag=True, help="The versions of this account, with dates and what changed.")
@option("--keeper", is_flag=True, help="For keepers: a record whatever its access, told as such. Not to be cited.")
@option("--pager/--no-pager", default=True, help="On a terminal, page by page ($PAGER).")
@output(*PAGES, *RECORDS)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - the options of the command
    context: Context,
    /,
    wanted: Reference,
    around: int,
    language: str,
    parallel: bool,  # noqa: FBT001 - a flag of Click
    versions: bool,  # noqa: FBT001 - the same
    keeper: bool,  # noqa: FBT001 - the same
    pager: bool,  # noqa: FBT001 - the same
    form: str,
) -> None:
    """Print a record, or some of its paragraphs, or its versions."""
    if keeper:
        _show_kept(context, wanted, plain=not (versions or parallel or around or language) and form == "text")
        return
    if versions:
        write(lineage_of(context.archive, wanted, form), form)
        count_unreadable(context)
        return
    if parallel:
        write(parallel_writer(form).pages(context.archive.parallel(wanted, form, around=around, language=language)), form)
    else:
        pages = context.archive.show(wanted, form, around=around, language=language)
        lines = writer(form).pages(pages)
        if form == "text" and not language and (told := list(in_your_language(context, (wanted,), "show"))):
            lines = chain(told, ("",), lines)
        if form == "text" and pager:
            write_paged(lines)
        else:
            write(lines, form)
    count_unreadable(context)


def _show_kept(context: Context, wanted: Reference, *, plain: bool) -> None:
    if not plain:
        message = tr("--keeper shows the whole record, or paragraphs of it, as text")
        raise ConflictingOptions(message, tr("Write `testimony show {code} --keeper`.", code=wanted))
    write(drafts.page(context.archive.as_kept(wanted)), "text")


def lineage_of(archive: Archive, wanted: Reference, form: str) -> Iterator[str]:
    """Yield the lines of the versions of an account."""
    if wanted.paragraphs or form not in READING:
        message = tr(
            "--versions cannot be given with {which}", which=tr("a paragraph") if wanted.paragraphs else f"--format {form}"
        )
        raise ConflictingOptions(message, tr("Write `testimony show {code} --versions`, as text or json.", code=wanted.code))
    found = archive.lineage(wanted.code)
    if form == "json":
        return lineage.document(found)
    records = (version.record for version in found.versions)
    archive.selection.keep_numbers((record.testimony.code, record.passages) for record in records)
    return lineage.text(found)
