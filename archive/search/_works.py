"""Works in the words of a query: a title, an author or a publisher also brings what is of the work, and what cites it.

The words are looked for as ever; what is of a work comes after all that they
find, and what cites it last. A work that nothing in this index is of, or cites,
is not known to it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from archive.named_tuple import NamedTuple
from archive.search.label_keys import WHOLE, is_function, keys, kinds
from archive.search.model import Expansion
from archive.search.syntax import And, FieldQuery, Lift, Node, Not, Or, Phrase, Word, WorkQuery, all_of
from archive.text import regex

_LONGEST: Final = 12
"""Words of a title."""
_POSSESSIVE: Final = regex(r"['’]s(?= |$)")
_SHORT: Final = 3
"""Letters of an acronym that counts in capitals alone."""


class NamedWorks(NamedTuple):
    """The works that some words name, and whether the words are looked for as a phrase."""

    ids: tuple[str, ...]
    is_whole: bool


class WorkNames:
    """The names of works by their keys, as far as an index has anything of them."""

    def __init__(self, data: Mapping[str, str], has_work: Callable[[str], bool]) -> None:
        """Take what `archive.search.work_names.plain_names` gave.

        :param has_work: tells whether a passage of the index is of a work, or cites it.
        """
        self._data, self._has_work = data, has_work

    def find(self, written: str) -> NamedWorks | None:
        """Return what some words name; None where that is nothing that this index has."""
        if len(written) <= _SHORT and not written.isupper() and written.isascii():
            return None
        bare = _POSSESSIVE.sub("", written) if "s" in written and not written.isalnum() else written
        for entry in (self._data[each].split() for each in keys(bare) if each in self._data):
            ids = tuple(work for work in entry if work != WHOLE and self._has_work(work))
            if ids:
                return NamedWorks(ids, WHOLE in entry[:1])
        return None

    def of_field(self, value: str) -> tuple[str, ...]:
        """Return the works that the value of a field stands for: an id, or a name; () where there is none in this index."""
        if self._has_work(value):
            return (value,)
        named = self.find(value)
        return named.ids if named else ()


def fields(node: Node | None, works_of: Callable[[FieldQuery], tuple[str, ...]]) -> Node | None:
    """Put a `WorkQuery` in the place of every field that asks for a work."""
    if isinstance(node, And | Or):
        return type(node)(tuple(fields(part, works_of) or part for part in node.parts))
    if isinstance(node, Not):
        return Not(fields(node.part, works_of) or node.part)
    if isinstance(node, FieldQuery) and node.name == "work":
        return WorkQuery(node.value, None, works_of(node))
    return node


def expand_works(node: Node | None, names: WorkNames) -> Node | None:
    """Put a `WorkQuery` in the place of every run of words that names a work; the longest run wins."""
    if isinstance(node, And):
        return all_of(_run_by_run(node.parts, names))
    if isinstance(node, Or):
        return Or(tuple(expand_works(part, names) or part for part in node.parts))
    if isinstance(node, Word):
        return _work_query((node,), names) or node
    return node


def _run_by_run(parts: tuple[Node, ...], names: WorkNames) -> Iterator[Node]:
    """Yield parts; a word for the kind of a work that stands beside one need not occur."""
    at, is_beside = 0, False
    kept: list[Node] = []
    while at < len(parts):
        found, end = _longest(parts, at, names)
        if found:
            if kept and _is_kind(kept[-1]):
                kept[-1] = Lift(kept[-1])
            kept.append(found)
        else:
            part, end = parts[at], at + 1
            kept.append(Lift(part) if is_beside and _is_kind(part) else expand_works(part, names) or part)
        at, is_beside = end, bool(found)
    yield from kept


def _longest(parts: tuple[Node, ...], at: int, names: WorkNames) -> tuple[WorkQuery | None, int]:
    for end in range(min(len(parts), at + _LONGEST), at, -1):
        words = [part for part in parts[at:end] if isinstance(part, Word)]
        if len(words) < end - at:
            continue
        if len(words) == 1 or not any(is_function(word.written) for word in (words[0], words[-1])):
            found = _work_query(tuple(words), names)
            if found:
                return found, end
    return None, at + 1


def _work_query(words: tuple[Word, ...], names: WorkNames) -> WorkQuery | None:
    written = " ".join(word.written for word in words)
    work = names.find(written)
    if work is None:
        return None
    part = Phrase(written) if work.is_whole else all_of(words)
    return WorkQuery(written, part, work.ids)


def _is_kind(part: Node) -> bool:
    return isinstance(part, Word) and not kinds().isdisjoint(keys(part.written))


def expansions(node: Node | None) -> Iterator[Expansion]:
    """Yield the works that words were taken to name."""
    if isinstance(node, WorkQuery):
        yield Expansion(node.written, (), tuple(f"work:{work}" for work in node.works))
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from expansions(part)
