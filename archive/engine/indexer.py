"""Making the index equal to the collection: one document a passage, one commit an update."""

import json
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from whoosh.filedb.filestore import Storage
from whoosh.index import LockError

from archive import choosing, dates, passages
from archive.citation import issued
from archive.collection import Collection
from archive.engine import counting, index, sifting, stored
from archive.engine.hands import Crew, written
from archive.engine.packed.writer import InvertingWriter
from archive.errors import IndexBusy
from archive.retrieval import FACETS
from archive.testimony import Entry, Note, Passage, Testimony

Progress = Callable[[Iterable[str]], Iterable[str]]
"""Wraps the codes to be indexed, so that a caller can show how far it is."""


def build(storage: Storage, collection: Collection, progress: Progress = iter, crew: Crew | None = None) -> str:
    """Make the index from nothing; gives its generation.

    :param crew: the processes that have looked at the collection, where there are any, and write it too.
    """
    ours = index.create(storage)
    codes = collection.codes()
    if crew:
        reported = iter(progress(codes))
        entries = written(crew, collection, lambda: next(reported, None))
        if entries is not None:
            writer = index.writer(ours)
            writer.adopt(entries)
            return str(writer.commit())
    return _write(ours, collection, codes, (), progress)


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
            add(writer, collection, code)
    except BaseException:
        writer.cancel()
        raise
    return str(writer.commit())


def add(writer: InvertingWriter, collection: Collection, code: str) -> None:
    """Add the passages of a record, where it may be read."""
    testimony = collection.find(code)
    if testimony is not None:
        writer.start_group()
        _add(writer, testimony, collection.passages(testimony))


def _add(writer: InvertingWriter, testimony: Testimony, found: list[Passage]) -> None:
    names = " · ".join(testimony.witness.names)
    numbers: dict[stored.Setting, int] = {}
    each = [numbers.setdefault(stored.setting_of(passage), len(numbers)) for passage in found]
    settings = list(numbers)
    record = stored.pack(testimony, passages.footnotes(testimony), settings)
    shared = {"title": testimony.title, "witness": names, "code": testimony.code}
    fields = [shared | _of_setting(testimony, setting) for setting in settings]
    for number, group in groupby(zip(each, found, strict=True), itemgetter(0)):
        own = []
        for _, passage in group:
            words = passage.words
            own.append(
                {
                    "text": words,
                    "words": f"{words}\n{testimony.title}\n{names}",
                    "paragraph": str(passage.number).encode(),
                    "passage": stored.pack_passage(passage, number),
                }
            )
            if passage is found[0]:
                own[-1]["record"] = record
            if passage is found[-1]:
                own[-1][sifting.LAST] = ("1",)
        writer.add_alike(fields[number], own)


def _of_setting(testimony: Testimony, setting: stored.Setting) -> dict[str, Any]:
    """Give what is filtered, sorted and counted by, of the passages of a setting."""
    entries = [about(entry, testimony) for entry in setting.entries]
    marks = _marks(testimony, setting)
    return {
        "about": _written(entries).encode(),
        "marks": _written(marks).encode(),
        **{facet: tuple(counting.values(facet, entries, marks)) for facet in FACETS},
    }


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


def _known(notes: Iterable[Note]) -> dict[str, int]:
    """Give the day from which each flag could be known, for the flags that could not always be."""
    days: dict[str, list[int]] = {}
    for note in notes:
        days.setdefault(note.flag, []).append(choosing.last_day(note.known))
    return {flag: min(each) for flag, each in days.items() if min(each)}


def _marks(testimony: Testimony, setting: stored.Setting) -> dict[str, Any]:
    recorded = dates.bounds(testimony.recorded)
    return {
        "flag": list(dict.fromkeys(note.flag for note in setting.notes)),
        "topic": list(setting.topics),
        "kind": [testimony.kind],
        "reliability": [testimony.reliability] if testimony.reliability else [],
        "language": [testimony.language],
        "code": [testimony.code],
        "witness": list(testimony.witness.names),
        "recorded": [recorded.earliest, recorded.latest] if recorded else [],
        "public": choosing.last_day(testimony.recorded) or choosing.last_day(issued(testimony.source.csl)),
        "known": _known(setting.notes),
    }
