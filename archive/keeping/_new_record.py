"""The skeleton of a record: everything that a file must have, closed until a person opens it."""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypedDict

from archive.authority.authorities import Authorities
from archive.errors import CannotWrite
from archive.keeping._header_edit import flow
from archive.language.messages import current_language, tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record import placeholders
from archive.record.testimony import reference
from archive.storage import atomic, lock, record_files
from archive.text import fold, nfc, squash

_DIGITS: Final = 4
_NO_SLUG = re.compile(r"[\W_]+")
_MOST_SLUG: Final = 60
_MOST_BYTES: Final = 150  # of the slug; a disk gives a name 255


class Given(NamedTuple):
    """What a person gave."""

    code: str | None = None
    kind: str = "testimony"
    language: str = ""
    rendering: str = "verbatim"
    witness: str = "anonymous witness"
    name_kind: str = "anonymous"
    connection: str = "victim"
    camps: tuple[str, ...] = ()
    recorded: str = "XXXX"
    ref: str | None = None
    places: tuple[Mapping[str, str], ...] = ()
    """Entries of ``camps`` with what is known of each: camp, period, as, basis."""
    recorded_by: str = ""
    source: str = ""
    """The title of a source that is in no list."""
    issued: tuple[str, ...] = ()
    """The year, month and day on which that was published."""
    consent: str = "unknown"
    until: str = ""
    contested: str = ""
    """What a reader has to know of the whole record."""
    by: str = "archive"


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
    places: tuple[Mapping[str, str], ...]
    recorded_by: str
    source: str
    issued: tuple[str, ...]
    consent: str
    until: str
    contested: str
    by: str


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
    """Make the part of a file's name that comes after the code: letters and digits of whatever script, as Hangul."""
    made = _NO_SLUG.sub("-", fold(title))[:_MOST_SLUG]
    while len(made.encode("utf-8", "replace")) > _MOST_BYTES:
        made = made[:-1]
    return made.strip("-") or "record"


def _skeleton(code: str, title: str, wanted: Given, authorities: Authorities) -> str:
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    resolve = authorities.gazetteer.resolve
    places = [*({"camp": camp} for camp in wanted.camps), *wanted.places]
    header: dict[str, Any] = {
        "schema": "1",
        "code": code,
        "title": squash(title),
        "kind": wanted.kind,
        "language": wanted.language or authorities.collection.get("language") or "en",
        "text": {"rendering": wanted.rendering},
        "witness": {"name": squash(wanted.witness), "name_kind": wanted.name_kind, "connection": wanted.connection},
        "camps": [{**_without_empty(place), "camp": resolve(place["camp"])} for place in places],
        "recorded": _without_empty({"date": wanted.recorded, "by": squash(wanted.recorded_by)}),
        "source": {"ref": wanted.ref} if wanted.ref else {"csl": _source(wanted)},
        "consent": {"status": wanted.consent},
        "access": _without_empty({"level": "closed", "until": wanted.until}),
        "credibility": {"notes": [_note(wanted, today)]} if wanted.contested else {},
        "history": [{"date": today, "by": squash(wanted.by), "change": "First entry"}],
    }
    lines = [f"{key}: {flow(value)}" for key, value in header.items()]
    return "\n".join(["---", *lines, "---", placeholders.account(current_language()), ""])


def _without_empty(values: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value}


def _source(wanted: Given) -> dict[str, Any]:
    source: dict[str, Any] = {"type": "interview", "title": squash(wanted.source) or placeholders.source(current_language())}
    return {**source, "issued": {"date-parts": [list(wanted.issued)]}} if wanted.issued else source


def _note(wanted: Given, today: str) -> dict[str, Any]:
    about = {"record": "true"}
    statement = squash(nfc(wanted.contested))
    note = {"id": "n1", "flag": "contested", "status": "open", "about": about}
    return {**note, "statement": statement, "by": squash(wanted.by), "date": today}
