"""Who relies on whom: records by the root whose knowledge they tell, and the arrows of versions and reliance among them."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.formats.picture import WIDTH, Picture, PictureTable
from archive.formats.pictures import _statements as statements
from archive.formats.pictures._drawing import INK, MARGIN, SMALL, Drawing, in_lines
from archive.formats.wording import name_of
from archive.language.messages import mark, tr, tr_count
from archive.named_tuple import NamedTuple
from archive.record.testimony import Testimony
from archive.storage.record_files import archive_place
from archive.text import join_list
from archive.weighing.accounts import Account, PictureSubject
from archive.weighing.sources import Channel, IndependentSource, channels

KIND: Final = "relations"
TITLE: Final = mark("{of}: who relies on whom")
READ: Final = mark(
    "Records inside one bracket tell the knowledge of one root: however many they are, they are one witness. An arrow on the "
    "right leads from a record to the one that it revises (full) or relies on (dashed); a dotted line joins records on the same "
    "event. Of a record under “root not known” nobody knows whose knowledge it was; it may be one of the others'."
)
READ_BESIDE: Final = mark("Records in parentheses tell of other camps, and are here for what leads to them.")
_REVISES, _RELIES, _SAME_EVENT = "revises", "relies-on", "same-event"
_LOOK: Final = {_REVISES: "", _RELIES: "5 3", _SAME_EVENT: "1 3"}
_LANE: Final = 9.0
_MOST_LANES: Final = 12


class Edge(NamedTuple):
    """A relation from one record to another, with the paragraphs that it names on both sides."""

    kind: str
    begin: str
    end: str
    paragraphs: tuple[int, ...]
    their: tuple[int, ...]


def draw(subject: PictureSubject) -> Picture:
    """Draw which records tell the knowledge of one root, and which rely on others."""
    authorities = subject.authorities
    own = {account.code: account for account in (*subject.accounts, *subject.related)}
    records = {code: account.testimony for code, account in own.items()}
    sources = _in_order(subject, records)
    edges = tuple(dict.fromkeys(_edges(records)))
    shared = channels((account.testimony for account in subject.accounts), subject.sources)
    drawing = _drawing(subject, sources, records, edges) if records else None
    is_beside = bool(subject.related)
    return statements.finish(
        KIND,
        subject,
        title=statements.title_of(subject, TITLE),
        summary=_summary(sources, edges, records),
        tables=(
            _root_table(sources, records, own, authorities),
            _edge_table(edges, records, authorities),
            _channel_table(shared),
        ),
        drawing=drawing,
        reading=(tr(READ), *([tr(READ_BESIDE)] if is_beside else ()), *([] if subject.facility else [tr(statements.IN_FULL)])),
        caveats=statements.account_caveats(own.values(), authorities, whole=subject.facility is not None),
        sources=(citation.source_named(testimony, (), authorities) for testimony in records.values()),
        items=_items(sources, records, edges, own),
    )


def _in_order(subject: PictureSubject, records: dict[str, Testimony]) -> list[IndependentSource]:
    """Return the voices of some records, those of several records first, those of which no root is known last."""
    every = {source.key: source for code, source in subject.sources.items() if code in records}
    return sorted(every.values(), key=lambda source: (not source.roots, -len(source.codes), archive_place(source.codes[0])))


def _edges(records: dict[str, Testimony]) -> Iterator[Edge]:
    for code, testimony in records.items():
        for relation in testimony.relations:
            if relation.code not in records or relation.code == code:
                continue
            match relation.type:
                case "revises":
                    yield Edge(_REVISES, code, relation.code, (), ())
                case "revised-by":
                    yield Edge(_REVISES, relation.code, code, (), ())
                case "relies-on":
                    yield Edge(_RELIES, code, relation.code, relation.at or relation.paragraphs, relation.their)
                case "same-event":
                    first, second = sorted((code, relation.code), key=archive_place)
                    yield Edge(_SAME_EVENT, first, second, (), ())
                case _:  # one person's records stand in one bracket
                    continue


def _summary(sources: list[IndependentSource], edges: tuple[Edge, ...], records: dict[str, Testimony]) -> str:
    if not records:
        return tr("No record tells of it, so there is nothing to draw.")
    named = [source for source in sources if source.roots]
    parts = [
        tr("{records} records tell the knowledge of {roots} roots.", records=sum(len(s.codes) for s in named), roots=len(named)),
    ]
    parts += [
        tr("{number} of them are one witness: {codes}.", number=len(source.codes), codes=join_list(source.codes, "and"))
        for source in named
        if len(source.codes) > 1
    ]
    unknown = len(sources) - len(named)
    if unknown:
        parts.append(tr_count("Of {number} record no root is known.", "Of {number} records no root is known.", unknown))
    relying = len({edge.begin for edge in edges if edge.kind == _RELIES})
    if relying:
        parts.append(tr_count("{number} relies on another record.", "{number} rely on other records.", relying))
    return " ".join(parts)


def _drawing(
    subject: PictureSubject, sources: list[IndependentSource], records: dict[str, Testimony], edges: tuple[Edge, ...]
) -> Drawing:
    drawing = Drawing(KIND, subject.facility.id if subject.facility else "")
    lines = tuple(dict.fromkeys(edge._replace(paragraphs=(), their=()) for edge in edges))
    lanes = min(len(lines), _MOST_LANES)
    edge = WIDTH - MARGIN - lanes * _LANE - (8 if lanes else 0)
    beside = {account.code for account in subject.related}
    every = (*subject.accounts, *subject.related)
    flags = {account.code: statements.flags_in_short(account, subject.authorities) for account in every}
    at: dict[str, tuple[float, float]] = {}
    headings = [""]
    for source in sources:
        heading = _heading(source, records)
        if heading != headings[-1]:
            headings.append(heading)
            drawing.y += 6
            drawing.paragraph(heading, SMALL, weight="bold")
        _draw_source(drawing, source, records, beside, flags, edge, at)
    _draw_edges(drawing, lines, at, edge)
    return drawing


def _heading(source: IndependentSource, records: dict[str, Testimony]) -> str:
    """Return what stands above a voice: its root where it has several records."""
    if not source.roots:
        return tr("Root not known")
    number = sum(code in records for code in source.codes)
    if number == 1:
        return tr("One record of each of these roots")
    return tr("{number} records of one root, {root}", number=number, root=join_list(source.roots, "and"))


def _draw_source(  # noqa: PLR0913, PLR0917 - what is written of each record
    drawing: Drawing,
    source: IndependentSource,
    records: dict[str, Testimony],
    beside: set[str],
    flags: dict[str, str],
    edge: float,
    at: dict[str, tuple[float, float]],
) -> None:
    top = drawing.y + 2
    for code in source.codes:
        if code not in records:
            continue
        name = f"{code} {name_of(records[code].witness)}"
        shown = f"({name})" if code in beside else name
        root = f" ({join_list(source.roots, 'and')})" if source.roots and len(source.codes) == 1 else ""
        words = shown + root + (f" [{flags[code]}]" if flags.get(code) else "")
        at_first = True
        for line in in_lines(words, SMALL, edge - MARGIN - 14):
            drawing.y += SMALL * 1.3
            drawing.text(MARGIN + 10, drawing.y - 3, line, SMALL)
            if at_first:
                at[code] = (edge, drawing.y - 6)
                at_first = False
        drawing.y += 2
    bottom = drawing.y
    look = {} if source.roots else {"stroke_dasharray": "2 2"}
    drawing.add(
        "path",
        d=f"M{MARGIN + 5:.1f} {top:.1f}H{MARGIN + 1:.1f}V{bottom:.1f}H{MARGIN + 5:.1f}",
        fill="none",
        stroke=INK,
        stroke_width=2.5 if len(source.codes) > 1 else 1.2,
        **look,
    )


def _draw_edges(drawing: Drawing, edges: tuple[Edge, ...], at: dict[str, tuple[float, float]], left: float) -> None:
    """Draw each relation in a lane of its own on the right, as far as there are lanes; the shorter ones lie inside."""
    ordered = sorted(edges, key=lambda edge: abs(at[edge.begin][1] - at[edge.end][1]))
    for number, edge in enumerate(ordered):
        lane = left + 8 + (number % _MOST_LANES) * _LANE
        begin, end = at[edge.begin][1], at[edge.end][1] + 2.5
        drawing.add(
            "path",
            d=f"M{left + 2:.1f} {begin:.1f}H{lane:.1f}V{end:.1f}H{left + 2:.1f}",
            fill="none",
            stroke=INK,
            stroke_width=1.2,
            **({"stroke_dasharray": _LOOK[edge.kind]} if _LOOK[edge.kind] else {}),
        )
        if edge.kind != _SAME_EVENT:
            drawing.add("path", d=f"M{left - 2:.1f} {end:.1f}l6 -3v6Z", fill=INK)


def _root_table(
    sources: list[IndependentSource], records: dict[str, Testimony], own: dict[str, Account], authorities: Authorities
) -> PictureTable:
    rows = []
    for source in sources:
        for code in source.codes:
            if code in records:
                testimony = records[code]
                flags = statements.flags_of(own[code], authorities)
                rows.append(
                    (
                        join_list(source.roots, "and") or tr("not known"),
                        f"{code} {name_of(testimony.witness)}",
                        authorities.vocabulary.said("kind", testimony.kind),
                        citation.source_named(testimony, (), authorities),
                        flags or tr("none"),
                    )
                )
    columns = (tr("Root"), tr("Record"), tr("Kind"), tr("Source"), tr("Caveats in force"))
    return PictureTable(tr("Whose knowledge each record tells"), columns, tuple(rows))


def _edge_table(edges: tuple[Edge, ...], records: dict[str, Testimony], authorities: Authorities) -> PictureTable:
    def place(code: str, numbers: tuple[int, ...]) -> str:
        where = tr(", para. {numbers}", numbers=", ".join(map(str, numbers))) if numbers else ""
        return f"{code} {name_of(records[code].witness)}{where}"

    rows = (
        (
            place(edge.begin, edge.paragraphs),
            authorities.vocabulary.said("relation", edge.kind),
            place(edge.end, edge.their),
        )
        for edge in edges
    )
    return PictureTable(tr("Relations that were entered"), (tr("Record"), tr("Relation"), tr("Other record")), tuple(rows))


def _channel_table(shared: Iterable[Channel]) -> PictureTable:
    rows = (
        ("; ".join(dict.fromkeys(name for _, name in channel.ways)), ", ".join(channel.codes), str(len(channel.codes)))
        for channel in shared
    )
    columns = (tr("Work, publisher or interviewer"), tr("Records"), tr("How many"))
    return PictureTable(tr("What accounts of different roots came through"), columns, tuple(rows))


def _items(
    sources: list[IndependentSource], records: dict[str, Testimony], edges: tuple[Edge, ...], own: dict[str, Account]
) -> Iterator[dict[str, Any]]:
    for source in sources:
        for code in source.codes:
            if code in records:
                relations = [edge for edge in edges if edge.begin == code]
                yield statements.item(
                    what="record",
                    code=code,
                    root=join_list(source.roots, "and") or None,
                    relations=[
                        {
                            "type": edge.kind,
                            "code": edge.end,
                            "paragraphs": list(edge.paragraphs),
                            "their_paragraphs": list(edge.their),
                        }
                        for edge in relations
                    ],
                    flags=list(dict.fromkeys(note.flag for note in own[code].notes)),
                    drawn=True,
                )
