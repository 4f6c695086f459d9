"""What a query means, the same for every engine: its words read, fields lifted into filters, names and labels widened.

An engine is asked only what its index has (`IndexTerms`); it answers each
reading of a query in turn until one finds something.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from importlib import import_module
from typing import Any, Final, Protocol

from archive.authority.authorities import Authorities
from archive.errors import BadQuery, UnknownTerm
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.search import _names as names
from archive.search import _variants as variants
from archive.search import _works as works
from archive.search import filters, syntax
from archive.search.labels import Labels, plain_data
from archive.search.model import MISSPELT, Expansion, Filters, Query, Results
from archive.search.widening import Widened, Widening, concepts
from archive.text import nfc, squash, without_zero_width

MOST: Final = "archive.search._most"
"""Loaded where it is asked for: most searches find something before."""

_NOT_LIFTED: Final = frozenset({"topic", "claim", "work"})
"""Fields that are no filter, or ask for a claim on the passage, where the option asks for what the record is about too."""


class IndexTerms(Protocol):
    """What an interpreter asks of an index."""

    def require(self, codes: Iterable[str]) -> None:
        """Refuse codes of which there is no record. :raises UnknownCode: there is one."""

    def is_found(self, tree: syntax.Node) -> bool:
        """Return whether anything answers a part of a query by itself; what a label means counts too."""

    def is_common(self, name: str, term: str) -> bool:
        """Return whether so many passages have a term of a list that to look for it is of no use."""

    def has_work(self, work: str) -> bool:
        """Return whether any passage is of a work, or cites it; one that only closed records have is no work here."""


class Interpreted(NamedTuple):
    """A query with the filters that its words ask for, what is left of the words, and the parts that became filters."""

    query: Query
    tree: syntax.Node | None
    lifted: tuple[syntax.Node, ...]


class Reading(NamedTuple):
    """One way to take a query: what is looked for, and what the person is told of it."""

    query: Query
    tree: syntax.Node | None
    understood: str
    expanded: tuple[Expansion, ...]
    widened: Widened

    @property
    def is_leveled(self) -> bool:
        """Return whether passages answer by levels: by their words before what a claim or a label says."""
        query = self.query
        return not (query.plain or query.exact or query.together or self.tree is None)


def as_typed(query: Query) -> syntax.Node | None:
    """Return the tree of the words of a query as they are typed: nothing lifted, nothing widened."""
    words = without_zero_width(nfc(query.words))
    if query.plain:
        return syntax.plain(words, any_of=query.any_of, exact=query.exact)
    return syntax.parse(words, exact=query.exact)


class Interpreter:
    """Reads queries against the authorities and the terms of an index."""

    def __init__(self, authorities: Callable[[], Authorities], index: IndexTerms) -> None:
        """Remember whom to ask."""
        self._authorities = authorities
        self._index = index

    def choose(self, field: syntax.FieldQuery) -> Filters:
        """Return the filters of a field in the words of a query.

        :raises UsageFault: its value is not known, or names no record.
        """
        chosen = filters.filters(field.name, field.value, self._authorities)
        self._index.require(chosen.code)
        return chosen

    def interpret(self, query: Query) -> Interpreted:
        """Read the words of a query.

        :raises UsageFault: they cannot be read, or name what is not known.
        """
        words = without_zero_width(nfc(query.words))
        if query.words.strip() and not words.strip():
            message = tr("the query has no sign that can be seen")
            raise BadQuery(message, query.words, 0, tr("Write a word."))
        typed = as_typed(query)
        if query.plain:
            return Interpreted(query, typed, ())
        lifted, tree, query = self._lift(typed, query)
        tree = works.fields(tree, self._works_of)
        tree = syntax.as_any_of(tree) if query.any_of else tree
        if not (query.exact or tree is None):
            tree = tree if query.words_only else works.expand_works(tree, self._work_names)
            tree = names.expand_names(tree, self._authorities().gazetteer)
        return Interpreted(query, tree, lifted)

    def readings(self, interpreted: Interpreted) -> Iterator[Reading]:
        """Yield the ways to take a query: by the longest runs of words that are a label, by their parts, by most of its parts."""
        query, tree, _ = interpreted
        if query.plain or query.exact or query.words_only or tree is None:
            yield self._reading(interpreted, Widened(tree))
            return
        widened = self._widening.widen(tree)
        yield self._reading(interpreted, widened)
        long = frozenset(concept.written for concept in concepts(widened.tree) if " " in concept.written)
        if long:
            yield self._reading(interpreted, self._widening.widen(tree, long))
        if not query.together and syntax.is_plain(query.words):
            by_words = names.nowhere_by_words(tree, self._index.is_found)
            if by_words != tree:
                widened = self._widening.widen(by_words)
                yield self._reading(interpreted, widened)
            for most in import_module(MOST).most_of(widened.tree, self._index.is_found):
                yield self._reading(interpreted, widened._replace(tree=most.tree, spared=most.spared))

    def _reading(self, interpreted: Interpreted, widened: Widened) -> Reading:
        query, _, lifted = interpreted
        tree = widened.tree
        if not (query.plain or query.exact or tree is None):
            tree = variants.expand_variants(tree, self._index.is_found)
        return Reading(
            query=query,
            tree=tree,
            understood=syntax.describe(syntax.all_of((*lifted, tree))),
            expanded=tuple(
                dict.fromkeys(
                    (
                        *names.expansions(tree),
                        *works.expansions(tree),
                        *names.with_parts(query.filters.camp, lambda: self._authorities().gazetteer),
                        *self._meanings(tree),
                        *(Expansion(typed, (read,), (MISSPELT,)) for typed, read in widened.corrected),
                    )
                )
            ),
            widened=widened,
        )

    @cached_property
    def _widening(self) -> Widening:
        return Widening(Labels(self._authorities().labels(plain_data)), self._index.is_common, self._index.is_found)

    @cached_property
    def _work_names(self) -> works.WorkNames:
        return works.WorkNames(self._authorities().labels(plain_data)["works"], self._index.has_work)

    def _works_of(self, field: syntax.FieldQuery) -> tuple[str, ...]:
        """Return the works of a field in the words. :raises UnknownTerm: none of this index is called so."""
        found = self._work_names.of_field(field.value)
        if not found:
            message = tr("no record here is of a work {value!r}, or cites it", value=squash(field.value)[:60])
            raise UnknownTerm(message, tr('Write its id, its title, its author or its publisher: work:"Blaine Harden".'))
        return found

    def _meanings(self, tree: syntax.Node | None) -> Iterator[Expansion]:
        """Yield what each label was taken to mean."""
        vocabulary = self._authorities().vocabulary
        for concept in concepts(tree):
            for name, term in concept.terms:
                yield Expansion(concept.written, (vocabulary.label(name, term),), (f"{name}:{term}",))

    def _lift(self, tree: syntax.Node | None, query: Query) -> tuple[tuple[syntax.Node, ...], syntax.Node | None, Query]:
        """Take the fields that the whole query asks for out of its words, so that they are filters like the options.

        A field that is asked for twice, or by an option too, stays a condition
        of its own, since all words must hold while any value of an option does.
        """
        parts = tree.parts if isinstance(tree, syntax.And) else (tree,)
        times = Counter(map(_filter_named, parts))
        lifted: list[syntax.Node] = []
        chosen = query.filters
        for part in parts:
            name = _filter_named(part)
            if name and times[name] == 1 and not getattr(query.filters, name) and part is not None:
                chosen = chosen._replace(**{name: self._value(part, name)})
                lifted.append(part)
        kept = syntax.all_of(part for part in parts if part not in lifted)
        return tuple(lifted), kept, query._replace(filters=chosen)

    def _value(self, part: syntax.Node, name: str) -> Any:  # noqa: ANN401 - as the field of `Filters`
        if isinstance(part, syntax.Not):
            return self.choose(part.part).flag  # type: ignore[arg-type]  # `_filter_named` has looked
        return getattr(self.choose(part), name)  # type: ignore[arg-type]  # the same


def first_answer(readings: Iterable[Reading], answer: Callable[[Reading], Results]) -> Results:
    """Return the answer to the first reading that finds something; where none does, that to the first."""
    first: Results | None = None
    for reading in readings:
        results = answer(reading)
        if results.passages:
            return results
        first = first or results
    assert first is not None, "a query has at least one reading"  # noqa: S101 - `readings` yields one
    return first


def _filter_named(part: syntax.Node | None) -> str:
    """Return the filter that a part of the words asks for, "" where it is no field: ``-flag:x`` asks for no flag."""
    if isinstance(part, syntax.Not) and isinstance(part.part, syntax.FieldQuery):
        return "without_flag" if part.part.name == "flag" else ""
    if isinstance(part, syntax.FieldQuery) and part.name not in _NOT_LIFTED:
        return "period" if part.name == "period_within" else part.name
    return ""
