"""``testimony init``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from archive.archive import Archive
from archive.cli._context import say
from archive.cli._options import UserPath, as_text, examples, option
from archive.errors import ConflictingOptions
from archive.formats.terminal import visible
from archive.language.messages import mark, tr

if TYPE_CHECKING:
    from archive.archive import Begun

_ASKED: Final = {
    "name": mark("What is the collection called?"),
    "prefix": mark("Which letters do its codes begin with?"),
    "language": mark("In which language are its records, as en, ko or ru?"),
}


@click.command(
    help="""Begin a collection of any subject in DIR, a folder that is not there yet or is empty:
    its authorities with examples, a first record, which is made up, and what git needs. What
    is not said is asked on a terminal; without one it takes its default, which is told.""",
    epilog=examples(
        "testimony init glagol --prefix GLG --places 'Ozerny, Rechnoy'",
        "testimony init copy --with-shipped",
    ),
)
@click.argument("folder", metavar="DIR", type=UserPath())
@option("--name", callback=as_text, metavar="TEXT", help="What the collection is called.")
@option("--prefix", callback=as_text, metavar="ABC", help="Two to five capital letters that its codes begin with.")
@option("--language", callback=as_text, metavar="BCP47", help="Of its name and its records, as en, ko or ru.")
@option("--places", multiple=True, metavar="NAMES", help="Its first facilities, with commas between; id=name gives an id.")
@option("--git", is_flag=True, help="Make it a git repository.")
@option("--empty", is_flag=True, help="Without the first record, for a collection that is restored by `testimony import`.")
@option("--with-shipped", is_flag=True, help="A copy of the archive that comes with the program instead.")
def command(folder: Path, *, places: tuple[str, ...], with_shipped: bool, git: bool, empty: bool, **asked: str | None) -> None:
    """Begin a collection."""
    values = {name: value or "" for name, value in asked.items()}
    if with_shipped:
        if places or empty or any(values.values()):
            message = tr("--with-shipped copies a collection that has its name, its prefix and its places")
            raise ConflictingOptions(message, tr("Leave --name, --prefix, --language, --places and --empty out."))
        _tell(Archive.copy_shipped(folder, git=git))
        return
    if sys.stdin.isatty() and sys.stderr.isatty():
        for field, question in _ASKED.items():
            if not values[field]:
                offered = Archive.beginning(folder, {**values})[field]
                values[field] = click.prompt(tr(question), default=offered, err=True)
    named = tuple(place.strip() for each in places for place in each.split(",") if place.strip())
    _tell(Archive.begin(folder, {**values, "places": named, "git": git, "empty": empty}))


def _tell(begun: "Begun") -> None:
    for path in begun.files:
        click.echo(visible(str(begun.folder / path)))
    for field, value in begun.defaults.items():
        say(tr("--{field} was not given: {value}", field=field, value=value))
    say(tr("go there, then `testimony check`, `testimony search` and `testimony new TITLE`"))
