"""``testimony doctor``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from archive.cli._context import Context, write
from archive.cli._options import examples, option, output
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.registry import READING
from archive.formats.terminal import columns, wrap
from archive.language.messages import mark, tr, tr_count

if TYPE_CHECKING:
    from archive.archive import Examined


@click.command(
    help="""Look at the state of the archive and say what to do about each thing that is not as it should be:
    files that nobody can read, embargoes that have passed, sealed files without an identity, indexes that are
    stale, damaged, of another version or open to others, leftovers,
    what editors, sync programs and rubbish folders keep of records, and what git would change or give away.
    Last it says when the collection was carried away, as far as is known here. Nothing is changed. Exit code 1
    with findings.""",
    epilog=examples("testimony doctor", "testimony doctor --deep --format json"),
)
@option("--deep", is_flag=True, help="Hash every file of every index too.")
@output(*READING)
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, /, deep: bool, form: str) -> None:  # noqa: FBT001 - a flag of Click
    """Examine the archive."""
    examined = context.archive.diagnose(deep=deep, audit=context.audit)
    document = {
        "schema": fields.SCHEMA,
        "healthy": not examined.findings,
        **examined._asdict(),
        "findings": [finding._asdict() for finding in examined.findings],
        "backups": [backup._asdict() for backup in examined.backups],
        "audit": examined.audit._asdict() if examined.audit else None,
    }
    write(lines(document) if form == "json" else _describe(examined), form)
    ctx.exit(1 if examined.findings else 0)


def _describe(examined: "Examined") -> Iterator[str]:
    for finding in examined.findings:
        yield f"{finding.path}: {finding.what}"
        yield f"  {finding.remedy}"
    indexes = tr("indexes: {names}", names=", ".join(examined.indexes)) if examined.indexes else tr("no index yet")
    number = len(examined.findings)
    findings = tr_count("{number} finding", "{number} findings", number) if number else tr("no findings")
    files = tr_count("{number} file", "{number} files", examined.records)
    yield tr(
        "{files} of records, {indexes}, {which}; {findings}.",
        files=files,
        indexes=indexes,
        which=tr("in git") if examined.in_git else tr("not in git"),
        findings=findings,
    )
    if examined.audit:
        lines_of = tr_count("{number} line", "{number} lines", examined.audit.lines)
        last = tr(
            "log of commands: {lines}, the last sha256:{last}; keep this hash elsewhere", lines=lines_of, last=examined.audit.last
        )
        yield from wrap(last, columns())
    yield from (wrapped_line for line in _backups(examined) for wrapped_line in wrap(line, columns()))


def _backups(examined: "Examined") -> Iterator[str]:
    """Say when the collection was last carried away, as far as is known here."""
    for backup in examined.backups:
        what = tr(_KINDS[backup.kind], of=backup.of)
        if not backup.day:
            yield tr("backup: {what}: nothing lies there yet, as far as is known here", what=what)
        elif backup.is_current:
            yield tr("backup: {what}, {day}; no file has changed since", what=what, day=backup.day)
        else:
            yield tr("backup: {what}, {day}; files have changed since", what=what, day=backup.day)
    if not examined.backups:
        yield tr("No backup is known of here: `testimony backup --help`.")


_KINDS: Final = {
    "git": mark("the repository {of}"),
    "bag": mark("a bag of what the clearance {of} reads"),
    "sealed-copy": mark("a sealed copy"),
}
