"""Which notes are in force at which passage: a record's own, those that others hold against it, and those of what it relies on.

A note reaches the passages that its ``with`` names; and where a paragraph
relies on another record, all notes in force at what it relies on come along,
also those that come there from a third. Every pair of a record and a paragraph
is visited once, so rings end and the work grows with the links.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Final

from archive.named_tuple import NamedTuple
from archive.record.recent import Recent
from archive.record.standing import Standing, Words, standing
from archive.record.testimony import Note, Relation, Testimony

Find = Callable[[str], "Testimony | None"]
"""Gives the record of a code where this reader may read it, else None."""
Pointing = Callable[[str], "Iterable[str]"]
"""Gives the codes of the records that name a code, of those that this reader may read."""

MOST_NOTES: Final = 1_000
"""Notes that may be in force at a passage; more is a fault that `archive.collection.checks` names."""
_MOST_HELD: Final = 4_000_000  # code points of the bodies that are remembered, about
_TELLING_DIGITS: Final = 16


def own_words(testimony: Testimony) -> Words:
    """Return the paragraphs of a record as its own notes, claims and relations are bound to them."""
    return Words(testimony.body, also=testimony.public_body)


def shown_words(testimony: Testimony) -> Words:
    """Return the paragraphs of a record as other records are bound to them: by what the public sees."""
    return Words(testimony.public_body or testimony.body, public=True)


class NoteScope(NamedTuple):
    """A note, and where it stands in a record: each place with whether it fits, or None for all of the record.

    ``bound`` is what it was bound to there. ``quote_is_gone``: the words that it quotes stand in none of the paragraphs
    that it names.
    """

    note: Note
    places: tuple[Standing | None, ...]
    bound: frozenset[str]
    quote_is_gone: bool = False

    def at(self, number: int) -> bool | None:
        """Describe of a paragraph whether the note is stale there; None where it does not stand there."""
        doubts = [False if place is None else place.at(number) for place in self.places]
        known = [stale for stale in doubts if stale is not None]
        return all(known) if known else None

    def replaces(self, older: "NoteScope", number: int) -> bool:
        """Return whether this later note takes the place of an older one at a paragraph.

        One whose words moved or changed stands in more places than it was
        written for, and takes from these nothing but what was bound to the same words.
        """
        stale = self.at(number)
        return stale is False or (stale is True and older.bound <= self.bound)

    def as_told(self, *, stale: bool) -> Note:
        """Return the note as it is told: where it is stale, with its quote only where those words are what has changed."""
        return (self.note if self.quote_is_gone or not stale else without_quote(self.note))._replace(stale=stale)


def without_quote(note: Note) -> Note:
    """Return a note without the words that it quotes."""
    return note._replace(about=note.about._replace(exact="", prefix="", suffix=""))


def own_scopes(testimony: Testimony, words: Words) -> tuple[NoteScope, ...]:
    """Return where a record's own notes stand in it.

    A ``with`` that names the record itself reaches as one from another record
    does: a contradiction between two paragraphs is told at both.
    """
    return tuple(_own_scope(note, testimony.code, words) for note in testimony.notes)


def _own_scope(note: Note, code: str, words: Words) -> NoteScope:
    about = note.about
    own = None if about.of_record else standing(about.paragraphs, about.hashes, about.exact, words)
    places = (own, *_link_standings(note, code, words))
    bound = frozenset((*_bound(about.paragraphs, about.hashes, about.exact), *_bound_by_links(note, code)))
    if not about.exact or own is None or own.is_sound:
        return NoteScope(note, places, bound)
    return NoteScope(note, places, bound, quote_is_gone=not {*words.quoting(about.exact)} & {*about.paragraphs})


def _bound(named: tuple[int, ...], hashes: tuple[str, ...], exact: str = "") -> Iterator[str]:
    """Yield what something is bound to: hashes of words, or where it has none the numbers and the words quoted."""
    yield from (written[:_TELLING_DIGITS] for written in hashes) if hashes else (f"{number} {exact}" for number in named or (0,))


def _bound_by_links(note: Note, code: str) -> Iterator[str]:
    for link, hashes in note.links if note.against else ():
        if link.code == code:
            yield from _bound(link.paragraphs, hashes)


def _link_standings(note: Note, code: str, words: Words) -> Iterator[Standing | None]:
    for link, hashes in note.links if note.against else ():
        if link.code == code:
            yield standing(link.paragraphs, hashes, "", words) if link.paragraphs else None


def replacing(notes: Iterable[Note]) -> Mapping[str, tuple[Note, ...]]:
    """Return, for the id of each note that was replaced, the notes that took its place, also at second hand."""
    by_replaced: dict[str, tuple[Note, ...]] = {}
    for note in reversed(tuple(notes)):  # what replaces a note stands after it
        if note.replaces:
            by_replaced[note.replaces] = (*by_replaced.get(note.replaces, ()), note, *by_replaced.get(note.id, ()))
    return by_replaced


class CurrentNotes:
    """The notes of one record that stand at a paragraph; one is replaced only where what replaces it surely stands too.

    Paragraphs at which the same notes stand, each as stale here as there, have one tuple of them.
    """

    def __init__(self, notes: Iterable[Note], scopes: Sequence[NoteScope]) -> None:
        """Take the notes of a record, and where those stand that are asked for."""
        self._scopes, self._replacing = scopes, replacing(notes)
        self._current: dict[tuple[bool | None, ...], tuple[Note, ...]] = {}

    def at(self, number: int) -> tuple[Note, ...]:
        """Return the notes at a paragraph."""
        doubts = tuple([scope.at(number) for scope in self._scopes])
        if doubts not in self._current:
            self._current[doubts] = tuple(self._at(number, doubts))
        return self._current[doubts]

    def _at(self, number: int, doubts: tuple[bool | None, ...]) -> Iterator[Note]:
        scopes = zip(self._scopes, doubts, strict=True)
        here = {scope.note.id: (scope, stale) for scope, stale in scopes if stale is not None}
        for scope, stale in here.values():
            newer = (here[note.id][0] for note in self._replacing.get(scope.note.id, ()) if note.id in here)
            until = tuple(dict.fromkeys(new.note.known for new in newer if new.replaces(scope, number)))
            if "" not in until:  # else what replaces it could always be known
                yield scope.as_told(stale=stale)._replace(until=until)


def merge(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the notes at a passage, each once however it came: in force before replaced, what is sure before what is not."""
    merged_notes: dict[tuple[str, str, tuple[str, ...]], Note] = {}
    for note in notes:
        key = note.origin, note.id, note.until
        before = merged_notes.get(key)
        if before is None or (bool(note.unread), note.stale) < (bool(before.unread), before.stale):
            merged_notes[key] = note
    # Replaced here and not there: it is in force. Replaced by different notes: each has a day of its own.
    return tuple(
        note for (origin, name, until), note in merged_notes.items() if not (until and (origin, name, ()) in merged_notes)
    )


class _Doubt(NamedTuple):
    """What is not sure of a way to a paragraph: the record on it that cannot be read at present, and a link that is stale."""

    unread: str = ""
    stale: bool = False

    def __or__(self, other: "_Doubt") -> "_Doubt":
        return _Doubt(self.unread or other.unread, self.stale or other.stale)

    def is_no_more_than(self, other: "_Doubt") -> bool:
        """Return whether this way is at least as sure as another one."""
        return (bool(self.unread), self.stale) <= (bool(other.unread), other.stale)

    def on(self, note: Note) -> Note:
        """Return a note that came this way."""
        # What is stale is the link then: the words that the note quotes are where they were.
        told = without_quote(note) if self.stale and not note.stale else note
        return told._replace(unread=note.unread or self.unread, stale=note.stale or self.stale)


class _Place(NamedTuple):
    """A paragraph of a record that something leans on, and what is not sure of the way to it."""

    code: str
    number: int
    doubt: _Doubt


class _LinkedRecord:
    """A record as the web sees it; what is asked for once is remembered."""

    def __init__(self, testimony: Testimony, web: "NoteGraph") -> None:
        self.testimony = testimony
        self._web = web
        self._targets: dict[int, tuple[_Place, ...]] = {}
        self._against: dict[tuple[int, ...], tuple[Note, ...]] = {}
        self.handed: dict[tuple[tuple[int, bool], ...], tuple[Note, ...]] = {}

    @cached_property
    def own(self) -> Words:
        return own_words(self.testimony)

    @cached_property
    def shown(self) -> Words:
        plain = not (self.testimony.public_body or "<" in self.testimony.body)
        return self.own if plain else shown_words(self.testimony)

    @cached_property
    def _own_notes(self) -> CurrentNotes:
        return CurrentNotes(self.testimony.notes, own_scopes(self.testimony, self.own))

    @cached_property
    def _held_against(self) -> tuple[tuple[str, str, CurrentNotes], ...]:
        """Return the notes of other records that name this one, record by record."""
        code = self.testimony.code
        opposing = []
        for other in map(self._web.find, self._web.pointing(code)):
            covers = []
            for note in other.notes if other else ():
                places = tuple(_link_standings(note, code, self.shown))
                covers += [NoteScope(note, places, frozenset(_bound_by_links(note, code)))] if places else []
            if other and covers:
                opposing.append((other.code, other.code if other.unread else "", CurrentNotes(other.notes, covers)))
        return tuple(opposing)

    def notes(self, number: int) -> tuple[Note, ...]:
        """Return the record's own notes at a paragraph; where it has the same at another, the same tuple."""
        return self._own_notes.at(number)

    def against(self, number: int) -> tuple[Note, ...]:
        """Return the notes that other records hold against a paragraph; where it is the same at another, the same tuple."""
        held = [(code, unread, notes.at(number)) for code, unread, notes in self._held_against]
        # By the identity of what `CurrentNotes` keeps.
        key = tuple([id(notes) for _, _, notes in held])
        if key not in self._against:
            self._against[key] = tuple(
                note._replace(origin=code, unread=unread) for code, unread, notes in held for note in notes
            )
        return self._against[key]

    @cached_property
    def relations(self) -> tuple[tuple[Relation, Standing | None], ...]:
        """Return what the record relies on, and where in it."""
        relations = []
        for relation in self.testimony.relations:
            if relation.type == "relies-on" and relation.code != self.testimony.code:
                place = standing(relation.paragraphs, relation.own_hashes, "", self.own) if relation.paragraphs else None
                relations.append((relation, place))
        return tuple(relations)

    def leaning(self, number: int) -> tuple[tuple[int, bool], ...]:
        """Return the relations that hold at a paragraph, by their places, each with whether it is stale there."""
        doubts = ((at, False if place is None else place.at(number)) for at, (_, place) in enumerate(self.relations))
        return tuple((at, stale) for at, stale in doubts if stale is not None)

    def targets(self, at: int) -> tuple[_Place, ...]:
        """Return the paragraphs that a relation relies on; none, where this reader may not read the record."""
        if at not in self._targets:
            relation, relied = self.relations[at][0], self._web.linked_record(self.relations[at][0].code)
            places: list[_Place] = []
            if relied is not None:
                unread = relation.code if relied.testimony.unread else ""
                where = standing(relation.their, relation.their_hashes, "", relied.shown) if relation.their else None
                numbers = where.numbers(relied.shown) if where else relied.shown
                places = [_Place(relation.code, number, _Doubt(unread, bool(where and where.at(number)))) for number in numbers]
            self._targets[at] = tuple(places)
        return self._targets[at]


class NoteGraph:
    """The records that lean on each other, as one reader may see them."""

    def __init__(self, find: Find, pointing: Pointing) -> None:
        """Take the ways to a record, and to those that name it."""
        self.find = find
        self.pointing = pointing
        self._held = Recent["_LinkedRecord | None"](
            _MOST_HELD, lambda linked: len(linked.testimony.body) + 1_000 if linked else 1
        )

    def linked_record(self, code: str) -> _LinkedRecord | None:
        """Return a record that may be read."""
        if code not in self._held:
            testimony = self.find(code)
            self._held[code] = _LinkedRecord(testimony, self) if testimony else None
        return self._held[code]

    def notes(self, testimony: Testimony) -> Callable[[int], tuple[Note, ...]]:
        """Return what gives the notes at a paragraph of a record: its own, those held against it, those handed on to it.

        Among them are those that were replaced (``until``): in force only as of a day before.
        """
        here = self.linked_record(testimony.code) or _LinkedRecord(testimony, self)
        known: dict[tuple[int, ...], tuple[Note, ...]] = {}

        def at(number: int) -> tuple[Note, ...]:
            leaning = here.leaning(number)
            if leaning and leaning not in here.handed:
                here.handed[leaning] = tuple(self._walk(here, leaning))
            parts = here.notes(number), here.against(number), here.handed.get(leaning, ())
            key = tuple(map(id, parts))  # of what the record keeps
            if key not in known:
                known[key] = merge(chain.from_iterable(parts))
            return known[key]

        return at

    def _walk(self, here: _LinkedRecord, leaning: tuple[tuple[int, bool], ...]) -> Iterator[Note]:
        """Walk along what is relied on, depth first, each place once, and a second time where that is surer."""
        own = here.testimony.code
        seen: dict[tuple[str, int], _Doubt] = {}
        gone: dict[tuple[str, int], _Doubt] = {}
        waiting = [self._leant_on(here, leaning, doubt=_Doubt(), gone=gone)]
        while waiting:
            place = next(waiting[-1], None)
            if place is None:
                waiting.pop()
                continue
            code, number, doubt = place
            relied = self.linked_record(code)
            if relied is None or ((code, number) in seen and seen[code, number].is_no_more_than(doubt)):
                continue
            seen[code, number] = doubt
            handed = [*(note._replace(origin=code) for note in relied.notes(number)), *relied.against(number)]
            # A record's own note does not come back to it as another's.
            yield from (doubt.on(note) for note in handed if note.origin != own)
            waiting.append(self._leant_on(relied, relied.leaning(number), doubt=doubt, gone=gone))

    def _leant_on(
        self,
        here: _LinkedRecord,
        leaning: tuple[tuple[int, bool], ...],
        *,
        doubt: _Doubt,
        gone: dict[tuple[str, int], _Doubt],
    ) -> Iterator[_Place]:
        """Yield the places that some relations of a record lead to; each relation is followed once."""
        for at, is_stale in leaning:
            key, now = (here.testimony.code, at), doubt | _Doubt(stale=is_stale)
            if key in gone and gone[key].is_no_more_than(now):
                continue
            gone[key] = now
            for place in here.targets(at):
                yield place._replace(doubt=now | place.doubt)
