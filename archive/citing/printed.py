"""Excerpts and caveats as our own formats print them beside a citation, and whether they are those of the record.

A document of ours names the passage at the head of each excerpt. Its words
stand below in a block of their own, and each caveat in one that ends with its
id. Such blocks are compared whole, so that an altered, added or missing word is
seen; typography, line ends and the marks of matches do not count.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from archive.citing import _printed_pair as printed_pair
from archive.citing._markup import BORDER, plain, with_strikes
from archive.documents.model import CALL
from archive.language.messages import ENGLISH, LANGUAGES, mark, speaking, translate
from archive.record.testimony import Reference

GAP: Final = "[…]"
_SHOWN_CONTROL = re.compile(r"⟨U\+[0-9A-F]{4,6}⟩")
OF_ASIA: Final = "[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]"
"""A sign of a script that is written without spaces, or with spaces that do not count here."""
_TWO: Final = 2
_ASIAN = re.compile(f"(?<={OF_ASIA}) | (?={OF_ASIA})")
_MARKUP: Final = frozenset("<>|~^`$+=")
_TURNING: Final = {"?": "?", "？": "?", "؟": "?", "!": "!", "！": "!"}
_BLOCKS = re.compile(rf"\n[ \t>]*\n|{BORDER}+")
ADDRESS: Final = "Address"
LABELS: Final = (
    ADDRESS,
    *("Speaks", "Also", "Kind", "Recorded", "Source is graded", "Source is", "Source", "Root", "Relation", "Content warning"),
    "Updated",
    "About",
)
"""The labels of lines in our formats, the longer of two that begin alike first."""


@cache
def labels(language: str) -> Mapping[str, str]:
    """Return the labels of lines in our text in a language, the longer of two that begin alike first, each with its English."""
    with speaking(language or ENGLISH):
        said = {translate(label): label for label in LABELS}
    return {label: said[label] for label in sorted(said, key=len, reverse=True)}


@cache
def _items(language: str) -> re.Pattern[str]:
    """Return what stands between two items of a block."""
    return re.compile(
        r"\n[ \t>]*(?=[!*-]\s|Cite:\s|"
        r"[0-9]{1,7}\. [A-Z]{2,5}-[0-9]{4,6}#p|Caveats in full at |In force at |p[0-9]{1,7}:\s|\[\^[^\]\n]{1,80}\]:\s|"
        rf"(?:{'|'.join(map(re.escape, labels(language)))}):\s)"
    )


_LEAD = re.compile(rf"^(?:[\s>*-]|{printed_pair.said_before(printed_pair.CAVEAT)}|p[0-9]{{1,7}}:\s)*")
# The side of a comparison, which has its footnotes and caveats further up.
_SIDE_ALONE = re.compile(r"Caveats\s+in\s+full\s+at\s+[0-9]")
_FOOTNOTE = re.compile(r"\[\^[^\]\n]{1,80}\]:\s")
_IN_FULL = re.compile(r"in\s+full\s+(?:above|at\s+[0-9]+)", re.IGNORECASE)
_SINCE = re.compile(r", since [0-9]{4}(?:-[0-9]{2}){0,2}(?=\])")
_CELLS = re.compile(r"(?:\A|;\s*)'?\[(?=[^\[\]:;]{1,90}:\s)")
_DAY: Final = r"(?: since [0-9]{4}(?: [0-9]{2}){0,2})?"  # in folded words

ANY_DAY: Final = "0000-00-00"
"""Stands in what is expected for a day that depends on what was asked for."""
_A_DAY: Final = r"[0-9]{4}(?: [0-9]{2}){0,2}"

# What a dossier says of a caveat that came after the day that was asked for.
_ASKED = re.compile(r";\s+could\s+be\s+known\s+only\s+after\s+[0-9-]{4,10},\s+the\s+day\s+asked\s+for")

# What is remarked of a note: that words moved or changed under it, or that it is told as it was last read. It comes and goes
# with the records, and is no word of the note.
STALE = re.compile(
    r"\[(?:the\s+words\s+have\s+changed\s+since\s+this\s+note\s+was\s+written(?:\s+\(was:.*?”\))?"
    r"|as\s+last\s+read:\s+the\s+file\s+of\s+[A-Z]{2,5}\W[0-9]{4,6}\s+cannot\s+be\s+read\s+at\s+present)\]\.?",
    re.DOTALL,
)


class StatedCaveat(NamedTuple):
    """A caveat in a field of machine output: which, and what it is said to say."""

    id: str
    flag: str
    status: str
    statement: str
    fields: tuple[tuple[str, str], ...] = ()


class Printed(NamedTuple):
    """What a document prints with a citation.

    ``excerpt`` is the value of a field, None where there is none of that kind;
    ``blocks`` are the blocks of text between this citation and the one before;
    ``headed``: they begin with the name of the passage, as our own excerpts do.
    ``told`` are caveats in fields, ``cells`` those in the cell of a table, None
    where there is no such field; ``is_all``: all that are in force stand in the
    fields; ``citation`` is what stands up to the mark. ``footnotes`` are in a
    field, None where there is none. ``fields`` are all others of machine output
    of one ``kind``, by their paths; ``must_have`` those that no output lacks.
    ``language`` is that of our text, "" where it is English. ``pair`` are the words with their footnotes where they stand in
    two languages side by side, ``cell`` those of the language that is cited. ``listed`` are all passages of the list
    in which this one stands, in its order.
    """

    excerpt: str | None = None
    blocks: tuple[str, ...] = ()
    headed: bool = False
    told: tuple[StatedCaveat, ...] | None = None
    is_all: bool = True
    cells: str | None = None
    citation: str = ""
    footnotes: str | None = None
    kind: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    must_have: tuple[str, ...] = ()
    language: str = ""
    pair: tuple[str, ...] = ()
    cell: str | None = None
    listed: tuple[Reference, ...] = ()


_READ_IN: Final = re.compile(
    r"(?:\A|[.\s”’\"'>])Read\s+in\s+(?=[^\u2029]{0,600}\((?:archive\s+summary|own\s+words|translation))(?!.*\.\s+(?:After|From)\s)",
    re.DOTALL,
)
"""Begins the sentence at the end of the citation of a source: through which passage it is cited."""


def is_of_source(citation: str) -> bool:
    """Return whether a citation is one of the source of a passage, as we print it."""
    return _READ_IN.search(citation) is not None


def without_passage(citation: str) -> str:
    """Return what stands in the citation of a source before the sentence on the passage."""
    starts = [found.start() for found in _READ_IN.finditer(citation)]
    return citation[: starts[-1]] if starts else citation


def between(text: str, first: int, last: int, reference: Reference) -> Printed:
    """Take apart what stands between two citations of a text."""
    region = CALL.sub("", text[first:last])
    pair = printed_pair.find(region)
    if pair and pair.cells:
        return _beside(region, pair)
    headed = _has_heading(region, reference) or _side(region, reference)
    labels = [(found, code) for code, label in _in_other_languages().items() for found in label.finditer(region)]
    if labels:  # our text in another language; the citation in it is the same in all
        label, language = max(labels, key=lambda each: each[0].start())
        above = _blocks(region[: label.start()], language)
        return Printed(blocks=above, headed=headed, citation=region[label.end() :], language=language)
    blocks, language = _blocks(region), _spoken_in(region)
    # Before a citation in a note of its own no space is kept beside a sign of Asia: it begins where its block does.
    return Printed(blocks=blocks, headed=headed, citation=blocks[-1] if language else region, language=language)


def _has_heading(region: str, reference: Reference) -> bool:
    """Return whether our heading of a passage stands there: marked as one, or alone in its block, never in a sentence."""
    if not reference.paragraphs:
        return False
    passage = (reference.code, str(reference.paragraphs[0]))
    headings = (heading for pattern in _HEADINGS for heading in pattern.finditer(region))
    return any((heading["code"], heading["number"]) == passage for heading in headings)


_PASSAGE: Final = r"(?P<code>[A-Z]{2,5}-[0-9]{4,6})\s?#p(?P<number>[0-9]{1,7})(?![0-9])(?!\sin\s[A-Z“])"
_HEADINGS: Final = (
    re.compile(
        rf"(?:\A|\n|{BORDER})[ \t>]*"
        rf"(?:[#*-]+[ \t]+(?:[0-9]+\.\s+)?|[0-9]+\.\s+|(?:#+[ \t]+)?{printed_pair.said_before(printed_pair.HEADING)}"
        rf"[^\n{BORDER}]{{1,80}}\(\s?){_PASSAGE}"
    ),
    re.compile(
        rf"(?:\A|\n[ \t>]{{0,40}}(?=\n)|{BORDER})\s{{0,40}}(?:>[ \t]{{0,8}}){{0,8}}{_PASSAGE}"
        rf"(?=[ \t]*(?:\n|\Z|{BORDER})|[ \t]{{2,}}\S|[ \t]\(|,\s+{printed_pair.said_before(printed_pair.HEADING)})"
    ),
)
"""How our headings of passages begin: with a sign or a number before them, or alone in their block."""


def _beside(region: str, pair: printed_pair.TwoLanguages) -> Printed:
    """Return an excerpt in two languages: what stands above its heading, the heading, and what stands below its table."""
    citing = list(_LABEL_OF_CITATION.finditer(region, pair.end))
    end = citing[-1].start() if citing else len(region)
    heading = region[pair.start : pair.end].strip(f"\n{BORDER}").split("\n")[0].split(BORDER)[0]
    language = next((code for code, label in _in_other_languages().items() if label.search(region, pair.end)), "")
    return Printed(
        blocks=(*_blocks(region[: pair.start], language), heading, *_blocks(region[pair.end : end], language)),
        headed=True,
        citation=region[citing[-1].end() :] if language and citing else region[pair.end :],
        language=language,
        pair=pair.cells,
    )


_LABEL_OF_CITATION = re.compile(rf"(?:\A|[\n{BORDER}])[ \t>*]*(?:Cite|인용)\s?:")


def is_labelled(region: str) -> bool:
    """Return whether the words before a citation say that it is one, as our text does."""
    return _LABEL_OF_CITATION.search(region) is not None


def follows(region: str) -> bool:
    """Return whether nothing stands between two citations but what our text has before the second."""
    match = _LABEL_OF_CITATION.match(region.lstrip(f" \t\n{BORDER}"))
    return match is not None and len(_LABEL_OF_CITATION.findall(region)) == 1


def in_language(of_pair: Printed, language: str, citation: str = "") -> Printed:
    """Return what is printed of one side of an excerpt in two languages; of a version without what is said of the record.

    :param citation: that of the second side.
    """
    if not language:
        return of_pair._replace(cell=of_pair.pair[0])
    heading = next((at for at, block in enumerate(of_pair.blocks) if printed_pair.is_heading(block)), -1)
    return of_pair._replace(cell=of_pair.pair[1], blocks=of_pair.blocks[heading + 1 :], citation=citation)


def _blocks(region: str, language: str = "") -> tuple[str, ...]:
    return tuple(item for block in _BLOCKS.split(region) for item in _items(language).split(block) if item.strip())


_BEFORE_CITATIONS: Final = (
    mark("Cite: {citation}"),
    mark("Cite the record: {citation}"),
    mark("The record as a whole. Cite: {whole}"),
    mark("Caveats in full at {at}. Cite: {citation}"),
    mark("Cite now: {citation}"),
    mark("Its source: {citation}"),
)
"""What stands before a citation in our text."""


@cache
def _in_other_languages() -> Mapping[str, re.Pattern[str]]:
    """Return what stands before a citation in our text, by the language, for each but English."""
    patterns = {}
    for code in set(LANGUAGES) - {ENGLISH}:
        with speaking(code):
            said = [re.split(r"\{[a-z]+\}", translate(text)) for text in _BEFORE_CITATIONS]
        patterns[code] = re.compile(
            rf"(?:\A|[\n{BORDER}])[ \t>]*(?:{'|'.join(r'[0-9]+'.join(map(_spaced, text[:-1])) for text in said)})"
        )
    return patterns


def _spoken_in(region: str) -> str:
    """Return the language of our text where a citation has a note of its own and no label; "" where it is English."""
    signs = {code: pattern.search(region) for code, pattern in _signs().items()}
    return next((code for code, found in signs.items() if found), "")


@cache
def _signs() -> Mapping[str, re.Pattern[str]]:
    """Return what begins a line of our text in another language, by the language, for each but English."""
    patterns = {}
    for code in set(LANGUAGES) - {ENGLISH}:
        said = "|".join(printed_pair.said_before(text, code) for text in (printed_pair.CAVEAT, printed_pair.IN_FULL))
        number = printed_pair.said_before(printed_pair.HEADING, code)
        patterns[code] = re.compile(rf"(?:\A|[\n{BORDER}])[^\n{BORDER}]{{0,60}}(?:{said}|{number}[0-9])")
    return patterns


def _spaced(text: str) -> str:
    """Return a pattern of words between which a line may end."""
    return r"\s+".join(map(re.escape, text.split())) + r"\s+"


def _side(region: str, reference: Reference) -> bool:
    """Return whether an excerpt stands there as one side of a comparison: ``p3: words``."""
    return bool(reference.paragraphs) and re.search(rf"\n[ \t-]*p{reference.paragraphs[0]}:\s", region) is not None


class _Folded(dict[int, str]):
    """What stands for each character in words that are compared, by its code point, found when it is first met."""

    def __missing__(self, point: int) -> str:
        c = chr(point)
        kept = f" {_TURNING[c]} " if c in _TURNING else " " if _is_space(c) else c
        self[point] = kept
        return kept


def _is_space(c: str) -> bool:
    return c.isspace() or c in _MARKUP or unicodedata.category(c)[0] in "PZC"


_FOLDED: Final = _Folded()


def fold_words(text: str) -> str:
    """Make words comparable: no capitals, no marks, one space between words, none in Asian scripts.

    Of punctuation only ``?`` and ``!`` are kept, which turn what is said.
    """
    kept = unicodedata.normalize("NFC", _SHOWN_CONTROL.sub(" ", text)).translate(_FOLDED)
    return _ASIAN.sub("", " ".join(kept.split())).casefold()


@lru_cache(maxsize=8_192)
def folded(text: str) -> str:
    """Return the same, kept: each caveat and each block is compared with many others.

    What is struck out says something, and is told apart.
    """
    return fold_words(with_strikes(text))


def without_lead(block: str) -> str:
    """Return a block without the bullet, the mark of a quotation or the label of a caveat at its start."""
    return _LEAD.sub("", block.replace("\n>", "\n"))


def forms(words: str) -> set[str]:
    """Return words as they can be compared, and as they would be if they had gone through markup."""
    return {folded(words), folded(plain(words))}


def is_given(excerpt: str, words: str) -> bool:
    """Return whether an excerpt gives the words of a passage: whole, or cut at its ends with ``[…]``."""
    bare = _LEAD.sub("", plain(excerpt)).replace("\n>", "\n")
    before, after = bare.strip().startswith(GAP), bare.strip().rstrip(".").endswith(GAP)
    given = folded(bare.replace(GAP, " "))
    for form in forms(words):
        if given == form:
            return True
        at = form.find(given) if given and (before or after) else -1
        while at >= 0 and not (_is_border(form, at) and _is_border(form, at + len(given))):
            at = form.find(given, at + 1)
        if at >= 0:
            return (before or at == 0) and (after or at + len(given) == len(form))
    return False


def _is_border(form: str, at: int) -> bool:
    """Return whether a word may end before a place of folded words: between signs of Asia, where no spaces are kept, anywhere."""
    around = form[max(0, at - 1) : at + 1]
    return len(around) < _TWO or at == len(form) or " " in around or re.search(OF_ASIA, around) is not None


def words_given(printed: Printed, words: str, footnotes: Sequence[str] = ()) -> bool | None:
    """Ask whether the words of a passage are given unaltered; None where no excerpt of ours is printed there.

    :param footnotes: those of the passage, which stand behind the words where two languages stand side by side.
    """
    if printed.cell is not None:
        # A long word may be broken at the end of a line.
        return _unbroken(folded(printed.cell)) in map(_unbroken, forms(" ".join((words, *footnotes))))
    if printed.excerpt is not None:
        return is_given(printed.excerpt, words)
    if not printed.headed or not words.strip():  # a paragraph that has a mark of a page alone has no words
        return None
    return any(is_given(block, words) for block in printed.blocks)


def _unbroken(form: str) -> str:
    return form.replace(" ", "")


def footnotes_given(printed: Printed, footnotes: Sequence[str]) -> bool | None:
    """Ask whether the footnotes that a passage calls stand there unaltered; None where no excerpt of ours is printed there."""
    if printed.cell is not None:  # compared with the words
        return True if footnotes else None
    return _in_blocks(printed, footnotes) if printed.excerpt is None else _in_field(printed, printed.excerpt, footnotes)


def _in_blocks(printed: Printed, footnotes: Sequence[str]) -> bool | None:
    blocks_given = {folded(without_lead(block)) for block in printed.blocks}
    called = any(_FOOTNOTE.match(without_lead(block)) for block in printed.blocks)
    if printed.language and not called:  # one side of a comparison has them further up
        return None
    if not printed.headed or not (footnotes or called):
        return None if not printed.headed or not footnotes else True
    right = set[str]().union(*map(forms, footnotes))
    if _SIDE_ALONE.search(printed.citation):
        return None
    own = {folded(without_lead(block)) for block in printed.blocks if _FOOTNOTE.match(without_lead(block))}
    return all(forms(footnote) & blocks_given for footnote in footnotes) and own <= right


def _in_field(printed: Printed, excerpt: str, footnotes: Sequence[str]) -> bool | None:
    if printed.footnotes is None:
        return False if footnotes else None
    in_view = [footnote for footnote in footnotes if GAP not in excerpt or f"{footnote.partition(']')[0]}]" in excerpt]
    return folded(printed.footnotes) in forms("; ".join(footnotes)) | forms("; ".join(in_view))


class ExpectedCaveat(NamedTuple):
    """A caveat in force as it has to be printed.

    ``full`` is its id with the code of its record, which is printed where the
    excerpt is of another; ``label`` is its flag in words, ``tails`` what may
    stand after it: the statement, and whose it is; ``told_in`` gives both as our
    text has them in another language; ``cell`` is how
    a table has it whole, ``fields`` how machine output has it. ``was``: it was replaced since, and is printed
    only as of a day before.
    """

    id: str
    full: str
    flag: str
    status: str
    label: str
    statement: str
    tails: tuple[str, ...]
    cell: str
    fields: Mapping[str, str]
    told_in: Callable[[str], Sequence[str]]
    was: bool = False


def altered(
    printed: Iterable[Printed], caveats: Iterable[ExpectedCaveat], elsewhere: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """Yield each caveat that a document alters or leaves out, with what is wrong.

    :param elsewhere: the blocks of the whole document by the record to which they belong; each caveat is in full in one of them.
    """
    every_caveat = tuple(caveats)
    for one in printed:
        for caveat in every_caveat:
            wrong = _wrong(one, caveat, elsewhere)
            if wrong:
                yield caveat.id, wrong


_CAVEAT = re.compile(
    r"[\[(]((?:[A-Z]{2,5}-[0-9]{4,6}/)?[A-Za-z0-9][\w.-]{0,79})[,;]\s[^\[\]()]{1,200}?[,;]\s[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])"
)


def caveat_ids(printed: Printed, works: Collection[str] = ()) -> Iterator[str]:
    """Yield the id of each caveat that a document prints with a citation, with the code of its record where it has one.

    :param works: how works are named whose container and day look like a caveat's own: ``(News24, …, 2011-09-21)``.
    """
    yield from (stated.id for stated in printed.told or ())
    for part in _CELLS.split(printed.cells or "")[1:]:
        name, _, rest = part.partition(":")
        came = re.match(r"[^\]]{0,80}, from ([A-Z]{2,5}-[0-9]{4,6})", rest)
        yield f"{came[1]}/{name}" if came else name
    for block in printed.blocks if printed.headed else ():
        for match in _CAVEAT.finditer(block):
            named = " ".join(match[0][1:].split())
            if any(map(str.isdigit, match[1])) and not any(named in work for work in works):
                yield match[1]


def caveats_compared(printed: Printed) -> str:
    """Name what of the caveats with a citation can be looked at: all of them, or their flags alone; "" where they are by ids."""
    fields = printed.told is not None or printed.cells is not None or printed.headed
    told = _CAVEATS_TOLD.search(printed.citation)
    if fields or (told and told[1]) or any("[" in text for _, text in printed.fields):
        return "caveats"
    return "flags of caveats" if told else ""


_CAVEATS_TOLD = re.compile(r"\bCaveats:\s+(?:Since\s+[0-9-]{4,10}:\s+)?(\[)?")


_OTHER, _NONE = mark("the document gives other words of it"), mark("the document leaves it out")


def _wrong(printed: Printed, caveat: ExpectedCaveat, everywhere: Mapping[str, Sequence[str]]) -> str:
    wrong = ""
    if printed.told is not None:
        wrong = _wrong_in_fields(printed, caveat)
    elif printed.cells is not None:
        wrong = _wrong_in_cells(printed.cells, caveat)
    elif printed.headed:
        wrong = _wrong_in_blocks(printed, caveat, everywhere)
    return "" if caveat.was and wrong == _NONE else wrong


def _wrong_in_fields(printed: Printed, caveat: ExpectedCaveat) -> str:
    own = [stated for stated in printed.told or () if stated.id in {caveat.id, caveat.full}]
    right = all(
        (stated.flag, stated.status) == (caveat.flag, caveat.status)
        and folded(stated.statement) == folded(caveat.statement)
        and all(folded(text) in forms(caveat.fields.get(name, text)) for name, text in stated.fields)
        for stated in own
    )
    if not own and printed.is_all:
        return _NONE
    return "" if right else _OTHER


def _wrong_in_cells(cells: str, caveat: ExpectedCaveat) -> str:
    cell_parts = [_SINCE.sub("", part) for part in _CELLS.split(STALE.sub("", cells))[1:]]
    name = caveat.id.rpartition("/")[2]
    if not any(part.startswith(f"{name}: {caveat.flag}, {caveat.status}") for part in cell_parts):
        return _NONE
    ways = ([folded(part) for part in _CELLS.split(cell)[1:]] for cell in (caveat.cell, plain(caveat.cell, prose=False)))
    return "" if any(stands_among([*map(folded, cell_parts)], parts) for parts in ways) else _OTHER


def stands_among(written: Sequence[str], parts: Sequence[str]) -> bool:
    """Return whether some parts stand one after another among others, each whole."""
    return any(list(written[at : at + len(parts)]) == list(parts) for at in range(len(written) - len(parts) + 1))


def _wrong_in_blocks(printed: Printed, caveat: ExpectedCaveat, everywhere: Mapping[str, Sequence[str]]) -> str:
    own = list(_of(printed.blocks, caveat))
    if printed.language:
        return _wrong_in_language(own or list(_in_full_elsewhere(caveat, everywhere)), caveat, printed.language)
    if not own and any(map(_IN_FULL.search, (printed.citation, *(printed.blocks if printed.pair else ())))):
        return _wrong_elsewhere(caveat, everywhere)
    return _wrong_words(own, caveat)


def _in_full_elsewhere(caveat: ExpectedCaveat, everywhere: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the blocks with a caveat at other passages: of its own record by its bare id, of others with its record."""
    record, _, bare = caveat.full.partition("/")
    yield from _of(everywhere.get(record, ()), caveat._replace(id=bare))
    yield from _of((block for each in everywhere.values() for block in each), caveat._replace(id=caveat.full))


def _wrong_in_language(own: Sequence[str], caveat: ExpectedCaveat, language: str) -> str:
    """Look at a caveat in our text in another language than English, whole: its label, and all that stands behind it."""
    if not own:
        return _NONE
    day = re.escape(folded(ANY_DAY))
    said = "|".join(re.escape(folded(told)).replace(day, _A_DAY) for told in caveat.told_in(language))
    return "" if all(re.fullmatch(said, _told_in(block)) for block in own) else _OTHER


def _wrong_elsewhere(caveat: ExpectedCaveat, everywhere: Mapping[str, Sequence[str]]) -> str:
    """Look for a caveat that stands in full at another passage: of its own record by its bare id, of others with its record."""
    record, _, bare = caveat.full.partition("/")
    label = caveat.label.partition(" (from ")[0]
    ways = (
        (bare, label, everywhere.get(record, ())),
        (caveat.full, f"{label} (from {record})", [block for each in everywhere.values() for block in each]),
    )
    found = False
    for name, said, blocks in ways:
        tails = tuple(re.sub(rf"(?<=[\[(])(?:{record}/)?{re.escape(bare)}(?=[,;])", name, tail) for tail in caveat.tails)
        own = list(_of(blocks, caveat._replace(id=name, full=name)))
        found = found or bool(own)
        if own and (wrong := _wrong_words(own, caveat._replace(label=said, tails=tails))):
            return wrong
    return "" if found else _NONE


def _wrong_words(own: Sequence[str], caveat: ExpectedCaveat) -> str:
    if not own:
        return _NONE
    # A label may say where the note came from, and since when it could be known where that was asked for.
    flag, _, origin = map(re.escape, map(folded, caveat.label.partition(" (from ")))
    lead = re.compile(rf"{flag}{_DAY}(?: from {origin})?")
    right = {f" {form}" for tail in caveat.tails for form in forms(tail)}
    return "" if all(_ends_with_one(_told_in(block), lead, right) for block in own) else _OTHER


def _ends_with_one(told: str, lead: re.Pattern[str], right: Iterable[str]) -> bool:
    return any(told.endswith(form) and lead.fullmatch(told, 0, len(told) - len(form)) for form in right)


def _of(blocks: Iterable[str], caveat: ExpectedCaveat) -> Iterator[str]:
    """Yield each block that ends with the id of a caveat and what stands behind it."""
    ends = re.compile(rf"[\[(](?:{re.escape(caveat.id)}|{re.escape(caveat.full)})[,;]\s")
    name = caveat.full.rpartition("/")[2]
    for block in blocks:
        if name in block and ends.search(block):
            yield STALE.sub("", _ASKED.sub("", block))


def _told_in(block: str) -> str:
    return folded(re.sub(r"\A!\s", "", without_lead(block))).removeprefix("caveat ")


_ELSEWHERE: Final = frozenset(
    {"excerpt", "score", "cut", "matches", "found_by", "updates", "caveats", "caveats_since", "footnotes", "citation", "flags"}
    | {"flags_labels", "caveat_count"}
)
"""Fields that are compared in another way, or say how a passage was found."""


OF_A_CLAIM: Final = frozenset(
    {"camps", "period", "role", "zone", "basis", "status", "topics"}
    | {"camps_labels", "role_labels", "zone_labels", "basis_labels", "status_labels", "topics_labels"}
)
"""Fields that in a comparison say what one claim says, and not what the passage is about."""


def _further(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name and name not in _ELSEWHERE}


def in_row(row: Mapping[str, str | None]) -> Printed:
    """Return what a row of a table gives with its citation."""
    cells = "; ".join(row.get(name) or "" for name in ("caveats", "caveats_since"))
    return Printed(
        excerpt=row.get("excerpt"),
        cells=plain(cells, prose=False),
        footnotes=row.get("footnotes"),
        kind="" if "witness" not in row else "claim" if "claim" in row else "row",
        fields=tuple((name, text or "") for name, text in _further(row).items()),
    )


def in_entry(values: Mapping[str, str], kind: str) -> Printed:
    """Return the fields of an entry of a bibliography; every one of ours has a title, which carries the caveats."""
    of_source = is_of_source(values.get("annotation") or values.get("N1") or "")
    kind = f"{kind}-source" if of_source else kind
    written = {name: plain(value, prose=False) for name, value in values.items()}
    return Printed(
        kind=kind, fields=tuple(written.items()), must_have=("title", "TI") if of_source else ("title", "author", "TI", "AU")
    )


def in_fields(value: Mapping[str, Any]) -> Printed:
    """Return what an object of machine output gives with its citation: the excerpt, the caveats and all other fields."""
    excerpt, record, custom = (value.get(name) for name in ("excerpt", "record", "custom"))
    csl = "csl-source" if isinstance(custom, dict) and custom.get("of") == "source" else "csl"
    kind = csl if isinstance(custom, dict) else "record" if isinstance(record, dict) else ""
    if not kind and "of_change" in value:
        kind = "version"
    if not kind and "witness" in value:
        kind = "claim" if "claim" in value else "hit"
    inside: Any = custom if kind == csl else record if kind == "record" else value
    listed = [note for name in ("caveats", "caveats_since") for note in inside.get(name) or () if isinstance(note, dict)]
    footnotes = value.get("footnotes")
    whole = value if kind == csl else inside if kind else {}
    return Printed(
        excerpt=excerpt if isinstance(excerpt, str) else None,
        told=tuple(map(_told, listed)) if isinstance(inside.get("caveats"), list) else None,
        is_all=not isinstance(record, dict),
        footnotes="; ".join(map(_text, footnotes)) if isinstance(footnotes, list) else None,
        kind=kind,
        fields=tuple((name, plain(text, prose=False) if kind == csl else text) for name, text in leaves(_further(whole))),
        must_have=("title",) if kind == csl else (),
    )


def with_person(value: object) -> object:
    """Return an object of machine output; of a person's page with who it is beside the last version, from which that is told."""
    if not isinstance(value, dict) or "name_kind" not in value:
        return value
    versions = value.get("versions")
    if not isinstance(versions, list) or not versions or not isinstance(versions[-1], dict):
        return value
    person = {name: value.get(name) for name in ("witness", "name_kind", "connection")}
    return value | {"versions": [*versions[:-1], versions[-1] | {"person": person}]}


def _told(note: Mapping[str, Any]) -> StatedCaveat:
    origin, own = note.get("from"), str(note.get("id", ""))
    names = ("flag", "status", "statement")
    flag, status, statement = (str(note.get(name, "")) for name in names)
    return StatedCaveat(f"{origin}/{own}" if origin else own, flag, status, statement, tuple(leaves(note)))


def leaves(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield each field of machine output by its path, as text; a list of texts is one field, as in the cell of a table."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value):
            yield from leaves(item, f"{name}.{number}")
    elif isinstance(value, list | tuple):
        yield name, "; ".join(map(_text, value))
    else:
        yield name, _text(value)


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def in_statement(value: Mapping[str, Any]) -> Iterator[tuple[str, Printed]]:
    """Yield, for each citation on the sides of a note in a comparison, the note as it is printed there."""
    note = value.get("note")
    if not isinstance(note, dict) or "statement" not in note:
        return
    stated = _told({**note, "from": note.get("from") or value.get("code")})
    for side in value.get("sides") or ():
        for passage in (side, *(side.get("passages") or ())) if isinstance(side, dict) else ():
            if isinstance(passage, dict) and isinstance(passage.get("citation"), str):
                yield passage["citation"], Printed(told=(stated,), is_all=False)
