"""Where the words stand now to which a note, a claim or a link was bound: by hash, by quote, or by number alone.

Nothing here refuses anything. Words that moved or changed are told of, and
what was bound to them stays in force where it was, and where they are: one
place too many, never one too few.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from archive import text
from archive.named_tuple import NamedTuple
from archive.record import hashing, paragraphs


class Standing(NamedTuple):
    """Where something stands.

    ``fits`` are paragraphs that are named and, as far as can be told, hold the
    words meant. ``loose`` are the others that are named, and those where the
    words stand now. ``lost``: some of the words stand nowhere, so that it has
    to be taken as standing everywhere.
    """

    fits: tuple[int, ...] = ()
    loose: tuple[int, ...] = ()
    lost: bool = False

    @property
    def is_sound(self) -> bool:
        """Return whether everything is where it was."""
        return not (self.loose or self.lost)

    def numbers(self, words: Iterable[int]) -> Iterable[int]:
        """Return the paragraphs at which it stands, of those that there are."""
        return words if self.lost else sorted((*self.fits, *self.loose))

    def at(self, number: int) -> bool | None:
        """Describe of a paragraph whether what stands there is stale; None where it does not stand there."""
        if number in self.fits:
            return False
        return True if self.lost or number in self.loose else None


class Words:
    """The paragraphs of a body, by number, as something can be bound to them.

    :param public: by what the public sees of them: what one record says of another may not tell of withheld words.
    :param also: the same body as the public sees it, in which quoted words may stand too; "" where it is the same.
    """

    def __init__(self, written: str, *, public: bool = False, also: str = "") -> None:
        """Take a body; nothing is hashed before it is asked for."""
        self._texts = {run.number: run.text for run in paragraphs.passages(written)}
        self._also = also
        self._public = public
        self._hashes: dict[int, str] = {}

    def __contains__(self, number: int) -> bool:
        """Return whether there is such a paragraph."""
        return number in self._texts

    def __len__(self) -> int:
        """Count the paragraphs."""
        return len(self._texts)

    def __iter__(self) -> Iterator[int]:
        """Yield the numbers."""
        return iter(self._texts)

    def hash(self, number: int) -> str:
        """Return the hash of a paragraph in 64 hex digits."""
        if number not in self._hashes:
            text = self._texts[number]
            self._hashes[number] = hashing.passage_hash(paragraphs.withheld(text) if self._public else text)
        return self._hashes[number]

    def having(self, written: str) -> list[int]:
        """Return the paragraphs whose hash begins so."""
        return [number for number in self if self.hash(number).startswith(written)]

    @cached_property
    def _readings(self) -> dict[int, tuple[str, ...]]:
        # A quote may stand in either rendering of a redaction; `archive.reader._withheld_words` sees that it tells nothing.
        ways = (paragraphs.withheld,) if self._public else (text.unmark, paragraphs.withheld)
        also = {run.number: run.text for run in paragraphs.passages(self._also)} if self._also else {}
        return {
            number: tuple(text.without_locators(reading) for reading in (*(way(words) for way in ways), also.get(number, words)))
            for number, words in self._texts.items()
        }

    def quoting(self, exact: str) -> list[int]:
        """Return the paragraphs in which some words stand."""
        wanted = text.squash(text.nfc(exact))
        return [number for number, readings in self._readings.items() if any(wanted in reading for reading in readings)]


def standing(named: Sequence[int], hashes: Sequence[str], exact: str, words: Words) -> Standing:
    """Find what was bound to paragraphs, by their numbers and what is known of their words.

    :param named: none: it is bound to no paragraph, and so sound.
    :param hashes: one for each paragraph named, or none.
    :param exact: words quoted of one of them, or "".
    """
    quoting = words.quoting(exact) if exact else []
    if not hashes:
        return _by_quote(named, quoting, words) if exact else _by_number(named, words)
    fits, loose, placed, missing = list[int](), list[int](), list[int](), 0
    for number, written in zip(named, hashes, strict=True):
        now = words.having(written)
        if number in now:
            # The same words may have been copied to another place, and what is said of them goes with them.
            fits += now
            continue
        loose += [*([number] if number in words else ()), *now]
        placed += now
        missing += not now
    if exact and not set(quoting) & {*fits, *placed}:
        # The words quoted are those of the paragraph that is missing, or else not of what has the hashes.
        loose += [*quoting, *(() if missing else fits)]
        fits = fits if missing else []
        missing = missing - 1 if missing and quoting else missing
    return _of(fits, loose, lost=missing > 0)


def _by_number(named: Sequence[int], words: Words, copies: Iterable[int] = ()) -> Standing:
    there = [number for number in named if number in words]
    return _of([*there, *copies], (), lost=len(there) != len(named))


def _by_quote(named: Sequence[int], quoting: list[int], words: Words) -> Standing:
    """Find a quote, which binds the paragraphs in which it stands; others named beside them are bound by number alone."""
    both = set(named) & set(quoting)
    if both:
        copied = {words.hash(number) for number in both} if len(quoting) > len(both) else set()
        return _by_number(named, words, [number for number in quoting if copied and words.hash(number) in copied])
    return _of((), [*(number for number in named if number in words), *quoting], lost=not quoting)


def _of(fits: Iterable[int], loose: Iterable[int], *, lost: bool) -> Standing:
    return Standing(tuple(sorted({*fits})), tuple(sorted({*loose} - {*fits})), lost)


def unbound(named: Sequence[int], hashes: Sequence[str], exact: str, words: Words) -> tuple[int, ...]:
    """Return the paragraphs that are bound by number alone: without a hash, and without a quote that stands in them."""
    if hashes:
        return ()
    quoting = words.quoting(exact) if exact else []
    return tuple(number for number in named if number not in quoting)
