"""XML files of other programs as trees, read in a child process with limits."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Self, Union

from archive.documents import reading
from archive.named_tuple import NamedTuple

_MODULE: Final = "archive.documents._xml_tree"


class XmlNode(NamedTuple):
    """An element: its name and its attributes without namespaces, and what is in it, texts and elements in their order."""

    name: str
    attributes: Mapping[str, str]
    children: Sequence[Union[str, "XmlNode"]]

    @classmethod
    def of(cls, tree: Sequence[Any]) -> Self:
        """Return it from nested lists."""
        name, attributes, children = tree
        return cls(name, attributes, tuple(each if isinstance(each, str) else cls.of(each) for each in children))

    @property
    def nodes(self) -> Iterator["XmlNode"]:
        """The elements that lie right in it."""
        return (each for each in self.children if isinstance(each, XmlNode))

    @property
    def text(self) -> str:
        """All words in it, at whatever depth."""
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute."""
        return self.attributes.get(name, default)

    def walk(self) -> Iterator["XmlNode"]:
        """Yield it and all elements in it, in the order of the file."""
        yield self
        for each in self.nodes:
            yield from each.walk()

    def all(self, *names: str) -> Iterator["XmlNode"]:
        """Yield the elements of these names in it, in the order of the file."""
        return (each for each in self.walk() if each.name in names)

    def first(self, name: str) -> "XmlNode":
        """Return the first element of a name in it, an empty one where there is none."""
        return next(self.all(name), XmlNode(name, {}, ()))


def parse(content: bytes, name: str) -> XmlNode:
    """Return the top element of a file.

    :param name: of the file, for messages.
    :raises UnreadableDocument: it is damaged, too large or too deep, or has a document type.
    """
    return XmlNode.of(reading.ask(_MODULE, content, name)[""])


def parse_members(content: bytes, name: str, pattern: str) -> dict[str, XmlNode]:
    """Return the top elements of the members of a package whose names fit a pattern, by these names.

    :raises UnreadableDocument: as `parse`.
    """
    return {member: XmlNode.of(tree) for member, tree in reading.ask(_MODULE, content, name, pattern).items()}


def parse_with_others(content: bytes, name: str, pattern: str, others: str) -> tuple[dict[str, XmlNode], dict[str, bytes]]:
    """Return the top elements of members as `parse_members` does, and the others, with their bytes where these fit another.

    :raises UnreadableDocument: as `parse`.
    """
    found = reading.ask(_MODULE, content, name, pattern, others)
    beside: dict[str, str] = found.pop("")
    trees = {member: XmlNode.of(tree) for member, tree in found.items()}
    return trees, {member: letters.encode("latin-1") for member, letters in beside.items()}
