"""``testimony schema``."""

from importlib import import_module
from typing import Any, Final

import click

from archive.cli._context import Context, write
from archive.cli._options import examples, option
from archive.formats.json_sink import lines

_OUTPUT: Final = "archive.formats.data.output_schema"
_DOCUMENTS: Final = (
    *("search", "facets", "list", "show", "versions", "witness", "camps", "camp", "topics", "basket", "watch", "conflicts"),
    *("stats", "log", "picture", "sources", "terms", "method", "compare", "cite", "verify", "doctor", "import"),
    *("manifest", "manifest-check", "manifest-verify"),
    *("export", "export-authority", "export-record", "export-sealed"),
    *("publish", "publish-check"),
)
_VERSION: Final = "version-header"


@click.command(
    help="""Print the JSON Schema of a record's header, with the terms of this collection.

    With --of: of what a command prints as JSON. Every field is described there.""",
    epilog=examples("testimony schema", "testimony schema > record.schema.json", "testimony schema --of search"),
)
@option(
    "--of",
    "document",
    type=click.Choice((*_DOCUMENTS, _VERSION)),
    metavar="KIND",
    help="Of a kind of machine output instead, or of the header of a version in another language.",
)
@click.pass_obj
def command(context: Context, /, document: str | None) -> None:
    """Print the schema."""
    if document == _VERSION:
        write(lines(context.archive.schema(of_version=True)), "json")
    elif document:
        output: Any = import_module(_OUTPUT)
        write(lines(output.schema(document)), "json")
    else:
        write(lines(context.archive.schema()), "json")
