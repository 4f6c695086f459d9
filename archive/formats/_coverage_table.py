"""Who was there to tell, as a table: a row a camp and vantage point, a column a decade."""

from collections.abc import Iterable
from typing import Final

from archive.authority.authorities import Authorities
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.text import join_list
from archive.weighing.corroboration import UNDATED, Attestation

NO_CAMP: Final = mark("no camp named")


class CoverageTable(NamedTuple):
    """A table of who tells: a row a camp and vantage point that tells of it, a column a decade."""

    decades: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    remarks: tuple[str, ...]


SPEAK: Final = mark(
    "Each cell: how many accounts speak of it / how many there are from that camp, decade and vantage point. "
    "0/2: two accounts, in which no claim is entered on it. -: no account at all, so that nobody was there to tell. "
    "h: none of the accounts is first-hand or by an eyewitness. *: some of what speaks of it is not counted as telling it "
    "(taken back, rejected, a lead). Accounts are counted here, not roots."
)
"""How to read the table where topics were compared."""
QUOTED: Final = mark(
    "Each cell: how many accounts are quoted here / how many there are from that camp, decade and vantage point. "
    "0/2: two accounts, not quoted here; they may still tell of it in other words. -: no account at all, so that nobody was "
    "there to tell. h: none of the accounts is first-hand or by an eyewitness. *: some of what is quoted here is not counted as "
    "telling it (taken back, rejected, a lead). Accounts are counted here, not roots."
)
"""How to read it where words were searched for."""


def coverage_table(coverage: Iterable[Attestation], authorities: Authorities, *, each_missing: bool) -> CoverageTable:
    """Lay the coverage out, and name what has no account at all.

    :param each_missing: name the vantage points that are missing for each camp.
    """
    every = list(coverage)
    undated = any(row.decade == UNDATED and row.accounts + row.speak for row in every)
    decades = tuple(sorted({row.decade for row in every if row.decade and (row.decade != UNDATED or undated)}))
    rows, remarks = [], []
    empty = [row.camp for row in every if not row.decade]
    by_camp: dict[str | None, dict[tuple[str, str], Attestation]] = {}
    for row in every:
        if row.decade:
            by_camp.setdefault(row.camp, {})[row.vantage, row.decade] = row
    for camp, own in by_camp.items():
        named = authorities.gazetteer.label(camp) if camp else tr(NO_CAMP)
        vantages = list(dict.fromkeys(vantage for vantage, _ in own))
        telling = list(dict.fromkeys(vantage for (vantage, _), row in own.items() if row.accounts + row.speak))
        rows += [
            (
                f"{named}: {authorities.vocabulary.said('connection', vantage_told)}",
                tuple(_cell(own.get((vantage_told, decade))) for decade in decades),
            )
            for vantage_told in telling
        ]
        missing = [
            authorities.vocabulary.said("connection", vantage_told) for vantage_told in vantages if vantage_told not in telling
        ]
        if not telling:
            remarks.append(tr("{named}: no account at all.", named=named))
        elif missing and each_missing:
            remarks.append(tr("{named}: no account at all from {missing}.", named=named, missing=join_list(missing)))
    if empty:
        remarks.append(
            tr(
                "No account here speaks of these: {empty}.",
                empty="; ".join(authorities.gazetteer.label(camp) for camp in empty if camp),
            )
        )
    return CoverageTable(decades, tuple(rows), tuple(remarks))


def _cell(row: Attestation | None) -> str:
    if row is None:
        return ""
    if not row.accounts + row.speak:
        return "-"
    second = "h" if not row.first_hand else ""
    return f"{row.speak}/{max(row.accounts, row.speak)}{second}{'*' if row.counted < row.speak else ''}"
