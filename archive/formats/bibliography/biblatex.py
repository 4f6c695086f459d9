"""biblatex, for LaTeX, pandoc, JabRef and Zotero: each value on one line, in braces, with nothing that TeX obeys."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from archive.citing.excerpt import RecordOutput, SearchOutput
from archive.formats.bibliography import entries as bibliography
from archive.formats.bibliography.entries import BibliographyEntry, Entry, SourceEntry

_ESCAPED: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
}
_WIDE: Final = str.maketrans("{}", "｛｝")
_LIGATURE: Final = re.compile(r"(?<=-)(?=-)|(?<=')(?=')")


def pages(output: SearchOutput | RecordOutput) -> Iterator[str]:
    """Write the passages of a search or of a record, one entry each."""
    yield from entries(bibliography.passages(output))


answer = pages


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
_TEXTS: Final = {"location": "publisher-place", "edition": "edition", "number": "number", "isbn": "ISBN", "pages": "page"}
_NAMED_TYPES: Final = {
    "interview": "interview",
    "hearing": "hearing",
    "speech": "speech",
    "map": "map",
    "broadcast": "broadcast",
    "personal_communication": "personal communication",
}


def _kind(entry: Entry) -> str:
    return _KINDS.get(str(entry.work.get("type", "")), "misc")


def values(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry as they are written, with their names; "" where there is nothing."""
    work, kind = entry.work, _kind(entry)

    def text(name: str) -> str:
        return f"{{{escape(str(work[name]))}}}" if work.get(name) else ""

    yield "author", _names(bibliography.people(work, "author"))
    if isinstance(entry, SourceEntry):
        yield "editor", _names(bibliography.people(work, "editor"))
        yield "translator", _names(bibliography.people(work, "translator"))
    # A second pair of braces keeps a title's capitals as they are.
    yield "title", f"{{{{{escape(entry.title)}}}}}"
    yield "shorttitle", f"{{{{{escape(entry.short)}}}}}"
    if isinstance(entry, SourceEntry):
        container = "journaltitle" if kind == "article" else "booktitle" if kind in _IN_A_BOOK else "organization"
        yield container, text("container-title")
        yield "publisher" if kind in {"book", *_IN_A_BOOK} else "institution", text("publisher")
        yield from ((field, text(name)) for field, name in _TEXTS.items())
    yield "date", _date(entry.issued)
    named = str(work.get("type", ""))
    yield "type", f"{{{_NAMED_TYPES[named]}}}" if named in _NAMED_TYPES else ""
    if isinstance(entry, SourceEntry):
        reached = str(work.get("URL") or "")
        yield "url", f"{{{_address(reached)}}}" if reached else ""
        yield "urldate", f"{{{day}}}" if (day := entry.access_day(work)) else ""
    yield "library", f"{{{escape(entry.archive)}}}"
    if isinstance(entry, BibliographyEntry):
        yield "langid", f"{{{escape(entry.language)}}}"
    yield "keywords", f"{{{escape(', '.join(entry.keywords))}}}" if entry.keywords else ""
    yield "note", f"{{{escape(entry.mark)}}}"
    yield "annotation", f"{{{escape(entry.citation)}}}"


def _names(people: Iterable[Mapping[str, Any]]) -> str:
    """Write names, the family's before a comma."""
    written = [", ".join(f"{{{escape(part)}}}" for part in bibliography.name_parts(person)) for person in people]
    return f"{{{' and '.join(written)}}}" if written else ""


def _address(address: str) -> str:
    """Write an address as biblatex reads it, which takes it word by word; what could end the field is sent as its code."""
    return "".join(f"%{ord(c):02X}" if c in "{}\\" else c for c in address)


def _date(written: str) -> str:
    """Return a date in EDTF, which biblatex reads; nothing for the undated."""
    return f"{{{written}}}" if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}~?", written) else ""


def escape(text: str) -> str:
    """Escape a value. Braces are counted by every reader, so those that do not pair become wide ones."""
    plain = text if _is_paired(text) else text.translate(_WIDE)
    return "".join(_ESCAPED.get(c, c) for c in _LIGATURE.sub("\0", plain)).replace("\0", "{}")


def _is_paired(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0
