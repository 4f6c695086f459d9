"""``testimony import``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.cli._context import Context, say, write
from archive.cli._options import UserPath, as_text, examples, option, output
from archive.errors import ConflictingOptions
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.registry import READING
from archive.formats.text import imported
from archive.language.messages import tr, tr_count, translate
from archive.record.testimony import PUBLIC

if TYPE_CHECKING:
    from archive.archive import ImportedFile


@click.command(
    help="""Bring in what others wrote, whole folders too: .docx, .odt, .rtf, .hwp, .hwpx, .pdf, .txt and .md
    files, captions (.vtt, .srt), OHMS, ELAN and TEI, projects of qualitative analysis (.qdpx),
    and tables (.csv, .tsv, .xlsx, .ods, .zip of Uwazi) by a mapping. What would be written is
    shown first, and written with --write. Each becomes a record of its own, closed and with
    consent unknown, with the place of each paragraph in its source. Only words come in;
    comments, tracked deletions, hidden text and the properties of a file are counted and left
    out. Annotations of hypothes.is become proposals of notes on words of the records that are
    here. What `testimony export --format jsonl` and `testimony bag` wrote is restored: the same
    bytes, with the access that they had. Exit code 1 where a file was refused, or is left to
    you to decide.""",
    epilog=examples(
        "testimony import interviews/",
        "testimony import interview.docx --speaker INT=Interviewer --write",
        "testimony import interview.vtt --diff",
        "testimony import export.jsonl --authorities --write",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=UserPath())
@option("--write", "writes", is_flag=True, help="Write the records; without it, they are shown alone.")
@option("--as", "kind", default="testimony", show_default=True, metavar="KIND", callback=as_text, help="What kind of record.")
@option("--language", default="", metavar="BCP47", callback=as_text, help="Of the words; else as their script tells it.")
@option("--rendering", default="", metavar="RENDERING", callback=as_text, help="verbatim, translation or summary.")
@option("--title", default="", callback=as_text, help="The title of the record.")
@option("--prefix", default="", callback=as_text, help="Of the codes; else that of the collection.")
@option("--speaker", "speakers", multiple=True, metavar="NAME=AS", help="Call a speaker otherwise; repeatable.")
@option("--mapping", metavar="FILE", type=UserPath(), help="What the columns of a table are, as YAML.")
@option("--columns", "columns", is_flag=True, help="Print the columns of a table and a mapping to begin with.")
@option("--hidden", is_flag=True, help="Take hidden rows, columns and sheets of a table along.")
@option("--tier", "tiers", multiple=True, metavar="NAME=AS", help="A tier of ELAN is speech, leave or translation:LANGUAGE.")
@option("--cues", is_flag=True, help="One paragraph a cue of captions, in place of whole sentences.")
@option(
    "--notes",
    "notes",
    type=click.Choice(["comments"]),
    help="Take the comments of a document along, as notes that are still to be confirmed.",
)
@option("--private", is_flag=True, help="Take annotations along too that were made for a group, or for nobody else.")
@option("--keep-name", is_flag=True, help="Keep the name of the file, which may tell of people, in the record.")
@option("--merge", is_flag=True, help="Take changed paragraphs of a source where nobody has edited them since.")
@option("--new", "is_new", is_flag=True, help="Make a record also of what looks like one that is there.")
@option("--allow-miscount", is_flag=True, help="Take in also what a plain count of letters does not confirm.")
@option("--authorities", "with_authorities", is_flag=True, help="Restore the authority files too, while there is no record here.")
@option("--diff", is_flag=True, help="Print which paragraphs differ from those of the record that is there.")
@option("--by", default="archive", show_default=True, callback=as_text, help="Who brings it in, for the history of the record.")
@output(*READING)
@click.pass_obj
@click.pass_context
def command(  # noqa: PLR0913 - Click's arguments
    ctx: click.Context,
    context: Context,
    /,
    paths: Sequence[Path],
    *,
    writes: bool,
    diff: bool,
    form: str,
    **asked: Any,  # noqa: ANN401 - Click's arguments
) -> None:
    """Import files."""
    mapping = asked.pop("mapping")
    if asked.pop("columns"):
        _print_columns(context, paths, hidden=asked["hidden"])
        return
    asked["remarks"] = asked.pop("notes") == "comments"
    asked["speakers"] = dict(_pair("--speaker", each) for each in asked["speakers"])
    asked["tiers"] = tuple(_pair("--tier", each) for each in asked["tiers"])
    asked["mapping"] = context.archive.read_mapping(mapping) if mapping else None
    found = []
    for one in context.archive.import_files(paths, write=writes, **asked):
        found.append(one)
        if form != "json":
            write(imported.report(one, with_differences=diff), form)
    if form == "json":
        files = [_fields(one) for one in found]
        write(lines({"schema": fields.SCHEMA, "written": writes, "files": files}), form)
    _say(found, writes=writes)
    ctx.exit(0 if all(one.is_well for one in found) and found else 1)


def _pair(option: str, given: str) -> tuple[str, str]:
    name, equals, called = given.rpartition("=")
    if not (name.strip() and equals and called.strip()):
        message = tr("{option} {given!r} is not of the form NAME=AS", option=option, given=given)
        raise ConflictingOptions(message, tr("For example --speaker INT=Interviewer, or --tier ft=translation:en."))
    return name.strip(), called.strip()


def _print_columns(context: Context, paths: Sequence[Path], *, hidden: bool) -> None:
    for path in paths:
        columns, mapping = context.archive.table_columns(path, hidden=hidden)
        write((f"# {column}: {', '.join(shapes)}" for column, shapes in columns), "text")
        write(mapping.splitlines(), "text")


def _fields(one: "ImportedFile") -> dict[str, Any]:
    return {
        **one._asdict(),
        "languages": list(one.languages),
        "left_out": [each._asdict() for each in one.left_out],
        "said": list(one.said),
        "differences": list(one.differences),
        "merged": list(one.merged),
        "proposals": [{**each._asdict(), "paragraphs": list(each.paragraphs)} for each in one.proposals],
    }


def _say(imported: Sequence["ImportedFile"], *, writes: bool) -> None:
    counts: dict[str, int] = {}
    for one in imported:
        counts[one.status] = counts.get(one.status, 0) + 1
    summary = ", ".join(f"{translate(status)} {number}" for status, number in counts.items())
    say(tr_count("{number} text: {told}.", "{number} texts: {told}.", len(imported), told=summary))
    if any(one.level for one in imported):
        _say_restored(imported)
    if any(proposal.note for one in imported for proposal in one.proposals):
        say(tr("Each note begins with XXXX and is not opened so: read it, and write it as your own with `testimony edit`."))
    if any(proposal.command for one in imported for proposal in one.proposals):
        say(tr("Nothing is written into a record that is open to readers: enter a note that you have read with its command."))
    if writes and any(one.becomes_record and not one.is_restored for one in imported):
        say(tr("The records are closed, consent unknown; `testimony check` names what is to be filled in."))
    elif not writes and any(one.becomes_record or one.merged or any(each.note for each in one.proposals) for one in imported):
        say(tr("Nothing was written. Write them with --write."))


def _say_restored(imported: Sequence["ImportedFile"]) -> None:
    """Say how many records become public, and from where: they are not closed as what others wrote."""
    for source in dict.fromkeys(one.file for one in imported if one.is_restored):
        public = sum(one.file == source and one.level == PUBLIC and one.becomes_record for one in imported)
        say(
            tr_count(
                "public here from {source}: {number} record", "public here from {source}: {number} records", public, source=source
            )
        )
