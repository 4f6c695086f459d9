"""``testimony dossier``."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from archive.archive import Archive
from archive.citing.excerpt import RenderedHit
from archive.cli.context import Context, count_unreadable, progress, say, write
from archive.cli.options import as_text, examples, query_options, to_query
from archive.cli.outside import mode_of, refuse_existing, refuse_inside, tell_if_open
from archive.documents import pandoc
from archive.errors import BadDate, ConflictingOptions
from archive.formats.dossier_content import Document
from archive.formats.html import dossier as dossier_page
from archive.formats.markdown import dossier as dossier_markdown
from archive.formats.query_words import in_words
from archive.formats.registry import digits
from archive.formats.wording import count
from archive.search.model import SORTS, Query
from archive.storage import index_state
from archive.storage.atomic import write_beside
from archive.weighing import dossier
from archive.weighing.dossier import Dossier

HELP = """Write the answer to a search as a document.

Every excerpt with all its caveats and its citation, grouped by testimony; what
was asked and understood, what is not in it and why, who was there to tell, and
the works cited. The same collection and the same request give the same bytes.
"""

ENDINGS: Final = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".docx": "docx"}
_STDOUT: Final = "-"


def _day(_: click.Context, __: click.Parameter, value: str | None) -> str:
    if value is None:
        return dt.datetime.now().astimezone().date().isoformat()
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError as error:
        message = f"{value[:40]!r} is no day"
        raise BadDate(message, "Write it as 2026-11-21.") from error


@click.command(
    help=HELP,
    epilog=examples(
        'testimony dossier "coal mine" --camp 18 --output - > coal.md',
        "testimony dossier --camp 14 --topic execution --output - --format html > case.html",
    ),
)
@query_options
@click.option("--output", "target", metavar="FILE", required=True, help="Ending in .md, .html or .docx; - for standard output.")
@click.option("--format", "form", type=click.Choice(["md", "html", "docx"]), help="Where the name does not say it; else md.")
@click.option("--title", metavar="TEXT", callback=as_text, help="Of the document; else what was asked.")
@click.option("--date", "day", metavar="DAY", callback=_day, help="Of the document; else today. No time of day is written.")
@click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True, help="Which testimonies come first.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=dossier.MOST, show_default=True, help="Passages at most.")
@click.option("--all", "every", is_flag=True, help="All passages, however many.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def command(context: Context, /, words: tuple[str, ...], target: str, form: str | None, **chosen: Any) -> None:  # noqa: ANN401 - Click's arguments
    """Write a dossier."""
    made = form or ENDINGS.get(Path(target).suffix.lower(), "md" if target == _STDOUT else "")
    was = _check(context, target, made, force=chosen["force"])
    limit = None if chosen["every"] else chosen["limit"]
    query = to_query(words, chosen)._replace(limit=limit, sort=chosen["sort"])
    document = gathered(context.room, query, chosen["title"] or "", chosen["day"])
    if target == _STDOUT:
        write(lines(document, made), made)
    else:
        write_beside(Path(target), written(document, made), new=was is None, was=was, mode=mode_of(context))
        say(_done(document, target))
        tell_if_open(context, Path(target))
    count_unreadable(context)


def _check(context: Context, target: str, form: str, *, force: bool) -> bytes | None:
    """Refuse what cannot be written before anything is searched; returns what will be written over."""
    if not form:
        message = f"the name {target[:60]!r} does not say what to write"
        raise ConflictingOptions(message, "End it in .md, .html or .docx, or give --format.")
    if target == _STDOUT:
        if form == "docx":
            message = "a .docx cannot be printed"
            raise ConflictingOptions(message, "Name a file with --output.")
        return None
    refuse_inside(context, Path(target), "a dossier")
    return refuse_existing(Path(target), force=force)


def gathered(room: Archive, query: Query, title: str, day: str) -> Document:
    """Search, and gather what a dossier tells."""
    results, held = room.search(query), room.authorities
    made = Dossier(
        title=title
        or f"Dossier: {'; '.join(filter(None, (query.words, *in_words(query.filters, held)))) or 'the whole collection'}",
        day=day,
        results=results,
        told=dossier.told(results, held, room.search, room.testimony),
        works=dossier.works(results.hits, held),
        conflicts=dossier.conflicts(results.hits, held),
        fingerprint=dossier.fingerprint(map(room.record, progress(room.codes()))),
        made_by=index_state.maker(),
        authorities=held,
    )
    groups = tuple(
        (
            testimony,
            tuple(RenderedHit(hit, room.excerpt(hit, digits=digits("markdown"), in_full=True, whole=True)) for hit in hits),
        )
        for testimony, hits in dossier.grouped(results.hits)
    )
    return Document(made, groups)


def lines(document: Document, form: str) -> Iterator[str]:
    """Write a dossier as lines of text."""
    return dossier_page.write(document) if form == "html" else dossier_markdown.write(document)


def written(document: Document, form: str) -> bytes:
    """Write a dossier as the bytes of a file."""
    if form != "docx":
        return "".join(f"{line}\n" for line in lines(document, form)).encode("utf-8", "replace")
    body = "".join(f"{line}\n" for line in dossier_markdown.write(document, titled=False))
    cover = pandoc.DocumentMetadata(document.dossier.title, "en", document.dossier.day)
    return pandoc.convert(body, "docx", cover=cover)


def _done(document: Document, target: str) -> str:
    results = document.dossier.results
    left = results.passages - len(results.hits)
    more = f"; {left} more were found: --all, or a larger --limit" if left else ""
    return f"wrote {target}: {count(results._replace(passages=len(results.hits), testimonies=len(document.groups)))}{more}"
