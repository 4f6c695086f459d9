"""Saved searches: what is new in the answer of each since it was looked at last."""

import shlex
from collections.abc import Iterable, Iterator
from typing import Any, Final

from archive.citing.saved_searches import WatchedAnswer
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.terminal import visible, wrap
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import Reference
from archive.record.updates import CHANGED, CONTESTED, NEW, NOTED, UPDATES
from archive.search.model import Hit
from archive.storage.searches import KeptSearch
from archive.text import count_of, program

_COUNTED: Final = {
    NEW: mark("{number} new"),
    CHANGED: mark("{number} with other words"),
    CONTESTED: mark("{number} with new caveats"),
    NOTED: mark("{number} with new notes that speak for them"),
}


class WatchedSearch(NamedTuple):
    """A saved search with its answer; None where it cannot be asked any more, which has a reason."""

    saved: KeptSearch
    answer: WatchedAnswer | None
    reason: str = ""


def command(saved: KeptSearch) -> str:
    """Return a saved search as it is typed."""
    return f"{program()} search {shlex.join(saved.arguments)}"


def listing(every: Iterable[WatchedSearch], columns: int) -> Iterator[str]:
    """Write the saved searches for a person, without any words of a testimony."""
    looked_at = []
    searches = tuple(every)
    if not searches:
        yield tr("No search is saved.")
        yield from wrap(tr("As in: testimony watch add famine-18 hunger --camp 18"), columns)
    for each in searches:
        yield from wrap(visible(f"{each.saved.name}: {command(each.saved)}"), columns, "", "  ")
        yield from wrap(visible(describe(each.answer) if each.answer else each.reason), columns, "  ")
        if each.answer and (each.answer.developed.hits or each.answer.gone):
            looked_at.append(each.saved.name)
    if looked_at:
        yield ""
        yield from wrap(" ".join([program(), "watch", "show", looked_at[0]]), columns)


def describe(answer: WatchedAnswer) -> str:
    """Say how many passages a saved search finds, and how many of them are new, and in what way."""
    counts = [tr(_COUNTED[what], number=number) for what in UPDATES if (number := len(answer.of(what)))]
    counts += [tr("{number} not found any more", number=len(answer.gone))] if answer.gone else []
    since = ", ".join(counts) or tr("nothing new")
    passages = count_of(answer.results.passages, "passage", "passages")
    return tr("{passages}; since you looked on {day}: {since}", passages=passages, day=answer.saved.looked, since=since)


def gone(answer: WatchedAnswer, columns: int) -> Iterator[str]:
    """Write which passages are not found any more; why, only what stands there now can tell."""
    if answer.gone:
        named = ", ".join(map(str, answer.gone))
        yield from wrap(
            tr("NOT FOUND ANY MORE, though you saw it on {day}: {named}.", day=answer.saved.looked, named=named), columns
        )


def document(every: Iterable[WatchedSearch]) -> Iterator[str]:
    """Write the saved searches as JSON."""
    return lines({"schema": fields.SCHEMA, "watched": [_fields(each) for each in every]})


def _fields(each: WatchedSearch) -> dict[str, Any]:
    answer = each.answer
    written: dict[str, Any] = {
        "name": each.saved.name,
        "arguments": list(each.saved.arguments),
        "saved": each.saved.saved,
        "looked": each.saved.looked,
        "reason": each.reason or None,
        "passages": answer.results.passages if answer else None,
    }
    for what in UPDATES:
        written[what] = [_reference(hit) for hit in answer.of(what)] if answer else []
    return {**written, "gone": list(map(str, answer.gone)) if answer else []}


def _reference(hit: Hit) -> str:
    return str(Reference(hit.passage.code, (hit.passage.number,)))
