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

from archive.documents import _plain_open as plain_open
from archive.documents._package import member, related_parts
from archive.documents._plain_word import WordStyles, split, styles_of
from archive.documents.model import count_letters

WORDS, DELETED, HIDDEN, COMMENTS, MARGINS = "words", "deleted", "hidden", "comments", "margins"
"""What letters belong to: the text with its notes, tracked deletions, hidden text, remarks, headers and footers."""

_FALLBACK: Final = re.compile(r"<(\w+:)?Fallback\b.*?</\1?Fallback>", re.DOTALL)
_MOVED: Final = re.compile(r"<(\w+:)?moveFrom\b(?![^>]*/>).*?</\1?moveFrom>", re.DOTALL)
_TEXT: Final = re.compile(r"<(?:\w+:)?t(?: [^>]*)?>([^<]*)</(?:\w+:)?t>")
_DELETED: Final = re.compile(r"<(?:\w+:)?delText(?: [^>]*)?>([^<]*)</(?:\w+:)?delText>")
_MARGIN: Final = re.compile(r"/(?:header|footer)[0-9]*\.xml\Z")
_TAG: Final = re.compile(r"<[^>]*>")
_OPEN_TRACKED: Final = re.compile(r"<text:tracked-changes\b.*?</text:tracked-changes>", re.DOTALL)
_OPEN_REMARK: Final = re.compile(r"<office:annotation(?=[\s>]).*?</office:annotation>", re.DOTALL)
_OPEN_META: Final = re.compile(
    r"<(dc:creator|dc:date|meta:[\w-]+|loext:sender-initials|text:note-citation|svg:title|svg:desc"
    r"|text:(?:[a-z]+-index|table-of-content|bibliography)-source)(?=[\s>])[^>]*(?<!/)>.*?</\1>",
    re.DOTALL,
)
"""What no reader of a document sees as words of it: who wrote a remark, what a picture shows, how a list of contents is made."""
_OPEN_HIDDEN: Final = re.compile(r"<(text:hidden-(?:text|paragraph))(?=[\s>])[^>]*(?<!/)>.*?</\1>", re.DOTALL)
_OPEN_BODY: Final = re.compile(r"<office:body\b.*</office:body>", re.DOTALL)
_OPEN_MARGIN: Final = re.compile(r"<style:(header|footer)(?:-\w+)?\b.*?</style:\1(?:-\w+)?>", re.DOTALL)


def of_word(package: zipfile.ZipFile) -> Counter[str]:
    """Return the letters of a .docx by what they belong to."""
    counted: Counter[str] = Counter()
    styles = styles_of(package)
    body = related_parts(package, "").get("officeDocument", "")
    beside = related_parts(package, body)
    for part in (body, beside.get("footnotes", ""), beside.get("endnotes", "")):
        counted += _word_part(member(package, part), WORDS, styles)
    counted += _word_part(member(package, beside.get("comments", "")), COMMENTS, styles)
    for name in package.namelist():
        if _MARGIN.search(name):
            counted += _word_part(member(package, name), MARGINS, WordStyles())
    return counted


def _word_part(xml: bytes, kind: str, styles: WordStyles) -> Counter[str]:
    counted: Counter[str] = Counter()
    shown, hidden = (_FALLBACK.sub("", part.decode("utf-8", "replace")) for part in split(xml, styles)) if xml else ("", "")
    for moved in _MOVED.finditer(shown):
        counted[DELETED] += _sum(_TEXT, moved[0]) + _sum(_DELETED, moved[0])
    shown = _MOVED.sub("", shown)
    counted[HIDDEN] += _sum(_TEXT, hidden)
    counted[DELETED] += _sum(_DELETED, shown) + _sum(_DELETED, hidden)
    counted[kind] += _sum(_TEXT, shown)
    return counted


def of_open_document(package: zipfile.ZipFile) -> Counter[str]:
    """Return the letters of an .odt by what they belong to."""
    counted: Counter[str] = Counter()
    shown, hidden, _ = plain_open.split(member(package, "content.xml") or b"<x/>", plain_open.styles_of(package))
    counted[HIDDEN] += _plain(hidden.decode("utf-8", "replace"))
    body = "".join(found[0] for found in _OPEN_BODY.finditer(shown.decode("utf-8", "replace")))
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
