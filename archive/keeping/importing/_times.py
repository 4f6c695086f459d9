"""Time codes that stand in the words of a transcript: they become the places of its paragraphs."""

import re
from collections.abc import Iterable
from typing import Any, Final

from archive.documents.model import count_letters
from archive.keeping.importing._model import LeftOut, Part, at_place
from archive.language.messages import mark

CODES: Final = mark("times in the words, which became places")
GOES_BACK: Final = mark("the times begin anew at {place}; from there on they have the number of the part before them")
_CODE: Final = re.compile(
    r"""[\[(<{]\s*(?:T:\s*)?(?:
        (?P<hours>[0-9]{1,3}):(?P<minutes>[0-5]?[0-9]):(?P<seconds>[0-5][0-9])(?:[.,:][0-9]{1,3})?
        | (?P<whole>[0-9]{1,4})\s*min\.?
    )\s*[\])>}]""",
    re.VERBOSE,
)
_SHORT: Final = re.compile(r"\A\s*[\[<]\s*(?P<minutes>[0-9]{1,3}):(?P<seconds>[0-5][0-9])\s*[\]>]")
_HOUR: Final = 3600
_MINUTE: Final = 60


def format_time(seconds: float) -> str:
    """Return a time as a place: hours, minutes and seconds, hours with two digits at least."""
    whole = int(seconds)
    return f"{whole // _HOUR:02d}:{whole % _HOUR // _MINUTE:02d}:{whole % _MINUTE:02d}"


class TimeCodes:
    """Parts whose time codes are places: ``parts``, and what is to be said of them in ``left_out`` and ``warnings``.

    A time code at the beginning of a paragraph is its place; one within its words
    stands where it stood. Times that begin anew, as where a second session
    begins, have the number of their part before them: "2/00:00:01".
    """

    def __init__(self, parts: Iterable[Part]) -> None:
        """Go through the parts in their order."""
        self._number = self._letters = 0
        self._last, self._part = -1, 1
        self.warnings: tuple[tuple[str, dict[str, Any]], ...] = ()
        self.parts = tuple(map(self._with_places, parts))
        self.left_out = (LeftOut(CODES, self._number, self._letters),) if self._number else ()

    def _with_places(self, part: Part) -> Part:
        if part.level:
            return part
        text = _SHORT.sub(self._place, part.text)
        text = _CODE.sub(self._place, text)
        first = re.match("\\s*\x0e([0-9/:]+)\x0f\\s*", text)
        return part._replace(text=text[first.end() :], place=first[1]) if first else part._replace(text=text)

    def _place(self, code: re.Match[str]) -> str:
        values = {name: int(value) for name, value in code.groupdict().items() if value}
        seconds = (
            values.get("hours", 0) * _HOUR
            + (values.get("minutes", 0) + values.get("whole", 0)) * _MINUTE
            + values.get("seconds", 0)
        )
        self._number += 1
        self._letters += count_letters(code[0])
        begins_anew = seconds < self._last
        self._part += begins_anew
        self._last = seconds
        place = format_time(seconds) if self._part == 1 else f"{self._part}/{format_time(seconds)}"
        if begins_anew:
            self.warnings = (*self.warnings, (GOES_BACK, {"place": place}))
        return at_place(place)
