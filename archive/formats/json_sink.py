r"""JSON as a sink: a program reads the same document, and a terminal that shows it obeys nothing in it.

JSON asks for the escaping of U+0000 to U+001F alone. Printed on a terminal,
U+009B or U+202E would still be obeyed; so every character that
`archive.formats.terminal` makes visible is written as ``\uXXXX`` here, the
joiners too, since an escape in JSON changes no value.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from archive.formats.terminal import is_control

_LINE_END: Final = ord("\n")
_LAST_OF_ONE_UNIT: Final = 0xFFFF


class _Escapes(dict[int, str]):
    """What stands for each character of a finished document; each is looked up once."""

    def __missing__(self, code: int) -> str:
        self[code] = _escape(code) if is_control(chr(code)) and code != _LINE_END else chr(code)
        return self[code]


def _escape(code: int) -> str:
    units = chr(code).encode("utf-16-be", "surrogatepass") if code > _LAST_OF_ONE_UNIT else code.to_bytes(2, "big")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


_ESCAPES: Final = _Escapes()


def write(document: Mapping[str, Any] | list[Any], indent: int | None = None) -> str:
    """Write a document: as JSON, its Hangul readable, its control characters escaped.

    :param indent: spaces a level; None writes one line.
    """
    # Within a string json itself has escaped each line end, so those that are left are the layout.
    return json.dumps(document, ensure_ascii=False, indent=indent).translate(_ESCAPES)


def lines(document: Mapping[str, Any]) -> Iterator[str]:
    """Write any document; Hangul stays readable, control characters are escaped."""
    yield write(document, indent=1)
