"""Where every term of an edition stands, in memory: for the builder, which writes it and asks it.

Documents are numbered in three runs::

    0 … units − 1              a passage in one of its languages: its text, then its footnotes
    units … + passages − 1     the claims of the archive on a passage
    … + records − 1            the title of a record, then the names of its witness

Between the texts of a document stand so many words that no phrase reaches over.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from archive.analysis import tokens
from archive.analysis.positions import phrase_places
from archive.engine import _columns as columns
from archive.engine import _plan as plans
from archive.named_tuple import NamedTuple
from archive.search.model import Record
from archive.search.syntax import And, NameQuery, Node, Or, Phrase, Word
from archive.text import fold

if TYPE_CHECKING:
    from archive.record.testimony import Passage, Testimony

GAP: Final = 128
"""Words between two texts of a document, more than may stand between words that are near."""


class SearchedText(NamedTuple):
    """A passage in one of its languages: the number of the passage, and the tag of the language."""

    passage: int
    language: str


class TermPlaces:
    """The terms of the records of an edition, each with its documents and positions."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Read every word of the records that may be searched."""
        self.records: list[Testimony] = []
        self.passages: list[tuple[int, Passage]] = []
        self.units: list[SearchedText] = []
        self.terms: dict[str, dict[int, list[int]]] = {}
        self.forms: dict[str, str] = {}
        """Each word of letters as it is folded, and the term that a query asks for by it."""
        in_units: list[tuple[str, str]] = []
        claims: list[str] = []
        for record in records:
            testimony = record.testimony
            searchable = columns.searchable_claims(testimony, list(record.passages))
            for passage in record.passages:
                texts = [(testimony.language, passage.words, passage.below)]
                texts += [(version.language, version.words, version.below) for version in passage.versions]
                for language, words, below in texts:
                    self.units.append(SearchedText(len(self.passages), language))
                    in_units.append((words, " · ".join(below)))
                on_it = (claim.text for claim in searchable if passage.number in claim.paragraphs)
                claims.append(columns.CLAIM_GAP.join(on_it))
                self.passages.append((len(self.records), passage))
            self.records.append(testimony)
        of_records = [(testimony.title, " · ".join(testimony.witness.names)) for testimony in self.records]
        self.first_claim = len(in_units)
        for document, texts_of in enumerate([*in_units, *((text,) for text in claims), *of_records]):
            self._add(document, texts_of)

    def _add(self, document: int, texts: Sequence[str]) -> None:
        word = 0
        for text in texts:
            last = word
            for token in tokens.tokens(text):
                at = word * tokens.STRIDE + token.position
                self.terms.setdefault(token.term, {}).setdefault(document, []).append(at)
                last = at // tokens.STRIDE
            word = last + GAP
            self.learn(text)

    def works(self) -> dict[str, list[int]]:
        """Return the numbers of the passages that are of each work, or cite it."""
        having: dict[str, list[int]] = {}
        for number, (record, passage) in enumerate(self.passages):
            for named in columns.works(self.records[record], passage):
                having.setdefault(named.removeprefix(plans.OF_WORK).removeprefix(plans.CITING), []).append(number)
        return having

    def learn(self, text: str) -> None:
        """Take note of the words of a text in letters, so that a query with them is read."""
        for word in tokens.each_word(text):
            of_word = [token for token in tokens.tokens(word.written) if token.form]
            for token in of_word:
                self.forms.setdefault(token.form, token.term)
            if len(of_word) > 1 and (whole := fold(word.written)) in self.forms:
                self.forms[whole] = plans.to_units(word.written)[0].terms[0][0]  # of several the one that a query asks for

    # What the interpretation of a query asks of an index

    def find(self, node: Node) -> set[int]:
        """Return the documents that a word, a phrase or a name in the text stands in."""
        if isinstance(node, Or | And):
            sets = list(map(self.find, node.parts))
            return set[int]().union(*sets) if isinstance(node, Or) else set.intersection(*sets)
        if isinstance(node, NameQuery):
            return set[int]().union(*(self.find(Phrase(spelling)) for spelling in node.spellings))
        assert isinstance(node, Word | Phrase), node  # noqa: S101 - what stands in a table of the edition
        (near,) = plans.highlight_targets(node, self._lexicon)
        if not isinstance(near, plans.Near) or not near.units:
            return set()
        if len(near.units) == 1 and len(near.units[0].terms) == 1:
            return set[int]().union(*(self.terms.get(term, ()) for term in plans.single(near.units[0].terms[0], self._lexicon)))
        having = (
            set[int]().union(*(self.terms.get(term, ()) for term in spellings)) for unit in near.units for spellings in unit.terms
        )
        candidates = set.intersection(*having)
        wanted = {term for unit in near.units for spellings in unit.terms for term in spellings}
        return {
            document
            for document in candidates
            if phrase_places(near.units, {term: self.terms.get(term, {}).get(document, ()) for term in wanted})
        }

    def is_found(self, node: Node) -> bool:
        """Return whether anything but a claim has some words."""
        after = self.first_claim + len(self.passages)
        return any(document < self.first_claim or document >= after for document in self.find(node))

    def _lexicon(self, _field: str, prefix: str) -> Iterator[str]:
        return (term for term in self.terms if term.startswith(prefix))

    def to_text(self, term: str) -> str:
        """Write where a term stands: ``document,place,place;…``, each number the step from the one before, in base 36.

        A place is the word, and where that is not its first the syllable in it, as ``word.syllable``.
        """
        pieces, before = [], 0
        for document, positions in sorted(self.terms[term].items()):
            places, last = [], 0
            for word, at_word in groupby(sorted(set(positions)), lambda at: at // tokens.STRIDE):
                for at in at_word:
                    place = at % tokens.STRIDE
                    places.append(_base36(word - last) + (f".{_base36(place)}" if place else ""))
                    last = word
            pieces.append(",".join([_base36(document - before), *places]))
            before = document
        return ";".join(pieces)


_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def _base36(number: int) -> str:
    written = ""
    while True:
        number, digit = divmod(number, 36)
        written = _DIGITS[digit] + written
        if not number:
            return written
