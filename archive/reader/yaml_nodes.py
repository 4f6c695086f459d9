"""YAML to plain data with a line for everything, strictly: every scalar stays text.

Read from the event stream of the parser, so that what would be resolved,
merged or overwritten later (tags, anchors, merge keys, second keys) is seen
and refused, and nothing nested a hundred thousand deep ever reaches recursion.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from archive.errors import Fault
from archive.language.messages import tr

MOST_DEPTH: Final = 12
# The C parser is the same grammar, twenty times faster; a build without it
# has the one in Python.
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# The one in Python lets an escape such as "\\UFFFFFFFF", a character that is none, fall through to `chr`.
_NO_YAML: Final = (yaml.YAMLError, ValueError, OverflowError)
_MERGE: Final = "<<"
_QUOTED: Final = re.compile(r"'[^']{2,}'|\"[^\"]{2,}\"")


class Node:
    """A value with its place: ``line`` from 1, ``start`` and ``end`` as offsets in the text.

    Of a mapping ``keys`` gives the line of each key, and ``key_spans`` its start and end.
    """

    __slots__ = ("end", "flow", "key_spans", "keys", "line", "start", "value")

    def __init__(self, value: Any, line: int, start: int, end: int, *, flow: bool = False) -> None:  # noqa: ANN401 - str, list or dict of nodes
        """Keep the value (text, a list of nodes, or a dict of nodes) and where it stands."""
        self.value = value
        self.line = line
        self.start = start
        self.end = end
        self.flow = flow
        self.keys: dict[str, int] = {}
        self.key_spans: dict[str, tuple[int, int]] = {}

    def plain(self) -> Any:  # noqa: ANN401 - str, list or dict
        """Return the value without the places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def leaves(self) -> Iterator[tuple[tuple[str | int, ...], "Node"]]:
        """Yield every value that is text, in the order of the file, with its path."""
        waiting: list[tuple[tuple[str | int, ...], Node]] = [((), self)]
        while waiting:
            where, node = waiting.pop()
            if isinstance(node.value, dict):
                waiting += [((*where, key), child) for key, child in reversed(node.value.items())]
            elif isinstance(node.value, list):
                waiting += [((*where, number), child) for number, child in reversed(list(enumerate(node.value)))]
            else:
                yield where, node

    def line_of(self, path: tuple[Any, ...]) -> int:
        """Return the line of the innermost thing on a path that exists."""
        node, line = self, self.line
        for step in path:
            if isinstance(node.value, dict) and step in node.value:
                line = node.keys[step]
                node = node.value[step]
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.line
            else:
                break
        return line

    def at(self, path: tuple[Any, ...]) -> "Node | None":
        """Return the node at a path, or None."""
        node: Node | None = self
        for step in path:
            value = node.value if node else None
            if isinstance(value, dict):
                node = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                node = value[step]
            else:
                return None
        return node


class Refused(Exception):
    """The text cannot be read any further; the fault says why."""

    def __init__(self, fault: Fault) -> None:
        """Carry the fault."""
        super().__init__(str(fault))
        self.fault = fault


class TooDeep(Refused):
    """The text is nested deeper than any record."""


def load(text: str, path: str, first_line: int = 1) -> tuple[Node | None, list[Fault]]:
    """Read YAML into nodes; None where it is no mapping or broke off, with every fault found.

    :param first_line: the number in its file of the first line of ``text``.
    """
    faults: list[Fault] = []
    try:
        root = _Builder(path, first_line, faults).build(text)
    except Refused as refused:
        return None, [*faults, refused.fault]
    except _NO_YAML as error:
        return None, [*faults, _too_deep(text, path, first_line) or _no_yaml(error, path, first_line)]
    if root is None or not isinstance(root.value, dict):
        return None, [*faults, Fault(path, first_line, "header", tr("is not a mapping of keys to values"))]
    return root, faults


def _too_deep(text: str, path: str, first_line: int) -> Fault | None:
    """Return the fault of a text that is nested too deep, where the C parser has given up on it by itself.

    That one looks ahead, and since libyaml 0.2.6 it has a limit of its own, so that it may break off before we see
    the depth; the parser in Python has none and is asked only about what cannot be read anyhow.
    """
    try:
        _Builder(path, first_line, []).build(text, yaml.BaseLoader)
    except TooDeep as deep:
        return deep.fault
    except (Refused, *_NO_YAML):
        pass
    return None


def _no_yaml(error: Exception, path: str, first_line: int) -> Fault:
    if not isinstance(error, yaml.MarkedYAMLError):
        return Fault(path, first_line, "header", tr("is not YAML: {unquoted}", unquoted=_without_quotes(_first_line(error))))
    mark = error.problem_mark or error.context_mark
    line = first_line + (mark.line if mark else 0)
    return Fault(
        path, line, "header", tr("is not YAML: {unquoted}", unquoted=_without_quotes(error.problem or error.context or ""))
    )


def comments(text: str, first_line: int = 1) -> list[int]:
    """Return the lines of a header that hold a comment; the header can be read."""
    if "#" not in text:
        return []
    line_numbers, at = [], 0
    for token in yaml.scan(text, Loader=yaml.BaseLoader):
        start, end = token.start_mark.index, token.end_mark.index
        between = text[at:start]
        if isinstance(token, yaml.ScalarToken) and token.style in {"|", ">"}:
            # A comment may follow the sign that opens a block of text.
            between += text[start:end].partition("\n")[0]
        if "#" in between:
            line_numbers.append(first_line + text.count("\n", 0, at + between.index("#")))
        at = max(at, end)
    return line_numbers


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _without_quotes(problem: str) -> str:
    """Take out what the parser quotes of the text, all but single characters: a fault repeats no value."""
    return _QUOTED.sub("…", problem)


def _end(event: Any) -> int:  # noqa: ANN401 - the stubs let a mark be None; a parser always sets it
    return int(event.end_mark.index)


class _Builder:
    """Puts events together; a mapping on the stack waits for a key or for its value."""

    def __init__(self, path: str, first_line: int, faults: list[Fault]) -> None:
        self.path = path
        self.first_line = first_line
        self.faults = faults
        self.stack: list[Node] = []
        self.waiting: list[tuple[str, int, tuple[int, int]] | None] = []
        self.root: Node | None = None

    def build(self, text: str, loader: Any = None) -> Node | None:  # noqa: ANN401 - any of the parsers
        events = yaml.parse(text, Loader=loader or _LOADER)
        documents = 0
        for event in events:
            if isinstance(event, yaml.ScalarEvent):  # four of five are
                self._node(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(event, tr("has a second document"))
            elif isinstance(event, yaml.AliasEvent):
                self._refuse(event, tr("has an alias (*); write the value out, or put it into quotation marks"))
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self.stack[-1].end = _end(event)
                self.stack.pop()
                self.waiting.pop()
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)
        return self.root

    def _node(self, event: Any) -> None:  # noqa: ANN401 - a scalar, mapping or sequence event
        if event.anchor is not None:
            self._refuse(event, tr("has an anchor (&); write the value out, or put it into quotation marks"))
        if event.tag is not None:
            self._refuse(event, tr("has a tag (!); values are plain text here"))
        line = self.first_line + event.start_mark.line
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.ScalarEvent):
            if self.stack and isinstance(self.stack[-1].value, dict) and self.waiting[-1] is None:
                self._key(event, line)
                return
            self._add(Node(event.value, line, start, end), event)
            return
        if self.stack and isinstance(self.stack[-1].value, dict) and self.waiting[-1] is None:
            self._refuse(event, tr("has a key that is not text"))
        if len(self.stack) >= MOST_DEPTH:
            self._refuse(event, tr("is nested more than {most_depth} deep", most_depth=MOST_DEPTH), TooDeep)
        empty: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        node = Node(empty, line, start, end, flow=bool(event.flow_style))
        self._add(node, event)
        self.stack.append(node)
        self.waiting.append(None)

    def _key(self, event: Any, line: int) -> None:  # noqa: ANN401 - a scalar event
        key, holder = event.value, self.stack[-1]
        if key == _MERGE:
            self._refuse(event, tr("has a merge key, <<; write the values out"))
        if key in holder.value:
            message = tr("stands twice here (first in line {keys})", keys=holder.keys[key])
            self.faults.append(Fault(self.path, line, key, message))
        self.waiting[-1] = (key, line, (int(event.start_mark.index), _end(event)))

    def _add(self, node: Node, event: Any) -> None:  # noqa: ANN401 - any node event
        if not self.stack:
            if self.root is not None:
                self._refuse(event, tr("has a second root"))
            self.root = node
            return
        holder = self.stack[-1]
        if isinstance(holder.value, list):
            holder.value.append(node)
            return
        waited = self.waiting[-1]
        if waited is None:
            return
        key, line, span = waited
        self.waiting[-1] = None
        if key not in holder.value:
            holder.value[key] = node
            holder.keys[key] = line
            holder.key_spans[key] = span

    def _refuse(self, event: Any, message: str, kind: type[Refused] = Refused) -> None:  # noqa: ANN401 - any event
        line = self.first_line + event.start_mark.line
        raise kind(Fault(self.path, line, "header", message))
