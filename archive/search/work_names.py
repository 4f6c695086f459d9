"""The words by which people ask for a work: its title, its authors, its publisher, each also with its year or its kind.

Made at indexing and kept beside an index; a name is known by its key, in any
order of its words (`archive.search.label_keys`). What is as likely asked for
itself is no name of a work: a title of the words that all accounts have, the
subject of an entry in an encyclopedia, a newspaper of one common word.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from archive.analysis import tokens
from archive.record.work import issue_date
from archive.search import _general_words as general_words
from archive.search.label_keys import KINDS, WHOLE, is_among, is_function, key
from archive.text import regex

_SUBTITLE: Final = regex(r"\s*(?::|\s[-\u2013\u2014]\s|\().*")
_ASIDE: Final = regex(r"\s*(?:\(|,\s+(?:after|edition|2nd|3rd)\b).*")
_DESCRIPTION: Final = regex(r"\(.*\)")
_INITIAL: Final = regex(r"\b[A-Z]\.")
_HANGUL: Final = regex("[\uac00-\ud7a3]")
_FEWEST: Final = 2
_FEWEST_SYLLABLES: Final = 6
_ACRONYM: Final = regex("[A-Z]{4,}")
_NO_SUBJECT_OF_ITS_OWN: Final = "entry-encyclopedia"


class TitleRules:
    """Tells a title that nobody types for another reason from words that are asked for themselves."""

    def __init__(self, is_label: Callable[[str], bool], background: Iterable[str], common_nouns: Iterable[str]) -> None:
        """Take what tells whether a key is a label of the thesaurus, and the words that every account has something of.

        :param common_nouns: words and phrases that are a subject and nobody's name.
        """
        self._is_label, self._background = is_label, frozenset(map(key, background))
        self._common_nouns = frozenset(map(key, common_nouns))

    def is_name(self, title: str) -> bool:
        """Say whether a title names its work: by two words beside those of the background that are no label together."""
        folded = key(title)
        if _HANGUL.search(title):
            return len(folded) >= _FEWEST_SYLLABLES and not self._is_label(folded)
        rest = [word for word in _title_words(title) if not self._is_background(word)]
        return len(rest) >= _FEWEST and not (self._is_label(folded) or self._is_label(key(" ".join(rest))))

    def is_whole(self, title: str) -> bool:
        """Say whether a title has a word of the background, which would not be required, and at least as many of its own."""
        words = _title_words(title)
        own = [word for word in words if self._is_own(word)]
        return len(own) < len(words) <= _FEWEST * len(own) and any(map(self._is_background, words))

    def is_body(self, name: str) -> bool:
        """Say whether a name that is not entered is of a body, and not a subject that people ask for (*The Human Rights*)."""
        return key(" ".join(_title_words(name))) not in self._common_nouns

    def _is_background(self, word: str) -> bool:
        return is_among(word, self._background)

    def _is_own(self, word: str) -> bool:
        folded = key(word)
        is_general = general_words.is_general(word, (folded,)) or word.isdecimal()
        return not (is_general or self._is_background(word) or self._is_label(folded))


def _title_words(title: str) -> list[str]:
    return [word for word in tokens.written_words(title) if not is_function(word)]


def plain_names(sources: Iterable[Mapping[str, Any]], bodies: Iterable[Sequence[str]], rules: TitleRules) -> dict[str, str]:
    """Return the ids of the works that each name stands for, by the key of the name.

    :param sources: the works as they are entered.
    :param bodies: groups of names that are of one author or publisher.
    """
    groups = _groups(bodies)
    names: dict[str, dict[str, None]] = {}
    whole: set[str] = set()
    for source in sources:
        for written, is_whole in _names_of(source, groups, rules):
            folded = key(written)
            names.setdefault(folded, {})[source["id"]] = None
            whole.update([folded] if is_whole else ())
    return {folded: " ".join([WHOLE, *works] if folded in whole else works) for folded, works in sorted(names.items()) if folded}


def _names_of(source: Mapping[str, Any], groups: Mapping[str, Sequence[str]], rules: TitleRules) -> Iterator[tuple[str, bool]]:
    """Yield the names of a work, each with whether it counts as a whole."""
    csl = source["csl"]
    year = issue_date(csl)[:4]
    titles = list(_titles(source, rules))
    people = [person for person in csl.get("author", ()) if person.get("family")]
    bodies = (name for name in _bodies(csl, groups) if key(name) in groups or rules.is_body(name))
    names = [*_people(people), *bodies]
    yield from ((title, rules.is_whole(title)) for title in titles)
    yield from ((name, False) for name in names)
    families = [str(person["family"]) for person in people]
    yield from ((f"{family} {title}", True) for family in families for title in titles)
    yield from ((f"{name} {kind}", True) for name in names for kind in KINDS.get(csl.get("type", ""), KINDS[""]))
    if year:
        yield from ((f"{name} {year}", True) for name in (*titles, *names, *families, *_words_of_bodies(csl, groups)))


def spellings(source: Mapping[str, Any], bodies: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield all that a work may be called by, as it is written: its titles, its authors, its publishers, its kind."""
    csl = source["csl"]
    yield from (*source.get("also", ()), str(csl["title"]))
    people = [person for person in csl.get("author", ()) if person.get("family")]
    yield from (*_people(people), *(str(person["family"]) for person in people))
    yield from (*_body_names(csl), *_bodies(csl, _groups(bodies)))
    yield from KINDS.get(csl.get("type", ""), KINDS[""])


def _groups(bodies: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {key(name): tuple(group) for group in bodies for name in group}


def _titles(source: Mapping[str, Any], rules: TitleRules) -> Iterator[str]:
    """Yield the titles of a work by which it is asked for; one in round brackets describes it and is none."""
    yield from source.get("also", ())
    csl = source["csl"]
    title = str(csl["title"])
    if csl.get("type") == _NO_SUBJECT_OF_ITS_OWN or _DESCRIPTION.fullmatch(title):
        return
    yield from (each for each in dict.fromkeys((title, _SUBTITLE.sub("", title))) if rules.is_name(each))


def _people(people: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Yield the names of authors, without initials; a name with a hyphen also in one word and in two."""
    for person in people:
        given = " ".join(_INITIAL.sub(" ", str(person.get("given", ""))).split())
        if given:
            written = f"{given} {person['family']}"
            yield from dict.fromkeys((written, written.replace("-", ""), written.replace("-", " ")))


def _bodies(csl: Mapping[str, Any], groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the names of bodies that wrote or published a work; a single word only where it is entered, or an acronym."""
    for name in _body_names(csl):
        if key(name) in groups:
            yield from groups[key(name)]
        elif len(_title_words(name)) >= _FEWEST or _ACRONYM.fullmatch(name):
            yield name


def _words_of_bodies(csl: Mapping[str, Any], groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the names of bodies that are one common word, and name a work beside its year alone."""
    return (name for name in _body_names(csl) if key(name) not in groups and len(_title_words(name)) < _FEWEST)


def _body_names(csl: Mapping[str, Any]) -> Iterator[str]:
    written = [str(person["literal"]) for person in csl.get("author", ()) if person.get("literal")]
    written += [str(csl[field]) for field in ("publisher", "container-title") if csl.get(field)]
    return (name for name in dict.fromkeys(_ASIDE.sub("", each) for each in written) if name)
