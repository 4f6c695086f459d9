"""A record made of a text that was brought in: closed, consent unknown, anonymous, and nothing of the source but its words."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from archive import __version__
from archive.authority.authorities import Authorities
from archive.errors import InvalidTestimony
from archive.keeping.importing._model import Part, SourceText, clean, in_body
from archive.keeping.importing._remarks import Proposal, notes_of, with_notes, without_calls
from archive.named_tuple import NamedTuple
from archive.reader import versions
from archive.record import paragraphs
from archive.record.hashing import SHORT_HASH, passage_hash

UNKNOWN: Final = "XXXX"
"""Stands for a term that a person has to fill in; `testimony check` names it until then."""
MOST_HASHES: Final = 2_000
"""Paragraphs of which a header keeps the hashes; more would fill it."""
_SHORT: Final = 8
_KIND_OF_WORK: Final = "interview"


class RecordDefaults(NamedTuple):
    """What a person says of the records that are made."""

    kind: str = "testimony"
    language: str = ""
    rendering: str = ""
    title: str = ""
    by: str = "archive"
    speakers: Mapping[str, str] = {}


class Origin(NamedTuple):
    """The file that a record is made of: its kind, its hash, the day on which it came, and its name where that is kept."""

    kind: str
    sha256: str
    day: str
    name: str = ""


class MadeVersion(NamedTuple):
    """A version of a record in another language: the part of the file's name, and the bytes."""

    language: str
    content: bytes


class MadeRecord(NamedTuple):
    """A record that could be written: its bytes, its language, and what is not valid but for what a person has to fill in."""

    content: bytes
    language: str
    faults: tuple[str, ...]
    versions: tuple[MadeVersion, ...] = ()
    proposals: tuple[Proposal, ...] = ()


def body_of(source: SourceText, speakers: Mapping[str, str]) -> str:
    """Return the body of a record: paragraphs and headings with an empty line between, notes at the end.

    :param speakers: how speakers are called in the record, by how the source calls them.
    """
    return without_calls(body_with_calls(source, speakers))


def body_with_calls(source: SourceText, speakers: Mapping[str, str]) -> str:
    """Return the body of a record with the calls of the comments that are taken along, which no record has."""
    blocks = [in_body(part, speakers) for part in source.parts]
    blocks += [f"[^{number}]: {clean(note.text)}" for number, note in enumerate(source.notes, start=1)]
    return "\n\n".join(block for block in blocks if block.strip()) + "\n"


def hashes_of(body: str) -> list[str]:
    """Return the first eight digits of the hash of each paragraph of a body."""
    return [passage_hash(block.text)[:_SHORT] for block in paragraphs.passages(body)]


def key_of(key: str) -> str:
    """Return what stands in a header for the name that a source has for itself: its hash, since the name may tell of people."""
    return hashlib.sha256(unicodedata.normalize("NFC", key).encode("utf-8", "surrogatepass")).hexdigest()[:16] if key else ""


def make(  # noqa: PLR0913 - by keyword alone
    source: SourceText,
    asked: RecordDefaults,
    origin: Origin,
    authorities: Authorities,
    *,
    code: str,
    path: str,
    is_transcript: bool,
) -> MadeRecord:
    """Return the record of a text."""
    called = body_with_calls(source, asked.speakers)
    body = without_calls(called)
    notes = [note for _, note in notes_of(called, source.remarks, asked.by, origin.day, first=1 + source.machine_read)]
    rendering = str(source.fields.get("rendering") or asked.rendering or ("verbatim" if is_transcript else ""))
    language = asked.language or source.language or language_of(body)

    def content(rendering: str) -> bytes:
        header = "".join(_header(source, asked, origin, code, rendering, language, _file(origin, source.key, body)))
        return with_notes(f"---\n{header}---\n{body}".encode("utf-8", "surrogatepass"), path, notes)

    others = tuple(
        _version(source, parts, asked, code, language, other) for other, parts in source.versions.items() if any(parts)
    )
    beside = {f"{path.removesuffix('.md')}.{each.language}.md": each.content for each in others}
    try:
        found = versions.read_all(content(rendering or "verbatim"), path, authorities, beside)
        faults = tuple(f"{fault.field}: {fault.message}" for fault in found.faults)
    except InvalidTestimony as error:
        faults = tuple(f"{fault.field}: {fault.message}" for fault in error.faults)
    proposals = tuple(
        Proposal(number, remark.text, code, note.about.paragraphs, note.id)
        for number, (remark, note) in enumerate(zip(source.remarks, notes, strict=True), start=1)
    )
    return MadeRecord(content(rendering or UNKNOWN), language, faults, others, proposals)


def _version(  # noqa: PLR0913, PLR0917 - what a version is made of
    source: SourceText, parts: Sequence[Part], asked: RecordDefaults, code: str, origin: str, language: str
) -> MadeVersion:
    """Return the words of a text in another language; a paragraph that it lacks is a gap."""
    spoken = [part for part in source.parts if not part.level]
    words = [in_body(part, asked.speakers) if part.text.strip() else "" for part in parts]
    pairs, number = [], 0
    for own, said in enumerate(words, start=1):
        number += bool(said)
        pairs.append([[own], [number] if said else []])
    body = "\n\n".join(filter(None, words)) + "\n"
    spoken_body = "\n\n".join(in_body(part, asked.speakers) for part in spoken)
    gaps = [pair for pair in pairs if not pair[1]]
    header = version_header(code, language, "translation", (origin, "as in the file"), (spoken_body, body), gaps)
    return MadeVersion(language, f"---\n{header}---\n{body}".encode("utf-8", "surrogatepass"))


def version_header(  # noqa: PLR0913, PLR0917 - what a header is made of
    code: str,
    language: str,
    rendering: str,
    translated: tuple[str, str] | None,
    bodies: tuple[str, str],
    pairs: Sequence[Sequence[Sequence[int]]],
) -> str:
    """Return the header of a version, bound to the words of both where a header can hold so many hashes.

    :param translated: from which language, and by whom; None of the words as they were first said.
    :param bodies: of the record and of the version.
    :param pairs: those that are not one to one.
    """
    own, theirs = ([passage_hash(block.text)[:SHORT_HASH] for block in paragraphs.passages(body)] for body in bodies)
    if len(own) + len(theirs) > MOST_HASHES:
        own, theirs = [], []
    lines = [f"schema: 1\ncode: {code}\nlanguage: {_quote(language)}\ntext:\n  rendering: {rendering}\n"]
    if translated:
        bound = f", sha256: {json.dumps(own)}" if own else ""
        lines.append(f"  translated: {{from: {_quote(translated[0])}, by: {_quote(translated[1])}{bound}}}\n")
    if theirs:
        lines.append(f"  sha256: {json.dumps(theirs)}\n")
    if pairs:
        lines.append(f"pairs: {json.dumps(pairs)}\n")
    return "".join(lines)


def _header(  # noqa: PLR0913, PLR0917 - what a header is made of
    source: SourceText, asked: RecordDefaults, origin: Origin, code: str, rendering: str, language: str, file: str
) -> Iterator[str]:
    fields = source.fields
    title = str(fields.get("title") or asked.title or f"Text brought in from a file of the kind {origin.kind}")
    witness = {
        "name": fields.get("name") or UNKNOWN,
        "name_kind": fields.get("name_kind") or "anonymous",
        "connection": fields.get("connection") or "victim",
    }
    yield f"schema: 1\ncode: {code}\n"
    for name, value in (("title", title), ("kind", fields.get("kind") or asked.kind), ("language", language)):
        yield f"{name}: {_quote(value)}\n"
    yield f"text: {_flow({'rendering': rendering})}\n"
    yield f"witness: {_flow(witness)}\n"
    yield f"camps: [{', '.join(_flow({'camp': camp}) for camp in fields.get('camps', ()))}]\n"
    yield f"recorded: {_flow({'date': fields.get('recorded') or UNKNOWN, 'by': fields.get('recorded_by', '')})}\n"
    yield f"source:\n  csl: {_flow({'type': _KIND_OF_WORK, 'title': title})}\n  file: {file}\n"
    yield "consent: {status: unknown}\naccess: {level: closed}\n"
    yield f"credibility: {{{_note(asked, origin) if source.machine_read else ''}}}\n"
    change = f"Imported from a file of the kind {origin.kind}"
    yield f"history: [{_flow({'date': origin.day, 'by': asked.by, 'change': change})}]\n"


def _file(origin: Origin, key: str, body: str) -> str:
    hashes = hashes_of(body)
    return _flow(
        {
            "sha256": origin.sha256,
            "kind": origin.kind,
            "imported": origin.day,
            "by": f"testimony-archive {__version__}",
            "name": origin.name,
            "key": key_of(key),
            "words": " ".join(hashes) if len(hashes) <= MOST_HASHES else "",
        }
    )


def _note(asked: RecordDefaults, origin: Origin) -> str:
    statement = "A machine has read these words from pictures of pages; compare them with the pictures before you quote them."
    told = _flow({"statement": statement, "by": asked.by, "date": origin.day})
    return f"notes: [{{id: n1, flag: caution, status: open, about: {{record: true}}, {told[1:]}]"


def _flow(values: Mapping[str, Any]) -> str:
    """Return a mapping in flow style, without what is empty."""
    return "{" + ", ".join(f"{name}: {_quote(value)}" for name, value in values.items() if value) + "}"


def language_of(body: str) -> str:
    """Return the language of a text as far as its script tells it: "ko" of Hangul, "en" of Latin letters, else "und"."""
    letters = [sign for sign in body if sign.isalpha()]
    hangul = sum("가" <= sign <= "힣" for sign in letters)
    latin = sum(unicodedata.name(sign, "").startswith("LATIN") for sign in letters[:10_000])
    if hangul * 3 > len(letters):
        return "ko"
    return "en" if latin * 2 > min(len(letters), 10_000) else "und"


def _quote(value: object) -> str:
    """Return a double-quoted YAML scalar, which a JSON string is."""
    return json.dumps(" ".join(str(value).split()), ensure_ascii=False)
