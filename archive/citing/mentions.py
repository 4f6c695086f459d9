"""Finding our citations in what others wrote: a line of text, a paper, a bibliography, machine output.

A citation of ours is known by its end: a code, and after it, with nothing but
a date and the like between, ``sha256:`` and digits. It is found wrapped,
escaped for Markdown, TeX or JSON, and with typographic dashes. Every pattern
is linear, so that no document takes longer than its length.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Final

from archive.citing import _printed_list as printed_list
from archive.citing import printed, printed_fields
from archive.citing._markup import BORDER, plain
from archive.citing._nearby import Surroundings, near, note_calls
from archive.citing._quotations import before, footnote_marks
from archive.citing.printed import Printed
from archive.errors import BadReference
from archive.language.messages import LANGUAGES, mark, speaking, tr, translate
from archive.named_tuple import NamedTuple
from archive.record.testimony import PUBLIC, Reference
from archive.text import squash

DIGITS: Final = (16, 64)
"""How many digits of a hash we print, in text and in machine output."""
NOTE_DIGITS: Final = (8, 64)
"""How many digits of a note's hash stand after its id in a mark."""

_DASH = "-\u2010\u2011\u2013\u2014\u2212"
_SPACE = r"[\s>%|]"  # also of a wrapped quotation, comment or table
_APART = r"[\s>%|·•∙⋅・･ㆍ‧/,;:.()\[\]{}*_~$=`^\"'“”‘’\ufffd–—-]"
_HASH = re.compile(
    rf"sha[{_DASH}]?256\s?[:=]{_SPACE}{{0,8}}([0-9A-Za-z]{{0,200}})(?:{_SPACE}{{1,8}}([0-9a-f]{{1,63}})\b)?", re.IGNORECASE
)
_CODE = re.compile(
    rf"(?<![A-Za-z0-9])([A-Za-z]{{2,5}})[{_DASH}]([0-9]{{1,9}})(?![0-9])"
    rf"(?:\s?#(?P<p>\s?[pP]\.?\s?)?(?P<first>[0-9]{{0,7}})(?:[{_DASH}][pP]?(?P<last>[0-9]{{1,7}}))?"
    rf"|[\s,]{{0,3}}(?P<sign>¶¶?\s?|(?:paras?|paragraph)\b\.?\s?|문단\s?)(?P<one>[0-9]{{1,7}})(?:[{_DASH}](?P<until>[0-9]{{1,7}}))?)?",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)\.?"
)
_DAY = (
    rf"[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}|[0-9]{{4}}\.\s?[0-9]{{1,2}}\.\s?[0-9]{{1,2}}\.?"
    rf"|[0-9]{{4}}\s?[년年]\s?[0-9]{{1,2}}\s?[월月]\s?[0-9]{{1,2}}\s?[일日]"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th|\.)?\s{_MONTH}\s[0-9]{{4}}|{_MONTH}\s[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s[0-9]{{4}}"
)
_SAID = r"undated|as{_SPACE}of|last|accessed|retrieved|visited|checked|on|of|접속|열람|검색|확인".replace("{_SPACE}", _SPACE)
_LINK = rf"{_SPACE}{{0,40}}[·•∙⋅・･ㆍ‧/,;:.|–—-]{_SPACE}{{0,40}}"  # a line may end there, and the next one be set in
# A language stands by itself between two separators; a month and the words before a date are none.
_TONGUE = rf"(?:{_LINK}(?P<language>(?!(?:{_MONTH}|{_SAID})(?![A-Za-z]))[a-z]{{2,3}}(?:-[a-z0-9]{{2,8}}){{0,3}})(?={_LINK}))?"
_BETWEEN = re.compile(
    rf"{_TONGUE}(?:{_APART}|(?P<date>{_DAY})|(?:{_SAID})(?![A-Za-z])|(?<=\s)clearance{_SPACE}[a-z]{{1,20}})*", re.IGNORECASE
)
_ID = r"(?:[A-Za-z]{2,5}-[0-9]{4,6}/)?[A-Za-z0-9][A-Za-z0-9_.-]{0,79}(?::[0-9A-Za-z]{1,80})?"
_NOTES = re.compile(rf"{_APART}{{0,40}}notes?{_SPACE}{{1,20}}({_ID}(?:{_SPACE}{{0,20}},{_SPACE}{{0,20}}{_ID})*)", re.IGNORECASE)
_CLEARANCE = re.compile(rf"{_APART}{{0,40}}clearance{_SPACE}{{1,20}}([a-z]{{1,20}})", re.IGNORECASE)
_MOST_BETWEEN: Final = 300
_WIDEST: Final = 2_000  # with all its space
_NEAR: Final = re.compile(rf"\n\s*\n|{BORDER}|fingerprint", re.IGNORECASE)
_ISO: Final = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_HEX: Final = re.compile(r"[0-9a-fA-F]{8,}")

_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*+"')
_TABLE = re.compile(r"\A\ufeff?[^\n]*,citation,sha256,")
# An entry begins with its key; what begins so in a style sheet (``@media (``, ``@page {``) has none.
_BIBLIOGRAPHY = re.compile(r"^(?:\s{0,8}@[A-Za-z]{1,20}\s?[{(]\s{0,40}[^\s{}(),=]{0,200}\s{0,40},|TY  - )", re.MULTILINE)


_END_OF_RIS = re.compile(r"^ER  -.*$|\n[ \t]*\n", re.MULTILINE)
_BRACKET: Final = {"{": re.compile(r"(?<!\\)[{}]"), "(": re.compile(r"[()]")}
_BIBLATEX = re.compile(r"\s{0,8}@[A-Za-z]{1,20}\s?\{")
_VALUE = re.compile(r"\s{0,8}([A-Za-z]{1,20})\s{0,20}=\s{0,4}\{(.*)\},?\s*\Z")
_RIS = re.compile(r"TY  - ")
_TAGGED = re.compile(r"([A-Z][A-Z0-9])  - (.*?)\r?\Z")


class Mention(NamedTuple):
    """A citation of ours as it stands in a document.

    ``reference`` names one paragraph, or none for a whole record. ``notes`` are
    the ids that it lists; None where it is the short form, which lists none.
    ``hashes`` are of what the notes said then, in the same order, "" where a
    mark of 0.1 has none. ``printed`` is what stands beside it, once for each
    place; ``near`` is what may be quoted around it in prose. ``day`` is that of the mark, "" where it is written otherwise than
    ``2015-03-01``; ``language`` that of a version, "" for the record's own words.
    ``fault`` says why it cannot be checked, "" where it can.
    """

    reference: Reference
    sha256: str
    notes: tuple[str, ...] | None
    clearance: str
    quotations: tuple[str, ...]
    lines: tuple[int, ...]
    fault: str
    hashes: tuple[str, ...] = ()
    printed: tuple[Printed, ...] = ()
    day: str = ""
    language: str = ""
    near: tuple[Surroundings, ...] = ()


def find(document: str, archive: str = "", *, is_laid_out: bool = False) -> list[Mention]:
    """Find every citation of ours, each once with the lines at which it stands, in the order of the document.

    :param archive: the archive's name, which opens the citation of a summary.
    :param is_laid_out: the text was taken from pages, where notes and heads stand between the parts of an excerpt; then only
        what is quoted is compared, and no excerpt of ours as a whole.
    """
    document = document.replace("\r\n", "\n").replace("\r", "\n")
    by_mention: dict[Mention, list[int]] = {}
    beside: dict[Mention, dict[Printed, None]] = {}
    around: dict[Mention, dict[Surroundings, None]] = {}
    lists = printed_list.read(document)
    for marked, at in sorted(_find_marks(document, archive, is_laid_out=is_laid_out), key=_place):
        mention = _as_listed(marked, at, lists)
        key = mention._replace(printed=(), near=())
        by_mention.setdefault(key, []).append(at)
        around.setdefault(key, {}).update(dict.fromkeys(mention.near))
        beside.setdefault(key, {}).update(dict.fromkeys(mention.printed))
    for mention, line in tuple(_without_mark(lists, by_mention)):
        by_mention.setdefault(mention, []).append(line)
    for mention, place in _of_fields(document):
        for key in by_mention:
            if _same(key, mention):
                beside[key][place] = None
    by_fields = {key: [place for place in there if place.kind or place.caveats is not None] for key, there in beside.items()}
    for key, places in by_fields.items():
        if places:
            around[key] = {}
        if any(place.kind for place in places):  # what stands in fields is compared field by field, not as a text
            beside[key] = dict.fromkeys(places)
    return [
        mention._replace(
            lines=tuple(dict.fromkeys(lines)), printed=tuple(beside.get(mention, ())), near=tuple(around.get(mention, ()))
        )
        for mention, lines in by_mention.items()
    ]


def _find_marks(document: str, archive: str, *, is_laid_out: bool) -> Iterator[tuple[Mention, int]]:
    """Yield every mark with its line, piece by piece."""
    for line, text, prose in _pieces(document):
        passed, at = 0, line
        read = list(_marks(text, archive, prose=prose, is_laid_out=is_laid_out))
        for marked, start in sorted((*read, *_unread_hashes(text, read)), key=_place):
            at += text.count("\n", passed, start)
            passed = start
            yield marked, at


def _as_listed(mention: Mention, line: int, lists: Iterable[printed_list.Listed]) -> Mention:
    """Return a mark at the end of a list of ours with what the list prints of its passage, and with nothing else.

    Where that is nothing, its excerpt was taken out.
    """
    for listed in lists:
        if listed.first <= line <= listed.last:
            here = listed.hits.get(mention.reference, Printed(excerpt="", headed=True))
            return mention._replace(quotations=(), printed=(here,), near=())
    return mention


def _without_mark(lists: Iterable[printed_list.Listed], found: Mapping[Mention, Sequence[int]]) -> Iterator[tuple[Mention, int]]:
    """Yield each passage that stands in a list of ours and whose mark is not below it."""
    for listed in lists:
        marked = {mention.reference for mention, lines in found.items() if any(listed.first <= at <= listed.last for at in lines)}
        for reference, line in listed.lines.items():
            if reference not in marked:
                fault = tr("its excerpt stands in a list of ours, and its mark is missing below the list")
                yield (
                    Mention(
                        reference=reference, sha256="", notes=None, clearance=str(PUBLIC), quotations=(), lines=(), fault=fault
                    ),
                    line,
                )


def _same(one: Mention, other: Mention) -> bool:
    named = (one.reference, one.language, one.sha256, one.clearance)
    return named == (other.reference, other.language, other.sha256, other.clearance)


def _of_fields(document: str) -> Iterator[tuple[Mention, Printed]]:
    """Yield what machine output and tables of ours print beside each citation."""
    for citation, each in (*_objects(document), *_rows(document), *_entries(document)):
        shown = plain(citation, prose=False)
        for mention, at in _marks(shown, "", prose=False):
            yield mention, each._replace(citation=shown[:at])


def _objects(document: str) -> Iterator[tuple[str, Printed]]:
    if not _is_json(document):
        return
    at, decoder, waiting = 0, json.JSONDecoder(), []
    while at < len(document):
        try:
            value, at = decoder.raw_decode(document, at)
        except (ValueError, RecursionError):
            following = document.find("{", at + 1)
            at = following if following > 0 else len(document)
            continue
        waiting.append(value)
        while at < len(document) and document[at] in " \t\n,":
            at += 1
    while waiting:
        value = printed_fields.with_person(waiting.pop())
        waiting += list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
        if not isinstance(value, dict):
            continue
        yield from printed_fields.in_statement(value)
        citation = value.get("citation") if isinstance(value.get("citation"), str) else value.get("note")
        if (
            isinstance(citation, str)
            and "256" in citation
            and not value.keys().isdisjoint({"caveats", "excerpt", "custom", "record"})
        ):
            yield citation, printed_fields.in_fields(value)


def _rows(document: str) -> Iterator[tuple[str, Printed]]:
    if not _TABLE.search(document):
        return
    try:
        for row in csv.DictReader(io.StringIO(document.lstrip("\ufeff"))):
            citation = row.get("citation") or ""
            if citation:
                yield citation, printed_fields.in_row(row)
    except csv.Error:
        return


def _entries(document: str) -> Iterator[tuple[str, Printed]]:
    """Yield the fields of each entry of a bibliography in our form: one on a line."""
    if _is_json(document):
        return
    for opening, line, closing in ((_BIBLATEX, _VALUE, "}"), (_RIS, _TAGGED, "ER  -")):
        values: dict[str, str] | None = None
        for written in document.split("\n"):
            if opening.match(written):
                values = {}
            elif values and written.startswith(closing):
                # The first has all caveats in words, the second the mark alone.
                cited = values.get("annotation") or values.get("N1") or values.get("note") or values.get("AN") or ""
                if "256" in cited:
                    yield cited, printed_fields.in_entry(values, "bibtex" if line is _VALUE else "ris")
                values = None
            elif values is not None and (match := line.match(written)):
                name = match[1].casefold() if line is _VALUE else match[1]
                values[name] = f"{values[name]}; {match[2]}" if name in values else match[2]


def find_typed(words: Sequence[str]) -> list[Mention]:
    """Return the citations that a person typed; a code and its hash may be two words.

    :raises BadReference: one of the words is no citation, or has no hash.
    """
    for number, word in enumerate(words):
        rest = words[number + 1] if number + 1 < len(words) else ""
        if has_hash(word) or (has_code(word) and has_hash(rest) and not has_code(rest)):
            continue
        shown = squash(word)[:60]
        if has_code(word):
            message = tr("{shown!r} has no hash, so there is nothing to hold it against", shown=shown)
            raise BadReference(message, tr("Give the citation as it was printed, to its end; `testimony cite` prints one."))
        message = tr("{shown!r} is neither a file nor a citation", shown=shown)
        raise BadReference(message, tr('Write "NKT-0002#p3 sha256:…", or name a file.'))
    mentions = find("\n".join(words))
    if not mentions:
        message = tr("{words!r} is no citation of ours", words=squash(" ".join(words))[:60])
        raise BadReference(message, tr('Write "NKT-0002#p3 sha256:…", or the citation as it was printed.'))
    return mentions


def find_codes(document: str) -> Iterator[tuple[Reference, int]]:
    """Yield each reference that stands in the prose of a document, with or without a hash, with its line.

    What is no prose (tables, bibliographies, machine output) names codes in fields that are no citations, and the heading of
    a paragraph of which our page says that it is not there cites nothing.
    """
    document = document.replace("\r\n", "\n").replace("\r", "\n")
    for line, text, prose in _pieces(document):
        passed, at = 0, line
        for code in _CODE.finditer(text) if prose else ():
            if _gap().match(text, code.end()):
                continue
            at += text.count("\n", passed, code.start())
            passed = code.start()
            yield Reference(f"{code[1].upper()}-{code[2]}", _paragraphs(code)), at


@cache
def _gap() -> re.Pattern[str]:
    """Return what our pages have below the heading of a paragraph that a version does not have, in each language."""
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append(r"\s+".join(map(re.escape, translate(mark("not in this version")).split())))
    return re.compile(rf"\)?[\s{BORDER}]{{1,20}}\[(?:{'|'.join(said)})\]")


def has_code(text: str) -> bool:
    """Return whether something like a code stands in a text."""
    return _CODE.search(text) is not None


def has_hash(text: str) -> bool:
    """Return whether something like a hash stands in a text."""
    return _HASH.search(text) is not None


def _pieces(document: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the pieces that are searched apart, each with its line and whether it is prose."""
    if not _is_json(document):
        entries = [] if _TABLE.search(document) else list(_spans_of_entries(document))
        if not entries:
            is_table = _TABLE.search(document) is not None
            yield 1, plain(document, prose=not is_table), not is_table
            return
        yield 1, plain(_without(document, _between(entries, len(document))), prose=False), False
        yield 1, plain(_without(document, entries)), True
        return
    if _is_foreign(document):
        yield 1, plain(_strings(document)), True
        return
    passed, line = 0, 1
    for match in _STRING.finditer(document):
        # A string of JSON stands on one line; what is no JSON after all is passed over.
        line += document.count("\n", passed, match.start())
        passed = match.start()
        if "256" in match[0]:
            try:
                yield line, plain(json.loads(match[0]).replace("\n", " "), prose=False), False
            except ValueError:
                continue


def _spans_of_entries(document: str) -> Iterator[tuple[int, int]]:
    """Yield where the entries of a bibliography stand: a paper may have some too, and is prose all the same."""
    end, closed = 0, dict[str, Mapping[int, int]]()
    for opening in _BIBLIOGRAPHY.finditer(document):
        if opening.start() < end:
            continue
        if opening[0].startswith("TY"):
            ended = _END_OF_RIS.search(document, opening.end())
            yield opening.start(), (end := ended.end() if ended else len(document))
            continue
        bracket = "{" if "{" in opening[0] else "("
        if bracket not in closed:
            closed[bracket] = _closings(document, bracket)
        after = closed[bracket].get(document.index(bracket, opening.start()), 0)
        if after:
            yield opening.start(), (end := after)


def _closings(document: str, bracket: str) -> Mapping[int, int]:
    """Return behind what place each opening bracket is closed, of those that are."""
    closed, opened = dict[int, int](), list[int]()
    for sign in _BRACKET[bracket].finditer(document):
        if sign[0] == bracket:
            opened.append(sign.start())
        elif opened:
            closed[opened.pop()] = sign.end()
    return closed


def _between(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return what lies between some spans of a text."""
    borders = [0, *(border for span in spans for border in span), length]
    return list(zip(borders[::2], borders[1::2], strict=True))


def _without(document: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text without some spans of it, each line on its line."""
    kept, at = list[str](), 0
    for start, end in spans:
        kept += (document[at:start], BORDER, "\n" * document.count("\n", start, end), BORDER)
        at = end
    return "".join([*kept, document[at:]])


def _is_foreign(document: str) -> bool:
    """Return whether JSON is no output of ours, so that what stands in it is read as prose: a notebook, what a web site keeps."""
    value, _ = json.JSONDecoder().raw_decode(document.lstrip("\ufeff \t\n"))
    first = value[0] if isinstance(value, list) else value
    return first.keys().isdisjoint({"schema", "@context"}) and next(_objects(document), None) is None


def _strings(document: str) -> str:
    """Return the texts of a JSON document without its names, each on its line and apart from the next one."""
    kept, at = list[str](), 0
    for match in _STRING.finditer(document):
        kept += (BORDER, "\n" * document.count("\n", at, match.start()))
        at = match.end()
        if not document[at : at + 8].lstrip().startswith(":"):
            with suppress(ValueError):
                kept.append(json.loads(match[0]).replace("\n", BORDER))
    return "".join(kept)


def _is_json(document: str) -> bool:
    text = document.lstrip("\ufeff \t\n")
    if text[:1] not in {"{", "["}:
        return False
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and text[end : end + 1] in {"", "\n", " "}


def _marks(text: str, archive: str, *, prose: bool, is_laid_out: bool = False) -> Iterator[tuple[Mention, int]]:
    ended, called = 0, footnote_marks(text) if prose else {}
    calls = note_calls(text) if prose else {}
    pair: Printed | None = None
    for match in _HASH.finditer(text):
        first = max(ended, match.start() - _MOST_BETWEEN)
        codes = list(_CODE.finditer(text, first, match.start()))
        if not codes:
            continue
        code = codes[-1]
        between = _BETWEEN.fullmatch(text, code.end(), match.start())
        if between is None:
            if _HEX.match(match[1]) is None or _NEAR.search(text, code.end(), match.start()):
                continue
            said = " ".join(text[code.end() : match.start()].split())[:60]
            yield (
                _unread(code, match[1], tr("between its code and its hash stands {said!r}, which is no form of ours", said=said)),
                code.start(),
            )
            ended = match.end(1)
            continue
        quoted = before(text, (ended, code.start()), archive, called) if prose else ()
        mention, end = _mention(text, code, match, between)
        beside: tuple[Printed, ...] = (
            (printed.between(text, ended, code.start(), mention.reference),)
            if not (_is_short(text, ended, code) or is_laid_out)
            else ()
        )
        region = text[ended : code.start()]
        beside, pair = _side_of(beside, pair, region, mention)
        is_ours = any(each.headed for each in beside)
        if is_ours and any(each.language or each.pair for each in beside):  # compared whole, as an excerpt of ours
            quoted = ()
        around: tuple[Surroundings, ...] = ()
        if not prose:
            around = (Surroundings(has_words=True),)
        elif not is_ours:
            around = (near(text, (ended, code.start(), end), archive, called, calls),)
        if printed.is_labelled(region) and not (quoted or is_ours):  # our text has the words of what it cites
            around = tuple(each._replace(has_words=True) for each in around or (Surroundings(),))
        ended = end
        yield mention._replace(quotations=quoted, printed=beside, near=around), code.start()


def _side_of(
    beside: tuple[Printed, ...], pair: Printed | None, region: str, mention: Mention
) -> tuple[tuple[Printed, ...], Printed | None]:
    """Return what stands beside a citation that may be of one of two languages side by side, and the two for the next one."""
    if beside and beside[0].pair:
        return (printed.in_language(beside[0], mention.language, beside[0].citation),), beside[0]
    if pair and beside and mention.language and printed.follows(region):
        return (printed.in_language(pair, mention.language, beside[0].citation),), None
    return beside, None


_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{16}(?:[0-9a-f]{48})?(?![0-9A-Za-z])", re.IGNORECASE)
_NAMED_HASH = re.compile(r"s\s?h\s?.{0,3}?2\W{0,3}5\W{0,3}6\W{0,12}\Z", re.IGNORECASE | re.DOTALL)
_LOOSE_CODE = re.compile(
    r"(?<![A-Za-z0-9])([A-Z]{2,5})[\s_./]{0,3}([0-9]{4,6})(?=\s?#\s?p)(?P<p>)(?P<first>)(?P<last>)(?P<one>)(?P<until>)"
)


def _place(mention: tuple[Mention, int]) -> int:
    return mention[1]


def _end(match: re.Match[str]) -> int:
    return match.end()


def _unread_hashes(text: str, read: Iterable[tuple[Mention, int]]) -> Iterator[tuple[Mention, int]]:
    """Yield what has digits of a hash near a code and was not read as a citation: it is counted, never skipped."""
    known = {mention.sha256 for mention, _ in read} | {digits for mention, _ in read for digits in mention.hashes}
    shorter = {digits[:16] for digits in known}
    for match in _TOKEN.finditer(text):
        digits = match[0].casefold()
        if digits in known or digits[:16] in shorter:
            continue
        first = max(0, match.start() - _WIDEST)
        both = (*_CODE.finditer(text, first, match.start()), *_LOOSE_CODE.finditer(text, first, match.start()))
        codes = sorted(both, key=_end)
        if not codes or _NEAR.search(text, codes[-1].end(), match.start()):
            continue
        between = text[codes[-1].end() : match.start()]
        is_hash = _NAMED_HASH.search(between) or not (digits.isdecimal() or digits.isalpha())
        if is_hash and len(" ".join(between.split())) <= _MOST_BETWEEN:
            fault = tr(
                "{digits} may be its hash, and is not written as one; write sha256: before it, as it was printed",
                digits=digits[:16],
            )
            yield _unread(codes[-1], digits, fault), codes[-1].start()


def _is_short(text: str, first: int, code: re.Match[str]) -> bool:
    return not text[first : code.start()].strip()


def _unread(code: re.Match[str], digits: str, fault: str) -> Mention:
    reference = Reference(f"{code[1].upper()}-{code[2]}", _paragraphs(code))
    return Mention(
        reference=reference, sha256=digits.lower(), notes=None, clearance=str(PUBLIC), quotations=(), lines=(), fault=fault
    )


def _mention(text: str, code: re.Match[str], match: re.Match[str], between: re.Match[str]) -> tuple[Mention, int]:
    digits, end = match[1], match.end(1)
    if match[2] and len(digits) + len(match[2]) in DIGITS and len(digits) not in DIGITS:
        digits, end = digits + match[2], match.end(2)  # a hash that was broken in two
    notes: tuple[str, ...] | None = () if between["date"] or "undated" in between[0].casefold() else None
    hashes: tuple[str, ...] = ()
    listed = _NOTES.match(text, end)
    if listed:
        every = tuple(_ids(re.split(rf"{_SPACE}*,{_SPACE}*", listed[1])))
        notes, hashes = tuple(name for name, _ in every), tuple(digits for _, digits in every)
        end = listed.end()
    seen = _CLEARANCE.match(text, end) or re.search(rf"clearance{_SPACE}([a-z]+)", between[0], re.IGNORECASE)
    return (
        Mention(
            reference=Reference(f"{code[1].upper()}-{code[2]}", _paragraphs(code)),
            sha256=digits.lower(),
            notes=notes,
            clearance=seen[1].lower() if seen else str(PUBLIC),
            quotations=(),
            lines=(),
            fault=_fault(code, digits, hashes),
            hashes=hashes,
            day=(_ISO.findall(between[0]) or [""])[0],
            language=(between["language"] or "").lower(),
        ),
        end,
    )


def _ids(written: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the ids of a list of notes, each with the hash after it; a word of the sentence after the list is none."""
    for note_id in written:
        named, _, digits = note_id.rstrip(".-").partition(":")
        origin, slash, own = named.rpartition("/")
        if any(c.isdigit() for c in own):
            yield f"{origin.upper()}{slash}{own}", digits.casefold()


def _paragraphs(code: re.Match[str]) -> tuple[int, ...]:
    first, last = code["first"] or code["one"], code["last"] or code["until"]
    if not first:
        return ()
    # Never a range in memory: what a document says may be any number.
    return (int(first),) if not last or last == first else (int(first), int(last))


_SHORTEST, _LONGEST = 4, 6  # digits of a code


def _fault(code: re.Match[str], digits: str, hashes: Iterable[str]) -> str:
    number = (code["p"] and code["first"]) or code["one"]
    paragraph = number and int(number)
    wrong = {
        "the code has not 4 to 6 digits": not _SHORTEST <= len(code[2]) <= _LONGEST,
        "it names no paragraph; write #p and a number from 1": ("#" in code[0] or code["one"]) and not paragraph,
        "it has one hash for several paragraphs; each is cited for itself": len(_paragraphs(code)) > 1,
        "it has no hash": not digits,
        "its hash has other letters than a to f": any(c not in "0123456789abcdefABCDEF" for c in digits),
        f"its hash has {len(digits)} digits, and not {DIGITS[0]} or {DIGITS[1]}": len(digits) not in DIGITS,
        f"the hash of a note has not {NOTE_DIGITS[0]} or {NOTE_DIGITS[1]} digits from 0 to f": any(map(_is_damaged, hashes)),
    }
    return next((fault for fault, is_wrong in wrong.items() if is_wrong), "")


def _is_damaged(digits: str) -> bool:
    return bool(digits) and (len(digits) not in NOTE_DIGITS or any(c not in "0123456789abcdef" for c in digits))
