"""RDF as others write it (Turtle, RDF/XML, JSON-LD), read by rdflib; nothing that a file names is fetched."""

import json
import logging
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

from archive.errors import Fault, InvalidAuthorities, MissingExtra
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

FORMATS: Final[Mapping[str, str]] = {
    ".ttl": "turtle",
    ".nt": "nt",
    ".rdf": "xml",
    ".xml": "xml",
    ".owl": "xml",
    ".jsonld": "json-ld",
    ".json": "json-ld",
}
"""The ending of a file → the form in which it is written."""
MOST_BYTES: Final = 20_000_000
_LIBRARY: Final = "rdflib"
"""Loaded by name, and only where a file of RDF is read."""


class Thing(NamedTuple):
    """What a statement says of its subject: an address, words, or something without an address (``kind``)."""

    kind: str
    value: str
    language: str = ""


ADDRESS: Final = "address"
WORDS: Final = "words"
NAMELESS: Final = "nameless"


class Triple(NamedTuple):
    """A statement: the subject and the predicate by their addresses, a nameless subject by a name of this file alone."""

    subject: str
    predicate: str
    object: Thing


def read(content: bytes, name: str) -> list[Triple]:
    """Return the statements of a file, in an order that is the same each time.

    :param name: of the file, whose ending says how it is written.
    :raises MissingExtra: rdflib is not installed.
    :raises InvalidAuthorities: it is no such file, or names something that would have to be fetched.
    """
    form = FORMATS.get(Path(name).suffix.lower())
    if form is None:
        refuse(name, tr("is named like none of {formats}, so nobody can say how it is written", formats=", ".join(FORMATS)))
    if len(content) > MOST_BYTES:
        refuse(name, tr("is larger than 20 MB"))
    if form == "json-ld":
        _refuse_contexts(content, name)
    try:
        rdflib: Any = import_module(_LIBRARY)
    except ImportError as error:
        message = tr("rdflib, which reads SKOS, is not installed")
        raise MissingExtra(message) from error
    logging.getLogger(_LIBRARY).setLevel(logging.CRITICAL)  # what it thinks of an address is no message of ours
    graph = rdflib.Graph()
    try:
        graph.parse(data=content, format=form)
    except Exception as error:  # noqa: BLE001 - each of its parsers has errors of its own, and a foreign file may raise any
        refuse(name, tr("cannot be read as {form}: {said}", form=form, said=_parser_message(error)))
    return sorted(Triple(str(one), str(said), _thing(other, rdflib)) for one, said, other in graph)


def _thing(node: Any, rdflib: Any) -> Thing:  # noqa: ANN401 - of rdflib
    if isinstance(node, rdflib.Literal):
        return Thing(WORDS, str(node), str(node.language or ""))
    return Thing(NAMELESS if isinstance(node, rdflib.BNode) else ADDRESS, str(node))


def _parser_message(error: Exception) -> str:
    """Return the first lines of what a parser says, on one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__


def _refuse_contexts(content: bytes, name: str) -> None:
    """Refuse a context that would have to be fetched from the network.

    :raises InvalidAuthorities: there is one, or the file is no JSON.
    """
    try:
        document = json.loads(content)
        named = sorted(set(_contexts(document)))
    except (ValueError, RecursionError) as error:
        refuse(name, tr("is no JSON: {said}", said=_parser_message(error)))
    if named:
        refuse(
            name,
            tr("names a context that would have to be fetched, {named!r}: put its content in its place", named=named[0][:80]),
        )


def _contexts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        for item in value:
            yield from _contexts(item)
    elif isinstance(value, dict):
        for key, member in value.items():
            if key == "@context":
                yield from (item for item in (member if isinstance(member, list) else [member]) if isinstance(item, str))
            if key == "@import":
                yield str(member)
            yield from _contexts(member)


def refuse(name: str, why: str) -> NoReturn:
    """Refuse a file.

    :raises InvalidAuthorities: always.
    """
    raise InvalidAuthorities((Fault(name, 1, "file", why),), tr("Nothing was written."))
