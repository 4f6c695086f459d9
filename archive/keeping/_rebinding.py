"""Writing the hashes of paragraphs into notes, claims and links: line edits, proved by reading again.

Nothing else in the file changes; the file is written beside, synced and
renamed. A hash that is there and no longer fits is a fault, never overwritten,
and what is not where it says is not bound to what stands there now.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from archive.authority.authorities import Authorities
from archive.collection.bindings import Binding, bindings
from archive.errors import CannotWrite, InvalidTestimony
from archive.keeping._text_edit import TextEdit, apply
from archive.language.messages import tr
from archive.reader import read, versions
from archive.reader.yaml_nodes import Node
from archive.record.hashing import SHORT_HASH
from archive.record.standing import Words
from archive.record.testimony import Testimony, TextVersion
from archive.storage import atomic, lock, record_files

_KEY: Final = "sha256"
_OF_RECORD: Final = ("text", "translated")
_OF_VERSION: Final = ("text",)
"""Where a version has the hashes of the record's paragraphs, and of its own."""


def bind(root: Path) -> dict[str, int]:
    """Bind every note, claim and link on paragraphs that has no hash; returns how many in which file.

    Files with faults are left alone; `archive.collection.checks` names them.

    :raises CannotWrite: a file cannot be written.
    """
    authorities = read.read_authorities(root)
    contents, records = dict[str, bytes](), dict[str, Testimony]()
    with lock.writing(root):
        survey = record_files.survey(root)
        copied = set(survey.copies.values())  # once one of the two is written, neither would be read
        for path in survey.files:
            try:
                files = survey.files_of(record_files.code_of(path))
                read_now = {file: record_files.read_bytes(root, file) for file in files}
                beside = {file: content for file, content in read_now.items() if file != path}
                testimony_read = versions.read_all(read_now[path], path, authorities, beside).testimony
            except (OSError, InvalidTestimony):
                continue
            contents |= read_now
            records[testimony_read.code] = testimony_read
        mine = [record for record in records.values() if record.path not in copied]
        number = {
            testimony.path: _bind(root / testimony.path, contents[testimony.path], testimony, records, authorities)
            for testimony in mine
        }
        for record in records.values():
            for version in record.versions:
                if version.path not in copied:
                    number[version.path] = _bind_version(root / version.path, contents, record, version, authorities)
    return {path: bound for path, bound in number.items() if bound}


def _bind_version(
    file: Path, contents: Mapping[str, bytes], record: Testimony, version: TextVersion, authorities: Authorities
) -> int:
    """Bind a version to the words of the record as they are, and its own; returns how many paragraphs, 0 where all were bound."""
    content = contents[version.path]
    header, written, _ = read.nodes(content, version.path)
    unbound = [
        (node, Words(body))
        for where, body, hashes in ((_OF_RECORD, record.body, version.hashes), (_OF_VERSION, version.body, version.own_hashes))
        if not hashes and (node := header.at(where)) is not None
    ]
    if not unbound:
        return 0
    after = apply(content, [_insertion(node, f"{_KEY}: [{_hashes_of(words)}]", written) for node, words in unbound])
    reread = versions.read_all(contents[record.path], record.path, authorities, {version.path: after})
    bare = version._replace(hashes=(), own_hashes=(), fixity="", body_line=0)
    if [each._replace(hashes=(), own_hashes=(), fixity="", body_line=0) for each in reread.testimony.versions] != [bare]:
        message = tr("{path} would read differently with the hashes written in", path=version.path)
        raise CannotWrite(message, tr("It was left as it is; write the hashes by hand."))
    atomic.write_beside(file, after, new=False, was=content)
    return sum(len(words) for _, words in unbound)


def _hashes_of(words: Words) -> str:
    return ", ".join(f'"{words.hash(number)[:SHORT_HASH]}"' for number in words)


def _bind(file: Path, content: bytes, before: Testimony, records: Mapping[str, Testimony], authorities: Authorities) -> int:
    wanted = [binding for binding in bindings(before, records.get) if not binding.hashes and binding.standing.is_sound]
    if not wanted:
        return 0
    header, written, _ = read.nodes(content, before.path)
    sides: dict[tuple[str | int, ...], list[Binding]] = {}
    for one_wanted in wanted:
        sides.setdefault(one_wanted.where[:2] if one_wanted.where[0] == "relations" else one_wanted.where, []).append(one_wanted)
    insertions = [put for where, bound in sides.items() for put in _insertions(where, bound, header, written)]
    after = apply(content, insertions)
    _prove(after, before, authorities)
    atomic.write_beside(file, after, new=False, was=content)
    return len(wanted)


def _insertions(where: tuple[str | int, ...], bound: list[Binding], header: Node, written: str) -> Iterator[TextEdit]:
    """Yield what is put in: a key of the note, claim, link or relation; a bare link gets braces around it."""
    node = header.at(where)
    if node is None:
        return
    if where[0] == "relations":
        entries = ", ".join(
            f"{'own' if binding.where[-1] == 'paragraphs' else 'theirs'}: {_hashes(binding)}" for binding in bound
        )
        there = node.at((_KEY,))
        yield _insertion(there, entries, written) if there else _insertion(node, f"{_KEY}: {{{entries}}}", written)
    elif isinstance(node.value, str):
        yield TextEdit(node.start, "{ref: ")
        yield TextEdit(node.end, f", {_KEY}: {_hashes(bound[0])}}}")
    else:
        yield _insertion(node, f"{_KEY}: {_hashes(bound[0])}", written)


def _hashes(bound: Binding) -> str:
    return "[" + ", ".join(f'"{bound.words.hash(number)[:SHORT_HASH]}"' for number in bound.named) + "]"


def _insertion(node: Node, entry: str, written: str) -> TextEdit:
    if node.flow:
        last = max(child.end for child in node.value.values()) if node.value else node.end - 1
        return TextEdit(last, f", {entry}" if node.value else entry)
    # In a block the new key goes before the first one, since the end of a block
    # lies beyond the comments that may follow it.
    column = node.start - (written.rfind("\n", 0, node.start) + 1)
    return TextEdit(node.start, f"{entry}\n{' ' * column}")


def _prove(written: bytes, before: Testimony, authorities: Authorities) -> None:
    """Read the new bytes and hold the record against the old one: only hashes may be new."""

    def bare(testimony: Testimony) -> Testimony:
        notes = tuple(note._replace(about=note.about._replace(hashes=()), against_hashes=()) for note in testimony.notes)
        claims = tuple(claim._replace(hashes=()) for claim in testimony.claims)
        relations = tuple(relation._replace(own_hashes=(), their_hashes=()) for relation in testimony.relations)
        return testimony._replace(notes=notes, claims=claims, relations=relations, versions=(), fixity="", body_line=0)

    by_hand = tr("It was left as it is; write the hashes by hand.")
    try:
        after = read.read(written, before.path, authorities)
    except InvalidTestimony as error:
        message = tr("{path} could not be read with the hashes in it:\n{message}", path=before.path, message=error.message)
        raise CannotWrite(message, by_hand) from error
    if bare(after) != bare(before):
        message = tr("{path} would read differently with the hashes written in", path=before.path)
        raise CannotWrite(message, by_hand)
