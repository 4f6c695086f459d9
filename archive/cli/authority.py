"""``testimony authority``."""

from pathlib import Path
from typing import Any

import click

from archive.cli._context import Context, say
from archive.cli._options import UserPath, as_text, examples
from archive.formats.terminal import visible
from archive.language.messages import tr, tr_count

IMPORT = "import"


@click.command(
    help="""Take over what others have agreed on. `import` reads a thesaurus in SKOS (Turtle,
    RDF/XML or JSON-LD) and writes it as the topics of this collection, in place of those
    that come with the program; every fault is told, and then nothing is written.""",
    epilog=examples("testimony authority import topics.ttl", "testimony authority import thesaurus.rdf --dry-run"),
)
@click.argument("action", type=click.Choice([IMPORT]))
@click.argument("file", type=UserPath())
@click.option("--language", default="en", show_default=True, metavar="BCP47", callback=as_text, help="Of labels that have none.")
@click.option("--scheme", default="", metavar="URI", callback=as_text, help="The concept scheme, where the file has several.")
@click.option("--force", is_flag=True, help="Write over the topics that this collection has.")
@click.option("--dry-run", "dry", is_flag=True, help="Print the file, and write nothing.")
@click.pass_obj
def command(context: Context, /, action: str, file: Path, *, dry: bool, **asked: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Import a thesaurus."""
    del action
    found = context.room.import_topics(file, dry=dry, **asked)
    for each in found.said:
        say(each)
    if dry:
        click.echo(visible(found.content), nl=False)
        say(tr("nothing was written"))
    else:
        click.echo(visible(found.path))
        told = tr_count("{number} topic.", "{number} topics.", found.number)
        say(f"{told} {tr('`testimony check` names the records whose topics are none any more.')}")
