"""Writing the hashes of paragraphs into notes and claims: line edits, proved by reading again.

Nothing else in the file changes; the file is written beside, synced and
renamed. A hash that is there and no longer fits is a fault, never overwritten.
"""

from pathlib import Path
from typing import Final

from archive import body, folder, locking, reader, safekeeping
from archive.authority import Authorities
from archive.citation import SHORT_HASH
from archive.editing import Insertion, inserted
from archive.errors import CannotWrite, InvalidTestimony
from archive.hashing import passage_hash
from archive.reader.markup import Node
from archive.testimony import Testimony

_KEY: Final = "sha256"


def bind(root: Path) -> dict[str, int]:
    """Bind every note and claim on paragraphs that has no hash; gives how many in which file.

    Files with faults are left alone; `archive.checks` names them.

    :raises CannotWrite: a file cannot be written.
    """
    held = reader.read_authorities(root)
    bound = {}
    for path in folder.survey(root).files:
        try:
            with locking.writing(root):
                content = folder.read_bytes(root, path)
                number = _bind(root / path, path, content, held)
        except (OSError, InvalidTestimony):
            continue
        if number:
            bound[path] = number
    return bound


def _bind(file: Path, path: str, content: bytes, held: Authorities) -> int:
    before = reader.read(content, path, held)
    header, written, _ = reader.nodes(content, path)
    hashes = {run.number: passage_hash(run.text)[:SHORT_HASH] for run in body.passages(before.body)}
    places = [
        ("credibility", "notes", number, "about")
        for number, note in enumerate(before.notes)
        if not note.about.of_record and not note.about.hashes
    ]
    claims = [("claims", number) for number, claim in enumerate(before.claims) if not claim.hashes]
    insertions = []
    for place in (*places, *claims):
        node = header.at(place)
        named = node.at(("paragraphs",)) if node else None
        if node is not None and named is not None:
            wanted = [hashes[int(each.value)] for each in named.value]
            insertions.append(_insertion(node, named, wanted, written))
    if not insertions:
        return 0
    after = inserted(content, insertions)
    _prove(reader.read(after, path, held), before, path)
    safekeeping.write_beside(file, after, new=False, was=content)
    return len(insertions)


def _insertion(node: Node, named: Node, hashes: list[str], written: str) -> Insertion:
    value = "[" + ", ".join(f'"{each}"' for each in hashes) + "]"
    if node.flow:
        return Insertion(named.end, f", {_KEY}: {value}")
    # In a block the new key goes before "paragraphs", since the end of a block
    # sequence lies beyond the comments that may follow it.
    at = written.rindex("paragraphs", 0, named.start)
    column = at - (written.rfind("\n", 0, at) + 1)
    return Insertion(at, f"{_KEY}: {value}\n{' ' * column}")


def _prove(after: Testimony, before: Testimony, path: str) -> None:
    """Hold the record read again against the old one: only hashes may be new."""

    def bare(testimony: Testimony) -> Testimony:
        notes = tuple(note._replace(about=note.about._replace(hashes=())) for note in testimony.notes)
        claims = tuple(claim._replace(hashes=()) for claim in testimony.claims)
        return testimony._replace(notes=notes, claims=claims, fixity="", body_line=0)

    if bare(after) != bare(before):
        message = f"{path} would read differently with the hashes written in"
        raise CannotWrite(message, "It was left as it is; write the hashes by hand.")
