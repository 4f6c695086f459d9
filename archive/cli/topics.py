"""``testimony topics``."""

import click

from archive.cli._context import Context, count_unreadable, write, write_paged
from archive.cli._options import as_text, examples, option, output
from archive.errors import ConflictingOptions
from archive.formats.data import skos
from archive.formats.terminal import columns
from archive.formats.text import topics
from archive.language.messages import tr

SKOS = ("skos", "skos-json")
"""Turtle, and JSON-LD."""


@click.command(
    help="""The topics of the thesaurus as a tree, with how many passages are on each. With a
    word: the topic that it stands for, its words in every language, broader, narrower
    and related topics, and how many passages are on it.""",
    epilog=examples("testimony topics", "testimony topics lice", "testimony topics --format skos > topics.ttl"),
)
@click.argument("word", nargs=-1)
@option("--words", is_flag=True, help="Print the words of each topic (= the same, < narrower) in the tree too.")
@option("--base", metavar="URI", default="", callback=as_text, help="What the addresses of topics in SKOS begin with.")
@output("text", "json", *SKOS)
@click.pass_obj
def command(context: Context, /, word: tuple[str, ...], words: bool, base: str, form: str) -> None:  # noqa: FBT001 - a flag of Click
    """Print the topics, or one."""
    if base and form not in SKOS:
        message = tr("--base goes with --format skos and skos-json alone")
        raise ConflictingOptions(message, tr("Other formats have no addresses."))
    tree = context.archive.topics(" ".join(word))
    if form in SKOS:
        authorities = tree.authorities
        start = skos.base_of(base, authorities.prefix)
        name = authorities.collection.get("name", {})
        write((skos.turtle if form == "skos" else skos.json_ld)(tree.plain, name, start), form)
    elif form == "json":
        write(topics.document(tree), form)
    else:
        write_paged(topics.text(tree, columns(), words=words))
    count_unreadable(context)
