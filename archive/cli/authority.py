"""``testimony authority``."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from archive.cli._context import Context, say, write
from archive.cli._options import UserPath, as_text, examples, option
from archive.errors import ConflictingOptions
from archive.formats.terminal import pad, visible
from archive.language.messages import mark, tr, tr_count
from archive.text import width

if TYPE_CHECKING:
    from archive.archive import AddedEntries

ADD, CHECK, IMPORT = "add", "check", "import"
_KINDS: Final = ("camp", "topic", "work", "conflict", "flag", "person")
_SKOS: Final = frozenset({".ttl", ".rdf", ".xml", ".jsonld", ".nt", ".n3"})
_WHOSE: Final = {"own": mark("own"), "shipped": mark("shipped"), "none": mark("not in force")}
_LEAST: Final = 2


def _texts(ctx: click.Context, param: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(as_text(ctx, param, each)) for each in given)


@click.command(
    help="""What the collection has agreed on: its camps, topics, works, conflicts and flags.

    `add KIND ID FIELD=VALUE …` puts one entry at the end of its file, all else as it was: `label=…`,
    `label.ru=…` in a language, a field several times for several values; KIND is camp, topic, work,
    conflict, flag or person, an editor by the initials in `by:`, of whom no reader is told. `check`
    says of each file whose it is and what is wrong.

    `import FILE` takes over what others keep: a table in CSV whose columns are `id` and the fields of
    `add` (--as says of what), places as GeoNames has them, works in CSL-JSON, RIS, BibTeX or Zotero's RDF;
    what is there already, by its DOI, address, or title and year, is left as it is. A thesaurus in SKOS
    (Turtle, RDF/XML or JSON-LD) becomes the topics of this collection, in place of those that come
    with the program. It shows what would be written, and asks; without a terminal --yes writes it.
    Every fault is told, and then nothing is written.""",
    epilog=examples(
        "testimony authority add work a-book title='A Book' type=book issued=2001",
        "testimony authority check",
        "testimony authority add person ak name='A. Keeper' role=editor",
        "testimony authority import topics.ttl --yes",
        "testimony authority import thesaurus.rdf --dry-run",
    ),
)
@click.argument("action", type=click.Choice([ADD, CHECK, IMPORT]))
@click.argument("words", nargs=-1, metavar="[KIND ID FIELD=VALUE... | FILE]", callback=_texts)
@option("--as", "kind", type=click.Choice(_KINDS), help="What the rows of a table are.")
@option("--type", "facility_type", default="camp", show_default=True, callback=as_text, help="Of imported places that have none.")
@option("--language", default="en", show_default=True, metavar="BCP47", callback=as_text, help="Of labels that have none.")
@option("--scheme", default="", metavar="URI", callback=as_text, help="The concept scheme, where the file has several.")
@option("--force", is_flag=True, help="Write over the topics that this collection has.")
@option("--yes", is_flag=True, help="Write what a file holds without showing it and asking.")
@option("--dry-run", "dry", is_flag=True, help="Print what would be written, and write nothing.")
@click.pass_context
def command(ctx: click.Context, /, action: str, words: tuple[str, ...], **asked: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Change or look at the authorities."""
    context = ctx.ensure_object(Context) if ctx.obj is None else ctx.obj
    if action == CHECK:
        if words:
            raise ConflictingOptions(tr("`authority check` takes nothing more"), tr("It looks at every file of authorities/."))
        _check(context)
    elif action == ADD:
        if len(words) < _LEAST or words[0] not in _KINDS:
            message = tr("`authority add` takes a kind and an id: {kinds}", kinds=", ".join(_KINDS))
            raise ConflictingOptions(message, tr("As in: `testimony authority add camp camp-7 label='Camp 7' number=7`"))
        is_said = ctx.get_parameter_source("language") is click.core.ParameterSource.COMMANDLINE
        language = asked["language"] if is_said else ""
        _tell(
            context.archive.add_authority(words[0], words[1], words[_LEAST:], language=language, dry=asked["dry"]),
            dry=asked["dry"],
        )
    elif len(words) != 1:
        raise ConflictingOptions(tr("`authority import` takes one file"), tr("As in: testimony authority import works.json"))
    else:
        file = Path(UserPath().convert(words[0], next(each for each in ctx.command.params if each.name == "words"), ctx))
        is_thesaurus = file.suffix.lower() in _SKOS and not context.archive.holds_works(file)
        (_import_topics if is_thesaurus else _import_table)(context, file, asked)


def _check(context: Context) -> None:
    files = context.archive.authority_files()
    broadest = max(width(visible(each.path)) for each in files)
    lines = []
    for each in files:
        entries = tr_count("{number} entry", "{number} entries", each.entries)
        lines.append(
            f"{pad(visible(each.path), broadest)}  {tr(_WHOSE[each.whose])}" + (f", {entries}" if each.whose != "none" else "")
        )
    write(lines, "text")


def _import_table(context: Context, file: Path, asked: dict[str, Any]) -> None:
    how = {"kind": asked["kind"] or "", "language": asked["language"], "facility_type": asked["facility_type"]}
    preview = context.archive.import_authorities(file, dry=True, **how)
    if _is_to_be_written(asked, preview.path, preview.number, lambda: _tell(preview, dry=True)):
        _tell(context.archive.import_authorities(file, **how), dry=False)


def _is_to_be_written(asked: dict[str, Any], path: str, number: int, show: Callable[[], None]) -> bool:
    """Show what an import would write, and ask; with --yes neither, and with --dry-run, or nothing to write, it is only shown."""
    is_dry = asked["dry"] or not number
    if not (asked["yes"] and not is_dry):
        show()
    if is_dry or asked["yes"]:
        return not is_dry
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        say(tr("--yes adds them"))
        return False
    click.confirm(tr("Add them to {path}?", path=path), abort=True, err=True)
    return True


def _tell(added: "AddedEntries", *, dry: bool) -> None:
    for each in added.said:
        say(each)
    if dry:
        write(added.lines, "markdown")
        say(tr("nothing was written"))
    else:
        click.echo(visible(added.path))
        say(tr_count("{number} entry added", "{number} entries added", added.number))


def _import_topics(context: Context, file: Path, asked: dict[str, Any]) -> None:
    how = {"language": asked["language"], "scheme": asked["scheme"], "force": asked["force"] or asked["dry"]}
    preview = context.archive.import_topics(file, dry=True, **how)

    def show() -> None:
        for each in preview.said:
            say(each)
        click.echo(visible(preview.content), nl=False)
        say(tr("nothing was written"))

    if _is_to_be_written(asked, preview.path, preview.number, show):
        imported = context.archive.import_topics(file, **how)
        for each in imported.said if asked["yes"] else ():
            say(each)
        click.echo(visible(imported.path))
        summary = tr_count("{number} topic.", "{number} topics.", imported.number)
        say(f"{summary} {tr('`testimony check` names the records whose topics are none any more.')}")
