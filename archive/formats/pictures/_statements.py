"""What every picture says in words: who states what, what is contested, which caveats are in force; and its items."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.formats import _descriptions as descriptions
from archive.formats import fields
from archive.formats._date_words import date_in_words
from archive.formats._html_sink import Markup
from archive.formats.picture import Picture, PictureCaveat, PictureTable
from archive.formats.pictures._drawing import Drawing
from archive.formats.wording import name_of
from archive.language.messages import current_language, mark, tr
from archive.record import dates
from archive.record.dates import Bounds
from archive.record.periods import OPEN
from archive.record.testimony import CampEntry, Cite
from archive.record.work import issue_date
from archive.text import is_undated, join_list
from archive.weighing.accounts import Account, PictureSubject

Statement = Mapping[str, Any]

DOUBTED: Final = frozenset({"disputed", "recanted", "corrected", "unverified"})
"""How a claim stands whose time is drawn hatched; what is rejected is not drawn at all."""
REJECTED: Final = "rejected"
_ITEM: Final[Mapping[str, Any]] = {
    "number": None,
    "what": "",
    "camp": None,
    "code": None,
    "date": None,
    "first": None,
    "last": None,
    "text": None,
    "latitude": None,
    "longitude": None,
    "decade": None,
    "vantage": None,
    "accounts": None,
    "roots": None,
    "passages": None,
    "state": None,
    "value": None,
    "minimum": None,
    "maximum": None,
    "measure": None,
    "estimator": None,
    "root": None,
    "relations": None,
    "conflicts": None,
    "flags": None,
    "sources": None,
    "rejected": None,
    "drawn": True,
}
"""The fields of an item; no key is ever left out."""


def item(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - of many kinds
    """Return an item of a picture for programs."""
    assert values.keys() <= _ITEM.keys()  # noqa: S101 - a slip of ours
    return {**_ITEM, **values}


def when(written: str) -> Bounds | None:
    """Return the days within which a date lies; None where it has none."""
    return dates.bounds(written) if written and not is_undated(written) else None


def span_of(bounds: Bounds | None) -> dict[str, str | None]:
    """Return the first and the last day of a time as items have them; null on a side that has none."""
    if bounds is None:
        return {"first": None, "last": None}
    return {"first": _day(bounds.earliest), "last": _day(bounds.latest)}


def _day(day: int) -> str | None:
    if day in OPEN:
        return None
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"


def sources_of(statement: Statement, authorities: Authorities) -> list[str]:
    """Return the works that state something, in full."""
    return fields.cites(citation.cites_in(statement), authorities)


def authors_of(statement: Statement, authorities: Authorities) -> str:
    """Return in a few words who states something: the authors or the publisher, and the year."""
    return "; ".join(dict.fromkeys(_in_short(cite, authorities) for cite in citation.cites_in(statement)))


def _in_short(cite: Cite, authorities: Authorities) -> str:
    csl = authorities.sources.get(cite.ref, {}).get("csl")
    if not csl:
        return cite.ref
    where = str(csl.get("container-title") or csl.get("publisher") or csl.get("title") or cite.ref)
    year = issue_date(csl)[:4]
    return " ".join(filter(None, (citation.families(csl) or where, year)))


def contradictions_of(statement: Statement) -> str:
    """Return the contradictions that a statement stands in, by their numbers."""
    return join_list(statement.get("conflicts", ()), "and")


def conflict_caveats(names: Iterable[str], authorities: Authorities) -> Iterator[PictureCaveat]:
    """Yield the contradictions that the archive keeps, each once, as caveats."""
    for name in dict.fromkeys(names):
        conflict = authorities.conflicts.get(name)
        if conflict:
            verdict = authorities.vocabulary.said("verdict", conflict.get("verdict", ""))
            note = str(conflict.get("note", ""))
            sides = " / ".join(str(claim["says"]).rstrip(".") for claim in conflict.get("claims", ()))
            said = ". ".join(filter(None, (str(conflict.get("subject", "")).rstrip("."), sides, note)))
            yield PictureCaveat(name, tr("contradiction, {verdict}", verdict=verdict), said)


def facility_caveats(statements: Iterable[Statement], authorities: Authorities) -> Iterator[PictureCaveat]:
    """Yield the contradictions in which some statements stand."""
    yield from conflict_caveats((name for each in statements for name in each.get("conflicts", ())), authorities)


def account_caveats(accounts: Iterable[Account], authorities: Authorities, *, whole: bool) -> Iterator[PictureCaveat]:
    """Yield the caveats in force at accounts.

    :param whole: each as it is stated; else named, one line a record.
    """
    seen: dict[tuple[str, str], str] = {}
    for account in accounts:
        if whole:
            for note, words in zip(account.notes, descriptions.caveats(account.notes, authorities), strict=True):
                before = seen.setdefault((note.origin or account.code, note.id), account.code)
                if before == account.code:
                    yield PictureCaveat(account.code, words.label, words.statement, words.ends)
                else:
                    again = descriptions.name_again(tr("above, at {code}", code=before), [note], authorities)
                    yield PictureCaveat(account.code, again)
        elif account.notes:
            yield PictureCaveat(account.code, flags_of(account, authorities))


def flags_of(account: Account, authorities: Authorities) -> str:
    """Return the names of the caveats in force at an account."""
    return join_list(citation.flag_names(account.notes, authorities), "and")


def flags_in_short(account: Account, authorities: Authorities) -> str:
    """Return the gravest caveats in force at an account by name, and how many more there are; "" where there is none."""
    rank = authorities.vocabulary.rank
    every = citation.flag_names(sorted(account.notes, key=lambda note: rank("flag", note.flag)), authorities)
    more = len(every) - _MOST_FLAGS
    named = ", ".join(every[: _MOST_FLAGS if more > 1 else len(every)])
    return tr("{named} and {more} more", named=named, more=more) if more > 1 else named


_MOST_FLAGS: Final = 3


def who(account: Account) -> str:
    """Return the code of an account, and who speaks."""
    return f"{account.code} {name_of(account.testimony.witness)}"


def entry_words(entry: CampEntry, authorities: Authorities) -> str:
    """Return when an entry tells of, as whom, how it is known and how it stands."""
    said = authorities.vocabulary.said
    parts = [date_in_words(entry.period)]
    parts += [said(name, getattr(entry, name)) for name in ("role", "zone", "basis", "status") if getattr(entry, name)]
    return ", ".join(parts)


def title_of(subject: PictureSubject, message: str) -> str:
    """Return the title of a picture.

    :param message: with a place for what it is of.
    """
    of = subject.facility.named() if subject.facility else subject.authorities.name(current_language())
    return tr(message, of=of)


IN_FULL: Final = mark("Caveats are named here; `testimony show CODE` prints each in full.")


def finish(  # noqa: PLR0913 - the parts of a picture, by keyword
    kind: str,
    subject: PictureSubject,
    *,
    title: str,
    summary: str,
    tables: Iterable[PictureTable],
    drawing: Drawing | None,
    reading: Iterable[str],
    caveats: Iterable[PictureCaveat],
    sources: Iterable[str],
    items: Iterable[dict[str, Any]],
) -> Picture:
    """Put a picture together.

    :param drawing: None where there is nothing to draw.
    """
    svg, height = drawing.finish(title, summary) if drawing else (Markup(""), 0.0)
    camp = subject.facility.id if subject.facility else ""
    every = tuple(table for table in tables if table.rows)
    warned, told = tuple(caveats), tuple(dict.fromkeys(sources))
    how = tuple(reading) if drawing else ()
    return Picture(
        kind=kind,
        camp=camp,
        title=title,
        summary=summary,
        tables=every,
        svg=svg,
        height=height,
        reading=how,
        caveats=warned,
        sources=told,
        data={
            "schema": fields.SCHEMA,
            "kind": kind,
            "camp": camp or None,
            "title": title,
            "summary": summary,
            "items": list(items),
            "tables": [
                {**table._asdict(), "columns": list(table.columns), "rows": list(map(list, table.rows))} for table in every
            ],
            "reading": list(how),
            "caveats": [caveat._asdict() for caveat in warned],
            "sources": list(told),
            "collection": subject.authorities.name(),
        },
        collection=subject.authorities.name(),
    )
