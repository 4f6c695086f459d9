"""Notes, claims and links whose words moved or changed, and those that could slide unseen: looks across records.

Nothing of this keeps a record out. What is bound stays in force where it was
and where its words are now (`archive.record.standing`), until a person has read both
and written the new binding. Messages name codes, places and hashes, never words.
"""

from collections.abc import Iterator
from typing import Final

from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.record.hashing import SHORT_HASH
from archive.record.reach import Find, own_words, shown_words
from archive.record.standing import Standing, Words, standing, unbound
from archive.record.testimony import Reference, Testimony
from archive.text import paragraphs_named

Place = tuple[str | int, ...]
"""A place in a record's header."""
Breach = tuple[Place, str]


class Binding(NamedTuple):
    """What is bound to paragraphs: where it stands in a header, what it is bound by, and to whose words.

    ``what`` names it in a sentence; ``whose`` is the code of another record, "" for its own.
    """

    where: Place
    what: str
    named: tuple[int, ...]
    hashes: tuple[str, ...]
    exact: str
    words: Words
    whose: str = ""

    @property
    def standing(self) -> Standing:
        """Find it."""
        return standing(self.named, self.hashes, self.exact, self.words)


def bindings(testimony: Testimony, find: Find) -> Iterator[Binding]:
    """Yield everything in a record that is bound to paragraphs, of it or of others.

    :param find: gives a record by its code; of one that cannot be read nothing is said.
    """
    own = own_words(testimony)
    words = _Others(testimony.code, own, find)
    for number, note in enumerate(testimony.notes):
        about, where = note.about, ("credibility", "notes", number)
        if about.paragraphs:
            yield Binding(
                where=(*where, "about"),
                what=tr("the note"),
                named=about.paragraphs,
                hashes=about.hashes,
                exact=about.exact,
                words=own,
            )
        for at, (link, hashes) in enumerate(note.links):
            yield from words.bound((*where, "with", at), tr("the note"), link, hashes)
    for number, claim in enumerate(testimony.claims):
        yield Binding(
            where=("claims", number),
            what=tr("the claim"),
            named=claim.paragraphs,
            hashes=claim.hashes,
            exact=claim.exact,
            words=own,
        )
    for number, relation in enumerate(testimony.relations):
        part: Place = ("relations", number)
        if relation.paragraphs:
            yield Binding(
                where=(*part, "paragraphs"),
                what=tr("the relation"),
                named=relation.paragraphs,
                hashes=relation.own_hashes,
                exact="",
                words=own,
            )
        link = Reference(relation.code, relation.their)
        yield from words.bound((*part, "code"), tr("the relation"), link, relation.their_hashes)


class _Others:
    """The words of the records that a record names."""

    def __init__(self, code: str, own: Words, find: Find) -> None:
        self.code = code
        self.own = own
        self.find = find
        self._held: dict[str, Words | None] = {}

    def bound(self, where: Place, what: str, link: Reference, hashes: tuple[str, ...]) -> Iterator[Binding]:
        words = self.own if link.code == self.code else self._words(link.code)
        if link.paragraphs and words is not None:
            whose = "" if link.code == self.code else link.code
            yield Binding(where=where, what=what, named=link.paragraphs, hashes=hashes, exact="", words=words, whose=whose)

    def _words(self, code: str) -> Words | None:
        if code not in self._held:
            testimony = self.find(code)
            self._held[code] = shown_words(testimony) if testimony else None
        return self._held[code]


def faults(testimony: Testimony, find: Find) -> Iterator[Breach]:
    """Yield every note, claim and link whose words are not where it says."""
    for binding in bindings(testimony, find):
        if not binding.standing.is_sound:
            yield from _displacements(binding)


def _displacements(bound: Binding) -> Iterator[Breach]:
    words, of = bound.words, tr(" of {code}", code=bound.whose) if bound.whose else ""
    kept = tr("until then {what} stays in force {where}{of}", what=bound.what, where=_where(bound.standing), of=of)
    for number, written in zip(bound.named, bound.hashes or ("",) * len(bound.named), strict=True):
        now = words.having(written) if written else []
        stand = tr("they now stand in {paragraphs}{of}", paragraphs=paragraphs_named(now), of=of)
        if number not in words:
            place = Reference(bound.whose, (number,))
            said = tr("names paragraph {number}, but the body has {number2}", number=number, number2=len(words))
            said = (
                tr("{place}: {whose} has {number} paragraphs", place=place, whose=bound.whose, number=len(words))
                if bound.whose
                else said
            )
            whereabouts = f" ({stand})" if now else ""
            yield (
                bound.where,
                tr("{said}{found}; bind it anew with `testimony rebind`; {kept}", said=said, found=whereabouts, kept=kept),
            )
        elif written and not words.hash(number).startswith(written):
            stand_now = tr("{stand}; {number} is now", stand=stand, number=number) if now else tr("now")
            said = tr("no longer fits paragraph {number}{of}: the words have changed or moved", number=number, of=of)
            which = tr("({told} {hash}); read both with `testimony rebind`", told=stand_now, hash=words.hash(number)[:SHORT_HASH])
            yield (*bound.where, "sha256"), f"{said} {which}; {kept}"
    quoting = words.quoting(bound.exact) if bound.exact else []
    if bound.exact and not set(quoting) & set(bound.named):
        whereabouts = tr(", but in {paragraphs}", paragraphs=paragraphs_named(quoting)) if quoting else ""
        yield (
            (*bound.where, "quote", "exact"),
            tr(
                "is in none of the paragraphs named{found}; read both with `testimony rebind`; {kept}",
                found=whereabouts,
                kept=kept,
            ),
        )


def _where(place: Standing) -> str:
    numbers = (*place.fits, *place.loose)
    return tr("at all paragraphs") if place.lost else tr("at {paragraphs}", paragraphs=paragraphs_named(sorted(numbers)))


def warnings(testimony: Testimony, find: Find) -> Iterator[Breach]:
    """Yield what is bound by number alone, and could slide to other words with nobody seeing it."""
    for binding in bindings(testimony, find):
        bare = unbound(binding.named, binding.hashes, binding.exact, binding.words)
        if bare and binding.exact and bare != binding.named:
            yield (
                binding.where,
                tr(
                    "has no hash, and its quote is not in {paragraphs}: could slide there to other words; {bind}",
                    paragraphs=paragraphs_named(bare),
                    bind=tr(_BIND),
                ),
            )
        elif bare and binding.exact:
            continue  # a fault, and named as one
        elif bare:
            has = (
                tr("has neither quote nor hash")
                if binding.where[-1] == "about" or binding.where[0] == "claims"
                else tr("has no hash")
            )
            yield binding.where, tr("{has} and could slide to other words; {bind}", has=has, bind=tr(_BIND))


_BIND: Final = mark("see check --bind")
