"""Single fields of a record, by name: what may be set so, and what has a command of its own or needs a person's hand."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from archive.errors import BadNote
from archive.keeping._header_edit import Change, Put, Remove
from archive.keeping._revising import Kept, Plan, Revised, Signed, check_text, revise
from archive.language.messages import mark, tr
from archive.reader import read
from archive.reader.yaml_nodes import Node
from archive.record.testimony import Testimony, reference
from archive.text import join_list, near, squash

Place = tuple[str | int, ...]
_FIELDS: Final = (
    "title",
    "kind",
    "language",
    "original_language",
    "period",
    "topics",
    "sensitive",
    "text.rendering",
    "text.by",
    "text.of",
    "witness.name",
    "witness.name_kind",
    "witness.connection",
    "witness.born",
    "witness.nationality",
    "recorded.date",
    "recorded.by",
    "source.ref",
    "source.root",
    "source.seen",
    "source.through",
    "source.seen_on",
    "source.csl.title",
    "source.csl.type",
    "source.csl.publisher",
    "source.csl.URL",
    "camps.N.camp",
    "camps.N.zone",
    "camps.N.period",
    "camps.N.as",
    "camps.N.basis",
    "claims.ID.text",
    "claims.ID.status",
    "claims.ID.period",
    "claims.ID.basis",
)
"""What can be set: N is the number of an entry of ``camps``, from 1, and ID the id of a claim."""
_LISTS: Final = frozenset({"topics", "sensitive"})
_NEEDED: Final = frozenset({"title", "kind", "language", "text.rendering", "witness.name", "witness.name_kind"}) | frozenset(
    {"witness.connection", "recorded.date", "camps.N.camp", "claims.ID.text", "claims.ID.status", "source.csl.type"}
)
_OTHERWISE: Final[Mapping[str, str]] = {
    "access": mark("Use `testimony open`, `close` or `withdraw`: who may read a record is decided, not set."),
    "consent": mark("Use `testimony open`, `close` or `withdraw`: who may read a record is decided, not set."),
    "code": mark("A code is permanent. Write a new record, and withdraw this one."),
    "schema": mark("It says how the file is written, and stays."),
    "credibility": mark("Use `testimony note`: a caveat is added or replaced, and never set."),
    "sha256": mark("Use `testimony rebind` or `testimony check --bind`: a hash is made of words that a person has read."),
    "relations": mark("Use `testimony relate`."),
    "claims": mark("Use `testimony claim add`; of a claim that is there text, status, period and basis can be set."),
    "history": mark("Every command that changes a record writes its own line."),
}
"""What is never set, and what to do in its place."""


def set_fields(root: Path, code: str, fields: Iterable[str], signed: Signed) -> Revised:
    """Set fields of a record, each written ``field=value``; an empty value takes an optional one out.

    :raises BadNote: with every field that cannot be set so.
    :raises InvalidTestimony: the record would have faults; nothing is written.
    """
    asked = tuple(fields)
    return revise(root, reference(code).code, lambda kept: _plan(kept, asked), signed)


def _plan(kept: Kept, fields: tuple[str, ...]) -> Plan:
    wrong: list[str] = []
    changes: list[Change] = []
    names: list[str] = []
    header, _, _ = read.nodes(kept.contents[kept.testimony.path], kept.testimony.path)
    for written in fields:
        name, equals, value = written.partition("=")
        name = name.strip()
        if not equals:
            wrong.append(tr("{written!r} is not of the form field=value", written=squash(written)[:60]))
            continue
        try:
            changes += _changes(kept.testimony, header, name, value)
            names.append(name)
        except BadNote as error:
            wrong.append(f"{name}: {error.message}. {error.remedy}")
    if wrong:
        raise BadNote("\n".join(wrong), tr("Nothing was written."))
    return Plan(tuple(changes), history=tr("Set {names}", names=join_list(dict.fromkeys(names), "and")))


def _changes(testimony: Testimony, header: Node, name: str, value: str) -> Iterable[Change]:
    general, place = _place(testimony, name)
    if general in _LISTS:
        terms = [term.strip() for term in value.split(",") if term.strip()]
        return [Put(place, terms)]
    if value.strip():
        return [Put(place, check_text(value, name))]
    if general in _NEEDED:
        raise BadNote(tr("is needed in every record"), tr("Give it another value."))
    return [Remove(place)] if header.at(place) else []


def _place(testimony: Testimony, name: str) -> tuple[str, Place]:
    """Return the name of a field in general, and where it stands in this record.

    :raises BadNote: it cannot be set so.
    """
    steps = name.split(".")
    if steps[0] == "camps" and len(steps) == 3 and steps[1].isdigit():  # noqa: PLR2004 - camps, a number, a field
        number = int(steps[1])
        if not 1 <= number <= len(testimony.entries):
            raise BadNote(tr("the record has {number} entries", number=len(testimony.entries)), tr("They count from 1."))
        return _check_name(f"camps.N.{steps[2]}"), ("camps", number - 1, steps[2])
    if steps[0] == "claims" and len(steps) == 3:  # noqa: PLR2004 - claims, an id, a field
        ids = [claim.id for claim in testimony.claims]
        if steps[1] not in ids:
            has = tr("It has {ids}.", ids=join_list(ids, "and")) if ids else tr("It has none.")
            raise BadNote(tr("the record has no such claim"), has)
        return _check_name(f"claims.ID.{steps[2]}"), ("claims", ids.index(steps[1]), steps[2])
    return _check_name(name), tuple(steps)


def _check_name(name: str) -> str:
    if name in _FIELDS:
        return name
    steps = name.split(".")
    never = next((step for step in ("sha256", steps[0]) if step in steps and step in _OTHERWISE), "")
    if never:
        raise BadNote(tr("is never set"), tr(_OTHERWISE[never]))
    close = near(name, _FIELDS)
    hint = (
        tr("Did you mean {close}?", close=join_list(close))
        if close
        else tr("These can be set: {names}.", names=", ".join(_FIELDS))
    )
    raise BadNote(tr("is no field that can be set"), hint)
