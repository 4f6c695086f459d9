"""What is held back of a collection today, by whatever record: so that nothing old tells it.

Words are compared as they are meant, not as they are written: case, accents,
spaces and punctuation do not count, nor what stands around a sentence now.
"""

import html
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from archive import text
from archive.reader import read
from archive.storage import record_files
from archive.storage.index_state import FileState

_SENTENCE: Final = re.compile(r"[.!?。．！？…;\n]+")
_LETTERS: Final = 12
"""Letters from which a sentence is looked for by itself; shorter ones stand anywhere."""
_RUN: Final = 8
"""Words in a row that are not told where they stand in what is held back, whatever the sentence was made into."""


class WithheldNow:
    """The words that a reader may not see today, of all files of a collection.

    :param states: what the index of this reader tells of each file: what is open and whole in it need not be read.
    """

    def __init__(self, root: Path, states: Mapping[str, FileState]) -> None:
        """Remember where; no file is read before it is asked for."""
        self._root = root
        self._states = states

    def has(self, written: str) -> bool:
        """Return whether a text has words that a record masks today, or that stand in what this reader may not read whole."""
        pieces = [piece_of for piece_of in _pieces(written) if piece_of]
        if any(piece in file_text for file_text in self._held for piece in pieces):
            return True
        return self.masks(written)

    def masks(self, written: str) -> bool:
        """Return whether a text has words that a record masks today."""
        said = read.Said(written)
        return any(map(said.has, self._phrases))

    @cached_property
    def _files(self) -> tuple[str, ...]:
        """The texts of all files that this reader does not read, or not whole."""
        survey = record_files.survey(self._root)
        return tuple(self._texts(survey.fingerprints()))

    def _texts(self, seen: Mapping[str, record_files.Fingerprint]) -> Iterator[str]:
        for path, fingerprint in seen.items():
            state = self._states.get(path)
            if state and state.fingerprint == fingerprint and state.readable and not state.redacted:
                continue
            try:
                content = record_files.read_bytes(self._root, path)
            except OSError:
                continue  # nobody reads it, and so nothing is held back there
            yield content.decode("utf-8", "replace")

    @cached_property
    def _held(self) -> tuple[str, ...]:
        return tuple(_letters_and_digits(file) for file in self._files)

    @cached_property
    def _phrases(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(phrase for file in self._files for phrase in phrases(file)))


def _letters_and_digits(written: str) -> str:
    """Return the letters and digits of a text alone."""
    return "".join(filter(str.isalnum, text.fold(text.without_locators(text.unmark(text.nfc(written))))))


def _pieces(written: str) -> Iterator[str]:
    """Yield what is looked for of a text: all of it, each sentence, and its words in runs."""
    yield _letters_and_digits(written)
    for sentence in _SENTENCE.split(text.unmark(written)):
        if len(joined := _letters_and_digits(sentence)) >= _LETTERS:
            yield joined
    words = [_letters_and_digits(word) for word in text.unmark(written).split()]
    for at in range(len(words) - _RUN + 1):
        yield "".join(words[at : at + _RUN])


_OPENING: Final = re.compile(r"<\s*(?:an|res)\b[^<>]{0,40}>([^<]{0,200})", re.IGNORECASE)
_MOST_WORDS: Final = 6


def phrases(written: str) -> list[str]:
    """Return the words between redaction tags anywhere in a file, and those after a tag that is never closed."""
    plain = text.nfc(html.unescape(written))
    phrase_list = read.withheld_phrases(plain)
    for opening in _OPENING.finditer(plain):
        if not plain.startswith("</", opening.end()):
            words = opening[1].split()[:_MOST_WORDS]
            phrase_list += [" ".join(words[: at + 1]) for at in range(len(words))]
    return phrase_list
