"""PDF with text: paragraphs, each with the page on which it begins, and the pages that begin within it."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from archive.documents import reading
from archive.documents.model import DocumentBlock
from archive.documents.reading import refusal
from archive.keeping.importing._model import CLOSE, OPEN, LeftOut, Part, SourceText
from archive.keeping.importing._registry import Options
from archive.keeping.importing._times import TimeCodes
from archive.language.messages import mark, tr

HEADS: Final = mark("running heads of pages")
PICTURES: Final = mark("pages without text, which may be pictures: {pages}")
MACHINE: Final = mark("pages whose words a machine has read from a picture: {number}")
_HANGUL_WORD: Final = re.compile(r"[가-힣]+")
_MOST_SINGLE: Final = 0.4  # of the Hangul words: more have one syllable alone only where a machine has cut them up
_FEWEST: Final = 40
_MOST_UNKNOWN: Final = 0.05  # of the signs


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return the one text of a PDF. See `archive.keeping.importing._registry.Reader`."""
    del options
    document, counted = reading.read_words(content, name)
    text = " ".join(block.text for block in document.blocks)
    _refuse_what_is_no_text(text, name)
    times = TimeCodes(_parts(document.blocks))
    heads = (LeftOut(HEADS, counted["number of heads"], counted["heads"]),) if counted["number of heads"] else ()
    warnings = [*times.warnings, *((each, {}) for each in document.unread)]
    if counted["machine-read"]:
        warnings.append((MACHINE, {"number": counted["machine-read"]}))
    return [
        SourceText(
            times.parts,
            counted["words"],
            left_out=(*heads, *times.left_out),
            warnings=tuple(warnings),
            machine_read=bool(counted["machine-read"]),
        )
    ]


def _refuse_what_is_no_text(text: str, name: str) -> None:
    words = _HANGUL_WORD.findall(text)
    if len(words) > _FEWEST and sum(len(word) == 1 for word in words) > _MOST_SINGLE * len(words):
        why = tr("its Hangul is cut into syllables, as a machine reads it from a picture; no search would find its words")
        raise refusal(name, why)
    unknown = sum(not (sign.isprintable() or sign.isspace()) or "\ue000" <= sign <= "\uf8ff" or sign == "\ufffd" for sign in text)
    if unknown > _MOST_UNKNOWN * len(text):
        raise refusal(name, tr("its fonts do not say which letters they show; have its pages read by OCR first"))


def _parts(blocks: Iterable[DocumentBlock]) -> Iterator[Part]:
    for block in blocks:
        yield Part(
            block.text.replace(OPEN, "").replace(CLOSE, ""), f"p. {block.label}" if block.label else f"file p. {block.page}"
        )
