"""What has become of citations, for a person and as JSON; words of a passage never without its caveats."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.citing.verification import CHANGED, OTHER_WORDS, OUTCOMES, UNCHANGED, ComparedWords, Verdict
from archive.formats import fields
from archive.formats.json_sink import lines
from archive.formats.terminal import columns, visible, wrapped
from archive.language.messages import is_english, mark, tr, tr_count
from archive.record.hashing import LONG_HASH, SHORT_HASH
from archive.record.testimony import Note
from archive.text import count_of, listed

_INDENT: Final = "   "


class Verified(NamedTuple):
    """The citations of one document, or of the command line (``name`` is ""), and what has become of each."""

    name: str
    verdicts: tuple[Verdict, ...]


def text(checked: tuple[Verified, ...], authorities: Authorities) -> Iterator[str]:
    """Write verdicts for a person."""
    for each in checked:
        for verdict in each.verdicts:
            yield from _verdict(each.name, verdict, authorities)
            yield ""
    yield summary(checked)


def summary(checked: tuple[Verified, ...]) -> str:
    """Count the outcomes: ``4 citations: 3 unchanged, 1 moved; 2 with a caveat added since``."""
    every = [verdict for each in checked for verdict in each.verdicts]
    counts = Counter(verdict.outcome for verdict in every)
    told = ", ".join(
        tr("{number} {outcome}", number=counts[outcome], outcome=tr(outcome)) for outcome in OUTCOMES if counts[outcome]
    )
    said = count_of(len(every), "citation", "citations") + (f": {told}" if told else "")
    for number, what in (
        (sum(bool(verdict.added) for verdict in every), mark("{number} with a caveat added since")),
        (sum(bool(verdict.reworded) for verdict in every), mark("{number} with a caveat changed since")),
        (
            sum(bool(verdict.untold) for verdict in every),
            mark("{number} with a caveat of which it cannot be told whether it stands"),
        ),
        (sum(bool(verdict.misquoted) for verdict in every), mark("{number} with a quotation that does not stand there")),
        (sum(bool(verdict.altered) for verdict in every), mark("{number} at which the document gives other words")),
    ):
        said += f"; {tr(what, number=number)}" if number else ""
    return f"{said}."


def _verdict(name: str, verdict: Verdict, authorities: Authorities) -> Iterator[str]:
    mention = verdict.mention
    where = ""
    if name:
        numbers = listed([str(line) for line in mention.lines], "and")
        where = tr_count(
            "{name}, line {lines}: ", "{name}, lines {lines}: ", len(mention.lines), name=visible(name), lines=numbers
        )
    also = tr("; caveat added since") if verdict.added else ""
    also += tr("; caveat changed since") if verdict.reworded else ""
    tongue = f" · {mention.language}" if mention.language else ""
    yield f"{where}{mention.reference}{tongue}  {tr(verdict.outcome).upper()}{also}"
    if verdict.reason:
        yield from _line(f"{verdict.reason[:1].upper()}{verdict.reason[1:]}.")
    for quotation in verdict.misquoted:
        yield from _line(tr("The document quotes “{quotation}”, which does not stand there.", quotation=quotation))
    for caveat, wrong in verdict.altered:
        yield from _line(
            tr("! CAVEAT {caveat}: {wrong}.", caveat=caveat, wrong=tr(wrong))
            if caveat
            else f"! {tr(wrong)[:1].upper()}{tr(wrong)[1:]}."
        )
        if wrong == OTHER_WORDS and verdict.at and verdict.outcome != CHANGED:
            yield from _line(tr("In the archive: {words}", words=verdict.at.words))
    if verdict.remark:
        yield from _line(f"{tr(verdict.remark)[:1].upper()}{tr(verdict.remark)[1:]}.")
    if verdict.outcome == UNCHANGED:
        yield from _line(tr("Compared: {value}.", value=", ".join((tr("the mark"), *map(_field, verdict.fields_compared)))))
    if verdict.compared:
        yield from _compared(verdict.compared)
    if verdict.outcome == CHANGED and verdict.at:
        yield from _line(tr("Now: {words}", words=verdict.at.words))
    yield from _caveats(verdict, authorities)
    yield from _cite_now(verdict, authorities)


def _cite_now(verdict: Verdict, authorities: Authorities) -> Iterator[str]:
    if verdict.untold:
        yield from _line(tr("No citation can be given until that can be told."))
    elif verdict.testimony is not None and not verdict.holds:
        yield from _line(tr("Cite now: {citation}", citation=_citation(verdict, authorities, SHORT_HASH)))


_FIELDS: Final = {
    "words": mark("words"),
    "caveats": mark("caveats"),
    "footnotes": mark("footnotes"),
    "day": mark("day"),
    "witness": mark("witness"),
    "rendering": mark("kind of text"),
    "source": mark("source"),
    "paragraph": mark("paragraph"),
}
"""What is looked at in a document, in words; a field of machine output has its own name."""


def _field(name: str) -> str:
    return name if is_english() else tr(_FIELDS.get(name, name))


def _compared(compared: ComparedWords) -> Iterator[str]:
    told = {"history": tr("by the history of the file"), "quotation": tr("by the quotation in the document")}
    yield from _line(
        tr("What differs, {get}:", get=told.get(compared.source, tr("by the quotation in {source}", source=compared.source)))
    )
    for difference in compared.differences:
        yield from _line(f"- {difference.old or tr('(nothing)')}")
        yield from _line(f"+ {difference.new or tr('(nothing)')}")


def _caveats(verdict: Verdict, authorities: Authorities) -> Iterator[str]:
    """Describe what became of the caveats, and what each says that is in force now."""
    for note in verdict.added:
        yield from _line(tr("! ADDED SINCE: {note}", note=_note(note, authorities)))
    for each in verdict.gone:
        by = tr("; in its place: {by}", by=listed(each.by, "and")) if each.by else ""
        yield from _line(tr("! NO LONGER IN FORCE THERE: {id}{by}", id=each.id, by=by))
    for untold in verdict.untold:
        name = untold.id.rpartition("/")[2]
        told = tr("! {code} cannot be read at present; whether {name} stands cannot be told.", code=untold.code, name=name)
        yield from _line(told)
    for note in verdict.reworded:
        yield from _line(tr("! CHANGED SINCE; NOW IN FORCE: {note}", note=_note(note, authorities)))
    if verdict.unhashed:
        yield from _line(tr("The words of these caveats were not hashed then; in force now:"))
    for note in verdict.notes:
        if note not in verdict.added and note not in verdict.reworded:
            yield from _line(f"! {_note(note, authorities)}")


def _note(note: Note, authorities: Authorities) -> str:
    sources = "; ".join(citation.cited_in_short(cite, authorities) for cite in note.cites)
    known = tr(", known since {known}", known=note.known) if note.known else ""
    ends = f"[{citation.note_id(note)}, {note.by}, {note.date}{known}{'; ' + sources if sources else ''}]"
    return f"{citation.flag(note, authorities).upper()}: {citation.stated(note)} {ends}"


def _citation(verdict: Verdict, authorities: Authorities, digits: int) -> str:
    testimony = verdict.testimony
    if testimony is None or verdict.untold:
        return ""
    if verdict.at:
        return citation.house(testimony, verdict.at, authorities, digits=digits)
    return citation.of_record(testimony, verdict.notes, authorities, digits=digits)


def _line(told: str) -> Iterator[str]:
    yield from wrapped(visible(told), columns(), _INDENT, _INDENT + "  ")


def document(checked: tuple[Verified, ...], authorities: Authorities) -> Iterator[str]:
    """Write verdicts as JSON."""
    every = [verdict for each in checked for verdict in each.verdicts]
    counts = Counter(verdict.outcome for verdict in every)
    return lines(
        {
            "schema": fields.SCHEMA,
            "total": {"citations": len(every), "hold": sum(verdict.holds for verdict in every)},
            "outcomes": {outcome: counts[outcome] for outcome in OUTCOMES},
            "without_citations": [each.name for each in checked if not each.verdicts],
            "citations": [_fields(each.name, verdict, authorities) for each in checked for verdict in each.verdicts],
        }
    )


def _fields(name: str, verdict: Verdict, authorities: Authorities) -> dict[str, Any]:
    mention, compared = verdict.mention, verdict.compared
    return {
        "document": name or None,
        "lines": list(mention.lines) if name else [],
        "reference": str(mention.reference),
        "language": mention.language or None,
        "sha256": mention.sha256,
        "clearance": mention.clearance,
        "outcome": verdict.outcome,
        "holds": verdict.holds,
        "reason": verdict.reason or None,
        "places": [str(place) for place in verdict.places],
        "quotations": [{"text": each, "stands": each not in verdict.misquoted} for each in verdict.quoted],
        "differences": None
        if compared is None
        else {
            "source": compared.source,
            "whole": compared.whole,
            "words": compared.old,
            "now": verdict.at.words if verdict.at else None,
            "parts": [difference._asdict() for difference in compared.differences],
        },
        "notes_listed": None if mention.notes is None else list(mention.notes),
        "caveats": [fields.caveat(note, authorities) for note in verdict.notes],
        "caveats_added": [citation.note_id(note) for note in verdict.added],
        "caveats_changed": [citation.note_id(note) for note in verdict.reworded],
        "caveats_not_hashed": [citation.note_id(note) for note in verdict.unhashed],
        "altered": [{"caveat": name or None, "wrong": wrong} for name, wrong in verdict.altered],
        "words_compared": verdict.words_compared,
        "remark": verdict.remark or None,
        "fields_compared": list(verdict.fields_compared),
        "caveats_untold": [{"id": each.id, "unread": each.code} for each in verdict.untold],
        "caveats_gone": [{"id": each.id, "replaced_by": list(each.by)} for each in verdict.gone],
        "citation": _citation(verdict, authorities, LONG_HASH) or None,
    }
