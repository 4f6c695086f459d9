"""Projects of programs for qualitative analysis (REFI-QDA, .qdpx): their texts and transcripts, each for a record of its own.

Programs count the places of a selection differently: in code points or in units
of UTF-16, with line ends of one letter or of two. The way is taken in which most
selections begin and end where words do; what fits in none is on the whole text.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from archive.documents import xml
from archive.documents.model import count_letters
from archive.documents.reading import refusal
from archive.documents.xml import XmlNode
from archive.errors import UnreadableDocument
from archive.keeping.importing._model import LeftOut, SourceRemark, SourceText, at_place, plain_remark, remark_call
from archive.keeping.importing._plain import TextReading, decode
from archive.keeping.importing._registry import Options
from archive.keeping.importing._times import TimeCodes, format_time
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.text import squash

REMARKS: Final = mark("comments")
CODINGS: Final = mark("codings of words")
ELSEWHERE: Final = mark("memos that are on no text")
OTHERS: Final = mark("pictures, PDF files and recordings of the project, which are files of their own")
_RICH: Final = mark("its words are in a file of a word processor within the project: take that out, and bring it in by itself")
_MISSING: Final = mark("its words are not in the project")
_MISPLACED: Final = mark("selections whose places do not fit the words: {number}; what is said of them is about the whole record")
_PROJECT: Final = r"[^/]+\.qde"
_TEXTS: Final = r"(?i).*\.txt"
_WITHIN: Final = frozenset({"internal", ""})
"""How the path of a text begins that is in the project itself; any other is of a file beside it."""
_SELECTIONS: Final = frozenset({"PlainTextSelection", "TranscriptSelection"})
_OTHER_SOURCES: Final = frozenset({"PictureSource", "PDFSource", "AudioSource", "VideoSource"})
_WAYS: Final = ((False, False), (True, False), (False, True), (True, True))
"""Whether a line end counts for two, and whether places are counted in units of UTF-16."""
_ASTRAL: Final = 0xFFFF
_NAMED: Final = 20


class _CountedSpan(NamedTuple):
    """Where something is in a text, as its program counts: from ``first`` to before ``last``; ``name`` is often its words."""

    first: int
    last: int
    name: str = ""


def read(content: bytes, name: str, options: Options) -> list[SourceText]:
    """Return a text for each text and transcript of a project. See `archive.keeping.importing._registry.Reader`."""
    projects, texts = xml.parse_with_others(content, name, _PROJECT, _TEXTS)
    if len(projects) != 1:
        raise refusal(name, tr("it is damaged: its package has no text"))
    reading = _ProjectReading(next(iter(projects.values())), texts, name, with_remarks=options.remarks)
    found = list(reading.texts())
    if not found:
        raise refusal(name, tr("there is no text and no transcript in the project"))
    beside = tuple(reading.beside())
    first = found[0]
    letters = first.letters + sum(each.letters for each in beside)
    return [first._replace(letters=letters, left_out=(*first.left_out, *beside)), *found[1:]]


class _ProjectReading:
    """The texts of a project, and what is on none of them."""

    def __init__(self, project: XmlNode, texts: Mapping[str, bytes], name: str, *, with_remarks: bool) -> None:
        self._project, self._name, self._with_remarks = project, name, with_remarks
        self._texts = texts
        self._notes = {_guid(note): note for notes in project.all("Notes") for note in notes.nodes if note.name == "Note"}
        self._used: set[str] = set()

    def texts(self) -> Iterator[SourceText]:
        """Yield each text of the project."""
        number = 0
        for source in (node for sources in self._project.all("Sources") for node in sources.nodes):
            each = [source] if source.name == "TextSource" else [node for node in source.nodes if node.name == "Transcript"]
            for node in each:
                number += 1
                yield self._text(node)._replace(at=tr("text {number}", number=number))

    def beside(self) -> Iterator[LeftOut]:
        """Yield what of the project is on none of its texts."""
        others = sum(node.name in _OTHER_SOURCES for sources in self._project.all("Sources") for node in sources.nodes)
        if others:
            yield LeftOut(OTHERS, others, 0)
        left = [self._note_text(note) for guid, note in self._notes.items() if guid not in self._used]
        if left:
            yield LeftOut(ELSEWHERE, len(left), sum(map(count_letters, left)))

    def _text(self, node: XmlNode) -> SourceText:
        words, warnings = self._words(node)
        selections = [each for each in node.nodes if each.name in _SELECTIONS]
        points = {_guid(each): each for each in node.nodes if each.name == "SyncPoint"}
        places = [_place(each, points) for each in selections]
        times = [_CountedSpan(_number(each, "position"), _number(each, "position")) for each in points.values()]
        counted = _Counted(words, [*filter(None, places), *times])
        calls: list[tuple[int, str]] = []
        remarks: list[SourceRemark] = []
        misplaced = 0
        for selection, place in zip(selections, places, strict=True):
            at = counted.find(place) if place else None
            for said in self._remarks(selection):
                remarks.append(SourceRemark(said, len(remarks) + 1))
                misplaced += at is None
                if at is not None:
                    calls += [(end, remark_call(len(remarks))) for end in at]
        remarks += [SourceRemark(said, number) for number, said in enumerate(self._own_remarks(node), len(remarks) + 1)]
        stamps: dict[int, str] = {}
        for point, time in zip(points.values(), times, strict=True):
            at = counted.find(time)
            if at is not None:  # what ends a paragraph is where the next begins
                begun = at[0] + len(words[at[0] :]) - len(words[at[0] :].lstrip())
                stamps[begun] = format_time(max(0, _number(point, "timeStamp")) / 1000)
        calls += [(at, at_place(stamp)) for at, stamp in stamps.items() if at < len(words)]
        if misplaced and self._with_remarks:
            warnings = (*warnings, (_MISPLACED, {"number": misplaced}))
        taken = calls if self._with_remarks else [call for call in calls if "@" not in call[1]]
        read_times = TimeCodes(TextReading(_by_lines(_with_calls(words, taken)), is_markdown=False).parts)
        left_out = [*read_times.left_out]
        letters = sum(count_letters(remark.text) for remark in remarks)
        if remarks and not self._with_remarks:
            left_out.append(LeftOut(REMARKS, len(remarks), letters))
        codings = sum(each.name == "Coding" for each in node.walk())
        if codings:
            left_out.append(LeftOut(CODINGS, codings, 0))
        return SourceText(
            read_times.parts,
            count_letters(words) + letters,
            left_out=tuple(left_out),
            key=_guid(node),
            warnings=(*warnings, *read_times.warnings),
            remarks=tuple(remarks) if self._with_remarks else (),
        )

    def _words(self, node: XmlNode) -> tuple[str, tuple[tuple[str, Mapping[str, object]], ...]]:
        """Return the words of a text, and what is to be said of them; "" of one whose words are not there as text."""
        inline = next((each.text for each in node.nodes if each.name == "PlainTextContent"), "")
        content = inline.encode("utf-8", "surrogatepass") if inline.strip() else self._content(node.get("plainTextPath"))
        try:
            words, warnings = decode(content, self._name)
        except UnreadableDocument:
            return "", ((_RICH if node.get("richTextPath") else _MISSING, {}),)
        if count_letters(words) <= 1 and node.get("richTextPath"):
            return "", ((_RICH, {}),)
        return words, warnings

    def _content(self, address: str) -> bytes:
        """Return a text within the project by its address; b"" where there is none, or several that could be meant."""
        scheme, _, named = address.rpartition("://")
        if scheme.casefold() not in _WITHIN or not named:
            return b""
        for same in (str, str.casefold):  # programs do not agree on capitals
            wanted = same(named.lstrip("/"))
            within = {member: same(member.partition("/")[2] or member) for member in self._texts}
            found = [member for member, path in within.items() if path == wanted]
            found = found or [member for member, path in within.items() if path.endswith(f"/{wanted}")]
            if found:
                return self._texts[found[0]] if len(found) == 1 else b""
        return b""

    def _remarks(self, node: XmlNode) -> Iterator[str]:
        """Yield what is said of a selection: in its description, and in the notes on it and on its codings."""
        yield from filter(None, (plain_remark(each.text) for each in node.nodes if each.name == "Description"))
        for reference in node.all("NoteRef"):
            note = self._notes.get(reference.get("targetGUID").casefold())
            if note is not None:
                self._used.add(_guid(note))
                yield from filter(None, (self._note_text(note),))

    def _own_remarks(self, node: XmlNode) -> Iterator[str]:
        """Yield what is said of a text as a whole."""
        yield from self._remarks(node._replace(children=[each for each in node.nodes if each.name not in _SELECTIONS]))

    def _note_text(self, note: XmlNode) -> str:
        words = self._words(note)[0]
        description = next((each.text for each in note.nodes if each.name == "Description"), "")
        return plain_remark(f"{words} {description}")


class _Counted:
    """A text whose places are counted in the way that fits most of what is known of it."""

    def __init__(self, words: str, places: Sequence[_CountedSpan]) -> None:
        self._words = words
        ways = [_units(words, *way) for way in _WAYS]
        self._units = max(ways, key=lambda units: sum(self._fit(place, units) for place in places))

    def find(self, place: _CountedSpan) -> tuple[int, int] | None:
        """Return from where to where something is, None where its place does not fit the words."""
        return self._at(place, self._units) if self._fit(place, self._units) else None

    def _at(self, place: _CountedSpan, units: Sequence[int]) -> tuple[int, int] | None:
        first, last = (bisect_left(units, end) for end in place[:2])
        is_there = last < len(units) and (units[first], units[last]) == place[:2] and first <= last
        return (first, last) if is_there else None

    def _fit(self, place: _CountedSpan, units: Sequence[int]) -> int:
        """Return how well a place fits: 0 not at all, 1 where words begin and end there, 2 where its name is these words."""
        at = self._at(place, units)
        if at is None:
            return 0
        words = squash(self._words[at[0] : at[1]])
        if words and squash(place.name)[:_NAMED] == words[:_NAMED]:
            return 2
        return int(all(self._is_border(end) for end in at))

    def _is_border(self, at: int) -> bool:
        return not (0 < at < len(self._words) and self._words[at - 1].isalnum() and self._words[at].isalnum())


def _units(words: str, wide_ends: bool, wide_signs: bool) -> list[int]:  # noqa: FBT001 - the two of a way
    """Return where each code point of a text begins as a program counts, and where the text ends."""
    units = [0]
    for sign in words:
        units.append(units[-1] + 1 + (wide_ends and sign == "\n") + (wide_signs and ord(sign) > _ASTRAL))
    return units


def _place(selection: XmlNode, points: Mapping[str, XmlNode]) -> _CountedSpan | None:
    if selection.name == "PlainTextSelection":
        return _CountedSpan(_number(selection, "startPosition"), _number(selection, "endPosition"), selection.get("name"))
    ends = [points.get(selection.get(key).casefold()) for key in ("fromSyncPoint", "toSyncPoint")]
    first, last = (_number(end, "position") if end is not None else -1 for end in ends)
    return _CountedSpan(first, last, selection.get("name")) if 0 <= first <= last else None


def _number(node: XmlNode, attribute: str) -> int:
    """Return a number of an element, -1 of what is none."""
    written = node.get(attribute)
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 12 else -1  # noqa: PLR2004 - of digits


def _guid(node: XmlNode) -> str:
    return node.get("guid").casefold()


def _with_calls(words: str, calls: Iterable[tuple[int, str]]) -> str:
    pieces, before = list[str](), 0
    for at, written in sorted(calls, key=lambda call: call[0]):
        pieces += (words[before:at], written)
        before = at
    return "".join((*pieces, words[before:]))


def _by_lines(words: str) -> str:
    """Return a text with an empty line between its paragraphs, where each of them is a line."""
    return words if "\n\n" in words.strip("\n") else words.replace("\n", "\n\n")
