"""What word processors write (.docx, .docm, .odt, .rtf): paragraphs, headings, rows of tables and notes, as pandoc reads them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from archive.documents import reading
from archive.documents.model import CALL, NOTES, BlockKind, DocumentBlock, count_letters
from archive.keeping.importing._model import CLOSE, OPEN, STRUCK, LeftOut, Part, SourceRemark, SourceText, note_call, remark_call
from archive.keeping.importing._registry import Options
from archive.keeping.importing._times import TimeCodes
from archive.language.messages import mark

DELETIONS: Final = mark("tracked deletions")
REMARKS: Final = mark("comments")
MARGINS: Final = mark("headers and footers")
HIDDEN: Final = mark("hidden text")
_COUNTED: Final = {"deleted": DELETIONS, "comments": REMARKS, "margins": MARGINS, "hidden": HIDDEN}
_KINDS: Final = {BlockKind.DELETION: DELETIONS, BlockKind.COMMENT: REMARKS, BlockKind.MARGIN: MARGINS}
_UNCOUNTED: Final = mark("nothing but its reader can count the letters of this kind of file")


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return the one text of a document. See `archive.keeping.importing._registry.Reader`."""
    document, counted = reading.read_words(content, name, with_calls=options.remarks)
    numbers = Counter(block.kind for block in document.blocks)
    calls = {block.name: at for at, block in enumerate((each for each in document.blocks if each.kind in NOTES), start=1)}
    remarks = tuple(
        SourceRemark(block.text, block.number) for block in document.blocks if options.remarks and block.kind is BlockKind.COMMENT
    )
    times = TimeCodes(_parts(document.blocks, calls))
    notes = tuple(Part(_without_calls(block.text, None), added=block.added) for block in document.blocks if block.kind in NOTES)
    beside = _omissions(counted, numbers, document.blocks)
    left_out = (*(each for each in beside if not (remarks and each.what == REMARKS)), *times.left_out)
    letters = sum(counted.values())
    source = SourceText(times.parts, letters, notes, left_out, warnings=times.warnings, remarks=remarks)
    if document.has_struck and any("~~" in part.text for part in (*times.parts, *notes)):
        source = source._replace(warnings=(*source.warnings, (STRUCK, {})))
    if not counted:  # of RTF there is no plain count
        total = source.taken + sum(each.letters for each in left_out)
        source = source._replace(letters=total, warnings=(*source.warnings, (_UNCOUNTED, {})))
    return [source]


def _parts(blocks: Iterable[DocumentBlock], calls: Mapping[str, int]) -> Iterator[Part]:
    for block in blocks:
        text = _without_calls(block.text, calls)
        if block.kind is BlockKind.HEADING:
            yield Part(text, level=block.level, added=block.added)
        elif block.kind in {BlockKind.PARAGRAPH, BlockKind.ROW, BlockKind.BOX}:
            yield Part(text, f"¶ {block.number}" if block.kind is not BlockKind.BOX else "", added=block.added)


def _without_calls(text: str, calls: Mapping[str, int] | None) -> str:
    """Return words with the calls of notes and comments as a record has them; with none where ``calls`` is None."""
    bare = text.replace(OPEN, "").replace(CLOSE, "")
    if calls is None:
        return CALL.sub("", bare)
    return CALL.sub(lambda call: note_call(calls[call[1]]) if call[1] in calls else _remark(call[1]), bare)


def _remark(name: str) -> str:
    """Return the call of a comment by the name that it has in the document, "" of what is none."""
    kind, _, number = name.rpartition("-")
    return remark_call(int(number)) if kind == f"@{BlockKind.COMMENT}" else ""


def _omissions(
    counted: Mapping[str, int], numbers: Mapping[BlockKind, int], blocks: Iterable[DocumentBlock]
) -> Iterator[LeftOut]:
    said = Counter[str]()
    for block in blocks:
        if block.kind in _KINDS:
            said[_KINDS[block.kind]] += count_letters(block.text)
    for key, what in _COUNTED.items():
        letters = counted.get(key, 0) if counted else said[what]
        number = next((numbers[kind] for kind, each in _KINDS.items() if each == what), 0)
        if letters or number:
            yield LeftOut(what, max(1, number), letters)
