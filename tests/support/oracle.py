"""A slow and obvious search over the raw passages, in plain Python, to hold the real one against.

It shares nothing with `archive.engine` but the English stemmer, which is a
library's. It takes a query as a tree that a test made, writes it as a person
would type it (`typed`), and answers it by looking at every passage.
"""

import itertools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from whoosh.lang.snowball.english import EnglishStemmer

from archive.analysis._word_forms import base_form
from archive.collection.collection import Collection
from archive.record import dates, passages
from archive.record.testimony import CampEntry, Passage, Testimony
from archive.search.model import ENTRY_FIELDS, FACETS, Filters
from archive.text import fold

WEIGHTS = {"text": 1.0, "footnote": 1.0, "title": 0.3, "witness": 0.3}
APOSTROPHES = "'’‘ʻʼ`´ʹ′"
EMPTY = frozenset(["the", "of", "and", "in", "was"])
"""The English words of the tests that carry no sense by themselves."""

_stem = EnglishStemmer().stem


# Queries


class Word(NamedTuple):
    """A word as it is typed."""

    word: str


class Phrase(NamedTuple):
    """Words in a row, or with ``between`` near each other."""

    words: tuple[str, ...]
    between: int | None = None


class Pattern(NamedTuple):
    """A word with ``*`` or ``?``."""

    pattern: str


class Fuzzy(NamedTuple):
    """A word with mistakes."""

    word: str
    edits: int


class Both(NamedTuple):
    """All of the parts."""

    parts: tuple[Any, ...]


class Either(NamedTuple):
    """Any of the parts."""

    parts: tuple[Any, ...]


class Not(NamedTuple):
    """Not the part."""

    part: Any


class Concept(NamedTuple):
    """Words that are a label: they near each other, a claim with them, or a passage on one of some terms."""

    written: str
    words: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]


class Lift(NamedTuple):
    """A part that need not answer."""

    part: Any


class Works(NamedTuple):
    """Words that name works: what they ask for, or a passage of a work, or one that cites it."""

    written: str
    part: Any
    ids: frozenset[str]


class Spellings(NamedTuple):
    """A name, or words that others say the same as, in every way to write them."""

    parts: tuple[Any, ...]


BY_WORDS, BY_CLAIM, BY_TOPIC, BY_LEAD, BY_REJECTED, BY_TITLE, BY_WORK, BY_CITES = LEVELS = range(8)
"""How a passage may answer, the best first."""
LABEL_WITHIN = 5


def typed(node: Any) -> str:
    """Write a query as a person types it."""
    if isinstance(node, Word):
        return node.word
    if isinstance(node, Phrase):
        return f'"{" ".join(node.words)}"' + ("" if node.between is None else f"~{node.between}")
    if isinstance(node, Pattern):
        return node.pattern
    if isinstance(node, Fuzzy):
        return f"{node.word}~{node.edits}"
    if isinstance(node, Not):
        return f"NOT {typed(node.part)}"
    return "(" + (" AND " if isinstance(node, Both) else " OR ").join(map(typed, node.parts)) + ")"


# Passages


class Spoken(NamedTuple):
    """A passage in one of its languages: which, and the fields that are searched."""

    language: str
    fields: dict[str, str]
    below: tuple[str, ...]


class OnPassage(NamedTuple):
    """A claim on a passage: its text, its topics with all broader ones, where and when it is about, and how it stands."""

    text: str
    topics: frozenset[str]
    entries: tuple[CampEntry, ...]
    level: int


class Candidate(NamedTuple):
    """A passage with its record, the languages in which it can be asked, its own first, and its topics with all broader ones."""

    testimony: Testimony
    passage: Passage
    spoken: tuple[Spoken, ...]
    topics: frozenset[str]
    claims: tuple[OnPassage, ...]
    of_works: frozenset[str]
    cited: frozenset[str]

    @property
    def name(self) -> str:
        """Write it as CODE#pN."""
        return f"{self.passage.code}#p{self.passage.number}"


def _spoken(testimony: Testimony, passage: Passage) -> tuple[Spoken, ...]:
    shared = {"title": testimony.title, "witness": " · ".join(testimony.witness.names)}
    every = [(testimony.language, passage.words, passage.below)]
    every += [(each.language, each.words, each.below) for each in passage.versions]
    return tuple(
        Spoken(language, {"text": text, "footnote": " · ".join(below), **shared}, below) for language, text, below in every
    )


def candidates(collection: Collection) -> list[Candidate]:
    """Give every passage that may be read, in archive order."""
    found = []
    thesaurus = {each["id"]: each for each in collection.authorities.data("terms")["topic"]}
    for code in collection.codes():
        testimony = collection.find(code)
        assert testimony
        for passage in collection.passages(testimony):
            topics = all_topics(passage.topics, thesaurus)
            is_lead = any(note.flag == "lead-only" for note in passage.notes)
            claims = tuple(
                OnPassage(
                    claim.text,
                    all_topics(claim.topics, thesaurus),
                    tuple(passages.entries_of(testimony, claim)),
                    BY_REJECTED if claim.status == "rejected" else BY_LEAD if is_lead else BY_TOPIC,
                )
                for claim in testimony.claims
                if passage.number in claim.paragraphs
            )
            works = of_and_cited(testimony, passage)
            found.append(Candidate(testimony, passage, _spoken(testimony, passage), topics, claims, *works))
    return found


def of_and_cited(testimony: Testimony, passage: Passage) -> tuple[frozenset[str], frozenset[str]]:
    """Give the works that a passage is of, and those that are cited at it: by claims, and by notes on no whole record."""
    by_claims = {cite.ref for claim in testimony.claims if passage.number in claim.paragraphs for cite in claim.cites}
    by_notes = {cite.ref for note in passage.notes if note.about.paragraphs for cite in note.cites}
    own = {testimony.source.ref, testimony.source.through, testimony.rendered_of} - {""}
    own = own if not by_claims or own & by_claims else set()
    return frozenset(own), frozenset((by_claims | by_notes) - own)


def all_topics(topics: Iterable[str], thesaurus: dict[str, Any]) -> frozenset[str]:
    """Give some topics with all that they are narrower than."""
    return frozenset(broader for topic in topics for broader in with_broader(topic, thesaurus))


def with_broader(topic: str, thesaurus: dict[str, Any]) -> Iterator[str]:
    """Give a topic and, one after the other, all that it is narrower than."""
    yield topic
    for broader in thesaurus[topic].get("broader", ()):
        yield from with_broader(broader, thesaurus)


# Words


UNSEEN = "\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u3164"
"""Signs without width that the tests use."""


def is_syllable(letter: str) -> bool:
    """Ask whether a letter is Hangul, Han or kana."""
    name = unicodedata.name(letter, "")
    return letter.isalnum() and any(script in name for script in ("HANGUL", "CJK UNIFIED", "HIRAGANA", "KATAKANA"))


def is_mark(letter: str) -> bool:
    """Ask whether a character only adds to the letter before it, or is not seen at all."""
    return letter in UNSEEN or unicodedata.category(letter).startswith("M")


def is_letter(letter: str) -> bool:
    """Ask whether a character may begin a word: a letter or digit, or a sign that stands for some."""
    if letter in "ʻʼʹㆍ" or is_mark(letter):
        return False
    stands_for = unicodedata.normalize("NFKC", letter) if unicodedata.category(letter).startswith("S") else letter
    return any(map(str.isalnum, stands_for)) and letter != "_"


def is_inside(letter: str) -> bool:
    """Ask whether a character goes on with a word."""
    return is_letter(letter) or is_mark(letter)


@cache
def words(text: str) -> list[list[str]]:
    """Split a text into words, and each word where its script turns to or from syllables."""
    found: list[str] = []
    for at, letter in enumerate(text):
        begun = bool(found) and bool(found[-1])
        between = letter in APOSTROPHES and begun and at + 1 < len(text) and is_letter(text[at + 1])
        if begun and (is_inside(letter) or (between and found[-1][-1] not in APOSTROPHES)):
            found[-1] += letter
        elif is_letter(letter):
            found.append(letter)
        else:
            found.append("")
    read = [as_read(word) for word in found if word]
    return [["".join(run) for _, run in itertools.groupby(word, is_syllable)] for word in read if word]


def as_read(word: str) -> str:
    """Give a word without what is not seen and the ending ``'s``, each sign as the letters that it stands for."""
    plain = unicodedata.normalize("NFKC", "".join(letter for letter in word if letter not in UNSEEN))
    plain = "".join(letter for letter in plain if letter.isalnum() or is_mark(letter) or letter in APOSTROPHES)
    return plain[:-2] if len(plain) > 2 and plain[-2] in APOSTROPHES and plain[-1] in "sS" else plain


def northern(syllable: str) -> str:
    """Spell a syllable at the start of a word as in the South."""
    parts = unicodedata.normalize("NFD", syllable)
    rest = parts[1:]
    before_y = rest[:1] in set("ᅣᅤᅧᅨᅭᅲᅵ")
    if parts[0] in "ᄂᄅ" and before_y:
        return unicodedata.normalize("NFC", "ᄋ" + rest)
    return unicodedata.normalize("NFC", "ᄂ" + rest) if parts[0] == "ᄅ" else syllable


def spelled(runs: list[str]) -> list[str]:
    """Spell the first syllable as in the South, of a word and after each number or letter."""
    return [northern(run[0]) + run[1:] if is_syllable(run[0]) else run for run in runs]


def same(left: str, right: str) -> bool:
    """Ask whether two runs of letters are one word but for case, accents, and English endings."""
    return stem(left) == stem(right)


@cache
def stem(run: str) -> str:
    """Fold and stem a run of letters."""
    folded = fold(run)[:64]
    return str(_stem(base_form(folded))) if folded.isascii() and folded.isalpha() else folded


def stands_in(asked: list[str], word: list[str], *, alone: bool) -> bool:
    """Ask whether a word of a query stands in a word of a text; ``alone``: it is asked for by itself, in no phrase."""
    said = spelled(word)
    ways = itertools.product(*({run, *spelled([run])} for run in asked))
    return any(_stands(list(way), said, alone=alone) for way in ways)


def _stands(asked: list[str], said: list[str], *, alone: bool) -> bool:
    if len(asked) == 1:
        return any(_inside(asked[0], run, alone=alone) for run in said)
    for start in range(len(said) - len(asked) + 1):
        window = said[start : start + len(asked)]
        first, last = _ends(asked[0], window[0]), _begins(asked[-1], window[-1])
        middle = all(_equal(mine, theirs) for mine, theirs in zip(asked[1:-1], window[1:-1], strict=True))
        if first and middle and last:
            return True
    return False


def _inside(asked: str, run: str, *, alone: bool) -> bool:
    if not is_syllable(asked[0]) or not is_syllable(run[0]):
        return _equal(asked, run)
    if len(asked) == 1 and not alone:
        return asked in run[:-1] or asked == run
    return asked in run


def _equal(asked: str, run: str) -> bool:
    if is_syllable(asked[0]) != is_syllable(run[0]):
        return False
    return asked == run if is_syllable(asked[0]) else same(asked, run)


def _ends(asked: str, run: str) -> bool:
    return run.endswith(asked) if len(asked) > 1 and is_syllable(asked[0]) and is_syllable(run[0]) else _equal(asked, run)


def _begins(asked: str, run: str) -> bool:
    return run.startswith(asked) if is_syllable(asked[0]) and is_syllable(run[0]) else _equal(asked, run)


def forms(text: str) -> Iterator[str]:
    """Give the folded words of a text and, of a word in two scripts, its parts."""
    for runs in words(text):
        whole = "".join(runs)
        yield _folded(whole)
        if len(runs) > 1:
            yield from map(_folded, runs)


def _folded(word: str) -> str:
    folded = fold(word)
    return northern(folded[0]) + folded[1:] if folded and is_syllable(folded[0]) else folded


@lru_cache(maxsize=100_000)
def distance(left: str, right: str) -> int:
    """Count the letters added, lost, changed, or swapped with their neighbour, by trying everything."""
    if not left or not right:
        return len(left) + len(right)
    best = min(
        distance(left[1:], right) + 1, distance(left, right[1:]) + 1, distance(left[1:], right[1:]) + (left[0] != right[0])
    )
    if left[:2] == right[:2][::-1] and len(left) > 1 and len(right) > 1:
        best = min(best, distance(left[2:], right[2:]) + 1)
    return best


def close(word: str, form: str, edits: int) -> bool:
    """Ask whether a form is a word with at most so many mistakes; of a Korean form only the beginning counts."""
    wanted = _folded(as_read(word))
    ends = range(len(form) + 1) if all(map(is_syllable, wanted)) else (len(form),)
    return any(abs(end - len(wanted)) <= edits and distance(wanted, form[:end]) <= edits for end in ends)


def in_text(node: Any, text: str) -> bool:
    """Ask whether a word, phrase, pattern or fuzzy word stands in one field."""
    if isinstance(node, Pattern):
        expression = re.compile(re.escape(_folded(node.pattern)).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
        return any(expression.fullmatch(form) for form in forms(text))
    if isinstance(node, Fuzzy):
        return any(close(node.word, form, node.edits) for form in forms(text))
    asked = words(" ".join(node.words) if isinstance(node, Phrase) else node.word)
    where = [
        [at for at, word in enumerate(words(text)) if stands_in(each, word, alone=isinstance(node, Word) and len(asked) == 1)]
        for each in asked
    ]
    choices = list(itertools.product(*where))
    if isinstance(node, Word) or node.between is None:
        return any(list(choice) == list(range(choice[0], choice[0] + len(choice))) for choice in choices)
    return any(max(each) - min(each) + 1 - len(each) <= node.between and _distinct(each, asked) for each in choices)


def _distinct(places: tuple[int, ...], asked: list[list[str]]) -> bool:
    """Ask whether a word that is asked for twice is found at two places."""
    meant = [[run if is_syllable(run[0]) else stem(run) for run in runs] for runs in asked]
    pairs = itertools.combinations(zip(places, meant, strict=True), 2)
    return all(one[0] != two[0] or one[1] != two[1] for one, two in pairs)


def as_typed(written: str, text: str) -> bool:
    """Ask whether words stand in a text letter by letter: whole words, but anywhere for Hangul and Han."""
    written, text = ("".join(letter for letter in each if letter not in UNSEEN) for each in (written, text))
    for at in range(len(text) - len(written) + 1):
        if text[at : at + len(written)] == written:
            before, after = text[:at], text[at + len(written) :]
            if not (_goes_on(written[0], before[::-1]) or _goes_on(written[-1], after)):
                return True
    return False


def _goes_on(edge: str, beyond: str) -> bool:
    """Ask whether a word goes on beyond the edge of what is sought."""

    def alphabetic(letter: str) -> bool:
        return bool(letter) and is_inside(letter) and not is_syllable(letter)

    return alphabetic(edge) and (
        alphabetic(beyond[:1]) or (beyond[:1] in APOSTROPHES and bool(beyond[:1]) and alphabetic(beyond[1:2]))
    )


# Answering


class Asked(NamedTuple):
    """A query: the tree, and how it is to be read."""

    tree: Any
    filters: Filters = Filters()
    exact: bool = False
    question: bool = False
    together: bool = False
    otherwise: Callable[[Any], Any] = lambda node: node


def wanted(candidate: Candidate, filters: Filters) -> tuple[Spoken, ...]:
    """Give the languages of a passage that are asked for, all of them where none is."""
    return tuple(each for each in candidate.spoken if not filters.language or set(tags(each.language)) & set(filters.language))


def tags(language: str) -> tuple[str, str]:
    """Give what a language is asked for by: ``ko-KP`` also by ``ko``."""
    return language.casefold(), language.casefold().partition("-")[0]


def answers(node: Any, candidate: Candidate, asked: Asked, level: int | None = BY_CITES) -> bool:
    """Ask whether a passage answers in one of its languages, all of the question in it, at a level or a better one."""
    return any(says(node, each, candidate, asked, level) for each in wanted(candidate, asked.filters))


def says(node: Any, spoken: Spoken, candidate: Candidate, asked: Asked, level: int | None = BY_CITES) -> bool:  # noqa: PLR0911 - one for each kind
    """Ask whether a passage answers in a language; each word may stand in the passage, a claim on it, its title, or in names.

    What is left out may stand in none of its languages, nor in its title, whatever claims say.

    :param level: of `LEVELS`, how it may answer at most; None asks no claims.
    """
    if isinstance(node, Both):
        return all(says(part, spoken, candidate, asked, level) for part in node.parts)
    if isinstance(node, Either | Spellings):
        return any(says(part, spoken, candidate, asked, level) for part in node.parts)
    if isinstance(node, Lift):
        return True
    if isinstance(node, Not):
        return not any(says(node.part, each, candidate, asked, None) for each in candidate.spoken)
    if isinstance(node, Works):
        is_named = node.ids & candidate.of_works if level == BY_WORK else node.ids & (candidate.of_works | candidate.cited)
        return says(node.part, spoken, candidate, asked, level) or (level in {None, BY_WORK, BY_CITES} and bool(is_named))
    if isinstance(node, Concept):
        return is_about(node, spoken, candidate, asked, BY_WORDS if level is None else level)
    if asked.exact:
        written = " ".join(node.words) if isinstance(node, Phrase) else node.word
        texts = [spoken.fields["text"], *spoken.below, spoken.fields["title"], *candidate.testimony.witness.names]
        return any(as_typed(written, text) for text in texts)
    if asked.question:
        return any(term in terms(text) for term in sought(node.word) for text in spoken.fields.values())
    return any(in_text(node, text) for text in searched(node, spoken, candidate, level))


_NO_WORD = " ꙮ "
"""Between the claims on a passage: a phrase cannot reach over it, near can."""


def searched(node: Any, spoken: Spoken, candidate: Candidate, level: int | None) -> list[str]:
    """Give the texts in which a word may stand at a level; which beginnings and slips there are is known of all of a passage."""
    is_form = isinstance(node, Pattern | Fuzzy)
    named = [name for name in spoken.fields if name != "title" or level is None or level >= BY_TITLE or is_form]
    claims = [_NO_WORD.join(claim.text for claim in candidate.claims)] if level and not is_form else []
    return [*map(spoken.fields.__getitem__, named), *claims]


def is_about(concept: Concept, spoken: Spoken, candidate: Candidate, asked: Asked, level: int) -> bool:
    """Ask whether a passage answers a label: its words near each other, a claim that stands so well, or its words anywhere."""
    words = [asked.otherwise(Word(word)) if len(concept.words) == 1 else Word(word) for word in concept.words]
    near = words[0] if len(words) == 1 else Phrase(concept.words, LABEL_WITHIN)
    if says(near, spoken, candidate, asked, min(level, BY_CLAIM)):
        return True
    if level < BY_TOPIC:
        return False
    entry = asked.filters._replace(
        **{name: () for name in Filters._fields if name not in {*ENTRY_FIELDS, "period", "as_of", "all_topics", "since"}}
    )
    for name, term in concept.terms:
        for claim in candidate.claims if name == "topic" else ():
            is_met = any(entry_passes(each, candidate.testimony, entry, "") for each in claim.entries)
            if term in claim.topics and claim.level <= level and is_met:
                return True
        if name != "topic" and name in Filters._fields and passes(candidate, Filters()._replace(**{name: (term,)})):
            return True
    return level >= BY_TITLE and all(says(word, spoken, candidate, asked, level) for word in words)


OTHERS = {"U.S.A.": ["USA"], "USA": ["U S A"], "CAFE": ["C A F E"], "1,977": ["1977"], "1977": ["1 977"]}
"""The other way to write the acronyms and numbers of the tests."""


def otherwise(node: Any, every: list[Candidate]) -> Any:
    """Ask for a word in its other ways too; a Korean one that is nowhere in parts, joined, in other spellings."""
    if isinstance(node, Both | Either):
        return type(node)(tuple(otherwise(part, every) for part in node.parts))
    if isinstance(node, Works):
        return node._replace(part=otherwise(node.part, every))
    if not isinstance(node, Word | Phrase) or (isinstance(node, Phrase) and node.between is not None):
        return node
    written = list(node.words) if isinstance(node, Phrase) else [node.word]
    ways = [ask(other) for other in OTHERS.get(" ".join(written), [])]
    if all(len(word) > 1 and all("가" <= letter <= "힣" for letter in word) for word in written) and not there(node, every):
        ways = [ask("".join(written))] if len(written) > 1 else [ask(other) for other in guesses(written[0])]
    found = [way for way in ways if there(way, every)]
    return Either((node, *found)) if found else node


def ask(words: str) -> Any:
    """Make the node of a word or of several in a row."""
    return Phrase(tuple(words.split())) if " " in words else Word(words)


def there(node: Any, every: list[Candidate]) -> bool:
    """Ask whether anything has a word, or answers a label in any way."""
    level = BY_CITES if isinstance(node, Concept | Either) else None
    return any(answers(node, each, Asked(node), level) for each in every)


PARTICLES = ("에서의", "에서", "으로", "을", "를", "의", "은", "는", "이", "가", "에", "도")


def guesses(word: str) -> Iterator[str]:
    """Give a word without its particle, in two parts of two syllables at least, and as the other half of Korea spells it."""
    yield from (word[: -len(each)] for each in PARTICLES if word.endswith(each) and len(word) >= len(each) + 2)
    for at in range(2, len(word) - 1):
        yield f"{word[:at]} {word[at:]}"
    for at, syllable in enumerate(word):
        parts = unicodedata.normalize("NFD", syllable)
        others = (unicodedata.normalize("NFC", initial + parts[1:]) for initial in "ᄂᄅᄋ" if initial != parts[0])
        yield from (word[:at] + other + word[at + 1 :] for other in others if northern(other) == northern(syllable))


def matching(every: list[Candidate], asked: Asked) -> list[Candidate]:
    """Give the passages that have the words, whatever the filters."""
    if asked.tree is None:
        return every
    if not (asked.exact or asked.question):
        asked = asked._replace(tree=otherwise(asked.tree, every), otherwise=lambda node: otherwise(node, every))
    if not (asked.together and isinstance(asked.tree, Both)):
        return [each for each in every if answers(asked.tree, each, asked)]
    parts = [part for part in asked.tree.parts if not isinstance(part, Lift)]
    having = [
        {
            each.passage.code
            for each in every
            if (
                answers(part.part, each, asked._replace(filters=Filters()), None)
                if isinstance(part, Not)
                else answers(part, each, asked)
            )
        }
        for part in parts
    ]
    required = [part for part in parts if not isinstance(part, Not)]
    return [
        each
        for each in every
        if all((each.passage.code in codes) != isinstance(part, Not) for part, codes in zip(parts, having, strict=True))
        and any(answers(part, each, asked) for part in required)
    ]


def passes(candidate: Candidate, filters: Filters, without: str = "") -> bool:
    """Ask whether a passage passes the filters, but for those on one field."""
    testimony, passage = candidate.testimony, candidate.passage
    by_entry = any(entry_passes(entry, testimony, filters, without) for entry in passage.entries)
    if not (by_entry and (without == "topic" or topics_pass(candidate, filters))):
        return False
    own = {
        "flag": known_flags(passage, filters),
        "connection": (testimony.witness.connection,),
        "kind": (testimony.kind,),
        "reliability": (testimony.reliability,),
        "language": tuple(tag for each in candidate.spoken for tag in tags(each.language)),
        "code": (testimony.code,),
    }
    for field, values in own.items():
        if field != without and getattr(filters, field) and not set(values) & set(getattr(filters, field)):
            return False
    if filters.witness and not any(
        set(fold(wanted).split()) <= set(fold(name).split()) for wanted in filters.witness for name in testimony.witness.names
    ):
        return False
    if filters.recorded:
        recorded = given(testimony)
        if recorded is None or not any(
            recorded.earliest <= span.last and span.first <= recorded.latest for span in filters.recorded
        ):
            return False
    days_pass = (
        not filters.as_of or without == "as_of" or 0 < public_from(testimony) <= filters.as_of,
        not filters.since or without == "since" or updated(candidate) >= filters.since,
    )
    if not all(days_pass):
        return False
    return without == "flag" or not set(filters.without_flag) & known_flags(passage, filters)


def topics_pass(candidate: Candidate, filters: Filters) -> bool:
    """Ask whether a passage is on any of the topics that are asked for, or on all, and on none that is unwanted."""
    asked = [topic in candidate.topics for topic in filters.topic]
    if asked and not (all(asked) if filters.all_topics else any(asked)):
        return False
    return not any(topic in candidate.topics for topic in filters.without_topic)


def updated(candidate: Candidate) -> int:
    """Give the last day on which a keeper wrote of a passage: in its record's history, or a note in force at it."""
    days = [change.date for change in candidate.testimony.history] + [note.date for note in candidate.passage.notes]
    return max((int(day.replace("-", "")) for day in days), default=0)


def given(testimony: Testimony) -> dates.Bounds | None:
    """Give when an account was recorded, else published; None where nobody can say."""
    parts = (testimony.source.csl.get("issued") or {}).get("date-parts", [[]])[0]
    for written in (testimony.recorded, "-".join(str(part).zfill(2) for part in parts)):
        found = dates.bounds(written) if written else None
        if found:
            return found
    return None


def public_from(testimony: Testimony) -> int:
    """Give the last day on which a record may have become public; 0 where nobody can say."""
    found = given(testimony)
    return found.latest if found else 0


def known_flags(passage: Passage, filters: Filters) -> set[str]:
    """Give the flags of the notes that could be known on the day asked for."""
    found = set()
    for note in passage.notes:
        known = dates.bounds(note.known) if note.known else None
        if not filters.as_of or known is None or known.latest <= filters.as_of:
            found.add(note.flag)
    for note in passage.replaced if filters.as_of else ():
        known, until = dates.bounds(note.known) if note.known else None, [dates.bounds(each) for each in note.until]
        if (known is None or known.latest <= filters.as_of) and all(each and filters.as_of < each.latest for each in until):
            found.add(note.flag)
    return found


def entry_passes(entry: CampEntry, testimony: Testimony, filters: Filters, without: str = "") -> bool:
    """Ask whether one entry meets all conditions on place, time and vantage point together."""
    for field in ENTRY_FIELDS:
        if field != without and getattr(filters, field) and getattr(entry, field) not in getattr(filters, field):
            return False
    if not filters.period or without in {"period", "decade"}:
        return True
    told = told_of(entry, testimony)
    return told is not None and any(
        (span.first <= told.earliest and told.latest <= span.last)
        if span.within
        else (told.earliest <= span.last and span.first <= told.latest)
        for span in filters.period
    )


def told_of(entry: CampEntry, testimony: Testimony) -> Any:
    """Give the bounds of an entry's period, an open end closed by the day of recording; None where undated."""
    period = dates.bounds(entry.period) if entry.period else None
    return dates.close_at(period, dates.bounds(testimony.recorded)) if period else None


def undated(found: list[Candidate], filters: Filters) -> int:
    """Count the passages that times alone keep out, and each of them because they are undated."""
    timeless = filters._replace(period=(), recorded=())
    number = 0
    for each in found:
        if passes(each, filters) or not passes(each, timeless):
            continue
        kept = [entry for entry in each.passage.entries if entry_passes(entry, each.testimony, filters, "period")]
        undated_told = all(told_of(entry, each.testimony) is None for entry in kept)
        period_fits = undated_told or passes(each, timeless._replace(period=filters.period))
        recorded_fits = given(each.testimony) is None or passes(each, timeless._replace(recorded=filters.recorded))
        number += period_fits and recorded_fits
    return number


def values(field: str, candidate: Candidate, filters: Filters) -> set[str]:
    """Give the values of a facet that a passage carries."""
    testimony, passage = candidate.testimony, candidate.passage
    own: dict[str, Iterable[str]] = {
        "flag": known_flags(passage, filters),
        "topic": candidate.topics,
        "kind": (testimony.kind,),
        "reliability": (testimony.reliability,),
        "language": tuple(each.language for each in candidate.spoken),
    }
    if field in own:
        return {value for value in own[field] if value}
    kept = [entry for entry in passage.entries if entry_passes(entry, testimony, filters, field)]
    if field == "decade":
        return {decade for entry in kept for decade in dates.decades(told_of(entry, testimony)) or ("undated",)}
    return {getattr(entry, field) for entry in kept if getattr(entry, field)}


def facets(found: list[Candidate], every: list[Candidate], asked: Asked) -> dict[str, dict[str, tuple[int, int]]]:
    """Count every facet: value → passages, testimonies; of a language what its filter finds."""
    filters = asked.filters
    counted = {}
    for field in FACETS:
        having: dict[str, list[str]] = {}
        for each in found if field != "language" else ():
            if passes(each, filters, field):
                for value in values(field, each, filters):
                    having.setdefault(value, []).append(each.passage.code)
        counted[field] = {value: (len(codes), len(set(codes))) for value, codes in having.items()}
    free = matching(every, asked._replace(filters=filters._replace(language=())))
    standing = {each.language for found in free if passes(found, filters, "language") for each in found.spoken}
    for tag in standing:
        of_tag = asked._replace(filters=filters._replace(language=(tag.casefold(),)))
        codes = [each.passage.code for each in matching(every, of_tag) if passes(each, of_tag.filters)]
        if codes:
            counted["language"][tag] = (len(codes), len(set(codes)))
    return counted


# Scores


def terms(text: str) -> list[str]:
    """Give the terms of a text: the stems of its words, and the pairs of neighbouring syllables."""
    found = []
    for word in words(text):
        for number, run in enumerate(spelled(word)):
            if not is_syllable(run[0]):
                found.append(stem(run))
            elif len(run) == 1:
                found.append(run)
            else:
                found += [run[0]] if number else []
                found += [run[at : at + 2] for at in range(len(run) - 1)]
    return found


def sought(word: str) -> list[str]:
    """Give the terms of a word of a query: as `terms`, its first pair also as it is typed."""
    found = []
    for runs in words(word):
        for run in runs:
            if not is_syllable(run[0]):
                found.append(stem(run))
            elif len(run) == 1:
                found += list(dict.fromkeys([northern(run), run]))
            else:
                pairs = [run[at : at + 2] for at in range(len(run) - 1)]
                found += list(dict.fromkeys([northern(run[0]) + run[1], *pairs]))
    return found


def rounded(length: int) -> int:
    """Round a length as Lucene does: what is above 24 to its first four bits, downwards."""
    above = max(0, length - 24)
    return length if above < 16 else 24 + (above >> above.bit_length() - 4 << above.bit_length() - 4)


def score(question: Iterable[str], every: list[Candidate], candidate: Candidate) -> float:
    """Give the BM25 of a long question, added up over its terms and the fields; that of the language that has the best.

    Own words are held against those of all passages, words of versions against those of all versions, whatever place they have
    in their record; footnotes against footnotes, so that a field counts the texts that have anything in it.
    What a passage has in all languages, as its title, is held against all passages.
    """
    counted, light = Counter[str](), Counter[str]()
    for word in question:
        (light if fold(word) in EMPTY else counted).update(sought(word))
    asked = dict(counted) or dict(light)
    return max(_score_in(at, asked, every, candidate) for at in range(len(candidate.spoken)))


def _score_in(language: int, asked: Mapping[str, float], every: list[Candidate], candidate: Candidate) -> float:
    total = 0.0
    for field, light in WEIGHTS.items():
        at = language if field in {"text", "footnote"} else 0
        spoken = [(each, slot) for each in every for slot in range(len(each.spoken)) if bool(slot) == bool(at)]
        bags = [terms(each.spoken[slot].fields[field]) for each, slot in spoken]
        lengths = [rounded(len(bag)) for bag in bags]
        texts = sum(map(bool, bags))
        mean = sum(map(len, bags)) / (texts or 1)
        own = spoken.index((candidate, at))
        for term, weight in asked.items():
            having = sum(term in bag for bag in bags)
            times = Counter(bags[own])[term]
            rarity = math.log(1 + (texts - having + 0.5) / (having + 0.5))
            long = 1 - 0.75 + 0.75 * lengths[own] / (mean or 1)
            total += weight * light * rarity * times * (1.2 + 1) / (times + 1.2 * long) if times else 0.0
    return total
