"""Finding our citations in what others wrote: a line of text, a paper, a bibliography, machine output.

A citation of ours is known by its end: a code, and after it, with nothing but
a date and the like between, ``sha256:`` and digits. It is found wrapped,
escaped for Markdown, TeX or JSON, and with typographic dashes. Every pattern
is linear, so that no document takes longer than its length.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from archive.quotations import before, footnote_marks
from archive.testimony import PUBLIC, Reference

DIGITS: Final = (16, 64)
"""How many digits of a hash we print, in text and in machine output."""

_DASH = "-\u2010\u2011\u2013\u2014\u2212"
_SPACE = r"[\s>%|]"  # also of a wrapped quotation, comment or table
_APART = r"[\s>%|·•∙⋅・,;:()\[\]{}*_~$=\ufffd–—-]"
_HASH = re.compile(
    rf"sha[{_DASH}]?256\s?[:=]{_SPACE}{{0,8}}([0-9A-Za-z]{{0,200}})(?:{_SPACE}{{1,8}}([0-9a-f]{{1,63}})\b)?", re.IGNORECASE
)
_CODE = re.compile(
    rf"(?<![A-Za-z0-9])([A-Za-z]{{2,5}})[{_DASH}]([0-9]{{1,9}})(?![0-9])"
    rf"(?:\s?#(?P<p>\s?p\.?\s?)?(?P<first>[0-9]{{0,7}})(?:[{_DASH}]p?(?P<last>[0-9]{{1,7}}))?)?"
)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_BETWEEN = re.compile(
    rf"(?:{_APART}|(?P<date>{_DAY})|undated|as{_SPACE}of|(?<=\s)clearance{_SPACE}[a-z]{{1,20}})*", re.IGNORECASE
)
_ID = r"(?:[A-Za-z]{2,5}-[0-9]{4,6}/)?[A-Za-z0-9][A-Za-z0-9_.-]{0,79}"
_NOTES = re.compile(rf"{_APART}{{0,40}}notes?{_SPACE}{{1,20}}({_ID}(?:{_SPACE}{{0,20}},{_SPACE}{{0,20}}{_ID})*)", re.IGNORECASE)
_CLEARANCE = re.compile(rf"{_APART}{{0,40}}clearance{_SPACE}{{1,20}}([a-z]{{1,20}})", re.IGNORECASE)
_MOST_BETWEEN: Final = 300

_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*+"')
_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,12});")
_TEX = re.compile(r"\{?\\textperiodcentered(?:\{\})?\}?|\{?\\textendash(?:\{\})?\}?|\$\\cdot\$|\\cdot(?![a-z])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# Hyphens of typesetters are plain ones, and what has no width is nothing.
_AS_TYPED = str.maketrans("\u2010\u2011\u2212", "---", "\u200b\u200c\u200d\u2060\u00ad\ufeff")
_TABLE = re.compile(r"\A[^\n]*,citation,sha256,")
_BIBLIOGRAPHY = re.compile(r"^(?:\s{0,8}@[A-Za-z]{1,20}\s?[{(]|TY  - )", re.MULTILINE)


class Mention(NamedTuple):
    """A citation of ours as it stands in a document.

    ``reference`` names one paragraph, or none for a whole record. ``notes`` are
    the ids that it lists; None where it is the short form, which lists none.
    ``fault`` says why it cannot be checked, "" where it can.
    """

    reference: Reference
    sha256: str
    notes: tuple[str, ...] | None
    clearance: str
    quotations: tuple[str, ...]
    lines: tuple[int, ...]
    fault: str


def find(document: str, archive: str = "") -> list[Mention]:
    """Find every citation of ours, each once with the lines at which it stands, in the order of the document.

    :param archive: the archive's name, which opens the citation of a summary.
    """
    found: dict[Mention, list[int]] = {}
    for line, text, prose in _pieces(document):
        passed, at = 0, line
        for mention, start in _marks(text, archive, prose=prose):
            at += text.count("\n", passed, start)
            passed = start
            found.setdefault(mention, []).append(at)
    return [mention._replace(lines=tuple(dict.fromkeys(lines))) for mention, lines in found.items()]


def has_code(text: str) -> bool:
    """Ask whether something like a code stands in a text."""
    return _CODE.search(text) is not None


def has_hash(text: str) -> bool:
    """Ask whether something like a hash stands in a text."""
    return _HASH.search(text) is not None


def _pieces(document: str) -> Iterator[tuple[int, str, bool]]:
    """Give the pieces that are searched apart, each with its line and whether it is prose."""
    document = document.replace("\r\n", "\n").replace("\r", "\n")
    if not _is_json(document):
        apart = _TABLE.search(document) or _BIBLIOGRAPHY.search(document)
        yield 1, _plain(document), not apart
        return
    passed, line = 0, 1
    for found in _STRING.finditer(document):
        # A string of JSON stands on one line; what is no JSON after all is passed over.
        line += document.count("\n", passed, found.start())
        passed = found.start()
        if "256" in found[0]:
            try:
                yield line, _plain(json.loads(found[0]).replace("\n", " ")), False
            except ValueError:
                continue


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


def _plain(text: str) -> str:
    """Take out what Markdown, HTML and TeX put around characters; every line stays on its line."""
    text = text.translate(_AS_TYPED)
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]).replace("\n", " "), text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", _TEX.sub(lambda found: "-" if "endash" in found[0] else "·", text))
    return text


def _marks(text: str, archive: str, *, prose: bool) -> Iterator[tuple[Mention, int]]:
    ended, called = 0, footnote_marks(text) if prose else {}
    for found in _HASH.finditer(text):
        first = max(ended, found.start() - _MOST_BETWEEN)
        codes = list(_CODE.finditer(text, first, found.start()))
        between = _BETWEEN.fullmatch(text, codes[-1].end(), found.start()) if codes else None
        if not codes or between is None:
            continue
        quoted = before(text, (ended, codes[-1].start()), archive, called) if prose else ()
        mention, ended = _mention(text, codes[-1], found, between)
        yield mention._replace(quotations=quoted), codes[-1].start()


def _mention(text: str, code: re.Match[str], found: re.Match[str], between: re.Match[str]) -> tuple[Mention, int]:
    digits, end = found[1], found.end(1)
    if found[2] and len(digits) + len(found[2]) in DIGITS and len(digits) not in DIGITS:
        digits, end = digits + found[2], found.end(2)  # a hash that was broken in two
    notes: tuple[str, ...] | None = () if between["date"] or "undated" in between[0].casefold() else None
    listed = _NOTES.match(text, end)
    if listed:
        notes = tuple(_ids(re.split(rf"{_SPACE}*,{_SPACE}*", listed[1])))
        end = listed.end()
    seen = _CLEARANCE.match(text, end) or re.search(rf"clearance{_SPACE}([a-z]+)", between[0], re.IGNORECASE)
    reference = Reference(f"{code[1].upper()}-{code[2]}", _paragraphs(code))
    return (
        Mention(
            reference,
            digits.lower(),
            notes,
            seen[1].lower() if seen else str(PUBLIC),
            (),
            (),
            _fault(code, digits),
        ),
        end,
    )


def _ids(written: Iterable[str]) -> Iterator[str]:
    """Give the ids of a list of notes; a word of the sentence after it is none."""
    for each in written:
        named = each.rstrip(".-")
        origin, slash, own = named.rpartition("/")
        if any(c.isdigit() for c in own):
            yield f"{origin.upper()}{slash}{own}"


def _paragraphs(code: re.Match[str]) -> tuple[int, ...]:
    first, last = code["first"], code["last"]
    if not first:
        return ()
    # Never a range in memory: what a document says may be any number.
    return (int(first),) if not last or last == first else (int(first), int(last))


_SHORTEST, _LONGEST = 4, 6  # digits of a code


def _fault(code: re.Match[str], digits: str) -> str:
    paragraph = code["p"] and code["first"] and int(code["first"])
    wrong = {
        "the code has not 4 to 6 digits": not _SHORTEST <= len(code[2]) <= _LONGEST,
        "it names no paragraph; write #p and a number from 1": "#" in code[0] and not paragraph,
        "it has one hash for several paragraphs; each is cited for itself": len(_paragraphs(code)) > 1,
        "it has no hash": not digits,
        "its hash has other letters than a to f": any(c not in "0123456789abcdefABCDEF" for c in digits),
        f"its hash has {len(digits)} digits, and not {DIGITS[0]} or {DIGITS[1]}": len(digits) not in DIGITS,
    }
    return next((fault for fault, found in wrong.items() if found), "")
