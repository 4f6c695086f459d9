"""Cells as a sink: no spreadsheet takes one for a formula, and no terminal obeys one.

A spreadsheet runs a cell that begins with ``= + - @``, some of them also after
white space, a quote or a tab, and some in full width. Where a comma is no
separator (Excel in much of Europe reads ``;``), a cell may begin in the middle
of ours. An apostrophe before such a place makes text of it, and is all that
the cell differs by.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from archive.formats.terminal import visible

_TRIGGERS: Final = frozenset("=+-@\u2212")
# The start of a cell, also for a reader to whom ";" ends one; what spreadsheets pass over; what is left.
_START: Final = re.compile(r"(?:^|(?<=;))([\s\"'`‘’“”„«»]*)(\S)")
_OTHER_SPACE: Final = re.compile(r"[^\S ]")


def neutral(value: str) -> str:
    """Return a value that no spreadsheet runs, on one line, control characters made visible."""
    flat = visible(" ".join(value.split()) if _OTHER_SPACE.search(value) else value)
    if ";" in flat:
        return _START.sub(lambda match: f"'{match[0]}" if _triggers(match[2]) else match[0], flat)
    start = _START.match(flat)  # where else a cell might begin need not be looked for
    return f"'{flat}" if start and _triggers(start[2]) else flat


def _triggers(first: str) -> bool:
    # Full-width and small forms of the signs are the signs themselves in compatibility form.
    return unicodedata.normalize("NFKC", first)[:1] in _TRIGGERS


def line(values: Iterable[str]) -> str:
    """Write a line of a table, without its line end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([neutral(value) for value in values])
    return buffer.getvalue()
