"""``testimony manifest``."""

import json
from pathlib import Path
from typing import Final

import click

from archive.cli.context import Context, say, write
from archive.cli.options import examples, output
from archive.cli.outside import mode_of, refuse_existing, refuse_inside, tell_if_open
from archive.errors import BadManifest, ConflictingOptions
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.registry import READING
from archive.keeping import bag
from archive.storage import atomic

_MOST_BYTES: Final = 100_000_000


@click.command(
    help="""Write the hashes of records and authorities, as sha256sum and BagIt do, or check them.
    They are those of the files that a bag of the same clearance holds, by the names that these have there.
    Exit code 1 where something is changed, missing or new, or where a file could not be read.""",
    epilog=examples("testimony manifest --output manifest-sha256.txt", "testimony manifest --check manifest-sha256.txt"),
)
@click.option("--output", "to", metavar="FILE", type=click.Path(path_type=Path), help="Write them to this file.")
@click.option("--check", "of", metavar="FILE", type=click.Path(path_type=Path), help="Hold the collection against this manifest.")
@click.option("--force", is_flag=True, help="Write over a manifest that is there.")
@output(*READING)
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, /, to: Path | None, of: Path | None, force: bool, form: str) -> None:  # noqa: FBT001, PLR0913, PLR0917 - Click's arguments
    """Print, write or check a manifest."""
    if of and to:
        message = "--check and --output cannot be given together"
        raise ConflictingOptions(message, "Check first, then write.")
    was = _written_over(context, to, force=force) if to else None
    then = bag.read_manifest(_content(of), str(of)) if of else None
    parcel = bag.Parcel(context.root, context.clearance)
    now = bag.hashes(parcel.items())
    if then is not None:
        is_same = _check(bag.compared(now, then), context, form)
    else:
        is_same = True
        _give(now, context, to, form, was)
    left_out(parcel)
    ctx.exit(0 if is_same and not parcel.faults else 1)


def _check(found: bag.BagDifference, context: Context, form: str) -> bool:
    document = {"schema": fields.SCHEMA, "clearance": context.clearance, **found._asdict()}
    write(lines(document) if form == "json" else _told(found), form)
    return not (found.changed or found.missing or found.new)


def _written_over(context: Context, to: Path, *, force: bool) -> bytes | None:
    """Refuse what cannot be written before anything is read; returns what will be written over."""
    refuse_inside(context, to, "a manifest")
    return refuse_existing(to, force=force, is_ours=_is_manifest)


def _is_manifest(content: bytes) -> bool:
    """Return whether a file is a manifest in one of the forms that are written here."""
    try:
        told = json.loads(content)
        return isinstance(told, dict) and "files" in told and "clearance" in told
    except (ValueError, RecursionError):
        pass
    try:
        return bool(bag.read_manifest(content, ""))
    except BadManifest:
        return not content


def _give(now: dict[str, str], context: Context, to: Path | None, form: str, was: bytes | None) -> None:
    files = [{"path": path, "sha256": sha256} for path, sha256 in sorted(now.items())]
    document = lines({"schema": fields.SCHEMA, "clearance": context.clearance, "files": files})
    written = list(document) if form == "json" else bag.manifest(now).splitlines()
    if to is None:
        write(written, form)
    else:
        content = "".join(f"{line}\n" for line in written).encode()
        atomic.write_beside(to, content, new=was is None, was=was, mode=mode_of(context))
        say(f"wrote the hashes of {len(now)} files")
        tell_if_open(context, to)


def left_out(parcel: bag.Parcel) -> None:
    """Name on standard error what could not be read, and so is not there."""
    for fault in parcel.faults:
        say(f"left out: {fault}")


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror or error}"
        raise BadManifest(message) from error
    if len(content) > _MOST_BYTES:
        message = f"{file} is too large for a manifest"
        raise BadManifest(message)
    return content


def _told(difference: bag.BagDifference) -> list[str]:
    told = [f"{name}: {path}" for name in ("changed", "missing", "new") for path in getattr(difference, name)]
    counts = (f"{len(paths)} {name}" for name, paths in difference._asdict().items())
    return [*told, f"{', '.join(counts)}."]
