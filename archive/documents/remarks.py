"""Remarks in the margin of a .docx, put in by insertions into its bytes: nothing that was there is written anew.

A remark on a citation in a note stands where the body calls the note, one on a
citation in a comment where that comment stands, one in a text box at the
paragraph that holds it: word processors take no remarks elsewhere. The parts
that change are the body (insertions alone), the comments, and the two lists in
which a part for comments is registered; every other part is byte for byte as it was.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from archive.documents._blocks import as_typed
from archive.documents._package import relations_of
from archive.documents._paragraphs import BODY, COMMENTS, WordSpan
from archive.documents.reading import look, refusal
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

_STRICT: Final = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL: Final = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/"
_TYPES: Final = "[Content_Types].xml"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_STRICT_RELATION: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_KINDS: Final = {"footnotes": "footnote", "endnotes": "endnote", COMMENTS: "comment"}
_EMPTY: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_PACKAGE}relationships"></Relationships>'
)
_BODY_END = re.compile(rb"</(?:[\w.-]+:)?body\s*>")
_SECTION = re.compile(rb"<(?:[\w.-]+:)?sectPr[\s/>]")
_ID = re.compile(rb"""\bid\s*=\s*["']([0-9]{1,8})["']""")
_INITIALS: Final = 4
_NEW: Final = "comments.xml"


class Remark(NamedTuple):
    """A remark on a paragraph, by its number: patterns of the words that it is about, the first that is found, and its lines."""

    paragraph: int
    about: tuple[str, ...]
    lines: tuple[str, ...]
    reference: str


def open_document(content: bytes, name: str) -> "RemarkableDocument":
    """Read the paragraphs of a .docx.

    :raises UnreadableDocument: it is none, is damaged, or is written in another encoding than UTF-8.
    """
    found = look(content, "docx", name)
    return RemarkableDocument(content, found["paragraphs"], found["parts"], name)


class RemarkableDocument:
    """A .docx that takes remarks."""

    def __init__(self, content: bytes, paragraphs: Sequence[Any], parts: Mapping[str, str], name: str) -> None:
        self._content, self._paragraphs, self._parts = content, paragraphs, parts
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self._body = package.read(parts[BODY])
        head = self._body[:200]
        if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"encoding=" in head and b"utf-8" not in head.lower()):
            raise refusal(name, tr("it is written in another encoding than UTF-8; open it in a word processor and save it again"))
        self._calls = {
            (kind, id_): (start, end) for each in paragraphs if each["part"] == BODY for kind, id_, start, end in each["calls"]
        }

    def paragraphs(self) -> Iterator[tuple[int, str]]:
        """Yield the paragraphs with their numbers; they are those of the XML, also of notes and comments."""
        for number, each in enumerate(self._paragraphs):
            if self._anchor(number) is not None:
                yield number, as_typed(each["text"])

    def _anchor(self, number: int, about: Iterable[str] = ()) -> tuple[int, int] | None:
        """Return the bytes of the body that a remark is about; None where it can stand nowhere."""
        paragraph = self._paragraphs[number]
        part = paragraph["part"]
        if part in _KINDS:
            return self._calls.get((_KINDS[part], paragraph["id"]))
        if part != BODY:
            return None
        spans = [WordSpan(*each) for each in paragraph["spans"] if each[3] > each[2]]
        found = next(filter(None, (re.search(each, paragraph["text"]) for each in about)), None)
        if found:
            over = [each for each in spans if each.first < found.end() and found.start() < each.last]
            if over:
                return min(each.start for each in over), max(each.end for each in over)
        return (spans[0].start, spans[0].end) if spans else None

    def with_remarks(self, remarks: Sequence[Remark], summary: Sequence[str], author: str) -> bytes:
        """Return the document with remarks, and at its end a page whose first line is a heading.

        :param author: of the remarks.
        """
        with zipfile.ZipFile(io.BytesIO(self._content)) as package:
            members = {entry.filename: package.read(entry) for entry in package.infolist()}
            entries = package.infolist()
        name = self._parts.get(COMMENTS, f"{self._parts[BODY].rpartition('/')[0]}/{_NEW}".lstrip("/"))
        # LibreOffice takes a remark for the note of the same number, and then shows no words of the note.
        first = _next_id(
            members.get(part, b"") for part in (name, *(self._parts[kind] for kind in _KINDS if kind in self._parts))
        )
        namespace = _STRICT if _STRICT in self._body else _TRANSITIONAL
        changed = {self._parts[BODY]: self._annotate(remarks, summary, first, namespace.decode())}
        if remarks:
            added = "".join(_comments(remarks, first, author, namespace.decode()))
            changed |= self._with_comments(members, name, added.encode(), namespace.decode())
        return _write(entries, members, changed)

    def _annotate(self, remarks: Sequence[Remark], summary: Sequence[str], first: int, namespace: str) -> bytes:
        inserted: list[tuple[int, int, bytes]] = []
        for number, remark in enumerate(remarks):
            anchor = self._anchor(remark.paragraph, remark.about)
            if anchor is None:
                continue
            mark = f'xmlns:w="{namespace}" w:id="{first + number}"'
            inserted.append((anchor[0], number, f"<w:commentRangeStart {mark}/>".encode()))
            ends = f'<w:commentRangeEnd {mark}/><w:r xmlns:w="{namespace}"><w:commentReference w:id="{first + number}"/></w:r>'
            inserted.append((anchor[1], -number - 1, ends.encode()))
        inserted.append((self._end(), len(remarks) + 1, _page(summary, namespace).encode()))
        pieces, at = [], 0
        for place, _, piece in sorted(inserted):
            pieces += [self._body[at:place], piece]
            at = place
        return b"".join([*pieces, self._body[at:]])

    def _with_comments(self, held: Mapping[str, bytes], name: str, added: bytes, namespace: str) -> dict[str, bytes]:
        """Return the parts that change when comments are added: that of the comments, and where it is new the lists of parts."""
        if name in held:
            return {name: _before(held[name], rb"</(?:[\w.-]+:)?comments\s*>", added)}
        head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:comments xmlns:w="{namespace}">'
        relations = relations_of(self._parts[BODY])
        listed = held.get(relations, _EMPTY.encode())
        number = next(each for each in range(1, len(listed) + 2) if f'"checked{each}"'.encode() not in listed)
        kind = _STRICT_RELATION if namespace.encode() == _STRICT else _RELATION
        relation = f'<Relationship xmlns="{_PACKAGE}relationships" Id="checked{number}" Type="{kind}" Target="{_NEW}"/>'
        override = f'<Override xmlns="{_PACKAGE}content-types" PartName="/{name}" ContentType="{_TYPE}"/>'
        return {
            name: head.encode() + added + b"</w:comments>",
            relations: _before(listed, rb"</(?:[\w.-]+:)?Relationships\s*>", relation.encode()),
            _TYPES: _before(held[_TYPES], rb"</(?:[\w.-]+:)?Types\s*>", override.encode()),
        }

    def _end(self) -> int:
        """Return where the body ends: before the section that closes it, where there is one."""
        ends = [found.start() for found in _BODY_END.finditer(self._body)]
        last = ends[-1] if ends else len(self._body)
        paragraphs = [end for each in self._paragraphs if each["part"] == BODY for *_, end in each["spans"]]
        sections = [found.start() for found in _SECTION.finditer(self._body, max(paragraphs, default=0), last)]
        # A section inside of the last paragraph's properties is not the one of the body.
        closed = [place for place in sections if b"pPr>" not in self._body[place:last]]
        return closed[0] if closed else last


def _page(lines: Sequence[str], namespace: str) -> str:
    """Write a page of its own; it leans on no style of the document."""
    title, *rest = lines
    head = f'<w:p xmlns:w="{namespace}"><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:rPr><w:b/></w:rPr>{_text(title)}</w:r></w:p>'
    return head + "".join(f'<w:p xmlns:w="{namespace}"><w:r>{_text(line)}</w:r></w:p>' for line in rest)


def _text(line: str) -> str:
    """Write words; what XML cannot hold is left out."""
    plain = "".join(
        sign for sign in line if sign == "\t" or (sign >= " " and sign not in "\ufffe\uffff" and not "\ud800" <= sign <= "\udfff")
    )
    return f'<w:t xml:space="preserve">{escape(plain)}</w:t>'


def _comments(remarks: Iterable[Remark], first: int, author: str, namespace: str) -> Iterator[str]:
    initials = "".join(word[0] for word in author.split() if word[0].isalnum())[:_INITIALS]
    for number, remark in enumerate(remarks, start=first):
        lines = "".join(f"<w:p><w:r>{_text(line)}</w:r></w:p>" for line in remark.lines)
        yield (
            f'<w:comment xmlns:w="{namespace}" w:id="{number}" w:author={quoteattr(author)} w:initials={quoteattr(initials)}>'
            f"{lines}</w:comment>"
        )


def _next_id(parts: Iterable[bytes]) -> int:
    return max((int(found) for part in parts for found in _ID.findall(part)), default=-1) + 1


def _before(content: bytes, closing: bytes, added: bytes) -> bytes:
    """Insert before the last closing tag; an element that is closed where it opens is opened."""
    ends = list(re.finditer(closing, content))
    if ends:
        return content[: ends[-1].start()] + added + content[ends[-1].start() :]
    alone = re.search(rb"<([\w.:-]+)((?:\s[^<>]*)?)/>\s*\Z", content)
    if alone is None:
        raise refusal(COMMENTS, tr("it is damaged: its XML is not well formed"))
    return content[: alone.start()] + b"<" + alone[1] + alone[2] + b">" + added + b"</" + alone[1] + b">"


def _write(entries: Iterable[zipfile.ZipInfo], held: dict[str, bytes], changed: dict[str, bytes]) -> bytes:
    """Write the package: its members in their order with their days, new ones at the end."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for entry in entries:
            fresh = zipfile.ZipInfo(entry.filename, entry.date_time)
            fresh.external_attr, fresh.compress_type = entry.external_attr, zipfile.ZIP_DEFLATED
            package.writestr(fresh, changed.get(entry.filename, held[entry.filename]))
        for name, content in changed.items():
            if name not in held:
                package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
