"""An .odt as its program shows it: with the words of its fields, which pandoc passes over, and what is written under a picture.

Of a frame with a picture pandoc makes a figure, and a part of the words under it.
"""

import re
import zipfile
from io import BytesIO
from typing import Final

from archive.documents._repackaging import repackage

_CONTENT: Final = "content.xml"
_FIELDS: Final = re.compile(
    rb"""</?text:(?:(?:creation|modification|print)-(?:date|time)|date|time|editing-(?:cycles|duration)
    |page-(?:number|continuation|variable-get|variable-set)|(?:page|paragraph|word|character|table|image|object)-count
    |sender-[a-z-]+|author-(?:name|initials)|initial-creator|creator|printed-by|title|subject|keywords|description|user-defined
    |chapter|(?:file|template|sheet)-name|variable-(?:get|set|input)|user-field-(?:get|input)|sequence|expression|text-input
    |drop-down|placeholder|conditional-text|database-(?:display|name|row-number)|(?:note|sequence|bookmark|reference)-ref
    |measure|meta|meta-field|dde-connection|table-formula|execute-macro|ruby|ruby-base)(?=[\s/>])[^>]*>""",
    re.VERBOSE,
)
_ABOVE: Final = re.compile(rb"<text:ruby-text(?=[\s/>])[^>]*?(?:/>|>(.*?)</text:ruby-text>)", re.DOTALL)
_PICTURE: Final = re.compile(rb"<draw:image(?=[\s/>])(?:[^>]*/>|[^>]*>.*?</draw:image>)", re.DOTALL)


def as_shown(document: bytes, *, with_pictures: bool) -> bytes:
    """Return an .odt with plain words for its fields; what stands above others comes behind them, in parentheses.

    The same bytes where it has none of these.

    :param document: one whose package was looked through.
    :param with_pictures: else these are taken out, and their frames hold words alone.
    """
    with zipfile.ZipFile(BytesIO(document)) as package:
        before = package.read(_CONTENT) if _CONTENT in package.namelist() else b""
    after = _FIELDS.sub(b"", _ABOVE.sub(lambda above: b"(" + above[1] + b")" if above[1] else b"", before))
    after = after if with_pictures else _PICTURE.sub(b"", after)
    return document if after == before else repackage(document, lambda member, old: after if member == _CONTENT else old)
