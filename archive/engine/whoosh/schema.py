"""Making and writing the index: its fields, in Whoosh's words, and the index of packed segments that holds them.

Loaded only where an index is written, or asked with Whoosh's own queries: a
search reads the files by `archive.engine.whoosh.segment.index_reader` alone. No file of an index
is code; Whoosh's own pickles are never written and never read.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh import columns, fields, formats
from whoosh.analysis import Token as WhooshToken
from whoosh.analysis import Tokenizer
from whoosh.filedb.filestore import RamStorage, Storage
from whoosh.index import EmptyIndexError

from archive.analysis import tokens
from archive.engine._plan import WORKS, field_of
from archive.engine.whoosh._facet_counts import LAST, ONCE
from archive.engine.whoosh._file_storage import FolderStorage
from archive.engine.whoosh.segment.inverter import TermOccurrences
from archive.engine.whoosh.segment.whoosh_index import PackedIndex
from archive.engine.whoosh.segment.writer import InvertingWriter
from archive.errors import DamagedIndex
from archive.language.messages import tr
from archive.record.languages import MOST_VERSIONS
from archive.search.model import FACETS

__all__ = [
    "Storage",
    "close_all",
    "create",
    "folder_storage",
    "memory_storage",
    "opened",
    "schema",
    "writer",
]


def _is_simple(word: str) -> bool:
    return word.isascii() and word.isalpha() and len(word) <= tokens.LONGEST


class PassageTokenizer(Tokenizer):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Gives Whoosh the terms of `archive.analysis.tokens`, with their positions."""

    def __call__(self, value: str, **_options: Any) -> Iterator[WhooshToken]:  # noqa: ANN401 - Whoosh's options
        """Yield one token object again and again, as Whoosh expects."""
        token = WhooshToken()
        token.boost = 1.0
        for form in tokens.tokens(value):
            token.text = form.term
            token.pos = form.position
            yield token

    step = tokens.STRIDE
    find = staticmethod(tokens.found_words)

    @staticmethod
    def term(word: str) -> str:
        """Return the term of a word that is just one, or ""."""
        # An index asks for each word once: nothing is kept of it here a second time.
        return tokens.stem.__wrapped__(word.lower()) if _is_simple(word) else ""

    @staticmethod
    def spread(word: str) -> TermOccurrences:
        """Return the terms of a word by itself."""
        forms = list(tokens.tokens(word))
        places = forms[-1].position + 1 if forms else 0
        return TermOccurrences(
            tuple(form.term for form in forms), tuple(form.position for form in forms), 1 + places // tokens.STRIDE
        )


class FormTokenizer(Tokenizer):  # type: ignore[misc]  # Whoosh's base class is not typed
    """Gives Whoosh the folded, unstemmed words, for prefix, wildcard and fuzzy search."""

    def __call__(self, value: str, **_options: Any) -> Iterator[WhooshToken]:  # noqa: ANN401 - Whoosh's options
        """Yield one token object again and again, as Whoosh expects."""
        token = WhooshToken()
        token.boost = 1.0
        for position, form in enumerate(tokens.forms(value)):
            token.text = form.text
            token.pos = position
            yield token

    step = 1
    find = staticmethod(tokens.found_words)

    @staticmethod
    def term(word: str) -> str:
        """Return the form of a word that has just one, or ""."""
        return word.lower() if _is_simple(word) else ""

    @staticmethod
    def spread(word: str) -> TermOccurrences:
        """Return the forms of a word by itself."""
        forms = tuple(form.text for form in tokens.forms(word))
        return TermOccurrences(forms, tuple(range(len(forms))))


class FormsField(fields.TEXT):  # type: ignore[misc]  # Whoosh's base class is not typed
    """A field that only tells which words are there."""

    def __init__(self) -> None:
        """Keep neither how often nor where."""
        super().__init__(analyzer=FormTokenizer(), phrase=False, stored=False)
        self.format = formats.Existence()
        self.scorable = False


class ValuesField(fields.FieldType):  # type: ignore[misc]  # Whoosh's base class is not typed
    """A field of values, each a term as it is: what a facet counts and a filter asks for."""

    analyzer = None
    indexed = True
    stored = False
    unique = False
    scorable = False
    vector = None
    column_type = None

    def __init__(self) -> None:
        """Keep only which values are there."""
        self.format = formats.Existence()

    def index(self, value: tuple[str, ...], **_options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:  # noqa: ANN401 - Whoosh's options
        """Yield each value once, as Whoosh takes terms."""
        return ((name.encode(), 1, 1.0, b"") for name in dict.fromkeys(value))


def schema() -> fields.Schema:
    """Return the fields of a passage in the index.

    ``text footnote title witness words claims`` are searched, ``concept`` are the topics of claims, ``work`` the works
    that a passage is of, or cites; ``code`` finds and deletes a record, ``hash`` finds a passage by the hash of its words;
    the facets and ``connection`` are fields of values, ``last`` marks the last passage
    of a record; ``code paragraph about marks concepts`` are columns to sort, filter and count by;
    ``text_1 footnote_1 words_1`` and so on are those of versions in other
    languages, slot by slot (`archive.engine._plan.field_of`), and ``language_0`` and so on say in which.
    ``passages record`` hold all that is printed: ``record`` in a record's first
    passage, ``passages`` in the first of each block of them.
    """
    column = columns.VarBytesColumn
    searched = {
        name: fields.TEXT(analyzer=PassageTokenizer(), phrase=True, stored=False)
        for name in ("text", "footnote", "title", "witness", "claims")
    }
    slots = range(MOST_VERSIONS + 1)
    for slot in slots[1:]:
        for name in ("text", "footnote"):
            searched[field_of(slot, name)] = fields.TEXT(analyzer=PassageTokenizer(), phrase=True, stored=False)
    languages = [field_of(slot, "language") for slot in slots]
    return fields.Schema(
        **searched,
        **{field_of(slot, "words"): FormsField() for slot in slots},
        **{name: ValuesField() for name in (*FACETS, *languages, "connection", "concept", WORKS, LAST, ONCE, "hash")},
        code=fields.ID(stored=False, sortable=column()),
        paragraph=fields.COLUMN(column()),
        about=fields.COLUMN(column()),
        marks=fields.COLUMN(column()),
        concepts=fields.COLUMN(column()),
        passages=fields.STORED(),
        record=fields.STORED(),
    )


def folder_storage(folder: Path) -> Storage:
    """Return the storage of an index in a folder."""
    return FolderStorage(folder)


def close_all(storage: Storage) -> None:
    """Close what an error left open."""
    for file in getattr(storage, "open_files", ()):
        if not file.is_closed:
            with contextlib.suppress(OSError, ValueError):  # what could not be written before cannot be now
                file.close()


def memory_storage() -> Storage:
    """Return the storage of an index in memory, for a collection that cannot be written to."""
    return RamStorage()


def create(storage: Storage) -> PackedIndex:
    """Make an empty index.

    :raises OSError: it cannot be written, or was taken away.
    """
    with _there():
        return PackedIndex.create(storage, schema())


def opened(storage: Storage) -> PackedIndex:
    """Open an index; the schema is ours, never one that lies in a file.

    :raises DamagedIndex: it cannot be opened.
    """
    try:
        return PackedIndex(storage, schema())
    except DamagedIndex:
        raise
    except Exception as error:
        # Whoosh raises its own errors and OSError; all mean the same here.
        message = tr("the index cannot be opened: {name}", name=type(error).__name__)
        raise DamagedIndex(message, tr("`testimony index --rebuild` makes it anew.")) from error


def writer(ours: PackedIndex) -> InvertingWriter:
    """Return a writer.

    :raises LockError: another one is at work.
    :raises OSError: the index was taken away.
    """
    with _there():
        return InvertingWriter(ours)


@contextlib.contextmanager
def _there() -> Iterator[None]:
    """Tell an index that somebody deletes while it is written as the system tells a file that is not there."""
    try:
        yield
    except EmptyIndexError as error:
        raise FileNotFoundError(2, tr("its folder was taken away while it was written")) from error
