"""The answer to a search as a document that can be handed on: what is in it, and the state of what it was taken from."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.citing import citation
from archive.named_tuple import NamedTuple
from archive.record.passages import Find
from archive.record.testimony import Cite, Testimony
from archive.search.model import Filters, Hit, Query, Record, Results
from archive.text import fold
from archive.weighing import corroboration
from archive.weighing.claims import rows_of
from archive.weighing.corroboration import Attestation

MOST: Final = 200
"""Passages that a dossier holds unless it is told otherwise."""


_NO_FIELDS: Final[Mapping[str, Any]] = {}


class Work(NamedTuple):
    """A work that is cited, by its id ("" where a record brings its own), the records that cite it, and its CSL-JSON fields."""

    ref: str
    named: str
    address: str
    codes: tuple[str, ...]
    csl: Mapping[str, Any] = _NO_FIELDS


class Dossier(NamedTuple):
    """What a dossier tells beside its excerpts.

    ``day`` is ISO 8601; ``fingerprint`` is of the whole public collection, in
    64 hex digits; ``made_by`` is the format and program of the index.
    """

    title: str
    day: str
    results: Results
    told: tuple[Attestation, ...]
    works: tuple[Work, ...]
    conflicts: tuple[str, ...]
    fingerprint: str
    made_by: str
    authorities: Authorities


def today() -> str:
    """Return the day of a dossier where none is given: that of this machine's clock and place."""
    return dt.datetime.now().astimezone().date().isoformat()


def fingerprint(records: Iterable[Record]) -> str:
    """Return a hash over all records as a reader sees them: words, headers and notes, the same wherever they lie.

    :param records: in archive order.
    """
    hashed = hashlib.sha256()
    for record in records:
        # Where a file lies, and the hash of all its bytes, are not what a reader sees.
        versions = tuple(version._replace(path="", body="", body_line=0, fixity="") for version in record.testimony.versions)
        seen = record.testimony._replace(path="", body="", body_line=0, fixity="", versions=versions)
        line = json.dumps([seen, record.passages, record.footnotes], ensure_ascii=False, separators=(",", ":"))
        hashed.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return hashed.hexdigest()


def attestations(
    query: Query, hits: Iterable[Hit], authorities: Authorities, search: Callable[[Query], Results], find: Find
) -> tuple[Attestation, ...]:
    """Return who was where and when, for the camps of an answer; those who speak are those whose passages are given.

    :param query: what was asked.
    :param hits: the passages that are given.
    :param search: answers a query.
    :param find: gives a record that may be read by its code.
    """
    asked = query.filters
    rows = [row for hit in hits for row in rows_of(hit, asked, authorities, find)]
    camps = asked.camp or tuple(dict.fromkeys(entry.camp for row in rows for entry in row.entries if entry.camp))
    if not camps:
        return ()
    wanted = Filters(camp=camps, period=asked.period, as_of=asked.as_of)
    accounts = search(query._replace(words="", filters=Filters(camp=camps, as_of=asked.as_of), limit=None, offset=0, sort="code"))
    speaking = [(row.hit.testimony, entry, not row.not_counted) for row in rows for entry in row.entries]
    return tuple(corroboration.attestation(corroboration.tellers(accounts.hits, wanted), speaking, wanted, authorities))


def works(hits: Iterable[Hit], authorities: Authorities) -> tuple[Work, ...]:
    """Return every work that a passage, its caveats or its record cite, each once, by name."""
    cited: dict[str, tuple[str, dict[str, Any], dict[str, None]]] = {}

    def add(ref: str, csl: Any, code: str) -> None:  # noqa: ANN401 - CSL-JSON
        fields = dict(csl or authorities.sources.get(ref, {}).get("csl", {}))
        if ref in authorities.conflicts or not (ref or fields):
            return
        named = citation.work(fields) if fields else ref
        cited.setdefault(ref or named, (ref, fields, {}))[2][code] = None

    for hit in (each for _, own in group(hits) for each in own):
        source, code = hit.testimony.source, hit.testimony.code
        add(source.ref, source.csl, code)
        add(source.through, source.through_csl, code)
        for cite in _cites(hit):
            add(cite.ref, None, code)
    every = [
        Work(
            ref, citation.work(fields) if fields else ref, str(fields.get("URL") or fields.get("DOI") or ""), tuple(codes), fields
        )
        for ref, fields, codes in cited.values()
    ]
    return tuple(sorted(every, key=lambda work: (fold(work.named), work.named, work.ref)))


def conflicts(hits: Iterable[Hit], authorities: Authorities) -> tuple[str, ...]:
    """Return the ids of the contradictions that passages or their caveats cite, in the archive's order."""
    cited = {cite.ref for hit in hits for cite in _cites(hit)}
    return tuple(name for name in authorities.conflicts if name in cited)


def _cites(hit: Hit) -> list[Cite]:
    return [*hit.passage.cites, *(cite for note in hit.passage.notes for cite in note.cites)]


def group(hits: Iterable[Hit]) -> list[tuple[Testimony, list[Hit]]]:
    """Bring the passages of each testimony together, in the order of the record; testimonies as they were found."""
    groups: dict[str, tuple[Testimony, list[Hit]]] = {}
    for hit in hits:
        groups.setdefault(hit.testimony.code, (hit.testimony, []))[1].append(hit)
    return [(testimony, sorted(own, key=lambda hit: hit.passage.number)) for testimony, own in groups.values()]
