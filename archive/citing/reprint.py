"""What our own formats print of a passage or a record besides its words and caveats, and what a document prints otherwise.

Whoever writes for a reader hands in how it is printed (`Reprint`); here it is
only compared, field by field, each whole. Typography and line ends do not count.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final

from archive.citing import _printed_pair as printed_pair
from archive.citing._printed_caveats import STALE, ExpectedCaveat, stands_among
from archive.citing._printed_list import KIND
from archive.citing.folding import OF_ASIA, fold_struck, forms
from archive.citing.pinpoint import is_printed
from archive.citing.printed import ADDRESS, Printed, is_given, is_of_source, labels, without_lead, without_passage
from archive.citing.printed_fields import OF_A_CLAIM, leaves
from archive.citing.source import READ_IN
from archive.language.messages import ENGLISH, mark, speaking, tr, translate
from archive.named_tuple import NamedTuple
from archive.record.testimony import Passage, Testimony


class Reprint(NamedTuple):
    """A passage (or a record) as our formats print it today, with the caveats that a citation lists.

    ``heads`` are headings above an excerpt; ``facts`` gives the labelled lines of a
    record: as text has them and as pages have them, and both again for each way of writing dates; ``entries`` gives, for each
    way of writing dates, what a passage tells of; ``speaks`` what may stand after
    that label at an excerpt; ``speaker`` the line that Markdown has without a
    label; ``notice`` says of a summary that it is one. ``opening``, ``place``
    and ``origin`` are the parts of the house citation, ``entry`` gives those of a
    bibliography. ``tails`` gives, for the id of a caveat, what stands after its label,
    ``cell`` and ``noted`` how it stands in a table and in machine output.
    ``fields`` makes those of machine output and of bibliographies of a kind.
    ``told_in`` gives, for a language and the id of a caveat, each way in which our text has it whole.
    ``claims`` are, by the id of a claim, how a comparison has its text and its status.
    ``addresses`` are those of its source and of its record's with the day on which it was seen; ``source`` gives how it is cited.
    ``spoken`` gives the same as our text in another language has it; ``language`` is "" in English.
    ``listed`` gives, for a language and all passages of a list, each way in which a list has a field of it.
    """

    heads: tuple[str, ...]
    facts: Callable[[], tuple[tuple[tuple[str, str], ...], ...]]
    speaks: tuple[str, ...]
    speaker: str
    entries: tuple[tuple[str, ...], ...]
    notice: str
    opening: str
    place: str
    origin: str
    entry: Callable[[], "ExpectedEntry"]
    warnings: tuple[str, ...]
    tails: Callable[[str], tuple[str, ...]]
    told_in: Callable[[str, str], Sequence[str]]
    cell: Callable[[str], str]
    noted: Callable[[str], Mapping[str, str]]
    fields: Callable[[str], Mapping[str, Any]]
    claims: Mapping[str, "ExpectedClaim"]
    addresses: tuple[str, ...]
    source: Callable[[], "ExpectedSource"]
    language: str
    spoken: Callable[[str], "Reprint"]
    listed: Callable[[str, "PassagesOfAList"], Mapping[str, Sequence[str]]]


PassagesOfAList = Sequence[tuple[Testimony, Passage]] | None
"""All passages that a list shows, in its order; None where one of them is not to be had any more."""


class ExpectedEntry(NamedTuple):
    """A passage in a bibliography.

    ``named`` is what stands for the opening of a citation, ``titled`` how the title begins, ``origin`` its source, ``taken`` who
    took the words down, and ``closing`` what stands after the caveats; its last is the name of the archive.
    """

    named: tuple[str, ...]
    titled: str
    origin: str
    taken: str
    closing: tuple[str, ...]


class ExpectedSource(NamedTuple):
    """How the source of a passage is cited: ``whole`` in our words, ``read_in`` at the end.

    In a named style ``title`` and ``year`` ("" where it is not known) stand there unless the source was cited before;
    ``places`` and ``parts``, what is said of how it was read, stand there always. ``titled`` begins and ``closing`` ends a
    title in a bibliography.
    """

    whole: str
    title: str
    year: str
    places: tuple[str, ...]
    parts: tuple[str, ...]
    read_in: str
    titled: str
    closing: str


class ExpectedClaim(NamedTuple):
    """A claim as a comparison prints it: in fields, and its status in words."""

    text: str
    status: str
    label: str


@cache
def _label(language: str) -> re.Pattern[str]:
    """Return how a labelled line begins in our text in a language."""
    return re.compile(rf"({'|'.join(map(re.escape, labels(language)))})(?:\s?:[*\s]|\s\s|\n)\s*(.*)\Z", re.DOTALL)


_MOST: Final = 200  # code points of a field that are shown
_OF_A_RECORD: Final = frozenset({"Kind", "Recorded", "Source", "Root", "Source is graded"})
_BESIDE_A_PASSAGE: Final = frozenset({"Source is", "Relation"})
"""What is told of the record beside a passage alone."""
_HEAD = re.compile(r"[\s#>*-]*(?:[0-9]+\.\s+)?")
_UNLABELLED = re.compile(r"(?![-*!] |\*\*|[0-9]+\. )[^\n]*\([^()]+,\s[^()]+\);\s+\S")
_NEAREST: Final = 3
"""A page has the name of the archive between the title of a record and what is said of it."""
_CLOSEST: Final = 4  # blocks below a heading among which the line on who speaks stands


def otherwise(printed: Printed, expected: Reprint, words: str, listed: PassagesOfAList = None) -> Iterator[str]:
    """Yield what a document prints otherwise, of an excerpt and of the citation below it.

    :param listed: where it stands in a list, all passages of it.
    """
    if printed.kind == KIND:
        yield from _of_a_list(printed, expected, listed)
    elif printed.fields:
        yield from _fields(printed, expected)
    elif printed.headed:
        yield from _lines(printed, expected.spoken(printed.language) if printed.language else expected, words)
    yield from _claims(printed, expected.spoken(printed.language) if printed.language else expected)
    if printed.citation:
        yield from _opening(printed.citation, expected)


def compare(printed: Printed, expected: Reprint, listed: PassagesOfAList = None) -> Iterator[str]:
    """Yield the names of what was looked at besides words, footnotes and caveats."""
    if printed.kind == KIND:
        ways = expected.listed(printed.language or ENGLISH, listed)
        yield from (name for name, written in printed.fields if name in ways and (written or name == "rendering"))
    elif printed.fields:
        known = {name for name, _ in _expected_fields(printed, expected)}
        yield from (name.partition(".")[0] for name, _ in printed.fields if name in known)
    elif printed.headed:
        spoken = expected.spoken(printed.language) if printed.language else expected
        yield from (label.casefold() for label, _ in _labelled_lines(_below(printed.blocks, spoken), spoken.language))
    if printed.citation and _is_ours(printed.citation, expected):
        yield from ("witness", "rendering", "source", *(["paragraph"] if expected.place else []))


def _of_a_list(printed: Printed, expected: Reprint, listed: PassagesOfAList) -> Iterator[str]:
    ways = expected.listed(printed.language or ENGLISH, listed)
    for name, written in printed.fields:
        if name in ways and fold_struck(written) not in map(fold_struck, ways[name]):
            yield describe_difference(name, written, ways[name][0])


def describe_difference(label: str, written: str, right: str) -> str:
    """Describe what a document says otherwise, or leaves out."""
    shown = " ".join(written.split())
    if not shown:
        return tr("{label}: the document leaves it out; in the archive: “{right}”", label=tr(label), right=right[:_MOST])
    return tr(
        "{label}: the document gives “{shown}”; in the archive: “{right}”",
        label=tr(label),
        shown=shown[:_MOST],
        right=right[:_MOST],
    )


def _labelled_lines(blocks: Iterable[str], language: str) -> Iterator[tuple[str, str]]:
    """Yield each labelled line with its label in English."""
    for block in blocks:
        match = _label(language).match(without_lead(block))
        if match:
            yield labels(language)[match[1]], match[2].lstrip("* ")


def _lines(printed: Printed, expected: Reprint, words: str) -> Iterator[str]:
    below = _below(printed.blocks, expected)
    labelled = list(_labelled_lines(below, expected.language))
    yield from _facts(labelled, expected)
    for label, value in labelled:
        if label == ADDRESS and not any(_same(value, each) for each in expected.addresses):
            yield describe_difference(label, value, "; ".join(expected.addresses))
    yield from _title(printed.blocks, expected)
    if not printed.pair:
        yield from _excerpt(below, labelled, expected, words)


def _excerpt(below: Sequence[str], labelled: Sequence[tuple[str, str]], expected: Reprint, words: str) -> Iterator[str]:
    """Yield what an excerpt in one language says otherwise: in its heading, on who speaks, on what it tells of."""
    heads = {fold_struck(head) for head in expected.heads}
    for block in below[:1]:
        if fold_struck(_HEAD.sub("", block, count=1)) not in heads:
            yield describe_difference("heading", _HEAD.sub("", block, count=1), expected.heads[-1])
    free = [block for block in below[1:] if not is_given(block, words)]
    # Markdown alone has a line without a label on who speaks.
    for block in free[:_CLOSEST] if {label for label, _ in labelled} <= {"Content warning"} else ():
        if _UNLABELLED.match(block.lstrip("\n> ")) and not _label(expected.language).match(without_lead(block)):
            if not _same(without_lead(block), expected.speaker):
                yield describe_difference("speaks", without_lead(block), expected.speaker)
            break
    yield from _entries(free, expected)
    if expected.notice and re.search(rf"\b{printed_pair.pattern_before(printed_pair.HEADING)}[0-9]", below[0] if below else ""):
        notice = fold_struck(expected.notice)
        if not any(fold_struck(block) == notice for block in below):
            yield describe_difference("rendering", "", expected.notice)


def _below(blocks: Sequence[str], expected: Reprint) -> list[str]:
    """Return the blocks from the last heading of the passage on; where a record is described above it, from there."""
    code = re.escape(expected.heads[0].partition("#")[0])
    numbered = printed_pair.pattern_before(printed_pair.HEADING)
    passage = re.compile(rf"{_HEAD.pattern}(?:{numbered}[^\n]{{1,90}}\(\s?)?{re.escape(expected.heads[0])}(?![0-9])")
    at = max(
        (number for number, block in enumerate(blocks) if passage.match(block) or printed_pair.is_heading(block)), default=None
    )
    if at is None:
        return []
    record = re.compile(rf"{_HEAD.pattern}{code}\s")
    above = [
        number
        for number, block in enumerate(blocks[:at])
        if record.match(block)
        and any(_label(expected.language).match(without_lead(below)) for below in blocks[number + 1 : number + _NEAREST])
    ]
    facts = list(blocks[above[-1] + 1 : at]) if above else []
    return [blocks[at], *blocks[at + 1 :], *facts]


def _title(blocks: Sequence[str], expected: Reprint) -> Iterator[str]:
    """Yield a title of the record that is another one, above its description or its first passage."""
    code = expected.heads[0].partition("#")[0]
    head = re.compile(rf"{_HEAD.pattern}{re.escape(code)}\s+(?!·)")
    for number, block in enumerate(blocks[:-1]):
        label = _label(expected.language)
        above = block.lstrip().startswith("#") or any(
            label.match(below) or re.match(rf"[#\s]*{re.escape(expected.heads[0])}\b", below)
            for below in map(without_lead, blocks[number + 1 : number + _NEAREST])
        )
        right = [f"{code} {expected.heads[2].partition(' ')[2]}", *expected.heads]
        if head.match(block) and above and fold_struck(_HEAD.sub("", block, count=1)) not in set(map(fold_struck, right)):
            yield describe_difference("title", _HEAD.sub("", block, count=1), right[0])


def _facts(labelled: Sequence[tuple[str, str]], expected: Reprint) -> Iterator[str]:
    written = {(label, fold_struck(value)) for label, value in labelled if label != "About"}
    names = {label for label, _ in written}
    if not names & _OF_A_RECORD:
        right = {form for line in expected.speaks for form in forms(line)}
        for label, value in labelled:
            if label == "Speaks" and fold_struck(value) not in right:
                yield describe_difference("Speaks", value, expected.speaks[0])
        for label, value in labelled:
            if label == "Content warning" and not any(_same(value, warning) for warning in expected.warnings):
                yield describe_difference(label, value, "; ".join(expected.warnings[:1]))
        yield from _beside_a_passage(labelled, expected)
        return
    families = expected.facts()[1 if names & {"Root", "Source is graded"} else 0 :: 2]
    by_label = dict[str, list[str]]()
    for label, value in labelled:
        by_label.setdefault(label, []).append(value)
    yield from min((_unlike(by_label, family) for family in families), key=len)
    known = {label for label, _ in families[0]}
    for label in names - known - {"Speaks", ADDRESS}:
        yield describe_difference(label, "; ".join(by_label[label]), "")


def _unlike(by_label: Mapping[str, Sequence[str]], family: Iterable[tuple[str, str]]) -> list[str]:
    """Return which lines on a record are not as one way of printing them has them."""
    return [
        describe_difference(label, "; ".join(by_label.get(label, ())), right_value)
        for label, right_value in family
        if not any(_same(value, right_value) for value in by_label.get(label, ()))
    ]


def _beside_a_passage(labelled: Sequence[tuple[str, str]], expected: Reprint) -> Iterator[str]:
    """Yield what is said otherwise of the record beside a passage: of its source's grade, of its relations."""
    for label in dict.fromkeys(name for name, _ in labelled if name in _BESIDE_A_PASSAGE):
        right = [value for name, value in expected.facts()[0] if name == label]
        given = [value for name, value in labelled if name == label]
        if len(given) > len(right) or not all(any(_same(value, each) for value in given) for each in right):
            yield describe_difference(label, "; ".join(given), "; ".join(right))


def _entries(blocks: Sequence[str], expected: Reprint) -> Iterator[str]:
    """Yield what is said otherwise of the places, times and roles that a passage tells of."""
    written = dict[str, str]()
    for block in blocks:
        bare = without_lead(block)
        match = _label(expected.language).match(bare)
        if (match and labels(expected.language)[match[1]] == "About") or (not match and re.match(r"[^\n\[]{1,300}\s·\s", bare)):
            value = match[2].lstrip("* ") if match else bare
            written[fold_struck(value)] = value
    yield from min((_entries_unlike(written, entries) for entries in expected.entries), key=len)


def _entries_unlike(written: Mapping[str, str], entries: Sequence[str]) -> list[str]:
    """Return what is told otherwise than in one way of writing dates, or where all of that is right, what is left out."""
    right = {fold_struck(entry) for entry in entries}
    unlike = [describe_difference("About", value, "; ".join(entries)) for key, value in written.items() if key not in right]
    return unlike or [
        describe_difference("About", "", entry) for entry in entries if written and fold_struck(entry) not in written
    ]


def _same(written: str, right: str) -> bool:
    return fold_struck(written) in forms(right)


_PLACE = re.compile(r"\bpara?\.\s+[0-9]+(?:\s+\(at\s[^()]{1,200}\))?(?=\.\s+(?:After|From)\s|,\s+[A-Z]{2,5}-[0-9])")
_KIND_OF_TEXT = re.compile(r"\((?:archive\s+summary|own\s+words|translation)\)")
_CITED = re.compile(r"(?:\A|\n|\u2029)[ \t>]*\**(?:Cite|Cite the record)\s?:")
_FROM = re.compile(r"\.\s+(?:After|From)\s+\S")


def _is_ours(citation: str, expected: Reprint) -> bool:
    """Return whether a citation is in our words, and not a code, a day and a hash alone or in somebody's own."""
    return bool(
        is_of_source(citation)
        or _CITED.search(citation)
        or _PLACE.search(citation)
        or (
            _FROM.search(citation)
            and (
                _KIND_OF_TEXT.search(citation) or f" {fold_struck(expected.entry().closing[-1])} " in f" {fold_struck(citation)} "
            )
        )
    )


_AGAIN: Final = re.compile(r"\bibid\b|\bop\.?\s*cit\b|\bid\.|\bsupra\b|\(n\s[0-9]+\)|위의\s?[책글]|앞의\s?[책글]", re.IGNORECASE)


def _of_source(citation: str, expected: Reprint) -> Iterator[str]:
    """Yield what the citation of a source says otherwise: on the source, the places in it, and the passage that was read."""
    right = expected.source()
    before = without_passage(citation)
    given = f" {fold_struck(citation[len(before) :])} "
    if not given.startswith(f" {fold_struck(right.read_in)} "):
        name = (
            mark("paragraph")
            if given.startswith(f" {fold_struck(f'{READ_IN} {expected.opening}')} ")
            else mark("witness and kind of text")
        )
        yield describe_difference(name, citation[len(before) :], right.read_in)
    head = before[: starts[-1]] if (starts := [each.start() for each in re.finditer(r"\bCaveats:\s", before)]) else before
    text = f" {fold_struck(head)}"
    if text.endswith(f" {fold_struck(right.whole)}"):
        return
    # In a style: what it printed, and what was added; of what was cited before, what stands in its short form.
    again = _AGAIN.search(head[-_FARTHEST:]) is not None
    has_title = again or _bare(right.title) in _bare(head)
    has_others = all(_bare(part) in _bare(head) for part in right.parts)
    has_places = all(is_printed(place, head) for place in right.places)
    if not (has_title and has_others and has_places and _has_its_year(fold_struck(head), right)):
        yield describe_difference(mark("source"), _last(head), right.whole)


_YEAR: Final = re.compile(r"(?<![0-9])(?:1[89]|20)[0-9]{2}(?![0-9])")
_AUTHOR: Final = 60  # signs before a title in which a style may have the year


def _has_its_year(head: str, right: ExpectedSource) -> bool:
    """Return whether the year beside the title is that of the work; where none stands there it was cited in full before."""
    at = head.rfind(fold_struck(right.title))
    if not right.year or at < 0:
        return True
    title = at + len(fold_struck(right.title))
    given = _YEAR.findall(f"{head[max(0, at - _AUTHOR) : at]} {head[title:]}")
    known = set(_YEAR.findall(fold_struck(right.whole)))
    return right.year in given or not set(given) - (known - {right.year})


_FARTHEST: Final = 1_000


def _bare(text: str) -> str:
    """Return words without any space, sign or capital: a style sets those as it likes."""
    return "".join(c for c in fold_struck(text) if c.isalnum())


def _opening(citation: str, expected: Reprint) -> Iterator[str]:
    """Yield what a citation says otherwise than the archive on witness, kind of text, paragraph and source."""
    if not _is_ours(citation, expected):
        return
    if is_of_source(citation):
        yield from _of_source(citation, expected)
        return
    head, tail = _around_caveats(citation)
    house = f" {fold_struck(f'{expected.opening} {expected.place} {expected.origin}')}"
    if f" {fold_struck(head)}".endswith(house):
        return
    whole = f" {fold_struck(citation)} "
    entry = expected.entry()
    source = [f" {fold_struck(f'{entry.origin} {part}')} " for part in entry.closing]
    after = f" {fold_struck(tail)} " if tail else whole
    named = f" {fold_struck(expected.opening)} " in whole or all(_stands(fold_struck(part), whole) for part in entry.named)
    places = [part[0] for part in _PLACE.finditer(citation)]
    wanted = expected.place if places and "(" in places[-1] else expected.place.partition(" (")[0]
    place = not wanted or (f" {fold_struck(wanted)} " in whole and (not places or fold_struck(places[-1]) == fold_struck(wanted)))
    if named and place and any(after.endswith(part) for part in source):
        return
    if not named:
        yield describe_difference(mark("witness and kind of text"), _last(head), expected.opening)
    elif not place:
        yield describe_difference(mark("paragraph"), places[-1] if places else "", expected.place)
    else:
        yield describe_difference(mark("source"), _last(head), expected.origin)


def _stands(part: str, whole: str) -> bool:
    """Return whether words stand in a text, each whole; beside signs of Asia no spaces are kept."""
    around = OF_ASIA[1:-1]
    left = "" if re.match(OF_ASIA, part) else rf"(?<![^\s{around}])"
    right = "" if re.search(f"{OF_ASIA}$", part) else rf"(?![^\s{around}])"
    return re.search(f"{left}{re.escape(part)}{right}", whole) is not None


def _around_caveats(citation: str) -> tuple[str, str]:
    starts = [match.start() for match in re.finditer(r"\bCaveats:\s", citation)]
    return (citation[: starts[-1]], citation[starts[-1] :]) if starts else (citation, "")


def _last(text: str) -> str:
    return text[-200:]


_APART = re.compile(r"(?:\bCaveats:|;|\.)\s+(?:Since\s+[0-9-]{4,10}:\s+)?(?=\[)")
_SINCE = re.compile(r",\s+since\s+[0-9]{4}(?:-[0-9]{2}){0,2}(?=[\s)]*\])")


_WRITTEN_OUT = re.compile(r"\bCaveats:\s+(?:Since\s+[0-9-]{4,10}:\s+)?\[")
_LISTED = re.compile(r"\bCaveats:\s+(?!(?:Since\s+[0-9-]{4,10}:\s+)?\[)")
_OTHER: Final = mark("the document gives other words of it")


def caveats_told(printed: Printed, caveats: Sequence[ExpectedCaveat], expected: Reprint) -> Iterator[tuple[str, str]]:
    """Yield each caveat that a citation or a title writes out otherwise, or not; each whole, from its label to the next one."""
    texts = [printed.citation, *(text for name, text in printed.fields if name in TITLES and printed.kind in _TITLED)]
    for text in filter(None, texts):
        starts = [item.start() for item in _WRITTEN_OUT.finditer(text)]
        for start, end in pairwise([*starts, len(text)]):
            yield from _compare_in_full(text[start:end], caveats, expected)
        flags = list(_LISTED.finditer(text))
        if flags and not starts:
            yield from _unnamed_caveats(text[flags[-1].end() :], caveats)
        in_force = [caveat for caveat in caveats if not caveat.was]
        if in_force and not starts and not flags and (text is not printed.citation or _is_ours(text, expected)):
            yield from ((item.id, mark("the document leaves it out")) for item in in_force)


def _compare_in_full(written: str, caveats: Sequence[ExpectedCaveat], expected: Reprint) -> Iterator[tuple[str, str]]:
    bare = STALE.sub("", without_passage(written))
    ways = [[fold_struck(part) for part in _APART.split(item)[1:]] for item in (bare, _SINCE.sub("", bare))]
    for way in ways:
        way[-1:] = [_without(item, expected) for item in way[-1:]]
    for caveat in caveats:
        # Of what was in force on different days, any may stand there: a citation names none by its id.
        alike = [item for item in caveats if item.was and item.label == caveat.label] if caveat.was else [caveat]
        said = {form for item in alike for form in (item.statement, *forms(item.statement))}
        right = any(stands_among(way, _parts(caveat, statement)) for way in ways for statement in said)
        may_lack = caveat.was and not any(part.startswith(fold_struck(caveat.label)) for part in ways[0])
        if not right and not may_lack:
            yield caveat.id, _OTHER


def _unnamed_caveats(written: str, caveats: Sequence[ExpectedCaveat]) -> Iterator[tuple[str, str]]:
    """Yield each caveat whose flag is not named where a citation names the flags alone."""
    text = f" {fold_struck(written)} "
    for caveat in caveats:
        if not caveat.was and f" {fold_struck(caveat.label)} " not in text:
            yield caveat.id, _OTHER


def _parts(caveat: ExpectedCaveat, statement: str) -> list[str]:
    return [fold_struck(part) for part in _APART.split(f"; [{caveat.label}] {statement}")[1:]]


_ENDS_IN_ASIA: Final = re.compile(f"{OF_ASIA}\\Z")


def _without(last: str, expected: Reprint) -> str:
    """Take what a bibliography prints after the caveats off the last of them."""
    entry = expected.entry()
    every = (f"{taken} {entry.origin} {ending}" for taken in (entry.taken, "") for ending in entry.closing)
    for ending in sorted(every, key=len, reverse=True):
        closing = fold_struck(ending)
        rest = last.removesuffix(closing)
        if rest != last and (rest.endswith(" ") or _ENDS_IN_ASIA.search(rest)):  # there a space does not count
            return rest.removesuffix(" ")
    return last


TITLES: Final = ("title", "TI")
BIBLIOGRAPHIES: Final = ("bibtex", "ris", "csl")
_OF_SOURCE: Final = "-source"
_TITLED: Final = frozenset((*BIBLIOGRAPHIES, *(f"{each}{_OF_SOURCE}" for each in BIBLIOGRAPHIES)))
_BY_NOTES: Final = re.compile(
    r"note|annotation|AN|N1|KW|keywords|id|archive_location|date|PY|DA|issued\b.*|shorttitle|title-short|ST"
    r"|custom\.(?:citation|caveats|flags)\b.*|caveats\b.*|claims\.[0-9]+\.(?:cites|cited)\b.*|schema|sha256"
)
"""Fields that hold a citation, or that differ by the caveats of the day on which they were printed."""


def _expected_fields(printed: Printed, expected: Reprint) -> Iterator[tuple[str, str]]:
    yield from ((name, right) for name, right in leaves(expected.fields(printed.kind)) if not _BY_NOTES.fullmatch(name))


@cache
def _claim(language: str) -> re.Pattern[str]:
    """Return how a comparison has a claim in a language: its id, its status, its text."""
    with speaking(language or ENGLISH):
        opened, _, told = translate(mark("Claim {id}, {status}{which}: {text}.")).partition("{id}")
        ends = [translate(each).partition("{")[0].strip(" .") for each in (mark("Topics: {topics}."), mark("No topic entered."))]
    after = told.partition("{")[0].strip()
    following = "|".join(r"\s+".join(map(re.escape, end.split())) for end in ends)
    return re.compile(
        rf"(?<!\w){re.escape(opened.strip())}\s+([\w.-]{{1,80}}){after}\s+([^:]{{1,300}}):\s+(.+?)\s+(?:{following})", re.DOTALL
    )


def _claims(printed: Printed, expected: Reprint) -> Iterator[str]:
    """Yield the claim of a comparison that has another text or another status; in a text, or in fields."""
    claim_in_words = _claim(expected.language)
    printed_claims = [(match[1], match[2], match[3]) for block in printed.blocks for match in claim_in_words.finditer(block)]
    for name, standing, text in printed_claims:
        claim = expected.claims.get(name)
        if claim is None:
            yield describe_difference("claim", f"{name}: {text}", "")
        elif fold_struck(text) not in forms(claim.text):
            yield describe_difference(f"claim {name}", text, claim.text)
        elif not re.match(rf"{re.escape(fold_struck(claim.label))}(?:\Z|(?<={OF_ASIA})|(?={OF_ASIA})| )", fold_struck(standing)):
            yield describe_difference(f"claim {name}", standing, claim.label)
    values = dict(printed.fields)
    if printed.kind == "claim" and values.get("claim"):
        claim = expected.claims.get(values["claim"])
        if claim is None or fold_struck(values.get("claim_text", "")) not in forms(claim.text):
            yield describe_difference("claim_text", values.get("claim_text", ""), claim.text if claim else "")
        elif fold_struck(values.get("status", "")) != fold_struck(claim.status):
            yield describe_difference("status", values.get("status", ""), claim.status)


def _fields(printed: Printed, expected: Reprint) -> Iterator[str]:
    values = dict(printed.fields)
    for name, right in _expected_fields(printed, expected):
        if name not in values:
            if name in printed.must_have:
                yield describe_difference(name, "", right)
        elif not _is_right(printed.kind, name, values[name], right, expected):
            entry = expected.source() if printed.kind.endswith(_OF_SOURCE) else expected.entry()
            yield describe_difference(name, values[name], entry.titled if name in TITLES else right)


def _is_right(kind: str, name: str, written: str, right: str, expected: Reprint) -> bool:
    if kind.endswith(_OF_SOURCE) and name in TITLES:
        source = expected.source()
        return fold_struck(written).startswith(fold_struck(source.titled)) and fold_struck(written).endswith(
            fold_struck(source.closing)
        )
    if kind in BIBLIOGRAPHIES and name in TITLES:
        entry = expected.entry()
        ends = tuple(fold_struck(f"{entry.origin} {item}") for item in entry.closing)
        return fold_struck(written).startswith(fold_struck(entry.titled)) and fold_struck(written).endswith(ends)
    if kind == "claim" and name in OF_A_CLAIM:
        return {fold_struck(item) for item in written.split("; ")} <= {"", *map(fold_struck, right.split("; "))}
    return fold_struck(written) in forms(right)
