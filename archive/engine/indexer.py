"""Making the index equal to the collection: one document a passage, one commit an update."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from whoosh.filedb.filestore import Storage
from whoosh.index import LockError
from whoosh.writing import IndexWriter

from archive import choosing, dates, passages
from archive.citation import issued
from archive.collection import Collection
from archive.engine import counting, index, sifting, stored
from archive.errors import IndexBusy
from archive.retrieval import FACETS
from archive.testimony import Entry, Passage, Testimony

Progress = Callable[[Iterable[str]], Iterable[str]]
"""Wraps the codes to be indexed, so that a caller can show how far it is."""


def build(storage: Storage, collection: Collection, progress: Progress = iter) -> str:
    """Make the index from nothing; gives its generation."""
    return _write(index.create(storage), collection, collection.codes(), (), progress)


def update(storage: Storage, collection: Collection, progress: Progress = iter) -> str:
    """Put in what has changed and take out what is gone; gives the generation.

    The segments that held what is taken out are written anew without it, so
    that its words are gone from the files; every score is that of an index built
    from nothing, since it is worked out over all segments together.

    :raises DamagedIndex: the index cannot be opened.
    """
    changes = collection.changes()
    ours = index.opened(storage)
    if not changes.anew and not changes.gone:
        return str(ours.latest_generation())
    return _write(ours, collection, changes.anew, (*changes.gone, *changes.anew), progress)


def _write(
    ours: Any,  # noqa: ANN401 - Whoosh's index is not typed
    collection: Collection,
    anew: tuple[str, ...],
    out: tuple[str, ...],
    progress: Progress,
) -> str:
    try:
        writer = index.writer(ours)
    except LockError as error:
        message = "another process is writing the index"
        raise IndexBusy(message, "Wait until it is done, then try again.") from error
    try:
        for code in out:
            writer.delete_by_term("code", code)
        for code in progress(anew):
            testimony = collection.find(code)
            if testimony is not None:
                writer.start_group()
                _add(writer, testimony, collection.passages(testimony))
    except BaseException:
        writer.cancel()
        raise
    return str(writer.commit())


def _add(writer: IndexWriter, testimony: Testimony, found: list[Passage]) -> None:
    names = " · ".join(testimony.witness.names)
    footnotes = passages.footnotes(testimony)
    record = stored.pack((testimony._replace(body=""), footnotes))
    for passage in found:
        words = passage.words
        entries = [about(entry, testimony) for entry in passage.entries]
        marks = _marks(testimony, passage)
        first = {"record": record} if passage is found[0] else {}
        last = {sifting.LAST: ("1",)} if passage is found[-1] else {}
        writer.add_document(
            text=words,
            title=testimony.title,
            witness=names,
            words=f"{words}\n{testimony.title}\n{names}",
            code=testimony.code,
            paragraph=str(passage.number).encode(),
            about=_written(entries).encode(),
            marks=_written(marks).encode(),
            passage=stored.pack(passage),
            **{facet: tuple(counting.values(facet, entries, marks)) for facet in FACETS},
            **first,
            **last,
        )


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def about(entry: Entry, testimony: Testimony) -> list[Any]:
    """Write an entry for filtering: its fields, its bounds (zeros where undated), its decades."""
    recorded = dates.bounds(testimony.recorded)
    period = dates.bounds(entry.period) if entry.period else None
    closed = dates.closed_at(period, recorded) if period else None
    return [
        entry.camp or "",
        entry.zone,
        entry.role,
        entry.basis,
        entry.status,
        closed.earliest if closed else 0,
        closed.latest if closed else 0,
        list(dates.decades(closed)),
    ]


def _known(passage: Passage) -> dict[str, int]:
    """Give the day from which each flag could be known, for the flags that could not always be."""
    days: dict[str, list[int]] = {}
    for note in passage.notes:
        days.setdefault(note.flag, []).append(choosing.last_day(note.known))
    return {flag: min(each) for flag, each in days.items() if min(each)}


def _marks(testimony: Testimony, passage: Passage) -> dict[str, Any]:
    recorded = dates.bounds(testimony.recorded)
    return {
        "flag": list(passage.flags),
        "topic": list(passage.topics),
        "kind": [testimony.kind],
        "reliability": [testimony.reliability] if testimony.reliability else [],
        "language": [testimony.language],
        "code": [testimony.code],
        "witness": list(testimony.witness.names),
        "recorded": [recorded.earliest, recorded.latest] if recorded else [],
        "public": choosing.last_day(testimony.recorded) or choosing.last_day(issued(testimony.source.csl)),
        "known": _known(passage),
    }
