"""Whether the caveats that a document prints with a citation are those of the record: each whole, none altered, none left out."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from archive.citing._markup import plain
from archive.citing.folding import fold_struck, forms
from archive.citing.printed import ANY_DAY, Printed, without_lead
from archive.language.messages import mark
from archive.named_tuple import NamedTuple

_IN_FULL = re.compile(r"in\s+full\s+(?:above|at\s+[0-9]+)", re.IGNORECASE)
_SINCE = re.compile(r", since [0-9]{4}(?:-[0-9]{2}){0,2}(?=\])")
_CELLS = re.compile(r"(?:\A|;\s*)'?\[(?=[^\[\]:;]{1,90}:\s)")
_DAY: Final = r"(?: since [0-9]{4}(?: [0-9]{2}){0,2})?"  # in folded words
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


class ExpectedCaveat(NamedTuple):
    """A caveat in force as it has to be printed.

    ``full`` is its id with the code of its record, which is printed where the
    excerpt is of another; ``label`` is its flag in words, ``tails`` gives what may
    stand after it: the statement, and whose it is; ``told_in`` gives both as our
    text has them in another language; ``cell`` gives how
    a table has it whole, ``fields`` how machine output has it. ``was``: it was replaced since, and is printed
    only as of a day before.
    """

    id: str
    full: str
    flag: str
    status: str
    label: str
    statement: str
    tails: Callable[[], tuple[str, ...]]
    cell: Callable[[], str]
    fields: Callable[[], Mapping[str, str]]
    told_in: Callable[[str], Sequence[str]]
    was: bool = False


def alterations(
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


def caveat_ids(printed: Printed) -> Iterator[tuple[str, str]]:
    """Yield the id of each caveat that a document prints with a citation, with the code of its record where it has one.

    With it what may be the name of a work instead, whose container and day look like a caveat's own: ``(News24, …, 2011-09-21)``;
    "" where it can be none.
    """
    yield from ((stated.id, "") for stated in printed.caveats or ())
    for part in _CELLS.split(printed.cells or "")[1:]:
        name, _, rest = part.partition(":")
        came = re.match(r"[^\]]{0,80}, from ([A-Z]{2,5}-[0-9]{4,6})", rest)
        yield f"{came[1]}/{name}" if came else name, ""
    for block in printed.blocks if printed.headed else ():
        for match in _CAVEAT.finditer(block):
            if any(map(str.isdigit, match[1])):
                yield match[1], " ".join(match[0][1:].split())


def caveats_compared(printed: Printed) -> str:
    """Name what of the caveats with a citation can be looked at: all of them, or their flags alone; "" where they are by ids."""
    fields = printed.caveats is not None or printed.cells is not None or printed.headed
    told = _CAVEATS_TOLD.search(printed.citation)
    if fields or (told and told[1]) or any("[" in text for _, text in printed.fields):
        return "caveats"
    return "flags of caveats" if told else ""


_CAVEATS_TOLD = re.compile(r"\bCaveats:\s+(?:Since\s+[0-9-]{4,10}:\s+)?(\[)?")


_OTHER, _NONE = mark("the document gives other words of it"), mark("the document leaves it out")


def _wrong(printed: Printed, caveat: ExpectedCaveat, everywhere: Mapping[str, Sequence[str]]) -> str:
    wrong = ""
    if printed.caveats is not None:
        wrong = _wrong_in_fields(printed, caveat)
    elif printed.cells is not None:
        wrong = _wrong_in_cells(printed.cells, caveat)
    elif printed.headed:
        wrong = _wrong_in_blocks(printed, caveat, everywhere)
    return "" if caveat.was and wrong == _NONE else wrong


def _wrong_in_fields(printed: Printed, caveat: ExpectedCaveat) -> str:
    own = [stated for stated in printed.caveats or () if stated.id in {caveat.id, caveat.full}]
    if not own:
        return _NONE if printed.is_all else ""
    fields = caveat.fields()
    right = all(
        (stated.flag, stated.status) == (caveat.flag, caveat.status)
        and fold_struck(stated.statement) == fold_struck(caveat.statement)
        and all(fold_struck(text) in forms(fields.get(name, text)) for name, text in stated.fields)
        for stated in own
    )
    return "" if right else _OTHER


def _wrong_in_cells(cells: str, caveat: ExpectedCaveat) -> str:
    cell_parts = [_SINCE.sub("", part) for part in _CELLS.split(STALE.sub("", cells))[1:]]
    name = caveat.id.rpartition("/")[2]
    if not any(part.startswith(f"{name}: {caveat.flag}, {caveat.status}") for part in cell_parts):
        return _NONE
    whole = caveat.cell()
    ways = ([fold_struck(part) for part in _CELLS.split(cell)[1:]] for cell in (whole, plain(whole, prose=False)))
    return "" if any(stands_among([*map(fold_struck, cell_parts)], parts) for parts in ways) else _OTHER


def stands_among(written: Sequence[str], parts: Sequence[str]) -> bool:
    """Return whether some parts stand one after another among others, each whole."""
    return any(list(written[at : at + len(parts)]) == list(parts) for at in range(len(written) - len(parts) + 1))


def _wrong_in_blocks(printed: Printed, caveat: ExpectedCaveat, everywhere: Mapping[str, Sequence[str]]) -> str:
    own = list(_of(printed.blocks, caveat))
    if printed.language:
        return _wrong_in_language(own or list(_in_full_elsewhere(caveat, everywhere)), caveat, printed.language)
    if not own and any(map(_IN_FULL.search, (printed.citation, *(printed.blocks if printed.pair else ())))):
        return _wrong_elsewhere(caveat, everywhere)
    return _wrong_words(own, caveat.label, caveat.tails()) if own else _NONE


def _in_full_elsewhere(caveat: ExpectedCaveat, everywhere: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the blocks with a caveat at other passages: of its own record by its bare id, of others with its record."""
    record, _, bare = caveat.full.partition("/")
    yield from _of(everywhere.get(record, ()), caveat._replace(id=bare))
    yield from _of((block for each in everywhere.values() for block in each), caveat._replace(id=caveat.full))


def _wrong_in_language(own: Sequence[str], caveat: ExpectedCaveat, language: str) -> str:
    """Look at a caveat in our text in another language than English, whole: its label, and all that stands behind it."""
    if not own:
        return _NONE
    day = re.escape(fold_struck(ANY_DAY))
    said = "|".join(re.escape(fold_struck(told)).replace(day, _A_DAY) for told in caveat.told_in(language))
    return "" if all(re.fullmatch(said, _statement_in(block)) for block in own) else _OTHER


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
        own = list(_of(blocks, caveat._replace(id=name, full=name)))
        if not own:
            continue
        found = True
        tails = [re.sub(rf"(?<=[\[(])(?:{record}/)?{re.escape(bare)}(?=[,;])", name, tail) for tail in caveat.tails()]
        if wrong := _wrong_words(own, said, tails):
            return wrong
    return "" if found else _NONE


def _wrong_words(own: Sequence[str], label: str, tails: Iterable[str]) -> str:
    # A label may say where the note came from, and since when it could be known where that was asked for.
    flag, _, origin = map(re.escape, map(fold_struck, label.partition(" (from ")))
    lead = re.compile(rf"{flag}{_DAY}(?: from {origin})?")
    right = {f" {form}" for tail in tails for form in forms(tail)}
    return "" if all(_ends_with_one(_statement_in(block), lead, right) for block in own) else _OTHER


def _ends_with_one(told: str, lead: re.Pattern[str], right: Iterable[str]) -> bool:
    return any(told.endswith(form) and lead.fullmatch(told, 0, len(told) - len(form)) for form in right)


def _of(blocks: Iterable[str], caveat: ExpectedCaveat) -> Iterator[str]:
    """Yield each block that ends with the id of a caveat and what stands behind it."""
    ends = re.compile(rf"[\[(](?:{re.escape(caveat.id)}|{re.escape(caveat.full)})[,;]\s")
    name = caveat.full.rpartition("/")[2]
    for block in blocks:
        if name in block and ends.search(block):
            yield STALE.sub("", _ASKED.sub("", block))


def _statement_in(block: str) -> str:
    return fold_struck(re.sub(r"\A!\s", "", without_lead(block))).removeprefix("caveat ")
