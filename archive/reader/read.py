"""From the bytes of a file to a `Testimony`, or to every fault of it.

The only door to YAML, front matter and pydantic. Strict where the libraries
are kind: python-frontmatter takes a header that never ends for body text, so
that ``access: restricted`` vanishes; YAML makes 18 of camp ``022``. Here
nothing is guessed at. A raw header never leaves this room.
"""

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import frontmatter
from frontmatter.default_handlers import BaseHandler
from pydantic import BaseModel, ValidationError

from archive import text
from archive.authority.authorities import Authorities
from archive.errors import Declared, Fault, InvalidTestimony
from archive.language.messages import tr
from archive.reader import _header as header_schema
from archive.reader import _rewrite as rewrite
from archive.reader import yaml_nodes
from archive.reader._faults import dotted_name, schema_fault, tags
from archive.reader._rules import broken_rules, misplaced_notes
from archive.reader._withheld_words import Said, repeats, says, withheld_phrases
from archive.reader.authorities import naming_records, read_authorities
from archive.record import hashing, paragraphs
from archive.record.testimony import (
    About,
    CampEntry,
    Change,
    Cite,
    Claim,
    Name,
    Note,
    Relation,
    Source,
    Testimony,
    TextVersion,
    Witness,
    reference,
)
from archive.storage.record_files import language_of

__all__ = [
    "MOST_BYTES",
    "Said",
    "body_of",
    "comments",
    "dotted_name",
    "in_order",
    "json_schema",
    "naming_records",
    "nodes",
    "place",
    "read",
    "read_authorities",
    "says",
    "split",
    "version_json_schema",
    "withheld_phrases",
    "write",
    "write_version",
]

_T = TypeVar("_T")

MOST_BYTES: Final = 10_000_000
_MOST_HEADER: Final = 64 * 1024
_BORDER: Final = "---"
_BOM: Final = "\ufeff"
_LONE_CR = re.compile(r"\r(?!\n)")

json_schema = header_schema.json_schema
version_json_schema = header_schema.version_json_schema
_KEYS: Final = header_schema.keys()


class FrontMatter(BaseHandler):
    """A front-matter handler that splits at ``---`` alone and never falls back to "no header".

    The library strips the text before it splits, which would hide a blank
    first line and move the line numbers of the body; so the borders are judged
    on the text as it was written.
    """

    def __init__(self, written: str, path: str) -> None:  # no super: its boundaries are not used here
        self.written, self.path = written, path
        self.root: yaml_nodes.Node | None = None
        self.faults: list[Fault] = []
        self.header = self.body = ""
        self.body_line = 1

    def split(self, text: str) -> tuple[str, str]:
        """Split into header and body; a missing border is a fault."""
        del text
        lines = self.written.split("\n")
        if lines[0] != _BORDER:
            self._refuse(1, tr('does not open with a line "---"'))
        for number, line in enumerate(lines[1:], start=2):
            if line == _BORDER:
                self.header, self.body = "\n".join(lines[1 : number - 1]), "\n".join(lines[number:])
                self.body_line = number + 1
                break
            if line.rstrip() in {"...", _BORDER}:
                self._refuse(number, tr('ends with {line!r}; close it with a line "---" and nothing else', line=line))
        else:
            self._refuse(len(lines), tr('is never closed with a line "---"'))
        if len(self.header.encode()) > _MOST_HEADER:
            self._refuse(1, tr("is larger than {most_header} KB", most_header=_MOST_HEADER // 1024))
        return self.header, self.body

    def load(self, fm: str) -> dict[str, Any]:
        """Read the header as nodes; returns its plain text values."""
        self.root, load_faults = yaml_nodes.load(fm, self.path, 2)
        self.faults = [fault._replace(field=place(fault.field)) for fault in load_faults]
        return self.root.plain() if self.root else {}

    def _refuse(self, line: int, message: str) -> None:
        raise InvalidTestimony((Fault(self.path, line, "header", message),))


def _decode(content: bytes, path: str) -> str:
    if len(content) > MOST_BYTES:
        message = tr("is larger than {most_bytes} MB", most_bytes=MOST_BYTES // 1000000)
        raise InvalidTestimony((Fault(path, 1, "file", message),))
    try:
        decoded = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = tr("is not UTF-8; save it as UTF-8")
        raise InvalidTestimony((Fault(path, line, "file", message),)) from error
    if decoded.startswith(_BOM):
        message = tr("begins with a byte-order mark; save it as UTF-8 without one")
        raise InvalidTestimony((Fault(path, 1, "file", message),))
    lone = _LONE_CR.search(decoded)
    if lone:
        line = decoded.count("\n", 0, lone.start()) + 1
        raise InvalidTestimony((Fault(path, line, "file", tr("has a carriage return without a line feed")),))
    if "\0" in decoded:
        line = decoded.count("\n", 0, decoded.index("\0")) + 1
        raise InvalidTestimony((Fault(path, line, "file", tr("has a NUL character")),))
    return decoded.replace("\r\n", "\n")


def split(content: bytes, path: str) -> FrontMatter:
    """Split a file into its header, as nodes, and its body.

    :raises InvalidTestimony: it cannot be told where the header ends.
    """
    written = _decode(content, path)
    handler = FrontMatter(written, path)
    frontmatter.parse(written, handler=handler)
    return handler


def nodes(content: bytes, path: str) -> tuple[yaml_nodes.Node, str, int]:
    """Return the header's nodes, its text, and the line at which the body begins.

    For what edits a file in place (``check --bind``).

    :raises InvalidTestimony: the header cannot be read.
    """
    handler = split(content, path)
    if handler.root is None or handler.faults:
        raise InvalidTestimony(tuple(handler.faults))
    return handler.root, handler.header, handler.body_line


def comments(content: bytes, path: str) -> list[int]:
    """Return the lines at which a record's header holds a comment, of one that can be read.

    :raises InvalidTestimony: it cannot be told where the header ends.
    """
    written = _decode(content, path)
    return yaml_nodes.comments(FrontMatter(written, path).split(written)[0], 2)


def read(content: bytes, path: str, authorities: Authorities) -> Testimony:
    """Read a record.

    :param path: as it is to be shown in faults, relative to the collection.
    :raises InvalidTestimony: with every fault that could be found.
    """
    return with_header(content, path, authorities)[0]


def with_header(content: bytes, path: str, authorities: Authorities) -> tuple[Testimony, header_schema.Header]:
    """Read a record as `read` does; give its header too, by which its versions are read.

    :raises InvalidTestimony: with every fault that could be found.
    """
    try:
        handler = split(content, path)
    except InvalidTestimony as error:
        said = _scan_access(content[:_MOST_HEADER].decode("utf-8", "replace"))
        raise InvalidTestimony(error.faults, said) from error
    faults = list(handler.faults)
    body = text.nfc(handler.body)
    faults += [Fault(path, handler.body_line + line - 1, "body", message) for line, message in paragraphs.faults(body)]
    declared = _declared_access(handler.root) if handler.root else _scan_access(handler.header)
    if handler.root is None:
        raise InvalidTestimony(tuple(faults), declared)
    _refuse_a_version(handler)
    faults += [Fault(path, line, place(dotted_name(where)), message) for where, line, message in tags(handler.root)]
    try:
        head = header_schema.Header.model_validate(handler.root.plain(), context={"authorities": authorities})
    except ValidationError as error:
        schema_faults = [schema_fault(handler.root, path, item, header_schema.Header) for item in error.errors(include_url=False)]
        faults += [item._replace(field=place(item.field)) for item in schema_faults]
        raise InvalidTestimony(in_order(faults), declared) from error
    placed = [*broken_rules(head, path), *misplaced_notes(head), *repeats(head, path, body)]
    faults += [Fault(path, handler.root.line_of(where), dotted_name(where), message) for where, message in placed]
    if faults:
        raise InvalidTestimony(in_order(faults), declared)
    testimony = _to_testimony(head, body, authorities)
    return testimony._replace(path=path, body_line=handler.body_line, fixity=hashing.fixity(content)), head


def body_of(content: bytes, line: int) -> str:
    """Return the body of a record that could be read.

    :param line: at which it begins, from 1.
    """
    return text.nfc("\n".join(content.decode().replace("\r\n", "\n").split("\n")[line - 1 :]))


def _refuse_a_version(handler: FrontMatter) -> None:
    """Refuse a file that is named and written as a version of a record that is not there.

    :raises InvalidTestimony: it is one.
    """
    header = handler.root.plain() if handler.root else {}
    language = language_of(handler.path)
    if language and not {"title", "access", "credibility"} & set(header):
        message = tr("is a version in {language} of a record that is not here; put the record beside it", language=language)
        raise InvalidTestimony((Fault(handler.path, 1, "file", message),))


def write(content: bytes, shown: Testimony) -> bytes:
    """Write a record's file anew as a rendering of it has it (`archive.access.redaction.render`)."""
    handler = split(content, shown.path)
    return rewrite.write(handler.root.plain() if handler.root else {}, shown)


def write_version(content: bytes, shown: TextVersion) -> bytes:
    """Write a version's file anew as a rendering of it has it (`archive.access.redaction.render`)."""
    handler = split(content, shown.path)
    return rewrite.write_version(handler.root.plain() if handler.root else {}, shown)


def _declared_access(root: yaml_nodes.Node) -> Declared:
    """Return what is written of access and consent, "" where it cannot be told."""
    places = (("access", "level"), ("access", "until"), ("consent", "status"), ("consent", "was_public"))
    stated_nodes = [root.at(place) for place in places]
    level, until, consent, public = (node.value if node and isinstance(node.value, str) else "" for node in stated_nodes)
    return Declared(level, until, consent, public == _YES)


_YES: Final = "true"
_SAYS: Final = re.compile(r"""(level|until|status|was_public)["']?\s*:\s*["']?([A-Za-z0-9/.~?-]+)""")
_HELD_BACK: Final = ("closed", "restricted", "registered")


def _scan_access(header: str) -> Declared:
    """Return what a header that is no YAML says of access and consent by the look of its lines, the closest of what it says."""
    said: dict[str, list[str]] = {}
    for match in _SAYS.finditer(header):
        said.setdefault(match[1], []).append(match[2])
    level = next((candidate for candidate in _HELD_BACK if candidate in said.get("level", ())), "")
    consent = "withdrawn" if "withdrawn" in said.get("status", ()) else ""
    return Declared(level, "", consent, _YES in said.get("was_public", ()))


def place(field: str) -> str:
    """Name a place by the keys that records have, and by numbers; no other word of a header."""
    steps = [step if step in _KEYS or step.isdigit() else "…" for step in field.split(".")]
    return field if field == "header" else ".".join(steps)


def in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    """Return faults in the order of their lines, each once."""
    return tuple(sorted(set(faults), key=lambda fault: (fault.line, fault.field, fault.message)))


def _make(kind: Callable[..., _T], part: BaseModel, **otherwise: Any) -> _T:  # noqa: ANN401 - values of fields
    """Return a part of a header as the record has it: fields of one name with the same value, lists as tuples.

    :param otherwise: the fields that another name, or another value, has in the header.
    """
    names: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]  # a named tuple
    same = {name: tuple(value) if isinstance(value, list) else value for name, value in part if name in names}
    return kind(**{**same, **otherwise})


def cites_of(parts: list[header_schema.CitePart]) -> tuple[Cite, ...]:
    """Return what a header cites."""
    return tuple(_make(Cite, part) for part in parts)


def _note(part: header_schema.NotePart) -> Note:
    about, quote = part.about, part.about.quote
    quoted = {"exact": text.nfc(quote.exact), "prefix": quote.prefix, "suffix": quote.suffix} if quote else {}
    return _make(
        Note,
        part,
        about=_make(About, about, hashes=tuple(about.sha256), **quoted),
        statement=text.squash(part.statement),
        cites=cites_of(part.cites),
        against=tuple(link.ref for link in part.against),
        against_hashes=tuple(tuple(link.sha256) for link in part.against) if any(link.sha256 for link in part.against) else (),
    )


def _claim(part: header_schema.ClaimPart) -> Claim:
    return _make(
        Claim,
        part,
        text=text.squash(part.text),
        cites=cites_of(part.cites),
        hashes=tuple(part.sha256),
        exact=text.nfc(part.quote.exact) if part.quote else "",
    )


def _relation(part: header_schema.RelationPart) -> Relation:
    link, hashes = reference(part.code), part.sha256
    own, theirs = tuple(hashes.own), tuple(hashes.theirs)
    return _make(Relation, part, code=link.code, their=link.paragraphs, own_hashes=own, their_hashes=theirs)


def _source(part: header_schema.SourcePart, authorities: Authorities) -> Source:
    csl = (
        part.csl.model_dump(by_alias=True, exclude_defaults=True)
        if part.csl is not None
        else dict(authorities.sources[part.ref].get("csl", {}))
    )
    through = dict(authorities.sources[part.through].get("csl", {})) if part.through else {}
    return _make(Source, part, csl=csl, through_csl=through)


def _witness(part: header_schema.WitnessPart) -> Witness:
    names = tuple(_make(Name, name, text=text.nfc(name.text)) for name in part.other_names)
    return _make(Witness, part, name=text.squash(text.nfc(part.name)), other_names=names)


def _to_testimony(head: header_schema.Header, body: str, authorities: Authorities) -> Testimony:
    reliability = head.credibility.source
    return _make(
        Testimony,
        head,
        title=text.squash(text.nfc(head.title)),
        rendering=head.text.rendering,
        rendered_by=head.text.by,
        rendered_of=head.text.of,
        witness=_witness(head.witness),
        entries=tuple(_make(CampEntry, camp) for camp in head.camps),
        recorded=head.recorded.date,
        recorded_by=head.recorded.by,
        source=_source(head.source, authorities),
        consent=head.consent.status,
        was_public=bool(head.consent.was_public),
        access=head.access.level,
        until=head.access.until,
        reliability=reliability.reliability if reliability else "",
        reliability_basis=reliability.basis if reliability else "",
        notes=tuple(map(_note, head.credibility.notes)),
        claims=tuple(map(_claim, head.claims)),
        relations=tuple(map(_relation, head.relations)),
        history=tuple(_make(Change, change, change=text.squash(change.change)) for change in head.history),
        body=body,
    )
