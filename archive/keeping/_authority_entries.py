"""An entry of an authority file, as a person says it in FIELD=VALUE pairs, and the lines that it becomes.

`label.ru=…` is the label in Russian; a field that holds several values is
given several times. What is said is held against the shape of the file by
`archive.reader`, so that nothing is written that `check` would refuse.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from archive.errors import ConflictingOptions
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.text import join_list, near, squash

Entry = dict[str, Any]

_PERSON: Final = ("author", "editor", "translator")
_PARTS: Final = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")
_FORMS: Final = {"claims": "claims=WORK: what it says", "statements": "statements=opened WORK: what it says"}
_REF: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]*): +(.+)", re.DOTALL)


class EntryKind(NamedTuple):
    """What can be added: its file, and the fields with what each holds."""

    file: str
    key: str
    text: tuple[str, ...]
    labels: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    csl: tuple[str, ...] = ()

    def fields(self) -> tuple[str, ...]:
        """Return every field that may be given."""
        return (*self.text, *self.labels, *self.lists, *self.words, *self.names, *self.told, *self.csl)


PERSON: Final = "person"
"""An editor, by the initials that stand in ``by:``: of the register that no reader is told of."""

KINDS: Final[Mapping[str, EntryKind]] = {
    "camp": EntryKind(
        "camps",
        "facilities",
        ("type", "number", "part_of"),
        labels=("label",),
        lists=("not_to_be_confused_with",),
        names=("names", "place_names"),
        told=("statements",),
    ),
    "topic": EntryKind(
        "topics",
        "topics",
        ("definition",),
        labels=("label",),
        lists=("broader", "related", "shared_with"),
        words=("also", "under"),
    ),
    "flag": EntryKind("flags", "flags", ("definition", "statement"), labels=("label",)),
    "work": EntryKind(
        "sources",
        "sources",
        ("seen", "seen_on", "seen_note", "note", "reliability", "information", "basis", "language"),
        csl=(
            "type",
            "title",
            *_PERSON,
            "issued",
            "publisher",
            "publisher-place",
            "container-title",
            "URL",
            "ISBN",
            "DOI",
            "page",
        ),
    ),
    "conflict": EntryKind(
        "conflicts", "conflicts", ("subject", "kind", "verdict", "severity", "note"), lists=("facilities",), told=("claims",)
    ),
    PERSON: EntryKind("people", "people", ("name", "role")),
}
"""The kinds of entries: `lists` hold ids, `words` words by language, `names` spellings, `told` what a work says."""


def entry(kind: str, identifier: str, said: Iterable[str], language: str = "en") -> Entry:
    """Make an entry of what a person says.

    :param said: pairs as ``label.ru=…``, in their order.
    :param language: of labels, names and words that name none.
    :raises ConflictingOptions: a pair cannot be understood; every reason at once.
    """
    reasons: list[str] = []
    made: Entry = {"id": identifier}
    for pair in said:
        field, given, value = pair.partition("=")
        name, _, code = field.strip().partition(".")
        if not given or not squash(value):
            reasons.append(tr("{pair!r} is not FIELD=VALUE", pair=pair))
        elif name not in KINDS[kind].fields():
            close = near(name, KINDS[kind].fields())
            hint = join_list(close) if close else ", ".join(KINDS[kind].fields())
            reasons.append(tr("{kind} has no field {name!r}; it has {fields}", kind=kind, name=name, fields=hint))
        else:
            reasons += _put(made, KINDS[kind], name, code or language, squash(value))
    if reasons:
        raise ConflictingOptions("\n".join(reasons), tr("Nothing was written."))
    return _findable(made) if kind == "camp" else made


def _findable(camp: Entry) -> Entry:
    """Return a facility that is found by its labels too: a label alone is shown, and is no name."""
    known = {each["text"] for each in (*camp.get("names", ()), *camp.get("place_names", ()))}
    labels = [{"text": text, "language": code} for code, text in camp.get("label", {}).items() if text not in known]
    return {**camp, "names": [*labels, *camp.get("names", ())]} if labels else camp


def _put(made: Entry, kind: EntryKind, name: str, language: str, value: str) -> Iterator[str]:
    """Put a value into an entry; yields why it cannot be."""
    if name in kind.csl:
        yield from _of_work(made.setdefault("csl", {}), name, value)
    elif name in kind.labels:
        made.setdefault(name, {})[language] = value
    elif name in kind.lists:
        made.setdefault(name, []).append(value)
    elif name in kind.words:
        made.setdefault(name, {}).setdefault(language, []).append(value)
    elif name in kind.names:
        made.setdefault(name, []).append({"text": value, "language": language})
    elif name in kind.told:
        yield from _read_statement(made.setdefault(name, []), name, value)
    elif name in made:
        yield tr("{field} is given twice", field=name)
    else:
        made[name] = value


def _read_statement(statements: list[Any], name: str, value: str) -> Iterator[str]:
    """Read ``WORK: text`` of a side of a contradiction, and ``about WORK: text`` of a statement on a facility."""
    about, _, rest = value.partition(" ") if name == "statements" else ("", "", value)
    read = _REF.fullmatch(rest)
    if read is None:
        yield tr("{value!r} cannot be understood: write it as {form}", value=value, form=repr(_FORMS[name]))
        return
    cites = [{"ref": read[1]}]
    statements.append({"about": about, "text": read[2], "cites": cites} if about else {"says": read[2], "cites": cites})


def _of_work(csl: Entry, name: str, value: str) -> Iterator[str]:
    if name in _PERSON:
        family, comma, given = (part.strip() for part in value.partition(","))
        csl.setdefault(name, []).append({"family": family, "given": given} if comma else {"literal": value})
    elif name == "issued":
        read = _PARTS.fullmatch(value)
        if read is None:
            yield tr("issued: {value!r} is no date as 2001, 2001-05 or 2001-05-17", value=value)
            return
        csl[name] = {"date-parts": [[str(int(part)) for part in read.groups() if part]]}
    elif name in csl:
        yield tr("{field} is given twice", field=name)
    else:
        csl[name] = value


def lines(entries: Iterable[Entry], column: int = 2) -> Iterator[str]:
    """Yield the lines of entries in a list: each value as JSON, which is YAML."""
    for made in entries:
        sign = "- "
        for key, value in made.items():
            yield f"{' ' * column}{sign}{key}: {json.dumps(value, ensure_ascii=False)}\n"
            sign = "  "
