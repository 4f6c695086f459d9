"""``testimony template``."""

from collections.abc import Iterator
from pathlib import Path

import click

from archive.cli._context import Context, say, write
from archive.cli._options import UserPath, examples, option
from archive.errors import ConflictingOptions
from archive.formats.template_fields import FILTERS, GROUPS, SHIPPED
from archive.formats.terminal import columns, wrap
from archive.language.messages import tr


@click.command(
    help="""Print a template for `dossier --template`, to copy and change; without a name, all fields that one may use.

    A template is Markdown with fields, as `{{ title }}`, and with `{% for %}` and `{% if %}` as in Jinja. Each passage stands in
    it whole, with every caveat and its citation; none of them can be taken out.""",
    epilog=examples("testimony template", "testimony template coi --output my-response.md"),
)
@click.argument("name", required=False, type=click.Choice(tuple(SHIPPED)))
@option("--output", "target", metavar="FILE", type=UserPath(), help="Write it to a file instead.")
@option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def command(context: Context, /, name: str | None, target: Path | None, *, force: bool) -> None:
    """Print a template, or the fields."""
    if name is None:
        if target is not None or force:
            message = tr("--output and --force go with the name of a template")
            raise ConflictingOptions(message, tr("There are {names}.", names=", ".join(SHIPPED)))
        write(_fields(), "text")
        return
    if target is None:
        write(context.archive.dossier_template(name).text.splitlines(), "md")
        return
    file = context.archive.output_file(target, tr("a template"), force=force)
    file.write(context.archive.dossier_template(name).text.encode())
    say(tr("wrote {target}", target=file.target))


def _fields() -> Iterator[str]:
    """Yield what a template may use, for a person."""
    yield tr("Templates that come with the program:")
    for name, told in SHIPPED.items():
        yield from _item(name, tr(told))
    for group, fields in GROUPS.items():
        yield ""
        yield tr("Of a {group}:", group=tr(group)) if group else tr("Of the document:")
        for name, told in fields.items():
            yield from _item(f"{group}.{name}" if group else name, tr(told))
    yield ""
    yield tr("Filters:")
    for name, told in FILTERS.items():
        yield from _item(name, tr(told))


def _item(name: str, told: str) -> Iterator[str]:
    yield from wrap(told, columns(), f"  {name:<{_WIDE}}  ", " " * (_WIDE + 4))


_WIDE = 22
