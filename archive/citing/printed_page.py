"""The page of a person as our text has it above its notes and sources, held against the page of today, line by line."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from archive.citing.folding import fold_struck
from archive.named_tuple import NamedTuple

FIELD: Final = "page"
"""The field of a list that holds what stands above its notes where it has no hits."""
_AROUND: Final = 16  # words that are shown of what stands there instead


class PageLine(NamedTuple):
    """A line of the page of today, not wrapped, in each way in which it may stand there, the longer first.

    ``is_of_others``: it tells what others say, which changes with their records.
    """

    ways: tuple[str, ...]
    is_of_others: bool = False


class PageDifference(NamedTuple):
    """What a page says otherwise, "" where it leaves a line out, and how that line is today."""

    written: str
    right: str


def otherwise(written: str, lines: Sequence[PageLine]) -> tuple[PageDifference | None, bool]:
    """Return the first difference of a page, and whether the page of today has more of what others say.

    What stands above the page is somebody's own.
    """
    given_words = written.split()
    ends = list(accumulate(len(_bare(word)) for word in given_words))
    given = _bare(written)
    wanted = [(line, [_bare(way) for way in line.ways]) for line in lines]
    at = max(0, given.rfind(wanted[0][1][0])) if wanted else 0
    has_more = False
    for line, forms in wanted:
        form = next((each for each in forms if given.startswith(each, at)), None)
        if form is not None:
            at += len(form)
        elif line.is_of_others:
            has_more = True
        else:
            return PageDifference(_extract(given_words, ends, at), line.ways[0].strip()), has_more
    return (PageDifference(_extract(given_words, ends, at), "") if at < len(given) else None), has_more


def _bare(text: str) -> str:
    """Return words as they are compared, without spaces: a line may end anywhere between them."""
    return fold_struck(text).replace(" ", "")


def _extract(words: Sequence[str], ends: Sequence[int], at: int) -> str:
    first = bisect_right(ends, at)
    return " ".join(words[first : first + _AROUND])
