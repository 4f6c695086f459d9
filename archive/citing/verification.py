"""Holding a citation against the collection of today, and saying what has become of it.

The exact hash decides, and nothing else: a passage that only looks like the
one that was cited is never taken for it.
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final, Protocol

from archive.authority.authorities import Authorities
from archive.citing import _printed_caveats as printed_caveats
from archive.citing import _printed_list as printed_list
from archive.citing import citation, printed, printed_page, reprint
from archive.citing._nearby import leads_in, quotations_near
from archive.citing._quotations import stands_in
from archive.citing.mentions import Mention
from archive.citing.printed import Printed
from archive.citing.printed_page import PageLine
from archive.citing.reprint import Reprint
from archive.language.messages import ENGLISH, in_english, mark, tr
from archive.named_tuple import NamedTuple
from archive.record import paragraphs
from archive.record.hashing import passage_hash
from archive.record.passages import replaced_ids
from archive.record.testimony import Clearance, Note, Passage, Reference, Testimony, notes_of
from archive.search.model import Record, record_in
from archive.text import join_list, paragraphs_named, squash

UNCHANGED: Final = mark("unchanged")
CHANGED: Final = mark("changed")
MOVED: Final = mark("moved")
WITHHELD: Final = mark("withheld since")
WITHDRAWN: Final = mark("withdrawn")
UNREADABLE: Final = mark("cannot be read")
UNKNOWN: Final = mark("unknown")
MALFORMED: Final = mark("malformed")
OUTCOMES: Final = (UNCHANGED, CHANGED, MOVED, WITHHELD, WITHDRAWN, UNREADABLE, UNKNOWN, MALFORMED)

OTHER_WORDS: Final = mark("the document gives other words")
_NO_SUCH: Final = mark("the document has it, and the archive has no such caveat")
NOT_COMPARED: Final = mark("no quotation was found beside this citation; its words were not compared")

_LIST_NOT_COMPARED: Final = mark(
    "the content warning and the source in this list were not compared, since a passage of the list is not to be had any more"
)
_PAGE_NOT_COMPARED: Final = mark("the page above was not compared, since a record of it or its caveats are others now")
_OTHERS_NOT_COMPARED: Final = mark(
    "what others say was compared as far as it stands there; the archive has more of it now, which came since or was left out"
)

NOT_PUBLISHED: Final = paragraphs.PLACEHOLDERS["res"]
"""What stands in the place of words that this reader may not see."""

_flag_in_english: Final = in_english(citation.flag)
_MOST_WORDS: Final = 1_500  # of a passage that is compared word by word
_MOST_PAIRS: Final = 100_000  # of the same word here and there, in which the time that it takes grows
_MOST_RECORDS: Final = 256  # that are kept while a document is read: it cites one again and again
_AROUND: Final = 4  # words of context at a difference


class RecordSource(Protocol):
    """What is asked of the collection; `archive.archive.Archive` answers."""

    clearance: Clearance

    @property
    def authorities(self) -> Authorities:
        """Return what the archive has agreed on: the labels with which it prints caveats."""

    def find(self, code: str) -> Record | None:
        """Return a record that this reader may read; None for every other code."""

    def places(self, sha256: str, language: str = "") -> tuple[Reference, ...]:
        """Return where the words with a hash stand, of what this reader may read; ``language`` is that of a version."""

    def withdrawn(self) -> frozenset[str]:
        """Return the codes that were withdrawn after they had been public."""

    def is_unread(self, code: str) -> bool:
        """Return whether a record could be read once by this reader, and its file cannot be read at present."""

    def is_version_unread(self, code: str, language: str) -> bool:
        """Return whether a record that this reader may read has a file in a language that nobody can read at present."""

    def words_once(self, code: str, sha256: str, language: str = "") -> str | None:
        """Return the words of a record, or of a version of it, that had a hash once; None where they are not to be had."""

    def hashes_once(self, code: str, sha256: str) -> tuple[str, ...] | None:
        """Return the hashes of the paragraphs of a record whose file had a hash once."""

    def witness_page(self, codes: Sequence[str], language: str) -> Sequence[PageLine]:
        """Return the page of the persons of some records, as it is today in a language, down to its notes."""

    def reprint(self, record: Record, at: Passage | None, notes: Sequence[Note]) -> Reprint:
        """Return how our formats print a passage, or a record where ``at`` is None, with some caveats."""


class Gone(NamedTuple):
    """A note that a citation lists and that is not in force there now; ``by`` are the notes that replaced it."""

    id: str
    by: tuple[str, ...]


class Untold(NamedTuple):
    """A note of which nobody can tell whether it stands, since the file of a record (``code``) cannot be read at present."""

    id: str
    code: str


class WordDifference(NamedTuple):
    """Where words differ, with a little around: what was cited (``old``) and what stands there now (``new``)."""

    old: str
    new: str


class ComparedWords(NamedTuple):
    """The old words beside those of today; ``source`` says where the old ones come from.

    ``whole``: they have the hash that was cited; else they are a quotation, of which that cannot be proved.
    """

    source: str
    old: str
    differences: tuple[WordDifference, ...]
    whole: bool


class Verdict(NamedTuple):
    """What has become of a citation.

    ``at`` is the passage that stands where it was cited, or where its words now
    stand; ``notes`` are all caveats in force there (of a whole record: anywhere
    in it). ``misquoted`` are quotations of the document that do not stand in it.
    ``reworded`` are the notes that say something else since they were listed, and
    ``unhashed`` those that a mark of 0.1 lists without what they said then.
    ``altered`` is what the document prints otherwise, or leaves out, with what is
    wrong; ``words_compared``: words stand beside the citation and were looked
    at; ``fields_compared`` names all else that was, as far as it is printed there.
    ``untold`` are notes, listed there or in force as they were last read, of which
    it cannot be told at present whether they stand: then no citation is given.
    ``quoted`` are the quotations that were compared; ``remark`` says that the
    citation stands among words of which none could be, or what else could not, "" where there is nothing of the kind.
    """

    mention: Mention
    outcome: str
    reason: str
    places: tuple[Reference, ...]
    testimony: Testimony | None
    at: Passage | None
    notes: tuple[Note, ...]
    added: tuple[Note, ...]
    gone: tuple[Gone, ...]
    misquoted: tuple[str, ...]
    compared: ComparedWords | None
    reworded: tuple[Note, ...] = ()
    unhashed: tuple[Note, ...] = ()
    altered: tuple[tuple[str, str], ...] = ()
    words_compared: bool = False
    fields_compared: tuple[str, ...] = ()
    untold: tuple[Untold, ...] = ()
    quoted: tuple[str, ...] = ()
    remark: str = ""

    @property
    def holds(self) -> bool:
        """Return whether the citation may stand as it is."""
        against = self.added or self.gone or self.misquoted or self.reworded or self.altered or self.untold
        return self.outcome == UNCHANGED and not against


def verify(mentions: Iterable[Mention], *archives: RecordSource) -> list[Verdict]:
    """Judge citations, in their order.

    :param archives: the collection as it is seen at each clearance that this
        reader has; a citation is held against the one at which it was made.
    """
    every = tuple(mentions)
    blocks: dict[str, list[str]] = {}
    for mention in every:
        blocks.setdefault(mention.reference.code, []).extend(block for beside in mention.printed for block in beside.blocks)
    judges = {str(archive.clearance): _Verifier(archive) for archive in archives}
    verdicts = [
        judges[mention.clearance].judge(mention, blocks) if mention.clearance in judges else _other_clearance(mention)
        for mention in every
    ]
    return _with_pages(verdicts, judges)


def _with_pages(verdicts: list[Verdict], judges: Mapping[str, "_Verifier"]) -> list[Verdict]:
    """Hold each page of a person against the page of today, where no record of it has changed since."""
    by_page: dict[Printed, list[int]] = {}
    for number, verdict in enumerate(verdicts):
        for place in verdict.mention.printed:
            if any(name == printed_page.FIELD for name, _ in place.fields):
                by_page.setdefault(place._replace(fields=place.fields[-1:]), []).append(number)
    for place, numbers in by_page.items():
        own = [verdicts[number] for number in numbers]
        is_same = all(verdict.outcome == UNCHANGED and not (verdict.added or verdict.gone or verdict.reworded) for verdict in own)
        judge = judges.get(own[0].mention.clearance)
        if judge and is_same and {verdict.mention.reference for verdict in own} == set(place.listed):
            judged = judge.page(place, own)
        else:
            judged = [verdict._replace(remark=_PAGE_NOT_COMPARED) for verdict in own]
        for number, verdict in zip(numbers, judged, strict=True):
            verdicts[number] = verdict
    return verdicts


def _other_clearance(mention: Mention) -> Verdict:
    reason = tr("made at clearance {clearance}, and can be checked at that clearance alone", clearance=mention.clearance)
    return _without_record(mention, UNKNOWN, reason) if not mention.fault else _damaged_verdict(mention)


def _damaged_verdict(mention: Mention) -> Verdict:
    return _without_record(mention, MALFORMED, tr("cannot be checked: {fault}", fault=mention.fault))


class _Verifier:
    def __init__(self, archive: RecordSource) -> None:
        self.archive = archive
        self._find = lru_cache(maxsize=_MOST_RECORDS)(archive.find)
        self._lists: dict[tuple[Reference, ...], reprint.PassagesOfAList] = {}

    def judge(self, mention: Mention, blocks: Mapping[str, Sequence[str]]) -> Verdict:
        """Return the verdict, and what the document prints otherwise than the archive.

        :param blocks: those of the whole document, by the record to which they belong.
        """
        return _with_quoted_near(self._judge(self._with_untold(self.verdict(mention)), blocks))

    def _judge(self, verdict: Verdict, blocks: Mapping[str, Sequence[str]]) -> Verdict:
        mention = verdict.mention
        if verdict.testimony is None:
            return verdict
        whole = self._find(verdict.testimony.code)
        record = record_in(whole, mention.language) if whole else None
        if record is None:
            return verdict
        looked: list[str] = []
        wrong: list[tuple[str, str]] = []
        if verdict.outcome == UNCHANGED and mention.day:
            looked.append("day")
            if day := self._other_day(mention, verdict, record):
                wrong.append(("", day))
        if not mention.printed:
            return verdict._replace(altered=tuple(wrong), words_compared=bool(mention.quotations), fields_compared=tuple(looked))
        if mention.notes is None:
            known = list(verdict.notes)
        else:
            known = [note for note in verdict.notes if citation.note_id(note) in mention.notes and note not in verdict.reworded]
        replaced = list(verdict.at.replaced) if verdict.at else []
        expected = self.archive.reprint(record, verdict.at, known)
        was = self.archive.reprint(record, verdict.at, replaced) if replaced else expected
        caveats = [self._caveat(note, verdict.testimony, expected) for note in known]
        caveats += [self._caveat(note, verdict.testimony, was) for note in replaced]
        wrong += printed_caveats.alterations(mention.printed, caveats, blocks)
        wrong += self._strangers(mention, verdict)
        for printed_text in mention.printed if verdict.outcome in {UNCHANGED, MOVED} else ():
            wrong += reprint.caveats_told(printed_text, caveats, expected)
            at = verdict.at if verdict.outcome == UNCHANGED else None
            if at or not mention.reference.paragraphs:
                words = at.words if at else ""
                passages = self._look_up_list(printed_text.listed)
                wrong += [("", fault) for fault in reprint.otherwise(printed_text, expected, words, passages)]
                looked += reprint.compare(printed_text, expected, passages)
                verdict = verdict._replace(remark=_LIST_NOT_COMPARED if passages is None else verdict.remark)
        words_wrong, names_given = self._words(mention, verdict)
        told = filter(None, map(printed_caveats.caveats_compared, mention.printed)) if caveats else ()
        names = tuple(dict.fromkeys([*names_given, *sorted(told), *looked]))
        every = tuple(dict.fromkeys([*words_wrong, *wrong]))
        return verdict._replace(altered=every, words_compared=bool(names_given or mention.quotations), fields_compared=names)

    def page(self, place: Printed, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """Return the verdicts on the records of a page of a person, with what the page says otherwise."""
        today = self.archive.witness_page([reference.code for reference in place.listed], place.language or ENGLISH)
        lines = [
            line._replace(ways=tuple(printed_list.without_remarks(way, place.language) for way in line.ways)) for line in today
        ]
        found, has_more = printed_page.otherwise(place.fields[-1][1], lines)
        wrong = (("", reprint.describe_difference(mark("page"), found.written, found.right)),) if found else ()
        return [
            verdict._replace(
                altered=(*verdict.altered, *wrong),
                fields_compared=(*verdict.fields_compared, printed_page.FIELD),
                remark=_OTHERS_NOT_COMPARED if has_more and not found else verdict.remark,
            )
            for verdict in verdicts
        ]

    def _look_up_list(self, references: tuple[Reference, ...]) -> reprint.PassagesOfAList:
        """Return the passages of a list, looked up once for all its hits; None where one of them is not to be had any more."""
        if references not in self._lists:
            records = {code: self._find(code) for code in {each.code for each in references if each.paragraphs}}
            found = [
                (record.testimony, _passage_at(record, each.paragraphs[0]))
                for each in references
                if each.paragraphs and (record := records[each.code])
            ]
            is_whole = len(found) == sum(bool(each.paragraphs) for each in references)
            passages = [(testimony, at) for testimony, at in found if at]
            self._lists[references] = passages if is_whole and len(passages) == len(found) else None
        return self._lists[references]

    def _with_untold(self, verdict: Verdict) -> Verdict:
        """Tell what is not in force any more from what cannot be told, since the record that says it cannot be read."""
        untold = [Untold(citation.note_id(note), note.unread) for note in verdict.notes if note.unread]
        gone = []
        for gone_note in verdict.gone:
            code = gone_note.id.partition("/")[0].upper()
            if self.archive.is_unread(code):
                untold.append(Untold(gone_note.id, code))
            else:
                gone.append(gone_note)
        return verdict._replace(gone=tuple(gone), untold=tuple(untold))

    @cached_property
    def _works(self) -> tuple[str, ...]:
        """Every work that a caveat may cite, as it is named in full."""
        return tuple(citation.work(source["csl"]) for source in self.archive.authorities.sources.values())

    def _strangers(self, mention: Mention, verdict: Verdict) -> Iterator[tuple[str, str]]:
        """Yield each caveat that is printed there and that no record has: neither in force, nor replaced, nor out of force."""
        testimony = verdict.testimony
        if testimony is None:
            return
        own = {note.id for note in testimony.notes}
        known = {
            *map(citation.note_id, verdict.notes),
            *(mention.notes or ()),
            *(gone.id for gone in verdict.gone),
            *(untold.id for untold in verdict.untold),
        }
        for caveat_id, named in (each for beside in mention.printed for each in printed_caveats.caveat_ids(beside)):
            code, slash, name = caveat_id.rpartition("/")
            if caveat_id in known or (name in own and code in {"", testimony.code}) or self._is_work(named, testimony):
                continue
            record = self._find(code) if slash else None
            if record is None or name not in {note.id for note in record.testimony.notes}:
                known.add(caveat_id)
                yield caveat_id, _NO_SUCH

    def _is_work(self, named: str, testimony: Testimony) -> bool:
        """Return whether words stand in how a work is named that a caveat, or a record, may cite."""
        own = (testimony.source.csl, testimony.source.through_csl)
        return bool(named) and any(named in work for work in (*self._works, *map(citation.work, own)))

    def _caveat(self, note: Note, testimony: Testimony, expected: Reprint) -> printed_caveats.ExpectedCaveat:
        name = citation.note_id(note)
        return printed_caveats.ExpectedCaveat(
            id=name,
            full=f"{note.origin or testimony.code}/{note.id}",
            flag=note.flag,
            status=note.status,
            label=_flag_in_english(note, self.archive.authorities),
            statement=note.statement,
            tails=lambda: expected.tails(name),
            told_in=lambda language: expected.told_in(language, name),
            cell=lambda: expected.cell(name),
            fields=lambda: expected.noted(name),
            was=bool(note.until),
        )

    def _words(self, mention: Mention, verdict: Verdict) -> tuple[list[tuple[str, str]], list[str]]:
        """Return whether words and footnotes stand there as they are in the archive, and which of them were looked at."""
        if verdict.at is None or verdict.outcome not in {UNCHANGED, MOVED}:
            return [], []
        wrong, looked = list[tuple[str, str]](), list[str]()
        for printed_text in mention.printed:
            for name, is_right, said in (
                ("words", printed.words_given(printed_text, verdict.at.words, verdict.at.below), OTHER_WORDS),
                (
                    "footnotes",
                    printed.footnotes_given(printed_text, verdict.at.below),
                    tr("the document gives other footnotes, or leaves one out"),
                ),
            ):
                if is_right is not None:
                    looked.append(name)
                if is_right is False:
                    wrong.append(("", said))
        return wrong, looked

    def _other_day(self, mention: Mention, verdict: Verdict, record: Record) -> str:
        """Describe that a mark is of a day on which nothing of the record or of its caveats changed; "" where it is not."""
        notes = [
            *record.testimony.notes,
            *verdict.notes,
            *(note for passage in record.passages for note in (*passage.notes, *passage.replaced)),
        ]
        days = {*(change.date for change in record.testimony.history), *(note.date for note in notes)}
        today = citation.as_of(record.testimony, verdict.notes)
        if not mention.day or mention.day in {*days, today} or verdict.gone:
            return ""
        return tr("the day in the mark is {day}; in the archive the citation is of {today}", day=mention.day, today=today)

    def verdict(self, mention: Mention) -> Verdict:
        if mention.fault:
            return _damaged_verdict(mention)
        record = self._find(mention.reference.code)
        if record is None and mention.reference.code in self.archive.withdrawn():
            return _without_record(
                mention, WITHDRAWN, tr("the record was withdrawn after it had been public; do not use its words")
            )
        if record is None:
            return self._unknown(mention)
        shown = record_in(record, mention.language)
        if shown is None:
            return self._without_version(mention, record)
        if not mention.reference.paragraphs:
            return self._of_record(mention, shown)
        return self._of_passage(mention, shown)

    def _without_version(self, mention: Mention, record: Record) -> Verdict:
        code, language = mention.reference.code, mention.language
        if self.archive.is_version_unread(code, language):
            reason = tr("the version of {code} in {language} cannot be read at present", code=code, language=language)
            return _without_record(mention, UNREADABLE, reason)
        return _with_caveats(mention, CHANGED, tr("the record has no version in {language} now", language=language), record, None)

    def _unknown(self, mention: Mention) -> Verdict:
        if self.archive.is_unread(mention.reference.code):
            reason = tr("the file of {code} cannot be read at present", code=mention.reference.code)
            return _without_record(mention, UNREADABLE, reason)
        places = self.archive.places(mention.sha256, mention.language) if mention.reference.paragraphs else ()
        reason = tr("there is no testimony {code}", code=mention.reference.code)
        if places:
            reason += tr("; the words with this hash stand in {named}", named=_list_places(places))
        return _without_record(mention, UNKNOWN, reason)._replace(places=places)

    def _of_passage(self, mention: Mention, record: Record) -> Verdict:
        number = mention.reference.paragraphs[0]
        cited = _passage_at(record, number)
        if cited and cited.sha256.startswith(mention.sha256):
            return _with_caveats(mention, UNCHANGED, "", record, cited)
        within = [passage for passage in record.passages if passage.sha256.startswith(mention.sha256)]
        if len({each.sha256 for each in within}) > 1:
            reason = tr("cannot be checked: {number} digits of the hash fit different passages", number=len(mention.sha256))
            return _without_record(mention, MALFORMED, reason)
        if within:
            places = tuple(Reference(record.testimony.code, (each.number,)) for each in within)
            moved = _with_caveats(
                mention, MOVED, tr("the same words now stand in {named}", named=_list_places(places)), record, within[0]
            )
            return moved._replace(places=places)
        if cited and cited.words == NOT_PUBLISHED:
            return _with_caveats(
                mention, WITHHELD, tr("the paragraph is there, and its words are no longer published"), record, cited
            )
        return self._in_other_record(mention, record, cited)

    def _in_other_record(self, mention: Mention, record: Record, cited: Passage | None) -> Verdict:
        places = self.archive.places(mention.sha256, mention.language)
        if places:
            whole = self._find(places[0].code)
            moved = record_in(whole, mention.language) if whole else None
            at = _passage_at(moved, places[0].paragraphs[0]) if moved else None
            reason = tr("the same words now stand in another record, {named}", named=_list_places(places))
            return _with_caveats(mention, MOVED, reason, moved or record, at)._replace(places=places)
        if cited is None:
            number = mention.reference.paragraphs[0]
            reason = tr("the record has no paragraph {number} now, and these words stand nowhere in it", number=number)
            return _with_caveats(mention, CHANGED, reason, record, None)
        once = self.archive.words_once(mention.reference.code, mention.sha256, mention.language)
        compared = _compare_words(mention, cited, once, record.testimony)
        reason = tr("other words stand there now") + ("" if compared else tr("; the old words are not to be had"))
        return _with_caveats(mention, CHANGED, reason, record, cited)._replace(compared=compared)

    def _of_record(self, mention: Mention, record: Record) -> Verdict:
        testimony = record.testimony
        if testimony.fixity and testimony.fixity.startswith(mention.sha256):
            return _with_caveats(mention, UNCHANGED, "", record, None)
        before = None if mention.language else self.archive.hashes_once(testimony.code, mention.sha256)
        if before is None:
            reason = tr("the file of the record has changed; what it was is not to be had")
            return _with_caveats(mention, CHANGED, reason, record, None)
        now = [passage.sha256 for passage in record.passages]
        numbers = [str(number) for number, digest in enumerate(now, start=1) if digest not in before]
        if numbers:
            reason = tr("the record has changed: new words in {paragraphs}", paragraphs=paragraphs_named(numbers))
        elif Counter(now) != Counter(before):
            reason = tr("the record has changed: paragraphs were taken out")
        elif tuple(now) != before:
            reason = tr("the record has changed: its paragraphs stand in another order")
        else:
            reason = tr("the header of the record has changed; every paragraph is as it was")
        return _with_caveats(mention, CHANGED, reason, record, None)


def _passage_at(record: Record, number: int) -> Passage | None:
    return next((passage for passage in record.passages if passage.number == number), None)


def _list_places(places: Iterable[Reference]) -> str:
    return join_list(map(str, places), "and")


def _without_record(mention: Mention, outcome: str, reason: str) -> Verdict:
    return Verdict(
        mention=mention,
        outcome=outcome,
        reason=reason,
        places=(),
        testimony=None,
        at=None,
        notes=(),
        added=(),
        gone=(),
        misquoted=(),
        compared=None,
    )


def _with_caveats(mention: Mention, outcome: str, reason: str, record: Record, at: Passage | None) -> Verdict:
    """Add what has become of the caveats and of the quotations."""
    testimony = record.testimony
    every = at.notes if at else notes_of(record.passages)
    ids = {citation.note_id(note) for note in every}
    listed_then = _as_written(mention.notes, ids)
    added = tuple(note for note in every if citation.note_id(note) not in listed_then) if listed_then is not None else ()
    gone = tuple(Gone(note_id, _replacing(note_id, testimony)) for note_id in listed_then or () if note_id not in ids)
    then = dict(zip(listed_then or (), mention.hashes, strict=False))
    reworded = tuple(note for note in every if not citation.hash_of(note).startswith(then.get(citation.note_id(note), "")))
    unhashed = tuple(note for note in every if then.get(citation.note_id(note)) == "")
    words = [at.words] if at else [passage.words for passage in record.passages]
    misquoted = tuple(quotation for quotation in mention.quotations if not any(stands_in(quotation, one) for one in words))
    return _without_record(mention, outcome, reason)._replace(
        testimony=testimony,
        at=at,
        notes=every,
        added=added,
        gone=gone,
        misquoted=misquoted,
        reworded=reworded,
        unhashed=unhashed,
    )


def _as_written(listed_then: tuple[str, ...] | None, ids: set[str]) -> tuple[str, ...] | None:
    """Return the ids that a citation lists as the record writes them, also where it is set in capitals."""
    if listed_then is None:
        return None
    written = {note_id.casefold(): note_id for note_id in ids}
    return tuple(note_id if note_id in ids else written.get(note_id.casefold(), note_id) for note_id in listed_then)


def _with_quoted_near(verdict: Verdict) -> Verdict:
    """Compare what is quoted somewhere near a citation; where nothing could be compared, say so."""
    mention = verdict.mention
    if verdict.at is None or verdict.outcome not in {UNCHANGED, MOVED}:
        return verdict._replace(quoted=mention.quotations)
    words = verdict.at.words
    is_quoted = bool(mention.quotations)
    found = (quotation for place in mention.near for quotation in quotations_near(place, words, is_quoted=is_quoted))
    around = [*mention.quotations, *(quotation for place in mention.near for quotation in (*place.before, *place.behind))]
    near = (quotation for quotation in found if quotation not in mention.quotations)
    quoted = tuple(dict.fromkeys(quotation for quotation in near if not leads_in(quotation, around, words)))
    wrong = (*verdict.misquoted, *(quotation for quotation in quoted if not stands_in(quotation, words)))
    misquoted = tuple(dict.fromkeys(each for each in wrong if not leads_in(each, around, words)))
    compared = bool(quoted) or verdict.words_compared
    silent = any(place.has_words for place in mention.near) and not compared
    return verdict._replace(
        quoted=(*mention.quotations, *quoted),
        misquoted=misquoted,
        words_compared=compared,
        remark=NOT_COMPARED if silent else verdict.remark,
    )


def _replacing(gone: str, testimony: Testimony) -> tuple[str, ...]:
    own = gone.removeprefix(f"{testimony.code}/")
    if own not in replaced_ids(testimony.notes):
        return ()
    return tuple(note.id for note in testimony.notes if note.replaces == own)


def _compare_words(mention: Mention, now: Passage, once: str | None, testimony: Testimony) -> ComparedWords | None:
    """Put old words beside new ones: those with the hash cited, else what the document or a note listed there quotes."""
    if once is not None:
        return ComparedWords("history", once, differences(once, now.words), whole=True)
    for quotation in mention.quotations:
        if passage_hash(quotation).startswith(mention.sha256):
            return ComparedWords("quotation", quotation, differences(quotation, now.words), whole=True)
    quoted = [("quotation", quotation) for quotation in mention.quotations]
    quoted += [(f"note {note.id}", note.about.exact) for note in testimony.notes if note.id in (mention.notes or ())]
    for source, words in quoted:
        if words and not stands_in(words, now.words):
            return ComparedWords(source, words, differences(words, now.words, inside=True), whole=False)
    return None


def differences(old: str, new: str, *, inside: bool = False) -> tuple[WordDifference, ...]:
    """Return the words that differ, with a few around them; of very long passages the whole middle at once.

    :param inside: ``old`` is a part, so what stands around it in ``new`` is no difference.
    """
    before, after = squash(old).split(" "), squash(new).split(" ")
    codes: Iterable[tuple[str, int, int, int, int]]
    if _is_long(before, after):
        codes = [_middle(before, after)]
    else:
        codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changes = [code for code in codes if code[0] != "equal"]
    if inside:
        changes = [code for code in changes if not (code[0] == "insert" and code[1] in {0, len(before)})]
    return tuple(
        WordDifference(_around(before, first, last), _around(after, start, end)) for _, first, last, start, end in changes
    )


def _is_long(before: list[str], after: list[str]) -> bool:
    """Return whether passages are too long, or repeat themselves too much, to be compared word by word in a moment."""
    there = Counter(after)
    pairs = sum(there[word] for word in before)
    return max(len(before), len(after)) > _MOST_WORDS or pairs > _MOST_PAIRS


def _middle(before: list[str], after: list[str]) -> tuple[str, int, int, int, int]:
    shortest = min(len(before), len(after))
    first = next((place for place in range(shortest) if before[place] != after[place]), shortest)
    rest = shortest - first
    last = next((place for place in range(rest) if before[-1 - place] != after[-1 - place]), rest)
    return "replace", first, len(before) - last, first, len(after) - last


def _around(words: list[str], first: int, last: int) -> str:
    start, end = max(0, first - _AROUND), min(len(words), last + _AROUND)
    lead, trail = "… " if start else "", " …" if end < len(words) else ""
    return f"{lead}{' '.join(words[start:end])}{trail}"
