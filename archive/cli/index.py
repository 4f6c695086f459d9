"""``testimony index``."""

import click

from archive.cli._context import Context, say, write
from archive.cli._options import examples, option
from archive.errors import CannotWrite
from archive.language.messages import tr, tr_count


@click.command(
    help="""Make the index equal to the collection. Search does this by itself; this command
    also names every file that had to be left out. What has changed is told by size, times and identity;
    with --deep every record and every index file is hashed, which finds what a failing disk or a program
    has changed behind them.""",
    epilog=examples("testimony index", "testimony index --deep", "testimony index --rebuild"),
)
@option("--rebuild", is_flag=True, help="Make it from nothing.")
@option("--deep", is_flag=True, help="Hash every record and every index file.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, /, rebuild: bool, deep: bool) -> None:  # noqa: FBT001 - flags of Click
    """Update or rebuild; exit code 1 where files were left out."""
    try:
        report = context.archive.update(rebuild=rebuild, deep=deep)
    except OSError as error:
        message = tr("the index cannot be written: {reason}", reason=error.strerror or error)
        raise CannotWrite(message, tr("Readers' commands still work, with an index in memory.")) from error
    write(map(str, report.faults), "text")
    for damage in report.damage:
        say(tr("{damage}; made anew", damage=damage))
    action = tr("rebuilt") if report.rebuilt else tr("updated")
    say(
        tr(
            "{made}; {readable} testimonies in the index, {changed} put in or taken out",
            made=action,
            readable=report.state.readable,
            changed=report.changed,
        )
    )
    if report.faults:
        left_out = len({fault.path for fault in report.faults})
        say(tr("left out: {files}", files=tr_count("{number} file", "{number} files", left_out)))
        ctx.exit(1)
