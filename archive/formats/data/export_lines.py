"""A whole collection as JSON lines: what it is, its authority files, then a record a line, with every file of it.

A record has its header and its body as text, what the header says as values,
its passages each with all caveats in force and its citation, and its files:
their own bytes where nothing in them is withheld from readers of the clearance,
else the rendering, which says that it is not the file.
"""

import base64
from collections.abc import Iterator
from typing import Any

from archive.citing.excerpt import RecordOutput
from archive.formats import export_content, fields
from archive.formats.data import json_document
from archive.formats.export_content import ExportedCollection, ExportedRecord
from archive.formats.json_sink import write
from archive.keeping.bag import Item
from archive.reader import read
from archive.record.hashing import fixity
from archive.storage.record_files import language_of


def content(collection: ExportedCollection) -> bytes:
    """Write a collection as the bytes of a file.

    :raises CannotTransfer: a file may not leave as it is.
    """
    return export_content.as_file(_lines(collection))


def _lines(collection: ExportedCollection) -> Iterator[str]:
    yield _line(export_content.KIND, {"format": export_content.FORMAT, **collection.about()})
    for item in collection.authority_files:
        yield _line("authority", {**_file(item), "is_own": item.is_own})
    for record in collection.records():
        yield _line("record", _record(record))
    for code, files in collection.sealed.items():
        yield _line("sealed", {"code": code, "files": [_sealed_fields(item) for item in files]})


def _line(kind: str, said: dict[str, Any]) -> str:
    return write({"schema": fields.SCHEMA, "type": kind, **said})


def _record(record: ExportedRecord) -> dict[str, Any]:
    split = read.split(record.files[0].content, record.files[0].path)
    return {
        "code": record.testimony.code,
        "is_file": record.is_file,
        "header": split.header,
        "body": split.body,
        "record": json_document.record(record.pages),
        "passages": _passages(record.pages),
        "footnotes": list(record.pages.record.footnotes),
        "citation": record.pages.citation,
        "versions": [
            {
                "language": version.record.testimony.language,
                "passages": _passages(version),
                "not_in_this_version": list(version.missing),
                "footnotes": list(version.record.footnotes),
                "citation": version.citation,
            }
            for version in record.versions
        ],
        "files": [{**_file(item), "language": language_of(item.path) or None} for item in record.files],
    }


def _passages(pages: RecordOutput) -> list[dict[str, Any]]:
    return [fields.hit(shown, pages.authorities) for shown in pages.shown]


def _file(item: Item) -> dict[str, Any]:
    return {
        "path": item.path,
        "is_file": item.is_file,
        "sha256": fixity(item.content),
        "content": item.content.decode("utf-8"),
    }


def _sealed_fields(item: Item) -> dict[str, Any]:
    said = {"path": item.path, "is_file": True, "sha256": fixity(item.content)}
    return {**said, "base64": base64.b64encode(item.content).decode("ascii")}
