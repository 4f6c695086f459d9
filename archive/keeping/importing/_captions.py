"""Captions (WebVTT, SubRip): cues of one speaker put together to sentences, each with the time at which it begins.

Read here and not by a library: those that there are drop what stands between
angle brackets and is no tag (``<[?]>``), the second voice of a cue, or lines
behind an empty one. A cue without a voice goes on with the speaker before it.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from archive.documents.captions import ROLLS, TAG, TIMING, VOICE
from archive.documents.model import count_letters
from archive.documents.reading import refusal
from archive.keeping.importing._model import LeftOut, Part, SourceText
from archive.keeping.importing._plain import decode
from archive.keeping.importing._registry import Options
from archive.keeping.importing._times import format_time
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple

VOICES: Final = mark("names of speakers, which stand before the paragraphs")
REMARKS: Final = mark("remarks of the captions")
SETTINGS: Final = mark("settings, styles and regions")
NAMES: Final = mark("numbers and names of cues")
TIMES: Final = mark("times of cues")
ROLLING: Final = mark("lines that a rolling caption shows again")
_BACKWARDS: Final = mark("a cue ends before it begins, at {place}")
MARKUP: Final = mark("tags of the captions")
_BLOCKS: Final = ("NOTE", "STYLE", "REGION")
_ENDS: Final = re.compile(r"[.?!…”\"’)\]]\s*\Z")
MOST_LETTERS: Final = 600
"""Of a paragraph that is put together, after which the next cue begins one of its own."""


class _Cue(NamedTuple):
    start: float
    end: float
    lines: tuple[str, ...]


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return the one text of a caption file. See `archive.keeping.importing._registry.Reader`."""
    text, warnings = decode(content, name)
    reading = CueReading(text)
    if not reading.cues:
        raise refusal(name, tr("it has no cue with a time"))
    parts = tuple(reading.parts(whole=not options.cues))
    letters = count_letters(html.unescape(text))
    return [SourceText(parts, letters, left_out=tuple(reading.omissions()), warnings=(*warnings, *reading.warnings))]


class CueReading:
    """The cues of a caption file, its header or none, and the letters of all that is no words."""

    def __init__(self, text: str) -> None:
        """Take the file apart at its empty lines; a block without a time goes on with the cue before."""
        self._rolls = ROLLS.search(text) is not None
        self._counted: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()
        self.warnings: list[tuple[str, dict[str, Any]]] = []
        self.cues: list[_Cue] = []
        for number, block in enumerate(re.split(r"\n(?:[ \t]*\n)+", text.strip("\n"))):
            self._block(block.split("\n"), is_first=number == 0)

    def _block(self, lines: list[str], *, is_first: bool) -> None:
        head = lines[0].strip().lstrip("\ufeff")
        timed = next((at for at, line in enumerate(lines) if TIMING.match(line.strip())), None)
        if is_first and head.startswith("WEBVTT"):
            header = lines if timed is None else lines[:timed]
            self._leave(SETTINGS, "\n".join(header))
            lines = lines[len(header) :]
            timed = None if timed is None else 0
            if not lines:
                return
        elif timed is None and head.split(" ")[0].split("\t")[0] in _BLOCKS:
            self._leave(REMARKS if head.startswith("NOTE") else SETTINGS, "\n".join(lines))
            return
        if timed is None:
            self._goes_on(lines)
            return
        if timed:
            self._leave(NAMES, "\n".join(lines[:timed]))
        self._cue(lines[timed:])

    def _goes_on(self, lines: list[str]) -> None:
        """Put lines without a time behind the words of the cue before; those before the first cue say what the file is."""
        if self.cues:
            self.cues[-1] = self.cues[-1]._replace(lines=(*self.cues[-1].lines, *lines))
        else:
            self._leave(SETTINGS, "\n".join(lines))

    def _cue(self, lines: list[str]) -> None:
        while lines:
            found = TIMING.match(lines[0].strip())
            if found is None:
                self._goes_on(lines)
                return
            following = next((at for at, line in enumerate(lines[1:], start=1) if TIMING.match(line.strip())), len(lines))
            self._leave(TIMES, lines[0])
            start, end = _seconds(found.groups()[:4]), _seconds(found.groups()[4:8])
            if end < start and end:
                self.warnings.append((_BACKWARDS, {"place": format_time(start)}))
            self.cues.append(_Cue(start, end, tuple(lines[1:following])))
            lines = lines[following:]

    def _leave(self, what: str, text: str) -> None:
        self._numbers[what] += 1
        self._counted[what] += count_letters(html.unescape(text))

    def omissions(self) -> Iterator[LeftOut]:
        """Yield what is no words of a speaker."""
        for what, number in self._numbers.items():
            if self._counted[what]:
                yield LeftOut(what, number, self._counted[what])

    def parts(self, *, whole: bool) -> Iterator[Part]:
        """Yield the paragraphs.

        :param whole: put cues of one speaker together to the end of a sentence.
        """
        pending: Part | None = None
        for part in self._utterances():
            if pending is None:
                pending = part
            elif whole and pending.speaker == part.speaker and not _is_full(pending.text):
                pending = pending._replace(text=f"{pending.text} {part.text}")
            else:
                yield pending
                pending = part
        if pending is not None:
            yield pending

    def _utterances(self) -> Iterator[Part]:
        """Yield what each speaker says in each cue."""
        speaker = ""
        shown: tuple[str, ...] = ()
        for cue in self.cues:
            lines = self._not_shown(cue.lines, shown) if self._rolls else list(cue.lines)
            shown = tuple(filter(None, map(_words, cue.lines)))
            for at, piece in enumerate(VOICE.split("\n".join(lines))):
                if at % 2:
                    self._leave(VOICES, piece)
                    speaker = html.unescape(piece[1:-1].partition(" ")[2]).strip()
                    continue
                for tag in TAG.findall(piece):
                    self._leave(MARKUP, tag)
                words = _words(piece)
                if words:
                    yield Part(words, format_time(cue.start), speaker)

    def _not_shown(self, lines: tuple[str, ...], shown: tuple[str, ...]) -> list[str]:
        """Return the lines that the cue before has not shown already: rolling captions show each line twice and more."""
        kept = [line for line in lines if _words(line)]
        for tag in (tag for line in lines if not _words(line) for tag in TAG.findall(line)):
            self._leave(MARKUP, tag)
        if not kept or not shown or _words(kept[0]) != shown[-1]:
            return kept
        self._leave(ROLLING, kept[0])
        return kept[1:]


def _words(text: str) -> str:
    return " ".join(html.unescape(TAG.sub("", text)).split())


def _is_full(text: str) -> bool:
    return _ENDS.search(text) is not None or len(text) >= MOST_LETTERS


def _seconds(groups: tuple[str | Any, ...]) -> float:
    hours, minutes, seconds, rest = groups
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int((rest or "0").ljust(3, "0")) / 1000
