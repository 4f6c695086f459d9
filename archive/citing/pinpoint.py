"""Reading the place in a work that a record names, so that each style can write it in its own way.

Only what is said by a number is taken for one: "page 80", "pages 18 and 19",
"paragraph 5", "p. 57". What follows ("of the copy at …") stays beside it, since
the pages of a copy need not be those of the print. "third paragraph" stays as
it is: the guides ask for numbers where a work has them, and this one has none.
"""

import re
from collections.abc import Iterable
from typing import Final

from archive.named_tuple import NamedTuple
from archive.text import regex

PAGE: Final = "page"
PARAGRAPH: Final = "paragraph"
CHAPTER: Final = "chapter"
SECTION: Final = "section"

_LABELS: Final = {
    **dict.fromkeys(("page", "pages", "p", "pp"), PAGE),
    **dict.fromkeys(("paragraph", "paragraphs", "para", "paras"), PARAGRAPH),
    **dict.fromkeys(("chapter", "chapters", "ch", "chap"), CHAPTER),
    **dict.fromkeys(("section", "sections", "sec", "§"), SECTION),
}
_NUMBER: Final = r"[0-9]{1,6}(?:\.[0-9]{1,4}){0,4}"
_PLACE: Final = regex(
    rf"(?P<label>{'|'.join(sorted(_LABELS, key=len, reverse=True))})\.?\s?"
    rf"(?P<first>{_NUMBER})(?:\s?(?P<join>-|–|to|and|,)\s?(?P<last>{_NUMBER}))?(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_RANGE: Final = frozenset({"-", "–", "to"})


class Pinpoint(NamedTuple):
    """A place in a work.

    ``label`` is `PAGE`, `PARAGRAPH`, `CHAPTER` or `SECTION`, and ``number`` what stands there, "81", "18, 19" or "4–6";
    both are "" where the place is not said by a number. ``rest`` is what is said besides, or instead.
    """

    label: str
    number: str
    rest: str


def read(locator: str) -> Pinpoint:
    """Read one locator."""
    written = " ".join(locator.split())
    found = _PLACE.match(written)
    if found is None:
        return Pinpoint("", "", written)
    number, last = found["first"], found["last"]
    if last:
        number += f"–{last}" if found["join"].casefold() in _RANGE else f", {last}"
    return Pinpoint(_LABELS[found["label"].casefold()], number, written[found.end() :].strip(" ,;"))


def join(locators: Iterable[str]) -> Pinpoint:
    """Return several places in one work as one: numbers of one kind together, else the first with the others in words."""
    every = list(dict.fromkeys(filter(None, locators)))
    places = [read(each) for each in every]
    if not places:
        return Pinpoint("", "", "")
    first, *others = places
    if others and first.label and all(each.label == first.label and each.rest == first.rest for each in others):
        return first._replace(number=", ".join(each.number for each in places))
    if not others:
        return first
    if not first.label:
        return Pinpoint("", "", "; ".join(every))
    return first._replace(rest="; ".join(filter(None, (first.rest, *every[1:]))))


def is_printed(locator: str, text: str) -> bool:
    """Return whether a place stands in a text: in its words, or by its numbers with what is said besides."""
    at, plain = read(locator), _plain(text)
    if _plain(locator) in plain:
        return True
    numbers = re.findall(_NUMBER, at.number)
    return (
        bool(numbers)
        and _plain(at.rest) in plain
        and all(re.search(rf"(?<![0-9]){re.escape(number)}(?![0-9])", text) for number in numbers)
    )


def _plain(text: str) -> str:
    """Return words without any space, sign or capital: a style sets those as it likes."""
    return "".join(c for c in text.casefold() if c.isalnum())
