"""Adding a credibility note to a record, bound to its words: one insertion, proved by reading again.

The old bytes stay as they are, before and after what is put in. The new bytes
are read as any record is; unless they say what the old ones said and exactly
the new note besides, nothing is written.
"""

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypedDict, TypeVar

from archive.authority.authorities import Authorities
from archive.collection.checks import narrower
from archive.errors import ArchiveError, BadNote, CannotWrite, InvalidTestimony, UnknownTerm
from archive.keeping import _text_edit as text_edit
from archive.keeping import _yaml_layout as yaml_layout
from archive.keeping._kept_records import KeptRecords
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record import dates, paragraphs
from archive.record.hashing import SHORT_HASH, passage_hash
from archive.record.reach import own_words
from archive.record.testimony import About, Cite, Note, Reference, Testimony, reference
from archive.storage import atomic, lock
from archive.text import join_list, near, nfc, paragraphs_named, squash, without_locators

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBERED = re.compile(r"n([0-9]{1,9})")
_AROUND: Final = 32  # code points of prefix and suffix
_LONGEST_QUOTE: Final = 300  # code points up to which a whole paragraph is quoted where no words are named
LONGEST_STATEMENT: Final = 20_000  # code points

_T = TypeVar("_T")


class NoteRequest(NamedTuple):
    """What a person asked for, as written; ``date`` is that of today in UTC where none is given."""

    about: Reference
    flag: str
    statement: str = ""
    cites: tuple[str, ...] = ()
    seen: str = ""
    against: tuple[str, ...] = ()
    known: str = ""
    status: str = "open"
    information: str = ""
    replaces: str = ""
    quote: str = ""
    by: str = "archive"
    date: str = ""


class NoteFields(TypedDict, total=False):
    """The fields of `NoteRequest`, as they are given by name."""

    statement: str
    cites: tuple[str, ...]
    seen: str
    against: tuple[str, ...]
    known: str
    status: str
    information: str
    replaces: str
    quote: str
    by: str
    date: str


class Added(NamedTuple):
    """What was, or would be, put into which file: the lines without the words quoted, and what to look at."""

    path: str
    note: str
    line: int
    lines: tuple[str, ...]
    said: tuple[str, ...]


def add(root: Path, asked: NoteRequest, *, dry: bool = False) -> Added:
    """Write a note into the record that it is about.

    :param dry: find out everything and write nothing.
    :raises UnknownCode: no file has that code.
    :raises BadNote: with every reason why the note cannot be written as asked.
    :raises InvalidTestimony: the file has faults; it is left alone.
    :raises CannotWrite: it cannot be written, or would read differently.
    """
    if not asked.date:
        asked = asked._replace(date=dt.datetime.now(tz=dt.UTC).date().isoformat())
    with contextlib.nullcontext() if dry else lock.writing(root):
        return _add(root, asked, dry=dry)


def _add(root: Path, asked: NoteRequest, *, dry: bool) -> Added:
    authorities = read.read_authorities(root)
    records = KeptRecords(root, authorities)
    path = records.path(asked.about.code)
    records.survey.refuse_copied(path)
    content = records.content(path)
    before = read.read(content, path, authorities)
    note, said = _note(asked, before, records)
    header, written, _ = read.nodes(content, path)
    insertion = yaml_layout.place_note(header, written, note)
    after = text_edit.apply(content, [insertion])
    prove(after, path, before, (note,), authorities)
    if note.replaces:
        said += tuple(narrower(before._replace(notes=(*before.notes, note)), note.replaces))
    if not dry:
        atomic.write_beside(root / path, after, new=False, was=content)
    # A keeper's screen may be watched: the words of the body are not shown.
    shown = yaml_layout.place_note(header, written, _without_words(note)).text.strip("\n").split("\n")
    line = written.count("\n", 0, insertion.at) + 2 + insertion.text.startswith("\n")
    return Added(path, note.id, line, tuple(shown), said)


def _note(asked: NoteRequest, record: Testimony, records: KeptRecords) -> tuple[Note, tuple[str, ...]]:
    """Make the note, or say everything that stands against it at once."""
    authorities, wrong = records.authorities, list[str]()
    flag = _try(wrong, lambda: authorities.vocabulary.term("flag", asked.flag).id, asked.flag)
    status = _try(wrong, lambda: authorities.vocabulary.term("note_status", asked.status, "status").id, asked.status)
    grade = asked.information and _try(wrong, lambda: authorities.vocabulary.term("information", asked.information).id, "")
    about, said = _about(asked, record, wrong)
    links = [link for written in asked.against if (link := _link(written, record, records, wrong))]
    note = Note(
        id=f"n{next_number(record)}",
        flag=flag,
        status=status,
        about=about,
        statement=_statement(asked, flag, authorities, wrong),
        by=squash(nfc(asked.by)),
        date=asked.date,
        known=asked.known,
        information=grade,
        cites=tuple(cite for written in asked.cites if (cite := _cite(written, asked.seen, authorities, wrong))),
        against=tuple(link for link, _ in links),
        replaces=asked.replaces,
        against_hashes=tuple(hashes for _, hashes in links) if any(hashes for _, hashes in links) else (),
    )
    wrong += _unfit(note, record)
    if wrong:
        raise BadNote("\n".join(wrong), tr("Nothing was written."))
    return note, said


def _try(wrong: list[str], find: Callable[[], _T], otherwise: _T) -> _T:
    try:
        return find()
    except UnknownTerm as error:
        wrong.append(f"{error.message}. {error.remedy}")
    return otherwise


def next_number(record: Testimony) -> int:
    """Return the number of the next free id; one that was replaced, or is only named, is taken too."""
    ids = [note_id for note in record.notes for note_id in (note.id, note.replaces)]
    numbers = [int(match[1]) for note_id in ids if (match := _NUMBERED.fullmatch(note_id))]
    return max(numbers, default=0) + 1


def _statement(asked: NoteRequest, flag: str, authorities: Authorities, wrong: list[str]) -> str:
    usual = authorities.vocabulary.term("flag", flag).statement if ("flag", flag) in authorities.vocabulary else ""
    statement = squash(nfc(asked.statement)) or squash(usual)
    if not statement and ("flag", flag) in authorities.vocabulary:
        wrong.append(tr("there is no statement; say with --statement what a reader has to know"))
    if len(statement) > LONGEST_STATEMENT:
        wrong.append(tr("the statement is longer than {longest_statement} characters", longest_statement=LONGEST_STATEMENT))
    return statement


def _cite(written: str, seen: str, authorities: Authorities, wrong: list[str]) -> Cite | None:
    ref, _, locator = written.strip().partition(":")
    if ref in authorities.sources or ref in authorities.conflicts:
        return Cite(ref, squash(nfc(locator)), seen)
    close = near(ref, [*authorities.sources, *authorities.conflicts])
    hint = tr(" Did you mean {close}?", close=join_list(close)) if close else tr(" Write REF or REF:LOCATOR.")
    wrong.append(tr("{ref!r} is in neither sources.yaml nor conflicts.yaml.{hint}", ref=squash(ref)[:60], hint=hint))
    return None


def _link(written: str, record: Testimony, records: KeptRecords, wrong: list[str]) -> tuple[str, tuple[str, ...]] | None:
    """Return a passage that the note is held against, with the hashes of its words."""
    try:
        named = reference(written)
    except ArchiveError as error:
        wrong.append(f"{error.message}. {error.remedy}")
        return None
    words = own_words(record) if named.code == record.code else records.words(named.code)
    if words is None:
        wrong.append(tr("{code} is no record that can be read", code=named.code))
        return None
    if named.paragraphs and named.paragraphs[-1] not in words:
        wrong.append(
            tr(
                "{code} has no paragraph {paragraphs}; it has {number}",
                code=named.code,
                paragraphs=named.paragraphs[-1],
                number=len(words),
            )
        )
        return None
    return str(named), tuple(words.hash(number)[:SHORT_HASH] for number in named.paragraphs)


def _unfit(note: Note, record: Testimony) -> Iterator[str]:
    if not note.by:
        yield tr("nobody is named who enters the note; name one with --by")
    days = (("date", note.date), ("known", note.known), *(("seen", cite.seen) for cite in note.cites[:1] if cite.seen))
    for name, written in days:
        if name != "known" and not _DAY.fullmatch(written):
            yield tr("{name}: {written!r} is no day, as in 2026-11-21", name=name, written=squash(written)[:60])
        elif written:
            try:
                dates.bounds(written)
            except dates.InvalidDate as error:
                yield f"{name}: {tr('{value!r} {wrong}', value=squash(written)[:60], wrong=error.message)}"
    ids = [other.id for other in record.notes]
    if note.replaces and note.replaces not in ids:
        known = tr("It has {ids}.", ids=join_list(ids, "and")) if ids else tr("It has none.")
        yield tr("{code} has no note {replaces!r}. {known}", code=record.code, replaces=squash(note.replaces)[:60], known=known)


def _about(asked: NoteRequest, record: Testimony, wrong: list[str]) -> tuple[About, tuple[str, ...]]:
    """Bind a note to its paragraphs: by hash, and by the words named or those of a short paragraph."""
    texts = {run.number: run.text for run in paragraphs.passages(record.body)}
    numbers = asked.about.paragraphs
    missing = [number for number in numbers if number not in texts]
    if missing:
        wrong.append(
            tr("{code} has no paragraph {missing}; it has {number}", code=record.code, missing=missing[0], number=len(texts))
        )
        return About(numbers), ()
    quote = squash(nfc(asked.quote))
    if quote and not numbers:
        wrong.append(tr("words are quoted from a paragraph; write {code}#p… in place of {code}", code=record.code))
    if not numbers:
        return About(), ()
    words = [without_locators(texts[number]) for number in numbers]
    about = About(numbers, hashes=tuple(passage_hash(texts[number])[:SHORT_HASH] for number in numbers))
    if not quote:
        short = len(numbers) == 1 and len(words[0]) <= _LONGEST_QUOTE and not paragraphs.has_redaction(texts[numbers[0]])
        return (about._replace(exact=words[0]) if short else about), ()
    times = sum(word.count(quote) for word in words)
    if not times:
        which = paragraphs_named(numbers) if len(numbers) == 1 else tr("any of the paragraphs")
        wrong.append(tr("the words quoted do not stand in {which}", which=which))
        return about, ()
    about = about._replace(exact=quote)
    if times == 1:
        return about, ()
    number, place = next(
        (number, paragraph.index(quote)) for number, paragraph in zip(numbers, words, strict=True) if quote in paragraph
    )
    whole = words[numbers.index(number)]
    end = place + len(quote)
    remark = tr(
        "the words quoted stand there {times} times; bound to the first, in paragraph {number}. Quote more to mean another",
        times=times,
        number=number,
    )
    return about._replace(prefix=whole[max(0, place - _AROUND) : place], suffix=whole[end : end + _AROUND]), (remark,)


def _without_words(note: Note) -> Note:
    about = note.about
    masked = about._replace(exact="…" if about.exact else "", prefix="", suffix="")
    return note._replace(about=masked)


def prove(after: bytes, path: str, before: Testimony, added: tuple[Note, ...], authorities: Authorities) -> None:
    """Read the new bytes: the record as it was, and the new notes as its last ones.

    :raises CannotWrite: they say anything else.
    """
    try:
        reread = read.read(after, path, authorities)
    except InvalidTestimony as error:
        message = tr("{path} could not be read with the note in it:\n{message}", path=path, message=error.message)
        raise CannotWrite(message, tr(_BY_HAND)) from error
    wanted = before._replace(notes=(*before.notes, *added), fixity=reread.fixity, body_line=reread.body_line)
    if reread != wanted:
        message = tr("{path} would read differently with the note in it", path=path)
        raise CannotWrite(message, tr(_BY_HAND))


_BY_HAND: Final = mark("It was left as it is; write the note by hand.")
