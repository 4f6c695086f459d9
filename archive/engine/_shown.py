"""What an answer shows beside its counts, the same for every engine: the language of a hit, and words that may be meant."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final

from archive.engine import _attributes as attributes
from archive.engine import _plan as plans
from archive.engine._highlighting import Highlighter
from archive.record import languages
from archive.record.testimony import Passage, Testimony
from archive.search import syntax
from archive.search.model import Query
from archive.text import near

_MOST_SUGGESTED: Final = 4  # each unknown word is held against every word of the index
_LONG_WORD: Final = 5  # letters from which two mistakes are likely
_COMMON: Final = 4  # a term that one passage of so many has widens a word to no use
_FEW_PASSAGES: Final = 20  # in a collection so small that a quarter says nothing
_CHOSEN_BY_WORDS: Final = frozenset({"", "words", "title"})
"""How a hit was found that is shown in the language in which its words stand, whoever reads it."""

Order = Callable[[Passage], tuple[bool, ...]]
"""The order of a passage in a language: the highest comes first."""


def is_common(having: int, every: int) -> bool:
    """Return whether more than a quarter of the passages of a collection of some size have a term."""
    return having > _FEW_PASSAGES and having * _COMMON > every


def suggestions(tree: syntax.Node | None, lexicon: plans.Lexicon) -> tuple[str, ...]:
    """Return words of an index that are near the words of a query that it does not have."""
    if tree is None:
        return ()
    close_words: list[str] = []
    unknown = (word for word in dict.fromkeys(plans.plain_words(tree)) if word not in lexicon("words", word))
    for word in islice(unknown, _MOST_SUGGESTED):
        close = plans.forms(syntax.Fuzzy(word, 1 if len(word) < _LONG_WORD else 2), lexicon)
        close_words += near(word, close, 1)
    return tuple(dict.fromkeys(close_words))


def near_names(asked: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
    """Return names of witnesses that are near those asked for and not meant by them."""
    known = [name for name in dict.fromkeys(names) if not any(attributes.is_named(wanted, [name]) for wanted in asked)]
    return tuple(dict.fromkeys(close for wanted in asked for close in near(wanted, known)))


def language_order(found_by: str, typed: Highlighter, marker: Highlighter, shown_in: str) -> Order:
    """Return the order of the languages of a hit, by how it was found.

    :param typed: marks the words as they were typed.
    :param marker: marks all that answers.
    :param shown_in: the language of the reader.
    """
    chosen = _by_words if found_by in _CHOSEN_BY_WORDS else _by_language
    return chosen(typed, marker, shown_in)


def in_language(  # noqa: PLR0913, PLR0917 - a record, a passage of it, and what chooses its language
    testimony: Testimony,
    own: Passage,
    passage: Callable[[int], Passage],
    answered: Sequence[int],
    query: Query,
    order: Order,
) -> tuple[Testimony, Passage]:
    """Return a record and a passage of it in the language that comes first; of several alike the record's own.

    :param own: the passage in the language of the record.
    :param passage: gives the passage of a number.
    :param answered: the languages in which it answers, by their slots; none where it was not asked by language.
    """
    wanted = set(query.filters.language)
    spoken = [testimony.language, *(version.language for version in own.versions)]
    slots = tuple(answered) or tuple(
        slot for slot, language in enumerate(spoken) if not wanted or wanted.intersection(attributes.ranges(language))
    )
    shown = [(testimony, own)] if 0 in slots or not slots else []
    for slot in slots:
        version = languages.version_of(testimony, spoken[slot]) if slot else None
        in_it = languages.passage_in(own, spoken[slot], passage)
        shown += [(languages.testimony_in(testimony, version), in_it)] if version and in_it else []
    if len(shown) == 1:
        return shown[0]
    return max(shown, key=lambda each: order(each[1] if each[1].language else each[1]._replace(language=testimony.language)))


def _by_words(typed: Highlighter, marker: Highlighter, shown_in: str) -> Order:
    """Return an order in which that language comes first that has the words, best as they were typed."""
    return lambda passage: (
        bool(typed.highlight(passage.words)),
        bool(marker.highlight(passage.words)),
        shown_in in attributes.ranges(passage.language),
    )


def _by_language(typed: Highlighter, marker: Highlighter, shown_in: str) -> Order:
    """Return an order in which the language of the reader comes first."""
    by_words = _by_words(typed, marker, shown_in)
    return lambda passage: (shown_in in attributes.ranges(passage.language), *by_words(passage))
