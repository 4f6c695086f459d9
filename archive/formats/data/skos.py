"""Topics as SKOS, in Turtle and in JSON-LD, so that another collection or a program of thesauri can take them.

What SKOS has a word for is said in it (https://www.w3.org/TR/skos-reference/);
the rest in terms of ours, below `OURS`. ``under`` words are no labels of SKOS:
a program that took them for such would widen by them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from archive.errors import ConflictingOptions
from archive.formats.json_sink import write
from archive.formats.terminal import is_control
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

OURS: Final = "urn:x-testimony-archive:terms#"
"""Begins the names of what SKOS has no word for."""
BASE: Final = "urn:x-testimony-archive:{prefix}:topic:"
"""Begins the address of a topic where no other was asked for."""
PREFIXES: Final[Mapping[str, str]] = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "ta": OURS,
}
MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
"""The words of SKOS for a concept of another scheme; a code of one of these schemes is the address of such a concept."""
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_HIGHEST_OF_FOUR_DIGITS: Final = 0xFFFF


class Address(NamedTuple):
    """The address of a thing."""

    iri: str


class LabelText(NamedTuple):
    """LabelText, in a language (BCP 47) where it is known."""

    words: str
    language: str = ""


class Place(NamedTuple):
    """A number in an order."""

    number: int


class Parts(NamedTuple):
    """Something without an address of its own: what is said of it."""

    said: tuple[tuple[str, "Address | LabelText"], ...]


Value = Address | LabelText | Place | Parts
Statements = list[tuple[str, list[Value]]]


def base_of(asked: str, prefix: str) -> str:
    """Return what the addresses of topics begin with.

    :raises ConflictingOptions: what was asked for cannot begin one.
    """
    base = asked or BASE.format(prefix=prefix)
    if not _ADDRESS.fullmatch(base) or base[-1] not in "/#:":
        message = tr("{base!r} cannot begin the addresses of topics", base=base[:60])
        raise ConflictingOptions(message, tr("Give an address that ends in /, # or :, as https://example.org/topics/."))
    return base


def turtle(topics: Sequence[Mapping[str, Any]], name: Mapping[str, str], base: str) -> Iterator[str]:
    """Write topics as Turtle (https://www.w3.org/TR/turtle/).

    :param topics: as they are written in the authority file.
    :param name: that of the archive, by language.
    """
    for prefix, address in PREFIXES.items():
        yield f"@prefix {prefix}: <{address}> ."
    for subject, kind, statements in _graph(topics, name, base):
        yield ""
        yield f"<{subject}> a {kind}"
        for predicate, values in statements:
            yield f"    ; {predicate} {', '.join(map(_in_turtle, values))}"
        yield "    ."


def json_ld(topics: Sequence[Mapping[str, Any]], name: Mapping[str, str], base: str) -> Iterator[str]:
    """Write topics as JSON-LD (https://www.w3.org/TR/json-ld11/), in its expanded names but for the prefixes."""
    graph = [
        {"@id": subject, "@type": kind, **{predicate: [_in_json(value) for value in values] for predicate, values in statements}}
        for subject, kind, statements in _graph(topics, name, base)
    ]
    yield write({"@context": dict(PREFIXES), "@graph": graph}, indent=1)


def _graph(topics: Sequence[Mapping[str, Any]], name: Mapping[str, str], base: str) -> Iterator[tuple[str, str, Statements]]:
    """Yield each thing with its address, its kind and what is said of it."""
    known = {topic["id"] for topic in topics}
    scheme = base[:-1]
    tops = [topic["id"] for topic in topics if known.isdisjoint(topic.get("broader", ()))]
    titles: list[Value] = [LabelText(title, _tag(spoken)) for spoken, title in name.items()]
    said: Statements = [("dcterms:title", titles), ("skos:hasTopConcept", [Address(base + top) for top in tops])]
    yield scheme, "skos:ConceptScheme", [member for member in said if member[1]]
    narrower: dict[str, list[str]] = {}
    for topic in topics:
        for broader in topic.get("broader", ()):
            narrower.setdefault(broader, []).append(topic["id"])
    for place, member in enumerate(topics, start=1):
        own: Statements = [
            ("skos:inScheme", [Address(scheme)]),
            ("skos:topConceptOf", [Address(scheme)] if member["id"] in tops else []),
            ("dcterms:identifier", [LabelText(member["id"])]),
            ("ta:order", [Place(place)]),
            *_statements(member, known, base),
            ("skos:narrower", [Address(base + other) for other in narrower.get(member["id"], ())]),
        ]
        yield base + member["id"], "skos:Concept", [one for one in own if one[1]]


def _statements(topic: Mapping[str, Any], known: set[str], base: str) -> Iterator[tuple[str, list[Value]]]:
    """Yield what is said of a topic."""

    def words(key: str) -> list[Value]:
        return [LabelText(item, _tag(spoken)) for spoken, all_ in topic.get(key, {}).items() for item in all_]

    def others(key: str) -> list[Value]:
        return [Address(base + item) for item in topic.get(key, ()) if item in known]

    yield "skos:prefLabel", [LabelText(item, _tag(spoken)) for spoken, item in topic.get("label", {}).items()]
    yield "skos:definition", [LabelText(topic["definition"])]
    yield "ta:statement", [LabelText(topic["statement"])] if topic.get("statement") else []
    yield "skos:altLabel", words("also")
    yield "ta:under", words("under")
    yield "ta:onlyWith", [LabelText(item) for item in topic.get("only_with", ())]
    yield "ta:from", [LabelText(item) for item in topic.get("from", ())]
    yield "skos:broader", others("broader")
    yield "skos:related", others("related")
    yield "ta:sharedWith", others("shared_with")
    codes = topic.get("codes", ())
    for match in MATCHES:
        yield f"skos:{match}", [Address(code["code"]) for code in codes if _is_match(code) and code["scheme"] == match]
    yield "ta:code", [_parts(code) for code in codes if not _is_match(code)]


def _is_match(code: Mapping[str, str]) -> bool:
    is_plain = set(code) == {"scheme", "code"} and code["scheme"] in MATCHES
    return is_plain and _ADDRESS.fullmatch(code["code"]) is not None


def _parts(code: Mapping[str, str]) -> Parts:
    return Parts(tuple((f"{OURS}{quote(key, safe='')}", LabelText(value)) for key, value in code.items()))


def _tag(language: str) -> str:
    """Return a language as RDF takes it; "" where it is no tag."""
    tag = language.replace("_", "-")
    return tag if _TAG.fullmatch(tag) else ""


def _in_turtle(value: Value) -> str:
    match value:
        case Address(iri):
            return f"<{iri}>"
        case LabelText(words, language):
            return f'"{_escape_literal(words)}"' + (f"@{language}" if language else "")
        case Place(number):
            return str(number)
        case Parts(said):
            return f"[ {' ; '.join(f'<{predicate}> {_in_turtle(part)}' for predicate, part in said)} ]"


def _escape_literal(words: str) -> str:
    """Escape what a string of Turtle cannot hold, and whatever a terminal might obey."""
    return "".join(map(_escape, words))


def _escape(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if not is_control(character):
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code <= _HIGHEST_OF_FOUR_DIGITS else f"\\U{code:08X}"


def _in_json(value: Value) -> Any:  # noqa: ANN401 - plain JSON
    match value:
        case Address(iri):
            return {"@id": iri}
        case LabelText(words, language):
            return {"@value": words, "@language": language} if language else {"@value": words}
        case Place(number):
            return number
        case Parts(said):
            return {predicate: [_in_json(part)] for predicate, part in said}
