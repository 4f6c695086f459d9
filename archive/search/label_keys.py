"""The keys by which labels and words of asking are known, whatever their form, order and spelling.

The key of English words is those words folded, stemmed and in no order, without
function words; of Hangul its syllables in South Korean spelling without spaces.
So "executions in public", "Public execution" and "public executions" have one key,
and so have 강제노동, 강제 노동 and 강제로동.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import permutations, product
from typing import Final

from archive.analysis import tokens
from archive.text import fold, regex

_FEWEST: Final = 2  # words of a label that count beside its function words, or beside those of the background
_ANY_ORDER: Final = 3  # Korean words that may stand in any order


def _split(written: str) -> list[str]:
    return written.split()


FUNCTION_WORDS: Final = frozenset(
    _split(
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
    _split(
        """및 등 등의 또는 그리고 대한 대해 대하여 관한 관련 관련된 위한 통한 따른 있는 없는 어떤 무엇 누가 언제 어디 어떻게 왜
        모든 각 그 이 저 것 수"""
    )
)
_ENDINGS: Final = frozenset(
    _split(
        """은 는 이 가 을 를 의 에 도 만 과 와 로 으로 에서 에게 에는 에도 에서는 에서의 에서도 에게서 에의 으로의 으로는 으로서
        로서 로써 으로써 까지 부터 처럼 보다 이나 며 이며 이라는 라는 이란 란 들 들은 들이 들을 들의 들에 들에게 들과
        이라서 라서 이라고 라고 이었던 였던 이었고 였고 이었다 였다 이어서 이었나 였나 이었으며 였으며 이지만 이자 이라도 라도
        조차 마저 마다 밖에 한테 한테서 께서 씨 씨가 씨는 씨의 씨를 님 에만 만이 만을 뿐만 대로 이에요 예요 입니다 인가요
        에대한 에관한 자 자들 자가 자를 자의 하는 하다 한 된 되는 당한 당하는 당하다 시 후 전 중 및 등"""
    )
)
# A noun of action with any form of "do", "become", "suffer", "receive" or "make do": 처형되었나, 고문당했다.
_VERB: Final = regex("(?<=[\uac00-\ud7a3]{2})(?:하|해|했|한|할|되|돼|됐|된|될|당하|당해|당했|당한|당할|받|시키|시켰)")
_HANGUL: Final = regex("[\uac00-\ud7a3]+")
_BEFORE_NOUNS: Final = frozenset("은는을")
_FIRST_SYLLABLE, _FINALS = 0xAC00, 28
_N_AND_L, _M = frozenset({4, 8}), 16
"""The places of ㄴ, ㄹ and ㅁ among the consonants that end a syllable."""
_SS, _VOWELS, _SILENT, _OF_THE_PAST = 20, 21, 11, frozenset({0, 4, 6})
"""The place of ㅆ among the consonants that end a syllable, how many vowels there are, the silent ㅇ, and ㅏ, ㅓ and ㅕ."""
_UNCONTRACTED: Final = {6: 20, 9: 8, 10: 11, 14: 13}
_AFTER_THE_PAST: Final = frozenset({"", *_split("다 나 나요 는가 는지 는가요 습니까 습니다 어요 던 고 지만 을까")})
ALSO_FORMS: Final = {"kid": "child", "kids": "child", "people": "person", "persons": "person", "died": "die", "dead": "die"}
"""Words that a label may be asked by, and that a text does not hold for the same."""


KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "book": ("book", "memoir", "autobiography", "biography", "책", "저서", "수기", "회고록", "자서전"),
    "report": ("report", "briefing", "보고서", "백서"),
    "": ("article", "story", "interview", "news", "기사", "보도", "인터뷰"),
}
"""How a work is called by its kind in CSL; "" for all other kinds."""
WHOLE: Final = "~"
"""Stands before the ids of works whose name counts as a whole: it is looked for as a phrase."""


@lru_cache(maxsize=1)
def particles() -> tuple[str, ...]:
    """Return Korean particles and endings that are written against a word, the longest first: a closed list, and as in keys."""
    southern = ("".join(map(tokens.southern, each)) for each in _ENDINGS)
    return tuple(sorted({*_ENDINGS, *southern}, key=lambda each: (-len(each), each)))


@lru_cache(maxsize=20_000)
def key(written: str) -> str:
    """Return the key by which a label is known, "" where it has no letter."""
    words = list(tokens.written_words(written))
    if not written.isascii() and any(map(_HANGUL.search, words)):
        return "".join(tokens.southern(letter) for word in words for letter in fold(word))
    folded = [_fold_word(word) for word in words]
    counted = [word for word in folded if word not in FUNCTION_WORDS or (word == "how" and "many" in folded)]
    return " ".join(sorted(map(_base, counted if len(counted) >= _FEWEST else folded)))


def keys(written: str) -> Iterator[str]:
    """Yield the keys by which some words may be known.

    Of Hangul also those without the particles or the verb that may end a word,
    and of few words those in another order.
    """
    words = [key(word) for word in written.split()]
    if len(words) < _FEWEST or written.isascii() or not all(map(_HANGUL.fullmatch, words)):
        yield from bare(key(written))
        return
    # Each word by itself, so that a verb that one ends in takes no word after it along.
    orders = permutations(words) if len(words) <= _ANY_ORDER else (tuple(words),)
    for order in orders:
        yield from map("".join, product(*(tuple(bare(word, 1)) for word in order)))


def bare(written: str, shortest: int = 2) -> Iterator[str]:
    """Yield some words as they are, and those that end in Hangul without the particles or the verb that may end them.

    :param shortest: syllables that remain at least.
    """
    yield written
    if not written.isascii() and _HANGUL.search(written[-1:]):
        if written.endswith(particles()):
            yield from (
                written[: -len(particle)]
                for particle in particles()
                if written.endswith(particle) and len(written) >= len(particle) + shortest
            )
        yield from (written[: ending.start()] for ending in _VERB.finditer(written))
        yield from _as_noun(written)
        yield from _of_the_past(written)
        yield from _of_a_condition(written)


def _as_noun(written: str) -> Iterator[str]:
    """Yield what a word in the form that stands before a noun is as a noun: 끌려간 (taken) as 끌려감, 먹은 as 먹음."""
    last, rest = written[-1], written[:-1]
    if last in _BEFORE_NOUNS and rest:
        yield f"{rest}음"
    elif (final := (ord(last) - _FIRST_SYLLABLE) % _FINALS) in _N_AND_L:
        yield rest + chr(ord(last) - final + _M)


def _of_the_past(written: str) -> Iterator[str]:
    """Yield what a verb of the past is called in a dictionary: 끌려갔나요 as 끌려가다, 붙잡혔다 as 붙잡히다, 먹었나 as 먹다."""
    for at in range(len(written) - 1, 0, -1):
        place = ord(written[at]) - _FIRST_SYLLABLE
        if place < 0 or place % _FINALS != _SS:
            continue
        if written[at + 1 :] in _AFTER_THE_PAST:
            initial, vowel = divmod(place // _FINALS, _VOWELS)
            is_apart = initial == _SILENT and vowel in _OF_THE_PAST
            stem = (initial * _VOWELS + _UNCONTRACTED.get(vowel, vowel)) * _FINALS + _FIRST_SYLLABLE
            yield f"{written[:at]}{'' if is_apart else chr(stem)}다"
        return


def _of_a_condition(written: str) -> Iterator[str]:
    """Yield what a verb of a condition is called in a dictionary: 붙잡히면 as 붙잡히다, 죽으면 as 죽다."""
    if written.endswith("면") and len(written) > _FEWEST:
        yield f"{written[:-1].removesuffix('으')}다"


@lru_cache(maxsize=20_000)
def _fold_word(word: str) -> str:
    """Return a word of a label folded: labels and the names of works have the same words again and again."""
    return fold(word)


@lru_cache(maxsize=20_000)
def _base(word: str) -> str:
    """Return what is the same for the spellings and forms of an English word."""
    return tokens.stem(ALSO_FORMS.get(word, word))


def without_background(written: str, background: frozenset[str]) -> str:
    """Return some words without those of the background, "" where there are none of these, or too few others remain."""
    words = [word for word in tokens.written_words(written) if not is_function(word)]
    kept = [word for word in words if not is_among(word, background)]
    return " ".join(kept) if _FEWEST <= len(kept) < len(words) else ""


@lru_cache(maxsize=20_000)
def is_among(word: str, background: frozenset[str]) -> bool:
    """Return whether a word, as it is or without the particles or the verb that may end it, is one of the background."""
    return not background.isdisjoint(bare(key(word)))


def is_function(word: str) -> bool:
    """Return whether a word carries no subject by itself, in either language."""
    return _fold_word(word) in FUNCTION_WORDS or word in KOREAN_FUNCTION_WORDS


@lru_cache(maxsize=1)
def kinds() -> frozenset[str]:
    """Return the keys of what a work of any kind is called."""
    return frozenset(key(word) for words in KINDS.values() for word in words)
