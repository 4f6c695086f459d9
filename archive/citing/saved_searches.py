"""Searches that a person saved, and what is new in their answers since that person looked at them last.

A search is kept with its words as they were typed, and each passage of its last
answer as code, paragraph, hash and the hashes of the caveats in force: no word of
a testimony. What is new is told by these, never by the clock of a machine.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from archive.citing.citation import hash_of
from archive.errors import BadReference, CannotWrite
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import SPEAKING_FOR, Clearance, Reference
from archive.record.updates import CHANGED, CONTESTED, NEW, NOTED, day_number
from archive.search.model import FOUND_BY, Hit, Results
from archive.storage import searches, user_state
from archive.storage.searches import KeptSearch, SeenPassage
from archive.text import near, regex

_NAME: Final = regex(r"\w[\w.-]{0,63}")


class WatchedAnswer(NamedTuple):
    """A saved search and its answer of today, held against the one that was looked at last.

    ``results`` is the whole answer, each hit with what has become of it since then, as ``updates``; ``gone`` are
    passages that it does not find any more, as they were then. ``seen`` is what is kept where it counts as looked at.
    """

    saved: KeptSearch
    results: Results
    gone: tuple[Reference, ...]
    seen: tuple[SeenPassage, ...]

    def show_as(self, results: Results) -> "WatchedAnswer":
        """Return the same with the passages as another answer to the same question shows them, as in another language."""
        updates = {(hit.passage.code, hit.passage.number): hit.updates for hit in self.results.hits}
        hits = tuple(hit._replace(updates=updates.get((hit.passage.code, hit.passage.number), ())) for hit in results.hits)
        return self._replace(results=results._replace(hits=hits))

    @property
    def developed(self) -> Results:
        """Return the part of the answer of which something has become, as an answer since the day of the last look."""
        hits = tuple(hit for hit in self.results.hits if hit.updates)
        filters = self.results.query.filters._replace(since=day_number(self.saved.looked))
        found_by = Counter(FOUND_BY.index(hit.found_by) for hit in hits)
        return self.results._replace(
            query=self.results.query._replace(filters=filters),
            hits=hits,
            passages=len(hits),
            testimonies=len({hit.passage.code for hit in hits}),
            found_by=dict(found_by) if self.results.found_by else {},
        )

    def of(self, update: str) -> tuple[Hit, ...]:
        """Return the passages of which this has become."""
        return tuple(hit for hit in self.results.hits if update in hit.updates)


class SavedSearches:
    """The searches that a person saved for a collection and a clearance.

    :param may_keep: whether anything may be kept; nothing is of what was sealed.
    """

    def __init__(self, root: Path, clearance: Clearance, *, may_keep: bool = True) -> None:
        """Remember where; nothing is read before it is asked for."""
        self._root, self._clearance, self._may_keep = root, clearance, may_keep

    def every(self) -> tuple[KeptSearch, ...]:
        """Return all of them, in the order in which they were saved.

        :raises CannotOpen: what is kept cannot be read.
        """
        return searches.read_searches(self._root, self._clearance) if self._may_keep else ()

    def find(self, name: str) -> KeptSearch:
        """Return one of them.

        :raises BadReference: there is none of this name.
        """
        every = self.every()
        for each in every:
            if each.name == name:
                return each
        names = [each.name for each in every]
        message = tr("no search is saved as {name}", name=name[:64])
        saved = tr("Saved are: {names}.", names=", ".join(near(name, names) or names))
        raise BadReference(message, saved if names else tr("As in: testimony watch add famine-18 hunger --camp 18"))

    def add(self, name: str, arguments: Sequence[str], hits: Iterable[Hit]) -> KeptSearch:
        """Save a search under a name, with its answer of today, of which all counts as looked at.

        :param arguments: words and filters, as they were typed.
        :raises BadReference: the name cannot be one, or is taken.
        :raises CannotWrite: nothing may be kept, or it cannot be written.
        """
        if _NAME.fullmatch(name) is None:
            message = tr("{name!r} is no name of a search", name=name[:64])
            raise BadReference(message, tr("Letters, digits, dots and hyphens, at most 64: famine-18."))
        every = self.every()
        if any(each.name == name for each in every):
            message = tr("a search is saved as {name} already", name=name)
            raise BadReference(message, tr("`testimony watch remove {name}` takes it away.", name=name))
        day = user_state.today()
        saved = KeptSearch(name, tuple(arguments), day, day, _passages_seen(hits))
        self._write((*every, saved))
        return saved

    def remove(self, name: str) -> None:
        """Take a search away.

        :raises BadReference: there is none of this name.
        :raises CannotWrite: it cannot be written.
        """
        gone = self.find(name)
        self._write(tuple(each for each in self.every() if each.name != gone.name))

    def look(self, answer: WatchedAnswer) -> None:
        """Let an answer count as looked at from now on.

        :raises BadReference: there is no search of this name.
        :raises CannotWrite: it cannot be written.
        """
        self.find(answer.saved.name)
        looked = answer.saved._replace(seen=answer.seen, looked=user_state.today())
        self._write(tuple(looked if each.name == looked.name else each for each in self.every()))

    def _write(self, every: Sequence[KeptSearch]) -> None:
        if not self._may_keep:
            message = tr("nothing is kept where sealed records are open")
            raise CannotWrite(message, tr("Leave out --identity to save a search."))
        searches.write_searches(self._root, self._clearance, every)


def develop(saved: KeptSearch, results: Results) -> WatchedAnswer:
    """Hold an answer with every hit against the one that was looked at last."""
    places = {(each.code, each.paragraph): each for each in saved.seen}
    words = {(each.code, each.sha256): each for each in saved.seen}
    hits = []
    still: set[tuple[str, int]] = set()
    for hit in results.hits:
        before = words.get((hit.passage.code, hit.passage.sha256))
        there = places.get((hit.passage.code, hit.passage.number))
        still.update((each.code, each.paragraph) for each in (before, there) if each)
        hits.append(hit._replace(updates=tuple(_updates(hit, before, there))))
    gone = tuple(Reference(each.code, (each.paragraph,)) for each in saved.seen if (each.code, each.paragraph) not in still)
    return WatchedAnswer(saved, results._replace(hits=tuple(hits)), gone, _passages_seen(hits))


def _updates(hit: Hit, before: SeenPassage | None, there: SeenPassage | None) -> Iterator[str]:
    """Yield what has become of a passage.

    :param before: the passage of the same record that had its words.
    :param there: the one that stood in its place.
    """
    if before is None and there is None:
        yield NEW
        return
    if before is None:
        yield CHANGED
    known = set((before or there or _NOT_SEEN).notes)
    noted = {note.flag in SPEAKING_FOR for note in hit.passage.notes if hash_of(note) not in known}
    yield from (update for update, is_for in ((CONTESTED, False), (NOTED, True)) if is_for in noted)


_NOT_SEEN: Final = SeenPassage("", 0, "", ())


def _passages_seen(hits: Iterable[Hit]) -> tuple[SeenPassage, ...]:
    return tuple(
        SeenPassage(hit.passage.code, hit.passage.number, hit.passage.sha256, tuple(map(hash_of, hit.passage.notes)))
        for hit in hits
    )
