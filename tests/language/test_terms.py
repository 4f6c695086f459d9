"""The Korean: one word for one thing, as the list in `docs/languages.md` has it, and particles that fit any value."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from babel.messages.pofile import read_po

from archive.reader import read
from running import TOP

LIST: Final = TOP / "docs" / "languages.md"
CATALOGUE: Final = TOP / "archive" / "language" / "locale" / "ko" / "LC_MESSAGES" / "testimony.po"
LABELLED: Final = (
    *("flag", "topic", "kind", "status", "basis", "role", "connection", "rendering", "relation", "seen", "sensitive"),
    *("name_kind", "zone", "note_status", "consent", "access", "reliability", "facility_type", "statement", "measure", "verdict"),
)

_TYPED = re.compile(
    r"`[^`]*`|\{program\} [a-z]+|\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|(?<!\w)--?[a-z][a-z-]*|testimony [a-z]+|[a-z]+: true"
    r"|https?://\S+|[\w-]+\.[a-z]+\b|CODE\S*|testimonies/"
)
"""What stands in a message and is typed, or filled in: it is the same in every language."""

EXCEPT: Final[Mapping[tuple[str, str], str]] = {
    ("code", "Codes"): "of other classifications",
    ("code", "Write the code of the language, as en, ko or ko-KP."): "of a language",
    ("code", "has a key that {known}; a version has schema, code, language, text, cites and pairs"): "a key",
    ("root", "has a second root"): "of a document in YAML",
    ("paragraph", "needs either paragraphs or record: true, and not both"): "a key",
    ("summary", "is summary, and the record gives the words of a witness"): "a value",
    ("camp", "stands here and under camps; give it under camps alone"): "a key",
    ("camp", "Life after the camp"): "출소 is what leaving one is called",
    ("camp", "Arrival in a camp"): "입소 is what entering one is called",
    ("camp", "Labour training camps"): "단련대 is what such a facility is called, 수용소 is another kind",
    ("caveat", "note {number}"): "of a document of somebody's, whose notes are footnotes",
    ("version", "no version"): "stands behind 다른 언어판",
    ("version", "several versions"): "stands behind 다른 언어판",
}
"""Where a term means something else, or is typed: the term and the message, with the reason."""


COUNTS: Final = frozenset({"count", "files", "passages", "told"})
"""Values that are counts of things."""
_PARTICLE = re.compile(r"\{([a-z_0-9]+)[^}]*\}['\"”’`]?(?:을|를|이|가|은|는|과|와|으?로|이?라)(?=[\s,.;:)]|$)")


class Term(NamedTuple):
    """A term as it is written in English, in its forms, and how Korean has it; several words where the sense decides."""

    english: tuple[str, ...]
    korean: tuple[str, ...]

    def stands_in(self, message: str) -> bool:
        """Say whether a message has the term, in one of its forms, as a word that is read and not typed."""
        forms = "|".join(form for each in self.english for form in (re.escape(each), re.escape(plural(each))))
        return re.search(rf"(?<![\w-])(?:{forms})(?![\w-])", untyped(message), re.IGNORECASE) is not None

    def is_kept(self, translation: str) -> bool:
        """Say whether a translation has one of the words that are its own; an argument is written without a space."""
        return any(word in translation or word.replace(" ", "") in translation for word in self.korean)


@cache
def untyped(message: str) -> str:
    """Return what is read of a message."""
    return _TYPED.sub(" ", message)


def plural(english: str) -> str:
    """Return the plural of a term."""
    return f"{english[:-1]}ies" if re.search(r"[^aeiou]y$", english) else f"{english}{'es' if english.endswith('o') else 's'}"


def terms(page: str) -> tuple[Term, ...]:
    """Read the list of terms of a page: the rows of the table under the heading "Terms in Korean"."""
    table = page.partition("## Terms in Korean\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([a-z].*?) \| (.*?[가-힣].*?) \|", table, re.MULTILINE)
    return tuple(Term(tuple(english.split(", ")), tuple(re.sub(r" \(.*?\)", "", korean).split(", "))) for english, korean in rows)


@cache
def messages() -> tuple[tuple[str, str], ...]:
    """Return each message of ours with its translation."""
    with CATALOGUE.open("rb") as file:
        ours = [each for each in read_po(file, locale="ko") if each.id]
    pairs = [(each.id, each.string) if isinstance(each.id, str) else (each.id[0], each.string[0]) for each in ours]
    return tuple((str(english), str(korean)) for english, korean in pairs)


def labels(nowhere: Path) -> Iterator[tuple[str, str]]:
    """Yield each label of the vocabularies in English and in Korean; ``nowhere`` has no lists of its own."""
    vocabulary = read.read_authorities(nowhere).vocabulary
    for name in LABELLED:
        for term in vocabulary.terms(name):
            yield term.label["en"], term.label["ko"]


def strays(term: Term, said: Iterable[tuple[str, str]]) -> list[str]:
    """Return what has a term in English, and another word for it in Korean."""
    return [
        f"{english!r}: {korean!r}"
        for english, korean in said
        if term.stands_in(english) and not term.is_kept(korean) and (term.english[0], english) not in EXCEPT
    ]


EVERY: Final = terms(LIST.read_text(encoding="utf-8"))
every_term = pytest.mark.parametrize("term", EVERY, ids=lambda term: term.english[0])


@every_term
def test_a_term_is_one_word_in_all_messages(term: Term) -> None:
    """Whoever reads 유의사항 here and 주석 there looks for two things."""
    assert not strays(term, messages())


@every_term
def test_a_term_is_one_word_in_all_labels(term: Term, tmp_path: Path) -> None:
    """Labels of flags, topics, kinds and the other lists keep to the same words."""
    assert not strays(term, labels(tmp_path))


@every_term
def test_a_term_of_the_list_is_said_somewhere(term: Term, tmp_path: Path) -> None:
    """The list holds no word that would hold nothing."""
    assert any(term.stands_in(english) for english, _ in (*messages(), *labels(tmp_path)))


def test_an_exception_is_of_what_is_said_and_of_a_term_that_is_listed(tmp_path: Path) -> None:
    """What is gone is no exception any more."""
    said = {english for english, _ in (*messages(), *labels(tmp_path))}
    listed = {term.english[0]: term for term in EVERY}
    for term, message in EXCEPT:
        assert message in said
        assert listed[term].stands_in(message)


def test_no_particle_hangs_on_the_last_sound_of_what_is_filled_in() -> None:
    """이 or 가, 을 or 를: which one is right is known of a count, which ends in 개 or 건, and of no other value."""
    assert not [said for _, said in messages() if unsure(said)]


def unsure(said: str) -> bool:
    """Say whether a particle that depends on a last sound stands behind a value."""
    return any(name not in COUNTS for name in _PARTICLE.findall(said))


def test_a_particle_that_does_not_fit_is_noticed() -> None:
    """The control."""
    assert unsure("{code}는 없습니다")
    assert unsure("`show {code}`로")
    assert not unsure("{code}은(는) {name}: 없습니다. {count}가, {code}에")


def test_another_word_for_a_term_is_noticed() -> None:
    """The control: the tests above can fail, and see no term in what is typed."""
    caveat = Term(("caveat",), ("유의사항",))
    assert strays(caveat, iter([("Caveats in force.", "적용되는 주석.")]))
    assert not strays(caveat, iter([("Caveats in force.", "적용되는 유의사항."), ("`caveat` {caveats} --caveat", "주석")]))
    assert len(EVERY) > 30
