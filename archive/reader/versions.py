"""A record's files in other languages, read beside it: what one must say, and what it must not.

A version with a fault is left out and named; its record is read all the same.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from pydantic import ValidationError

from archive import text
from archive.authority.authorities import Authorities
from archive.errors import Fault, InvalidTestimony
from archive.language.messages import tr
from archive.named_tuple import NamedTuple
from archive.reader import _faults, read, yaml_nodes
from archive.reader._header import Header, VersionHeader
from archive.reader._withheld_words import header_texts, repeats, says, withheld_phrases
from archive.record import alignment, hashing, languages, paragraphs
from archive.record.testimony import Pair, Testimony, TextVersion
from archive.storage import record_files

_KEYS: Final = frozenset(field.alias or name for name, field in VersionHeader.model_fields.items())
_OF_RECORDS: Final = frozenset(field.alias or name for name, field in Header.model_fields.items()) - _KEYS
Breach = tuple[tuple[Any, ...], str]


class ReadVersions(NamedTuple):
    """What was read of a record's files: the record with the versions that have no fault, and the faults of the others."""

    testimony: Testimony
    faults: tuple[Fault, ...] = ()

    @property
    def faulty(self) -> frozenset[str]:
        """Return the paths of the versions that are left out."""
        return frozenset(fault.path for fault in self.faults)


def read_all(content: bytes, path: str, authorities: Authorities, beside: Mapping[str, bytes]) -> ReadVersions:
    """Read a record with its versions in other languages.

    :param beside: the bytes of each version, by path.
    :raises InvalidTestimony: the record has faults, which says nothing of its versions.
    """
    testimony, head = read.with_header(content, path, authorities)
    versions_by_language: dict[str, TextVersion] = {}
    faults: list[Fault] = []
    for language, written in _distinct(beside, faults).items():
        try:
            versions_by_language[language] = _Version(written, language, authorities).read(testimony, head)
        except InvalidTestimony as error:
            faults += error.faults
    versions = sorted(versions_by_language.values(), key=lambda version: version.language)
    message = tr("is more than {most_versions} versions of one record", most_versions=languages.MOST_VERSIONS)
    faults += [Fault(version.path, 1, "language", message) for version in versions[languages.MOST_VERSIONS :]]
    del versions[languages.MOST_VERSIONS :]
    return ReadVersions(testimony._replace(versions=tuple(versions)), tuple(faults))


def _distinct(beside: Mapping[str, bytes], faults: list[Fault]) -> dict[str, bytes]:
    """Return one file of each language; of several that are the same to the byte the first, of others none."""
    by_language: dict[str, list[str]] = {}
    for path in beside:
        by_language.setdefault(record_files.language_of(path).casefold(), []).append(path)
    kept: dict[str, bytes] = {}
    for paths in by_language.values():
        if len({beside[path] for path in paths}) == 1:
            first = min(paths, key=lambda path: (len(path), path))
            kept[first] = beside[first]
            continue
        for path in paths:
            others = text.join_list((other for other in paths if other != path), "and")
            message = tr("is also the language of {others}; neither is read", others=others)
            faults.append(Fault(path, 1, "language", message))
    return kept


class _Version:
    """One file, while it is read."""

    def __init__(self, content: bytes, path: str, authorities: Authorities) -> None:
        self.path, self.authorities = path, authorities
        self.content = content
        self.split = read.split(content, path)
        self.body = text.nfc(self.split.body)

    def read(self, testimony: Testimony, record_head: Header) -> TextVersion:
        """Return the version.

        :raises InvalidTestimony: with every fault that could be found.
        """
        faults = [*self.split.faults, *self._language_in_words(testimony)]
        faults += [self._in_body(line, message) for line, message in paragraphs.faults(self.body)]
        root = self.split.root
        if root is None:
            raise InvalidTestimony(tuple(faults))
        faults += [
            Fault(self.path, line, read.place(_faults.dotted_name(where)), said) for where, line, said in _faults.tags(root)
        ]
        try:
            head = VersionHeader.model_validate(root.plain(), context={"authorities": self.authorities})
        except ValidationError as error:
            faults += [self._schema_fault(root, item) for item in error.errors(include_url=False)]
            raise InvalidTestimony(read.in_order(faults)) from error
        placed = [*_broken_rules(head, testimony, self.path), *repeats(head, self.path, self.body)]
        pairs: tuple[Pair, ...] = ()
        try:
            pairs = self._align(head, testimony)
        except alignment.Misaligned as error:
            placed.append((("pairs",), str(error)))
        faults += [Fault(self.path, root.line_of(where), _faults.dotted_name(where), message) for where, message in placed]
        faults += self._tags_apart(pairs, testimony)
        faults += self._withheld_faults(head, root, testimony, record_head)
        if faults:
            raise InvalidTestimony(read.in_order(faults))
        return self._version(head, pairs)

    def _language_in_words(self, testimony: Testimony) -> Iterator[Fault]:
        """Yield that the language stands in the file's name in a word, as in ``.korean.md``, and how to name the file."""
        tag = record_files.tag_of(self.path)
        if tag != record_files.language_of(self.path):
            expected = record_files.name_of_version(testimony.path, tag)
            yield Fault(self.path, 1, "file", tr("has its language in a word in its name; name it {expected}", expected=expected))

    def _version(self, head: VersionHeader, pairs: tuple[Pair, ...]) -> TextVersion:
        translated = head.text.translated
        return TextVersion(
            language=head.language,
            rendering=head.text.rendering,
            by=head.text.by,
            of=head.text.of,
            translated_from=translated.origin if translated else "",
            translated_by=translated.by if translated else "",
            cites=read.cites_of(head.cites),
            pairs=pairs,
            hashes=tuple(translated.sha256) if translated else (),
            body=self.body,
            path=self.path,
            body_line=self.split.body_line,
            fixity=hashing.fixity(self.content),
            own_hashes=tuple(head.text.sha256),
        )

    def _in_body(self, line: int, message: str) -> Fault:
        return Fault(self.path, self.split.body_line + line - 1, "body", message)

    def _schema_fault(self, root: yaml_nodes.Node, error: Any) -> Fault:  # noqa: ANN401 - pydantic's error details
        fault = _faults.schema_fault(root, self.path, error, VersionHeader)
        where = tuple(error["loc"])
        if error["type"] == "extra_forbidden" and len(where) == 1:
            known = tr("is the record's alone") if where[0] in _OF_RECORDS else tr("is no key of a version")
            message = tr("has a key that {known}; a version has schema, code, language, text, cites and pairs", known=known)
            return fault._replace(message=message)
        return fault._replace(field=read.place(fault.field))

    def _align(self, head: VersionHeader, testimony: Testimony) -> tuple[Pair, ...]:
        named = [Pair(tuple(own), tuple(theirs)) for own, theirs in head.pairs]
        return alignment.align(named, len(paragraphs.passages(testimony.body)), len(paragraphs.passages(self.body)))

    def _tags_apart(self, pairs: tuple[Pair, ...], testimony: Testimony) -> Iterator[Fault]:
        """Yield the paragraphs that withhold more, or less, than their partner in the record does."""
        own = {run.number: run for run in paragraphs.passages(testimony.body)}
        theirs = {run.number: run for run in paragraphs.passages(self.body)}
        for pair in pairs:
            wanted = Counter(tag for number in pair.own for tag, _ in paragraphs.redactions(own[number].text))
            there = Counter(tag for number in pair.theirs for tag, _ in paragraphs.redactions(theirs[number].text))
            if pair.theirs and wanted != there:
                which = text.join_list(map(str, pair.own), "and")
                said = ", ".join(
                    tr("{wanted} <{tag}> there and {there} here", wanted=wanted[tag], tag=tag, there=there[tag])
                    for tag in sorted(wanted | there)
                )
                message = tr("does not withhold what paragraph {which} of the record does: {said}", which=which, said=said)
                yield self._in_body(theirs[pair.theirs[0]].line, message)

    def _withheld_faults(
        self, head: VersionHeader, root: yaml_nodes.Node, testimony: Testimony, record_head: Header
    ) -> Iterator[Fault]:
        """Yield where words that are withheld in one language stand in the open, in either."""
        theirs = withheld_phrases(testimony.body)
        own = withheld_phrases(self.body)
        if not (theirs or own):
            return
        for run in paragraphs.split_blocks(self.body):
            shown = paragraphs.withheld(run.text)
            if any(says(shown, phrase) for phrase in (*theirs, *own)):
                yield self._in_body(
                    run.line, tr("has words that are withheld in the record or in this version, and stand open here")
                )
        for where, written in header_texts(head, self.path):
            if any(says(written, phrase) for phrase in theirs):
                yield Fault(
                    self.path, root.line_of(where), _faults.dotted_name(where), tr("repeats words that the record withholds")
                )
        texts = [written for _, written in header_texts(record_head, testimony.path)]
        texts += [paragraphs.withheld(run.text) for run in paragraphs.split_blocks(testimony.body)]
        for run in paragraphs.split_blocks(self.body):
            if any(says(written, phrase) for phrase in withheld_phrases(run.text) for written in texts):
                yield self._in_body(run.line, tr("withholds words that stand open in the record, in its header or in its text"))


def _broken_rules(head: VersionHeader, testimony: Testimony, path: str) -> Iterator[Breach]:
    if head.code != testimony.code:
        yield ("code",), tr("is not {code}, the code of the record beside it", code=testimony.code)
    if head.language.casefold() != record_files.tag_of(path).casefold():
        named, expected = PurePosixPath(path).name, record_files.name_of_version(testimony.path, head.language)
        message = tr(
            "is not that of the file's name, {name}; where it is right, name the file {expected}", name=named, expected=expected
        )
        yield ("language",), message
    if languages.is_own(testimony, head.language):
        yield ("language",), tr("is that of the record itself")
    if (head.text.rendering == "summary") != testimony.is_summary:
        yield (
            ("text", "rendering"),
            tr("must be summary, since the record is one; translation is for the words of a witness")
            if testimony.is_summary
            else tr("is summary, and the record gives the words of a witness"),
        )
    translated = head.text.translated
    if translated is None and head.text.rendering != "verbatim":
        yield (
            ("text",),
            tr(
                "needs translated: {form}, since these are not the words as they were first written",
                form="{from: LANGUAGE, by: WHO}",
            ),
        )
    if translated and translated.origin.casefold() == head.language.casefold():
        yield ("text", "translated", "from"), tr("is the language of the version itself")
    if translated and translated.sha256 and len(translated.sha256) != len(paragraphs.passages(testimony.body)):
        count = len(paragraphs.passages(testimony.body))
        yield (
            ("text", "translated", "sha256"),
            tr("has {number} hashes for the record's {count} paragraphs", number=len(translated.sha256), count=count),
        )
