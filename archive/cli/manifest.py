"""``testimony manifest``."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from archive.archive import Archive
from archive.cli._context import Context, say, say_if_open, write
from archive.cli._options import UserPath, examples, option, output
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
@option("--output", "to", metavar="FILE", type=UserPath(printed=True), help="Write them to this file; - for standard output.")
@option("--check", "of", metavar="FILE", type=UserPath(), help="Hold the collection against this manifest.")
@option("--sign", "key", metavar="KEY", type=UserPath(), help="Sign --output with a private key of SSH, or one of minisign.")
@option("--verify", "signed", metavar="FILE", type=UserPath(), help="Verify the signature of a manifest, or of a bag.")
@option("--signers", metavar="FILE", type=UserPath(), help="Whose signatures count: allowed signers, or a public key.")
@option("--force", is_flag=True, help="Write over a manifest that is there.")
@output(*READING)
@click.pass_obj
@click.pass_context
def command(  # noqa: PLR0913 - Click's arguments
    ctx: click.Context,
    context: Context,
    /,
    to: Path | str | None,
    of: Path | None,
    *,
    key: Path | None,
    signed: Path | None,
    signers: Path | None,
    force: bool,
    form: str,
) -> None:
    """Print, write, sign or check a manifest, or verify its signature."""
    _refuse_conflicts(to, of, key, signed, signers)
    if signed:
        ctx.exit(0 if _verify(signed, signers, form) else 1)
    file = context.archive.manifest_file(to, force=force) if isinstance(to, Path) else None
    signature = context.archive.signature_file(file.target, key, force=force) if file and key else None
    if of:
        difference, faults = context.archive.compare_manifest(of)
        is_same = _check(difference, context, form)
    else:
        now = context.archive.manifest()
        is_same, faults = True, now.faults
        content = _content(now, context, form)
        signed_as = context.archive.sign(content, key) if signature and key else None
        _give(content, now, context, file, form)
        if signature and signed_as:
            signature.write(signed_as.content)
            say(tr("wrote {target}", target=signature.target))
    say_left_out(faults)
    ctx.exit(0 if is_same and not faults else 1)


def _check(difference: "BagDifference", context: Context, form: str) -> bool:
    document = {"schema": fields.SCHEMA, "clearance": context.clearance, **difference._asdict()}
    write(lines(document) if form == "json" else _describe(difference), form)
    return not (difference.changed or difference.missing or difference.new)


def _refuse_conflicts(
    to: Path | str | None, of: Path | None, key: Path | None, signed: Path | None, signers: Path | None
) -> None:
    """Refuse options that do not go together. :raises ConflictingOptions: some do not."""
    if of and to:
        message = tr("--check and --output cannot be given together")
        raise ConflictingOptions(message, tr("Check first, then write."))
    if key and not isinstance(to, Path):
        message = tr("--sign is for a manifest in a file")
        raise ConflictingOptions(message, tr("Name one with --output; the signature is written beside it."))
    if signed and (of or to):
        message = tr("--verify cannot be given with --check or --output")
        raise ConflictingOptions(message, tr("Verify the signature first, then check."))
    if signers and not signed:
        message = tr("--signers goes with --verify alone")
        raise ConflictingOptions(message, tr("As in: testimony manifest --verify FILE --signers FILE"))


def _verify(signed: Path, signers: Path | None, form: str) -> bool:
    """Print who signed a manifest or a bag; returns whether that is somebody who was named, and all is as it was signed."""
    signer, difference = Archive.verify_signature(signed, signers)
    is_same = difference is None or not (difference.changed or difference.missing or difference.new)
    if form == "json":
        differences = difference._asdict() if difference else dict.fromkeys(_TOLD, ())
        write(lines({"schema": fields.SCHEMA, "signed_by": signer.name or None, "key": signer.key, **differences}), form)
    else:
        signature_line = tr("signed by {name} with {key}", name=signer.name, key=signer.key)
        unknown = tr("signed with {key}, and whose key that is nobody says: name the signers with --signers", key=signer.key)
        write([signature_line if signer.name else unknown, *(_describe(difference) if difference else ())], form)
    return bool(signer.name) and is_same


def _content(now: "Manifest", context: Context, form: str) -> bytes:
    files = [{"path": path, "sha256": sha256} for path, sha256 in sorted(now.files.items())]
    document = lines({"schema": fields.SCHEMA, "clearance": context.clearance, "files": files})
    return "".join(f"{line}\n" for line in (document if form == "json" else now.lines())).encode()


def _give(content: bytes, now: "Manifest", context: Context, to: "OutputFile | None", form: str) -> None:
    if to is None:
        write(content.decode().split("\n")[:-1], form)
    else:
        to.write(content)
        say(tr("wrote the hashes of {number} files", number=len(now.files)))
        say_if_open(to.target, is_open=context.archive.is_open(to.target))


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


def _describe(difference: "BagDifference") -> list[str]:
    lines = [f"{tr(_TOLD[name][0])}: {path}" for name in ("changed", "missing", "new") for path in getattr(difference, name)]
    counts = (translate(_TOLD[name][1]).format(number=len(paths)) for name, paths in difference._asdict().items())
    return [*lines, f"{', '.join(counts)}."]
