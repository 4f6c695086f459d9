"""Most of a longer query, where no passage has all of it.

Who writes four words for one thing is not answered by nothing because the
passage says it in three. So a query of plain words with three parts or more is
read once more: a passage may go without one of them, of six or more without two.
Never without a name, a number or what is nowhere in the collection: what the
collection has nothing on is no detail of a query, but what it asks for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from archive.named_tuple import NamedTuple
from archive.search.syntax import And, Concept, Lift, NameQuery, Node, Not, Or, Word, all_of
from archive.text import fold

FEWEST: Final = 3
MOST: Final = 8
"""Parts of a query beside names of places of which a passage may go without some; of more that would ask too much."""
MANY: Final = 6
"""Parts from which on a passage may go without two."""
EITHER_WORDS: Final = frozenset({"or", "또는", "혹은"})


class Most(NamedTuple):
    """A tree that asks for most of the parts of a query, and those, as they are written, that a passage may go without."""

    tree: Node
    spared: tuple[str, ...]


def most_of(tree: Node | None, is_found: Callable[[Node], bool]) -> Iterator[Most]:
    """Yield the trees that ask for most of a query: without words that are no subject, then without any part.

    :param is_found: tells whether anything in the index answers a part by itself.
    """
    if not isinstance(tree, And):
        return
    parts = tuple(_alternatives(tree.parts))
    if parts != tree.parts:
        yield Most(all_of(parts) or tree, ())
    asked = [part for part in parts if not isinstance(part, Lift | Not)]
    beside = [part for part in parts if isinstance(part, Lift | Not)]
    counted = [part for part in asked if not (isinstance(part, NameQuery) and part.why)]
    if not FEWEST <= len(counted) <= MOST:
        return
    few = 1 if len(counted) < MANY else 2
    details = [part for part in counted if _is_detail(part) and is_found(part)]
    words = [part for part in details if not isinstance(part, Concept)]
    for spared in (words, details) if 0 < len(words) < len(details) else (details,):
        if spared:
            fixed = [part for part in asked if part not in spared]
            lifted = [Lift(part) for part in spared]
            whole = all_of((*fixed, _all_but(spared, min(few, len(spared))), *beside, *lifted))
            yield Most(whole or tree, tuple(map(_as_typed, spared)))


def _all_but(parts: Sequence[Node], few: int) -> Node | None:
    """Return what asks for all of some parts but a few, whichever these are; None where that is nothing."""
    kept = [all_of(each) for each in combinations(parts, len(parts) - few)]
    every = tuple(each for each in kept if each is not None)
    return Or(every) if len(every) > 1 else next(iter(every), None)


def _is_detail(part: Node) -> bool:
    """Say whether a part may be gone without: no name and no number, which say whom or what a query is about."""
    if isinstance(part, Word):
        return not (part.written[:1].isupper() or any(map(str.isdigit, part.written)))
    return isinstance(part, Concept | Or | NameQuery)


def _alternatives(parts: Iterable[Node]) -> Iterator[Node]:
    """Yield parts of which those with a plain "or" between them are one, that either answers."""
    kept: list[Node] = []
    is_either = False
    for part in parts:
        if is_either and kept and not isinstance(part, Lift | Not) and not isinstance(kept[-1], Lift | Not):
            kept[-1] = Or((kept[-1], part))
            is_either = False
        elif isinstance(part, Lift) and isinstance(part.part, Word) and fold(part.part.written) in EITHER_WORDS:
            is_either = bool(kept)
        else:
            kept.append(part)
            is_either = False
    yield from kept


def _as_typed(part: Node) -> str:
    """Return a part as it was typed; of a word that is read as its pieces, the word."""
    if isinstance(part, Or):
        return _as_typed(part.parts[0])
    return part.written if isinstance(part, Word | Concept | NameQuery) else ""
