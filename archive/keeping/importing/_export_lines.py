"""Our own export as JSON lines (`archive.formats.data.export_lines`), read back a line at a time."""

import base64
import binascii
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from archive.keeping.importing._restored import Entry, RestoredFile, refuse_name
from archive.language.messages import tr
from archive.record.hashing import fixity

_KIND: Final = "export"
_FORMAT: Final = 1
_MOST_BYTES: Final = 256_000_000
"""Of a line: a record of ten megabytes stands in it four times, with all its caveats beside each paragraph."""
_MOST_FIRST: Final = 100_000
_SHOWN: Final = 60
_MOST_SAID: Final = 500


def is_export(file: Path) -> bool:
    """Return whether a file begins as an export does."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return False
        with file.open("rb") as opened:
            first = _parse(opened.readline(_MOST_FIRST))
    except OSError:
        return False
    return isinstance(first, dict) and first.get("type") == _KIND and "format" in first


def part_of(file: Path) -> str:
    """Return what is to be said of an export of a part of a collection; "" of a whole one.

    :raises OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        first = _parse(opened.readline(_MOST_FIRST))
    part = first.get("part") if isinstance(first, dict) else None
    if not isinstance(part, dict):
        return ""
    words = " ".join(str(part.get("in_words", ""))[:_MOST_SAID].split())
    number, of = (str(value)[:_SHOWN] for value in (first.get("records"), part.get("of")))
    return tr("the export is a part of its collection, {number} of {of} records: {words}", number=number, of=of, words=words)


def entries(file: Path, shown: str) -> Iterator[Entry]:
    """Yield what stands in an export, each line that cannot be taken with the reason.

    :param shown: how the file is named to the person.
    :raises OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        first = _parse(opened.readline(_MOST_FIRST))
        if not isinstance(first, dict) or first.get("format") != _FORMAT:
            why = tr("it is an export of another version of the program, which is not read here")
            yield Entry(f"{shown}:1", "", (), why)
            return
        counted = dict.fromkeys(("authority", "record", "sealed"), 0)
        for number, line in enumerate(_lines(opened), start=2):
            kind, entry = _entry(line, f"{shown}:{number}")
            counted[kind] = counted.get(kind, 0) + 1
            yield entry
    for kind, field in (("authority", "authorities"), ("record", "records"), ("sealed", "sealed")):
        if first.get(field) != counted[kind]:
            why = tr(
                "{field}: {number} of {of} are in it; it was cut off, or put together by hand",
                field=field,
                number=counted[kind],
                of=str(first.get(field))[:_SHOWN],
            )
            yield Entry(shown, "", (), why)


def _lines(opened: BinaryIO) -> Iterator[bytes | None]:
    """Yield each line, None for one that is longer than any of ours."""
    while line := opened.readline(_MOST_BYTES):
        if len(line) < _MOST_BYTES or line.endswith(b"\n"):
            yield line
            continue
        while (rest := opened.readline(_MOST_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield None


def _parse(line: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Return what a line says, None where it is no JSON."""
    try:
        return json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def _entry(line: bytes | None, at: str) -> tuple[str, Entry]:
    """Return the kind of a line, and what stands in it."""
    if line is None:
        return "", Entry(at, "", (), tr("the line is larger than {most} MB", most=_MOST_BYTES // 1_000_000))
    said = _parse(line)
    if not isinstance(said, dict):
        return "", Entry(at, "", (), tr("it is no line of JSON"))
    kind = said.get("type")
    if kind not in {"authority", "record", "sealed"}:
        return "", Entry(at, "", (), tr("nothing is known of a line of the type {kind}", kind=repr(kind)[:_SHOWN]))
    code = said.get("code", "")
    written = [said] if kind == "authority" else said.get("files")
    if not isinstance(code, str) or not isinstance(written, list) or not written or bool(code) is (kind == "authority"):
        return kind, Entry(at, "", (), tr("it names no code, or no files"))
    files: list[RestoredFile] = []
    for each in written:
        file = _file(each, code)
        if isinstance(file, str):
            return kind, Entry(at, code, (), file)
        files.append(file)
    return kind, Entry(at, code, tuple(files))


def _file(said: Any, code: str) -> RestoredFile | str:  # noqa: ANN401 - any JSON
    """Return a file, or why it cannot be taken."""
    if not isinstance(said, dict):
        return tr("a file in it is none")
    if why := refuse_name(said.get("path"), code):
        return why
    path, content = said["path"], _content(said)
    if content is None:
        return tr("{path} has no bytes in it that can be read", path=path)
    if fixity(content) != said.get("sha256"):
        return tr("{path} has other bytes than its sha-256 says", path=path)
    return RestoredFile(path, content, said.get("is_file") is True)


def _content(said: dict[str, Any]) -> bytes | None:
    try:
        if "base64" in said:
            return base64.b64decode(said["base64"], validate=True)
        content = said.get("content")
        return content.encode("utf-8") if isinstance(content, str) else None
    except (ValueError, TypeError, binascii.Error):
        return None
