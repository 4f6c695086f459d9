"""Adding entries to the authority files of a collection: lines put in at the end of a list, all other bytes as they were.

What was written is read again before it is kept: it must say what the file
said before, and the new entries after it, and no authority file may have a
fault by it. A collection that has no file of that name gets one: with what was
in force before, so that nothing goes by adding.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from archive.authority.authorities import AUTHORITIES, FILES, Authorities, is_shipped
from archive.errors import CannotWrite, ConflictingOptions, InvalidAuthorities
from archive.keeping import _authority_entries as authority_entries
from archive.keeping._authority_entries import KINDS, PERSON, Entry, EntryKind
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import people, yaml_nodes
from archive.reader.authorities import files_in_force, read_authorities, shown_name
from archive.reader.yaml_nodes import Node
from archive.storage import atomic, lock, shipped
from archive.text import fold

_MOST_BYTES: Final = 20_000_000
_WORK: Final = "work"


class AddedEntries(NamedTuple):
    """Entries that were added, or would be: the file, their lines, how many, and what a person has to know."""

    path: str
    lines: tuple[str, ...]
    number: int
    said: tuple[str, ...]


class AuthorityFile(NamedTuple):
    """An authority file as `authority check` tells of it; ``whose`` is own, shipped, or not in force."""

    name: str
    path: str
    whose: str
    entries: int


def add(  # noqa: PLR0913 - two by keyword alone
    root: Path, kind: str, identifier: str, said: Sequence[str], *, language: str = "", dry: bool = False
) -> AddedEntries:
    """Add one entry to an authority file, of what a person says of it.

    :param kind: camp, topic, work, conflict or flag.
    :param said: FIELD=VALUE pairs.
    :param language: of labels and names that name none; else that of the collection.
    :param dry: write nothing.
    :raises ConflictingOptions: a pair cannot be understood.
    :raises InvalidAuthorities: the entry cannot stand there; nothing is written.
    """
    own = language or str(read_authorities(root).collection.get("language") or "en")
    return add_all(root, kind, [authority_entries.entry(kind, identifier, said, own)], dry=dry)


def add_all(root: Path, kind: str, entries: Sequence[Entry], said: Iterable[str] = (), *, dry: bool = False) -> AddedEntries:
    """Add entries to the authority file of their kind; one whose id is there already is left out, and told.

    :param said: what a person has to know of how they were read.
    :raises InvalidAuthorities: with every fault; nothing is written.
    :raises CannotWrite: the file cannot be written.
    """
    shipped.refuse_writing(root)
    of_kind = KINDS[kind]
    target = root / AUTHORITIES / f"{of_kind.file}.yaml"
    with lock.writing(root):
        content, is_own = _before(root, of_kind)
        node = _read(content, target.name)
        there = {str(each.get("id")): each for each in node.plain().get(of_kind.key, ())}
        told = list(said)
        new = []
        known: dict[str, str] = (
            {key: name for name, each in there.items() for key in _keys_of_work(each)} if kind == _WORK else {}
        )
        for each in entries:
            keys = tuple(_keys_of_work(each)) if kind == _WORK else ()
            as_what = next((known[key] for key in keys if key in known), "")
            if each["id"] in there:
                told.append(_left_message(each, there[each["id"]]))
            elif as_what:
                told.append(tr("{value!r} is there already as {other!r}", value=each["id"], other=as_what))
            else:
                new.append(each)
                known.update(dict.fromkeys(keys, str(each["id"])))
        if len(entries) == 1 and not new:
            message = tr("{path} has an entry {value!r} already", path=f"{AUTHORITIES}/{target.name}", value=entries[0]["id"])
            raise ConflictingOptions(message, tr("Take another id, or change the entry in the file."))
        written = append(content, node, of_kind.key, new)
        _prove(root, of_kind, node, new, written)
        if not is_own and content != _empty(of_kind):
            message = tr("{path} begins as a copy of the file that comes with the program", path=f"{AUTHORITIES}/{target.name}")
            told.append(message)
        if new and not dry:
            target.parent.mkdir(exist_ok=True)
            atomic.write_beside(target, written, new=not is_own, was=content if is_own else None)
    lines = tuple("".join(authority_entries.lines(new)).splitlines())
    return AddedEntries(f"{AUTHORITIES}/{target.name}", lines, len(new), tuple(told))


def _keys_of_work(work: Mapping[str, Any]) -> Iterator[str]:
    """Yield by what a work is known whatever its id: its DOI, its address, its title and year."""
    csl = work.get("csl")
    csl = csl if isinstance(csl, dict) else {}
    doi = re.sub(r"\A(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", str(csl.get("DOI", "")).casefold())
    if doi:
        yield f"doi {doi}"
    address = re.sub(r"\Ahttps?://(?:www\.)?", "", str(csl.get("URL", "")).strip()).rstrip("/")
    if address:
        yield f"url {address}"
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    year = str(parts[0][0]) if parts and parts[0] else ""
    title = "".join(filter(str.isalnum, fold(str(csl.get("title", "")))))
    if title and year:
        yield f"title {title} {year}"


def _empty(kind: EntryKind) -> bytes:
    return f"{kind.key}: []\n".encode()


def _before(root: Path, kind: EntryKind) -> tuple[bytes, bool]:
    """Return what the file holds, and whether it is the collection's own; without one, what is in force."""
    own = root / people.PATH
    file = own if kind is KINDS[PERSON] and own.exists() else files_in_force(root).get(kind.file)
    if file is None:
        return _empty(kind), False
    try:
        return atomic.read_linked(file, _MOST_BYTES), not is_shipped(file)
    except OSError as error:
        message = tr("{path} cannot be read: {reason}", path=shown_name(file), reason=error.strerror or error)
        raise CannotWrite(message) from error


def _read(content: bytes, name: str) -> Node:
    node, faults = yaml_nodes.load(content.decode("utf-8"), f"{AUTHORITIES}/{name}")
    if node is None or faults:
        raise InvalidAuthorities(tuple(faults), tr("Mend the file first; nothing was written."))
    return node


def _left_message(new: Entry, there: dict[str, Any]) -> str:
    if _as_text(new) == there:
        return tr("{value!r} is there already, the same", value=new["id"])
    return tr("{value!r} is there already with other values, and was left as it is", value=new["id"])


def _as_text(value: Any) -> Any:  # noqa: ANN401 - plain data
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    return [_as_text(each) for each in value] if isinstance(value, list) else str(value)


def append(content: bytes, node: Node, key: str, entries: Sequence[Entry]) -> bytes:
    """Return an authority file with entries at the end of a list, in the style that the list has.

    :param node: what the file holds, with its places.
    :raises CannotWrite: there is no list of that name.
    """
    written = content.decode("utf-8")
    ends = "\r\n" if "\r\n" in written else "\n"
    present = node.at((key,))
    if present is None:
        text = f"{key}:\n" + "".join(authority_entries.lines(entries))
        return (written.rstrip("\r\n") + ends + text.replace("\n", ends)).encode()
    if not isinstance(present.value, list):
        message = tr("{key} is no list", key=key)
        raise CannotWrite(message, tr("Mend the file first; nothing was written."))
    if present.flow and present.value:
        flow = "".join(f", {_in_flow(each)}" for each in entries)
        last = present.value[-1].end
        return (written[:last] + flow + written[last:]).encode()
    if present.flow:
        text = "\n" + "".join(authority_entries.lines(entries)).rstrip("\n")
        before, after = written[: present.start].rstrip(" "), written[present.end :]
        return (before + text.replace("\n", ends) + after).encode()
    column = present.start - (written.rfind("\n", 0, present.start) + 1)
    at = _end(present, written)
    text = "".join(authority_entries.lines(entries, column))
    before = written[:at]
    return (before + ("" if before.endswith("\n") else ends) + text.replace("\n", ends) + written[at:]).encode()


def _in_flow(made: Entry) -> str:
    return "{" + ", ".join(line.strip().removeprefix("- ") for line in authority_entries.lines([made])) + "}"


def _end(node: Node, written: str) -> int:
    """Return where the line after the last one of a block begins."""
    while not node.flow and isinstance(node.value, dict | list) and node.value:
        node = list(node.value.values())[-1] if isinstance(node.value, dict) else node.value[-1]
    if written[node.end - 1 : node.end] == "\n":  # a block scalar ends where the line after it begins
        return node.end
    at = written.find("\n", node.end)
    return len(written) if at < 0 else at + 1


def _prove(root: Path, kind: EntryKind, before: Node, new: Sequence[Entry], written: bytes) -> None:
    """Read what would be written: it says what was there, and the new entries after it, and is without a fault."""
    meant = before.plain()
    meant[kind.key] = [*meant.get(kind.key, ()), *map(_as_text, new)]
    if _read(written, f"{kind.file}.yaml").plain() != meant:
        message = tr("{path} cannot be added to without changing what it says", path=f"{AUTHORITIES}/{kind.file}.yaml")
        raise CannotWrite(message, tr("Nothing was written; add the entry by hand."))
    if kind is KINDS[PERSON]:
        if faults := people.read_register(written.decode("utf-8")).faults:
            raise InvalidAuthorities(faults, tr("Nothing was written."))
        return
    try:
        read_authorities(root, {kind.file: written})
    except InvalidAuthorities as error:
        raise InvalidAuthorities(error.faults, tr("Nothing was written.")) from error


def survey(root: Path) -> tuple[AuthorityFile, ...]:
    """Return each authority file with whose it is and how many entries it has.

    :raises InvalidAuthorities: with every fault of every file.
    """
    authorities = read_authorities(root)
    files = files_in_force(root)
    surveyed = []
    for name in FILES:
        file = files.get(name)
        whose = "none" if file is None else "shipped" if is_shipped(file) else "own"
        surveyed.append(
            AuthorityFile(name, shown_name(file) if file else f"{AUTHORITIES}/{name}.yaml", whose, _entries(authorities, name))
        )
    register = people.read_people(root)
    if register.faults:
        raise InvalidAuthorities(register.faults)
    if (root / people.PATH).exists():
        surveyed.append(AuthorityFile(people.NAME, people.PATH, "own", max(0, len(register.initials or ()) - 1)))
    return tuple(surveyed)


def _entries(authorities: Authorities, name: str) -> int:
    if name == "flags":
        return len(list(authorities.vocabulary.terms("flag")))
    if name == "topics":
        return len(list(authorities.vocabulary.terms("topic")))
    lists = [each for each in authorities.data(name).values() if isinstance(each, list)]
    return 0 if name == "collection" else sum(map(len, lists))
