"""From the tree of a query to what is asked of the index."""

import fnmatch
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import is_
from typing import Any, Final, TypeGuard, assert_never

from archive.analysis import positions, stemming
from archive.analysis import tokens as token_rules
from archive.analysis.positions import Unit
from archive.errors import TooBroad
from archive.language.messages import tr
from archive.named_tuple import NamedTuple, equal_in_class
from archive.record.languages import MOST_VERSIONS
from archive.search.label_keys import is_function
from archive.search.model import ENTRY_FIELDS, Filters
from archive.search.syntax import (
    And,
    Concept,
    Exact,
    FieldQuery,
    FreeText,
    Fuzzy,
    Lift,
    NameQuery,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Word,
    WorkQuery,
)
from archive.search.widening import concepts, works
from archive.text import fold, without_zero_width

FIELDS: Final = {"text": 1.0, "footnote": 1.0, "title": 0.3, "witness": 0.3}
"""Where a word may stand, and its weight: the title and the witness are light extra fields."""

OF_A_LANGUAGE: Final = ("text", "footnote", "words", "language")
"""The fields that each language of a passage has for itself; the others are those of its record."""


def field_of(slot: int, name: str) -> str:
    """Return the field in which a passage has something in one of its languages.

    :param slot: 0 for the record's own words, from 1 on for its versions in their order.
    """
    if name not in OF_A_LANGUAGE:
        return name
    return f"{name}_{slot}" if slot or name == "language" else name


def slot_of(field: str) -> int:
    """Return the slot to which a field belongs; those of the record itself to 0."""
    _, _, slot = field.rpartition("_")
    return int(slot) if slot.isdecimal() else 0


def pooled_fields(field: str) -> tuple[str, ...]:
    """Return the fields that are counted together for a score: the same one of all versions, else the field alone.

    A language stands now in this slot and now in that, as a record has versions;
    the same words in it are worth the same in each.
    """
    if not slot_of(field):
        return (field,)
    name, _, _ = field.rpartition("_")
    return tuple(field_of(slot, name) for slot in range(1, MOST_VERSIONS + 1))


def fields_of(slot: int) -> dict[str, float]:
    """Return where a word may stand in one language of a passage, with the weight of each field."""
    return {field_of(slot, name): weight for name, weight in FIELDS.items()}


CLAIMS: Final = {"claims": 0.3}
"""The texts of the archive's claims on a passage, which are searched beside it."""

BY_WORDS, BY_CLAIM, BY_TOPIC, BY_LEAD, BY_REJECTED, BY_TITLE, BY_WORK, BY_CITES = LEVELS = range(8)
"""How a passage may answer, the best first, each with all before it: by its words; by the text of a claim on it; by the topic
of a claim that stands, of one kept as a lead, of one that is rejected; by its title, or words of a label that stand apart; as
the text of a work that the words name; by citing it."""

ANY_WAY: Final = BY_CITES
"""The level at which a passage may answer in every way."""


def levels_of(tree: Node | None) -> tuple[int, ...]:
    """Return the levels at which a tree can be answered by more than at the one before."""
    of_terms = (BY_TOPIC, BY_LEAD, BY_REJECTED) if next(concepts(tree), None) is not None else ()
    of_works = (BY_WORK, BY_CITES) if next(works(tree), None) is not None else ()
    return (BY_WORDS, BY_CLAIM, *of_terms, BY_TITLE, *of_works)


WORKS: Final = "work"
"""The field that has, of each work that a passage is of, or cites, how and which (`archive.engine._columns.works`)."""
OF_WORK, CITING = "of ", "cites "

LABEL_WITHIN: Final = 5
"""Words that may stand between those of a label."""

MOST_SYLLABLES: Final = 4
"""Syllables by themselves in a query: each is looked for in every pair that has it."""
Lexicon = Callable[[str, str], Iterable[str]]
"""``(field, prefix)`` → the terms of the index that begin so, in whatever language of a passage."""

Choose = Callable[[FieldQuery], Filters]
"""The filter that a field in the words asks for."""


class Near(NamedTuple):
    """Units in a row, or with ``between`` near each other."""

    units: tuple[Unit, ...]
    between: int | None = None


class Every(NamedTuple):
    """Every passage."""

    score: float = 1.0


class _Parts(NamedTuple):
    parts: tuple["Plan", ...]


@equal_in_class
class AllOf(_Parts):
    """Passages that answer every part; the scores are added."""

    __slots__ = ()


@equal_in_class
class AnyOf(_Parts):
    """Passages that answer any part; the scores of those that they answer are added."""

    __slots__ = ()


class AndNot(NamedTuple):
    """Passages that answer the one and not the other; the score is that of the one."""

    wanted: "Plan"
    unwanted: "Plan"


class PlanTerm(NamedTuple):
    """Passages that have a term in a field."""

    field: str
    term: str
    weight: float


class Proximity(NamedTuple):
    """Passages in whose field some units stand as `Near` asks; scored by their terms."""

    field: str
    near: Near
    weight: float


class AnyForm(NamedTuple):
    """Passages that have any of some whole words, however many; each scores the same."""

    words: tuple[str, ...]
    field: str = "words"


class AsTyped(NamedTuple):
    """Passages in whose stored field some words stand as they were typed, of those that have their terms."""

    field: str
    written: str
    candidates: "Plan"


class OnTopic(NamedTuple):
    """Passages with a claim on any of some topics, or narrower ones, that stands at least so well and passes the filters."""

    topics: tuple[str, ...]
    standing: int
    filters: Filters


class Lifted(NamedTuple):
    """Passages that answer the one; what of the others they answer adds to the score."""

    wanted: "Plan"
    lifting: tuple["Plan", ...]


class FilterClause(NamedTuple):
    """Passages that pass a filter that stands in the words, as ``camp:15``; it adds nothing to the score."""

    filters: Filters


class WrittenIn(NamedTuple):
    """Passages whose words in a slot are in any of some languages; none named: that have any words there."""

    slot: int
    languages: tuple[str, ...] = ()


class InLanguages(NamedTuple):
    """Passages that answer in any of their languages, all of the question in one; the best of them is their score.

    The parts are of one slot each, those of ``slots``.
    """

    parts: tuple["Plan", ...]
    slots: tuple[int, ...]


_Leaf = Every | PlanTerm | Proximity | AnyForm | AsTyped | FilterClause | OnTopic | WrittenIn
Plan = _Leaf | AllOf | AnyOf | AndNot | Lifted | InLanguages
"""What a query asks of the index."""


@lru_cache(maxsize=64)
def having_terms(plan: Proximity) -> AllOf:
    """Return what the passages answer that have all terms of some units, wherever they stand, each in one of its spellings."""
    spellings = dict.fromkeys(spelling for unit in plan.near.units for spelling in unit.terms)
    return AllOf(tuple(AnyOf(tuple(PlanTerm(plan.field, term, plan.weight) for term in each)) for each in spellings))


def relax(plan: Plan) -> Plan:
    """Return what all passages answer that answer a plan, and terms alone tell; the plan itself where these tell all of it."""
    match plan:
        case Proximity():
            return having_terms(plan)
        case AsTyped():
            return plan.candidates
        case AllOf() | AnyOf() | InLanguages():
            parts = tuple(map(relax, plan.parts))
            return plan if all(map(is_, parts, plan.parts)) else plan._replace(parts=parts)
        case AndNot() | Lifted():
            return plan if is_told_by_terms(plan) else relax(plan.wanted)
        case Every() | PlanTerm() | AnyForm() | FilterClause() | OnTopic() | WrittenIn():
            return plan
        case _:
            assert_never(plan)


@lru_cache(maxsize=64)
def is_told_by_terms(plan: Plan) -> bool:
    """Return whether terms tell which passages answer a plan; else passages have to be looked into one by one."""
    if isinstance(plan, AndNot):
        return is_told_by_terms(plan.wanted) and is_told_by_terms(plan.unwanted)
    return is_told_by_terms(plan.wanted) if isinstance(plan, Lifted) else relax(plan) is plan


def match_positions(near: Near, places: positions.Places) -> list[tuple[int, int]]:
    """Return the places in a field where the units stand as asked."""
    if near.between is None:
        return positions.phrase_places(near.units, places)
    return positions.near_places(near.units, near.between, places)


def to_units(written: str) -> tuple[Unit, ...]:
    """Return the units of some words: one for each word, with the spellings of its first syllable."""
    by_word: dict[int, list[token_rules.Token]] = {}
    for token in token_rules.tokens(written):
        of_word = by_word.setdefault(token.position // token_rules.STRIDE, [])
        if of_word and of_word[-1].position == token.position:
            of_word.pop()  # of a syllable and the pair that begins with it the pair is asked for
        of_word.append(token)
    return tuple(positions.unit(tokens, [_spellings(token, written) for token in tokens]) for tokens in by_word.values())


def _spellings(token: token_rules.Token, written: str) -> tuple[str, ...]:
    """Return the term, and for a word's first pair also as it is typed, since a compound keeps that spelling."""
    typed = without_zero_width(written[token.start : token.end])
    if not token.form and typed != token.term and len(typed) == len(token.term):
        return token.term, typed
    return (token.term,)


class PlanContext(NamedTuple):
    """The ways from a tree into an index: its terms, and the filter of a field in the words.

    ``level`` of `LEVELS` is how a passage may answer at most; None asks for the
    passage, its title and its witness alike. ``filters`` are those of the whole
    query, which the claim of a topic has to meet too. ``slots`` are those in
    which passages of this index have words (`field_of`), ``slot`` the one asked.
    """

    lexicon: Lexicon
    choose: Choose
    level: int | None = None
    filters: Filters = Filters()
    slots: tuple[int, ...] = (0,)
    slot: int = 0

    @property
    def fields(self) -> Mapping[str, float]:
        """Return where a word may stand, with the weight of each field."""
        every = fields_of(self.slot)
        if self.level is None:
            return every
        in_passage = {name: weight for name, weight in every.items() if name != "title" or self.level >= BY_TITLE}
        return {**in_passage, **(CLAIMS if self.level >= BY_CLAIM else {})}


def plan_in_languages(node: Node | None, context: PlanContext) -> Plan:
    """Return what a tree asks of the index, all of it of one language of a passage: its own, or that of a version.

    Where languages are asked for, only of those; where passages have no other than their own, the filter alone decides.
    """
    wanted = context.filters.language
    if node is None or context.slots == (0,):
        return build_plan(node, context)
    parts: list[Plan] = []
    for slot in context.slots:
        plan = build_plan(node, context._replace(slot=slot))
        parts.append(AllOf((WrittenIn(slot, wanted), plan)) if slot or wanted else plan)
    return InLanguages(tuple(parts), context.slots)


def build_plan(node: Node | None, context: PlanContext) -> Plan:
    """Return what a tree asks of the index; no tree at all asks for every passage.

    :raises TooBroad: it asks for more syllables by themselves than can be looked for in every pair.
    """
    # Other forms of a word repeat what stands beside it: a syllable that was typed once counts once.
    if node is not None and len({leaf.written for leaf in _leaves(node) if _is_lone_syllable(leaf)}) > MOST_SYLLABLES:
        message = tr("the query has more than {most_syllables} syllables that stand by themselves", most_syllables=MOST_SYLLABLES)
        raise TooBroad(message, tr("Write words of two syllables or more, or ask in parts."))
    if node is None:
        return Every()
    if isinstance(node, Or):
        return AnyOf(tuple(build_plan(part, context) for part in node.parts))
    if isinstance(node, And | Not | Lift):
        parts = node.parts if isinstance(node, And) else (node,)
        wanted = tuple(build_plan(part, context) for part in parts if not isinstance(part, Not | Lift))
        # What is left out is left out by its own words wherever they stand, whatever level is asked for.
        as_words = context._replace(level=None)
        unwanted = tuple(
            build_plan(part.part, as_words._replace(slot=slot))
            for part in parts
            if isinstance(part, Not)
            for slot in context.slots
        )
        lifting = tuple(build_plan(part.part, as_words) for part in parts if isinstance(part, Lift))
        required: Plan = AllOf(wanted) if wanted else Every(0.0)
        required = Lifted(required, lifting) if lifting else required
        return AndNot(required, AnyOf(unwanted)) if unwanted else required
    if isinstance(node, Concept):
        return _concept(node, context)
    if isinstance(node, WorkQuery):
        return _work(node, context)
    return _field(node, context) if isinstance(node, FieldQuery) else _leaf(node, context)


def _field(node: FieldQuery, context: PlanContext) -> Plan:
    """Return what a field in the words asks for: a filter, the topic of a claim, or words of a claim's text."""
    if node.name == "claim":
        near = _near(Phrase(node.value), context.lexicon)
        return AnyOf(tuple(Proximity(field, near, weight) for field, weight in CLAIMS.items()))
    chosen = context.choose(node)
    return OnTopic(chosen.topic, BY_REJECTED - BY_TOPIC, Filters()) if chosen.topic else FilterClause(chosen)


def _work(node: WorkQuery, context: PlanContext) -> Plan:
    """Return what words that name works ask for at a level: the words, the text of a work, what cites it; works score nothing."""
    level = BY_CITES if context.level is None else context.level
    ways = [OF_WORK] if level >= BY_WORK else []
    ways += [CITING] if level >= BY_CITES else []
    plans: list[Plan] = [PlanTerm(WORKS, way + work, 0.0) for way in ways for work in node.works]
    return AnyOf((*((build_plan(node.part, context),) if node.part else ()), *plans))


def _concept(node: Concept, context: PlanContext) -> Plan:
    """Return what a label asks for at a level: its words near each other, a claim, a topic, its words anywhere."""
    level = BY_WORDS if context.level is None else context.level
    words = node.part.parts if isinstance(node.part, And) else (node.part,)
    near_words = context._replace(level=min(level, BY_CLAIM))
    written = " ".join(word.written for word in words if isinstance(word, Word))
    plans = [build_plan(words[0] if len(words) == 1 else Phrase(written, LABEL_WITHIN), near_words)]
    if level >= BY_TOPIC:
        topics = tuple(term for name, term in node.terms if name == "topic")
        about = Filters(**{name: getattr(context.filters, name) for name in (*ENTRY_FIELDS, "period")})
        plans += [OnTopic(topics, min(level, BY_REJECTED) - BY_TOPIC, about)] if topics else []
        plans += [FilterClause(_only(name, term)) for name, term in node.terms if name in Filters._fields and name != "topic"]
        # The words of the label bring forward those that have more of them.
        scattered = tuple(build_plan(word, context._replace(level=BY_TITLE)) for word in words)
        return (
            AnyOf((Lifted(AnyOf(tuple(plans)), scattered), AllOf(scattered)))
            if level >= BY_TITLE
            else Lifted(AnyOf(tuple(plans)), scattered)
        )
    return AnyOf(tuple(plans))


def _only(field: str, term: str) -> Filters:
    asked: dict[str, Any] = {field: (term,)}
    return Filters()._replace(**asked)


def _leaf(node: Word | Phrase | NameQuery | Exact | FreeText | Pattern | Fuzzy, context: PlanContext) -> Plan:
    if isinstance(node, Word | Phrase):
        return _words(_near(node, context.lexicon), context)
    if isinstance(node, NameQuery):
        return AnyOf(tuple(_words(Near(to_units(spelling)), context) for spelling in node.spellings))
    if isinstance(node, Exact):
        fields = fields_of(context.slot)
        return AnyOf(
            tuple(AsTyped(field, node.written, _candidates(node, field, weight, context)) for field, weight in fields.items())
        )
    if isinstance(node, FreeText):
        weights = question_terms(node)
        return AnyOf(
            tuple(
                PlanTerm(field, term, light * weight)
                for term, weight in weights.items()
                for field, light in fields_of(context.slot).items()
            )
        )
    return AnyForm(tuple(sorted(forms(node, context.lexicon))), field_of(context.slot, "words"))


@lru_cache(maxsize=2)
def question_terms(node: FreeText) -> dict[str, float]:
    """Return the terms of a long question, each as often as it is asked.

    A Korean word counts by its pairs, one by one, so that a compound that
    shares one is found too; a syllable by itself counts as that alone, since in
    every pair that has it, each with the full weight of a rare one, it would
    outweigh all else. English words that carry no sense by themselves
    (the, of …) find their passages but add nothing to a score, unless there
    are no others.
    """
    counted: Counter[str] = Counter()
    light: Counter[str] = Counter()
    for word, times in Counter(node.words).items():
        terms = tuple(term for unit in to_units(word) for spellings in unit.terms for term in spellings)
        into = light if fold(word) in stemming.empty_words() else counted
        for term in terms:
            into[term] += times
    if not counted:
        return dict(light)
    return {**dict.fromkeys(light, 0.0), **counted}


def _is_lone_syllable(leaf: Node) -> TypeGuard[Word | Exact]:
    return isinstance(leaf, Word | Exact) and _is_syllable(leaf.written)


def _candidates(node: Exact, field: str, weight: float, context: PlanContext) -> Plan:
    """Return what finds every passage that may have some words as typed: all of their terms, wherever they stand.

    A syllable by itself may be either half of a pair.
    """
    wanted = [single(spellings, context.lexicon) for unit in to_units(node.written) for spellings in unit.terms]
    return AllOf(tuple(AnyOf(tuple(PlanTerm(field, term, weight) for term in terms)) for terms in wanted))


def _near(node: Word | Phrase, lexicon: Lexicon) -> Near:
    """Return what must stand in a field; in a phrase a lone syllable also begins a word: 깊은 산 finds 깊은 산속."""
    wanted = to_units(node.written)
    if len(wanted) > 1:
        wanted = tuple(Unit((_beginning(unit.terms[0], lexicon),), unit.steps) if is_syllable(unit) else unit for unit in wanted)
    return Near(wanted, node.between if isinstance(node, Phrase) else None)


def is_syllable(wanted: Unit) -> bool:
    """Return whether a unit is one syllable and no more."""
    return len(wanted.terms) == 1 and _is_syllable(wanted.terms[0][0])


def _is_syllable(term: str) -> bool:
    return len(term) == 1 and token_rules.is_syllabic(term)


def _words(near: Near, context: PlanContext) -> Plan:
    if not near.units:
        return AnyOf(())
    if len(near.units) == 1 and len(near.units[0].terms) == 1:
        terms = single(near.units[0].terms[0], context.lexicon)
        return AnyOf(tuple(PlanTerm(field, term, weight) for field, weight in context.fields.items() for term in terms))
    return AnyOf(tuple(Proximity(field, near, weight) for field, weight in context.fields.items()))


def single(terms: tuple[str, ...], lexicon: Lexicon) -> tuple[str, ...]:
    """Return the terms that a term in its spellings stands for by itself; a syllable is looked for in every pair."""
    if not _is_syllable(terms[0]):
        return terms
    return tuple(dict.fromkeys([*terms, *(pair for pair in _pairs(lexicon) if not set(pair).isdisjoint(terms))]))


def _beginning(terms: tuple[str, ...], lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*terms, *(pair for pair in _pairs(lexicon) if pair[0] in terms)]))


@lru_cache(maxsize=4)
def _pairs(lexicon: Lexicon) -> tuple[str, ...]:
    """Return every pair of syllables in the index."""
    every = dict.fromkeys(term for field in FIELDS for term in lexicon(field, ""))
    return tuple(term for term in every if len(term) == 2 and token_rules.is_syllabic(term))  # noqa: PLR2004 - a pair


@lru_cache(maxsize=64)
def forms(node: Pattern | Fuzzy, lexicon: Lexicon) -> frozenset[str]:
    """Return the words of this index, whole and folded, that a pattern or a fuzzy word stands for."""
    if isinstance(node, Pattern):
        literal = re.split(r"[*?]", node.written, maxsplit=1)[0]
        # Its groups are atomic, so that no pattern makes the expression try for ever.
        expression = re.compile(fnmatch.translate(node.written))
        matching: Iterator[str] = (term for term in lexicon("words", literal) if expression.fullmatch(term))
    else:
        ends_early = token_rules.is_syllabic(node.written)
        every = _first_alike(node, lexicon("words", "")) if ends_early else _alike(node, lexicon("words", ""))
        matching = (term for term in every if _close(node.written, term, node.edits, ends_early=ends_early))
    return frozenset(matching)


def _alike(node: Fuzzy, every: Iterable[str]) -> list[str]:
    """Return the words that may be close to one: those that keep its beginning, its end, or (with two edits) its middle.

    An edit touches one place, or with a swap two neighbours, so of three parts
    with a letter between them two edits leave one whole.
    """
    word, most = node.written, node.edits
    shortest, longest = len(word) - most, len(word) + most
    some = [term for term in every if shortest <= len(term) <= longest]
    size = max(0, (len(word) - most) // (most + 1))
    last = len(word) - size
    first, middle, end = word[: last - 1 if most == 1 else size], word[size + 1 : last - 1], word[last:]
    if most == 1:
        return [term for term in some if term.startswith(first) or term.endswith(end)]
    return [term for term in some if term.startswith(first) or term.endswith(end) or middle in term]


def _first_alike(node: Fuzzy, every: Iterable[str]) -> Iterable[str]:
    """Return the words that may begin close to one in syllables: where edits cannot change them all, they share one."""
    if len(node.written) <= node.edits:
        return every
    first = len(node.written) + node.edits
    syllables = frozenset(node.written)
    return [term for term in every if not syllables.isdisjoint(term[:first])]


def _close(left: str, right: str, most: int, *, ends_early: bool) -> bool:
    """Return whether at most ``most`` letters are added, lost, changed, or swapped with their neighbour.

    :param ends_early: whether only the beginning of ``right`` is compared, as
        for Korean, where a particle or the rest of a compound may follow.
    """
    if len(left) - len(right) > most or (len(right) - len(left) > most and not ends_early):
        return False
    right = right[: len(left) + most]
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return (min(row) if ends_early else row[-1]) <= most


def highlight_targets(node: Node, lexicon: Lexicon) -> Iterator[Near | Exact | FreeText | Pattern | Fuzzy]:
    """Yield what is looked for in the text: the units of every word, phrase and name, and the patterns.

    A word as "who" or "of", of which a passage is asked nothing, is in every other one: to mark it hides what was found.
    """
    for leaf in _leaves(node):
        if isinstance(leaf, Word) and is_function(leaf.written) and leaf is not node:
            continue
        if isinstance(leaf, NameQuery):
            yield from (near for near in map(Near, map(to_units, leaf.spellings)) if near.units)
        elif isinstance(leaf, Word | Phrase):
            yield _near(leaf, lexicon)
        else:
            yield leaf


def _leaves(node: Node, *, known: bool = True) -> Iterator[Word | Phrase | NameQuery | Exact | FreeText | Pattern | Fuzzy]:
    """Yield what a query is made of.

    :param known: whether also words that a label of the thesaurus or the name of a work has.
    """
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _leaves(part, known=known)
    elif isinstance(node, Lift) or (known and isinstance(node, Concept | WorkQuery)):
        yield from _leaves(node.part, known=known) if node.part else ()
    elif not isinstance(node, Not | FieldQuery | Concept | WorkQuery):
        yield node


def plain_words(node: Node) -> Iterator[str]:
    """Yield the words of a query that may be misspelt, folded: all that must or may stand in the text and no label has."""
    for leaf in _leaves(node, known=False):
        written = " ".join(leaf.words) if isinstance(leaf, FreeText) else getattr(leaf, "written", "")
        if not isinstance(leaf, NameQuery | Pattern | Fuzzy):
            yield from (token.form for token in token_rules.tokens(written) if token.form)
