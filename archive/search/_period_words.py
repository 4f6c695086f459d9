"""Periods as people write them, in English and Korean, turned into EDTF: 1985-95, the mid-1990s, 1990년대.

A date that is EDTF as it stands is never taken for anything else: 2004-06 is June 2004.
"""

import re
from typing import Final

from archive.text import regex

_YEAR: Final = r"(?:1[89]|20)[0-9]{2}"
_SPAN: Final = regex(
    rf"(?:from\s+|between\s+)?({_YEAR})년?\s*(?:-|–|—|~|to|until|and|/|부터|에서)\s*({_YEAR}|[0-9]{{2}})년?(?:\s*까지)?",
    re.IGNORECASE,
)
_DECADE: Final = regex(
    r"(?:the\s+)?(?:(early|mid|late)[\s-]+)?((?:1[89]|20)[0-9])0(?:s|'s|’s|년대)\s*(초반|초|중반|중|후반|말)?", re.IGNORECASE
)
_SINGLE: Final = regex(rf"({_YEAR})년(?:도)?")
_PARTS: Final = {
    **dict.fromkeys(("early", "초", "초반"), ("0", "3")),
    **dict.fromkeys(("mid", "중", "중반"), ("4", "6")),
    **dict.fromkeys(("late", "말", "후반"), ("7", "9")),
}
"""A part of a decade: the last digits of its first and last year."""


def as_edtf(written: str) -> str:
    """Return a period that a person wrote as EDTF, "" where it is none of the known forms.

    An end of two digits is of the century of the beginning; an end that comes before it is none.
    """
    plain = " ".join(written.split())
    if match := _DECADE.fullmatch(plain):
        part = (match[1] or match[3] or "").lower()
        if not part:
            return f"{match[2]}X"
        first, last = _PARTS[part]
        return f"{match[2]}{first}~/{match[2]}{last}~"
    if match := _SPAN.fullmatch(plain):
        first, last = match[1], match[2]
        last = last if len(last) == len(first) else f"{first[:2]}{last}"
        return f"{first}/{last}" if int(first) <= int(last) else ""
    match = _SINGLE.fullmatch(plain)
    return match[1] if match else ""


def years_in_words(word: str) -> str:
    """Return the period that a word of a query is, as EDTF, "" where it is none: 1996, 1990s, 1990년대에."""
    bare = re.sub(r"(?<=[년대])(?:에|의|에는|부터|까지)$", "", word)
    return bare if re.fullmatch(_YEAR, bare) else as_edtf(bare)
