"""Passages that a person points at: by the numbers of the last answer, and in a basket.

What was kept is held against the collection of today by its hash. Words that
changed, or that this reader may not see any more, are refused, never passed on.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from archive.errors import BadReference, CannotWrite, StaleSelection
from archive.language.messages import tr, tr_count
from archive.named_tuple import NamedTuple
from archive.record.hashing import passage_hash, record_hash
from archive.record.testimony import Clearance, Passage, Reference
from archive.search.model import Hit, Record
from archive.storage import user_state
from archive.storage.user_state import ANSWER, BASKET, KeptPassage
from archive.text import join_list


class CheckedPassage(NamedTuple):
    """A passage that was kept, and the hit that it is today; None where its words are not there any more, which has a reason.

    A whole record that is as it was has neither.
    """

    kept: KeptPassage
    hit: Hit | None
    reason: str = ""

    @property
    def now(self) -> Reference:
        """Return where its words stand today."""
        return self.kept.reference if self.hit is None else self.kept.reference._replace(paragraphs=(self.hit.passage.number,))

    @property
    def has_moved(self) -> bool:
        """Return whether the same words stand in another paragraph of the record now."""
        return self.hit is not None and self.hit.passage.number != self.kept.paragraph


WholeRecord = tuple[str, Sequence[Passage]]
"""A code with all passages of its record."""


class Selection:
    """The numbers of the last answer and the basket of a person, for a collection and a clearance.

    :param find: gives a record that this reader may read.
    :param may_keep: whether anything may be kept; nothing is of what was sealed.
    """

    def __init__(self, root: Path, clearance: Clearance, find: Callable[[str], Record | None], *, may_keep: bool = True) -> None:
        """Remember where; nothing is read before it is asked for."""
        self._root, self._clearance, self._find, self._may_keep = root, clearance, find, may_keep

    def keep_numbers(self, printed: Iterable[Hit | WholeRecord], first: int = 1) -> None:
        """Keep the numbers that were printed beside passages, or beside whole records; says nothing where that cannot be."""
        day = user_state.today()
        self._keep(
            KeptPassage(number, each.passage.code, each.passage.number, each.passage.sha256, day)
            if isinstance(each, Hit)
            else KeptPassage(number, each[0], 0, record_hash(passage.sha256 for passage in each[1]), day)
            for number, each in enumerate(printed, start=first)
        )

    def keep_basket_numbers(self) -> None:
        """Let numbers mean the passages of the basket from now on, since these were printed last."""
        self._keep(passage._replace(number=at) for at, passage in enumerate(self.basket(), start=1))

    def _keep(self, kept: Iterable[KeptPassage]) -> None:
        if self._may_keep and user_state.is_on():
            try:
                user_state.write(self._root, self._clearance, ANSWER, tuple(kept))
            except CannotWrite:
                return

    def by_numbers(self, first: int, last: int) -> tuple[CheckedPassage, ...]:
        """Return the passages that stood beside numbers in what was printed last.

        :raises BadReference: no answer is kept, or it has no such number.
        :raises StaleSelection: the words of one have changed since, or are not open any more.
        """
        kept = user_state.read(self._root, self._clearance, ANSWER) if self._may_keep else None
        if not kept:
            message = tr("{number} is a number of the last answer, and no answer is kept", number=first)
            raise BadReference(message, tr("Search first, or write a code, as NKT-0002#p3."))
        by_number = {passage.number: passage for passage in kept}
        missing = [number for number in range(first, last + 1) if number not in by_number]
        if missing:
            message = tr("the last answer has no number {number}", number=missing[0])
            raise BadReference(message, tr("It has {first} to {last}.", first=kept[0].number, last=kept[-1].number))
        return self._usable([by_number[number] for number in range(first, last + 1)])

    def basket(self) -> tuple[KeptPassage, ...]:
        """Return what is in the basket, in the order in which it was put there."""
        return (user_state.read(self._root, self._clearance, BASKET) if self._may_keep else None) or ()

    def checked_basket(self) -> tuple[CheckedPassage, ...]:
        """Return what is in the basket, each held against the collection of today."""
        return tuple(map(self._check, self.basket()))

    def choose(self) -> tuple[CheckedPassage, ...]:
        """Return the passages of the basket, to be used.

        :raises BadReference: it is empty.
        :raises StaleSelection: the words of one have changed since, or are not open any more.
        """
        kept = self.basket()
        if not kept:
            raise BadReference(tr("the basket is empty"), tr("Put passages in with `testimony basket add`."))
        return self._usable(kept)

    def add(self, hits: Iterable[Hit]) -> int:
        """Put passages into the basket; returns how many were not in it as they are now.

        :raises CannotWrite: nothing may be kept, or it cannot be written.
        """
        before = {(passage.code, passage.paragraph): passage for passage in self.basket()}
        kept = dict(before)
        for hit in hits:
            place = hit.passage.code, hit.passage.number
            before_there = before.get(place)
            if before_there is None or before_there.sha256 != hit.passage.sha256:
                kept[place] = KeptPassage(0, *place, hit.passage.sha256, user_state.today())
        self._write_basket(tuple(kept.values()))
        return sum(before.get(place) != passage for place, passage in kept.items())

    def remove(self, references: Iterable[Reference]) -> int:
        """Take passages out of the basket, whatever has become of them; returns how many were in it."""
        gone = [(reference.code, number) for reference in references for number in reference.paragraphs or range(1, 100_000)]
        before = self.basket()
        places = set(gone)
        after = tuple(passage for passage in before if (passage.code, passage.paragraph) not in places)
        if len(after) != len(before):
            self._write_basket(after)
        return len(before) - len(after)

    def clear(self) -> int:
        """Empty the basket; returns how many passages were in it."""
        number = len(self.basket())
        if number:
            self._write_basket(())
        return number

    def references_at(self, first: int, last: int) -> tuple[Reference, ...]:
        """Return the references that stood beside numbers in what was printed last, whatever has become of them."""
        kept = (user_state.read(self._root, self._clearance, ANSWER) if self._may_keep else None) or ()
        references = tuple(passage.reference for passage in kept if first <= passage.number <= last)
        return references or tuple(passage.kept.reference for passage in self.by_numbers(first, last))

    def forget(self) -> int:
        """Delete all that is kept of this collection; returns how many files there were."""
        return user_state.forget(self._root)

    def _write_basket(self, kept: Sequence[KeptPassage]) -> None:
        if not self._may_keep:
            message = tr("nothing is kept where sealed records are open")
            raise CannotWrite(message, tr("Search first, or write a code, as NKT-0002#p3."))
        user_state.write(self._root, self._clearance, BASKET, kept)

    def _check(self, kept: KeptPassage) -> CheckedPassage:
        """Hold a passage against the collection: the exact hash decides, and nothing else."""
        record = self._find(kept.code)
        if record is None:
            return CheckedPassage(kept, None, tr("there is no testimony {code}", code=kept.code))
        if not kept.paragraph and kept.sha256 == record_hash(each.sha256 for each in record.passages):
            return CheckedPassage(kept, None)
        same = [passage for passage in record.passages if kept.sha256 in _hashes(passage)]
        here = [each for each in same if each.number == kept.paragraph] or same
        if not here:
            return CheckedPassage(kept, None, tr("its words have changed since {day}", day=kept.day))
        return CheckedPassage(kept, Hit(record.testimony, here[0], 0.0))

    def _usable(self, kept: Sequence[KeptPassage]) -> tuple[CheckedPassage, ...]:
        checked = tuple(map(self._check, kept))
        stale = [passage for passage in checked if passage.reason]
        if stale:
            reasons = "; ".join(f"{passage.kept.reference}: {passage.reason}" for passage in stale)
            number = tr_count("{number} passage is", "{number} passages are", len(stale))
            message = tr("{passages} not what was chosen: {told}", passages=number, told=reasons)
            names = join_list([str(passage.kept.reference) for passage in stale], "and")
            raise StaleSelection(message, tr("Read what stands there now, and choose anew: {names}.", names=names))
        return checked


def _hashes(passage: Passage) -> Iterator[str]:
    """Yield the hashes of a passage's own words, and of those in other languages: a search may have found these."""
    yield passage.sha256
    yield from (passage_hash(version.text) for version in passage.versions)
