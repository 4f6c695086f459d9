"""Captions (WebVTT, SubRip) as running text: what is said goes on over cues, and each line is known by its line in the file.

A reader of a film sees no numbers, times or empty lines between two cues, and
a quotation does not end there. A paragraph ends where another one speaks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from archive.named_tuple import NamedTuple

TIMING: Final = re.compile(
    r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,3}))?\s*-->\s*(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,3}))?(.*)"
)
"""The line with the times of a cue."""
VOICE: Final = re.compile(r"(<v(?:\.[^\s>]*)?\s+[^>]*>)")
ROLLS: Final = re.compile(r"<[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\.[0-9]{3}>")
"""A time inside a cue, as captions have that roll and show each line twice and more."""
TAG: Final = re.compile(r"</?(?:c|i|b|u|ruby|rt|lang|v|font)(?:[.\s][^>]*)?>|<[0-9:.,]+>|\{\\[^}]*\}", re.IGNORECASE)
_REMARK: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|\Z)")
_SPEAKS: Final = re.compile(r"(?:[-–—]|>>)\s?\S")
_HEAD: Final = 2_000


class RunningText(NamedTuple):
    """The words of captions, and for each line of them the number of the line in the file, from 1."""

    text: str
    lines: tuple[int, ...]


class _CaptionLine(NamedTuple):
    """A line of a cue, or of what stands beside the cues: its number in the file, and whether a paragraph begins there."""

    number: int
    text: str
    begins: bool = False


def are_captions(text: str) -> bool:
    """Return whether a text is a file of captions: it says so, or begins with the times of a cue."""
    head = text[:_HEAD].lstrip("\ufeff").lstrip()
    first = [line.strip() for line in head.split("\n")[:2]]
    return head.startswith("WEBVTT") or any(map(TIMING.match, first))


def running(text: str) -> RunningText:
    """Return what is said in captions, and below it what else stands in the file: remarks, settings, names of cues."""
    words: list[str] = []
    numbers: list[int] = []
    cues, beside = _split(text)
    for line in (*_spoken_lines(cues, rolls=ROLLS.search(text) is not None), *beside):
        if line.begins and words:
            words.append("")
            numbers.append(line.number)
        words.append(line.text)
        numbers.append(line.number)
    return RunningText("\n".join(words), tuple(numbers))


def _spoken_lines(cues: Iterable[_CaptionLine], *, rolls: bool) -> Iterator[_CaptionLine]:
    """Yield each line that is said; one that rolls on from the cue before is said once."""
    voice = shown = ""
    for number, line, is_first in cues:
        named = VOICE.search(line)
        begins = _SPEAKS.match(line.strip()) is not None or bool(named and named[1] != voice)
        voice = named[1] if named else voice
        said = TAG.sub("", line).strip()
        if said and not (rolls and is_first and said == shown):
            yield _CaptionLine(number, said, begins)
        shown = said or shown


def _split(text: str) -> tuple[list[_CaptionLine], list[_CaptionLine]]:
    """Return the lines of the cues, of which the first of each begins, and all other lines that say something."""
    cues: list[_CaptionLine] = []
    beside: list[_CaptionLine] = []
    for block in _blocks(text.split("\n")):
        times = [at for at, line in enumerate(block) if TIMING.match(line.text.strip())]
        if times:
            named = block[: times[0]]
            beside += [line._replace(begins=True) for line in named if not line.text.strip().isdecimal()]
            numbers = {at - 1 for at in times if at and block[at - 1].text.strip().isdecimal()}
            said = (at for at in range(times[0] + 1, len(block)) if at not in times and at not in numbers)
            cues += [block[at]._replace(begins=at - 1 in times) for at in said]
        elif cues and not _REMARK.match(block[0].text.strip()):
            cues += block  # a cue that goes on behind an empty line
        else:
            beside += [block[0]._replace(begins=True), *block[1:]]
    return cues, beside


def _blocks(lines: Sequence[str]) -> Iterator[list[_CaptionLine]]:
    """Yield the lines between two empty ones."""
    block: list[_CaptionLine] = []
    for number, line in enumerate((*lines, ""), start=1):
        if line.strip():
            block.append(_CaptionLine(number, line.lstrip("\ufeff")))
        elif block:
            yield block
            block = []
