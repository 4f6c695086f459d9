"""Who the initials in ``by:`` stand for: ``authorities/people.yaml``, where a collection has one. No reader is told of it."""

import os
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from archive.authority.authorities import AUTHORITIES
from archive.errors import Fault
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import yaml_nodes
from archive.reader._authority_schema import EditorsShape
from archive.reader._faults import schema_fault
from archive.storage import atomic

NAME: Final = "people"
PATH: Final = f"{AUTHORITIES}/{NAME}.yaml"
ALWAYS: Final = "archive"
"""What stands for the archive itself, and needs no entry."""
_MOST_BYTES: Final = 1_000_000


class Register(NamedTuple):
    """The initials that a collection knows, None where it keeps no register, or nobody stands in it yet; and its faults."""

    initials: frozenset[str] | None
    faults: tuple[Fault, ...] = ()


def read_people(root: Path) -> Register:
    """Read the register of those who keep a collection."""
    file = root / AUTHORITIES / f"{NAME}.yaml"
    if not os.path.lexists(file):
        return Register(None)
    try:
        written = atomic.read_regular(file, _MOST_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else tr("it is no text")
        return Register(None, (Fault(PATH, 1, "file", tr("cannot be read: {reason}", reason=reason)),))
    return read_register(written)


def read_register(written: str) -> Register:
    """Read the text of a register."""
    node, faults = yaml_nodes.load(written, PATH)
    if node is None or faults:
        return Register(None, tuple(faults))
    try:
        people = EditorsShape.model_validate(node.plain()).people
    except ValidationError as error:
        found = error.errors(include_url=False)
        return Register(None, tuple(schema_fault(node, PATH, item, EditorsShape, quoting=True) for item in found))
    initials = [person.id for person in people]
    twice = tuple(
        Fault(PATH, node.line_of((NAME, number)), f"{NAME}.id", tr("{value!r} is there twice", value=name))
        for number, name in enumerate(initials)
        if name in initials[:number]
    )
    return Register(frozenset({ALWAYS, *initials}) if initials else None, twice)
