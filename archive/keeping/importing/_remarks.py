"""Comments on words of a source that are taken along: notes that a person has still to confirm, bound to these words."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from archive.keeping import _text_edit as text_edit
from archive.keeping import _yaml_layout as yaml_layout
from archive.keeping.importing._model import SourceRemark, plain_remark
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record import paragraphs
from archive.record.hashing import SHORT_HASH, passage_hash
from archive.record.placeholders import UNCONFIRMED
from archive.record.testimony import About, Note
from archive.text import nfc, squash, without_locators

_CALL: Final = re.compile(r"⟦@([0-9]+)⟧")
_LONGEST_QUOTE: Final = 300  # code points; words that are longer are bound by the hash of their paragraph alone
_AROUND: Final = 32  # code points of prefix and suffix
FLAG: Final = "caution"


class Proposal(NamedTuple):
    """A note that a comment gives: its place among them, what it says, and the paragraphs of the record ``code`` that it is on.

    No paragraph is named where it is about the record as a whole. ``note`` is the id of the note that is, or would be,
    written, "" where none is; then ``command`` is what a person who has read it gives to enter it.
    """

    number: int
    statement: str
    code: str = ""
    paragraphs: tuple[int, ...] = ()
    note: str = ""
    command: str = ""


def without_calls(body: str) -> str:
    """Return a body without the calls of comments."""
    return _CALL.sub("", body) if "⟦@" in body else body


def notes_of(
    body: str, remarks: Iterable[SourceRemark], by: str, day: str, first: int = 1
) -> Iterator[tuple[SourceRemark, Note]]:
    """Yield the note of each comment, bound to the words that it is on; one on no paragraph is about the whole record.

    :param body: with the calls of the comments.
    :param by: who brings them in, never who wrote them.
    :param first: the number of the first note.
    """
    places = _places(body)
    hashes = {block.number: passage_hash(block.text)[:SHORT_HASH] for block in paragraphs.passages(without_calls(body))}
    for number, remark in enumerate(remarks, start=first):
        about = _about(places.get(remark.number, ()))
        if len(about.paragraphs) > 1:
            about = about._replace(hashes=tuple(hashes[each] for each in about.paragraphs))
        yield (
            remark,
            Note(
                id=f"n{number}",
                flag=FLAG,
                status="open",
                about=about,
                statement=f"{UNCONFIRMED} {plain_remark(remark.text)}",
                by=squash(nfc(by)),
                date=day,
            ),
        )


def with_notes(content: bytes, path: str, notes: Iterable[Note]) -> bytes:
    """Return a record that was just made with notes in its header."""
    for note in notes:
        header, written, _ = read.nodes(content, path)
        content = text_edit.apply(content, [yaml_layout.place_note(header, written, note)])
    return content


class _CallPlace(NamedTuple):
    """Where a call stands: the paragraph, its words as they are, and those before and behind the call, without calls."""

    paragraph: int
    text: str
    before: str
    behind: str


def _places(body: str) -> dict[int, tuple[_CallPlace, ...]]:
    """Return where each comment is called, where its words begin and where they end."""
    found: dict[int, tuple[_CallPlace, ...]] = {}
    for block in paragraphs.passages(body) if "⟦@" in body else ():
        for call in _CALL.finditer(block.text):
            sides = (without_calls(side) for side in (block.text[: call.start()], block.text[call.end() :]))
            place = _CallPlace(block.number, without_calls(block.text), *sides)
            number = int(call[1])
            found[number] = (*found.get(number, ()), place)[:2]
    return found


def _about(places: tuple[_CallPlace, ...]) -> About:
    if not places:
        return About()
    first, last = places[0], places[-1]
    numbers = tuple(range(first.paragraph, last.paragraph + 1))
    if len(numbers) > 1:
        return About(numbers)
    about = About(numbers, hashes=(passage_hash(first.text)[:SHORT_HASH],))
    # What lies between the two calls is what stands behind the first and not behind the second.
    words = first.behind.removesuffix(last.behind) if last.behind else first.behind
    quote, whole, before = (squash(nfc(without_locators(each))) for each in (words, first.text, first.before))
    if len(places) == 1 or not quote or len(quote) > _LONGEST_QUOTE or quote not in whole or paragraphs.has_redaction(first.text):
        return about
    if whole.count(quote) == 1:
        return about._replace(exact=quote)
    starts = [match.start() for match in re.finditer(f"(?={re.escape(quote)})", whole)]
    place = min(starts, key=lambda start: abs(start - len(before)))
    end = place + len(quote)
    return about._replace(exact=quote, prefix=whole[max(0, place - _AROUND) : place], suffix=whole[end : end + _AROUND])
