"""``testimony manifest``."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from archive.cli._context import Context, say, say_if_open, write
from archive.cli._options import UserPath, examples, output
from archive.errors import ConflictingOptions, Fault
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.registry import READING
from archive.language.messages import mark, tr, translate

if TYPE_CHECKING:
    from archive.archive import BagDifference, Manifest, OutputFile


@click.command(
    help="""Write the hashes of records and authorities, as sha256sum and BagIt do, or check them.
    They are those of the files that a bag of the same clearance holds, by the names that these have there.
    Exit code 1 where something is changed, missing or new, or where a file could not be read.""",
    epilog=examples("testimony manifest --output manifest-sha256.txt", "testimony manifest --check manifest-sha256.txt"),
)
@click.option(
    "--output", "to", metavar="FILE", type=UserPath(printed=True), help="Write them to this file; - for standard output."
)
@click.option("--check", "of", metavar="FILE", type=UserPath(), help="Hold the collection against this manifest.")
@click.option("--force", is_flag=True, help="Write over a manifest that is there.")
@output(*READING)
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, /, to: Path | str | None, of: Path | None, force: bool, form: str) -> None:  # noqa: FBT001, PLR0913, PLR0917 - Click's arguments
    """Print, write or check a manifest."""
    if of and to:
        message = tr("--check and --output cannot be given together")
        raise ConflictingOptions(message, tr("Check first, then write."))
    file = context.room.manifest_file(to, force=force) if isinstance(to, Path) else None
    if of:
        difference, faults = context.room.compare_manifest(of)
        is_same = _check(difference, context, form)
    else:
        now = context.room.manifest()
        is_same, faults = True, now.faults
        _give(now, context, file, form)
    say_left_out(faults)
    ctx.exit(0 if is_same and not faults else 1)


def _check(found: "BagDifference", context: Context, form: str) -> bool:
    document = {"schema": fields.SCHEMA, "clearance": context.clearance, **found._asdict()}
    write(lines(document) if form == "json" else _told(found), form)
    return not (found.changed or found.missing or found.new)


def _give(now: "Manifest", context: Context, to: "OutputFile | None", form: str) -> None:
    files = [{"path": path, "sha256": sha256} for path, sha256 in sorted(now.files.items())]
    document = lines({"schema": fields.SCHEMA, "clearance": context.clearance, "files": files})
    written = list(document if form == "json" else now.lines())
    if to is None:
        write(written, form)
    else:
        to.write("".join(f"{line}\n" for line in written).encode())
        say(tr("wrote the hashes of {number} files", number=len(now.files)))
        say_if_open(to.target, is_open=context.room.is_open(to.target))


def say_left_out(faults: Iterable[Fault]) -> None:
    """Name on standard error what could not be read, and so is not there."""
    for fault in faults:
        say(tr("left out: {fault}", fault=fault))


_TOLD: Final = {
    "unchanged": (mark("unchanged"), mark("{number} unchanged")),
    "changed": (mark("changed"), mark("{number} changed")),
    "missing": (mark("missing"), mark("{number} missing")),
    "new": (mark("new"), mark("{number} new")),
}
"""What is said of a file by how it stands to a manifest, and of how many."""


def _told(difference: "BagDifference") -> list[str]:
    told = [f"{tr(_TOLD[name][0])}: {path}" for name in ("changed", "missing", "new") for path in getattr(difference, name)]
    counts = (translate(_TOLD[name][1]).format(number=len(paths)) for name, paths in difference._asdict().items())
    return [*told, f"{', '.join(counts)}."]
