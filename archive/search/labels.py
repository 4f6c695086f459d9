"""The labels of the thesaurus in the words of a query: which runs of words name a concept, in either language.

A label is known by its *key*: its words folded, stemmed and in no order, without
function words; of Hangul its syllables in South Korean spelling without spaces.
So "executions in public", "Public execution" and "public executions" have one key,
and so have 강제노동, 강제 노동 and 강제로동.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import permutations, product
from typing import Any, Final, NamedTuple

from archive.analysis import tokens
from archive.authority.vocabulary import Vocabulary
from archive.text import fold

MEANS: Final = "means"
"""The word means the term: it widens a search."""
UNDER: Final = "under"
"""The word is something narrower that the term takes in: it never widens."""
FILTER: Final = "filter"
"""The word means the term, but stands in too many passages for other reasons: it is offered as a filter."""

LISTS: Final = ("topic", "flag", "kind", "status", "zone", "role", "connection", "basis")
"""The vocabularies whose labels are recognised; those of topics widen also as single words."""

_LONGEST: Final = 8  # words of a run
_MOST_LETTERS: Final = 40  # syllables of a run of Hangul that is read as labels and particles
SHORTEST_MISSPELT, SHORTEST_LOST, SHORTEST_CHANGED = 6, 7, 8
"""Letters of a word from which two swapped neighbours, a letter lost or added, and one changed are told from another word."""
_FEWEST: Final = 2  # words of a label that count beside its function words, or beside those of the background
_ANY_ORDER: Final = 3  # Korean words that may stand in any order


def _listed(written: str) -> list[str]:
    return written.split()


FUNCTION_WORDS: Final = frozenset(
    _listed(
        """a about after against all also an and any anybody anyone ever somebody someone are as at be been before being
        between by can could did do does during each for from had has have he her here his how i if in into is it its me
        my of on or our out over she should so some such than that the their them then there these they this those
        through to under until up upon was we were what when where whether which while who whom whose why will with
        within would you your"""
    )
)
"""English words that carry no subject by themselves; inside a label they count where few others remain.

None that turns a question round: whoever types "not tortured" is not answered as if the first word were not there.
"""
KOREAN_FUNCTION_WORDS: Final = frozenset(
    _listed(
        """및 등 등의 또는 그리고 대한 대해 대하여 관한 관련 관련된 위한 통한 따른 있는 없는 어떤 무엇 누가 언제 어디 어떻게 왜
        모든 각 그 이 저 것 수"""
    )
)
_ENDINGS: Final = frozenset(
    _listed(
        """은 는 이 가 을 를 의 에 도 만 과 와 로 으로 에서 에게 에는 에도 에서는 에서의 에서도 에게서 에의 으로의 으로는 으로서
        로서 로써 으로써 까지 부터 처럼 보다 이나 며 이며 이라는 라는 이란 란 들 들은 들이 들을 들의 들에 들에게 들과 에대한 에관한
        자 자들 자가 자를 자의 하는 하다 한 된 되는 당한 당하는 당하다 시 후 전 중 및 등"""
    )
)
_PARTICLES: Final = tuple(
    sorted({*_ENDINGS, *("".join(map(tokens.southern, each)) for each in _ENDINGS)}, key=lambda each: (-len(each), each))
)
"""Korean particles and endings that are written against a word, the longest first: a closed list, also as keys spell them."""

# A noun of action with any form of "do", "become", "suffer", "receive" or "make do": 처형되었나, 고문당했다.
_VERB: Final = re.compile("(?<=[\uac00-\ud7a3]{2})(?:하|해|했|한|할|되|돼|됐|된|될|당하|당해|당했|당한|당할|받|시키|시켰)")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]+")
_BEFORE_NOUNS: Final = frozenset("은는을")
_FIRST_SYLLABLE, _FINALS = 0xAC00, 28
_N_AND_L, _M = frozenset({4, 8}), 16
"""The places of ㄴ, ㄹ and ㅁ among the consonants that end a syllable."""
_ALSO_FORMS: Final = {"kid": "child", "kids": "child", "people": "person", "persons": "person", "died": "die", "dead": "die"}
"""Words that a label may be asked by, and that a text does not hold for the same."""


class Label(NamedTuple):
    """What a label stands for: a term of a list, and how (`MEANS`, `UNDER`, `FILTER`)."""

    list: str
    id: str
    how: str


class Run(NamedTuple):
    """A run of words of a query, half-open, and what it names."""

    start: int
    end: int
    written: str
    labels: tuple[Label, ...]


def key(written: str) -> str:
    """Return the key by which a label is known, "" where it has no letter."""
    words = [found.written for found in tokens.each_word(written)]
    if any(map(_HANGUL.search, words)):
        return "".join(tokens.southern(letter) for word in words for letter in fold(word))
    folded = [fold(word) for word in words]
    counted = [word for word in folded if word not in FUNCTION_WORDS or (word == "how" and "many" in folded)]
    return " ".join(sorted(map(_base, counted if len(counted) >= _FEWEST else folded)))


def keys(written: str) -> Iterator[str]:
    """Yield the keys by which some words may be known.

    Of Hangul also those without the particles or the verb that may end a word,
    and of few words those in another order.
    """
    yield from bare(key(written))
    words = [key(word) for word in written.split()]
    if 1 < len(words) <= _ANY_ORDER and all(map(_HANGUL.fullmatch, words)):
        for order in permutations(words):
            yield from map("".join, product(*(tuple(bare(word)) for word in order)))


def bare(written: str) -> Iterator[str]:
    """Yield some words as they are, and those that end in Hangul without the particles or the verb that may end them."""
    yield written
    if _HANGUL.search(written[-1:]):
        yield from (written[: -len(each)] for each in _PARTICLES if written.endswith(each) and len(written) > len(each) + 1)
        yield from (written[: ending.start()] for ending in _VERB.finditer(written))
        yield from _as_noun(written)


def _as_noun(written: str) -> Iterator[str]:
    """Yield what a word in the form that stands before a noun is as a noun: 끌려간 (taken) as 끌려감, 먹은 as 먹음."""
    last, rest = written[-1], written[:-1]
    if last in _BEFORE_NOUNS and rest:
        yield f"{rest}음"
    elif (final := (ord(last) - _FIRST_SYLLABLE) % _FINALS) in _N_AND_L:
        yield rest + chr(ord(last) - final + _M)


def _base(word: str) -> str:
    """Return what is the same for the spellings and forms of an English word."""
    return tokens.stem(_ALSO_FORMS.get(word, word))


def plain_data(
    vocabulary: Vocabulary,
    common: Iterable[str] = (),
    equivalents: Iterable[Sequence[str]] = (),
    background: Iterable[str] = (),
) -> dict[str, Any]:
    """Return every label of a vocabulary, and every word with others that say the same, by its key, to be kept beside an index.

    :param common: words that stand in too many passages to widen by themselves.
    :param background: words that every account has something of; a label is known without them too, where enough others remain.
    """
    found: dict[str, list[Label]] = {}
    shorter: dict[str, list[Label]] = {}
    spelled: set[str] = set()
    filters = {key(word) for word in common}
    of_all = frozenset(key(phrase) for phrase in background if " " not in phrase)
    for name in LISTS:
        for term in vocabulary.terms(name):
            for how, words in ((MEANS, term.words()), (UNDER, (word for each in term.under.values() for word in each))):
                for word in words:
                    folded = key(word)
                    is_filter = how == MEANS and (folded in filters or (name != "topic" and _is_single(word)))
                    label = Label(name, term.id, FILTER if is_filter else how)
                    if folded and label not in found.setdefault(folded, []):
                        found[folded].append(label)
                    if name == "topic" and (rest := without_background(word, of_all)):
                        shorter.setdefault(rest, []).append(label)
                    spelled.update(each for each in map(fold, word.split()) if _is_spelled(each))
    same = {key(word): [other for other in group if other != word] for group in equivalents for word in group}
    return {
        "labels": {**{rest: list(dict.fromkeys(terms)) for rest, terms in shorter.items()}, **found},
        "equivalents": same,
        "background": sorted(of_all),
        "spelled": sorted(spelled),
    }


def without_background(written: str, background: frozenset[str]) -> str:
    """Return the key of some words without those of the background, "" where it is none, or too few others remain."""
    words = [found.written for found in tokens.each_word(written) if not is_function(found.written)]
    kept = [word for word in words if background.isdisjoint(bare(key(word)))]
    return key(" ".join(kept)) if _FEWEST <= len(kept) < len(words) else ""


def _is_spelled(word: str) -> bool:
    return len(word) >= SHORTEST_MISSPELT and word.isascii() and word.isalpha()


def _is_single(written: str) -> bool:
    return len(list(tokens.each_word(written))) == 1 and not (_HANGUL.search(written) and len(written) > 4)  # noqa: PLR2004


class Labels:
    """The labels of a thesaurus by their keys."""

    def __init__(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Take what `plain_data` gave, as read from JSON."""
        self._data: Mapping[str, Sequence[Sequence[str]]] = data["labels"]
        self._equivalents: Mapping[str, Sequence[str]] = data["equivalents"]
        self.background = frozenset(data["background"])
        self._spelled: Sequence[str] = data["spelled"]

    def __bool__(self) -> bool:
        """Return whether there is any label."""
        return bool(self._data)

    def named(self, written: str) -> tuple[Label, ...]:
        """Return what some words name as a whole; Korean particles at their end do not count, nor do words of the background."""
        found = next((self._data[each] for each in keys(written) if each in self._data), ())
        if not found and (rest := without_background(written, self.background)):
            found = self._data.get(rest, ())
        return tuple(Label(*each) for each in found)

    def is_background(self, written: str) -> bool:
        """Say whether every word is one that all accounts have something of."""
        words = [found.written for found in tokens.each_word(written) if not is_function(found.written)]
        return bool(words) and not any(self.background.isdisjoint(bare(key(word))) for word in words)

    def corrected(self, word: str) -> str:
        """Return the word of a label from which a word differs in one letter, as it is typed; "" where there is none, or several."""
        folded = fold(word)
        if not _is_spelled(folded):
            return ""
        close = [each for each in self._spelled if each[0] == folded[0] and _is_slip(folded, each)]
        return close[0] if len({tokens.stem(each) for each in close}) == 1 else ""

    def equivalents(self, written: str) -> tuple[str, ...]:
        """Return the other words that say the same as some words."""
        return tuple(next((self._equivalents[each] for each in keys(written) if each in self._equivalents), ()))

    def runs(self, words: Sequence[str], without: Collection[str] = ()) -> Iterator[Run]:
        """Yield the longest runs of words that name something, from left to right, none over another.

        :param without: runs that are not taken as a whole.
        """
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + _LONGEST), at, -1):
                written = " ".join(words[at:end])
                is_led_in = fold(words[at]) in FUNCTION_WORDS and not written.casefold().startswith("how many ")
                if end - at > 1 and (is_led_in or fold(words[end - 1]) in FUNCTION_WORDS or written in without):
                    continue
                labels = self.named(written)
                if labels:
                    yield Run(at, end, written, labels)
                    at = end
                    break
            else:
                at += 1

    @cached_property
    def _hangul(self) -> frozenset[str]:
        return frozenset(each for each in self._data if _HANGUL.fullmatch(each))

    def compound(self, word: str, known: Iterable[str] = ()) -> tuple[str, ...]:
        """Read a word of Hangul as labels, words of ``known`` and particles, one after the other without a rest.

        :return: the labels and known words in their order; () where it cannot be read so, or is no compound.
        """
        whole = key(word)
        if not _HANGUL.fullmatch(whole) or len(whole) > _MOST_LETTERS:
            return ()
        parts = self._hangul | {key(each) for each in known}
        # From the end: how the rest of the word from each syllable on is read, labels as long as possible first.
        rests: dict[int, tuple[str, ...] | None] = {len(whole): ()}
        for at in range(len(whole) - 1, -1, -1):
            rests[at] = None
            for end in range(len(whole), at, -1):
                part, rest = whole[at:end], rests[end]
                if rest is None:
                    continue
                if part in parts:
                    rests[at] = (part, *rest)
                    break
                if at and part in _PARTICLES:
                    rests[at] = rest
                    break
        found = rests[0] or ()
        return found if len(found) > 1 else ()


def is_function(word: str) -> bool:
    """Return whether a word carries no subject by itself, in either language."""
    return fold(word) in FUNCTION_WORDS or word in KOREAN_FUNCTION_WORDS


def _is_slip(left: str, right: str) -> bool:
    """Say whether two words differ by two neighbours swapped, or, if they are long enough to be told from others, by one letter.

    A changed letter makes another word more often than a lost one does: brides, bribes.
    """
    if abs(len(left) - len(right)) > 1:
        return False
    start = next((at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other), min(len(left), len(right)))
    one, other = left[start:], right[start:]
    if len(one) == len(other):
        swapped = one[1::-1] == other[:2] and one[2:] == other[2:]
        return swapped or (len(left) >= SHORTEST_CHANGED and one[1:] == other[1:])
    return len(left) >= SHORTEST_LOST and (one[1:] == other or one == other[1:])
