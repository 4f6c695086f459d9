"""What is asked and what is answered; never an object of the search library."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from archive.authority.gazetteer import FacilityId
from archive.errors import UnknownCode
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.record import languages
from archive.record.testimony import CampEntry, Passage, Reference, Testimony
from archive.text import join_list, near

if TYPE_CHECKING:
    from archive.record.dates import Bounds


SORTS = ("relevance", "code", "period", "recorded")
"""Best first, archive order, earliest time told of, earliest record; the undated come last."""
FACETS = (
    "camp",
    "decade",
    "flag",
    "topic",
    "kind",
    "role",
    "zone",
    "basis",
    "status",
    "reliability",
    "language",
)
ENTRY_FIELDS = ("camp", "zone", "role", "basis", "status")
"""The fields whose values must be met by one and the same entry of a passage."""


class Span(NamedTuple):
    """A period asked for, first and last day as ``yyyymmdd``; ``within`` asks for the strict reading.

    ``taken`` is the EDTF for which a period was taken that was written in another way, else "".
    """

    first: int
    last: int
    within: bool = False
    taken: str = ""


class Filters(NamedTuple):
    """Several values of one field: any of them. Several fields: all of them.

    ``all_topics`` asks for all of several topics in place of any. ``as_of``
    is a day as ``yyyymmdd``, 0 for none: what the public could know on it.
    Records that came later are left out; notes that could be known only
    later stay, and say so (`archive.record.testimony.Note.since`). ``since``
    is a day, 0 for none: only passages that have come in, or whose record was
    changed, or that got a caveat, on it or later (`archive.record.updates`).
    """

    camp: tuple[FacilityId, ...] = ()
    zone: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    period: tuple[Span, ...] = ()
    flag: tuple[str, ...] = ()
    without_flag: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    reliability: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    witness: tuple[str, ...] = ()
    recorded: tuple[Span, ...] = ()
    as_of: int = 0
    connection: tuple[str, ...] = ()
    without_topic: tuple[str, ...] = ()
    all_topics: bool = False
    since: int = 0


def day(written: int) -> str:
    """Write a day that is held as ``yyyymmdd``."""
    return f"{written // 10000:04}-{written // 100 % 100:02}-{written % 100:02}"


class Query(NamedTuple):
    """A search. ``words`` are as typed; ``limit`` None asks for all hits.

    ``shown_in`` is the language in which a passage is shown that its words do not choose, where there is a version in it: one
    that was found by a topic, by a claim or under filters alone. "" takes the record's own.
    """

    words: str = ""
    filters: Filters = Filters()
    limit: int | None = 10
    offset: int = 0
    facets: bool = False
    plain: bool = False
    any_of: bool = False
    sort: str = "relevance"
    group: bool = False
    together: bool = False
    exact: bool = False
    words_only: bool = False
    shown_in: str = ""


FOUND_BY = ("words", "claim", "topic", "topic-lead", "topic-rejected", "title", "work", "cites")
"""How a hit was found, the best first: by words in the passage, in a claim on it, by the topic of a claim that stands, of one
that is kept as a lead or rejected, by its title or words of a label that stand apart, as the text of a work that was named, by
citing it."""


class Hit(NamedTuple):
    """A passage that answers, with its record; ``matches`` are half-open offsets in ``passage.words``.

    ``found_by`` is one of `FOUND_BY`, "" where the words were taken as they are. ``updates`` say what has become of it since
    the day that was asked for (`archive.record.updates.UPDATES`), () where none was.
    """

    testimony: Testimony
    passage: Passage
    score: float
    matches: tuple[tuple[int, int], ...] = ()
    found_by: str = ""
    updates: tuple[str, ...] = ()


class FacetCount(NamedTuple):
    """How many passages and testimonies of an answer carry a value."""

    value: str
    passages: int
    testimonies: int


_OF_WORK = "work:"
MISSPELT = "misspelt"
"""Why a word was read as another from which it differs in one letter."""


class Expansion(NamedTuple):
    """Words of a query, the spellings that were looked for besides, and the facilities they may mean.

    ``parts``: a facility that was asked for, the parts of it that were taken along, and the ids of all.
    """

    word: str
    to: tuple[str, ...]
    why: tuple[str, ...]
    parts: bool = False

    @property
    def term(self) -> tuple[str, str] | None:
        """Return the list and the id of the term that the words were taken for, None where they are a name or a spelling."""
        name, colon, term = self.why[0].partition(":") if len(self.why) == 1 and not self.works else ("", "", "")
        return (name, term) if colon else None

    @property
    def works(self) -> tuple[str, ...]:
        """Return the ids of the works that the words name, () where they name none."""
        return tuple(each.removeprefix(_OF_WORK) for each in self.why if each.startswith(_OF_WORK))

    @property
    def facilities(self) -> tuple[str, ...]:
        """Return the facilities that a name in the words may mean, () where they are no such name."""
        return () if self.parts or self.term or self.works or self.why == (MISSPELT,) else self.why


class Coverage(NamedTuple):
    """What an answer was looked for in: ``searched`` records of ``of`` that this reader could hope for.

    ``unread_versions`` are the files of their words in other languages that nobody could read.
    """

    searched: int
    of: int
    unread_versions: int = 0

    @property
    def unread(self) -> int:
        """Count the files that nobody could read, so that no answer comes from them."""
        return self.of - self.searched + self.unread_versions


class Results(NamedTuple):
    """An answer: the page of hits that was asked for, and totals over all matches."""

    query: Query
    understood: str
    hits: tuple[Hit, ...]
    passages: int
    testimonies: int
    undated_left_out: int
    facets: Mapping[str, tuple[FacetCount, ...]]
    expanded: tuple[Expansion, ...] = ()
    suggestions: tuple[str, ...] = ()
    in_different_passages: int = 0
    coverage: Coverage = Coverage(0, 0)
    relaxed: tuple[Any, ...] = ()
    """What may be asked instead where nothing was found (`archive.search.relaxing.Relaxation`)."""
    found_by: Mapping[int, int] = MappingProxyType({})
    """How many passages were found at each place of `FOUND_BY`; {} where the words were taken as they are."""
    under: tuple[tuple[str, tuple[str, str, str]], ...] = ()
    """Words for something narrower that a term takes in, with the list and id of the term."""
    offered: tuple[tuple[str, tuple[str, str, str]], ...] = ()
    """Words that mean a term which is worth a filter and widens nothing."""
    not_required: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    """Where no passage has all of a longer query: the parts of which one, of many parts two, may be wanting in a passage."""
    still_on: tuple[tuple[str, tuple[str, str, str], int], ...] = ()
    """Words that no passage has, the list and id of the topic that they mean, and how many passages are on it all the same."""
    chosen: bool = False
    """Whether a person chose the passages one by one, so that nothing was asked."""
    without_day: int = 0
    """Passages that ``as_of`` leaves out because nobody can say since when their record is known."""
    without_history: int = 0
    """Passages that ``since`` leaves out because nobody can say when their record came in."""
    as_indexed: str = ""
    """As of when an answer is that looked at the index alone, in UTC; "" where the folder of the records was looked at."""


class Record(NamedTuple):
    """A whole record as a reader sees it: its passages in order, and its footnotes."""

    testimony: Testimony
    passages: tuple[Passage, ...]
    footnotes: tuple[str, ...]


class RecordOutline(NamedTuple):
    """A record without its words: its header, how many passages it has, and every entry that any of them has."""

    testimony: Testimony
    passages: int
    entries: tuple[CampEntry, ...]


def record_in(record: Record, language: str) -> Record | None:
    """Return a record as it reads in a language, with the passages that it has there; None where it has no version in it.

    :param language: "" for its own.
    """
    if not language or languages.is_own(record.testimony, language):
        return record
    version = languages.version_of(record.testimony, language)
    if version is None:
        return None
    by_number = {passage.number: passage for passage in record.passages}
    read = (languages.passage_in(passage, version.language, by_number.__getitem__) for passage in record.passages)
    passages = tuple(passage for passage in read if passage is not None)
    footnotes = tuple(dict.fromkeys(footnote for passage in passages for footnote in passage.footnotes))
    return Record(languages.testimony_in(record.testimony, version), passages, footnotes)


def unknown_code(code: str, known: Iterable[str]) -> UnknownCode:
    """Describe that there is no record of a code for this reader, and which codes are near."""
    close = near(code, known)
    remedy = tr("Did you mean {close}?", close=join_list(close)) if close else tr("`testimony stats` counts what is there.")
    return UnknownCode(tr("there is no testimony {code}", code=code), remedy, code)


def passages_of(record: Record, reference: Reference) -> tuple[Passage, ...]:
    """Return the passages that a reference names, all of them where it names none."""
    if not reference.paragraphs:
        return record.passages
    return tuple(passage for passage in record.passages if passage.number in reference.paragraphs)


def in_spans(period: "Bounds", spans: Iterable[Span]) -> bool:
    """Return whether a time meets one of the periods that were asked for."""
    return any(
        asked.first <= period.earliest and period.latest <= asked.last
        if asked.within
        else period.earliest <= asked.last and asked.first <= period.latest
        for asked in spans
    )
