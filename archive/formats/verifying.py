"""A file that somebody wrote, held against the collection: its text where it is one, else what its own program would show."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final, Protocol

from archive.citing import mentions, part_marks, without_hash
from archive.citing.mentions import Mention
from archive.citing.part_marks import CONTRADICTIONS, MARK_MISSING, SHEET, UNCHANGED, PartVerdict
from archive.citing.verification import RecordSource, Verdict
from archive.documents import captions
from archive.documents.model import CALL, BlockKind, DocumentBlock, as_lines
from archive.errors import UnreadableDocument
from archive.formats._zotero_lines import as_ris, is_zotero
from archive.formats.verdicts import Verified
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record.testimony import PUBLIC

MOST_BYTES: Final = 20_000_000
"""Of a file that is text."""
_READING: Final = "archive.documents.reading"
"""Loaded by name: it starts other programs, and a text needs none."""
_PARTS: Final = "archive.formats._verified_parts"
"""Loaded by name: it weighs anew what is in the collection, and most texts have no part that was."""

_HEADING: Final = re.compile(r"<h[1-6][^<>]*>")
_TAGS: Final = re.compile(r"<[^<>]*>")
_IN_TEXT: Final = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.ROW})
_BEFORE: Final = re.compile(r"^[\W\d_]+")
_IDS: Final = re.compile(r'"id": ?"([^"\n]+)"')


class NamedSource(RecordSource, Protocol):
    """The collection, which can name its codes, and weigh what is in it (`archive.formats._verified_parts.Weighed`)."""

    def as_public(self) -> "NamedSource":
        """Return the collection as the public sees it."""

    def codes(self) -> Sequence[str]:
        """Return every code in archive order."""


def verify(
    archive: NamedSource, content: bytes, name: str, judge: Callable[[Iterable[Mention]], tuple[Verdict, ...]]
) -> Verified:
    """Return what has become of each citation of a file.

    :param judge: holds citations against the collection.
    :raises UnreadableDocument: it is damaged, too large, or of a kind that is not read.
    """
    reading: Any = import_module(_READING)
    form = "xlsx" if reading.is_workbook(content) else reading.form_of(content, name)
    blocks: tuple[DocumentBlock | None, ...] = ()
    unread: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    if form in {"", "html"}:
        text = _decode(content, name)
        if not form and captions.are_captions(text):
            text, lines = captions.running(text.replace("\r\n", "\n").replace("\r", "\n"))
        if is_zotero(text):
            text = as_ris(text)
    else:
        document = reading.read(content, name, with_struck=True)
        text, blocks = as_lines(document)
        unread = document.unread
    found = judge(mentions.find(text, archive.authorities.name(), is_laid_out=form == "pdf"))
    if lines:
        found = tuple(
            verdict._replace(mention=verdict.mention._replace(lines=_in_file(verdict.mention.lines, lines))) for verdict in found
        )
    prefixes = frozenset(code.partition("-")[0] for code in (*archive.codes(), *archive.withdrawn()))
    is_public = all(verdict.mention.clearance == PUBLIC for verdict in found)
    shown = _without_notes(blocks) if blocks else text
    seen = archive.as_public() if is_public else archive
    if form == "xlsx":
        parts, unmarked = import_module(_PARTS).verify_sheets(reading.sheets(content, name), seen)
    else:
        parts, unmarked = _parts(DocumentWords(text, shown, form), found, seen)
    told = _contradictions(text, archive.authorities.conflicts) if found else ()
    if form == "pdf":
        unmarked, told = tuple(each for each in part_marks.PARTS if each in unmarked or (told and each == CONTRADICTIONS)), ()
    elif CONTRADICTIONS in {part.name.removeprefix(SHEET) for part in parts}:
        told = ()
    elif told:
        told = import_module(_PARTS).not_as_they_stand(told, shown, archive.authorities)
        unmarked = tuple(each for each in unmarked if each != CONTRADICTIONS)
    without = without_hash.find(text, found, archive, prefixes)
    if lines:
        without = tuple(each._replace(lines=_in_file(each.lines, lines)) for each in without)
    return Verified(
        name=name,
        verdicts=found,
        unhashed=without,
        blocks=blocks,
        unread=unread,
        form=form,
        contradictions=told,
        parts=parts,
        unmarked=unmarked,
    )


def _in_file(at: Iterable[int], lines: Sequence[int]) -> tuple[int, ...]:
    """Return the lines of a file at which some lines of its running text stand."""
    return tuple(dict.fromkeys(lines[line - 1] for line in at))


def with_page(verified: Verified, page: PartVerdict) -> Verified:
    """Return what has become of a document that is a page of ours, which was held against the page of today as a whole.

    Where it is as it is today, so are the words and caveats beside each citation, in whatever shape they stand there.
    """
    if page.outcome != UNCHANGED:
        return verified._replace(parts=(*verified.parts, page))
    verdicts = tuple(each._replace(misquoted=(), altered=(), words_compared=True) for each in verified.verdicts)
    return verified._replace(verdicts=verdicts, parts=(page,), unmarked=(), contradictions=())


class DocumentWords(NamedTuple):
    """The words of a document: all of them by line, those of its text alone, and its form as "docx"."""

    text: str
    shown: str
    form: str


def _parts(
    words: DocumentWords, found: Sequence[Verdict], archive: NamedSource
) -> tuple[tuple[PartVerdict, ...], tuple[str, ...]]:
    """Return what has become of the parts of a document, and which have no mark in one that never had any.

    :param archive: as it was seen by who made the document.
    """
    parts: tuple[PartVerdict, ...] = ()
    if words.form == "pdf":  # heads and feet of pages stand between the words of a part
        there = part_marks.standing(words.shown) if found else frozenset()
        return parts, tuple(each for each in part_marks.PARTS if each in there)
    if part_marks.may_stand_in(words.text):
        weighing: Any = import_module(_PARTS)
        parts, unmarked = weighing.verify_fields(words.text, archive)
        if parts or unmarked:
            return parts, unmarked
        parts = weighing.verify(words.shown, _above(found, words.text), archive)
    without = part_marks.without_mark(words.shown) if found else frozenset()
    unmarked = tuple(each for each in part_marks.PARTS if each in without)
    if unmarked and (parts or part_marks.says_it_is_marked(words.shown)):
        return (*parts, *(PartVerdict(each, MARK_MISSING) for each in unmarked)), ()
    return parts, unmarked


def _above(verdicts: Sequence[Verdict], text: str) -> list[Verdict]:
    """Return the verdicts on what is cited above the works: below them are the passages that pictures name."""
    last = part_marks.line_of_works(text)
    return [verdict for verdict in verdicts if last is None or verdict.mention.lines[0] <= last]


def _without_notes(blocks: Iterable[DocumentBlock | None]) -> str:
    """Return the paragraphs, headings and rows of a document, without what is written beside them or said of a table."""
    every = [block for block in blocks if block and block.kind in _IN_TEXT]
    texts = [CALL.sub("", block.text) for block in every]
    rows = [" · ".join(text.split(" | ")) for text in texts]
    kept = [
        f"> {text}" if every[at].quoted else text
        for at, text in enumerate(texts)
        if not (every[at + 1 :] and every[at + 1].kind is BlockKind.ROW != every[at].kind and text.endswith(rows[at + 1]))
    ]
    return "\n\n".join(kept)


def _contradictions(text: str, conflicts: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the ids of the contradictions that a document tells: a line, or an object of JSON, begins with it.

    A workbook has the statements alone.
    """
    lines = _HEADING.sub("\n", text).splitlines()
    begins = (_BEFORE.sub("", _TAGS.sub("", line)).split(maxsplit=1) for line in lines)
    written = [words[0] for words in begins if words] + _IDS.findall(text)
    stated = (each for each, entry in conflicts.items() if any(str(claim["says"]) in text for claim in entry.get("claims", ())))
    return tuple(sorted({*stated, *(each for each in written if each in conflicts)}))


def _decode(content: bytes, name: str) -> str:
    if len(content) > MOST_BYTES:
        message = tr("{name} is larger than {most_bytes} MB", name=name, most_bytes=MOST_BYTES // 1_000_000)
        raise UnreadableDocument(message, tr("Split it, or take out what is no text."))
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return content.decode("utf-16" if wide else "utf-8", "replace")
