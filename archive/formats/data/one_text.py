"""A passage as one text: the caveats in force, then the words, then the citation.

For whatever takes passages apart: a table, a program, an assistant. What is one
text cannot lose its caveats, and since they come first, who cuts the end off
cuts the words.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive.formats.data import csv


def caveats(fields: Mapping[str, Any]) -> list[str]:
    """Return every caveat of a passage or a citation, those that came since too, each as one text.

    :param fields: those of a hit or of a citation, as JSON has them.
    """
    return [csv.caveat(note) for note in (*fields["caveats"], *fields["caveats_since"])]


def one_text(fields: Mapping[str, Any], about: Iterable[str] = ()) -> str:
    """Return the caveats, the words and the citation of a passage, a line each.

    :param fields: of a hit, as `archive.formats.fields.hit` gives them; of a citation, which has no words.
    :param about: lines that tell of the passage; they stand before its words.
    """
    return "\n".join(_lines(fields, about))


def _lines(fields: Mapping[str, Any], about: Iterable[str]) -> Iterator[str]:
    yield from (f"Caveat: {caveat}" for caveat in caveats(fields))
    yield from about
    if "excerpt" in fields:
        yield f"Words: {fields['excerpt']}"
        yield from (f"Footnote: {footnote}" for footnote in fields["footnotes"])
    yield f"Citation: {fields['citation']}"
