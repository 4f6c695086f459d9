"""Documents that stand in the place of those that a generation has: of records that it knows too much about.

Where a record was closed after a generation was made, others still have its notes there, and are counted by their flags. What
they are without it is worked out from the files at hand; here it is judged and counted in place of what the cluster says.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from archive.engine import _documents as stored_documents
from archive.engine._attributes import FIRST_TO_LAST, FilterPredicate, PassageAttributes
from archive.engine._plan import OnTopic
from archive.engine.opensearch._filter_queries import Clause, all_of, any_of
from archive.engine.opensearch.documents import RECORD, columns_of, unpack
from archive.named_tuple import NamedTuple
from archive.search.model import ENTRY_FIELDS, Filters

DocumentsOf = Callable[[str], Iterable[tuple[str, Mapping[str, Any]]]]
"""Gives the documents of a record with their ids (`archive.engine.opensearch.documents.documents_of`)."""


class TakenBack(NamedTuple):
    """What may not be shown any more of an index.

    ``hidden``: codes of records of which nothing may be shown. ``amended``: codes of records that are shown as ``documents``
    gives them, whatever the index has of them.
    """

    hidden: frozenset[str] = frozenset()
    amended: frozenset[str] = frozenset()
    documents: DocumentsOf = lambda _: ()


NOTHING_TAKEN_BACK: Final = TakenBack()


class _Amended(NamedTuple):
    """The documents of all records that are amended: the records by code, the passages by id."""

    records: Mapping[str, stored_documents.StoredRecord]
    columns: Mapping[str, list[tuple[bytes, bytes]]]
    passages: Mapping[str, Mapping[str, Any]]


class Amendments:
    """The records that are shown otherwise than an index has them; they are read when one is first asked for."""

    def __init__(self, taken_back: TakenBack) -> None:
        """Take the codes, and what gives the documents."""
        self.codes: Final = taken_back.amended - taken_back.hidden
        self._documents = taken_back.documents

    @cached_property
    def _read(self) -> _Amended:
        amended = _Amended({}, {}, {})
        records, columns, passages = {}, {}, {}
        for code in sorted(self.codes):
            for identity, document in self._documents(code):
                if document["document"] == RECORD:
                    records[code] = unpack(document, stored_documents.StoredRecord)
                    columns[code] = columns_of(document)
                else:
                    passages[identity] = document
        return amended._replace(records=records, columns=columns, passages=passages)

    def records(self, codes: Iterable[str]) -> dict[str, stored_documents.StoredRecord]:
        """Return those of some records that are amended."""
        return {code: self._read.records[code] for code in codes if code in self.codes and code in self._read.records}

    def columns(self, codes: Iterable[str]) -> dict[str, list[tuple[bytes, bytes]]]:
        """Return what is filtered and counted by, of those of some records that are amended."""
        return {code: self._read.columns[code] for code in codes if code in self.codes and code in self._read.columns}

    def rows(self, identities: Iterable[str]) -> dict[str, stored_documents.Row]:
        """Return what is stored of those of some passages that are amended."""
        return {
            identity: unpack(self._read.passages[identity], stored_documents.unpack_passages)[0]
            for identity in identities
            if identity.rpartition("#")[0] in self.codes and identity in self._read.passages
        }

    def setting(self, identity: str) -> str | None:
        """Return the setting of a passage that is amended; None where there is no such passage."""
        document = self._read.passages.get(identity)
        return None if document is None else str(document["setting"])

    @property
    def here(self) -> Clause:
        """Return what finds the passages of the records that are amended."""
        return {"terms": {"code": sorted(self.codes)}}

    @property
    def elsewhere(self) -> Clause:
        """Return what finds all others."""
        return {"bool": {"must_not": [self.here]}}

    def filter_clauses(self, filters: Filters, clauses: list[Clause]) -> list[Clause]:
        """Return what finds the passages that pass some filters.

        :param clauses: what finds those of which an index knows no more than it should.
        """
        if not (self.codes and clauses):
            return clauses
        predicate = FilterPredicate(filters)
        passing = [identity for identity in self._read.passages if predicate.passes(self._attributes(identity))]
        return [self._with_those(clauses, passing)]

    def on_topic(self, plan: OnTopic, clause: Clause) -> Clause:
        """Return what finds the passages with a claim on a topic.

        :param clause: what finds those of which an index knows no more than it should.
        """
        if not self.codes:
            return clause
        predicate, topics = FilterPredicate(plan.filters), frozenset(plan.topics)
        passing = [
            identity
            for identity, document in self._read.passages.items()
            if predicate.standing(_concepts(document), topics) <= plan.standing
        ]
        return self._with_those([clause], passing)

    def _with_those(self, clauses: list[Clause], passing: list[str]) -> Clause:
        return any_of([all_of([*clauses, self.elsewhere]), {"ids": {"values": passing}}])

    def _attributes(self, identity: str) -> PassageAttributes:
        code, _, number = self._read.passages[identity]["setting"].rpartition("/")
        return PassageAttributes(*self._read.columns[code][int(number)])


def _concepts(document: Mapping[str, Any]) -> bytes:
    """Return the claims on a passage as `FilterPredicate.standing` reads them."""
    fields = (*ENTRY_FIELDS, *FIRST_TO_LAST)
    rows = [
        [claimed["topic"], claimed["standing"], [[claimed.get(field, 0) for field in fields]]] for claimed in document["claimed"]
    ]
    return json.dumps(rows).encode()
