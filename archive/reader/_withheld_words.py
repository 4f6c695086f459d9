"""Header text that repeats what the body withholds: a redaction that is told elsewhere hides nothing.

Compared as a search compares (`archive.analysis.tokens`), and with spaces and hyphens
folded, so that no query for what is withheld finds where it is told. The words
themselves are in no message.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from archive import text
from archive.analysis import tokens
from archive.language.messages import tr
from archive.reader._header import Header, VersionHeader
from archive.record import paragraphs
from archive.storage.record_files import SEALED

Place = tuple[Any, ...]

RUN: Final = 3
"""Words in a row of a withheld sentence that may not be repeated; of a name it is the whole."""
_LETTERS_THAT_TELL: Final = 6
_SYLLABLES_THAT_TELL: Final = 2
_CALLED = text.regex(r"모(?:씨|$)|아무개|씨|군(?:$|[은이을의과])|양(?:$|[은이을의과])|님|옹|선생")
"""What stands behind a family name where a person is called by it alone."""
# Fields whose words come from a list, or that are numbers, days or hashes.
_NO_TEXT: Final = frozenset(
    {
        "schema_version",
        "code",
        "kind",
        "language",
        "original_language",
        "rendering",
        "name_kind",
        "connection",
        "camp",
        "camps",
        "zone",
        "period",
        "born",
        "date",
        "known",
        "information",
        "reliability",
        "seen",
        "seen_on",
        "level",
        "until",
        "status",
        "flag",
        "type",
        "topics",
        "sensitive",
        "sha256",
        "key",
        "imported",
        "words",
        "paragraphs",
        "against",
        "was_public",
        "record",
        "issued",
        "origin",
        "pairs",
        "accessed",
    }
)


def repeats(head: Header | VersionHeader, path: str, body: str) -> Iterator[tuple[Place, str]]:
    """Yield every place in a header, and the file's name, that repeats withheld words."""
    if not paragraphs.has_redaction(body):
        return
    withheld = [(run, phrase) for run in paragraphs.split_blocks(body) for phrase in _phrases(run.text)]
    for where, written in header_texts(head, path):
        for run in dict.fromkeys(run for run, phrase in withheld if says(written, phrase)):
            place = (
                text.paragraphs_named([run.number])
                if run.number
                else tr("the {kind} in line {line} of the body", kind=run.kind, line=run.line)
            )
            if where == ("code",):
                yield where, tr("the file's name repeats words that are withheld in {place}", place=place)
            else:
                yield where, tr("repeats words that are withheld in {place}", place=place)


def header_texts(head: Header | VersionHeader, path: str) -> Iterator[tuple[Place, str]]:
    """Yield everything in a header that is written in words, and the file's name."""
    yield from ((where, written) for where, written in _texts(head.model_dump(), ()) if not _is_basis(where))
    if not path.endswith(SEALED):
        yield ("code",), PurePosixPath(path).stem.partition("-")[2]


def withheld_phrases(body: str) -> list[str]:
    """Return what may be repeated nowhere else, for a look across records."""
    return [phrase for run in paragraphs.split_blocks(body) for phrase in _phrases(run.text)]


def says(written: str, phrase: str) -> bool:
    """Return whether a text has a phrase, its words in that order, or run together where that still tells."""
    return Said(written).has(phrase)


class Said:
    """A text of which is asked for many phrases whether it has them."""

    def __init__(self, written: str) -> None:
        """Take its words, stemmed and as they stand, with and without what is tied together taken apart."""
        ways = ((True, False), (False, False), (True, True), (False, True))
        words = {(stemmed, apart): tokens.sames(written, stemmed=stemmed, apart=apart) for stemmed, apart in ways}
        self._words = {way: (parts, "".join(parts)) for way, parts in words.items()}

    def has(self, phrase: str) -> bool:
        """Return whether it has a phrase, its words in that order, or run together where that still tells."""
        for (stemmed, apart), (words, run_together) in self._words.items():
            joined = "".join(tokens.sames(phrase, stemmed=stemmed, apart=apart))
            if joined and joined in run_together and (_tells(joined) or _is_whole(joined, words)):
                return True
        return False


def _is_whole(joined: str, words: list[str]) -> bool:
    """Return whether some words in a row are these letters, wherever one ends and the next begins: ``U.S.A.`` is ``USA``.

    A family name of one syllable is told by the word with which a person is called by it too: ``박씨``, ``김모``.
    """
    if len(joined) == 1 and any(word[0] == joined and _CALLED.match(word, 1) for word in words if len(word) > 1):
        return True
    for at in range(len(words)):
        run = ""
        for word in words[at:]:
            run += word
            if run == joined:
                return True
            if len(run) >= len(joined):
                break
    return False


def _tells(joined: str) -> bool:
    if joined.isascii():
        return len(joined) >= _LETTERS_THAT_TELL
    return len(joined) >= _SYLLABLES_THAT_TELL


def _phrases(run: str) -> Iterator[str]:
    for tag, words in paragraphs.redactions(run):
        run_words = _words(text.without_locators(words))
        size = max(1, len(run_words)) if tag == "an" else min(RUN, max(1, len(run_words)))
        for at in range(len(run_words) - size + 1):
            yield " ".join(run_words[at : at + size])
        if tag == "an" and len(run_words) > 1:
            yield " ".join(reversed(run_words))
            yield " ".join([*run_words[1:], run_words[0]])  # the family name last


def _words(written: str) -> list[str]:
    return [word.written for word in tokens.each_word(text.nfc(written))]


def _texts(value: Any, where: Place) -> Iterator[tuple[Place, str]]:  # noqa: ANN401 - any part of a header
    if isinstance(value, str):
        if value:
            yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict) or key not in _NO_TEXT or "csl" in where:
                yield from _texts(inner, (*where, key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*where, number))


def _is_basis(where: Place) -> bool:
    """Return whether a place holds a term: the basis or role of a camp or a claim."""
    return where[:1] in {("camps",), ("claims",)} and where[-1] in {"basis", "role", "zone"}
