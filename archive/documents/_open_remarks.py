"""The comments of an .odt, which pandoc passes over: taken out of its text, and called where they stood."""

import html
import re
import zipfile
from io import BytesIO
from typing import Final

from archive.documents._repackaging import repackage
from archive.documents.model import BlockKind, DocumentBlock

_CONTENT: Final = "content.xml"
_REMARK: Final = re.compile(
    r"<office:annotation(?=[\s/>])(?P<attributes>[^>]*?)(?:/>|>(?P<inside>.*?)</office:annotation>)"
    r"|<office:annotation-end(?=[\s/>])(?P<end>[^>]*?)(?:/>|>\s*</office:annotation-end>)",
    re.DOTALL,
)
_NAME: Final = re.compile(r"""\boffice:name\s*=\s*["']([^"']*)["']""")
_ABOUT: Final = re.compile(r"<(dc:creator|dc:date|meta:[\w-]+|loext:sender-initials)\b[^>]*(?:/>|>.*?</\1>)", re.DOTALL)
"""Who wrote it and when, which is no part of what it says."""
_BREAK: Final = re.compile(r"</text:(?:p|h)>|<text:(?:line-break|tab|s)\b[^>]*/>")
_TAG: Final = re.compile(r"<[^>]*>")


def call_remarks(document: bytes) -> tuple[bytes, tuple[DocumentBlock, ...]]:
    """Return an .odt with a call in the place of each comment and at the end of the words that it is on, and the comments.

    :param document: one whose package was looked through.
    """
    with zipfile.ZipFile(BytesIO(document)) as package:
        xml = package.read(_CONTENT).decode("utf-8", "replace") if _CONTENT in package.namelist() else ""
    found: list[DocumentBlock] = []
    numbers: dict[str, int] = {}
    ends = {name[1] for match in _REMARK.finditer(xml) if match["end"] and (name := _NAME.search(match["end"]))}

    def add_call(match: re.Match[str]) -> str:
        name = _NAME.search(match["attributes"] if match["end"] is None else match["end"])
        if match["end"] is not None:
            number = numbers.get(name[1], 0) if name else 0
            return f"[^{DocumentBlock(BlockKind.COMMENT, '', number).name}]" if number else ""
        number = len(found) + 1
        inside = _TAG.sub("", _BREAK.sub(" ", _ABOUT.sub("", match["inside"] or "")))
        found.append(DocumentBlock(BlockKind.COMMENT, " ".join(html.unescape(inside).split()), number))
        if name:
            numbers[name[1]] = number
        call = f"[^{found[-1].name}]"
        return call if name and name[1] in ends else call * 2

    shown = _REMARK.sub(add_call, xml)
    if not found:
        return document, ()
    return repackage(document, lambda member, old: shown.encode() if member == _CONTENT else old), tuple(found)
