"""From a testimony to its passages: numbered, hashed, and with what is in force at each.

What a passage is about comes from the claims that touch it; what such a claim
does not say, and passages that no claim touches, come from the record.
"""

from collections.abc import Callable, Iterable, Iterator

from archive import text
from archive.record import alignment, hashing, paragraphs, reach
from archive.record.standing import Words, standing
from archive.record.testimony import CampEntry, Cite, Claim, Note, Passage, Relation, Testimony

Find = reach.Find


def build(
    testimony: Testimony,
    notes: Callable[[int], tuple[Note, ...]] | None = None,
    order: Callable[[Iterable[Note]], tuple[Note, ...]] = tuple,
) -> Iterator[Passage]:
    """Yield the passages of a record; those that have the same notes, or the same claims on them, share what follows from it.

    :param notes: gives the notes at a paragraph (`archive.record.reach.Web.notes`); by itself a record has its own.
    :param order: puts the notes of a passage in order.
    """
    notes_at = notes or reach.NoteGraph(lambda _: None, lambda _: ()).notes(testimony)
    touched = claims_at(testimony)
    called = paragraphs.Footnotes(testimony.body)
    in_others = alignment.texts(testimony)
    headings: list[str] = []
    # By the identity of each: to compare notes by what they say takes longer than all else here. What is kept keeps its identity.
    of_claims: dict[tuple[int, ...], tuple[tuple[CampEntry, ...], tuple[str, ...], tuple[Cite, ...]]] = {}
    of_notes: dict[tuple[int, ...], tuple[tuple[Note, ...], tuple[Note, ...], tuple[Note, ...]]] = {}
    for run in paragraphs.split_blocks(testimony.body):
        if run.kind == "heading":
            headings.append(run.text)
        if run.kind != "passage":
            continue
        touching, here = touched(run.number), notes_at(run.number)
        claims_key, notes_key = tuple(map(id, touching)), tuple(map(id, here))
        if claims_key not in of_claims:
            cites = tuple(dict.fromkeys(cite for claim in touching for cite in claim.cites))
            of_claims[claims_key] = _entries(testimony, touching), _topics(testimony, touching), cites
        if notes_key not in of_notes:
            in_force, gone = (order(note for note in here if bool(note.until) is is_gone) for is_gone in (False, True))
            of_notes[notes_key] = in_force, gone, here
        entries, topics, cites = of_claims[claims_key]
        yield Passage(
            code=testimony.code,
            number=run.number,
            text=run.text,
            sha256=hashing.passage_hash(run.text),
            locators=text.locators(run.text),
            headings=tuple(headings),
            entries=entries,
            topics=topics,
            cites=cites,
            notes=of_notes[notes_key][0],
            replaced=of_notes[notes_key][1],
            footnotes=called.of(run.text),
            versions=in_others(run.number),
        )
        headings = []


def claims_at(testimony: Testimony) -> Callable[[int], list[Claim]]:
    """Return what gives the claims that touch a paragraph: as named, and where the words that they are bound to stand now."""
    if not testimony.claims:
        return lambda _: []
    words = reach.own_words(testimony)
    places = [(claim, claim_places(claim, words)) for claim in testimony.claims]
    return lambda number: [claim for claim, numbers in places if number in numbers]


def claim_places(claim: Claim, words: Words) -> frozenset[int]:
    """Return the paragraphs that a claim touches; all of them where it stands nowhere any more."""
    place = standing(claim.paragraphs, claim.hashes, claim.exact, words)
    return frozenset((*place.fits, *place.loose) or words)


def with_places(testimony: Testimony) -> Testimony:
    """Return a record whose claims and relations say where they touch it, for where its body is not at hand."""
    if not (testimony.claims or any(relation.own_hashes for relation in testimony.relations)):
        return testimony
    words = reach.own_words(testimony)
    claims = tuple(claim._replace(at=tuple(sorted(claim_places(claim, words)))) for claim in testimony.claims)
    return testimony._replace(claims=claims, relations=tuple(_place(relation, words) for relation in testimony.relations))


def _place(relation: Relation, words: Words) -> Relation:
    numbers = tuple(standing(relation.paragraphs, relation.own_hashes, "", words).numbers(words))
    return relation if numbers == relation.paragraphs or not relation.own_hashes else relation._replace(at=numbers)


def footnotes(testimony: Testimony) -> tuple[str, ...]:
    """Return the footnote definitions of a body, which are context and no passages."""
    return tuple(run.text for run in paragraphs.split_blocks(testimony.body) if run.kind == "footnote")


def _topics(testimony: Testimony, touching: list[Claim]) -> tuple[str, ...]:
    named = dict.fromkeys(topic for claim in touching for topic in claim.topics)
    silent = not touching or any(not claim.topics for claim in touching)
    return tuple(dict.fromkeys([*named, *(testimony.topics if silent else ())]))


def _entries(testimony: Testimony, touching: list[Claim]) -> tuple[CampEntry, ...]:
    if not touching:
        return tuple(_of_record(testimony))
    return tuple(dict.fromkeys(entry for claim in touching for entry in entries_of(testimony, claim)))


def _of_record(testimony: Testimony) -> list[CampEntry]:
    own = testimony.entries or (CampEntry(None),)
    return [entry._replace(period=entry.period or testimony.period) for entry in own]


def entries_of(testimony: Testimony, claim: Claim) -> tuple[CampEntry, ...]:
    """Return what one claim is about, completed from its record."""
    return tuple(dict.fromkeys(_complete_claim(claim, _of_record(testimony), testimony.period)))


def _complete_claim(claim: Claim, record: list[CampEntry], period: str) -> Iterator[CampEntry]:
    """Complete a claim from the record: zone and role of the same camp, period and basis where it is silent."""
    if claim.camps is None:
        own = record
    else:
        of_record = {entry.camp for entry in record}
        own = [entry for entry in record if entry.camp in claim.camps]
        own += [CampEntry(camp, period=period) for camp in claim.camps if camp not in of_record]
        own = own or [CampEntry(None, period=period)]
    for entry in own:
        yield entry._replace(
            period=claim.period or entry.period,
            basis=claim.basis or entry.basis,
            status=claim.status,
        )


def replaced_ids(notes: Iterable[Note]) -> frozenset[str]:
    """Return the ids of the notes that a later note took the place of."""
    return frozenset(note.replaces for note in notes if note.replaces)


def in_force(testimony: Testimony) -> tuple[Note, ...]:
    """Return the record's own notes that are in force at any of its paragraphs, in the order of its header."""
    note_ids = {note.id for run in paragraphs.passages(testimony.body) for note in own_notes(testimony, run.number)}
    return tuple(note for note in testimony.notes if note.id in note_ids)


def own_notes(testimony: Testimony, number: int) -> Iterator[Note]:
    """Yield the record's own notes in force at a paragraph."""
    here = reach.CurrentNotes(testimony.notes, reach.own_scopes(testimony, reach.own_words(testimony)))
    return (note for note in here.at(number) if not note.until)


def points_at(testimony: Testimony) -> tuple[str, ...]:
    """Return the codes that a record names: through ``with`` and through its relations."""
    named = [link.code for note in testimony.notes for link, _ in note.links]
    named += [relation.code for relation in testimony.relations]
    return tuple(dict.fromkeys(code for code in named if code != testimony.code))


def without_unreadable(testimony: Testimony, is_readable: Callable[[str], bool]) -> Testimony:
    """Leave out every reference to a record that this reader may not read, or that is not there.

    So that an answer is the same with and without the other record.
    """
    notes = tuple(_note_without_unreadable(note, testimony.code, is_readable) for note in testimony.notes)
    relations = tuple(relation for relation in testimony.relations if is_readable(relation.code))
    return testimony._replace(notes=notes, relations=relations)


def _note_without_unreadable(note: Note, code: str, is_readable: Callable[[str], bool]) -> Note:
    if not note.against:
        return note
    links = zip(note.against, note.links, strict=True)
    kept = [(link, hashes) for link, (to, hashes) in links if to.code == code or is_readable(to.code)]
    hashes = tuple(link_hashes for _, link_hashes in kept)
    return note._replace(against=tuple(link for link, _ in kept), against_hashes=hashes if any(hashes) else ())
