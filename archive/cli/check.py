"""``testimony check``."""

import click

from archive.cli.context import Context, say, write
from archive.cli.options import examples


@click.command(
    help="""Name every fault of every file, as file:line: field: message, and warn of what is
    weak. Exit code 1 with faults; warnings do not change it.""",
    epilog=examples("testimony check", "testimony check --bind"),
)
@click.option("--bind", is_flag=True, help="Write the hashes of the paragraphs into notes and claims that have none.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, /, bind: bool) -> None:  # noqa: FBT001 - a flag of Click
    """Check the collection."""
    if bind:
        for path, number in context.room.bind().items():
            say(f"bound {number} in {path}")
    report = context.room.check()
    write(map(str, report.faults), "text")
    write((f"{each.path}:{each.line}: warning: {each.field}: {each.message}" for each in report.warnings), "text")
    say(f"{report.read} records read; {len(report.faults)} faults, {len(report.warnings)} warnings")
    ctx.exit(1 if report.faults else 0)
