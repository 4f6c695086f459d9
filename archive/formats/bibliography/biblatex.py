"""biblatex, for LaTeX, pandoc, JabRef and Zotero: each value on one line, in braces, with nothing that TeX obeys."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.entries import SUMMARY, Entry, SourceEntry

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


def entries(listed: Iterable[Entry]) -> Iterator[str]:
    """Write entries."""
    for entry in listed:
        yield f"@{_kind(entry)}{{{entry.key},"
        for name, value in values(entry):
            if value:
                yield f"  {name} = {value},"
        yield "}"


_KINDS: Final = {
    "article-magazine": "article",
    "article-newspaper": "article",
    "article-journal": "article",
    "book": "book",
    "chapter": "incollection",
    "dataset": "dataset",
    "entry-encyclopedia": "inreference",
    "motion_picture": "movie",
    "post-weblog": "online",
    "report": "report",
    "webpage": "online",
}
"""The type of a work in CSL → that of its entry; every other is ``misc``."""
_IN_A_BOOK: Final = frozenset({"incollection", "inreference"})
_NAMED_TYPES: Final = {
    "interview": "interview",
    "hearing": "hearing",
    "speech": "speech",
    "map": "map",
    "broadcast": "broadcast",
    "personal_communication": "personal communication",
}


def _kind(entry: Entry) -> str:
    if isinstance(entry, SourceEntry):
        return _KINDS.get(str(entry.work.get("type", "")), "misc")
    return "book" if entry.type == SUMMARY else "misc"


def values(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry as they are written, with their names; "" where there is nothing."""
    if isinstance(entry, SourceEntry):
        yield from _of_source(entry)
        return
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


def _of_source(entry: SourceEntry) -> Iterator[tuple[str, str]]:
    work, kind = entry.work, _kind(entry)

    def text(name: str) -> str:
        return f"{{{escaped(str(work[name]))}}}" if work.get(name) else ""

    named = str(work.get("type", ""))
    yield "author", _names(bibliography.people(work, "author"))
    yield "editor", _names(bibliography.people(work, "editor"))
    yield "translator", _names(bibliography.people(work, "translator"))
    yield "title", f"{{{{{escaped(entry.title)}}}}}"
    yield "shorttitle", f"{{{{{escaped(entry.short)}}}}}"
    container = "journaltitle" if kind == "article" else "booktitle" if kind in _IN_A_BOOK else "organization"
    yield container, text("container-title")
    yield "publisher" if kind in {"book", *_IN_A_BOOK} else "institution", text("publisher")
    yield "location", text("publisher-place")
    yield "edition", text("edition")
    yield "number", text("number")
    yield "isbn", text("ISBN")
    yield "pages", text("page")
    yield "date", _date(bibliography.issued(entry))
    yield "type", f"{{{_NAMED_TYPES[named]}}}" if named in _NAMED_TYPES else ""
    reached = str(work.get("URL") or "")
    yield "url", f"{{{_address(reached)}}}" if reached else ""
    yield "urldate", f"{{{entry.cited.accessed}}}" if entry.cited.accessed and reached == entry.cited.address else ""
    yield "library", f"{{{escaped(entry.archive)}}}"
    yield "keywords", f"{{{escaped(', '.join(entry.keywords))}}}" if entry.keywords else ""
    yield "note", f"{{{escaped(entry.mark)}}}"
    yield "annotation", f"{{{escaped(entry.citation)}}}"


def _names(people: Iterable[Mapping[str, Any]]) -> str:
    """Write names: the family's before a comma, as it was entered; what was not parted is kept whole."""
    written = []
    for person in people:
        family, given = str(person.get("family", "")), str(person.get("given", ""))
        whole = str(person.get("literal") or "")
        if whole or not (family and given):
            written.append(f"{{{escaped(whole or family or given)}}}")
        else:
            written.append(f"{{{escaped(family)}}}, {{{escaped(given)}}}")
    return f"{{{' and '.join(written)}}}" if written else ""


def _address(address: str) -> str:
    """Write an address as biblatex reads it, which takes it word by word; what could end the field is sent as its code."""
    return "".join(f"%{ord(c):02X}" if c in "{}\\" else c for c in address)


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
