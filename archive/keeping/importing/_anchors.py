"""Where in the records of a collection the words stand that an annotation quotes.

Words are compared without white space, places and tags, since a page may break
and space them otherwise. What stands at several places is told apart by the
words around it, and is put nowhere where these do not tell.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from archive.keeping.importing._model import Quote
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record import paragraphs
from archive.text import WITHOUT_WIDTH, codes, nfc

_SURE: Final = 16
"""Letters of a quote that is known by itself where it stands at one place alone; a shorter one needs the words around it."""
_PASSED_OVER: Final = re.compile(rf"\s+|⟦[^⟦⟧\n]*⟧|</?(?:res|an)>|\[\^[^\]\n]+\](?!:)|{WITHOUT_WIDTH.pattern}")
_MOST_NAMED: Final = 5
_MOST_FOUND: Final = 1_000  # places of one quote in one record


class Anchor(NamedTuple):
    """Where quoted words stand: the name of a body, and in it the first letter of them and the one behind the last.

    The name is the code of a record, or that with the language of a version behind it: "NKT-0001.ko".
    """

    code: str
    first: int
    last: int


def line_starts(body: str) -> list[int]:
    """Return where each line of a body begins, and where it ends."""
    starts = [0]
    for line in body.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


class _BareWords:
    """The words of a body without what is passed over, and where each letter of them stands in it."""

    def __init__(self, body: str) -> None:
        pieces: list[str] = []
        self._bare_starts, self._starts = list[int](), list[int]()
        length = 0
        lines = line_starts(body)
        for block in paragraphs.passages(body):
            start, at = lines[block.line - 1], 0
            for gap in (*((found.start(), found.end()) for found in _PASSED_OVER.finditer(block.text)), (len(block.text),) * 2):
                if gap[0] > at:
                    self._bare_starts.append(length)
                    self._starts.append(start + at)
                    pieces.append(block.text[at : gap[0]])
                    length += gap[0] - at
                at = gap[1]
        self.text = "".join(pieces)

    def place(self, at: int) -> int:
        """Return where a letter stands in the body."""
        piece = bisect_right(self._bare_starts, at) - 1
        return self._starts[piece] + at - self._bare_starts[piece]


class _Candidate(NamedTuple):
    anchor: Anchor
    fit: int  # letters before and behind that are the same


class _Wanted:
    """A quote that is looked for, and what was found of it."""

    def __init__(self, quote: Quote, known: frozenset[str]) -> None:
        self.exact, self._prefix, self._suffix = (_bare(each) for each in (quote.exact, quote.prefix, quote.suffix))
        self.about = codes(quote.address) & known
        self.names: list[str] = []
        self._found: list[_Candidate] = []

    @property
    def is_found(self) -> bool:
        """Return whether it stands anywhere."""
        return bool(self._found)

    def look(self, code: str, bare: _BareWords) -> None:
        """Look for it in a record."""
        at, count = bare.text.find(self.exact), 0
        while at >= 0 and count < _MOST_FOUND:
            end = at + len(self.exact)
            before = _common_length(bare.text[max(0, at - len(self._prefix)) : at][::-1], self._prefix[::-1])
            behind = _common_length(bare.text[end : end + len(self._suffix)], self._suffix)
            anchor = Anchor(code, bare.place(at), bare.place(end - 1) + 1)
            self._found.append(_Candidate(anchor, before + behind))
            at, count = bare.text.find(self.exact, at + 1), count + 1

    def answer(self) -> Anchor | str:
        """Return where it stands, or why it is put nowhere."""
        if not self._found and self.names:
            names = ", ".join(self.names[:_MOST_NAMED]) + (" …" if len(self.names) > _MOST_NAMED else "")
            return tr("the words quoted stand in no record, nor in a version in another language ({names})", names=names)
        if not self._found:
            return tr("the words quoted stand in no record")
        best = max(each.fit for each in self._found)
        fitting = [each.anchor for each in self._found if each.fit == best]
        is_sure = len(self._found) == 1 and (self.about or len(self.exact) >= _SURE)
        around = len(self._prefix) + len(self._suffix)
        if len(fitting) == 1 and (is_sure or (around and best * 2 >= around)):
            return fitting[0]
        if len(self._found) == 1:
            return tr("the words quoted stand in {code}, and are too few to know that it is about it", code=fitting[0].code)
        named = list(dict.fromkeys(each.code for each in fitting))
        more = " …" if len(named) > _MOST_NAMED else ""
        return tr("the words quoted stand at several places: {codes}", codes=", ".join(named[:_MOST_NAMED]) + more)


def _common_length(one: str, other: str) -> int:
    """Return with how many letters the one and the other begin alike."""
    shared = 0
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            break
        shared += 1
    return shared


def _bare(text: str) -> str:
    return _PASSED_OVER.sub("", nfc(text))


def find(
    quotes: Sequence[Quote], bodies: Iterable[tuple[str, str]], known: frozenset[str], versions: Iterable[tuple[str, str]] = ()
) -> list[Anchor | str]:
    """Return where each quote stands, or why it is put nowhere, in their order.

    :param bodies: the codes and the bodies of the records.
    :param known: the codes of all records; a quote from a page whose address names one of them is looked for there alone.
    :param versions: the names and the bodies of their versions in other languages, for what stands in no record.
    """
    wanted = [_Wanted(quote, known) for quote in quotes]
    _look(wanted, bodies)
    missing = [each for each in wanted if not each.is_found]
    if missing:
        _look(missing, versions, are_versions=True)
    return [each.answer() for each in wanted]


def _look(wanted: Iterable[_Wanted], bodies: Iterable[tuple[str, str]], *, are_versions: bool = False) -> None:
    for name, body in bodies:
        bare: _BareWords | None = None
        for each in wanted:
            if each.exact and (not each.about or name.partition(".")[0] in each.about):
                bare = bare or _BareWords(body)
                each.look(name, bare)
                if are_versions:
                    each.names.append(name)


def with_calls(body: str, calls: Iterable[tuple[int, int, str]]) -> str:
    """Return a body with a call at the first letter and behind the last of the words that it is on.

    :param calls: where the words begin, where they end, and how the call is written.
    """
    ends = [(at, written) for first, last, written in calls for at in (first, last)]
    for at, written in sorted(ends, reverse=True):
        body = f"{body[:at]}{written}{body[at:]}"
    return body
