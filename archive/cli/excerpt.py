"""``testimony excerpt``."""

from collections.abc import Iterator

import click

from archive.archive import Archive
from archive.cli._context import Context, count_unreadable, in_your_language, say, write
from archive.cli._options import examples, in_language, output, references
from archive.formats.registry import BIBLIOGRAPHIES, FOR_PEOPLE, PAGES, several_writer, writer
from archive.record.testimony import Reference


@click.command(
    help="""Print passages with every caveat in force at them and the citation. Several are
    printed in machine formats as a search is.""",
    epilog=examples(
        "testimony excerpt NKT-0001#p3",
        "testimony excerpt NKT-0004#p2-4 --format markdown",
        "testimony excerpt NKT-0004#p2 --language ko",
    ),
)
@references
@in_language
@output(*PAGES, *BIBLIOGRAPHIES)
@click.pass_obj
def command(context: Context, /, wanted: tuple[Reference, ...], language: str, form: str) -> None:
    """Print excerpts."""
    write(lines_of(context.archive, wanted, language, form), form)
    if form == "text" and not language:
        for line in in_your_language(context, wanted, "excerpt"):
            say(line)
    count_unreadable(context)


def lines_of(archive: Archive, wanted: tuple[Reference, ...], language: str, form: str) -> Iterator[str]:
    """Yield the lines of some excerpts: one after the other for a person, as one document for a program."""
    pages = [archive.excerpt(each, form, language=language) for each in wanted]
    if form in FOR_PEOPLE:
        yield from several_writer(form).several(pages)
    elif len(pages) > 1:
        yield from writer(form).answer(archive.excerpts(archive.gather(wanted, language), form))
    else:
        yield from writer(form).pages(*pages)
