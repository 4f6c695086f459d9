"""Any spelling, Hangul name or number of a facility to its id, or to every candidate.

Numbers are not identities (four numbers name two facilities here) and places
are not either (Kaechon has four), so a resolver gives candidates and never
picks one. Likeness of spelling may suggest, never resolve: Bukchong is another
county than Bukchang.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NewType

from archive import text
from archive.errors import AmbiguousFacility, UnknownFacility
from archive.language.messages import current_language, tr
from archive.named_tuple import NamedTuple
from archive.text import regex

FacilityId = NewType("FacilityId", str)
"""The id of a facility that is in the gazetteer; made only by `Gazetteer`."""

NAMED_BY: Final = ("folded", "joined", "types", "numbers", "parts")
"""What `Gazetteer.names` gives: the facilities by their names folded and joined, and the types by theirs."""

# Words around a number or a place that say "camp" and no more; what narrows to
# a type of facility are the names of the types.
_GENERIC = regex(
    r"\b(?:prison|internment|concentration|political|labou?r|detention|camps?|no|nr|number|the|of|at|in|near|penal|colony)\b"
    r"|\b(?:county|gun|kun|city|si)\b|(?<=[가-힣]{2})[군시](?=\s|$)"
    r"|\bn(?=\s*[0-9])"  # N° 15
    r"|정치범|수용소|[제第](?=\s*[0-9])|(?<=[0-9])\s*(?:[호번号號]|(?:st|nd|rd|th)\b)",
)
_NUMBER = regex(r"0*([0-9]{1,3})")
_BESIDE = regex(r"\b(?:the|of|at|in|near)\b")
_COUNTED = regex(r"[제第]?\s*[0-9]+\s*(?:번|号|號|st|nd|rd|th)?")
# Where a digit meets a letter: Camp14 is Camp 14.
_SEAM = regex(r"(?<=[a-z가-힣])(?=[0-9])|(?<=[0-9])(?=[a-z](?!h\b|d\b|t\b))")
_APART = regex(r"(?<![0-9])[\s-]+|[\s-]+(?![0-9\s-])")
_BELOW_ZERO = regex(r"\s*[-\u2010-\u2015\u2212]\s*[0-9]")
_PUNCTUATION = regex(r"[^\w\s-]|_")


class Facility(NamedTuple):
    """An authority record: the one agreed description of a facility."""

    id: FacilityId
    type: str
    number: int | None
    label: Mapping[str, str]
    names: tuple[Mapping[str, str], ...]
    place_names: tuple[Mapping[str, str], ...]
    statements: tuple[Mapping[str, Any], ...]
    coordinates: tuple[Mapping[str, Any], ...]
    identifiers: Mapping[str, str]
    not_to_be_confused_with: tuple[str, ...]
    conflicts: tuple[str, ...]
    part_of: str = ""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Facility":
        """Build from the plain data of an entry."""
        return cls(
            id=FacilityId(data["id"]),
            type=data["type"],
            number=int(data["number"]) if data.get("number") else None,
            label=data.get("label", {}),
            names=tuple(data.get("names", ())),
            place_names=tuple(data.get("place_names", ())),
            statements=tuple(data.get("statements", ())),
            coordinates=tuple(data.get("coordinates", ())),
            identifiers=data.get("identifiers", {}),
            not_to_be_confused_with=tuple(data.get("not_to_be_confused_with", ())),
            conflicts=tuple(data.get("conflicts", ())),
            part_of=data.get("part_of", ""),
        )

    def named(self, language: str = "") -> str:
        """Return the label in a language (that of the person where none is given), else in English, else in the first it has."""
        return self.label.get(language or current_language()) or self.label.get("en") or next(iter(self.label.values()), self.id)

    def accepted(self) -> Iterator[str]:
        """Yield every accepted spelling: whole names, then bare place names."""
        for name in (*self.names, *self.place_names):
            yield name["text"]


class Meant(NamedTuple):
    """What a run of words stands for: the facilities, and the spellings to look for in a text."""

    candidates: tuple[FacilityId, ...]
    spellings: tuple[str, ...]


class Gazetteer:
    """All facilities, and the one way from a spelling to them."""

    def __init__(
        self,
        facilities: Mapping[str, Mapping[str, Any]],
        types: Mapping[str, Mapping[str, Any]],
        names: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    ) -> None:
        """Take the plain data of facilities and of their types by their ids; a facility is made of it when it is asked for.

        :param names: what `names` gave, where it is known already.
        """
        self._data, self._data_of_types = facilities, types
        self._made: dict[FacilityId, Facility] = {}
        known = names or self.names()
        self._by_name, self._by_joined, self._by_type_name, self._by_number, self._parts_of = (known[name] for name in NAMED_BY)

    def names(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """Return what facilities are looked up by: names folded, and joined besides; names of types; numbers; what has parts.

        Of two names of types the longer one comes first, so that no kwan-li is left.
        """
        accepted = [(each.id, spelling) for each in self for spelling in each.accepted()]
        by_name: dict[str, list[str]] = {}
        for (facility, _), folded in zip(accepted, keys(spelling for _, spelling in accepted), strict=True):
            holders = by_name.setdefault(folded, [])
            if facility not in holders:
                holders.append(facility)
        by_joined: dict[str, list[str]] = {}
        for folded, facilities_named in by_name.items():
            by_joined.setdefault(join(folded), []).extend(facilities_named)
        types = self._data_of_types.items()
        named = [(name, kind) for kind, data in types for name in (kind, *(each["text"] for each in data.get("names", ())))]
        by_type_name = {join(name): [kind] for name, (_, kind) in zip(keys(name for name, _ in named), named, strict=True)}
        longest = dict(sorted(by_type_name.items(), key=lambda pair: -len(pair[0])))
        by_number: dict[str, list[str]] = {}
        parts: dict[str, list[str]] = {}
        for each in self:
            if each.number:
                by_number.setdefault(str(each.number), []).append(each.id)
            if each.part_of:
                parts.setdefault(each.part_of, []).append(each.id)
        return dict(zip(NAMED_BY, (by_name, by_joined, longest, by_number, parts), strict=True))

    @cached_property
    def _types(self) -> list[tuple[str, re.Pattern[str], str]]:
        """Every name of a type in one piece, the same however it is spaced, and the type."""
        return [
            (_without_spaces(name), regex("[ -]*".join(map(re.escape, name))), kind)
            for name, (kind,) in self._by_type_name.items()
        ]

    @cached_property
    def _words(self) -> frozenset[str]:
        """Every word of a name or an id of a facility, folded."""
        return frozenset(_with_spaces(" ".join((*self._by_name, *self._data))).split())

    @cached_property
    def _places(self) -> dict[str, tuple[str, str]]:
        """The bare names of places, folded: each as it is written, and the name that it is a spelling of."""
        places: dict[str, tuple[str, str]] = {}
        for facility in self:
            first = ""
            for name in facility.place_names:
                # One place has several spellings; another place in the same list says so.
                folded = key(name["text"])
                first = first or folded
                places.setdefault(folded, (name["text"], key(name["spelling_of"]) if "spelling_of" in name else first))
        return places

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Gazetteer":
        """Build from the plain data of ``camps.yaml``."""
        facilities, types = ({entry["id"]: entry for entry in data.get(name, ())} for name in ("facilities", "types"))
        return cls(facilities, types)

    def __contains__(self, facility: str) -> bool:
        """Return whether an id is in the gazetteer."""
        return facility in self._data

    def __iter__(self) -> Iterator[Facility]:
        """Yield the facilities in gazetteer order."""
        return (self[facility] for facility in self._data)

    def __getitem__(self, facility: str) -> Facility:
        """Return a facility by its id."""
        own = FacilityId(facility)
        if own not in self._made:
            self._made[own] = Facility.from_data(self._data[facility])
        return self._made[own]

    def label(self, facility: str, language: str = "") -> str:
        """Return the label of a facility; of an unknown id the id itself."""
        return self[facility].named(language) if facility in self else facility

    def parts(self, facility: str) -> tuple[FacilityId, ...]:
        """Return what is part of a facility, and the parts of its parts, in gazetteer order; not the facility itself."""
        within: dict[str, None] = {facility: None}
        waiting = [facility]
        while waiting:
            more = [part for part in self._parts_of.get(waiting.pop(), ()) if part not in within]
            within.update(dict.fromkeys(more))
            waiting += more
        del within[facility]
        return self._in_order(within)

    def candidates(self, spelling: str, *, respaced: bool = True) -> tuple[FacilityId, ...]:
        """Return every facility that a spelling may mean, in gazetteer order; () for none.

        :param respaced: whether spaces and hyphens inside a name make no difference.
        """
        if not spelling[:1].isalnum() and _BELOW_ZERO.match(spelling):
            return ()
        written = key(spelling)
        if written in self:
            return (FacilityId(written),)
        if written in self._by_name:
            return self._in_order(self._by_name[written])
        if respaced and join(written) in self._by_joined:
            return self._in_order(self._by_joined[join(written)])
        kind, rest = ("", written) if written.isdecimal() else self._without_type(_SEAM.sub(" ", written))
        numbers = [int(candidate) for candidate in rest.split() if _NUMBER.fullmatch(candidate)]
        place = " ".join(candidate for candidate in rest.split() if not _NUMBER.fullmatch(candidate))
        if len(numbers) > 1 or not (numbers or place):
            return ()
        named = self._by_joined.get(join(place), ()) if respaced else self._by_name.get(place, ())
        if numbers:  # a number and a place must agree: neither is taken without the other
            numbered = self._by_number.get(str(numbers[0]), ())
            named = [facility for facility in numbered if not place or facility in named]
        return tuple(facility for facility in self._in_order(named) if not kind or self[facility].type == kind)

    def resolve(self, spelling: str) -> FacilityId:
        """Return the one facility that a spelling means.

        :raises AmbiguousFacility: it means several; all of them are named.
        :raises UnknownFacility: it means none; near spellings are suggested.
        """
        candidates = self.candidates(spelling)
        if len(candidates) == 1:
            return candidates[0]
        shown = text.squash(spelling)[:60]
        if candidates:
            named = "; ".join(f"{candidate} ({self.label(candidate)})" for candidate in candidates)
            message = tr("{shown!r} may mean {number} facilities: {named}", shown=shown, number=len(candidates), named=named)
            raise AmbiguousFacility(message, tuple(candidates), tr("Give one of these ids."))
        message = tr("no facility is called {shown!r}", shown=shown)
        known = [name for candidate in self for name in (candidate.id, *candidate.accepted())]
        asked = set(_digits(spelling))
        # Nobody who writes a number means another one.
        close = text.near(spelling, [name for name in known if not asked or asked.issuperset(_digits(name))])
        remedy = tr("Did you mean {close}? ", close=text.join_list(close)) if close else ""
        raise UnknownFacility(message, tr("{remedy}`testimony camps` lists all.", remedy=remedy))

    def meant(self, run: str) -> Meant | None:
        """Describe what a run of words in a text stands for; None where it is no name.

        A name of one facility brings that facility's other accepted names, as
        far as they mean no other; a name of several only the other spellings
        of that same name. A bare number is no name: there are other things to
        count than camps.
        """
        written = key(run)
        # Words of a sentence that happen to join to a name (on song, Onsong) are no name.
        candidates = self.candidates(run, respaced=False) if self.may_name(written) else ()
        if not candidates:
            return None
        if _COUNTED.fullmatch(text.squash(_BESIDE.sub(" ", written))) or not text.squash(_GENERIC.sub(" ", written)):
            return None
        if len(candidates) == 1:
            own = self[candidates[0]]
            spellings = [*own.accepted(), *self._number_spellings(own)]
            return Meant(
                candidates,
                _shortest([candidate for candidate in _distinct(spellings) if self.candidates(candidate) == candidates]),
            )
        _, name = self._places.get(written, ("", ""))
        same = {folded: typed for folded, (typed, of) in self._places.items() if name and of == name}
        spellings = [typed for folded, typed in same.items() if self.candidates(folded) == candidates]
        return Meant(candidates, tuple(_distinct([run, *spellings])))

    def rules(self) -> dict[str, Any]:
        """Return how a run of words is told to be a name, as plain data, for what reads queries by itself (`meant`)."""
        return {
            "facilities": [[each.id, each.number or 0, each.type] for each in self],
            "byName": {folded: list(held) for folded, held in sorted(self._by_name.items())},
            "byJoined": {folded: list(dict.fromkeys(held)) for folded, held in sorted(self._by_joined.items())},
            "types": [[letters, name.pattern, kind] for letters, name, kind in self._types],
            "generic": _GENERIC.pattern,
            "counted": _COUNTED.pattern,
            "beside": _BESIDE.pattern,
            "seam": _SEAM.pattern,
            "apart": _APART.pattern,
        }

    def may_name(self, written: str) -> bool:
        """Return whether a folded spelling has a number, a type, or any word of a name: most words of a text have none."""
        return (
            not written.isascii()
            or not written.replace(" ", "").replace("-", "").isalpha()
            or not self._words.isdisjoint(_with_spaces(written).split())
            or any(_without_spaces(name) in _without_spaces(written) for name in self._by_type_name)
        )

    def _number_spellings(self, own: Facility) -> Iterator[str]:
        """Yield the ways in which a number is written as a name."""
        if own.number:
            yield from (f"{own.type} {own.number}", f"camp {own.number}", f"no {own.number}", f"{own.number}호")

    def _without_type(self, written: str) -> tuple[str, str]:
        """Take the words for "camp" away: ``제14호 관리소`` is ``("kwalliso", "14")``."""
        kind = ""
        for letters, name, type_id in self._types:
            if letters in _without_spaces(written):
                without = name.sub(" ", written)
                if without != written:
                    kind, written = type_id, without
        return kind, text.squash(_with_spaces(_GENERIC.sub(" ", written)))

    def _in_order(self, facilities: Collection[str]) -> tuple[FacilityId, ...]:
        if len(facilities) <= 1:
            return tuple(map(FacilityId, facilities))
        return tuple(FacilityId(facility) for facility in self._data if facility in facilities)


def _distinct(spellings: Iterable[str]) -> list[str]:
    """Return the spellings that differ when they are folded, in their order."""
    return list({key(spelling): spelling for spelling in reversed(list(spellings))}.values())[::-1]


def _shortest(spellings: list[str]) -> tuple[str, ...]:
    """Leave out a spelling that holds another one: who looks for "camp 15" finds "camp 15 (Yodok)"."""
    keys = {spelling: f" {key(spelling)} " for spelling in spellings}
    return tuple(
        spelling for spelling in spellings if not any(other != spelling and keys[other] in keys[spelling] for other in spellings)
    )


def _digits(spelling: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"[0-9]{1,4}", text.fold(spelling))]


def join(folded: str) -> str:
    """Join a folded spelling: spaces and hyphens make no difference but between two digits."""
    return folded if folded.isalnum() else _APART.sub("", folded)


def _with_spaces(folded: str) -> str:
    return folded.replace("-", " ")


def _without_spaces(folded: str) -> str:
    return folded.replace(" ", "").replace("-", "")


def key(spelling: str) -> str:
    """Fold a spelling for look-up: case, accents, apostrophes, punctuation, white space."""
    folded = text.fold(spelling)
    return text.squash(folded if _without_spaces(folded).isalnum() else _PUNCTUATION.sub(" ", folded))


def keys(spellings: Iterable[str]) -> list[str]:
    """Fold many spellings as `key` folds one, all in one go, which is much faster."""
    lines = [text.squash(spelling) for spelling in spellings]
    folded = _PUNCTUATION.sub(" ", text.fold("\n".join(lines))).split("\n")
    return [text.squash(line) for line in folded] if lines else []
