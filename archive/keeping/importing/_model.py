"""What a reader gives of a file, whatever its kind: paragraphs with their places, and an account of all its letters.

Runs in the process of the program and in the child process that reads a
foreign file, so that it stands on the standard library alone.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from archive.documents.model import count_letters
from archive.language.messages import mark
from archive.named_tuple import NamedTuple

OPEN, CLOSE = "\x0e", "\x0f"
"""Stand around a place within the words of a paragraph, as of a page that begins there; no text has them."""

STRUCK: Final = mark("some words are struck out; they stand between two tildes (~~)")
"""Said of a text of a word processor, in which somebody has taken words back and left them to be seen."""
_LIGATURES: Final = {sign: unicodedata.normalize("NFKC", chr(sign)) for sign in range(0xFB00, 0xFB07)}
_KEPT: Final = frozenset(f"\u200c\u200d{OPEN}{CLOSE}")
_PLACE: Final = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
_CALL: Final = re.compile(r"⟦\^([0-9]+)⟧")
_OPENS_BLOCK: Final = re.compile(r"#+[ ]")


class Part(NamedTuple):
    """A paragraph or a heading: its words, where it stands in the source, and who speaks.

    ``place`` is a page ("p. 57"), a time ("00:14:32") or "¶ 12", "" where there is
    none. ``level`` is that of a heading, from 1, and 0 of a paragraph. ``added`` is
    how many letters of the words are not those of the source: numbers of lists.
    """

    text: str
    place: str = ""
    speaker: str = ""
    level: int = 0
    added: int = 0


class Quote(NamedTuple):
    """Words that an annotation is on, with those before and behind them, and the address of the page where it was made."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    address: str = ""


class SourceRemark(NamedTuple):
    """A comment on words of a source, that may become a note: ``number`` is its own, by which the words call it.

    One that was made on words of a record, and not of its own source, has a ``quote`` of them.
    """

    text: str
    number: int
    quote: Quote | None = None


class LeftOut(NamedTuple):
    """What a source holds and a record does not: what it is (a marked message), how many of it, and how many letters."""

    what: str
    number: int
    letters: int


class SourceText(NamedTuple):
    """What one source gives for one record.

    ``key`` is what the source itself is known by, "" where it has no name of its
    own. ``at`` is its place in a file of several ("row 12"). ``letters`` is the
    plain count of all that it holds: it equals the letters of ``parts`` and
    ``notes`` and those of ``left_out``. ``fields`` are values for the header, and
    ``versions`` the same paragraphs in other languages, "" for one that is missing.
    ``warnings`` are marked messages, each with its values. ``remarks`` are comments
    that are taken along, as proposals of notes.
    """

    parts: tuple[Part, ...]
    letters: int
    notes: tuple[Part, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    key: str = ""
    at: str = ""
    language: str = ""
    fields: Mapping[str, Any] = {}
    versions: Mapping[str, tuple[Part, ...]] = {}
    warnings: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    machine_read: bool = False
    remarks: tuple[SourceRemark, ...] = ()

    @property
    def taken(self) -> int:
        """Return how many letters of the source are in the paragraphs and notes, and in what is proposed."""
        remarks = sum(count_letters(remark.text) for remark in self.remarks)
        return sum(map(letters_of, (self.parts, self.notes, *self.versions.values()))) + remarks

    @property
    def unaccounted(self) -> int:
        """Return how many letters of the source are neither taken nor left out; less than 0 where some are there twice."""
        return self.letters - self.taken - sum(each.letters for each in self.left_out)


def letters_of(parts: Iterable[Part]) -> int:
    """Return how many letters of the source the parts have, without places and speakers."""
    return sum(count_letters(_PLACE.sub("", part.text)) - part.added for part in parts)


def at_place(place: str) -> str:
    """Return a place as it stands within the words of a part."""
    return f"{OPEN}{place}{CLOSE}"


def remark_call(number: int) -> str:
    """Return the call of a comment, as it stands where the words begin that it is on, and again where they end."""
    return at_place(f"@{number}")


def note_call(number: int) -> str:
    """Return the call of a note, counted from 1, as it stands within the words of a part."""
    return at_place(f"^{number}")


def clean(text: str) -> str:
    """Return words as a record can hold them, of the same letters: one line, in NFC, without what a record reads as its own.

    Signs without width, direction and meaning fall away; U+FFFD stands for a
    letter of a font's own that no other program knows.
    """
    words = " ".join("".join(map(_keep, unicodedata.normalize("NFC", text).translate(_LIGATURES))).split())
    words = words.replace("⟦", "[").replace("⟧", "]").replace("<!--", "<! --").replace("[^", "[ ^")
    return _CALL.sub(r"[^\1]", words.replace(OPEN, "⟦").replace(CLOSE, "⟧"))


def plain_remark(text: str) -> str:
    """Return what somebody remarked as a note can hold it: one line, in NFC, without signs that are not seen."""
    return " ".join("".join(map(_keep, unicodedata.normalize("NFC", text).replace(OPEN, "").replace(CLOSE, ""))).split())


def _keep(sign: str) -> str:
    category = unicodedata.category(sign)
    if sign.isspace():
        return " "
    if category == "Co":
        return "\ufffd"
    return sign if sign in _KEPT or category not in {"Cc", "Cf", "Cs", "Cn"} else ""


def in_body(part: Part, speakers: Mapping[str, str] = {}) -> str:
    """Return a part as it stands in the body of a record.

    :param speakers: how speakers are called there, by how the source calls them, also at the beginning of its words.
    """
    words = clean(part.text)
    if part.level:
        return f"{'#' * min(part.level, 6)} {words}"
    name = speakers.get(part.speaker, clean(part.speaker))
    said, colon, rest = words.partition(":")
    if not name and colon and said.strip() in speakers:
        name, words = speakers[said.strip()], rest.strip()
    words = f"{name}: {words}" if name else words
    words = f"⟦{part.place}⟧ {words}" if part.place else words
    return f"\\{words}" if _OPENS_BLOCK.match(words) else words
