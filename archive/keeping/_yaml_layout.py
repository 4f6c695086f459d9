"""Where a note goes in a header, and its lines: one insertion, in the style that the header has.

The places are those of the YAML events (`archive.reader.yaml_nodes`). Nothing is
taken out and nothing moved; whether the new text reads as meant is proved by
whoever writes it (`archive.keeping._notes`).
"""

import json
import re
from collections.abc import Iterator
from typing import Final

from archive.keeping._text_edit import TextEdit
from archive.reader.yaml_nodes import Node
from archive.record.testimony import Cite, Note

_COLUMNS: Final = 118
_STEP: Final = 2
# What YAML takes for plain text wherever it stands; all else is quoted.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./~-]*(?: [A-Za-z0-9][A-Za-z0-9_./~-]*)*")
COMMENT = re.compile(r"#[^\n]*")


def place_note(header: Node, written: str, note: Note) -> TextEdit:
    """Return what is put into a header so that it ends with one note more.

    :param written: the header's text, with line feeds.
    """
    credibility = header.value["credibility"]
    notes = credibility.at(("notes",))
    if notes is None and credibility.flow:
        return _in_flow(credibility, written, note, "notes: [", "]")
    if notes is None:
        column = column_of(written, credibility.start)
        lines = [" " * column + "notes:", *_block(note, column + _STEP, _STEP)]
        return TextEdit(end_of(credibility, written, column), "\n" + "\n".join(lines))
    if notes.flow:
        return _in_flow(notes, written, note, "", "")
    column = column_of(written, notes.start)
    last = notes.value[-1]
    beside = "\n" not in written[notes.start : last.start] or len(notes.value) > 1
    width = column_of(written, last.start) - column if beside else _STEP
    return TextEdit(end_of(notes, written, column), "\n" + "\n".join(_block(note, column, max(width, _STEP))))


def column_of(written: str, at: int) -> int:
    return at - (written.rfind("\n", 0, at) + 1)


def end_of(node: Node, written: str, column: int) -> int:
    """Return the end of the last line of a block, with the comments under it that stand deeper than its items."""
    at = last_of(node).end
    # A block scalar ends where the line after it begins.
    end = at - 1 if written[at - 1 : at] == "\n" else line_end(written, at)
    while end < len(written):
        following = written[end + 1 : line_end(written, end + 1)]
        bare = following.lstrip(" ")
        if not bare.startswith("#") or len(following) - len(bare) <= column:
            break
        end += 1 + len(following)
    return end


def last_of(node: Node) -> Node:
    while not node.flow and isinstance(node.value, (dict, list)) and node.value:
        node = list(node.value.values())[-1] if isinstance(node.value, dict) else node.value[-1]
    return node


def line_end(written: str, at: int) -> int:
    end = written.find("\n", at)
    return len(written) if end < 0 else end


def _in_flow(node: Node, written: str, note: Note, opening: str, closing: str) -> TextEdit:
    bracket = node.end - 1
    line = written[written.rfind("\n", 0, node.start) + 1 :]
    pad = " " * (len(line) - len(line.lstrip(" ")) + 2 * _STEP)
    lines = list(_flow(note))
    own_line = not written[written.rfind("\n", 0, bracket) + 1 : bracket].strip()
    lead = "" if own_line and not opening else f"\n{pad}"
    entry = opening + lead + f"\n{pad} ".join(lines) + closing
    children = list(node.value.values()) if isinstance(node.value, dict) else node.value
    if not children:
        return TextEdit(bracket, entry)
    gap = written[children[-1].end : bracket]
    if "," in COMMENT.sub("", gap):
        return TextEdit(bracket, f" {entry}" if opening else entry)
    if "#" in gap:
        return TextEdit(bracket, f", {entry}")
    return TextEdit(children[-1].end, f", {entry}" if opening else f",\n{pad}" + f"\n{pad} ".join(lines))


def _block(note: Note, column: int, width: int) -> Iterator[str]:
    inner = " " * (column + width)
    first = " " * column + "-" + " " * (width - 1)
    for key, value in _values(note):
        lines = [f"{key}: {value}"]
        if key == "statement":
            lines = list(_fold(f"{key}: {value}", _COLUMNS - len(inner)))
        elif key == "about" and note.about.paragraphs:
            lines = ["about:", *(f"  {name}: {shown}" for name, shown in _about(note))]
        for line in lines:
            yield first + line
            first = inner


def _flow(note: Note) -> Iterator[str]:
    values = list(_values(note))
    for number, (key, value) in enumerate(values):
        opens, ends = "{" if number == 0 else "", "}" if number == len(values) - 1 else ","
        yield from _fold(f"{opens}{key}: {value}{ends}", _COLUMNS) if key == "statement" else (f"{opens}{key}: {value}{ends}",)


def _values(note: Note) -> Iterator[tuple[str, str]]:
    yield "id", scalar(note.id)
    yield "flag", scalar(note.flag)
    yield "status", scalar(note.status)
    yield "about", "{" + ", ".join(f"{key}: {value}" for key, value in _about(note)) + "}"
    yield "statement", quote(note.statement)
    yield "by", scalar(note.by)
    yield "date", scalar(note.date)
    for key, value in (("known", note.known), ("information", note.information)):
        if value:
            yield key, scalar(value)
    if note.cites:
        yield "cites", "[" + ", ".join(map(_cite, note.cites)) + "]"
    if note.against:
        hashes = note.against_hashes or ((),) * len(note.against)
        yield "with", "[" + ", ".join(map(_link, note.against, hashes)) + "]"
    if note.replaces:
        yield "replaces", scalar(note.replaces)


def _about(note: Note) -> Iterator[tuple[str, str]]:
    about = note.about
    if about.of_record:
        yield "record", "true"
        return
    yield "paragraphs", "[" + ", ".join(map(str, about.paragraphs)) + "]"
    yield "sha256", "[" + ", ".join(map(quote, about.hashes)) + "]"
    if about.exact:
        parts = (("exact", about.exact), ("prefix", about.prefix), ("suffix", about.suffix))
        yield "quote", "{" + ", ".join(f"{key}: {quote(value)}" for key, value in parts if value) + "}"


def _link(ref: str, hashes: tuple[str, ...]) -> str:
    return "{ref: " + quote(ref) + f", sha256: [{', '.join(map(quote, hashes))}]}}" if hashes else quote(ref)


def _cite(cite: Cite) -> str:
    return "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in cite._asdict().items() if value) + "}"


def scalar(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else quote(value)


def quote(value: str) -> str:
    """Write a double-quoted scalar: JSON, and an escape for every character that YAML might fold or refuse."""
    escaped = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escape(ord(c)) for c in escaped)


def _escape(point: int) -> str:
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"  # noqa: PLR2004 - the last point of four digits


def _fold(line: str, columns: int) -> Iterator[str]:
    """Break a line at its spaces; in a double-quoted scalar a break reads as one space."""
    shown = ""
    for word in line.split(" "):
        # The first break comes after the key and the first word of the value.
        if shown and len(shown) + 1 + len(word) > columns and '"' in shown:
            yield shown
            shown = f"  {word}"
        else:
            shown = f"{shown} {word}" if shown else word
    yield shown
