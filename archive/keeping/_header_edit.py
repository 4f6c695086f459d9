"""Changing single values of a header in place, and nothing else: each change is made, read again and held against what was meant.

A header is a tree of texts. A change is said of the tree (`Put`, `Append`,
`Remove`) and made in the bytes; unless the new bytes read as the changed tree,
with the body and every comment as they were, it is refused.
"""

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any, Final

from archive.errors import CannotWrite, InvalidTestimony
from archive.keeping import _yaml_layout as yaml_layout
from archive.keeping._text_edit import TextEdit, apply, in_body
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.reader.yaml_nodes import Node

Place = tuple[str | int, ...]
"""A place in a header, lists counted from 0."""
_DIGITS: Final = re.compile(r"[0-9a-f]{16,64}")


class Put(NamedTuple):
    """Give a key of a mapping, or an item of a list, a value in place of the one it has, or for the first time."""

    where: Place
    value: Any


class Append(NamedTuple):
    """Put one more item at the end of a list, which is made where it is not there."""

    where: Place
    value: Any


class Remove(NamedTuple):
    """Take a key of a mapping away, with its value."""

    where: Place


Change = Put | Append | Remove


def change_header(content: bytes, path: str, changes: Iterable[Change], body: Sequence[TextEdit] = ()) -> bytes:
    """Make changes of a header one after another, and edits of the body.

    :param body: what is exchanged in the body, by offsets in it.
    :raises InvalidTestimony: the header cannot be read.
    :raises CannotWrite: the file would read otherwise than it should.
    """
    after = content
    for change in changes:
        after = _prove(after, path, change)
    if not body:
        return after
    split = read.split(after, path)
    meant = split.body
    for edit in sorted(body, reverse=True):
        meant = meant[: edit.at] + edit.text + meant[edit.at + edit.length :]
    whole = apply(after, [edit._replace(at=in_body(split.header, edit.at)) for edit in body])
    again = read.split(whole, path)
    if (again.header, again.body) != (split.header, meant):
        _refuse(path)
    return whole


def _prove(content: bytes, path: str, change: Change) -> bytes:
    header, written, _ = read.nodes(content, path)
    holder = header.at(change.where[:-1])
    is_there = holder is not None and isinstance(holder.value, dict | list)
    if not is_there or (isinstance(change, Remove) and header.at(change.where) is None):
        message = tr("{place} is not there", place=read.dotted_name(change.where if is_there else change.where[:-1]))
        raise CannotWrite(message, tr("Write it with `testimony edit`."))
    meant = _apply(header.plain(), change)
    after = apply(content, [_edit(header, written, change)])
    try:
        reread, _, _ = read.nodes(after, path)
        is_so = reread.plain() == meant and _beside(after, path) == _beside(content, path)
    except InvalidTestimony:
        is_so = False
    if not is_so:
        _refuse(path)
    return after


def _refuse(path: str) -> None:
    message = tr("{path} is written so that this cannot be changed with nothing else changing", path=path)
    raise CannotWrite(message, tr("It was left as it is. Make the change with `testimony edit`, or in your editor."))


def _beside(content: bytes, path: str) -> tuple[str, tuple[str, ...]]:
    """Return what no change of a header may touch: the body and the comments."""
    lines = content.decode("utf-8").replace("\r\n", "\n").split("\n")
    return read.split(content, path).body, tuple(lines[line - 1].rpartition("#")[2] for line in read.comments(content, path))


def _apply(plain: dict[str, Any], change: Change) -> dict[str, Any]:
    """Return the tree as it is to be."""
    new = deepcopy(plain)
    holder: Any = new
    *way, last = change.where
    for step in way:
        holder = holder[step]
    if isinstance(change, Remove):
        del holder[last]
    elif isinstance(change, Append):
        holder.setdefault(last, []).append(_plain(change.value))
    else:
        holder[last] = _plain(change.value)
    return new


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a header
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return str(value)


def _edit(header: Node, written: str, change: Change) -> TextEdit:
    *way, last = change.where
    holder = header.at(tuple(way))
    assert holder is not None  # noqa: S101 - looked at before
    if isinstance(change, Remove):
        return _removal(holder, str(last), written)
    there = holder.at((last,))
    if isinstance(change, Append):
        if there is None:
            return _add_key(holder, str(last), [change.value], written)
        return _append(there, change.value, written)
    if there is None:
        return _add_key(holder, str(last), change.value, written)
    return _exchange(holder, last, there, change.value, written)


def flow(value: Any) -> str:  # noqa: ANN401 - any value of a header
    """Write a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    text = str(value)
    return yaml_layout.quote(text) if _DIGITS.fullmatch(text) else yaml_layout.scalar(text)


def _stop(node: Node, written: str) -> int:
    """Return where a value ends; a block of text ends where the next line begins."""
    end = yaml_layout.last_of(node).end
    return end - 1 if end > node.start and written[end - 1 : end] == "\n" else end


def _exchange(holder: Node, last: str | int, there: Node, value: Any, written: str) -> TextEdit:  # noqa: ANN401 - as `flow`
    start, end, text = there.start, _stop(there, written), flow(value)
    in_block = isinstance(there.value, dict | list) and not there.flow
    if isinstance(last, str) and (in_block or start == end):
        # What began on a line of its own stands behind its key now; a value that was not there needs a space.
        start = holder.key_spans[last][1]
        return TextEdit(start, f": {text}", end - start)
    return TextEdit(start, text, end - start)


def _add_key(holder: Node, key: str, value: Any, written: str) -> TextEdit:  # noqa: ANN401 - as `flow`
    entry = f"{key}: {flow(value)}"
    if holder.flow:
        return _in_flow(holder, written, entry)
    column = yaml_layout.column_of(written, holder.start)
    return TextEdit(yaml_layout.end_of(holder, written, column), f"\n{' ' * column}{entry}")


def _append(there: Node, value: Any, written: str) -> TextEdit:  # noqa: ANN401 - as `flow`
    if there.flow:
        return _in_flow(there, written, flow(value))
    column = yaml_layout.column_of(written, there.start)
    return TextEdit(yaml_layout.end_of(there, written, column), f"\n{' ' * column}- {flow(value)}")


def _in_flow(node: Node, written: str, entry: str) -> TextEdit:
    bracket = node.end - 1
    children = list(node.value.values()) if isinstance(node.value, dict) else node.value
    if not children:
        return TextEdit(bracket, entry)
    gap = written[children[-1].end : bracket]
    if "," in yaml_layout.COMMENT.sub("", gap):
        return TextEdit(bracket, entry if gap[-1:].isspace() else f" {entry}")
    if "#" in gap:
        return TextEdit(bracket, f", {entry}")
    return TextEdit(children[-1].end, f", {entry}")


def _removal(holder: Node, key: str, written: str) -> TextEdit:
    keys = list(holder.value)
    at = keys.index(key)
    start = holder.key_spans[key][0]
    if at + 1 < len(keys):
        return TextEdit(start, "", holder.key_spans[keys[at + 1]][0] - start)
    if at:
        start = _stop(holder.value[keys[at - 1]], written)
    return TextEdit(start, "", _stop(holder.value[key], written) - start)
