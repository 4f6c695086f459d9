"""``testimony witness``."""

from collections.abc import Iterator

import click

from archive.archive import Archive
from archive.cli.context import Context, columns, count_unreadable, write, write_paged
from archive.cli.options import examples, output
from archive.errors import UnknownTerm
from archive.formats.registry import READING
from archive.formats.text import witness_page
from archive.search.filters import parse_filter
from archive.search.model import Filters, Query
from archive.text import fold, listed
from archive.weighing.people import Person, person

HELP = """One person's page: the versions of what they told, what was taken back,
what is upheld, what others say of the same, and where to cite.

NAME is a name as it was published, in any of its spellings, or a part of it.
"""
_MOST_NAMES = 12


@click.command(
    help=HELP,
    epilog=examples('testimony witness "Shin Dong-hyuk"', 'testimony witness "Kang Chol-hwan" --format json'),
)
@click.argument("name")
@click.option("--pager/--no-pager", default=True, help="On a terminal, page by page ($PAGER).")
@output(*READING)
@click.pass_obj
def command(context: Context, name: str, form: str, pager: bool) -> None:  # noqa: FBT001 - a flag of Click
    """Print the page of a witness."""
    found = witness_page.People(name, tuple(_people(context.room, name)), context.room.authorities)
    count_unreadable(context)
    if form == "json":
        write(witness_page.document(found), form)
    elif pager:
        write_paged(witness_page.text(found, columns()))
    else:
        write(witness_page.text(found, columns()), form)


def _people(room: Archive, name: str) -> Iterator[Person]:
    """Yield the persons of a name, each with all records that are entered as theirs.

    :raises UnknownTerm: there is none, or the name is a part of several names.
    """
    asked = parse_filter("witness", (name,), lambda: room.authorities)
    results = room.search(Query(filters=Filters(witness=asked), limit=None, sort="code"))
    named = {hit.testimony.code: hit.testimony for hit in results.hits}
    if not named:
        message = f"there is no witness {name!r}"
        hint = (
            f"Did you mean {listed(results.suggestions)}?"
            if results.suggestions
            else "`testimony list --sort witness` names all."
        )
        raise UnknownTerm(message, hint)
    exact = {code for code, each in named.items() if fold(name) in map(fold, each.witness.names)}
    taken: set[str] = set()
    people = []
    for code in [code for code in named if code in (exact or named)]:
        if code not in taken:
            versions = room.versions(code)
            taken |= {version.record.testimony.code for version in versions}
            people.append(person(versions, room.find, room.pointing))
    names = list(dict.fromkeys(each.testimony.witness.name for each in people))
    if len(names) > 1 and not exact:
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        message = f"{name!r} is a part of {len(names)} names"
        raise UnknownTerm(message, f"Write one of them whole: {'; '.join(names[:_MOST_NAMES])}{more}.")
    yield from people
