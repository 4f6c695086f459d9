"""Writing what a published page searches in: a head, the vocabulary, and the terms in one file or in many.

Each file is a classic script that calls a function of ``window`` with JSON, so that it also loads from a folder that was
copied to a stick, where a page may ask for no file otherwise.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from archive.analysis import tokens
from archive.authority.authorities import Authorities
from archive.authority.vocabulary import Vocabulary
from archive.engine import _attributes as attributes
from archive.engine import _columns as columns
from archive.engine import _documents as documents
from archive.engine.browser._postings import TermPlaces
from archive.engine.browser._words import QueryVocabulary
from archive.record.testimony import Passage, Testimony
from archive.search.model import FACETS, Record

ALL_IN_ONE: Final = 1_000_000
"""Bytes of postings up to which one file holds them all; a page loads it in a blink."""
OF_A_SHARD: Final = 100_000
"""Bytes that a file holds of more postings, on average."""
MOST_SHARDS: Final = 4_096
_PAIR: Final = 2
_ENTRY: Final = ("camp", "zone", "role", "basis", "status")
_MARKS: Final = ("flag", "topic", "kind", "reliability", "connection", "language", "code")


class SearchFiles:
    """The files of the search of an edition.

    >>> dict(SearchFiles(records, authorities).scripts())["head.js"]
    'H({…})'
    """

    def __init__(self, records: Iterable[Record], authorities: Authorities) -> None:
        """Read every word of the records.

        :param records: as they are published: what is given here can be found by anybody.
        """
        self._authorities = authorities
        self._postings = TermPlaces(records)
        self._languages = {testimony.code: testimony.language for testimony in self._postings.records}
        self._marks = [self._marks_of(*each) for each in self._passages()]

    @property
    def units(self) -> Sequence[tuple[str, int, str]]:
        """The code, the paragraph and the language of each unit: what is shown where the unit is found."""
        return [
            (passage.code, passage.number, unit.language)
            for unit in self._postings.units
            for _, passage in (self._postings.passages[unit.passage],)
        ]

    def own_language(self, code: str) -> str:
        """Return the language of a record's own words."""
        return self._languages[code]

    def scripts(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the content of each file."""
        about = [{**dict(self._values(number)), "concept": self._topics_claimed(number)} for number in range(len(self._marks))]
        vocabulary = QueryVocabulary(self._postings, self._authorities, about).data()
        terms = {term: self._postings.to_text(term) for term in sorted(self._postings.terms)}
        size = sum(len(term) + len(written) + _AROUND for term, written in terms.items())
        shards = 1 if size <= ALL_IN_ONE else min(MOST_SHARDS, -(-size // OF_A_SHARD))
        pairs = "".join(term for term in terms if len(term) == _PAIR and tokens.is_syllabic(term))
        yield "head.js", call("H", {"shards": shards, "pairs": pairs, **self._head()})
        yield "words.js", call("W", vocabulary)
        by_shard: dict[int, dict[str, str]] = {number: {} for number in range(shards)}
        for term, written in terms.items():
            by_shard[shard_of(term, shards)][term] = written
        for number, of_shard in by_shard.items():
            yield f"t{number}.js", call("T", number, of_shard)

    def _passages(self) -> Iterator[tuple[Testimony, Passage]]:
        return ((self._postings.records[record], passage) for record, passage in self._postings.passages)

    def _marks_of(self, testimony: Testimony, passage: Passage) -> dict[str, Any]:
        return columns.marks(testimony, documents.setting_of(passage), self._vocabulary)

    @property
    def _vocabulary(self) -> Vocabulary:
        return self._authorities.vocabulary

    def _values(self, number: int) -> Iterator[tuple[str, Iterable[str]]]:
        record, passage = self._postings.passages[number]
        entries = [columns.about(entry, self._postings.records[record]) for entry in passage.entries]
        return ((facet, attributes.values(facet, entries, self._marks[number])) for facet in FACETS)

    def _topics_claimed(self, number: int) -> list[str]:
        record, passage = self._postings.passages[number]
        claims = columns.concepts(self._postings.records[record], passage, self._vocabulary)
        return [topic for topics, _, _ in claims for topic in topics]

    def _head(self) -> dict[str, Any]:
        """Return what is filtered by: for each passage the numbers of its record, entries, marks and claims in lists of each."""
        listed: dict[str, dict[str, int]] = {"entries": {}, "marks": {}, "claims": {}}
        rows = []
        for (record, passage), marks in zip(self._postings.passages, self._marks, strict=True):
            testimony = self._postings.records[record]
            claims = columns.concepts(testimony, passage, self._vocabulary)
            values = {
                "entries": [_entry(columns.about(entry, testimony)) for entry in passage.entries],
                "marks": {name: _tags(marks[name]) if name == "language" else marks[name] for name in _MARKS},
                "claims": [[topics, [_entry(entry) for entry in entries]] for topics, _, entries in claims],
            }
            numbers = (_number(listed[name], value) for name, value in values.items())
            rows.append([record, *numbers])
        gazetteer = self._authorities.gazetteer
        return {
            "passages": rows,
            "units": [[unit.passage, _tags([unit.language])] for unit in self._postings.units],
            "records": len(self._postings.records),
            **{name: [json.loads(value) for value in values] for name, values in listed.items()},
            "parts": {each.id: list(parts) for each in gazetteer if (parts := gazetteer.parts(each.id))},
        }


_AROUND: Final = 6
"""Bytes that JSON puts around a term and its postings."""


def shard_of(term: str, shards: int) -> int:
    """Return the number of the file that has a term: one for all pairs that begin with a syllable, as the script works it out."""
    number = 0
    for letter in term if term.isascii() else term[:1]:
        number = (number * 31 + ord(letter)) % 1_000_003
    return number % shards


def _entry(about: Sequence[Any]) -> dict[str, Any]:
    """Return an entry with names: its fields that say something, the first and last day that it speaks of."""
    fields: Mapping[str, Any] = {**dict(zip(_ENTRY, about, strict=False)), "days": list(about[5:7]) if about[5] else ""}
    return {name: value for name, value in fields.items() if value}


def _tags(languages: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(tag for language in languages for tag in attributes.ranges(language)))


def _number(listed: dict[str, int], value: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    return listed.setdefault(_json(value), len(listed))


def _json(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # Ends of lines to older readers of scripts, and what would end a script that stands in a page.
    return written.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("<", "\\u003c")


def call(name: str, *values: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Write the call of a function that the page has."""
    return f"{name}({','.join(map(_json, values))});\n"
