"""``testimony publish``."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.cli._context import Context, say, write
from archive.cli._options import UserPath, examples, option, output
from archive.errors import ConflictingOptions
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.registry import READING
from archive.language.messages import tr, tr_count

if TYPE_CHECKING:
    from archive.archive import EditionDifference, PublishedEdition


@click.command(
    help="""Write the public pages of the collection as files, to be put on a web site or on a stick, with a
    search that needs no server. The folder is written anew each time, and nothing else is written over. Exit code 1
    where files could not be read and are not in it, or where --check finds a difference.""",
    epilog=examples(
        "testimony publish ../edition",
        "testimony publish ../edition --base-url https://archive.example.org/",
        "testimony publish --check ../edition",
    ),
)
@click.argument("target", metavar="[DIR]", required=False, type=UserPath())
@option(
    "--base-url",
    "base",
    metavar="URL",
    default="",
    help="Where it will lie: for a map of the site, feeds and full addresses in its pages.",
)
@option("--sign", "key", metavar="KEY", type=UserPath(), help="Sign it with a private key of SSH, or one of minisign.")
@option(
    "--check",
    "of",
    metavar="URL-OR-DIR",
    help="Hold an edition that lies there against the collection; nothing is written.",
)
@output(*READING)
@click.pass_obj
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - Click's arguments
    ctx: click.Context, context: Context, /, target: Path | None, base: str, key: Path | None, of: str | None, form: str
) -> None:
    """Publish, or check what was published."""
    if (target is None) == (of is None):
        message = tr("give one of the two: a folder to write to, or --check")
        raise ConflictingOptions(message, tr("As in `testimony publish ../edition`."))
    if key and of:
        message = tr("--sign goes with a folder that is written, not with --check")
        raise ConflictingOptions(message, tr("`testimony manifest --verify` looks at a signature."))
    if of is not None:
        difference = context.archive.compare_edition(of, base)
        write(lines(_document(difference)) if form == "json" else _describe_difference(difference), form)
        is_well, unread = difference.is_current, difference.unread
    else:
        assert target is not None  # noqa: S101 - one of the two is given
        published = context.archive.publish(target, base, key)
        write(lines(_document(published)) if form == "json" else _describe(published), form)
        is_well, unread = True, published.unread
    if unread:
        say(
            tr_count(
                "{number} file could not be read and is not in it", "{number} files could not be read and are not in it", unread
            )
        )
    ctx.exit(0 if is_well and not unread else 1)


def _document(outcome: "PublishedEdition | EditionDifference") -> dict[str, object]:
    return {
        "schema": fields.SCHEMA,
        **{name: str(value) if name == "folder" else value for name, value in outcome._asdict().items()},
    }


def _describe(published: "PublishedEdition") -> Iterator[str]:
    yield tr(
        "{folder}: {files} files, {testimonies} testimonies",
        folder=published.folder,
        files=published.files,
        testimonies=published.testimonies,
    )
    if published.not_written:
        left = ", ".join(published.not_written)
        yield tr("Not written, since they need an address (--base-url): {left}.", left=left)


def _describe_difference(difference: "EditionDifference") -> Iterator[str]:
    yield from (tr("changed: {name}", name=name) for name in difference.changed)
    yield from (tr("missing: {name}", name=name) for name in difference.missing)
    yield from (tr("extra: {name}", name=name) for name in difference.extra)
    yield tr(
        "{unchanged} unchanged, {changed} changed, {missing} missing, {extra} extra.",
        unchanged=difference.unchanged,
        changed=len(difference.changed),
        missing=len(difference.missing),
        extra=len(difference.extra),
    )
