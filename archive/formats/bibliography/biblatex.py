"""biblatex, for LaTeX, pandoc, JabRef and Zotero: each value on one line, in braces, with nothing that TeX obeys."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.entries import SUMMARY, BibliographyEntry

_ESCAPED: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
}
_WIDE: Final = str.maketrans("{}", "｛｝")
_LIGATURE: Final = re.compile(r"(?<=-)(?=-)|(?<=')(?=')")


def answer(answer: SearchOutput) -> Iterator[str]:
    """Write a search: one entry a hit."""
    yield from entries(bibliography.passages(answer.shown, answer.authorities))


def pages(pages: RecordOutput) -> Iterator[str]:
    """Write passages of one record, one entry each."""
    yield from entries(bibliography.passages(pages.shown, pages.authorities))


def entries(found: Iterable[BibliographyEntry]) -> Iterator[str]:
    """Write entries."""
    for entry in found:
        yield f"@{'book' if entry.type == SUMMARY else 'misc'}{{{entry.key},"
        for name, value in values(entry):
            if value:
                yield f"  {name} = {value},"
        yield "}"


def values(entry: BibliographyEntry) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry as they are written, with their names; "" where there is nothing."""
    # A second pair of braces keeps a name whole and a title's capitals as they are.
    yield "author", f"{{{{{escaped(entry.author)}}}}}"
    yield "title", f"{{{{{escaped(entry.title)}}}}}"
    yield "shorttitle", f"{{{{{escaped(entry.short)}}}}}"
    yield "date", _date(entry.issued)
    yield "type", "" if entry.type == SUMMARY else "{interview}"
    yield "library", f"{{{escaped(entry.archive)}}}"
    yield "langid", f"{{{escaped(entry.language)}}}"
    yield "keywords", f"{{{escaped(', '.join(entry.keywords))}}}" if entry.keywords else ""
    yield "note", f"{{{escaped(entry.mark)}}}"
    yield "annotation", f"{{{escaped(entry.citation)}}}"


def _date(written: str) -> str:
    """Return a date in EDTF, which biblatex reads; nothing for the undated."""
    return f"{{{written}}}" if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}~?", written) else ""


def escaped(text: str) -> str:
    """Escape a value. Braces are counted by every reader, so those that do not pair become wide ones."""
    plain = text if _paired(text) else text.translate(_WIDE)
    return "".join(_ESCAPED.get(c, c) for c in _LIGATURE.sub("\0", plain)).replace("\0", "{}")


def _paired(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0
