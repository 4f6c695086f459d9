"""What an index keeps of a passage, field by field, and how its words are cut; loaded only where an index is written."""

from typing import Final

from archive.analysis import tokens
from archive.engine._plan import WORKS, field_of
from archive.engine.whoosh._facet_counts import LAST, ONCE
from archive.engine.whoosh.file_storage import WritableFiles
from archive.engine.whoosh.segment.inverter import Analyser, IndexedField, TermOccurrences
from archive.engine.whoosh.segment.toc import TableOfContents
from archive.engine.whoosh.segment.writer import InvertingWriter
from archive.record.languages import MOST_VERSIONS
from archive.search.model import FACETS


def _is_simple(word: str) -> bool:
    return word.isascii() and word.isalpha() and len(word) <= tokens.LONGEST


def _term(word: str) -> str:
    # An index asks for each word once: nothing is kept of it here a second time.
    return tokens.stem.__wrapped__(word.lower()) if _is_simple(word) else ""


def _terms(word: str) -> TermOccurrences:
    found = list(tokens.tokens(word))
    places = found[-1].position + 1 if found else 0
    return TermOccurrences(
        tuple(each.term for each in found), tuple(each.position for each in found), 1 + places // tokens.STRIDE
    )


def _form(word: str) -> str:
    return word.lower() if _is_simple(word) else ""


def _forms(word: str) -> TermOccurrences:
    forms = tuple(form.text for form in tokens.forms(word))
    return TermOccurrences(forms, tuple(range(len(forms))))


TERMS: Final = Analyser(tokens.STRIDE, tokens.found_words, _term, _terms)
"""Gives the terms of `archive.analysis.tokens`, with their positions."""
FORMS: Final = Analyser(1, tokens.found_words, _form, _forms)
"""Gives the folded, unstemmed words, for prefix, wildcard and fuzzy search."""

_SLOTS: Final = range(MOST_VERSIONS + 1)
_SEARCHED: Final = (
    *("text", "footnote", "title", "witness", "claims"),
    *(field_of(slot, name) for slot in _SLOTS[1:] for name in ("text", "footnote")),
)
_VALUES: Final = (*FACETS, *(field_of(slot, "language") for slot in _SLOTS), "connection", "concept", WORKS, LAST, ONCE, "hash")

FIELDS: Final = {
    **dict.fromkeys(_SEARCHED, IndexedField("placed", TERMS)),
    **{field_of(slot, "words"): IndexedField("plain", FORMS) for slot in _SLOTS},
    **dict.fromkeys(_VALUES, IndexedField("plain")),
    "code": IndexedField("plain", column=True),
    **dict.fromkeys(("paragraph", "about", "marks", "concepts", "passages", "record"), IndexedField(column=True)),
}
"""The fields of a passage in the index.

``text footnote title witness words claims`` are searched, ``concept`` are the topics of claims, ``work`` the works
that a passage is of, or cites; ``code`` finds and deletes a record, ``hash`` finds a passage by the hash of its words;
the facets and ``connection`` are fields of values, ``last`` marks the last passage
of a record; ``code paragraph about marks concepts`` are columns to sort, filter and count by;
``text_1 footnote_1 words_1`` and so on are those of versions in other
languages, slot by slot (`archive.engine._plan.field_of`), and ``language_0`` and so on say in which.
``passages record`` hold all that is printed: ``record`` in a record's first
passage, ``passages`` in the first of each block of them.
"""


def writer(files: WritableFiles, *, anew: bool = False) -> InvertingWriter:
    """Return a writer.

    :param anew: begin with nothing, whatever is there.
    :raises DamagedIndex: the index that is to be changed cannot be opened.
    """
    return InvertingWriter(files, FIELDS, before=TableOfContents(0) if anew else None)
