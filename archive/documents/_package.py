"""The package of a word processor's file, a .zip of XML: what it really holds, counted before anything reads it.

Declared sizes lie, so every member is inflated once and its bytes are counted;
what is too large, too deep or not what it seems is refused. Runs in a child
process with limits (`archive.documents._child`).
"""

import io
import posixpath
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from archive.documents.model import RefusedFile
from archive.language.messages import mark

MOST_MEMBERS: Final = 2_000
MOST_BYTES: Final = 200_000_000
"""Of all members together, really inflated."""
MOST_RATIO: Final = 200
RATIO_COUNTS_FROM: Final = 1_000_000
"""A small file may be as dense as it likes: a few thousand spaces are."""
MOST_DEPTH: Final = 200
MOST_PARAGRAPHS: Final = 100_000
_CHUNK: Final = 1 << 16
_RELATION = re.compile(rb"<(?:[\w.-]+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"""\b(Type|Target)\s*=\s*["']([^"']*)["']""")


def open_package(content: bytes) -> zipfile.ZipFile:
    """Open a package after its members were counted.

    :raises RefusedFile: it is too large, has strange names or links in it, or is no .zip.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError) as error:
        raise RefusedFile(mark("it is damaged: its package cannot be opened")) from error
    if len(entries) > MOST_MEMBERS:
        raise RefusedFile(mark("its package has more than 2,000 members"))
    if len({entry.filename for entry in entries}) != len(entries):
        raise RefusedFile(mark("its package has two members of one name"))
    left = MOST_BYTES
    for entry in entries:
        left -= _count_bytes(package, entry, left)
    return package


def _count_bytes(package: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """Return how many bytes a member really unfolds to.

    :raises RefusedFile: its name leads out of the package, it is a link, cannot be unfolded, or is too large.
    """
    name = entry.filename
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name.split("/")[0]:
        raise RefusedFile(mark("a member of its package has a name that leads out of it"))
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise RefusedFile(mark("a member of its package is a link"))
    if entry.flag_bits & 1:
        raise RefusedFile(mark("it needs a password"))
    try:
        return _unfolded_size(package, entry, left)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise RefusedFile(mark("it is damaged: a member of its package cannot be unfolded")) from error


def _unfolded_size(package: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    size, head = 0, b""
    with package.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            head = head or chunk[:4]
            size += len(chunk)
            if size > left:
                raise RefusedFile(mark("it unfolds to more than 200 MB"))
            if size > RATIO_COUNTS_FROM and size > MOST_RATIO * max(1, entry.compress_size):
                raise RefusedFile(mark("it unfolds to more than two hundred times its size"))
    if head == b"PK\x03\x04" and entry.filename.endswith((".xml", ".rels")):
        raise RefusedFile(mark("there is a package inside of its package"))
    return size


def member(package: zipfile.ZipFile, name: str) -> bytes:
    """Return the bytes of a member, b"" where there is none."""
    return package.read(name) if name in package.namelist() else b""


def relations_of(part: str) -> str:
    """Return the member that says which other parts a part names."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def related_parts(package: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return the first part of each kind that a part names, by the last word of its kind, as "footnotes".

    :param part: "" for the package itself.
    """
    found: dict[str, str] = {}
    folder = part.rpartition("/")[0]
    for relation in _RELATION.finditer(member(package, relations_of(part))):
        values = {name.decode(): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(relation[0])}
        target = values.get("Target", "")
        name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found.setdefault(values.get("Type", "").rpartition("/")[2], name)
    return found


class XmlReading:
    """A reading of XML by expat without document types and entities, of bounded depth.

    A subclass says what happens at a start, an end and at words; ``self.at`` is
    the offset in bytes at which the event begins.
    """

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        self.parser.CommentHandler = self.parser.ProcessingInstructionHandler = self._other
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.depth = 0

    @property
    def at(self) -> int:
        """The offset in bytes of what is being read."""
        return self.parser.CurrentByteIndex

    def read(self, content: bytes) -> None:
        """Read all of a file.

        :raises RefusedFile: it is no well-formed XML, has a document type, or is too deep.
        """
        try:
            self.parser.Parse(content, True)  # noqa: FBT003 - expat's own
        except expat.ExpatError as error:
            raise RefusedFile(mark("it is damaged: its XML is not well formed")) from error

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element; names have no namespace before them."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def words(self, text: str) -> None:
        """Take characters."""

    def begin_event(self) -> None:
        """Take note that an event begins, whatever it is."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.begin_event()
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise RefusedFile(mark("its XML is nested too deep"))
        self.start(name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self.begin_event()
        self.depth -= 1
        self.end(name.rpartition(" ")[2])

    def _words(self, text: str) -> None:
        self.begin_event()
        self.words(text)

    def _other(self, *_: object) -> None:
        self.begin_event()

    def _refuse(self, *_: object) -> None:
        raise RefusedFile(mark("its XML has a document type of its own"))


def check(package: zipfile.ZipFile) -> None:
    """Read every XML file of a package once.

    :raises RefusedFile: one of them has a document type, or is nested too deep.
    """
    for name in sorted(_xml(package)):
        XmlReading().read(package.read(name))


def _xml(package: zipfile.ZipFile) -> Iterator[str]:
    for name in package.namelist():
        # Settings of a program are often empty files, also those of an object within the document.
        is_settings = name.startswith(("META-INF/", "customXml/")) or "Configurations2/" in name
        if name.endswith((".xml", ".rels")) and not is_settings:
            yield name
