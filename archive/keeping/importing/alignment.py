"""A version of a record in another language, made of a file: which of its paragraphs go with which, and what is doubtful in that.

Nothing is written that a person has not seen, and a version is never written over.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from archive.access import redaction
from archive.authority.authorities import Authorities
from archive.documents.model import count_letters
from archive.documents.reading import refusal
from archive.errors import BadNote, CannotWrite
from archive.keeping._kept_records import KeptRecords
from archive.keeping._revising import Kept, Plan, Revised, Signed, revise
from archive.keeping.importing import _record as records
from archive.keeping.importing import _registry as registry
from archive.keeping.importing._alignment import (
    FIXED,
    PLACE,
    Aligned,
    ComparedParagraph,
    as_pairs,
    length_cost,
    number_speakers,
    pair_paragraphs,
)
from archive.keeping.importing._model import LeftOut, SourceText
from archive.keeping.importing._reading import read_file
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record import hashing, paragraphs
from archive.record.testimony import PUBLIC, Clearance, Pair, Testimony
from archive.storage import record_files
from archive.text import fold, join_list, locators, unmark

_FIGURE: Final = re.compile(r"(?<![0-9])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+")
_LABEL: Final = re.compile(r"\s*([^\s:：⟦⟧][^:：⟦⟧]{0,30}?)\s*[:：]\s")
_PLACE: Final = re.compile(r"⟦[^⟧]*⟧")
_YEAR: Final = re.compile(r"(?:1[89]|20)[0-9]{2}")
_MUCH_LONGER: Final = 9.0
_DENSE: Final = "\u2e80"
"""From here on lie Han, Kana and Hangul, a sign of which says about as much as two letters do."""
_FEWEST: Final = 3  # Latin letters of a name
_MOST_PARAGRAPHS: Final = 3_000


class Doubt(NamedTuple):
    """A pair that a person has to look at: the paragraphs of the record and of the version, why, and their words."""

    own: tuple[int, ...]
    theirs: tuple[int, ...]
    why: str
    own_words: tuple[str, ...]
    their_words: tuple[str, ...]


class VersionAsked(NamedTuple):
    """What a person says of a version: its language, who translated it, pairs that are known, how speakers are called."""

    language: str = ""
    translator: str = ""
    is_original: bool = False
    """Its words are those first said, and those of the record the translation."""
    pairs: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()
    speakers: Mapping[str, str] = {}
    keeper: bool = False
    """Show words also where the clearance would not: of drafts, and withheld ones."""


class AlignedVersion(NamedTuple):
    """A version that could be written: its path, its language and that of the record, the pairs in it, and the doubts.

    ``kind`` and ``sha256`` are those of the file, ``held_against`` is the hash of the record's file.
    """

    code: str
    path: str
    language: str
    original: str
    kind: str
    pairs: tuple[Pair, ...]
    doubts: tuple[Doubt, ...]
    left_out: tuple[LeftOut, ...]
    content: bytes
    held_against: str
    sha256: str


def align(root: Path, code: str, file: Path, asked: VersionAsked, clearance: Clearance) -> AlignedVersion:
    """Return the version of a record that a file gives; nothing is written.

    :param clearance: of whoever sees the words of the doubts; they have none that may not be read with it.
    :raises UnreadableDocument: the file cannot be read, has several texts, or its letters cannot be accounted for.
    :raises BadNote: what is asked cannot be, with every reason.
    :raises CannotWrite: there is a version in that language.
    """
    authorities = read.read_authorities(root)
    kept = KeptRecords(root, authorities)
    contents, whole = kept.whole(code)
    testimony = whole.testimony
    kind, content, text = _read(file)
    body = records.body_of(_without_numbers(text), asked.speakers)
    own, theirs = ([block.text for block in paragraphs.passages(each)] for each in (testimony.body, body))
    language = asked.language or text.language or records.language_of(body)
    path = str(PurePosixPath(testimony.path).with_name(record_files.name_of_version(testimony.path, language)))
    _refuse(testimony, asked, own, theirs)
    if path in contents or (root / path).exists():
        raise CannotWrite(tr("there is a version of {code} in {language} already", code=code, language=language), _never())
    pairs, doubts = propose(own, theirs, authorities, [Pair(*each) for each in asked.pairs])
    if not asked.keeper:
        doubts = tuple(_readable_doubt(each, testimony, clearance) for each in doubts)
    sha256 = hashlib.sha256(content).hexdigest()
    written = _write(testimony, asked, language, pairs, body)
    return AlignedVersion(
        code=code,
        path=path,
        language=language,
        original=testimony.language,
        kind=kind,
        pairs=pairs,
        doubts=doubts,
        left_out=text.left_out,
        content=written,
        held_against=hashing.fixity(contents[testimony.path]),
        sha256=sha256,
    )


def propose(
    own: Sequence[str], theirs: Sequence[str], authorities: Authorities, fixed: Sequence[Pair] = ()
) -> tuple[tuple[Pair, ...], tuple[Doubt, ...]]:
    """Return which paragraphs of two texts go together, and the pairs among them that a person has to look at.

    :param fixed: pairs that a person has given, which are no doubt.
    """
    found = pair_paragraphs(*_units(own, theirs, authorities), fixed)
    pairs = as_pairs(found)
    return tuple(Pair(each.own, each.theirs) for each in pairs), tuple(_doubts(found, pairs, own, theirs))


def write(root: Path, version: AlignedVersion, by: str, day: str) -> Revised:
    """Write a version beside its record, and a line on it into the history of the record.

    :raises CannotWrite: the record has changed since, or there is such a version now.
    :raises InvalidTestimony: the version would have faults, or withholds other words than the record does.
    """

    def plan(kept: Kept) -> Plan:
        if hashing.fixity(kept.contents[kept.testimony.path]) != version.held_against:
            raise CannotWrite(tr("{code} has changed since it was compared", code=version.code), tr("Compare it once more."))
        if version.path in kept.contents:
            raise CannotWrite(
                tr("there is a version of {code} in {language} already", code=version.code, language=version.language), _never()
            )
        history = f"Version in {version.language} made of a file of the kind {version.kind}, sha256 {version.sha256}"
        return Plan(made={version.path: version.content}, history=history, is_whole=True)

    return revise(root, version.code, plan, Signed(by, day))


def _never() -> str:
    return tr("A version is never written over; change it with `testimony edit`.")


def _read(file: Path) -> tuple[str, bytes, SourceText]:
    kind, content, texts = read_file(file, registry.Options())
    if len(texts) != 1:
        raise refusal(file.name, tr("it has several texts, and a version is one"))
    (text,) = texts
    if text.unaccounted:
        raise refusal(file.name, tr("{number} of its letters cannot be accounted for", number=abs(text.unaccounted)))
    return kind.name, content, text


def _without_numbers(text: SourceText) -> SourceText:
    """Return the text without the numbers of its paragraphs, which say nothing beside those of the record."""
    return text._replace(parts=tuple(part._replace(place="") if part.place.startswith("¶") else part for part in text.parts))


def _refuse(testimony: Testimony, asked: VersionAsked, own: Sequence[str], theirs: Sequence[str]) -> None:
    wrong = []
    if not theirs:
        wrong.append(tr("there is no paragraph in it"))
    if max(len(own), len(theirs)) > _MOST_PARAGRAPHS:
        wrong.append(tr("there are more than {most} paragraphs", most=_MOST_PARAGRAPHS))
    if not asked.translator and not asked.is_original:
        wrong.append(tr("who translated it is not said: give --translator NAME, or --original where nobody did"))
    before: tuple[int, int] = (0, 0)
    for each in sorted(asked.pairs):
        there = tuple(each[1]) or (before[1],)
        is_in_order = each[0][0] > before[0] and (not each[1] or each[1][0] > before[1])
        if not is_in_order or each[0][-1] > len(own) or there[-1] > len(theirs):
            wrong.append(tr("the pair {pair} is not in order, or names a paragraph that is not there", pair=pair_name(*each)))
        before = (each[0][-1], there[-1])
    if asked.is_original and testimony.is_summary:
        wrong.append(tr("the record is a summary, and so is every version of it"))
    if wrong:
        raise BadNote("\n".join(wrong), tr("Nothing was written."))


def pair_name(own: Iterable[int], theirs: Iterable[int]) -> str:
    """Return how a pair is written: ``3+4=3``, ``7=`` where there is nothing on the other side."""
    return f"{'+'.join(map(str, own))}={'+'.join(map(str, theirs))}"


def _units(
    own: Sequence[str], theirs: Sequence[str], authorities: Authorities
) -> tuple[list[ComparedParagraph], list[ComparedParagraph]]:
    names = dict(_names(authorities))
    return _side(own, names), _side(theirs, names)


def _side(texts: Sequence[str], names: Mapping[str, frozenset[str]]) -> list[ComparedParagraph]:
    labels = [_label(text) for text in texts]
    speaker = number_speakers(labels)
    return [
        ComparedParagraph(_letters(text), _marks(text, names), speaker(label)) for text, label in zip(texts, labels, strict=True)
    ]


def _letters(text: str) -> int:
    """Return the length of a text, in letters of the Latin script."""
    bare = _PLACE.sub("", paragraphs.withheld(text))
    return count_letters(bare) + sum(sign >= _DENSE for sign in bare)


def _label(text: str) -> str:
    found = _LABEL.match(_PLACE.sub("", text))
    return found[1] if found else ""


def _marks(text: str, names: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return what a paragraph has in every language: its places and figures, and the facilities that it names."""
    bare = _PLACE.sub(" ", text)
    words = fold(bare)
    found = {facility for name, facilities in names.items() if name in words for facility in facilities}
    return frozenset({*figures(bare), *(f"{PLACE}{place}" for place in locators(text)), *found})


def figures(text: str) -> set[str]:
    """Return the figures of a text, without what groups their digits and without zeros before them."""
    return {found[0].replace(",", "").lstrip("0") or "0" for found in _FIGURE.finditer(text)}


def _names(authorities: Authorities) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the spellings of facilities, each with the facilities it may stand for; a number of one is a figure by itself."""
    spellings: dict[str, set[str]] = {}
    for facility in authorities.gazetteer:
        for spelling in facility.accepted():
            name = fold(spelling)
            if not any(map(str.isdigit, name)) and (len(name) >= _FEWEST or not name.isascii()):
                spellings.setdefault(name, set()).add(facility.id)
    for name, found in spellings.items():
        yield name, frozenset({min(found)})  # of several that share a name, one stands for all


def _doubts(found: Sequence[Aligned], pairs: Sequence[Aligned], own: Sequence[str], theirs: Sequence[str]) -> Iterator[Doubt]:
    alone = {number for each in found if not each.own for number in each.theirs}
    fixed = {each.own for each in found if each.margin == FIXED}
    ratio = (sum(map(_letters, theirs)) + 1) / (sum(map(_letters, own)) + 1)
    for pair in pairs:
        if pair.own in fixed:
            continue
        here, there = [own[number - 1] for number in pair.own], [theirs[number - 1] for number in pair.theirs]
        why = list(_reasons(pair, here, there, ratio, alone.intersection(pair.theirs)))
        if why:
            yield Doubt(pair.own, pair.theirs, "; ".join(why), tuple(here), tuple(there))


def _readable_doubt(doubt: Doubt, testimony: Testimony, clearance: Clearance) -> Doubt:
    """Return a doubt with the words that may be read: of a record that may not, and of its version, none."""
    if not redaction.may_read(testimony, clearance):
        return doubt._replace(own_words=(), their_words=())
    words = paragraphs.withheld if clearance == PUBLIC else unmark
    return doubt._replace(own_words=tuple(map(words, doubt.own_words)), their_words=tuple(map(words, doubt.their_words)))


def _reasons(pair: Aligned, here: Sequence[str], there: Sequence[str], ratio: float, alone: Iterable[int]) -> Iterator[str]:
    if not there:
        yield tr("it is not in the other language")
        return
    added = sorted(alone)
    if added:
        numbers = join_list(map(str, added), "and")
        yield tr(
            "paragraph {numbers} of the file stands in no paragraph of the record, and was put with the one before",
            numbers=numbers,
        )
    elif pair.is_close:
        yield tr("another pair is nearly as likely")
    expected, letters = sum(map(_letters, here)) * ratio, sum(map(_letters, there))
    if length_cost(expected, letters) > _MUCH_LONGER:
        yield tr("one is much longer than the other")
    is_one = len(here) == len(there) == 1  # where several go together, one may be missing whose figures give it away
    apart = sorted(set.symmetric_difference(*({each for text in side for each in figures(text)} for side in (here, there))))
    years = [each for each in apart if _YEAR.fullmatch(each)]
    if years:
        yield tr("years that stand in one alone: {years}", years=", ".join(years))
    elif apart and not is_one:
        yield tr("figures that stand in one alone: {figures}", figures=", ".join(apart))


def _write(testimony: Testimony, asked: VersionAsked, language: str, pairs: Sequence[Pair], body: str) -> bytes:
    """Return the bytes of a version."""
    rendering = "summary" if testimony.is_summary else "verbatim" if asked.is_original else "translation"
    several = [[list(each.own), list(each.theirs)] for each in pairs if (len(each.own), len(each.theirs)) != (1, 1)]
    translated = None if asked.is_original else (testimony.language, asked.translator)
    header = records.version_header(testimony.code, language, rendering, translated, (testimony.body, body), several)
    return f"---\n{header}---\n{body}".encode("utf-8", "surrogatepass")
