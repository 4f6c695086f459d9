"""Withholding words of a record that is there: tags around them, in the record and in its versions in other languages.

The words are never repeated: not in the history, not in what is printed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from archive import text
from archive.errors import BadNote
from archive.keeping._header_edit import Change, Remove
from archive.keeping._revising import Kept, Plan, Revised, Signed, revise
from archive.keeping._text_edit import TextEdit
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record import paragraphs
from archive.record.paragraphs import Block
from archive.record.testimony import Pair, Reference, TextVersion
from archive.text import join_list, paragraphs_named

_TAG: Final = re.compile(r"<(res|an)>.*?</\1>", re.DOTALL)


class Withheld(NamedTuple):
    """What is to be withheld: words of the record, those of its versions by language, and whether they are a name."""

    words: str
    elsewhere: Mapping[str, str] = {}
    is_name: bool = False


def redact(root: Path, wanted: Reference, withheld: Withheld, signed: Signed) -> Revised:
    """Put redaction tags around words, wherever they stand in the paragraphs named, or in all.

    :raises BadNote: they do not stand there, or a version in another language would go on telling them.
    :raises InvalidTestimony: the record would have faults, as where its header repeats the words.
    """
    return revise(root, wanted.code, lambda kept: _plan(kept, wanted, withheld), signed)


def _plan(kept: Kept, wanted: Reference, withheld: Withheld) -> Plan:
    testimony = kept.testimony
    tag = "an" if withheld.is_name else "res"
    bodies: dict[str, Sequence[TextEdit]] = {}
    edits, numbers = _tag(kept, testimony.path, wanted.paragraphs, withheld.words, tag)
    if not edits:
        which = paragraphs_named(wanted.paragraphs) if wanted.paragraphs else tr("any of the paragraphs")
        raise BadNote(tr("the words do not stand in the open in {which}", which=which), tr("Nothing was written."))
    bodies[testimony.path] = edits
    missing: list[str] = []
    for version in testimony.versions:
        pairs = [pair for pair in version.pairs if pair.theirs and not set(pair.own).isdisjoint(numbers)]
        words = withheld.elsewhere.get(version.language, "")
        if pairs and not words:
            missing.append(_question(version, pairs))
        elif pairs:
            theirs = tuple(number for pair in pairs for number in pair.theirs)
            edits, found = _tag(kept, version.path, theirs, words, tag)
            if len(edits) != len(bodies[testimony.path]) or not set(found) <= set(theirs):
                missing.append(
                    tr(
                        "the words given stand {here} times in {which} of the version in {language}, and {there} times in the "
                        "record: each has to be withheld in both",
                        here=len(edits),
                        which=paragraphs_named(theirs),
                        language=version.language,
                        there=len(bodies[testimony.path]),
                    )
                )
            bodies[version.path] = edits
    unknown = sorted(set(withheld.elsewhere) - {version.language for version in testimony.versions})
    missing += [tr("{code} has no version in {language}", code=testimony.code, language=language) for language in unknown]
    if missing:
        raise BadNote("\n".join(missing), tr("Nothing was written: what is withheld in one language would be read in another."))
    which = paragraphs_named(numbers)
    return Plan(
        tuple(_quotes(kept, withheld)),
        bodies=bodies,
        history=tr("A name was masked in {which}", which=which)
        if withheld.is_name
        else tr("Words were withheld in {which}", which=which),
        said=_still_open(kept, bodies[testimony.path], withheld.words),
        remedy=tr("Nothing was written. Take the words out there first, with `testimony set` or `testimony edit`."),
        is_whole=True,
    )


def _question(version: TextVersion, pairs: Sequence[Pair]) -> str:
    theirs = [number for pair in pairs for number in pair.theirs]
    return tr(
        "the version in {language} says the same in {which}: give its words too, with --in {language} WORDS",
        language=version.language,
        which=paragraphs_named(theirs),
    )


def _tag(kept: Kept, path: str, numbers: Sequence[int], words: str, tag: str) -> tuple[list[TextEdit], tuple[int, ...]]:
    """Return the tags around words in a body, and the paragraphs in which they stand."""
    body = read.split(kept.contents[path], path).body
    edits, found = list[TextEdit](), list[int]()
    for run, start in _runs(body):
        if numbers and run.number not in numbers:
            continue
        for begin, end in _places(run.text, words):
            edits.append(TextEdit(start + begin, f"<{tag}>{run.text[begin:end]}</{tag}>", end - begin))
            found.append(run.number)
    return edits, tuple(dict.fromkeys(found))


def _runs(body: str) -> Iterator[tuple[Block, int]]:
    """Yield the passages of a body as it is written, each with its offset."""
    starts = [0]
    for line in body.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for run in paragraphs.passages(body):
        yield run, starts[run.line - 1]


def _places(written: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand in the open, whole words, whatever their spaces, line ends and form of letters."""
    taken = [match.span() for match in _TAG.finditer(written)]
    parts = [_either(word) for word in text.squash(text.nfc(words)).split(" ") if word]
    if not parts:
        return
    for match in re.finditer(_edge(words[:1]) + r"\s+".join(parts) + _edge(words[-1:], after=True), written):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            yield match.span()


def _either(word: str) -> str:
    """Return what matches a word, also where its letters are written apart (NFD)."""
    return f"(?:{re.escape(word)}|{re.escape(unicodedata.normalize('NFD', word))})"


def _edge(letter: str, *, after: bool = False) -> str:
    """Return what may not stand beside the words: in scripts that part words by spaces, another letter before or after."""
    if not letter.isascii() or not letter.isalnum():
        return ""
    return r"(?![A-Za-z0-9])" if after else r"(?<![A-Za-z0-9])"


def _quotes(kept: Kept, withheld: Withheld) -> Iterator[Change]:
    """Yield the quotations of the header that repeat the words and that a hash stands in for."""
    said = [withheld.words, *withheld.elsewhere.values()]
    for number, note in enumerate(kept.testimony.notes):
        about = note.about
        if about.hashes and any(read.says(part, words) for part in (about.exact, about.prefix, about.suffix) for words in said):
            yield Remove(("credibility", "notes", number, "about", "quote"))
    for number, claim in enumerate(kept.testimony.claims):
        if claim.hashes and claim.exact and any(read.says(claim.exact, words) for words in said):
            yield Remove(("claims", number, "quote"))


def _still_open(kept: Kept, edits: Sequence[TextEdit], words: str) -> tuple[str, ...]:
    """Say where else the same words go on standing in the open: in the record, and in the texts of others."""
    testimony = kept.testimony
    body = read.split(kept.contents[testimony.path], testimony.path).body
    for edit in sorted(edits, reverse=True):
        body = body[: edit.at] + edit.text + body[edit.at + edit.length :]
    own = [run.number for run in paragraphs.passages(body) if read.says(paragraphs.withheld(run.text), words)]
    said = [tr("the same words stand open in {which}", which=paragraphs_named(own))] if own else []
    others = [
        other.code
        for other in kept.records.every()
        if other.code != testimony.code and read.says(paragraphs.withheld(other.body), words)
    ]
    if others:
        said.append(tr("the same words stand in the text of {codes}", codes=join_list(others, "and")))
    return tuple(said)
