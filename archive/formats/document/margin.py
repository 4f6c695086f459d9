"""A checked copy: what has become of each citation, as a remark in the margin of the document, and a summary at its end."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import mentions
from archive.citing.mentions import Mention
from archive.documents.remarks import Remark
from archive.formats import verdicts
from archive.formats.verdicts import Verified
from archive.language.messages import tr
from archive.record.testimony import Reference

_REMARKS: Final = "archive.documents.remarks"
"""Loaded by name: it starts other programs."""


def annotate(content: bytes, verified: Verified, authorities: Authorities) -> bytes:
    """Return a copy of a .docx with a remark at each citation and a summary at its end; every other byte is as it was.

    :raises UnreadableDocument: it is no .docx.
    """
    module: Any = import_module(_REMARKS)
    document = module.open_document(content, verified.name)
    placed = list(_remarks(document, verified, authorities))
    return bytes(document.with_remarks(placed, list(_summary(verified, placed, authorities)), authorities.name()))


def _remarks(document: Any, verified: Verified, authorities: Authorities) -> Iterator[Remark]:  # noqa: ANN401 - loaded by name
    """Yield a remark for each place at which a citation stands in the document."""
    by_key = {_key(verdict.mention): verdict for verdict in verified.verdicts}
    for number, text in document.paragraphs():
        if not text.strip():
            continue
        shown = mentions.find(text) if "256" in text else []
        for mention in shown:
            verdict = by_key.get(_key(mention))
            if verdict:
                lines = (verdicts.heading(verdict), *verdicts.describe(verdict, authorities))
                yield _at(number, mention.reference, lines)
        codes = {code for code, _ in mentions.find_codes(text)}
        for each in verified.unhashed:
            if any(_covers(code.paragraphs, each.reference.paragraphs) for code in codes if code.code == each.reference.code):
                head = f"{each.reference}  {tr('no hash').upper()}"
                yield _at(number, each.reference, (head, *verdicts.describe_unhashed(each, authorities)))


def _covers(written: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return written == wanted or bool(written and wanted and written[0] <= wanted[0] <= written[-1])


def _at(number: int, reference: Reference, lines: Iterable[str]) -> Remark:
    letters, _, digits = reference.code.partition("-")
    code = rf"(?i:{letters})\W{{1,3}}{digits}"
    whole = tuple(rf"{code}\W{{0,4}}(?:p|para\.?|paragraph)?\W{{0,3}}{each}(?![0-9])" for each in reference.paragraphs[:1])
    return Remark(number, (*whole, code), tuple(lines), str(reference))


def _key(mention: Mention) -> tuple[object, ...]:
    return mention.reference, mention.sha256[:16], mention.language, mention.clearance


def _summary(verified: Verified, placed: Iterable[Remark], authorities: Authorities) -> Iterator[str]:
    """Yield the lines of the page at the end; the first is its title."""
    yield tr("Citations checked by {archive}", archive=authorities.name())
    yield verdicts.summary((verified,))
    remarked = {each.reference for each in placed}
    for verdict in verified.verdicts:
        yield _line(verified, verdict.mention.lines, verdicts.heading(verdict), str(verdict.mention.reference) in remarked)
        if not verdict.holds:
            yield from verdicts.describe(verdict, authorities)
    for each in verified.unhashed:
        head = f"{each.reference}  {tr('no hash').upper()}"
        yield _line(verified, each.lines, head, str(each.reference) in remarked)
    yield from verdicts.parts(verified)
    for told in verified.unread:
        yield tr("Not read: {told}", told=told)
    yield tr(
        "Nothing else in this copy was changed. What was compared is said at each citation; other sentences were not looked at."
    )


def _line(verified: Verified, lines: tuple[int, ...], head: str, is_remarked: bool) -> str:  # noqa: FBT001 - a fact, no option
    where = verdicts.places(verified, lines)
    beside = "" if is_remarked else tr(" (no remark stands beside it: it is in a part of the document that takes none)")
    return f"{where}: {head}{beside}"
