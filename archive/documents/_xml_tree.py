"""XML as nested lists, read by expat without document types and entities. Runs in a child process with limits."""

import codecs
import re
from typing import Any, Final

from archive.documents._package import XmlReading, open_package
from archive.documents.model import RefusedFile
from archive.language.messages import mark

MOST_NODES: Final = 2_000_000

_DECLARED: Final = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_DECLARATION: Final = re.compile(r"\A<\?xml\s[^>]*\?>")
_WIDER: Final = {"euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932"}
"""Encodings that are named where programs write what is wider than they are."""

Tree = list[Any]
"""A name without its namespace, attributes by their names without theirs, and the texts and trees in it in their order."""


class _TreeReading(XmlReading):
    def __init__(self) -> None:
        super().__init__()
        self.top: Tree = ["", {}, []]
        self.open: list[Tree] = [self.top]
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            raise RefusedFile(mark("it has more than two million elements"))
        tree: Tree = [name, attributes, []]
        self.open[-1][2].append(tree)
        self.open.append(tree)

    def end(self, name: str) -> None:
        del name
        self.open.pop()

    def words(self, text: str) -> None:
        self.open[-1][2].append(text)


def in_utf8(content: bytes) -> bytes:
    """Return a file in UTF-8 and without its declaration, whichever encoding that names; expat knows four of them.

    :raises RefusedFile: the encoding is none, or not that of the file.
    """
    declared = _DECLARED.match(content)
    named = declared[1].decode("ascii").casefold() if declared else "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        named = "utf-16"
    try:
        text = content.decode(_WIDER.get(named, named))
    except (UnicodeDecodeError, LookupError) as error:
        raise RefusedFile(mark("it is not written in the encoding that it names")) from error
    return _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n")).encode("utf-8", "replace")


def _tree(content: bytes) -> Tree:
    reading = _TreeReading()
    reading.read(in_utf8(content))
    top: Tree = reading.top[2][0]
    return top


def read(content: bytes, members: str = "", beside: str = "") -> dict[str, Any]:
    """Return the tree of a file under "", or those of the members of a package by their names.

    :param members: a pattern of their names; "" where the file is no package.
    :param beside: a pattern of the names of members that are no XML: under "" is each other member, with its bytes, each as
        a letter of Latin 1, where its name fits, else with none.
    :raises RefusedFile: it is damaged, too large or too deep, or has a document type.
    """
    if not members:
        return {"": _tree(content.lstrip())}
    package = open_package(content)
    found: dict[str, Any] = {name: _tree(package.read(name)) for name in package.namelist() if re.fullmatch(members, name)}
    if beside:
        found[""] = {
            name: package.read(name).decode("latin-1") if re.fullmatch(beside, name) else ""
            for name in package.namelist()
            if name not in found
        }
    return found
