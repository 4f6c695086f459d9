"""``testimony check``."""

import click

from archive.cli._context import Context, say, write
from archive.cli._options import examples, option
from archive.language.messages import tr


@click.command(
    help="""Name every fault of every file, as file:line: field: message, and warn of what is
    weak. Exit code 1 with faults; warnings do not change it.""",
    epilog=examples("testimony check", "testimony check --bind"),
)
@option(
    "--bind",
    is_flag=True,
    help="Bind notes, claims, `with` and relations that name paragraphs to the words there, by their hash, where they have none.",
)
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, /, bind: bool) -> None:  # noqa: FBT001 - a flag of Click
    """Check the collection."""
    if bind:
        for path, number in context.archive.bind().items():
            say(tr("bound {number} in {path}", number=number, path=path))
    report = context.archive.check()
    write(map(str, report.faults), "text")
    write((f"{warning.path}:{warning.line}: warning: {warning.field}: {warning.message}" for warning in report.warnings), "text")
    say(
        tr(
            "{read} records read; {number} faults, {number2} warnings",
            read=report.read,
            number=len(report.faults),
            number2=len(report.warnings),
        )
    )
    ctx.exit(1 if report.faults else 0)
