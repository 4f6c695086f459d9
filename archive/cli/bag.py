"""``testimony bag``."""

import datetime as dt
from pathlib import Path

import click

from archive.cli._context import Context, say, say_if_open, write
from archive.cli._options import UserPath, examples, option
from archive.cli.manifest import say_left_out
from archive.language.messages import tr


@click.command(
    help="""Export records and authorities as a BagIt bag (RFC 8493) for transfer, and validate it.
    A public bag holds what the public reads. Needs the extra [package]. Exit code 1 where a file
    could not be read and is not in it.""",
    epilog=examples("testimony bag --output ../bag", "testimony bag --output ../bag-of-may --date 2026-05-01"),
)
@option("--output", "to", metavar="DIR", required=True, type=UserPath(), help="A folder that is not there yet.")
@option("--date", "day", metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]), help="The bag's date; else today, in UTC.")
@option("--sign", "key", metavar="KEY", type=UserPath(), help="Sign it with a private key of SSH, or one of minisign.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, /, to: Path, day: dt.datetime | None, key: Path | None) -> None:
    """Write a bag."""
    bag = context.archive.bag(to, day.date() if day else None, key=key)
    write([str(to)], "text")
    say(
        tr(
            "{testimonies} testimonies in {number} files, as readers of the clearance {clearance} have them",
            testimonies=bag.testimonies,
            number=len(bag.files),
            clearance=context.clearance,
        )
    )
    say_if_open(to, is_open=bag.is_open)
    say_left_out(bag.faults)
    ctx.exit(1 if bag.faults else 0)
