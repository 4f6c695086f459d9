"""Which paragraphs of a record and of its versions in other languages go together, and whether their words still do.

A version has words and nothing else. Whatever is in force at a paragraph of the
record is in force at the same words in every language; where one paragraph of a
version stands for several of the record, what is in force at any of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.record import hashing, paragraphs
from archive.record.testimony import Pair, PassageText, Testimony, TextVersion

OUTDATED: Final = mark("the record's words have changed since this version was made")
CHANGED: Final = mark("the words of this version have changed since they were held against the record")
"""What readers are told of a paragraph of a version whose words, or the record's, are not those that were held together."""


class Misaligned(ValueError):
    """Says what does not go together."""


def align(pairs: Sequence[Pair], own: int, theirs: int) -> tuple[Pair, ...]:
    """Return for each paragraph of a record where it stands in a version: as the pairs say, between them one with one.

    :param own: the paragraphs of the record.
    :param theirs: those of the version.
    :raises Misaligned: one is left over.
    """
    aligned: list[Pair] = []
    at_own = at_their = 1
    for pair in (*pairs, Pair((own + 1,), (theirs + 1,))):
        if not pair.own:
            message = tr("a pair names no paragraph of the record, so that nothing would be in force at what it names")
            raise Misaligned(message)
        between = pair.own[0] - at_own
        there = pair.theirs[0] - at_their if pair.theirs else between
        if between < 0 or there < 0 or not (_in_a_row(pair.own) and _in_a_row(pair.theirs)):
            message = tr("the pairs are not in order, or name a paragraph twice")
            raise Misaligned(message)
        if between != there:
            where = tr("from paragraph {at_own} on", at_own=at_own) if aligned else tr("in all")
            message = tr(
                "{where} there are {between} paragraphs of the record for {there} of this version; say "
                "with pairs which go together: pairs: [[[3, 4], [3]], [[7], []]] takes 3 and 4 as one, and "
                "7 as not in this version",
                where=where,
                between=between,
                there=there,
            )
            raise Misaligned(message)
        aligned += [Pair((at_own + step,), (at_their + step,)) for step in range(between)]
        aligned.append(pair)
        at_own, at_their = pair.own[-1] + 1, at_their + there + len(pair.theirs)
    return tuple(aligned[:-1])


def _in_a_row(numbers: Sequence[int]) -> bool:
    return all(later == before + 1 for before, later in pairwise(numbers))


def texts(testimony: Testimony) -> Callable[[int], tuple[PassageText, ...]]:
    """Return what gives the words of a paragraph in each other language that has it."""
    if not testimony.versions:
        return lambda _: ()
    own = {run.number: hashing.passage_hash(run.text) for run in paragraphs.passages(testimony.body)}
    every = [dict(_texts(version, own)) for version in testimony.versions]
    return lambda number: tuple(by_paragraph[number] for by_paragraph in every if number in by_paragraph)


def _texts(version: TextVersion, own: dict[int, str]) -> Iterator[tuple[int, PassageText]]:
    runs = {run.number: run for run in paragraphs.passages(version.body)}
    headings = _headings(version.body)
    footnotes = paragraphs.Footnotes(version.body)
    held = held_words(version)
    for pair in version.pairs:
        others = _stood_for(version, pair, held)
        text = "\n".join(runs[number].text for number in pair.theirs)
        above = tuple(head for their in pair.theirs for head in headings.get(their, ()))
        for number in pair.own if text else ():
            yield (
                number,
                PassageText(
                    language=version.language,
                    text=text,
                    paragraphs=pair.theirs,
                    beside=tuple(paragraph for paragraph in (*pair.own, *others) if paragraph != number),
                    headings=above if number == pair.own[0] else (),
                    footnotes=footnotes.of(text),
                    cites=version.cites,
                    outdated=_outdated_state(version, pair, own, held),
                ),
            )


class HeldWords(NamedTuple):
    """Whose words a paragraph of a version holds, or may hold, by their numbers when it was held against the record.

    ``is_as_bound``: it holds those of its own number and of no other, as far as is known.
    """

    numbers: frozenset[int]
    is_as_bound: bool


def held_words(version: TextVersion) -> Mapping[int, HeldWords]:
    """Return for each paragraph of a version whose words it holds.

    Words that moved stand where their hash is; words that were changed may stand
    wherever no paragraph has a hash that was written down: one place too many,
    never one too few.
    """
    now = {run.number: hashing.passage_hash(run.text) for run in paragraphs.passages(version.body)}
    known = version.own_hashes
    held = {number: {number} for number in now}
    changed = [number for number, digest in now.items() if known and not digest.startswith(known)]
    for before, written in enumerate(known, start=1):
        for number in [number for number, digest in now.items() if digest.startswith(written)] or changed:
            held[number].add(before)
    return {number: HeldWords(frozenset(held[number]), held[number] == {number} and number not in changed) for number in now}


def _stood_for(version: TextVersion, pair: Pair, held: Mapping[int, HeldWords]) -> tuple[int, ...]:
    """Return the other paragraphs of the record for which the words stood, or may have stood, that a version has there now."""
    words = frozenset[int]().union(*(held[number].numbers for number in pair.theirs))
    others = (other for other in version.pairs if other is not pair and not words.isdisjoint(other.theirs))
    return tuple(dict.fromkeys(own for other in others for own in other.own))


def _outdated_state(version: TextVersion, pair: Pair, own: dict[int, str], held: Mapping[int, HeldWords]) -> str:
    if not all(is_current(version, number, own) for number in pair.own):
        return OUTDATED
    return "" if all(held[number].is_as_bound for number in pair.theirs) else CHANGED


def is_current(version: TextVersion, number: int, own: dict[int, str]) -> bool:
    """Return whether a paragraph of the record is as it was when a version was made of it, as far as that is known."""
    return not version.hashes or own[number].startswith(version.hashes[number - 1])


def _headings(body: str) -> dict[int, tuple[str, ...]]:
    headings: dict[int, tuple[str, ...]] = {}
    waiting: list[str] = []
    for run in paragraphs.split_blocks(body):
        if run.kind == "heading":
            waiting.append(run.text)
        elif run.kind == "passage":
            headings[run.number] = tuple(waiting)
            waiting = []
    return headings
