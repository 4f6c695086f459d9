"""The letters of a word processor's file, counted plainly in its XML, so that what a reader brings over can be held against it.

Nothing is understood here but where text stands: no styles, no order, no
fields. That is the point: a reader that loses words, or has some twice, is
found out by a count that shares nothing with it.
"""

import html
import re
import zipfile
from collections import Counter
from typing import Final

from archive.documents._package import member, related
from archive.documents.model import count_letters

WORDS, DELETED, HIDDEN, COMMENTS, MARGINS = "words", "deleted", "hidden", "comments", "margins"
"""What letters belong to: the text with its notes, tracked deletions, hidden text, remarks, headers and footers."""

_FALLBACK: Final = re.compile(r"<(\w+:)?Fallback\b.*?</\1?Fallback>", re.DOTALL)
_MOVED: Final = re.compile(r"<(\w+:)?moveFrom\b(?![^>]*/>).*?</\1?moveFrom>", re.DOTALL)
_RUN: Final = re.compile(r"<(?:\w+:)?r(?: [^>]*)?>.*?</(?:\w+:)?r>", re.DOTALL)
_IS_HIDDEN: Final = re.compile(
    r"<(?:\w+:)?rPr\b[^>]*>(?:(?!</(?:\w+:)?rPr>).)*<(?:\w+:)?vanish(?:\s*/>|\s+(?:\w+:)?val=\"(?:1|true|on)\")", re.DOTALL
)
_TEXT: Final = re.compile(r"<(?:\w+:)?t(?: [^>]*)?>([^<]*)</(?:\w+:)?t>")
_DELETED: Final = re.compile(r"<(?:\w+:)?delText(?: [^>]*)?>([^<]*)</(?:\w+:)?delText>")
_MARGIN: Final = re.compile(r"/(?:header|footer)[0-9]*\.xml\Z")
_TAG: Final = re.compile(r"<[^>]*>")
_OPEN_TRACKED: Final = re.compile(r"<text:tracked-changes\b.*?</text:tracked-changes>", re.DOTALL)
_OPEN_REMARK: Final = re.compile(r"<office:annotation\b.*?</office:annotation>", re.DOTALL)
_OPEN_META: Final = re.compile(r"<(dc:creator|dc:date|meta:[\w-]+|text:note-citation)\b[^>]*>.*?</\1>", re.DOTALL)
_OPEN_HIDDEN: Final = re.compile(r"<(text:hidden-(?:text|paragraph))\b[^>]*>.*?</\1>", re.DOTALL)
_OPEN_BODY: Final = re.compile(r"<office:body\b.*</office:body>", re.DOTALL)
_OPEN_MARGIN: Final = re.compile(r"<style:(header|footer)(?:-\w+)?\b.*?</style:\1(?:-\w+)?>", re.DOTALL)


def of_word(package: zipfile.ZipFile) -> Counter[str]:
    """Return the letters of a .docx by what they belong to."""
    counted: Counter[str] = Counter()
    body = related(package, "").get("officeDocument", "")
    beside = related(package, body)
    for part in (body, beside.get("footnotes", ""), beside.get("endnotes", "")):
        counted += _word_part(_xml(package, part), WORDS)
    counted += _word_part(_xml(package, beside.get("comments", "")), COMMENTS)
    for name in package.namelist():
        if _MARGIN.search(name):
            counted += _word_part(_xml(package, name), MARGINS)
    return counted


def _word_part(xml: str, kind: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    xml = _FALLBACK.sub("", xml)
    for moved in _MOVED.finditer(xml):
        counted[DELETED] += _sum(_TEXT, moved[0]) + _sum(_DELETED, moved[0])
    xml = _MOVED.sub("", xml)
    for run in _RUN.finditer(xml):
        if _IS_HIDDEN.search(run[0]):
            counted[HIDDEN] += _sum(_TEXT, run[0])
    counted[DELETED] += _sum(_DELETED, xml)
    counted[kind] += _sum(_TEXT, xml) - counted[HIDDEN]
    return counted


def without_hidden(xml: bytes) -> bytes:
    """Return a part of a .docx without the runs that its program does not show."""
    text = xml.decode("utf-8", "surrogateescape")
    return _RUN.sub(lambda run: "" if _IS_HIDDEN.search(run[0]) else run[0], text).encode("utf-8", "surrogateescape")


def of_open_document(package: zipfile.ZipFile) -> Counter[str]:
    """Return the letters of an .odt by what they belong to."""
    counted: Counter[str] = Counter()
    body = "".join(found[0] for found in _OPEN_BODY.finditer(_xml(package, "content.xml")))
    for pattern, kind in ((_OPEN_TRACKED, DELETED), (_OPEN_REMARK, COMMENTS), (_OPEN_HIDDEN, HIDDEN)):
        for found in pattern.finditer(body):
            counted[kind] += _plain(_OPEN_META.sub("", found[0]))
        body = pattern.sub("", body)
    counted[WORDS] += _plain(_OPEN_META.sub("", body))
    for found in _OPEN_MARGIN.finditer(_xml(package, "styles.xml")):
        counted[MARGINS] += _plain(_OPEN_META.sub("", found[0]))
    return counted


def _plain(xml: str) -> int:
    return count_letters(html.unescape(_TAG.sub("", xml)))


def _sum(pattern: re.Pattern[str], xml: str) -> int:
    return sum(count_letters(html.unescape(found[1])) for found in pattern.finditer(xml))


def _xml(package: zipfile.ZipFile, name: str) -> str:
    return member(package, name).decode("utf-8", "replace") if name else ""
