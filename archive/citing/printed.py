"""What a document of ours prints with a citation (`Printed`), and whether its excerpts and footnotes are those of the record.

It names the passage at the head of each excerpt. The words stand below in a
block of their own, and each caveat in one that ends with its id. Such blocks
are compared whole, so that an altered, added or missing word is seen;
typography, line ends and the marks of matches do not count.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from archive.citing import _printed_pair as printed_pair
from archive.citing._markup import BORDER, plain
from archive.citing.folding import OF_ASIA, fold_struck, forms
from archive.documents.model import CALL
from archive.language.messages import ENGLISH, LANGUAGES, mark, speaking, translate
from archive.named_tuple import NamedTuple
from archive.record.testimony import Reference

GAP: Final = "[…]"
_TWO: Final = 2
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


_LEAD = re.compile(rf"^(?:[\s>*-]|{printed_pair.pattern_before(printed_pair.CAVEAT)}|p[0-9]{{1,7}}:\s)*")
# The side of a comparison, which has its footnotes and caveats further up.
_SIDE_ALONE = re.compile(r"Caveats\s+in\s+full\s+at\s+[0-9]")
_FOOTNOTE = re.compile(r"\[\^[^\]\n]{1,80}\]:\s")

ANY_DAY: Final = "0000-00-00"
"""Stands in what is expected for a day that depends on what was asked for."""


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
    ``caveats`` are those in fields, ``cells`` those in the cell of a table, None
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
    caveats: tuple[StatedCaveat, ...] | None = None
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
    blocks, language = _blocks(region), _language_in(region)
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
        rf"(?:[#*-]+[ \t]+(?:[0-9]+\.\s+)?|[0-9]+\.\s+|(?:#+[ \t]+)?{printed_pair.pattern_before(printed_pair.HEADING)}"
        rf"[^\n{BORDER}]{{1,80}}\(\s?){_PASSAGE}"
    ),
    re.compile(
        rf"(?:\A|\n[ \t>]{{0,40}}(?=\n)|{BORDER})\s{{0,40}}(?:>[ \t]{{0,8}}){{0,8}}{_PASSAGE}"
        rf"(?=[ \t]*(?:\n|\Z|{BORDER})|[ \t]{{2,}}\S|[ \t]\(|,\s+{printed_pair.pattern_before(printed_pair.HEADING)})"
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
            rf"(?:\A|[\n{BORDER}])[ \t>]*(?:{'|'.join(r'[0-9]+'.join(map(_spaced_pattern, text[:-1])) for text in said)})"
        )
    return patterns


def _language_in(region: str) -> str:
    """Return the language of our text where a citation has a note of its own and no label; "" where it is English."""
    signs = {code: pattern.search(region) for code, pattern in _signs().items()}
    return next((code for code, found in signs.items() if found), "")


@cache
def _signs() -> Mapping[str, re.Pattern[str]]:
    """Return what begins a line of our text in another language, by the language, for each but English."""
    patterns = {}
    for code in set(LANGUAGES) - {ENGLISH}:
        said = "|".join(printed_pair.pattern_before(text, code) for text in (printed_pair.CAVEAT, printed_pair.IN_FULL))
        number = printed_pair.pattern_before(printed_pair.HEADING, code)
        patterns[code] = re.compile(rf"(?:\A|[\n{BORDER}])[^\n{BORDER}]{{0,60}}(?:{said}|{number}[0-9])")
    return patterns


def _spaced_pattern(text: str) -> str:
    """Return a pattern of words between which a line may end."""
    return r"\s+".join(map(re.escape, text.split())) + r"\s+"


def _side(region: str, reference: Reference) -> bool:
    """Return whether an excerpt stands there as one side of a comparison: ``p3: words``."""
    return bool(reference.paragraphs) and re.search(rf"\n[ \t-]*p{reference.paragraphs[0]}:\s", region) is not None


def without_lead(block: str) -> str:
    """Return a block without the bullet, the mark of a quotation or the label of a caveat at its start."""
    return _LEAD.sub("", block.replace("\n>", "\n"))


def is_given(excerpt: str, words: str) -> bool:
    """Return whether an excerpt gives the words of a passage: whole, or cut at its ends with ``[…]``."""
    bare = _LEAD.sub("", plain(excerpt)).replace("\n>", "\n")
    before, after = bare.strip().startswith(GAP), bare.strip().rstrip(".").endswith(GAP)
    given = fold_struck(bare.replace(GAP, " "))
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
        return _unbroken(fold_struck(printed.cell)) in map(_unbroken, forms(" ".join((words, *footnotes))))
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
    blocks_given = {fold_struck(without_lead(block)) for block in printed.blocks}
    called = any(_FOOTNOTE.match(without_lead(block)) for block in printed.blocks)
    if printed.language and not called:  # one side of a comparison has them further up
        return None
    if not printed.headed or not (footnotes or called):
        return None if not printed.headed or not footnotes else True
    right = set[str]().union(*map(forms, footnotes))
    if _SIDE_ALONE.search(printed.citation):
        return None
    own = {fold_struck(without_lead(block)) for block in printed.blocks if _FOOTNOTE.match(without_lead(block))}
    return all(forms(footnote) & blocks_given for footnote in footnotes) and own <= right


def _in_field(printed: Printed, excerpt: str, footnotes: Sequence[str]) -> bool | None:
    if printed.footnotes is None:
        return False if footnotes else None
    in_view = [footnote for footnote in footnotes if GAP not in excerpt or f"{footnote.partition(']')[0]}]" in excerpt]
    return fold_struck(printed.footnotes) in forms("; ".join(footnotes)) | forms("; ".join(in_view))
