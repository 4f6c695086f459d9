"""The Oral History Metadata Synchronizer (.xml of versions 5 and 6): transcript with times, index as headings, translation.

Of the metadata nothing comes in: interviewees and interviewers are full names,
rights are to be decided anew, and notes of users are internal.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from archive.documents import xml
from archive.documents.model import count_letters
from archive.documents.reading import refusal
from archive.documents.xml import XmlNode
from archive.keeping.importing._captions import CueReading
from archive.keeping.importing._model import LeftOut, Part, SourceText, at_place, note_call
from archive.keeping.importing._registry import Options
from archive.keeping.importing._times import format_time
from archive.language.messages import mark, tr

METADATA: Final = mark("fields of the interview and of its index")
NUMBERS: Final = mark("numbers of footnotes, which became calls")
TRANSLATION: Final = mark("a translation whose paragraphs do not go one with one")
_RIGHTS: Final = mark("the file says of its use: {said}")
_NO_TRANSCRIPT: Final = re.compile(r"\s*no transcript\.?\s*", re.IGNORECASE)
_STAMP: Final = re.compile(r"([0-9]+)(?:\(([0-9]+)\))?")
_NOTES: Final = re.compile(r"\[\[footnotes\]\](.*?)\[\[/footnotes\]\]", re.DOTALL | re.IGNORECASE)
_NOTE: Final = re.compile(r"\[\[note\]\](.*?)\[\[/note\]\]", re.DOTALL | re.IGNORECASE)
_CALL: Final = re.compile(r"\[\[footnote\]\]\s*([0-9]{1,4})\s*\[\[/footnote\]\]", re.IGNORECASE)
_ANNOTATIONS: Final = re.compile(r"(?:NOTE\s+)?ANNOTATIONS BEGIN(.*?)ANNOTATIONS END", re.DOTALL)
_ANNOTATION: Final = re.compile(r"<annotation\s+ref=[\"']([^\"']*)[\"']\s*>(.*?)</annotation>", re.DOTALL)
_CALLED: Final = re.compile(r"<c\.([0-9]{1,4})>(.*?)</c(?:\.[0-9]+)?>", re.DOTALL)
_BREAKS: Final = re.compile(r"(?:<br\s*/?>\s*)+", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]{1,80}>")
_MOST_RIGHTS: Final = 200
_LANGUAGES: Final = {"english": "en", "korean": "ko", "spanish": "es", "german": "de", "french": "fr", "russian": "ru"}


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return the text of each interview of a file. See `archive.keeping.importing._registry.Reader`."""
    top = xml.parse(content, name)
    found = [_text(record, options, at) for at, record in enumerate(top.all("record"), start=1)]
    if not any(found):
        raise refusal(name, tr("it has no transcript"))
    texts = [text for text in found if text is not None]
    return [text if len(texts) > 1 else text._replace(at="") for text in texts]


def _text(record: XmlNode, options: Options, at: int) -> SourceText | None:
    for make in (_Captions, _Legacy):
        reading = make(record, options)
        if reading.parts:
            break
    else:
        return None
    parts = tuple(_with_headings(reading.parts, _points(record)))
    versions, left_out = reading.translation(record)
    text = SourceText(
        parts,
        count_letters(record.text),
        tuple(reading.notes),
        key=" ".join(filter(None, (record.get("id"), record.first("accession").text.strip()))),
        at=tr("interview {number}", number=at),
        language=_language(record.first("language").text),
        versions=versions,
        warnings=tuple(_rights(record)),
    )
    left_out += [LeftOut(what, number, letters) for what, (number, letters) in reading.left.items() if letters]
    # What is neither transcript nor title of the index is told as one, by the count of the elements that hold it.
    own = sum(count_letters(node.text) for node in reading.own)
    titles = sum(count_letters(each.text) for each in parts if each.level)
    fields = text.letters - own - titles
    left_out.append(LeftOut(METADATA, sum(1 for node in record.nodes if node.text.strip()), fields))
    return text._replace(left_out=tuple(left_out))


def _rights(record: XmlNode) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in ("usage", "rights", "userestrict"):
        said = " ".join(record.first(name).text.split())
        if said:
            yield _RIGHTS, {"said": said[:_MOST_RIGHTS]}


def _language(named: str) -> str:
    named = named.strip()
    return _LANGUAGES.get(named.casefold(), named if re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*", named) else "")


def _points(record: XmlNode) -> list[tuple[float, str]]:
    """Return the titles of the index, by their times in seconds."""
    found = []
    for point in record.first("index").all("point"):
        time = point.first("time").text.strip()
        title = point.first("title").text.strip()
        if title:
            found.append((float(time) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", time) else 0.0, title))
    return sorted(found, key=lambda one: one[0])


def _with_headings(parts: Sequence[Part], points: Sequence[tuple[float, str]]) -> Iterator[Part]:
    """Yield the parts, each title of the index before the first of them that begins at its time or later."""
    waiting = list(points)
    for part in parts:
        while waiting and part.place and _seconds(part.place) >= waiting[0][0]:
            yield Part(waiting.pop(0)[1], level=2)
        yield part
    for _, title in waiting:
        yield Part(title, level=2)


def _seconds(place: str) -> float:
    hours, minutes, seconds = map(int, place.rpartition("/")[2].split(":"))
    return hours * 3600 + minutes * 60 + seconds


class _Captions:
    """The transcript of version 6: captions, often without their first line."""

    def __init__(self, record: XmlNode, options: Options) -> None:
        self.own = [record.first("vtt_transcript")]
        self.notes: list[Part] = []
        self.left: dict[str, tuple[int, int]] = {}
        is_aligned = bool(record.first("vtt_transcript_alt").text.strip())
        self._whole = not (options.cues or is_aligned)
        self.parts = self._read(self.own[0].text, keep=True)

    def _read(self, text: str, *, keep: bool) -> list[Part]:
        defined: dict[str, str] = {}
        for block in _ANNOTATIONS.finditer(text):
            for note in _ANNOTATION.finditer(block[1]):
                defined.setdefault(note[1], " ".join(_TAG.sub("", note[2]).split()))
        notes = dict(zip(defined, range(len(self.notes) + 1, len(self.notes) + len(defined) + 1), strict=True))
        before = count_letters(text) if keep else 0
        bare = _ANNOTATIONS.sub("\n\n", text)
        bare = _CALLED.sub(lambda call: call[2] + note_call(notes[call[1]]) if call[1] in notes else call[0], bare)
        reading = CueReading(_BREAKS.sub(" ", bare))
        parts = list(reading.parts(whole=self._whole))
        if keep:
            self.notes += [Part(words) for words in defined.values()]
            for each in reading.omissions():
                self.left[each.what] = (each.number, each.letters)
            taken = sum(count_letters(re.sub("\x0e[^\x0f]*\x0f", "", part.text)) for part in parts)
            rest = before - taken - sum(letters for _, letters in self.left.values()) - sum(map(count_letters, defined.values()))
            self.left[NUMBERS] = (len(defined) or 1, _marks(text, defined) if rest else 0)
        return parts

    def translation(self, record: XmlNode) -> tuple[dict[str, tuple[Part, ...]], list[LeftOut]]:
        """Return the translation by its language, cue with cue, and what of it is left out."""
        node = record.first("vtt_transcript_alt")
        return _translation(record, node, self.parts, self._read(node.text, keep=False), self)


def _marks(text: str, defined: dict[str, str]) -> int:
    """Return the letters of what marks notes and breaks in a transcript and is no words."""
    marks = sum(count_letters(block[0]) for block in _ANNOTATIONS.finditer(text)) - sum(map(count_letters, defined.values()))
    calls = sum(
        count_letters(call[0]) - count_letters(call[2])
        for call in _CALLED.finditer(_ANNOTATIONS.sub("", text))
        if call[1] in defined
    )
    return marks + calls + sum(count_letters(each[0]) for each in _BREAKS.finditer(_ANNOTATIONS.sub("", text)))


class _Legacy:
    """The transcript of version 5: lines, with times at lines and words of them in a field of its own."""

    def __init__(self, record: XmlNode, options: Options) -> None:
        del options
        self.own = [record.first("transcript")]
        self.notes: list[Part] = []
        self.left: dict[str, tuple[int, int]] = {}
        self.parts = self._read(self.own[0].text, record.first("sync").text, keep=True)

    def _read(self, text: str, sync: str, *, keep: bool) -> list[Part]:
        if not text.strip() or _NO_TRANSCRIPT.fullmatch(text):
            return []
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        defined = [" ".join(note[1].split()) for block in _NOTES.finditer(text) for note in _NOTE.finditer(block[1])]
        bare = _NOTES.sub("", text)
        if keep:
            self.notes = list(map(Part, defined))
            marks = sum(count_letters(block[0]) for block in _NOTES.finditer(text)) - sum(map(count_letters, defined))
            calls = sum(count_letters(call[0]) for call in _CALL.finditer(bare))
            self.left[NUMBERS] = (len(defined), marks + calls)
        parts: list[Part] = []
        stamps, time, lines = _stamps(sync), "00:00:00" if sync.strip() else "", list[str]()
        begun = time
        for number, line in enumerate([*bare.split("\n"), ""], start=1):
            if not line.strip():
                if lines:
                    parts.append(_paragraph(" ".join(lines), begun, len(self.notes) or len(defined)))
                lines, begun = [], time
                continue
            if number in stamps:
                word, seconds = stamps[number]
                time = format_time(seconds)
                words = line.split()
                if not lines and word <= 1:
                    begun = time
                else:
                    words.insert(max(0, word - 1), at_place(time))
                    line = " ".join(words)  # noqa: PLW2901
            lines.append(line.strip())
        return parts

    def translation(self, record: XmlNode) -> tuple[dict[str, tuple[Part, ...]], list[LeftOut]]:
        """Return the translation by its language, paragraph with paragraph, and what of it is left out."""
        node = record.first("transcript_alt")
        return _translation(record, node, self.parts, self._read(node.text, record.first("sync_alt").text, keep=False), self)


def _paragraph(text: str, time: str, notes: int) -> Part:
    return Part(_CALL.sub(lambda call: note_call(int(call[1])) if int(call[1]) <= notes else call[0], text), time)


def _stamps(sync: str) -> dict[int, tuple[int, float]]:
    """Return the times in seconds by the lines at which they fall, each with the number of its word.

    Of several on one line, where an indexer kept pressing through silence, the first alone.
    """
    minutes, colon, rest = sync.strip().partition(":")
    if not colon or not minutes.strip().isdecimal():
        return {}
    found: dict[int, tuple[int, float]] = {}
    for number, stamp in enumerate(rest.split("|")):
        at = _STAMP.fullmatch(stamp.strip())
        if at:
            found.setdefault(int(at[1]), (int(at[2] or 1), number * int(minutes) * 60.0))
    return found


def _translation(
    record: XmlNode, node: XmlNode, own: Sequence[Part], theirs: Sequence[Part], reading: "_Captions | _Legacy"
) -> tuple[dict[str, tuple[Part, ...]], list[LeftOut]]:
    """Return a translation whose paragraphs go one with one; another is left out whole."""
    if not node.text.strip():
        return {}, []
    reading.own.append(node)
    language = _language(record.first("transcript_alt_lang").text)
    letters = count_letters(node.text)
    if not theirs or not language or len(own) != len(theirs):
        return {}, [LeftOut(TRANSLATION, 1, letters)]
    taken = sum(count_letters(re.sub("\x0e[^\x0f]*\x0f", "", part.text)) for part in theirs)
    rest: Counter[str] = Counter({NUMBERS: letters - taken})
    return {language: tuple(part._replace(place="") for part in theirs)}, [
        LeftOut(what, 1, number) for what, number in rest.items() if number
    ]
