"""The one object that a front holds: a collection, seen through a clearance. Everything that a command does is a method of it.

What a search needs is imported here; every other room is loaded by its name
when a method needs it, so that a search stays quick to start.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, Unpack

from archive.authority.authorities import Authorities
from archive.citing.excerpt import LONGEST, Excerpt, RecordOutput, RenderedHit, SearchOutput, cut, show_with
from archive.errors import (
    ArchiveError,
    BadReference,
    ConflictingOptions,
    EmptyCollection,
    MuddledInstallation,
    UnknownCode,
    UnknownTerm,
    Unreadable,
    Withdrawn,
)
from archive.formats.registry import PICTURE_FILES, PICTURES, digits, export_writer, in_full, writer
from archive.indexing.session import IndexSession, Say
from archive.keeping.keeper import Keeper
from archive.language.messages import ENGLISH, in_english, other_than_english, speaking, tr
from archive.record.testimony import PUBLIC, Clearance, Note, Passage, Reference, Testimony, notes_of, reference
from archive.search.filters import build_filters, build_query
from archive.search.filters import since as parse_since
from archive.search.model import SORTS, Coverage, Filters, Hit, Query, Record, Results, passages_of, record_in, unknown_code
from archive.storage import record_files, shipped
from archive.text import count_of, join_list, squash

if TYPE_CHECKING:
    from archive.citing.excerpt import Shown
    from archive.citing.printed_page import PageLine
    from archive.citing.reprint import Reprint
    from archive.citing.saved_searches import SavedSearches, WatchedAnswer
    from archive.citing.selection import Selection
    from archive.citing.verification import Verdict
    from archive.collection.history import History, PastWords
    from archive.engine.whoosh.indexer import Progress
    from archive.formats.bibliography.entries import CitedWork, Entry
    from archive.formats.bibliography.styled import Styled
    from archive.formats.comparison import ComparisonOutput
    from archive.formats.dossier_content import Document
    from archive.formats.export_content import ExportedCollection
    from archive.formats.picture import Picture
    from archive.formats.template_fields import Template
    from archive.formats.text.change_log import ChangeLog
    from archive.formats.text.facility import Conflict, FacilityPage
    from archive.formats.text.lineage import Lineage
    from archive.formats.text.overview import Overview
    from archive.formats.text.record_list import RecordList
    from archive.formats.text.topics import TopicTree
    from archive.formats.text.witness_page import People
    from archive.formats.verdicts import Verified
    from archive.indexing.update import UpdateReport
    from archive.keeping.authority_edit import AddedEntries as AddedEntries  # noqa: PLC0414 - as below
    from archive.keeping.bag import BagDifference as BagDifference  # noqa: PLC0414 - fronts name its type
    from archive.keeping.diagnosis import Examined as Examined  # noqa: PLC0414 - as above
    from archive.keeping.importing.alignment import AlignedVersion as AlignedVersion  # noqa: PLC0414 - as above
    from archive.keeping.importing.plan import ImportedFile as ImportedFile  # noqa: PLC0414 - as above
    from archive.keeping.importing.plan import Proposal as Proposal  # noqa: PLC0414 - as above
    from archive.keeping.new_collection import Begun as Begun  # noqa: PLC0414 - as below
    from archive.keeping.outcomes import Manifest as Manifest  # noqa: PLC0414 - as above
    from archive.keeping.outcomes import Resealed as Resealed  # noqa: PLC0414 - as above
    from archive.keeping.outcomes import WrittenBag as WrittenBag  # noqa: PLC0414 - as above
    from archive.keeping.record_editor import Draft as Draft  # noqa: PLC0414 - as above
    from archive.keeping.record_editor import DraftRow as DraftRow  # noqa: PLC0414 - as above
    from archive.keeping.record_editor import KeptRecord as KeptRecord  # noqa: PLC0414 - as above
    from archive.keeping.record_editor import NewWords as NewWords  # noqa: PLC0414 - as above
    from archive.keeping.record_editor import Revised as Revised  # noqa: PLC0414 - as above
    from archive.keeping.record_editor import StaleBinding as StaleBinding  # noqa: PLC0414 - as above
    from archive.publishing.publish import EditionDifference as EditionDifference  # noqa: PLC0414 - fronts name its type
    from archive.publishing.publish import PublishedEdition as PublishedEdition  # noqa: PLC0414 - as above
    from archive.search.filters import FilterOptions, SearchOptions
    from archive.storage.outside import OutputFile as OutputFile  # noqa: PLC0414 - as above
    from archive.weighing.accounts import PictureSubject
    from archive.weighing.comparison import CampTellers, Comparison
    from archive.weighing.versions import Version

# The rooms that are loaded by name, and only when they are needed; the test of
# the house counts them as imports of this one.
REMOTE: Final = "archive.indexing.remote_session"
AS_INDEXED: Final = "archive.indexing.as_indexed"
READ: Final = "archive.reader.read"
HISTORY: Final = "archive.collection.history"
INSTALLATION: Final = "archive.storage.installation"
UPDATES: Final = "archive.record.updates"
INDEX_STATE: Final = "archive.storage.index_state"
CITATION: Final = "archive.citing.citation"
SELECTION: Final = "archive.citing.selection"
SAVED_SEARCHES: Final = "archive.citing.saved_searches"
MENTIONS: Final = "archive.citing.mentions"
VERIFICATION: Final = "archive.citing.verification"
VERSIONS: Final = "archive.weighing.versions"
ACCOUNTS: Final = "archive.weighing.accounts"
COMPARISON: Final = "archive.weighing.comparison"
DOSSIER: Final = "archive.weighing.dossier"
PEOPLE: Final = "archive.weighing.people"
REPRINTS: Final = "archive.formats.reprints"
EXPORT_CONTENT: Final = "archive.formats.export_content"
BAG: Final = "archive.keeping.bag"
OUTSIDE: Final = "archive.storage.outside"
AUDIT: Final = "archive.storage.audit"
SKOS: Final = "archive.formats.data.skos"
COMPARISON_OUTPUT: Final = "archive.formats.comparison"
DOSSIER_CONTENT: Final = "archive.formats.dossier_content"
STYLED: Final = "archive.formats.bibliography.styled"
ENTRIES: Final = "archive.formats.bibliography.entries"
FACILITY: Final = "archive.formats.text.facility"
NOTEBOOK: Final = "archive.formats.html.notebook"
DOSSIER_FILES: Final = "archive.formats.dossier_files"
TEMPLATE_FIELDS: Final = "archive.formats.template_fields"
TEMPLATES: Final = "archive.documents.template"
LINEAGE: Final = "archive.formats.text.lineage"
OVERVIEW: Final = "archive.formats.text.overview"
CHANGE_LOG: Final = "archive.formats.text.change_log"
RECORD_LIST: Final = "archive.formats.text.record_list"
TOPICS: Final = "archive.formats.text.topics"
WORKBOOK: Final = "archive.formats.data.xlsx"
WITNESS_PAGE: Final = "archive.formats.text.witness_page"
VERIFYING: Final = "archive.formats.verifying"
MARGIN: Final = "archive.formats.document.margin"
RELAXING: Final = "archive.search.relaxing"
PUBLISH: Final = "archive.publishing.publish"
PAGE_CHECK: Final = "archive.publishing.page_check"

WHOOSH: Final = "whoosh"
ENGINES: Final = (WHOOSH, "opensearch")
"""What answers queries: an index on this machine, or a cluster that the person has set."""

__all__ = ["ENGINES", "WHOOSH", "Archive"]


class Archive(Keeper):
    """A collection as a reader of a clearance sees it.

    >>> from archive import Archive
    >>> with Archive("collection") as archive:
    ...     archive.search("hunger", camp="14").shown[0].reference
    'NKT-0001#p2'

    :param root: the folder that holds ``testimonies``.
    :param clearance: "public" or "restricted".
    :param say: is told when an index is built, refreshed, or kept in memory.
    :param progress: wraps the codes that are being worked on, where that may take long.
    :param identity: the file that opens sealed records, for a clearance above public.
    :param engine: one of `ENGINES`: "whoosh" answers from an index on this machine, "opensearch" from the cluster that is set.
    :param as_indexed: answer from the index on this machine as it is, without a look at the folder of the records: what was
        changed, closed or withdrawn since then still reads as it did, so say as of when (`Results.as_indexed`).
    :raises ConflictingOptions: ``as_indexed`` with another engine, or with an identity.
    :raises NoCollection: the root holds no folder of testimonies.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a reading needs, each with a meaning of its own
        self,
        root: Path | str,
        clearance: Clearance | str = PUBLIC,
        say: Say = lambda _: None,
        progress: "Progress" = iter,
        identity: Path | str | None = None,
        engine: str = WHOOSH,
        *,
        as_indexed: bool = False,
    ) -> None:
        """Remember where; nothing is opened before it is asked for."""
        if engine not in ENGINES:
            message = tr("there is no engine {engine!r}", engine=squash(engine)[:40])
            raise UnknownTerm(message, tr("Known are {names}.", names=join_list(ENGINES, "and")))
        self.engine = engine
        self.identity = Path(identity) if identity else None
        self.root = record_files.find_root(str(Path(root)), Path.cwd)
        self.clearance = Clearance(clearance)
        self._say = say
        self._progress = progress
        if as_indexed and (engine != WHOOSH or (self.identity and self.clearance != PUBLIC)):
            message = tr("to answer as indexed is of the index on this machine, in which no sealed record is")
            raise ConflictingOptions(message, tr("Leave out --as-indexed, or --engine and --identity."))
        opened: type[IndexSession] = IndexSession
        if as_indexed or engine != WHOOSH:
            opened = import_module(AS_INDEXED).AsIndexedSession if as_indexed else import_module(REMOTE).RemoteSession
        self._session = opened(self.root, self.clearance, say, progress, self.identity)

    @staticmethod
    def find_root(named: str | None, here: Callable[[], Path]) -> Path:
        """Return the root of a collection: the folder named, else the nearest parent of ``here`` with ``testimonies``.

        :raises NoCollection: there is none.
        """
        return record_files.find_root(named, here)

    @staticmethod
    def shipped_root() -> Path:
        """Return the root of the archive that comes with the program, to be read in place.

        :raises NoCollection: this installation has none.
        """
        return shipped.root()

    @staticmethod
    def log_command(file: Path, root: Path | None, clearance: str, arguments: Sequence[str]) -> None:
        """Write a line for a command into a log that the person asked for; see `archive.storage.audit.append`."""
        import_module(AUDIT).append(file, root, clearance, arguments)

    @staticmethod
    def broken_installation() -> ArchiveError | None:
        """Return what is wrong with the installed packages; None where nothing is. Takes its time."""
        for muddle in import_module(INSTALLATION).muddles():
            return MuddledInstallation(f"{muddle.folder}: {muddle.what}", muddle.remedy)
        return None

    def __enter__(self) -> Self:
        """Return the archive itself; nothing is opened yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the index."""
        self.close()

    def close(self) -> None:
        """Let go of the index, where one was opened."""
        self._session.close()
        if "_public" in self.__dict__:
            self._public.close()

    # What is open

    @property
    def authorities(self) -> Authorities:
        """What the archive has agreed on, as it was when the index was made."""
        return self._session.authorities

    @property
    def agreed(self) -> Authorities:
        """What the archive has agreed on, also where there is no record yet."""
        try:
            return self.authorities
        except EmptyCollection:
            authorities: Authorities = import_module(READ).read_authorities(self.root)
            return authorities.for_readers_of(())

    @property
    def coverage(self) -> Coverage:
        """How many records an answer is looked for in, of how many that this reader could hope for."""
        return self._session.coverage

    @property
    def unreadable(self) -> int:
        """How many files nobody could read, so that no answer comes from them; `check` names every fault."""
        try:
            return self.coverage.unread
        except EmptyCollection:
            return 0

    @property
    def state(self) -> str:
        """A name of the state of the collection that answers come from: the same for two that answer alike.

        It is made of the files, and so it is nothing to be shown: it would tell of words that are withheld.
        """
        return self._session.head.answers

    def is_current(self) -> bool:
        """Return whether what is open is still the collection as it lies in its folder."""
        return self._session.is_current()

    def withdrawn(self) -> frozenset[str]:
        """Return the codes of records that were withdrawn after they had been public: all that is told of them."""
        return frozenset(self._session.head.withdrawn)

    def codes(self) -> Sequence[str]:
        """Return every code in archive order."""
        return self._session.run(lambda engine: list(engine.codes()))

    def known_authorities(self) -> Authorities | None:
        """Return the authorities of the last index without making anything; None where there is none.

        For completion in a shell, which must be quick and never writes.
        """
        return self._session.known_authorities()

    def known_codes(self) -> Sequence[str]:
        """Return the codes in the index where it is fresh, without making anything."""
        return self._session.known_codes()

    def update(self, *, rebuild: bool = False, deep: bool = False) -> "UpdateReport":
        """Make the index equal to the collection, and report.

        The indexes of other clearances too, where there are any, so that no words stay that are gone.

        :param deep: hash every record and every index file, whatever their sizes and times say.
        :raises OSError: it cannot be written.
        """
        return self._session.update(rebuild=rebuild, deep=deep)

    # Find

    def filters(self, **named: Unpack["FilterOptions"]) -> Filters:
        """Return filters of what a person writes, as ``camp="14"`` or ``flag=["recanted", "revised"]``.

        :raises UsageFault: a value is unknown, ambiguous, or no date.
        """
        return build_filters(named, lambda: self.authorities)

    def search(self, words: str | Query = "", /, **options: Unpack["SearchOptions"]) -> SearchOutput:
        """Find passages by words and by what they are about; each comes with every caveat in force at it and its citation.

        >>> archive.search('"coal mine" -gold', limit=3, without_flag="recanted").results.understood
        '"coal mine" AND NOT gold'

        :param words: all must occur; "a phrase", OR, NOT and parentheses are understood. Without words the filters choose.
        :param options: filters, as ``camp="14"``, and the fields of `archive.search.model.Query`, as ``limit=5``.
        :raises BadQuery: the words cannot be read.
        :raises UsageFault: a filter is unknown, ambiguous, or no date.
        """
        return self.excerpts(self.answer(self._query(words, options)))

    def _query(self, words: str | Query, options: Mapping[str, Any]) -> Query:
        return words if isinstance(words, Query) else build_query(words, options, lambda: self.authorities)

    def answer(self, query: Query) -> Results:
        """Answer a query without excerpts, for what counts or compares.

        :raises BadQuery: its words cannot be read.
        """
        try:
            results = self._session.run(lambda engine: engine.search(query))
        except UnknownCode as error:
            raise (self._not_found(error.code) if self.is_unread(error.code) else error) from None
        relaxed = (
            ()
            if results.passages or not query.words
            else import_module(RELAXING).suggest_relaxed(
                results,
                lambda each: self._session.run(lambda engine: engine.search(each)),
                self.authorities.gazetteer.parts,
            )
        )
        return results._replace(
            coverage=self.coverage, relaxed=relaxed, hits=self._update_hits(results), as_indexed=self._session.as_of
        )

    @staticmethod
    def _update_hits(results: Results) -> tuple[Hit, ...]:
        """Return the hits, each with what has become of it since the day that was asked for."""
        day = results.query.filters.since
        if not day:
            return results.hits
        since = import_module(UPDATES).updates_since
        return tuple(hit._replace(updates=since(hit.testimony, hit.passage, day)) for hit in results.hits)

    def excerpts(self, results: Results, form: str = "json", *, longest: int = LONGEST) -> SearchOutput:
        """Cut the excerpt of every hit for a format; all but text give everything in full."""
        shown = tuple(
            RenderedHit(hit, self.cut(hit, digits=digits(form), in_full=in_full(form), longest=longest)) for hit in results.hits
        )
        return SearchOutput(results, shown, self.authorities)

    def cut(self, hit: Hit, *, digits: int, in_full: bool, whole: bool = False, longest: int = LONGEST) -> Excerpt:
        """Cut the excerpt of a hit; see `archive.citing.excerpt.cut`."""
        return cut(hit, self.authorities, digits=digits, in_full=in_full, longest=None if whole else longest)

    def list(self, filters: Filters | None = None, /, *, sort: str = "code", **named: Unpack["FilterOptions"]) -> "RecordList":
        """Return the records that match filters: who speaks, as what, of where and when, and which caveats are in force.

        :param sort: one of `archive.formats.text.record_list.SORTS`.
        """
        asked = filters if filters is not None else self.filters(**named)
        results = self.answer(Query(filters=asked, limit=None, sort=sort if sort in SORTS else "code"))
        every = results
        if asked != Filters(as_of=asked.as_of):
            every = self.answer(Query(filters=Filters(as_of=asked.as_of), limit=None, sort="code"))
        records: RecordList = import_module(RECORD_LIST).gather(results, every.hits, sort, self.authorities)
        return records

    def facets(self, words: str = "", filters: Filters | None = None, /, **named: Unpack["FilterOptions"]) -> SearchOutput:
        """Count an answer, or the whole collection, by camp, decade, flag, topic and so on; no hits are given."""
        asked = filters if filters is not None else self.filters(**named)
        return SearchOutput(self.answer(Query(words, asked, limit=0, facets=True)), (), self.authorities)

    def stats(self) -> "Overview":
        """Return the size of the collection, and from which vantage point each camp and decade is told."""
        counted, coverage, authorities = import_module(OVERVIEW).count, self.coverage, self.authorities
        overview: Overview = self._session.run(lambda engine: counted(engine.outlines(), coverage, authorities))
        return overview

    def camp(self, name: str) -> "FacilityPage":
        """Return what is stated of a facility by whom, what is contested, and who speaks of it.

        >>> archive.camp("요덕").facility.id
        'kwalliso-15'

        :param name: a name, number, Hangul spelling or id.
        :raises UnknownFacility: there is none of that name.
        """
        authorities = self.agreed
        wanted = authorities.gazetteer.resolve(name)
        results = self._answer_or_empty(Query(filters=Filters(camp=(wanted, *authorities.gazetteer.parts(wanted))), limit=None))
        page: FacilityPage = import_module(FACILITY).FacilityPage(authorities.gazetteer[wanted], results, authorities)
        return page

    def camps(self) -> SearchOutput:
        """Return all facilities, as the facets of the whole collection count them and its authorities describe them."""
        return SearchOutput(self._answer_or_empty(Query(limit=0, facets=True)), (), self.agreed)

    def _answer_or_empty(self, query: Query) -> Results:
        try:
            return self.answer(query)
        except EmptyCollection:
            return Results(query=query, understood="", hits=(), passages=0, testimonies=0, undated_left_out=0, facets={})

    def picture(self, kind: str, camp: str = "") -> "Picture":
        """Return a picture of a facility, or of the whole collection: a table, a drawing, its caveats and its sources.

        >>> archive.picture("timeline", "15").tables[0].columns[:3]
        ('No.', 'About', 'Date')

        :param kind: one of `archive.formats.registry.PICTURES`.
        :param camp: a name, number, Hangul spelling or id; "" for the whole collection.
        :raises UnknownTerm: there is no such kind.
        :raises UnknownFacility: there is no facility of that name.
        """
        if kind not in PICTURES:
            message = tr("there is no picture {kind!r}", kind=kind[:40])
            raise UnknownTerm(message, tr("Name one of these: {kinds}.", kinds=join_list(PICTURES)))
        authorities = self.agreed
        wanted = authorities.gazetteer.resolve(camp) if camp else None
        of: Any = import_module(ACCOUNTS)
        subject = of.picture_subject(wanted, authorities, self._answer_or_empty, self._find_or_none, self._pointing_or_none)
        draw: Callable[[PictureSubject], Picture] = import_module(PICTURES[kind]).draw
        picture = draw(subject)
        if other_than_english():
            with speaking(ENGLISH):  # what programs read is the same in every language
                picture = picture._replace(data=draw(subject).data)
        return picture

    def _find_or_none(self, code: str) -> Record | None:
        try:
            return self.find(code)
        except EmptyCollection:
            return None

    def _pointing_or_none(self, code: str) -> tuple[str, ...]:
        try:
            return self.pointing(code)
        except EmptyCollection:
            return ()

    def picture_file(self, picture: "Picture", form: str) -> bytes:
        """Return a picture as the bytes of a file, with its caveats and its sources in it.

        :param form: one of `archive.formats.registry.PICTURE_FILES`.
        :raises MissingExtra: typst, which writes PNG, is not installed.
        :raises CannotTypeset: no font with Hangul is installed, or none has another sign of it.
        """
        written: bytes = import_module(PICTURE_FILES[form]).write(picture, form)
        return written

    def conflicts(self, name: str = "") -> "Sequence[Conflict]":
        """Return the contradictions that the archive keeps, of a facility or all."""
        authorities = self.agreed
        wanted = authorities.gazetteer.resolve(name) if name else None
        conflicts: Sequence[Conflict] = import_module(FACILITY).conflicts_of(authorities, wanted)
        return conflicts

    def topics(self, word: str = "") -> "TopicTree":
        """Return the topics of the thesaurus with how many passages are on each, or those that a word stands for.

        :param word: an id, a label or another word of a topic in any language; "" for all topics.
        :raises UnknownTerm: there is no such topic; near ones are named.
        """

        def count_claims(topic: str) -> int:
            return self._answer_or_empty(Query(words=f"topic:{topic}", limit=0)).passages

        whole = self._answer_or_empty(Query(limit=0, facets=True))
        topics: TopicTree = import_module(TOPICS).gather(word, whole, self.agreed, count_claims)
        return topics

    # Read

    def record(self, code: str) -> Record:
        """Return a record.

        :raises UnknownCode: there is none of that code for this reader; near codes are suggested.
        """
        found = self.find(code)
        if found is None and code in self.withdrawn():
            message = tr("{code} was withdrawn after it had been public", code=code)
            raise Withdrawn(message, tr("Nothing of it is shown any more; do not cite it."))
        if found is None:
            raise self._not_found(code)
        return found

    def _not_found(self, code: str) -> UnknownCode:
        if self.is_unread(code):
            message = tr("{code} is a testimony whose file cannot be read at present", code=code)
            return Unreadable(message, tr("Ask again later; the keepers find out with `testimony check` what is wrong."))
        return unknown_code(code, self.codes())

    def is_version_unread(self, code: str, language: str) -> bool:
        """Return whether a record that this reader may read has a file in a language that nobody can read at present."""
        paths = (path for path in self._session.head.unreadable_versions if record_files.code_of(path) == code)
        return any(record_files.tag_of(path).casefold() == language.casefold() for path in paths)

    def is_unread(self, code: str) -> bool:
        """Return whether a record could be read once by this reader, and its file cannot be read at present."""
        return code in self._session.head.unread

    def places(self, sha256: str, language: str = "") -> tuple[Reference, ...]:
        """Return where the words with a hash stand, of what this reader may read; 16 digits of it are enough.

        :param language: of a version; "" for the records' own words.
        """
        return self._session.run(lambda engine: engine.places(sha256, language))

    def records(self) -> Iterable[Record]:
        """Return every record in archive order."""
        return map(self.record, self.codes())

    def find(self, code: str) -> Record | None:
        """Return a record, or None where there is none of that code for this reader."""
        return self._session.run(lambda engine: engine.record(code))

    def testimony(self, code: str) -> Testimony | None:
        """Return a record without its passages, or None where there is none of that code for this reader."""
        record = self.find(code)
        return record.testimony if record else None

    def passages(self, wanted: Reference, language: str = "") -> tuple[Record, tuple[Hit, ...]]:
        """Return the passages that a reference names, as hits without marks.

        :param language: of a version of the record; "" for its own words.
        :raises UnknownCode: there is no such record, no such paragraph in it, or neither in this language.
        """
        whole = self.record(wanted.code)
        missing = [number for number in wanted.paragraphs if number > len(whole.passages)]
        if missing:
            message = tr("{code} has no paragraph {missing}", code=wanted.code, missing=missing[0])
            raise UnknownCode(message, tr("It has {count}.", count=count_of(len(whole.passages), "paragraph", "paragraphs")))
        record = record_in(whole, language)
        if record is None and self.is_version_unread(wanted.code, language):
            message = tr("the version of {code} in {language} cannot be read at present", code=wanted.code, language=language)
            hint = tr(
                "Leave --language out for the record's own words; the keepers find out with `testimony check` what is wrong."
            )
            raise Unreadable(message, hint)
        if record is None:
            spoken = [whole.testimony.language, *(version.language for version in whole.testimony.versions)]
            message = tr("{code} has no version in {language!r}", code=wanted.code, language=squash(language)[:40])
            raise UnknownCode(message, tr("It is here in {spoken}.", spoken=join_list(spoken, "and")))
        named = passages_of(record, wanted)
        if wanted.paragraphs and not named:
            message = tr("{wanted} is not in the version in {language}", wanted=wanted, language=record.testimony.language)
            raise UnknownCode(message, tr("Leave --language out for the record's own words."))
        return record, tuple(Hit(record.testimony, passage, 0.0) for passage in named)

    def show(self, wanted: Reference | str, form: str = "json", *, around: int = 0, language: str = "") -> RecordOutput:
        """Return a record, or some of its paragraphs, with its caveats beside the passages.

        >>> archive.show("NKT-0001#p3", around=1)
        <RecordOutput NKT-0001; shown: NKT-0001#p2, NKT-0001#p3, NKT-0001#p4>

        :param wanted: a code, as "NKT-0002", or paragraphs, as "NKT-0001#p3-5".
        :param form: the format that it is for; citations in text and Markdown name the caveats, which stand beside them.
        :param around: paragraphs before and after those named.
        :param language: of a version of the record; "" for its own words.
        :raises UnknownCode: there is no such record, no such paragraph in it, or neither in this language.
        """
        return self._show(_reference(wanted), form, around=around, language=language, stated=in_full(form))

    def _show(self, wanted: Reference, form: str, *, around: int = 0, language: str, stated: bool) -> RecordOutput:
        """Return passages of a record.

        :param stated: whether a citation states each caveat.
        """
        if wanted.paragraphs and around:
            last = len(self.record(wanted.code).passages)
            near = range(max(1, wanted.paragraphs[0] - around), min(last, wanted.paragraphs[-1] + around) + 1)
            wanted = wanted._replace(paragraphs=tuple(near) if wanted.paragraphs[0] <= last else wanted.paragraphs)
        record, hits = self.passages(wanted, language)
        numbers = wanted.paragraphs or range(1, len(self.record(wanted.code).passages) + 1)
        missing = tuple(sorted({*numbers} - {hit.passage.number for hit in hits}))
        shown = tuple(RenderedHit(hit, self.cut(hit, digits=digits(form), in_full=stated, whole=True)) for hit in hits)
        citation = ""  # in text, that of the record stands where the record was asked for
        if not (form == "text" and wanted.paragraphs):
            notes = notes_of(record.passages)
            citation = import_module(CITATION).of_record(
                record.testimony, notes, self.authorities, digits=digits(form), in_full=stated
            )
        return RecordOutput(record, shown, citation, self.authorities, missing)

    def parallel(self, wanted: Reference | str, form: str = "json", *, around: int = 0, language: str = "") -> RecordOutput:
        """Return passages of a record with those of a version in another language beside them.

        :param language: "" takes the version that there is, where there is just one.
        :raises UnknownCode: there is no such record or paragraph, none in the language, or no version at all.
        :raises ConflictingOptions: the record itself is in that language.
        """
        pages = self.show(wanted, form, around=around)
        testimony = pages.record.testimony
        every = [version.language for version in testimony.versions]
        if not language and len(every) != 1:
            message = tr(
                "{code} has {which} in other languages",
                code=testimony.code,
                which=tr("several versions") if every else tr("no version"),
            )
            raise UnknownCode(message, tr("Name one: {every}.", every=join_list(every)) if every else tr("Read it by itself."))
        tag = language or every[0]
        if tag.casefold() == testimony.language.casefold():
            message = tr("{code} is itself in {tag}", code=testimony.code, tag=tag)
            raise ConflictingOptions(message, tr("Name the language of a version."))
        found = self.show(testimony.code, form, language=tag)
        by_number = {each.hit.passage.number: each for each in found.shown}
        beside = tuple(by_number.get(each.hit.passage.number) for each in pages.shown)
        missing = tuple(own.hit.passage.number for own, other in zip(pages.shown, beside, strict=True) if other is None)
        return pages._replace(parallel=beside, missing=missing, parallel_language=found.record.testimony.language)

    def excerpt(self, wanted: Reference | str, form: str = "json", *, language: str = "") -> RecordOutput:
        """Return passages with every caveat in force at them and the citation.

        :param language: of a version of the record; "" for its own words.
        :raises BadReference: no paragraph is named.
        :raises UnknownCode: there is no such record, or no such paragraph in it.
        """
        wanted = _reference(wanted)
        if not wanted.paragraphs:
            message = tr("{code} names no paragraph", code=wanted.code)
            raise BadReference(message, tr("Write {code}#p1, or read the whole with `testimony show {code}`.", code=wanted.code))
        return self.show(wanted, form, language=language)

    def versions(self, code: str) -> "tuple[Version, ...]":
        """Return all versions of a record's account, earlier first, of those that this reader may read.

        :raises UnknownCode: there is no record of that code for this reader.
        """
        self.record(code)
        versions: tuple[Version, ...] = import_module(VERSIONS).chain(code, self.find, self.pointing)
        return versions

    def lineage(self, code: str) -> "Lineage":
        """Return the versions of an account with what is needed to print them."""
        lineage: Lineage = import_module(LINEAGE).Lineage(code, self.versions(code), self.authorities)
        return lineage

    def log(self, *codes: str, since: str = "", by: str = "") -> "ChangeLog":
        """Return what was changed in records, the last first: by their histories, and of records named by git too.

        :param codes: of the records; none: all that this reader may read.
        :param since: a day in ISO 8601, "" for none; a month or a year counts as its first day.
        :param by: who changed it, as the histories name them, "" for all.
        :raises UnknownCode: there is no record of a code for this reader.
        :raises UnknownTerm: nobody of that name stands in the histories.
        """
        module, asked = import_module(CHANGE_LOG), tuple(dict.fromkeys(_reference(code).code for code in codes))
        first = parse_since(since) if since else 0
        named = [self.record(code).testimony for code in asked]
        every = named or [outline.testimony for outline in self._session.run(lambda engine: list(engine.outlines()))]
        log: ChangeLog = module.gather(
            every, self._past.changes if asked else None, module.LogQuery(asked, first, by), self.coverage
        )
        return log

    def pointing(self, code: str) -> tuple[str, ...]:
        """Return the codes of records that may name a record, of those that this reader may read."""
        return self._session.pointing.get(code, ())

    def witness(self, name: str) -> "People":
        """Return the page of a person, or of all who are of that name.

        :param name: as it was published, in any of its spellings, or a part of it.
        :raises UnknownTerm: there is none, or the name is a part of several names.
        """
        results = self.answer(Query(filters=self.filters(witness=name), limit=None, sort="code"))
        named = {hit.testimony.code: hit.testimony for hit in results.hits}
        if not named:
            message = tr("there is no witness {name!r}", name=name)
            near = tr("Did you mean {suggestions}?", suggestions=join_list(results.suggestions)) if results.suggestions else ""
            raise UnknownTerm(message, near or tr("`testimony list --sort witness` names all."))
        people = import_module(PEOPLE)
        found = people.people_named(name, named, self.versions, self.find, self.pointing)
        page: People = import_module(WITNESS_PAGE).People(name, found, self.authorities)
        return page

    def written(self, output: "SearchOutput | RecordOutput | Document", form: str = "text") -> str:
        """Return the text of an answer, a record or a dossier in a format, as "markdown" or "csv".

        :param form: of a dossier "md" or "html", else one of `archive.formats.registry.FORMATS`.
        """
        lines: Iterable[str]
        if isinstance(output, SearchOutput):
            lines = writer(form).answer(output)
        elif isinstance(output, RecordOutput):
            lines = writer(form).pages(output)
        else:
            lines = import_module(DOSSIER_FILES).lines(output, form)
        return "".join(f"{line}\n" for line in lines)

    # Choose

    @cached_property
    def selection(self) -> "Selection":
        """What is kept for this person between two commands: the numbers of the last answer, and the basket."""
        module = import_module(SELECTION)
        selection: Selection = module.Selection(self.root, self.clearance, self.find, may_keep=self.identity is None)
        return selection

    @cached_property
    def saved_searches(self) -> "SavedSearches":
        """The searches that this person saved for the collection."""
        module = import_module(SAVED_SEARCHES)
        saved: SavedSearches = module.SavedSearches(self.root, self.clearance, may_keep=self.identity is None)
        return saved

    def develop(self, name: str, query: Query) -> "WatchedAnswer":
        """Answer a saved search, and say what is new in it since it was looked at last.

        :param query: what its words and filters mean today.
        :raises BadReference: no search is saved under the name.
        """
        saved = self.saved_searches.find(name)
        # What was seen is held against the words in which it is found, in whatever language a person reads.
        found = self.answer(query._replace(limit=None, shown_in=""))
        developed: WatchedAnswer = import_module(SAVED_SEARCHES).develop(saved, found)
        return developed.show_as(self.answer(query._replace(limit=None))) if query.shown_in else developed

    def gather(self, wanted: Iterable[Reference | str], language: str = "") -> Results:
        """Return passages that were chosen one by one as an answer: all of a record where no paragraph is named.

        :param language: of versions of the records; "" for their own words.
        :raises UnknownCode: there is no such record, or no such paragraph in it.
        """
        every = (hit for each in wanted for hit in self.passages(_reference(each), language)[1])
        hits = tuple({(hit.passage.code, hit.passage.number): hit for hit in every}.values())
        records = len({hit.passage.code for hit in hits})
        found = Results(
            query=Query(limit=None),
            understood="",
            hits=hits,
            passages=len(hits),
            testimonies=records,
            undated_left_out=0,
            facets={},
            coverage=self.coverage,
        )
        return found._replace(chosen=True)

    # Weigh

    def compare(
        self, filters: Filters | None = None, /, form: str = "json", **named: Unpack["FilterOptions"]
    ) -> "ComparisonOutput":
        """Set the accounts of a camp, topic or period beside each other, with an excerpt of every passage.

        :param form: the format that it is for; text and Markdown give each caveat once.
        :raises ConflictingOptions: none of camp, topic and period is named.
        """
        asked = filters if filters is not None else self.filters(**named)
        if not (asked.camp or asked.topic or asked.period):
            message = tr("compare needs one of --camp, --topic and --period")
            raise ConflictingOptions(message, tr("As in: testimony compare --camp 14 --topic execution"))
        query = Query(filters=asked, shown_in=other_than_english())
        comparison = import_module(COMPARISON).compare(query, self.authorities, self.answer, self.find, self._camp_tellers)
        return self.output_of(comparison, form)

    @cached_property
    def _camp_tellers(self) -> "CampTellers":
        telling: CampTellers = import_module(COMPARISON).CampTellers(self.answer, lambda: self.state)
        return telling

    def output_of(self, comparison: "Comparison", form: str = "json") -> "ComparisonOutput":
        """Cut the excerpt of every passage of a comparison."""
        shown = {}
        for hit in comparison.hits():
            place = (hit.testimony.code, hit.passage.number)
            if place not in shown:
                shown[place] = RenderedHit(hit, self.cut(hit, digits=digits(form), in_full=in_full(form)))
        output: ComparisonOutput = import_module(COMPARISON_OUTPUT).ComparisonOutput(comparison, shown, self.coverage)
        return output

    def workbook(self, answer: "Results | ComparisonOutput | RecordList", day: str = "") -> bytes:
        """Return the answer to a search, a comparison or a list of records as a workbook for spreadsheets (.xlsx).

        Each passage comes with its caveats counted and named, and on a sheet of their own in full. The same collection,
        the same request and the same day give the same bytes.

        :param day: of the workbook in ISO 8601, else today.
        :raises MissingExtra: openpyxl is not installed.
        """
        room, workbook = import_module(DOSSIER), import_module(WORKBOOK)
        workbook.require()
        about = workbook.WorkbookFacts(
            day or room.today(),
            room.fingerprint(map(self.record, self._progress(self.codes()))),
            import_module(INDEX_STATE).maker(),
        )
        written: bytes
        if isinstance(answer, import_module(RECORD_LIST).RecordList):
            written = workbook.records(answer.rows, answer.results, answer.authorities, about)
        elif isinstance(answer, Results):
            search = self._search_beside(answer) if answer.chosen else self.answer
            comparison = import_module(COMPARISON).compare(answer.query, self.authorities, search, self.find)
            written = workbook.search(self.excerpts(answer, "xlsx"), self.output_of(comparison, "xlsx"), about)
        else:
            written = workbook.comparison(answer, about)
        return written

    def _search_beside(self, chosen: Results) -> Callable[[Query], Results]:
        """Return what answers a comparison of passages that were chosen: these first, then all accounts of their camps."""
        camps = tuple(dict.fromkeys(entry.camp for hit in chosen.hits for entry in hit.passage.entries if entry.camp))
        waiting = [chosen]

        def search(query: Query) -> Results:
            if waiting or not camps:
                return waiting.pop() if waiting else chosen
            return self.answer(query._replace(filters=query.filters._replace(camp=camps)))

        return search

    def dossier(
        self,
        words: str | Query | Results = "",
        title: str = "",
        day: str = "",
        pictures: Sequence[str] = (),
        **options: Unpack["SearchOptions"],
    ) -> "Document":
        """Return the answer to a search as a document: excerpts by testimony, what was asked, what is not in it, and the works.

        The same collection and the same request give the same document.

        :param words: as for `search`, or passages that were gathered (`gather`); of the passages found 200 at most are in it,
            where no ``limit`` is given.
        :param title: of the document, else what was asked.
        :param day: of the document in ISO 8601, else today.
        :param pictures: kinds of pictures (`archive.formats.registry.PICTURES`) of the camps that were asked for, of the whole
            collection where none was.
        :raises UnknownTerm: there is no picture of a kind.
        """
        room, content = import_module(DOSSIER), import_module(DOSSIER_CONTENT)
        results = words if isinstance(words, Results) else self.answer(self._query(words, {"limit": room.MOST, **options}))
        authorities = self.authorities
        made = room.Dossier(
            title=title or content.title_of(results, authorities),
            day=day or room.today(),
            results=results,
            told=room.attestations(results.query, results.hits, authorities, self.answer, self.testimony),
            works=room.works(results.hits, authorities),
            conflicts=room.conflicts(results.hits, authorities),
            fingerprint=room.fingerprint(map(self.record, self._progress(self.codes()))),
            made_by=import_module(INDEX_STATE).maker(),
            authorities=authorities,
        )
        groups = tuple(
            (
                testimony,
                tuple(
                    RenderedHit(hit, self.cut(hit, digits=digits("markdown"), in_full=in_full("markdown"), whole=True))
                    for hit in hits
                ),
            )
            for testimony, hits in room.group(results.hits)
        )
        camps = results.query.filters.camp or ("",)
        drawn = tuple(self.picture(kind, camp) for camp in camps for kind in pictures)
        here = {shown.reference for _, group in groups for shown in group}
        wanted = [each for each in content.references(drawn) if str(each) not in here]
        named = tuple(each.citation for each in self.cite(*wanted, form="markdown")) if wanted else ()
        document: Document = content.Document(made, groups, drawn, named)
        return document

    def dossier_file(
        self, document: "Document", form: str, style: str = "", font: str = "", template: "Template | None" = None
    ) -> bytes:
        """Return a dossier as the bytes of a file.

        :param form: "md", "html", "docx", "odt" or "pdf".
        :param style: of the citations of passages and of the works, as "oscola", or a .csl file; "" for the house's own. Of a
            summary its source is cited, in short where it was before, and through which passage of the archive.
        :param font: for Hangul in a PDF, a family or a file; "" takes those that are installed.
        :param template: the shape of the document; see `dossier_template`.
        :raises MissingExtra: what writes it is not installed.
        :raises BadTemplate: the template cannot be filled in.
        :raises CannotTypeset: it was refused, or no font has one of its signs.
        """
        notes, bibliography = dict[str, str](), tuple[str, ...]()
        if style:
            entries, styled, authorities = import_module(ENTRIES), import_module(STYLED), self.authorities
            shown = [each for _, group in document.groups for each in group]
            works = [
                entries.source_entry(each.hit.testimony, each.hit.passage, each.excerpt.notes, authorities)
                if each.hit.testimony.is_summary
                else entries.of_passage(each, authorities)
                for each in shown
            ]
            made = styled.all_styled(works, style)
            notes = {each.reference: one.note or one.entry for each, one in zip(shown, made, strict=True)}
            bibliography = tuple(styled.bibliography([(work.named, work.csl) for work in document.dossier.works], style))
        files = import_module(DOSSIER_FILES)
        written: bytes = files.write(document, form, files.DossierLayout(notes, bibliography, template, font))
        return written

    def dossier_template(self, name: str, given: Mapping[str, str] | None = None) -> "Template":
        """Return a template of a dossier: one of ours by its name ("annex", "coi"), else that of a file.

        :param given: texts that the template may use, by names: ``given.NAME``.
        :raises BadTemplate: there is no such file, or it is no text.
        """
        fields, is_ours = import_module(TEMPLATE_FIELDS), name in import_module(TEMPLATE_FIELDS).SHIPPED
        file = fields.shipped_file(name) if is_ours else Path(name)
        template: Template = fields.Template(name, import_module(TEMPLATES).read(file), dict(given or {}))
        return template

    # Carry

    def export(self, form: str, day: str = "", filters: Filters | None = None, **named: Unpack["FilterOptions"]) -> bytes:
        """Return the whole collection, or a part of it, as readers of this clearance may have it, as the bytes of a file.

        The same collection gives the same bytes, in whatever language its messages are. Filters choose passages: a table
        has these, every other format their records whole, with those whose caveats are in force at them and those that
        they name, and says that it is a part.

        :param form: one of "jsonl", "sqlite", "csv", "xlsx", "skos" and "csl".
        :param day: of a workbook in ISO 8601, else today.
        :raises EmptyCollection: there is nothing that may be carried away.
        :raises ConflictingOptions: filters that mean nothing in this format.
        :raises CannotTransfer: a file may not leave as it is; with every reason.
        :raises MissingExtra: what writes it is not installed.
        """
        asked = filters if filters is not None else self.filters(**named)
        import_module(EXPORT_CONTENT).refuse_filters(asked, form)
        if form == "skos":
            return self._thesaurus()
        if form in {"csv", "xlsx"}:
            answer = self.answer(Query(filters=asked, limit=None, sort="code"))
            return self.workbook(answer, day) if form == "xlsx" else self.written(self.excerpts(answer, form), form).encode()
        collection = self._export(asked)
        return in_english(export_writer(form).content)(collection)

    def export_folder(
        self, form: str, to: Path, day: str = "", filters: Filters | None = None, **named: Unpack["FilterOptions"]
    ) -> int:
        """Write the whole collection, or a part of it as in `export`, into a folder that is not there yet.

        :param form: "web-annotation": every credibility note, a file a record; "ro-crate": a bag with an RO-Crate beside it.
        :param day: of the crate in ISO 8601, and of the files, else today.
        :returns: how many files are in it.
        :raises ConflictingOptions: it lies inside a folder of the collection.
        :raises CannotWrite: the folder is there already, or cannot be written.
        :raises CannotTransfer: a file may not leave as it is; with every reason.
        :raises MissingExtra: bagit is not installed, for a crate.
        """
        bag = import_module(BAG)
        import_module(OUTSIDE).refuse_inside(self.root, to, tr("an export"))
        asked = filters if filters is not None else self.filters(**named)
        import_module(EXPORT_CONTENT).refuse_filters(asked, form)
        collection, of = self._export(asked), bag.day_of(day)
        module: Any = export_writer(form)
        if form == "ro-crate":
            write = in_english(module.content)
            hashes = bag.write_bag(
                collection.parcel, to, of, beside=lambda carried: {module.NAME: write(collection, carried, of.isoformat())}
            )
            return len(hashes)
        pages = in_english(lambda: list(module.pages(collection)))()
        bag.write_files(to, pages, self.clearance, of)
        return len(pages)

    def export_file(self, target: Path, form: str, *, force: bool = False) -> "OutputFile":
        """Check where a person wants an export written; it is written over a file of the same format alone.

        :raises ConflictingOptions: it lies inside a folder of the collection.
        :raises CannotWrite: something is there that is none, or ``force`` was not given.
        """
        is_export = import_module(EXPORT_CONTENT).is_export
        return self.output_file(target, tr("an export"), force=force, is_ours=lambda content: is_export(content, form))

    def _export(self, asked: Filters) -> "ExportedCollection":
        module, part = import_module(EXPORT_CONTENT), None
        if asked != Filters():
            found = self.answer(Query(filters=asked, limit=None, sort="code"))
            part = module.part_of(found, self.codes(), self.record)
        parcel = import_module(BAG).Parcel(self.root, self.clearance, part.codes if part else None)
        collection: ExportedCollection = module.ExportedCollection(
            parcel, self.authorities, lambda code, language: self.show(code, language=language), part
        )
        return collection

    def _thesaurus(self) -> bytes:
        skos, found = import_module(SKOS), self.topics()
        name = found.authorities.collection.get("name", {})
        lines: Iterable[str] = skos.turtle(found.plain, name, skos.base_of("", found.authorities.prefix))
        whole: bytes = import_module(EXPORT_CONTENT).as_file(lines)
        return whole

    # Cite

    def cite(self, *wanted: Reference | str, form: str = "json", language: str = "") -> "tuple[CitedWork, ...]":
        """Return the citations of references, one a paragraph named, or that of the record, with every caveat in force.

        >>> [citation] = archive.cite("NKT-0001#p3")
        >>> citation.reference
        'NKT-0001#p3'

        :param language: of versions of the records; "" for their own words.
        :raises UnknownCode: there is no such record, or no such paragraph in it.
        """
        entries = import_module(ENTRIES)
        references = map(_reference, wanted)
        # Nothing stands beside these that could state what is in force.
        shown = ((self._show(one, form, language=language, stated=True), one.paragraphs) for one in references)
        return tuple(citation for pages, paragraphs in shown for citation in entries.citations(pages, paragraphs))

    def in_style(self, citation: "CitedWork", style: str) -> "Styled":
        """Return a citation in a named style, as "chicago", with witness, paragraph and caveats in every form of it.

        :param style: a name, or the path of a file of the Citation Style Language.
        :raises MissingExtra: pandoc is not installed.
        """
        styled: Styled = import_module(STYLED).style_entry(citation.entry, style)
        return styled

    def notes_in_style(self, entries: "Sequence[Entry]", style: str) -> "Sequence[Styled]":
        """Return citations as the notes of one document in a named style: a source that is cited again is cited in short.

        :param entries: of passages and sources (``entry`` and ``source_entry`` of what `cite` gives), in the order of the notes.
        :raises MissingExtra: pandoc is not installed.
        """
        styled: Sequence[Styled] = import_module(STYLED).all_styled(entries, style)
        return styled

    def verify(self, text: str) -> "tuple[Verdict, ...]":
        """Return what has become of each citation of this archive in a text: a paper, a bibliography, a table.

        What was cited in public is held against what the public sees, also where this reader sees more.

        >>> [verdict] = archive.verify(archive.cite("NKT-0001#p3")[0].citation)
        >>> verdict.outcome, verdict.holds
        ('unchanged', True)
        """
        return self._verify(import_module(MENTIONS).find(text, self.authorities.name()))

    def verify_file(self, content: bytes, name: str = "") -> "Verified":
        """Return what has become of each citation of this archive in a file, also in one of a word processor or a PDF.

        Mentions without a hash are listed with their citation of today.

        :param name: of the file; its ending tells HTML from other text.
        :raises UnreadableDocument: it is damaged, too large, or of a kind that is not read.
        :raises MissingExtra: what reads it is not installed.
        """
        module = import_module(VERIFYING)
        verified: Verified = module.verify(self, content, name, self._verify)
        if verified.form not in {"", "html"} or b'class="page-' not in content:
            return verified
        page = import_module(PAGE_CHECK).compare(self.as_public(), content.decode("utf-8", "replace"))
        return module.with_page(verified, page) if page else verified

    def checked_copy(self, content: bytes, verified: "Verified") -> bytes:
        """Return a copy of a .docx with a remark in the margin at each citation and a summary at the end; nothing else differs.

        :param verified: what `verify_file` found in it.
        :raises UnreadableDocument: it is no .docx, or not written as this can be done without touching the rest.
        """
        copy: bytes = import_module(MARGIN).annotate(content, verified, self.authorities)
        return copy

    def verify_typed(self, words: Sequence[str]) -> "tuple[Verdict, ...]":
        """Return what has become of citations that were typed; a code and its hash may be two words.

        :raises BadReference: one of them is no citation, or has no hash.
        """
        return self._verify(import_module(MENTIONS).find_typed(words))

    def _verify(self, mentions: Iterable[Any]) -> "tuple[Verdict, ...]":
        sources = tuple(dict.fromkeys((self, self.as_public())))
        verdicts: tuple[Verdict, ...] = tuple(import_module(VERIFICATION).verify(mentions, *sources))
        return verdicts

    def as_public(self) -> "Archive":
        """Return the same collection as the public sees it."""
        return self if self.clearance == PUBLIC else self._public

    @cached_property
    def _public(self) -> "Archive":
        return Archive(self.root, PUBLIC, self._say, engine=self.engine)

    def words_once(self, code: str, sha256: str, language: str = "") -> str | None:
        """Return the words of a record that had a hash once, from its history; None where they are not to be had.

        :param language: of a version; "" for its own words.
        """
        return self._past.text_at(code, sha256, language)

    def past_words(self, code: str) -> "tuple[PastWords, ...]":
        """Return the hashes of words that stood in a record once and stand there no more, as far as its history may tell."""
        return self._past.past_words(code, self.record(code).passages)

    def hashes_once(self, code: str, sha256: str) -> tuple[str, ...] | None:
        """Return the hashes of the paragraphs of a record whose file had a hash once; None where they are not to be had."""
        return self._past.hashes(code, sha256)

    def witness_page(self, codes: Sequence[str], language: str) -> "Sequence[PageLine]":
        """Return the page of the persons of some records, as it is today in a language, down to its notes."""
        taken, people = set[str](), list[Any]()
        for code in codes:
            if code not in taken:
                versions = self.versions(code)
                taken |= {version.record.testimony.code for version in versions}
                people.append(import_module(PEOPLE).person(versions, self.find, self.pointing))
        module = import_module(WITNESS_PAGE)
        page = module.People("", tuple(people), self.authorities)
        with speaking(language):
            lines: Sequence[PageLine] = tuple(module.unwrapped_lines(page))
        return lines

    def reprint(self, record: Record, at: Passage | None, notes: Sequence[Note]) -> "Reprint":
        """Return how our formats print a passage, or a record where ``at`` is None, with some caveats."""
        reprint: Reprint = import_module(REPRINTS).reprint(record, at, notes, self.authorities)
        return reprint

    @cached_property
    def _past(self) -> "History":
        """The history of the collection; only a citation that has changed needs it."""
        history: History = import_module(HISTORY).History(self.root, self.clearance)
        return history

    # Publish

    def publish(self, target: Path | str, base_url: str = "", key: Path | None = None) -> "PublishedEdition":
        """Write the public pages as files that need no server, with a search, into a folder.

        :param target: a folder that is not there yet, is empty, or holds such an edition, which is written anew.
        :param base_url: the address at which it will lie; "" leaves out what needs one.
        :param key: a private key of SSH, or one of minisign, that signs its manifest.
        :raises CannotSign: the key cannot be read, or does not sign.
        :raises ConflictingOptions: this reader sees more than the public, or the folder is one of the collection.
        :raises CannotWrite: something else lies there, or it cannot be written.
        :raises BadAddress: ``base_url`` is none.
        """
        published: PublishedEdition = import_module(PUBLISH).publish(self, self.root, Path(target), base_url, key)
        return published

    def compare_edition(self, place: str, base_url: str = "") -> "EditionDifference":
        """Hold an edition against what would be published now, file by file.

        :param place: its folder, or its address, which is asked for its files.
        :param base_url: the address that it was made for; "" takes what it says itself.
        :raises BadAddress: there is no edition, or nobody answers.
        """
        difference: EditionDifference = import_module(PUBLISH).compare(self, place, base_url)
        return difference

    # Keep

    def seal(self, code: str, recipients: Iterable[str] = (), files: Iterable[Path] = ()) -> "Resealed":
        """Encrypt a record, as `Keeper.seal` does, and take its words out of every index."""
        sealed = super().seal(code, recipients, files)
        self.refresh_quietly()
        return sealed

    def unseal(self, code: str, identity: Path | None = None) -> "Resealed":
        """Decrypt a sealed record, as `Keeper.unseal` does, and bring every index up to date."""
        unsealed = super().unseal(code, identity)
        self.refresh_quietly()
        return unsealed

    def stale(self, wanted: Reference | str, *, keeper: bool = False) -> "tuple[StaleBinding, ...]":
        """Return what has lost its words, as `RecordEditor.stale` does, by an index that knows what is open today."""
        if not keeper and self.engine == WHOOSH:  # who looks publishes nothing
            self.refresh_quietly()
        return super().stale(wanted, keeper=keeper)

    def refresh_quietly(self) -> None:
        """Bring every index up to date after records were changed, so that no words stay that are gone."""
        try:
            self.update()
        except (ArchiveError, OSError) as error:
            reason = error.message if isinstance(error, ArchiveError) else error.strerror
            self._say(
                tr(
                    "the index could not be brought up to date ({reason}) and may hold what is gone: run `testimony index`",
                    reason=reason,
                )
            )


def _to_html(shown: "Shown") -> str:
    html: str = import_module(NOTEBOOK).write(shown)
    return html


show_with(_to_html)


def _reference(wanted: Reference | str) -> Reference:
    return reference(wanted) if isinstance(wanted, str) else wanted
