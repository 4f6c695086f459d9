"""The house citation, and the names of works, in plain text.

A citation carries every caveat in force in its own words: a field of a
reference manager would be dropped by most styles. For a summary the author is
the archive, never the witness.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from archive.authority.authorities import Authorities
from archive.language.messages import in_english, tr
from archive.language.messages import mark as mark_message
from archive.record.hashing import SHORT_HASH, note_hash
from archive.record.testimony import PUBLIC, Cite, Note, Passage, Testimony
from archive.record.work import issue_date

STALE: Final = mark_message("the words have changed since this note was written")
UNREAD: Final = mark_message("as last read: the file of {code} cannot be read at present")
_ARCHIVE: Final = mark_message("the archive")
"""What a header says where the archive itself put a text into another language."""
NOTE_HASH: Final = 8
"""How many digits of the hash of a note the mark has, in text and in machine formats."""
_MOST_AUTHORS: Final = 3
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@in_english
def house(
    testimony: Testimony, passage: Passage, authorities: Authorities, *, digits: int = SHORT_HASH, in_full: bool = True
) -> str:
    """Cite a passage.

    :param digits: of the hash; 16 in text, 64 in machine formats.
    :param in_full: give each caveat's statement; False names the flags alone,
        for lists in which the statements stand beside the citation.
    """
    parts = [f"{opening(testimony, authorities)}, {place(passage)}", origin(testimony, passage.cites, authorities)]
    if passage.notes:
        parts.append(caveats(passage.notes, authorities, in_full=in_full))
    return f"{'. '.join(parts)}. {mark(testimony, passage, digits=digits)}"


def place(passage: Passage) -> str:
    """Name the paragraph, with the time or page in it, and say where a version was made of other words than stand there now."""
    named = f"para. {passage.number}"
    if passage.locators:
        named += tr(" (at {locators})", locators=", ".join(passage.locators))
    return f"{named}; {passage.outdated}" if passage.outdated else named


@in_english
def of_record(
    testimony: Testimony, notes: Iterable[Note], authorities: Authorities, *, digits: int = SHORT_HASH, in_full: bool = True
) -> str:
    """Cite a record as a whole, with every caveat in force at any of its passages; in full as in `house`."""
    every = tuple(dict.fromkeys(notes))
    parts = [opening(testimony, authorities), origin(testimony, (), authorities)]
    if every:
        parts.append(caveats(every, authorities, in_full=in_full))
    return f"{'. '.join(parts)}. {mark_of_record(testimony, every, digits=digits)}"


def mark(testimony: Testimony, passage: Passage, *, digits: int) -> str:
    """Return what lets another check the citation: code, state of the record, hash, notes."""
    ends = [
        f"{testimony.code}#p{passage.number}",
        *filter(None, (passage.language,)),
        as_of(testimony, passage.notes),
        f"sha256:{passage.sha256[:digits]}",
    ]
    if notes := [note for note in passage.notes if not note.until]:
        ends.append(f"notes {', '.join(map(note_mark, notes))}")
    return " · ".join([*ends, *describe_reader(testimony)])


def describe_reader(testimony: Testimony) -> tuple[str, ...]:
    """Describe that a citation was made above public: its hash and notes are of what that reader saw."""
    return () if testimony.clearance in {"", PUBLIC} else (f"clearance {testimony.clearance}",)


@in_english
def mark_of_record(testimony: Testimony, notes: tuple[Note, ...], *, digits: int) -> str:
    """Return what lets another check the citation of a whole record; the hash is that of its file."""
    ends = [testimony.code, *filter(None, (testimony.shown_in,)), as_of(testimony, notes), f"sha256:{testimony.fixity[:digits]}"]
    if notes:
        ends.append(f"notes {', '.join(map(note_mark, notes))}")
    if testimony.redacted:
        ends.append(tr("hash of the public rendering"))
    return " · ".join([*ends, *describe_reader(testimony)])


def as_of(testimony: Testimony, notes: Iterable[Note]) -> str:
    """Return the day of the latest change that is seen here: of the record, or of a note in force."""
    days = [change.date for change in testimony.history] + [note.date for note in notes]
    return max(days, default="undated")


def note_id(note: Note) -> str:
    """Name a note; one that came from another record with that record's code."""
    return f"{note.origin}/{note.id}" if note.origin else note.id


def note_mark(note: Note) -> str:
    """Name a note with the digits by which its flag, status and statement can be known again."""
    return f"{note_id(note)}:{hash_of(note)[:NOTE_HASH]}"


def hash_of(note: Note) -> str:
    """Return the hash of what a note says, in 64 hex digits."""
    return note_hash(note.flag, note.status, note.statement)


def opening(testimony: Testimony, authorities: Authorities) -> str:
    """Describe whose account it is and what kind of text, as the citation begins."""
    if testimony.is_summary:
        return f"{authorities.name()}, {heading(testimony, authorities)}"
    taken = tr(", recorded by {recorded_by}", recorded_by=testimony.recorded_by) if testimony.recorded_by else ""
    return f"{testimony.witness.name} ({_words(testimony, authorities)}){taken}, {testimony.title}, {authorities.name()}"


def heading(testimony: Testimony, authorities: Authorities) -> str:
    """Return the title under which a record is cited; that of a summary says whose account it is and that it is one."""
    if testimony.is_summary and not testimony.shown_in:
        return tr("Account of {name} (archive summary)", name=testimony.witness.name)
    if testimony.is_summary:
        return tr("Account of {name} ({words})", name=testimony.witness.name, words=_words(testimony, authorities))
    return f"{testimony.title} ({_words(testimony, authorities)})"


def _words(testimony: Testimony, authorities: Authorities) -> str:
    if testimony.is_summary:
        return tr("archive summary") + describe_translation(testimony, authorities)
    words = tr("translation") if testimony.rendering == "translation" else tr("own words")
    return words + describe_translation(testimony, authorities)


def describe_translation(testimony: Testimony, authorities: Authorities) -> str:
    """Describe in which other language than its own a record is shown, and who translated it; "" where it is shown in its own."""
    if not testimony.shown_in:
        return ""
    name = tr(_ARCHIVE) if testimony.translated_by == _ARCHIVE else testimony.translated_by
    by = tr(" by {name}", name=name) if name else ""
    return f", {language(testimony.shown_in, authorities)}{by}"


def language(tag: str, authorities: Authorities) -> str:
    """Name a language: ``ko-KP`` is "Korean (ko-KP)"; one that has no name here is its tag."""
    first = tag.partition("-")[0]
    named = authorities.vocabulary.label("language", first)
    if named == first:
        return tag
    return named if tag == first else f"{named} ({tag})"


def origin(testimony: Testimony, cites: tuple[Cite, ...], authorities: Authorities) -> str:
    """Name the source as a citation does, behind the word that says how the text stands to it."""
    after = tr("After") if testimony.is_summary else tr("From")
    return f"{after} {source_named(testimony, cites, authorities)}"


def source_named(testimony: Testimony, cites: tuple[Cite, ...], authorities: Authorities) -> str:
    """Name the source with the places in it, and say what was not seen."""
    source = testimony.source
    places = _places(testimony, cites, source.ref)
    named = work(source.csl) if source.csl else source.ref
    if places:
        named += f", {'; '.join(places)}"
    if source.through:
        read = ", ".join([work(source.through_csl), *_places(testimony, cites, source.through)])
        named += tr(", as reported by {read}", read=read)
    # What was not seen, or not whole, is said; what was read whole needs no word.
    said = {"not-seen": tr("; the original was not seen"), "in-part": tr("; the original was seen in part")}
    named += said.get(source.seen, "")
    further = [name_cite(cite, authorities) for cite in cites if cite.ref not in {source.ref, source.through}]
    also = tr(". See also {works}", works="; ".join(dict.fromkeys(further))) if further else ""
    return f"{named}{also}"


def _places(testimony: Testimony, cites: tuple[Cite, ...], ref: str) -> list[str]:
    """Return the places in a work, each with the day on which it was seen; the record's own day where they say none."""
    of_work = [cite for cite in cites if cite.ref == ref]
    places = [at for cite in of_work if (at := place_in(cite))]
    if not any(cite.seen for cite in of_work) and (day := _own_day(testimony, ref)):
        places.append(describe_day_seen(day))
    return list(dict.fromkeys(places))


def _own_day(testimony: Testimony, ref: str) -> str:
    """Return the day that a record says for the work that was read for it, "" for every other work."""
    source = testimony.source
    read = source.through if source.seen == "not-seen" else source.ref
    return source.seen_on if ref == read else ""


def place_in(cite: Cite) -> str:
    """Name the place in a work, and the day on which it was seen."""
    return ", ".join(filter(None, (cite.locator, describe_day_seen(cite.seen))))


def describe_day_seen(day: str) -> str:
    """Describe on which day something was seen: "seen 29 November 2026"; "" where nobody says.

    In English in every language, as locators and citations are.
    """
    if not day:
        return ""
    year, month, of_month = day.split("-")
    return f"seen {int(of_month)} {_MONTHS[int(month) - 1]} {year}"


def last_seen(testimony: Testimony, cites: Iterable[Cite], ref: str, authorities: Authorities) -> str:
    """Return the day on which a work was seen last: by these cites, else by the record, else by sources.yaml; else ""."""
    days = [cite.seen for cite in cites if cite.ref == ref and cite.seen]
    return max(days, default="") or _own_day(testimony, ref) or str(authorities.sources.get(ref, {}).get("seen_on", ""))


@in_english
def caveats(notes: Iterable[Note], authorities: Authorities, *, in_full: bool) -> str:
    """Return the caveats in a sentence; each says its flag, and in full what it states.

    Those that could be known only after the day asked for stand under "since DAY".
    """
    by_day: dict[str, list[Note]] = {}
    for note in notes:
        by_day.setdefault(note.since, []).append(note)
    stated_notes = [
        tr("Since {day}: {told}", day=day, told=_name_all(group, authorities, in_full=in_full))
        if day
        else _name_all(group, authorities, in_full=in_full)
        for day, group in by_day.items()
    ]
    return f"Caveats: {'. '.join(stated_notes)}"


def _name_all(notes: Iterable[Note], authorities: Authorities, *, in_full: bool) -> str:
    plain = [note._replace(since="") for note in notes]
    if in_full:
        return "; ".join(f"[{flag(note, authorities)}] {statement_of(note).rstrip('.')}" for note in plain)
    return ", ".join(flag_names(plain, authorities))


def flag_names(notes: Iterable[Note], authorities: Authorities) -> list[str]:
    """Return notes by their flags, each name once, with what has to be remarked of them."""
    every = (f"{flag(note, authorities)}{''.join(f' ({each})' for each in remarks(note))}" for note in notes)
    return list(dict.fromkeys(every))


def flag(note: Note, authorities: Authorities) -> str:
    """Return the label of a note's flag, whether it is resolved, and where it came from."""
    label = authorities.vocabulary.said("flag", note.flag)
    if note.status == "resolved":
        label += tr(", resolved")
    if note.since:
        label += tr(", since {since}", since=note.since)
    if note.until:
        label += tr(", replaced since")
    return tr("{label} (from {origin})", label=label, origin=note.origin) if note.origin else label


def statement_of(note: Note) -> str:
    """Return what a note states, with what has to be remarked of it: in every format."""
    was = tr(" (was: “{exact}”)", exact=note.about.exact) if note.about.exact and note.stale else ""
    bracketed = [f"[{remark}{was if not at else ''}]" for at, remark in enumerate(remarks(note))]
    return f"{note.statement.rstrip('.')}. {' '.join(bracketed)}" if bracketed else note.statement


def remarks(note: Note) -> tuple[str, ...]:
    """Return what has to be remarked of a note: that its words have moved or changed, or that it is told as it was last read."""
    return (*((tr(STALE),) if note.stale else ()), *((unread(note.unread),) if note.unread else ()))


def unread(code: str) -> str:
    """Describe that a note is told as it was last read, since the file of a record cannot be read at present."""
    return tr(UNREAD, code=code)


def name_cite(cite: Cite, authorities: Authorities) -> str:
    """Name a source or a conflict with the place in it."""
    if cite.ref in authorities.sources:
        named = work(authorities.sources[cite.ref].get("csl", {}))
    elif cite.ref in authorities.conflicts:
        named = f"{cite.ref} ({authorities.conflicts[cite.ref].get('subject', '')})"
    else:
        named = cite.ref
    return ", ".join(filter(None, (named, place_in(cite))))


def cites_in(entry: Mapping[str, Any]) -> tuple[Cite, ...]:
    """Return what an entry of the authorities cites."""
    return tuple(Cite(written["ref"], written.get("locator", ""), written.get("seen", "")) for written in entry.get("cites", ()))


def name_cite_in_short(cite: Cite, authorities: Authorities) -> str:
    """Name a source as a reader of a list needs it: who, what, when; a conflict by its number."""
    if cite.ref not in authorities.sources:
        return ", ".join(filter(None, (cite.ref, place_in(cite))))
    csl = authorities.sources[cite.ref].get("csl", {})
    parts = (families(csl), str(csl.get("title", "")), issue_date(csl)[:4], place_in(cite))
    return ", ".join(part for part in parts if part)


def work(csl: Mapping[str, Any]) -> str:
    """Name a work from its CSL-JSON fields: authors, title, where and when it appeared."""
    container = csl.get("container-title") or csl.get("publisher") or ""
    where = ", ".join(str(part) for part in (container, issue_date(csl)) if part)
    title = str(csl.get("title", "")).strip() or "untitled"
    return ", ".join(part for part in (authors(csl), title) if part) + (f" ({where})" if where else "")


def authors(csl: Mapping[str, Any]) -> str:
    """Return the authors, at most three by name, given name first."""
    people = csl.get("author") or csl.get("editor") or ()
    return _several([person.get("literal") or _in_order(person) for person in people])


def _in_order(person: Mapping[str, str]) -> str:
    """Return a name as it is said: in Hangul or Han the family's name stands first, and nothing between."""
    family, given_name = person.get("family", ""), person.get("given", "")
    if family and given_name and all(letter >= "\u1100" for letter in family + given_name if not letter.isspace()):
        return f"{family}{given_name}"
    return " ".join(part for part in (given_name, family) if part)


def families(csl: Mapping[str, Any]) -> str:
    """Return the authors' family names, at most three."""
    people = csl.get("author") or csl.get("editor") or ()
    return _several([person.get("literal") or person.get("family") or "" for person in people])


def _several(names: list[str]) -> str:
    if len(names) > _MOST_AUTHORS:
        return tr("{names} and others", names=names[0])
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1] if names else "")))
