"""A thesaurus that another program wrote in SKOS, as the topics of a collection: what is taken over, and what is not.

Nothing is written that `testimony check` would refuse; every fault is told at once.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from archive import text
from archive.authority.authorities import AUTHORITIES
from archive.documents import rdf
from archive.documents.rdf import ADDRESS, NAMELESS, WORDS, Thing, Triple
from archive.errors import Fault, InvalidAuthorities
from archive.language.messages import mark, tr
from archive.named_tuple import NamedTuple
from archive.reader.authorities import faults_of
from archive.storage import atomic, outside

OURS: Final = "urn:x-testimony-archive:terms#"
"""Begins the names of what SKOS has no word for, as `archive.formats.data.skos` writes them."""
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_TAKEN: Final = frozenset(
    {
        _TYPE,
        *(f"{_SKOS}{name}" for name in ("prefLabel", "altLabel", "hiddenLabel", "definition", "scopeNote", "notation")),
        *(f"{_SKOS}{name}" for name in ("broader", "narrower", "related", "inScheme", "topConceptOf", *_MATCHES)),
        *(f"{OURS}{name}" for name in ("under", "onlyWith", "sharedWith", "from", "code", "order", "statement")),
        f"{_DCTERMS}identifier",
    }
)
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PLACE: Final = re.compile(r"topics\.([0-9]+)(?=\.|$)")
_KEYS: Final = (
    *("id", "label", "definition", "statement", "broader", "related", "also", "under"),
    *("only_with", "shared_with", "from", "codes"),
)
"""The keys of a topic in the order in which they are written."""
_OF_CODES: Final = ("scheme", "code", "label")
_OF_OTHERS: Final = mark("Concepts of other schemes, which were left out: {number}.")
_UNDEFINED: Final = mark("Concepts without a definition, whose label stands in its place: {number}.")
_NOWHERE: Final = mark("Links to what is no concept here, which were left out: {number}.")
_NOT_TAKEN: Final = mark("Not taken over: {named}, times: {number}.")
_SHARED: Final = mark("Words that stand for more than one topic, and find all of them: {number} ({named}).")
_MOST_NAMED: Final = 5

Topic = dict[str, Any]


class ImportedTopics(NamedTuple):
    """Topics that were taken over from a file: the path that was or would be written, its content, and what is to be said."""

    path: str
    content: str
    number: int
    said: tuple[str, ...]


def import_topics(  # noqa: PLR0913 - by keyword alone
    root: Path, source: Path, *, language: str, scheme: str = "", force: bool = False, dry: bool = False
) -> ImportedTopics:
    """Take a file of SKOS over as the topics of a collection.

    :param language: of labels that have none.
    :param scheme: the address of the concept scheme, where the file has several.
    :param force: write over the topics that the collection has.
    :param dry: find out everything and write nothing.
    :raises InvalidAuthorities: with every fault.
    :raises CannotWrite: the collection has topics of its own, or they cannot be written.
    """
    target = root / AUTHORITIES / "topics.yaml"
    was = outside.refuse_existing(target, force=force)
    try:
        content = atomic.read_regular(source, rdf.MOST_BYTES + 1)
    except OSError as error:
        rdf.refuse(source.name, tr("cannot be read: {reason}", reason=error.strerror or error))
    thesaurus = _Thesaurus(rdf.read(content, source.name), source.name, language, scheme)
    topics = thesaurus.topics()
    written = "".join(_lines(topics, source.name))
    named = {number: fault["id"] for number, fault in enumerate(topics, start=1)}
    for fault in faults_of("topics", written.encode(), source.name):
        place = _PLACE.sub(lambda match: f"topics.{named.get(int(match[1]), match[1])}", fault.field)
        thesaurus.faults.append(Fault(source.name, 1, place, fault.message))
    if thesaurus.faults:
        raise InvalidAuthorities(tuple(dict.fromkeys(thesaurus.faults)), tr("Mend the file; nothing was written."))
    if not dry:
        target.parent.mkdir(exist_ok=True)
        atomic.write_beside(target, written.encode(), new=was is None, was=was)
    return ImportedTopics(f"{AUTHORITIES}/topics.yaml", written, len(topics), tuple(thesaurus.remarks()))


def _lines(topics: Sequence[Topic], source: str) -> Iterator[str]:
    """Yield the lines of the file: each value as JSON, which is YAML."""
    yield f"# Topics, taken over from {text.squash(source)}. See docs/record-format.md for what stands here.\ntopics:\n"
    for topic in topics:
        sign = "-"
        for key in _KEYS:
            if topic.get(key):
                yield f"  {sign} {key}: {json.dumps(topic[key], ensure_ascii=False)}\n"
                sign = " "


class _Thesaurus:
    """The concepts of one scheme of a file, and what is wrong with them."""

    def __init__(self, statements: Iterable[Triple], name: str, language: str, scheme: str) -> None:
        """Put the statements in order by what they are about."""
        self._name, self._language = name, language
        self.faults: list[Fault] = []
        self._notes: Counter[tuple[str, str]] = Counter()
        self._of: dict[str, dict[str, list[Thing]]] = {}
        for statement in statements:
            self._of.setdefault(statement.subject, {}).setdefault(statement.predicate, []).append(statement.object)
        concepts = [one for one in self._of if self._is(one, "Concept")]
        self._refuse_schemes(scheme)
        chosen = [one for one in concepts if not scheme or scheme in self._addresses(one, "inScheme", "topConceptOf")]
        if not chosen:
            rdf.refuse(
                name, tr("has no concept of the scheme {scheme!r}", scheme=scheme) if scheme else tr("has no skos:Concept")
            )
        self._ids = self._name_concepts(sorted(chosen, key=self._order))
        self._count_left_out(len(concepts) - len(chosen))

    def topics(self) -> list[Topic]:
        """Return the topics, as they are written in the authority file."""
        narrower: dict[str, list[str]] = {}
        for one in self._ids:
            for other in self._addresses(one, "narrower"):
                narrower.setdefault(other, []).append(one)
        topics = [self._topic(one, narrower.get(one, ())) for one in self._ids]
        self._share(topics)
        return topics

    def remarks(self) -> Iterator[str]:
        """Yield what was not taken over, or was read in a way that a person has to know."""
        for (what, named), number in sorted(self._notes.items()):
            yield tr(what, number=number, named=named)

    def _is(self, one: str, kind: str) -> bool:
        return any(thing.value == _SKOS + kind for thing in self._of.get(one, {}).get(_TYPE, ()))

    def _refuse_schemes(self, scheme: str) -> None:
        schemes = sorted(one for one in self._of if self._is(one, "ConceptScheme"))
        if scheme and scheme not in schemes:
            rdf.refuse(
                self._name,
                tr(
                    "has no scheme {scheme!r}; it has {schemes}",
                    scheme=scheme,
                    schemes=text.join_list(schemes, "and") or tr("none"),
                ),
            )
        if not scheme and len(schemes) > 1:
            rdf.refuse(self._name, tr("has several schemes; name one with --scheme: {schemes}", schemes=text.join_list(schemes)))

    def _count_left_out(self, number: int) -> None:
        if number:
            self._notes[_OF_OTHERS, ""] += number

    def _values(self, one: str, *predicates: str) -> list[Thing]:
        return [thing for predicate in predicates for thing in self._of.get(one, {}).get(predicate, ())]

    def _addresses(self, one: str, *names: str) -> list[str]:
        return [value.value for value in self._values(one, *(f"{_SKOS}{name}" for name in names)) if value.kind == ADDRESS]

    def _order(self, one: str) -> tuple[int, str]:
        """Return the place of a concept: as we wrote it, else by its English label."""
        written = [value.value for value in self._values(one, f"{OURS}order") if value.value.isdecimal()]
        labels = self._by_language(self._values(one, f"{_SKOS}prefLabel"))
        label = next(iter(labels.get("en") or next(iter(labels.values()), [one])))
        return (int(written[0]) if written else len(self._of), text.fold(label))

    def _name_concepts(self, concepts: Sequence[str]) -> dict[str, str]:
        """Return the id of each concept: its identifier, else its English label or the end of its address, each once."""
        ids: dict[str, str] = {}
        taken: Counter[str] = Counter()
        for one in concepts:
            name = next(iter(self._candidates(one)))
            taken[name] += 1
            ids[one] = name if taken[name] == 1 else f"{name}-{taken[name]}"
        return ids

    def _candidates(self, one: str) -> Iterator[str]:
        for value in self._values(one, f"{_DCTERMS}identifier"):
            if value.kind == WORDS and _ID.fullmatch(value.value):
                yield value.value
        labels = self._by_language(self._values(one, f"{_SKOS}prefLabel"))
        for written in (*labels.get("en", ()), unquote(re.split(r"[/#:]", one)[-1])):
            slug = re.sub(r"[^a-z0-9]+", "-", text.fold(written)).strip("-")
            if slug:
                yield slug
        yield "topic"

    def _by_language(self, things: Iterable[Thing]) -> dict[str, list[str]]:
        """Return words by language, each once; those without one in the language that was given for them.

        A variety of a language (en-GB) counts as the language.
        """
        words_by_language: dict[str, dict[str, None]] = {}
        for thing in things:
            if thing.kind == WORDS and (words := text.squash(thing.value)):
                language = thing.language.split("-")[0].lower() if thing.language else self._language
                words_by_language.setdefault(language, {})[words] = None
        return {language: list(words_by_language[language]) for language in sorted(words_by_language)}

    def _fault(self, one: str, key: str, message: str) -> None:
        self.faults.append(Fault(self._name, 1, f"topics.{self._ids[one]}.{key}", message))

    def _topic(self, one: str, broader_by_inverse: Iterable[str]) -> Topic:
        self._note_what_stays(one)
        preferred = self._by_language(self._values(one, f"{_SKOS}prefLabel"))
        if not preferred:
            self._fault(one, "label", tr("has no skos:prefLabel"))
        exact = Counter(value.language for value in self._values(one, f"{_SKOS}prefLabel"))
        for language, times in exact.items():
            if times > 1:
                self._fault(
                    one,
                    "label",
                    tr("has {times} labels in {language}; SKOS allows one", times=times, language=language or tr("no language")),
                )
        label = {language: words[0] for language, words in preferred.items()}
        also = self._by_language(self._values(one, f"{_SKOS}altLabel", f"{_SKOS}hiddenLabel"))
        for language, words in preferred.items():  # of varieties of one language the first is the label
            also[language] = [word for word in dict.fromkeys([*words[1:], *also.get(language, ())]) if word != words[0]]
        return {
            "id": self._ids[one],
            "label": label,
            "definition": self._definition(one, label),
            "statement": next((value.value for value in self._values(one, f"{OURS}statement")), ""),
            "broader": self._others(one, [*self._addresses(one, "broader"), *broader_by_inverse]),
            "related": self._others(one, self._addresses(one, "related")),
            "also": {language: words for language, words in also.items() if words},
            "under": self._by_language(self._values(one, f"{OURS}under")),
            "only_with": [value.value for value in self._values(one, f"{OURS}onlyWith")],
            "shared_with": self._others(one, [value.value for value in self._values(one, f"{OURS}sharedWith")]),
            "from": [value.value for value in self._values(one, f"{OURS}from")],
            "codes": list(self._codes(one)),
        }

    def _definition(self, one: str, label: Mapping[str, str]) -> str:
        """Return the definition, in English or without a language before others, else the scope note, else the label."""
        for name in ("definition", "scopeNote"):
            texts = self._by_language(self._values(one, f"{_SKOS}{name}"))
            for language in ("en", self._language, *texts):
                if language in texts:
                    return " ".join(texts[language])
        self._notes[_UNDEFINED, ""] += 1
        return label.get("en") or next(iter(label.values()), self._ids[one])

    def _others(self, one: str, addresses: Iterable[str]) -> list[str]:
        known = [self._ids[address] for address in addresses if address in self._ids]
        missing = sum(address not in self._ids for address in addresses)
        if missing:
            self._notes[_NOWHERE, ""] += missing
        own = self._ids[one]
        if own in known:
            self._fault(one, "broader", tr("names the concept itself"))
        return sorted(dict.fromkeys(known), key=list(self._ids.values()).index)

    def _codes(self, one: str) -> Iterator[dict[str, str]]:
        if not self._values(one, f"{OURS}order"):  # a concept of others stays known by its address
            yield {"scheme": _MATCHES[0], "code": one}
        for match in _MATCHES:
            for address in self._addresses(one, match):
                yield {"scheme": match, "code": address}
        codes = []
        for value in self._values(one, f"{OURS}code"):
            said = self._of.get(value.value, {}) if value.kind == NAMELESS else {}
            code = {unquote(key.removeprefix(OURS)): values[0].value for key, values in said.items()}
            first = [key for key in _OF_CODES if key in code]
            codes.append({key: code[key] for key in dict.fromkeys([*first, *code])})
        yield from sorted(codes, key=lambda code: tuple(code.values()))  # what has no address has no order either

    def _note_what_stays(self, one: str) -> None:
        for predicate, values in self._of[one].items():
            if predicate not in _TAKEN:
                short = predicate.replace(_SKOS, "skos:").replace(_DCTERMS, "dcterms:")
                self._notes[_NOT_TAKEN, short] += len(values)

    def _share(self, topics: Sequence[Topic]) -> None:
        """Let words that stand for several concepts mean all of them, as our files say it."""
        claimed: dict[str, list[Topic]] = {}
        for topic in topics:
            own = [
                *topic["label"].values(),
                *(word for key in ("also", "under") for words in topic[key].values() for word in words),
            ]
            for word in dict.fromkeys(re.sub(r"[\s-]", "", text.fold(one)) for one in own):
                claimed.setdefault(word, []).append(topic)
        shared: list[str] = []
        for word, among in claimed.items():
            first, *others = among
            for other in others:
                if {first["id"], other["id"]}.isdisjoint({*first["shared_with"], *other["shared_with"]}):
                    other["shared_with"].append(first["id"])
                    shared.append(word)
        if shared:
            named = text.join_list([*shared[:_MOST_NAMED], *(["…"] if len(shared) > _MOST_NAMED else [])], "and")
            self._notes[_SHARED, named] += len(shared)
