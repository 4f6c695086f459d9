"""The skeleton of a record: everything that a file must have, closed until a person opens it."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypedDict

from archive.authority.authorities import Authorities
from archive.errors import CannotWrite
from archive.language.messages import tr
from archive.reader import read
from archive.record.testimony import Testimony, reference
from archive.storage import atomic, lock, record_files
from archive.text import fold, squash

_DIGITS: Final = 4
_SLUG = re.compile(r"[^a-z0-9]+")
_MOST_SLUG: Final = 60
_ACCOUNT: Final = "Write the account here, one paragraph for each thing told."
_SOURCE: Final = "Where the account comes from"
"""What a skeleton has in the place of the account, and of its source, until somebody writes them."""


class Given(NamedTuple):
    """What a person gave."""

    code: str | None = None
    kind: str = "testimony"
    language: str = "en"
    rendering: str = "verbatim"
    witness: str = "anonymous witness"
    name_kind: str = "anonymous"
    connection: str = "victim"
    camps: tuple[str, ...] = ()
    recorded: str = "XXXX"
    ref: str | None = None


class RecordFields(TypedDict, total=False):
    """The fields of `Given`, as they are given by name."""

    code: str | None
    kind: str
    language: str
    rendering: str
    witness: str
    name_kind: str
    connection: str
    camps: tuple[str, ...]
    recorded: str
    ref: str | None


def write(root: Path, title: str, wanted: Given) -> str:
    """Write a skeleton; returns its path relative to the root.

    The skeleton is read back before it is written, so that a term that no
    vocabulary holds is named now.

    :raises BadReference: the code that was given is none.
    :raises InvalidTestimony: what was given makes no valid record.
    :raises CannotWrite: the code is taken, or the folder cannot be written to.
    """
    authorities = read.read_authorities(root)
    with lock.writing(root):
        code = _free(root, authorities.prefix, wanted.code)
        path = f"{record_files.FOLDER}/{code}-{slug(title)}.md"
        # What is no text (half a surrogate pair, bytes that are no UTF-8) becomes what the reader refuses.
        content = _skeleton(code, title, wanted, authorities).encode("utf-8", "surrogatepass")
        read.read(content, path, authorities)
        atomic.write_beside(root / path, content, new=True)
    return path


def _free(root: Path, prefix: str, wanted: str | None) -> str:
    """Return the code that is wanted, or the next free one.

    :raises BadReference: what is wanted is no code.
    :raises CannotWrite: the code is taken.
    """
    taken = record_files.codes_taken(root)
    if not wanted:
        return next_code(prefix, taken)
    code = reference(wanted).code
    if record_files.archive_place(code) in set(map(record_files.archive_place, taken)):
        message = tr("the code {code} is taken", code=code)
        raise CannotWrite(message, tr("A code is never used again; leave --code out for the next free one."))
    return code


def next_code(prefix: str, taken: frozenset[str]) -> str:
    """Return the first code after all that were ever taken."""
    numbers = [number for own, number in map(record_files.archive_place, taken) if own == prefix]
    return f"{prefix}-{max(numbers, default=0) + 1:0{_DIGITS}d}"


def slug(title: str) -> str:
    """Make the part of a file's name that comes after the code."""
    return _SLUG.sub("-", fold(title))[:_MOST_SLUG].strip("-") or "record"


def _skeleton(code: str, title: str, wanted: Given, authorities: Authorities) -> str:
    def quoted(value: str) -> str:
        # A JSON string is a double-quoted YAML scalar.
        return json.dumps(squash(value), ensure_ascii=False)

    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    camps = ", ".join(f"{{camp: {authorities.gazetteer.resolve(camp)}}}" for camp in wanted.camps)
    source = f"{{ref: {quoted(wanted.ref)}}}" if wanted.ref else f"{{csl: {{type: interview, title: {quoted(_SOURCE)}}}}}"
    return f"""---
schema: 1
code: {code}
title: {quoted(title)}
kind: {quoted(wanted.kind)}
language: {quoted(wanted.language)}
text: {{rendering: {quoted(wanted.rendering)}}}
witness: {{name: {quoted(wanted.witness)}, name_kind: {quoted(wanted.name_kind)}, connection: {quoted(wanted.connection)}}}
camps: [{camps}]
recorded: {{date: {quoted(wanted.recorded)}}}
source: {source}
consent: {{status: unknown}}
access: {{level: closed}}
credibility: {{}}
history: [{{date: {today}, by: archive, change: First entry}}]
---
{_ACCOUNT}
"""


def placeholders(testimony: Testimony) -> Iterator[str]:
    """Yield the fields of a record that still have what a skeleton has in their place."""
    if _ACCOUNT in testimony.body:
        yield "body"
    if testimony.source.csl.get("title") == _SOURCE:
        yield "source.csl.title"
