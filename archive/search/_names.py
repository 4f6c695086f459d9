"""Names in the words of a query: widened to what the text may call the same place.

Words never filter by tag and never end in an error; what was added, and where
a name may mean several facilities, is told in ``understood`` and ``expanded``.
"""

from collections.abc import Callable, Iterable, Iterator

from archive.authority.gazetteer import FacilityId, Gazetteer, key
from archive.search.label_keys import bare, is_function
from archive.search.model import Expansion
from archive.search.syntax import And, Concept, Lift, NameQuery, Node, Not, Or, Phrase, Word, WorkQuery, all_of

_LONGEST = 6  # words of a name; "prison camp no. 14" has four


def expand_names(node: Node | None, gazetteer: Gazetteer) -> Node | None:
    """Put a `NameQuery` in the place of every run of words that is a name; the longest run wins."""
    if isinstance(node, And):
        return _collapse(tuple(_run_by_run(node.parts, gazetteer)))
    if isinstance(node, Or):
        return Or(tuple(_one(part, gazetteer) for part in node.parts))
    return None if node is None else _one(node, gazetteer)


def nowhere_by_words(node: Node | None, is_found: Callable[[Node], bool]) -> Node | None:
    """Return a query in which a name that is nowhere in any of its spellings is its words, which a passage may have apart."""
    parts = node.parts if isinstance(node, And) else (node,)
    return all_of(
        word
        for part in parts
        for word in (
            map(Word, part.written.split()) if isinstance(part, NameQuery) and part.why and not is_found(part) else (part,)
        )
    )


def _collapse(parts: tuple[Node, ...]) -> Node:
    return parts[0] if len(parts) == 1 else And(parts)


def _one(node: Node, gazetteer: Gazetteer) -> Node:
    if isinstance(node, Not):
        return Not(_one(node.part, gazetteer))
    if isinstance(node, WorkQuery):
        return node._replace(part=expand_names(node.part, gazetteer))
    if isinstance(node, And | Or):
        return expand_names(node, gazetteer) or node
    if isinstance(node, Word) or (isinstance(node, Phrase) and node.between is None):
        return _name_in(node.written, gazetteer) or node
    return node


def _run_by_run(parts: tuple[Node, ...], gazetteer: Gazetteer) -> Iterator[Node]:
    at = 0
    while at < len(parts):
        for end in range(min(len(parts), at + _LONGEST), at + 1, -1):
            words = [part.written for part in parts[at:end] if isinstance(part, Word)]
            is_run = len(words) == end - at and not any(map(is_function, (words[0], words[-1])))
            named = _name_in(" ".join(words), gazetteer) if is_run else None
            if named:
                yield named
                at = end
                break
        else:
            yield _one(parts[at], gazetteer)
            at += 1


def _name_in(run: str, gazetteer: Gazetteer) -> NameQuery | None:
    # A Korean particle is written against a name, and is no part of it.
    meant = next(filter(None, map(gazetteer.meant, bare(run))), None)
    if meant is None:
        return None
    others = (spelling for spelling in meant.spellings if key(spelling) != key(run))
    return NameQuery(run, (run, *others), meant.candidates)


def with_parts(camps: Iterable[FacilityId], gazetteer: Callable[[], Gazetteer]) -> Iterator[Expansion]:
    """Yield the parts that were taken along with a facility that was asked for."""
    asked = tuple(camps)
    for whole in asked:
        if parts := [part for part in gazetteer().parts(whole) if part in asked]:
            names = gazetteer()
            yield Expansion(names.label(whole), tuple(map(names.label, parts)), (whole, *parts), parts=True)


def expansions(node: Node | None) -> Iterator[Expansion]:
    """Yield what was added to which words, and why."""
    if isinstance(node, NameQuery):
        others = tuple(dict.fromkeys(spelling for spelling in node.spellings[1:] if spelling != node.written))
        if others or node.why:
            yield Expansion(node.written, others, node.why)
    elif isinstance(node, Not | Concept | Lift | WorkQuery):
        yield from expansions(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from expansions(part)
