"""What has become of citations, for a person and as JSON; words of a passage never without its caveats."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation, part_marks
from archive.citing.part_marks import (
    ALTERED,
    MARK_MISSING,
    NOT_COMPARED,
    OTHERWISE_NOW,
    PAGE_OTHERWISE,
    PAGE_UNKNOWN,
    PartVerdict,
)
from archive.citing.verification import CHANGED, OTHER_WORDS, OUTCOMES, UNCHANGED, ComparedWords
from archive.citing.verification import Verdict as Verdict  # noqa: PLC0414 - as above
from archive.citing.without_hash import Unhashed as Unhashed  # noqa: PLC0414 - fronts name its type
from archive.documents.model import BlockKind, DocumentBlock
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats.json_sink import lines
from archive.formats.terminal import columns, visible, wrap
from archive.language.messages import is_english, mark, tr, tr_count
from archive.named_tuple import NamedTuple
from archive.record.hashing import LONG_HASH, SHORT_HASH
from archive.record.testimony import Note
from archive.text import count_of, join_list

_INDENT: Final = "   "
_MOST: Final = 300  # signs of what differs that are shown


class Verified(NamedTuple):
    """The citations of one document, or of the command line (``name`` is ""), and what has become of each.

    ``unhashed`` are mentions that cannot be checked. ``blocks``: of a document
    of another program the block that stands on each line of its text; ``unread`` says what of it could not be read, a
    sentence each; ``form`` as "docx", "" of text. ``parts`` are its tables and lists with a mark, and those of which it was
    taken off, ``unmarked`` the names of those that have a heading of ours in a document that has no marks at all, and of all
    in a PDF, in which none is compared;
    ``contradictions`` are the ids of those that it tells without one and
    otherwise than the archive has them now.
    """

    name: str
    verdicts: tuple[Verdict, ...]
    unhashed: tuple[Unhashed, ...] = ()
    blocks: tuple[DocumentBlock | None, ...] = ()
    unread: tuple[str, ...] = ()
    form: str = ""
    contradictions: tuple[str, ...] = ()
    parts: tuple[PartVerdict, ...] = ()
    unmarked: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Return whether there is a citation, every one may stand as it is, and no part was altered or lost its mark.

        A page of an edition that is as it is today stands with all that is on it.
        """
        every = all(verdict.holds for verdict in self.verdicts) and not any(part.is_doubtful for part in self.parts)
        if any(part.name == part_marks.PAGE and part.outcome == part_marks.UNCHANGED for part in self.parts):
            return every
        return bool(self.verdicts) and every and not any(each.is_citation for each in self.unhashed)

    def block(self, line: int) -> DocumentBlock | None:
        """Return the block on a line of the text, counted from 1; None where the document is a text itself."""
        return self.blocks[line - 1] if 0 < line <= len(self.blocks) else None


def text(checked: tuple[Verified, ...], authorities: Authorities) -> Iterator[str]:
    """Write verdicts for a person."""
    for verified in checked:
        for verdict in verified.verdicts:
            yield f"{_where(verified, verdict.mention.lines)}{heading(verdict)}"
            yield from _wrap(describe(verdict, authorities))
            yield ""
        for mention in verified.unhashed:
            yield f"{_where(verified, mention.lines)}{mention.reference}  {tr('no hash').upper()}"
            yield from _wrap(describe_unhashed(mention, authorities))
            yield ""
        for told_of_parts in parts(verified):
            yield from wrap(visible(told_of_parts), columns(), "", _INDENT)
            yield ""
    yield from wrap(summary(checked), columns())


NAMES: Final = {
    part_marks.AGREEMENT: mark("how many speak of it"),
    part_marks.CONTRADICTIONS: mark("contradictions that the archive keeps"),
    part_marks.COVERAGE: mark("who was there to tell"),
    part_marks.WORKS: mark("works cited"),
    part_marks.PAGE: mark("the page"),
}
"""What the parts of a document beside its excerpts are called in a sentence."""


def parts(verified: Verified) -> Iterator[str]:
    """Describe what has become of the tables and lists of a document, the altered ones first."""
    for outcome, said in (
        (ALTERED, mark("{name}: ALTERED: {parts}. The words are not those of which the mark below them was made.")),
        (
            MARK_MISSING,
            mark(
                "{name}: MARK MISSING: {parts}. The document has marks, and the one below this part was taken off or damaged, so "
                "that its words were not compared; print it anew before you rely on it."
            ),
        ),
        (
            PAGE_OTHERWISE,
            mark(
                "{name}: a page of an edition that reads OTHERWISE than the one of today: {parts}. "
                "`testimony publish --check` compares an edition as a whole."
            ),
        ),
        (
            PAGE_UNKNOWN,
            mark(
                "{name}: NOT COMPARED: {parts}. It is a page that nobody publishes, as those of the reading room, and its words "
                "and caveats were not looked at as a whole; print with `testimony show` or `testimony excerpt` what you rely on."
            ),
        ),
        (UNCHANGED, mark("{name}: unchanged, also beside the excerpts: {parts}.")),
        (
            OTHERWISE_NOW,
            mark("{name}: as it was printed, and otherwise in the archive now (the newest citation here is of {day}): {parts}."),
        ),
        (
            NOT_COMPARED,
            mark("{name}: as it was printed; whether the archive has it so now was not looked at: {parts}."),
        ),
    ):
        own = [part for part in verified.parts if part.outcome == outcome]
        if own:
            told_of = tr(
                said, name=verified.name, parts=join_list([_part_name(part.name) for part in own], "and"), day=own[0].day
            )
            yield " ".join([told_of, *map(_differs, filter(lambda part: part.written or part.right, own))])
    if verified.unmarked:
        named = join_list([_part_name(part) for part in verified.unmarked], "and")
        said = mark("{name}: not compared, since no mark stands below: {parts}; print it anew before you rely on it.")
        if verified.form == "pdf":
            said = mark(
                "{name}: not compared, since it is a PDF, where heads and feet of pages stand between the words: {parts}; verify "
                "the same document as .docx, .odt, .md or .html before you rely on it."
            )
        yield tr(said, name=verified.name, parts=named)
    if verified.contradictions:
        yield tr(
            "{name}: the words of {contradictions} were not compared: they have no mark, and stand otherwise in the archive now; "
            "print them anew before you rely on them.",
            name=verified.name,
            contradictions=join_list(list(verified.contradictions), "and"),
        )


def _part_name(part: str) -> str:
    sheet = part.removeprefix(part_marks.SHEET)
    return tr("sheet {named}", named=sheet) if sheet != part else tr(NAMES[part])


def _differs(part: PartVerdict) -> str:
    return tr(
        "The document gives “{written}”; in the archive: “{right}”.",
        written=part.written[:_MOST],
        right=part.right[:_MOST],
    )


def summary(checked: tuple[Verified, ...]) -> str:
    """Count the outcomes: ``4 citations: 3 unchanged, 1 moved; 2 with a caveat added since``."""
    every = [verdict for verified in checked for verdict in verified.verdicts]
    counts = Counter(verdict.outcome for verdict in every)
    outcomes = ", ".join(
        tr("{number} {outcome}", number=counts[outcome], outcome=tr(outcome)) for outcome in OUTCOMES if counts[outcome]
    )
    said = count_of(len(every), "citation", "citations") + (f": {outcomes}" if outcomes else "")
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
    unhashed = sum(len(verified.unhashed) for verified in checked)
    if unhashed:
        said += "; " + tr_count("{number} mention cannot be checked", "{number} mentions cannot be checked", unhashed)
    return f"{said}."


def _where(verified: Verified, lines: tuple[int, ...]) -> str:
    """Name where in a document something stands: its lines, or the pages, notes and paragraphs of a word processor's file."""
    if not verified.name:
        return ""
    name = visible(verified.name)
    if verified.blocks:
        return tr("{name}, {places}: ", name=name, places=places(verified, lines))
    numbers = join_list([str(line) for line in lines], "and")
    return tr_count("{name}, line {lines}: ", "{name}, lines {lines}: ", len(lines), name=name, lines=numbers)


def places(verified: Verified, lines: tuple[int, ...]) -> str:
    """Name the blocks of a word processor's file or a PDF that stand on some lines."""
    blocks = [block for block in map(verified.block, lines) if block]
    return join_list([visible(each) for each in dict.fromkeys(map(place, blocks))], "and")


_PLACES: Final = {
    BlockKind.PARAGRAPH: mark("paragraph {number}"),
    BlockKind.HEADING: mark("paragraph {number} (a heading)"),
    BlockKind.ROW: mark("paragraph {number} (in a table)"),
    BlockKind.FOOTNOTE: mark("footnote {number}"),
    BlockKind.ENDNOTE: mark("endnote {number}"),
    BlockKind.NOTE: mark("note {number}"),
    BlockKind.COMMENT: mark("comment {number}"),
    BlockKind.BOX: mark("text box {number}"),
    BlockKind.MARGIN: mark("header or footer {number}"),
}


def place(block: DocumentBlock) -> str:
    """Name a block by its page, or by the number of the note or paragraph."""
    if block.page and block.label not in {"", str(block.page)}:
        return tr("page {label} (page {page} of the file)", label=block.label, page=block.page)
    if block.page:
        return tr("page {page}", page=block.page)
    if block.kind is BlockKind.SHEET_ROW:
        return tr("sheet {label}, row {number}", label=block.label, number=block.number)
    return tr(_PLACES[block.kind]).format(number=block.number)


def heading(verdict: Verdict) -> str:
    """Return the first line of a verdict: the reference and the outcome."""
    mention = verdict.mention
    also = tr("; caveat added since") if verdict.added else ""
    also += tr("; caveat changed since") if verdict.reworded else ""
    tongue = f" · {mention.language}" if mention.language else ""
    return f"{mention.reference}{tongue}  {tr(verdict.outcome).upper()}{also}"


def describe(verdict: Verdict, authorities: Authorities) -> Iterator[str]:
    """Yield what is said of a citation below its first line, each a line that is not wrapped yet."""
    if verdict.reason:
        yield f"{verdict.reason[:1].upper()}{verdict.reason[1:]}."
    for quotation in verdict.misquoted:
        yield tr("The document quotes “{quotation}”, which does not stand there.", quotation=quotation)
    for caveat, wrong in verdict.altered:
        yield (
            tr("! CAVEAT {caveat}: {wrong}.", caveat=caveat, wrong=tr(wrong))
            if caveat
            else f"! {tr(wrong)[:1].upper()}{tr(wrong)[1:]}."
        )
        if wrong == OTHER_WORDS and verdict.at and verdict.outcome != CHANGED:
            yield tr("In the archive: {words}", words=verdict.at.words)
    if verdict.remark:
        yield f"{tr(verdict.remark)[:1].upper()}{tr(verdict.remark)[1:]}."
    if verdict.outcome == UNCHANGED:
        yield tr("Compared: {value}.", value=", ".join((tr("the mark"), *map(_field, verdict.fields_compared))))
    if verdict.compared:
        yield from _difference_lines(verdict.compared)
    if verdict.outcome == CHANGED and verdict.at:
        yield tr("Now: {words}", words=verdict.at.words)
    yield from _caveats(verdict, authorities)
    yield from _cite_now(verdict, authorities)


def describe_unhashed(mention: Unhashed, authorities: Authorities) -> Iterator[str]:
    """Yield what is said of a mention without a hash, each a line that is not wrapped yet."""
    if mention.reason:
        yield f"{mention.reason[:1].upper()}{mention.reason[1:]}."
        return
    yield tr("It has no hash, so nobody can tell whether the words are still those that were meant.")
    for note in mention.notes:
        yield f"! {_note(note, authorities)}"
    yield tr("Cite now: {citation}", citation=_of_unhashed(mention, authorities, SHORT_HASH))


def _of_unhashed(mention: Unhashed, authorities: Authorities, digits: int) -> str:
    if mention.testimony is None:
        return ""
    if mention.at:
        return citation.house(mention.testimony, mention.at, authorities, digits=digits)
    return citation.of_record(mention.testimony, mention.notes, authorities, digits=digits)


def _cite_now(verdict: Verdict, authorities: Authorities) -> Iterator[str]:
    if verdict.untold:
        yield tr("No citation can be given until that can be told.")
    elif verdict.testimony is not None and not verdict.holds:
        yield tr("Cite now: {citation}", citation=_citation(verdict, authorities, SHORT_HASH))


_FIELDS: Final = {
    "words": mark("words"),
    "caveats": mark("caveats"),
    "flags of caveats": mark("flags of caveats"),
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


def _difference_lines(compared: ComparedWords) -> Iterator[str]:
    sources = {"history": tr("by the history of the file"), "quotation": tr("by the quotation in the document")}
    yield tr("What differs, {get}:", get=sources.get(compared.source, tr("by the quotation in {source}", source=compared.source)))
    for each in compared.differences:
        yield f"- {each.old or tr('(nothing)')}"
        yield f"+ {each.new or tr('(nothing)')}"


def _caveats(verdict: Verdict, authorities: Authorities) -> Iterator[str]:
    """Describe what became of the caveats, and what each says that is in force now."""
    for note in verdict.added:
        yield tr("! ADDED SINCE: {note}", note=_note(note, authorities))
    for gone in verdict.gone:
        by = tr("; in its place: {by}", by=join_list(gone.by, "and")) if gone.by else ""
        yield tr("! NO LONGER IN FORCE THERE: {id}{by}", id=gone.id, by=by)
    for untold in verdict.untold:
        name = untold.id.rpartition("/")[2]
        line = tr("! {code} cannot be read at present; whether {name} stands cannot be told.", code=untold.code, name=name)
        yield line
    for note in verdict.reworded:
        yield tr("! CHANGED SINCE; NOW IN FORCE: {note}", note=_note(note, authorities))
    if verdict.unhashed:
        yield tr("The words of these caveats were not hashed then; in force now:")
    for note in verdict.notes:
        if note not in verdict.added and note not in verdict.reworded:
            yield f"! {_note(note, authorities)}"


def _note(note: Note, authorities: Authorities) -> str:
    sources = "; ".join(citation.name_cite_in_short(cite, authorities) for cite in note.cites)
    known = tr(", known since {known}", known=date_in_words(note.known)) if note.known else ""
    ends = f"[{citation.note_id(note)}, {note.by}, {note.date}{known}{'; ' + sources if sources else ''}]"
    return f"{citation.flag(note, authorities).upper()}: {citation.statement_of(note)} {ends}"


def _citation(verdict: Verdict, authorities: Authorities, digits: int) -> str:
    testimony = verdict.testimony
    if testimony is None or verdict.untold:
        return ""
    if verdict.at:
        return citation.house(testimony, verdict.at, authorities, digits=digits)
    return citation.of_record(testimony, verdict.notes, authorities, digits=digits)


def _wrap(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from wrap(visible(line), columns(), _INDENT, _INDENT + "  ")


def document(checked: tuple[Verified, ...], authorities: Authorities) -> Iterator[str]:
    """Write verdicts as JSON."""
    every = [verdict for verified in checked for verdict in verified.verdicts]
    counts = Counter(verdict.outcome for verdict in every)
    return lines(
        {
            "schema": fields.SCHEMA,
            "total": {
                "citations": len(every),
                "hold": sum(verdict.holds for verdict in every),
                "unhashed": sum(len(verified.unhashed) for verified in checked),
            },
            "outcomes": {outcome: counts[outcome] for outcome in OUTCOMES},
            "without_citations": [verified.name for verified in checked if not verified.verdicts],
            "citations": [_fields(verified, verdict, authorities) for verified in checked for verdict in verified.verdicts],
            "unhashed": [
                _unhashed_fields(verified, mention, authorities) for verified in checked for mention in verified.unhashed
            ],
            "unread": [{"document": verified.name, "what": told} for verified in checked for told in verified.unread],
            "not_compared": [
                {
                    "document": verified.name,
                    "contradictions": list(verified.contradictions),
                    "parts": [*verified.unmarked, *(part.name for part in verified.parts if part.outcome == MARK_MISSING)],
                }
                for verified in checked
                if verified.contradictions or verified.unmarked or any(part.outcome == MARK_MISSING for part in verified.parts)
            ],
            "parts": [
                {
                    "document": verified.name,
                    "part": part.name,
                    "outcome": part.outcome,
                    "written": part.written or None,
                    "right": part.right or None,
                    "day": part.day or None,
                }
                for verified in checked
                for part in verified.parts
            ],
        }
    )


def _unhashed_fields(verified: Verified, mention: Unhashed, authorities: Authorities) -> dict[str, Any]:
    return {
        **_location_fields(verified, mention.lines),
        "reference": str(mention.reference),
        "reason": mention.reason or None,
        "caveats": [fields.caveat(note, authorities) for note in mention.notes],
        "citation": _of_unhashed(mention, authorities, LONG_HASH) or None,
    }


def _location_fields(verified: Verified, lines: tuple[int, ...]) -> dict[str, Any]:
    """Return where something stands: the lines of a text, or the blocks of a word processor's file or a PDF."""
    blocks = dict.fromkeys(block for block in map(verified.block, lines) if block)
    return {
        "document": verified.name or None,
        "lines": list(lines) if verified.name and not verified.blocks else [],
        "where": [
            {"in": str(each.kind), "number": each.number, "page": each.page or None, "label": each.label or None}
            for each in blocks
        ],
    }


def _fields(verified: Verified, verdict: Verdict, authorities: Authorities) -> dict[str, Any]:
    mention, compared = verdict.mention, verdict.compared
    return {
        **_location_fields(verified, mention.lines),
        "reference": str(mention.reference),
        "language": mention.language or None,
        "sha256": mention.sha256,
        "clearance": mention.clearance,
        "outcome": verdict.outcome,
        "holds": verdict.holds,
        "reason": verdict.reason or None,
        "places": [str(place) for place in verdict.places],
        "quotations": [{"text": item, "stands": item not in verdict.misquoted} for item in verdict.quoted],
        "differences": None
        if compared is None
        else {
            "source": compared.source,
            "whole": compared.whole,
            "words": compared.old,
            "now": verdict.at.words if verdict.at else None,
            "parts": [item._asdict() for item in compared.differences],
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
        "caveats_untold": [{"id": item.id, "unread": item.code} for item in verdict.untold],
        "caveats_gone": [{"id": item.id, "replaced_by": list(item.by)} for item in verdict.gone],
        "citation": _citation(verdict, authorities, LONG_HASH) or None,
    }
