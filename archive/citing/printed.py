"""Excerpts and caveats as our own formats print them beside a citation, and whether they are those of the record.

A document of ours names the passage at the head of each excerpt. Its words
stand below in a block of their own, and each caveat in one that ends with its
id. Such blocks are compared whole, so that an altered, added or missing word is
seen; typography, line ends and the marks of matches do not count.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from archive.citing.markup import BORDER, plain
from archive.record.testimony import Reference

GAP: Final = "[…]"
_SHOWN_CONTROL = re.compile(r"⟨U\+[0-9A-F]{4,6}⟩")
_OF_ASIA: Final = "[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]"
_ASIAN = re.compile(f"(?<={_OF_ASIA}) | (?={_OF_ASIA})")
_MARKUP: Final = frozenset("<>|~^`$+=")
_BLOCKS = re.compile(rf"\n[ \t>]*\n|{BORDER}+")
_ITEM = re.compile(r"\n[ \t>]*(?=! |[-*] |Cite: |Caveats in full at |p[0-9]{1,7}: )")
_LEAD = re.compile(r"^(?:[\s>*-]|Caveat:|p[0-9]{1,7}: )*")
_IN_FULL = re.compile(r"in\s+full\s+(?:above|at\s+[0-9]+)", re.IGNORECASE)
_WRITTEN_OUT = re.compile(r"Caveats:\s+(?:Since\s+[0-9-]{4,10}:\s+)?\[")


_SINCE = re.compile(r"\bSince\s+[0-9]{4}(?:-[0-9]{2}){0,2}:|,\s+since\s+[0-9]{4}(?:-[0-9]{2}){0,2}(?=[\s)]*\])")
_DAY: Final = r"(?: since [0-9]{4}(?: [0-9]{2}){0,2})?"  # in folded words


# What a note says of words that moved or changed under it: it comes and goes with the record, and is no word of the note.
_STALE = re.compile(r"\[the\s+words\s+have\s+changed\s+since\s+this\s+note\s+was\s+written(?:\s+\(was:.*?”\))?\]\.?", re.DOTALL)


class Told(NamedTuple):
    """A caveat in a field of machine output: which, and what it is said to say."""

    id: str
    flag: str
    status: str
    statement: str


class Printed(NamedTuple):
    """What a document prints with a citation.

    ``excerpt`` is the value of a field, None where there is none of that kind;
    ``blocks`` are the blocks of text between this citation and the one before;
    ``headed``: they begin with the name of the passage, as our own excerpts do.
    ``told`` are caveats in fields, ``cells`` those in the cell of a table, None
    where there is no such field; ``is_all``: all that are in force stand in the
    fields; ``citation`` is what stands up to the mark.
    """

    excerpt: str | None = None
    blocks: tuple[str, ...] = ()
    headed: bool = False
    told: tuple[Told, ...] | None = None
    is_all: bool = True
    cells: str | None = None
    citation: str = ""


def between(text: str, first: int, last: int, reference: Reference) -> Printed:
    """Take apart what stands between two citations of a text."""
    region = text[first:last]
    heading = re.compile(
        rf"(?:\A|\n|{BORDER})[ \t#>*-]*(?:[0-9]+\.\s+|Paragraph\s[^\n{BORDER}]{{1,80}}\()?"
        rf"{reference.code}\s?#p{reference.paragraphs[0]}(?![0-9])(?!\sin\s[A-Z])"
        if reference.paragraphs
        else r"(?!)"
    )
    headed = heading.search(region) is not None or _side(region, reference)
    blocks = tuple(item for block in _BLOCKS.split(region) for item in _ITEM.split(block) if item.strip())
    return Printed(blocks=blocks, headed=headed, citation=region)


def _side(region: str, reference: Reference) -> bool:
    """Ask whether an excerpt stands there as one side of a comparison: ``p3: words``."""
    return bool(reference.paragraphs) and re.search(rf"\n[ \t-]*p{reference.paragraphs[0]}: ", region) is not None


def folded(text: str) -> str:
    """Make words comparable: no capitals, no punctuation, no marks, one space between words, none in Asian scripts."""
    kept = "".join(
        " " if c.isspace() or c in _MARKUP or unicodedata.category(c)[0] in "PZC" else c
        for c in unicodedata.normalize("NFC", _SHOWN_CONTROL.sub(" ", text))
    )
    return _ASIAN.sub("", " ".join(kept.split())).casefold()


def _forms(words: str) -> set[str]:
    return {folded(words), folded(plain(words))}


def is_given(excerpt: str, words: str) -> bool:
    """Ask whether an excerpt gives the words of a passage: whole, or cut at its ends with ``[…]``."""
    bare = _LEAD.sub("", plain(excerpt)).replace("\n>", "\n")
    before, after = bare.strip().startswith(GAP), bare.strip().rstrip(".").endswith(GAP)
    given = folded(bare.replace(GAP, " "))
    for form in _forms(words):
        if given == form:
            return True
        whole = f" {form} "
        if given and (before or after) and f" {given} " in whole:
            at = whole.index(f" {given} ")
            return (before or at == 0) and (after or at + len(given) + 2 == len(whole))
    return False


def words_given(printed: Printed, words: str) -> bool | None:
    """Ask whether the words of a passage are given unaltered; None where no excerpt of ours is printed there."""
    if printed.excerpt is not None:
        return is_given(printed.excerpt, words)
    if not printed.headed:
        return None
    return any(is_given(block, words) for block in printed.blocks)


class Caveat(NamedTuple):
    """A caveat in force as it has to be printed.

    ``full`` is its id with the code of its record, which is printed where the
    excerpt is of another; ``label`` is its flag in words, ``ends`` what may
    stand after the statement. ``was``: it was replaced since, and is printed
    only as of a day before.
    """

    id: str
    full: str
    flag: str
    status: str
    label: str
    statement: str
    ends: str
    was: bool = False


def altered(printed: Iterable[Printed], caveats: Iterable[Caveat], elsewhere: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each caveat that a document alters or leaves out, with what is wrong.

    :param elsewhere: the blocks of the whole document, in which a list gives the caveats of a whole record once.
    """
    held, everywhere = tuple(caveats), tuple(elsewhere)
    for each in printed:
        for caveat in held:
            # Of what was in force on different days, any may stand in a citation, which names none by its id.
            alike = [one for one in held if one.was and one.label == caveat.label] if caveat.was else [caveat]
            wrong = _wrong(each, caveat, everywhere) or _wrong_in_citation(each.citation, alike)
            if wrong:
                yield caveat.id, wrong


_OTHER, _NONE = "the document gives other words of it", "the document leaves it out"


def _wrong(printed: Printed, caveat: Caveat, everywhere: tuple[str, ...]) -> str:
    wrong = ""
    if printed.told is not None:
        wrong = _wrong_in_fields(printed, caveat)
    elif printed.cells is not None:
        wrong = _wrong_in_cells(printed.cells, caveat)
    elif printed.headed:
        wrong = _wrong_in_blocks(printed, caveat, everywhere)
    return "" if caveat.was and wrong == _NONE else wrong


def _wrong_in_fields(printed: Printed, caveat: Caveat) -> str:
    own = [each for each in printed.told or () if each.id in {caveat.id, caveat.full}]
    right = all(
        (each.flag, each.status) == (caveat.flag, caveat.status) and folded(each.statement) == folded(caveat.statement)
        for each in own
    )
    if not own and printed.is_all:
        return _NONE
    return "" if right else _OTHER


def _wrong_in_cells(cells: str, caveat: Caveat) -> str:
    name, cells = re.escape(caveat.id.rpartition("/")[2]), _STALE.sub("", cells)
    if not re.search(rf"\[{name}: {caveat.flag}, {caveat.status}", cells):
        return _NONE
    said = "|".join(re.escape(each) for each in (caveat.statement, plain(caveat.statement, prose=False)))
    return (
        "" if re.search(rf"\[{name}: {caveat.flag}, {caveat.status}[^\]]*\] (?:{said}) *(?:\(|; \[|; ?\Z|\Z)", cells) else _OTHER
    )


def _wrong_in_blocks(printed: Printed, caveat: Caveat, everywhere: tuple[str, ...]) -> str:
    own = list(_of(printed.blocks, caveat))
    if not own and _IN_FULL.search(printed.citation):
        own = list(_of(everywhere, caveat))
    if not own:
        return _NONE
    # A label may say where the note came from, and since when it could be known where that was asked for.
    flag, _, origin = map(re.escape, map(folded, caveat.label.partition(" (from ")))
    said = "|".join(map(re.escape, _forms(caveat.statement)))
    right = re.compile(rf"{flag}{_DAY}(?: from {origin})? (?:{said})(?: {re.escape(folded(caveat.ends))})?")
    return "" if all(right.fullmatch(_told_in(block)) for block in own) else _OTHER


def _of(blocks: Iterable[str], caveat: Caveat) -> Iterator[str]:
    """Give what stands before the id of a caveat in each block that ends with one."""
    ends = re.compile(rf"[\[(](?:{re.escape(caveat.id)}|{re.escape(caveat.full)})[,;]\s")
    for block in blocks:
        found = ends.search(block)
        if found:
            yield _STALE.sub("", block[: found.start()])


def _told_in(block: str) -> str:
    return folded(_LEAD.sub("", block.replace("\n>", "\n"))).removeprefix("caveat ")


def _wrong_in_citation(citation: str, alike: Sequence[Caveat]) -> str:
    """Ask of each place where a citation writes its caveats out whether one of these, of one label, stands there."""
    label = folded(alike[0].label)
    starts = [found.start() for found in _WRITTEN_OUT.finditer(citation)]
    for start, end in pairwise([*starts, len(citation)]):
        given = [folded(part) for part in (citation[start:end], _SINCE.sub("", citation[start:end]))]
        said = {f"{label} {form}" for each in alike for form in _forms(each.statement)}
        may_lack = alike[0].was and label not in given[0]
        if not may_lack and not any(each in part for each in said for part in given):
            return _OTHER
    return ""


def in_fields(value: Mapping[str, Any], text: str) -> Printed:
    """Take what an object of machine output gives with its citation: the excerpt and the caveats."""
    excerpt = value.get("excerpt")
    record = value.get("record")
    inside = value.get("custom") if isinstance(value.get("custom"), dict) else record if isinstance(record, dict) else value
    listed = [each for name in ("caveats", "caveats_since") for each in (inside or {}).get(name) or () if isinstance(each, dict)]
    has = isinstance((inside or {}).get("caveats"), list)
    return Printed(
        excerpt=excerpt if isinstance(excerpt, str) else None,
        told=tuple(map(_told, listed)) if has else None,
        is_all=not isinstance(record, dict),
        citation=text,
    )


def _told(each: Mapping[str, Any]) -> Told:
    origin, own = each.get("from"), str(each.get("id", ""))
    return Told(f"{origin}/{own}" if origin else own, *(str(each.get(name, "")) for name in ("flag", "status", "statement")))


def in_statement(value: Mapping[str, Any]) -> Iterator[tuple[str, Printed]]:
    """Give, for each citation on the sides of a note in a comparison, the note as it is printed there."""
    note = value.get("note")
    if not isinstance(note, dict) or "statement" not in note:
        return
    told = _told({**note, "from": note.get("from") or value.get("code")})
    for side in value.get("sides") or ():
        for each in (side, *(side.get("passages") or ())) if isinstance(side, dict) else ():
            if isinstance(each, dict) and isinstance(each.get("citation"), str):
                yield each["citation"], Printed(told=(told,), is_all=False)
