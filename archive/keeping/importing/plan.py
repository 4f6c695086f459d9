"""What is to be done with files that a person brings in: which become records, which are there already, and which are refused.

Nothing is written over, and nothing is written that was not shown first.
"""

import datetime as dt
import difflib
import hashlib
import os
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Final, TypedDict

from archive.authority.authorities import Authorities
from archive.errors import ArchiveError
from archive.keeping import _new_record
from archive.keeping._kept_records import KeptRecords
from archive.keeping._revising import Revised, Signed, revise_locked
from archive.keeping.importing import _annotating as annotating
from archive.keeping.importing import _merging as merging
from archive.keeping.importing import _record as records
from archive.keeping.importing import _registry as registry
from archive.keeping.importing._model import LeftOut, SourceText
from archive.keeping.importing._reading import read_file
from archive.keeping.importing._record import Origin, RecordDefaults
from archive.keeping.importing._remarks import Proposal as Proposal  # noqa: PLC0414 - fronts name its type
from archive.language.messages import mark, tr, translate
from archive.named_tuple import NamedTuple
from archive.reader import read
from archive.record.testimony import Testimony
from archive.storage import atomic, lock, record_files

WOULD_WRITE, WRITTEN, WOULD_MERGE, MERGED, UNCHANGED, CHANGED, ALIKE, PROPOSED, REFUSED = (
    mark("would write"),
    mark("wrote"),
    mark("would merge"),
    mark("merged"),
    mark("unchanged"),
    mark("changed"),
    mark("alike"),
    mark("proposed"),
    mark("refused"),
)
EXPORT, BAG = "export", "bag"
"""The kinds of what is restored."""
MOST_FILES: Final = 100_000
_ALIKE: Final = 0.6  # of the paragraphs that are the same, from which on two texts look like one
_OWNERS_ALONE: Final = 0o600
_FEWEST: Final = 5  # paragraphs, before any text can look like another


class Wanted(NamedTuple):
    """What a person asks of an import."""

    asked: RecordDefaults = RecordDefaults()
    options: registry.Options = registry.Options()
    prefix: str = ""
    keep_name: bool = False
    """Keep the name of the file, in the header and in the name of the record."""
    merge: bool = False
    """Take what a source says anew into the record that was made of it, where nobody has touched its words since."""
    is_new: bool = False
    """Make a record also of what looks like one that is there."""
    allow_miscount: bool = False
    """Take in also what a plain count of the letters does not confirm."""


class ImportFields(TypedDict, total=False):
    """What a person says of an import, by name: the fields of `RecordDefaults`, of `registry.Options` and of `Wanted`."""

    kind: str
    language: str
    rendering: str
    title: str
    by: str
    speakers: Mapping[str, str]
    cues: bool
    hidden: bool
    mapping: Any
    tiers: tuple[tuple[str, str], ...]
    remarks: bool
    private: bool
    prefix: str
    keep_name: bool
    merge: bool
    is_new: bool
    allow_miscount: bool


def defaults_for(fields: ImportFields) -> Wanted:
    """Return what is asked for, with the defaults of what is not said."""

    def of(kind: type[NamedTuple]) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if name in kind._fields}

    return Wanted(
        **{**of(Wanted), "asked": RecordDefaults(**of(RecordDefaults)), "options": registry.Options(**of(registry.Options))}
    )


class ImportedFile(NamedTuple):
    """What is or was done with one text: ``status`` is a marked message, ``file`` the path as the person gave it.

    ``at`` is the place in a file of several texts. ``code`` and ``path`` are those
    of the record that is or would be written, or that is there already.
    ``letters`` are those of the source, of which ``taken`` are in the record.
    ``why`` says why nothing is written; ``said`` is what else is to be known.
    """

    status: str
    file: str
    at: str = ""
    kind: str = ""
    code: str = ""
    path: str = ""
    language: str = ""
    paragraphs: int = 0
    headings: int = 0
    notes: int = 0
    languages: tuple[str, ...] = ()
    """Of versions in other languages that it brings along."""
    speakers: int = 0
    places: int = 0
    letters: int = 0
    taken: int = 0
    left_out: tuple[LeftOut, ...] = ()
    why: str = ""
    said: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    level: str = ""
    """Of a record that is restored: who may read it, as `archive.access.redaction` has it; "" of what is brought in closed."""
    proposals: tuple[Proposal, ...] = ()
    """Notes that comments give, for a person to confirm."""
    merged: tuple[int, ...] = ()
    """The paragraphs of the record that were, or would be, taken anew from the source."""

    @property
    def is_well(self) -> bool:
        """Return whether nothing is left for the person to decide."""
        return self.status in {WOULD_WRITE, WRITTEN, UNCHANGED} or (
            self.status in {WOULD_MERGE, MERGED, PROPOSED} and not self.why
        )

    @property
    def is_refused(self) -> bool:
        """Return whether nothing comes of it."""
        return self.status == REFUSED

    @property
    def becomes_record(self) -> bool:
        """Return whether it is, or would be, written."""
        return self.status in {WOULD_WRITE, WRITTEN}

    @property
    def is_restored(self) -> bool:
        """Return whether it comes from an export or a bag of our own."""
        return self.kind in {EXPORT, BAG}


class _KnownRecord(NamedTuple):
    """A record that is there: where it is, what it was made of, and its paragraphs."""

    code: str
    path: str
    sha256: str
    key: str
    imported: str
    words: frozenset[str]
    body: str
    in_order: tuple[str, ...] = ()
    """The hashes of its paragraphs as they were brought in; none where the record does not keep them."""


def import_files(  # noqa: PLR0913 - three by keyword alone
    root: Path,
    paths: Sequence[Path],
    wanted: Wanted,
    *,
    write: bool = False,
    without: Collection[Path] = (),
    taken: Iterable[str] = (),
) -> Iterator[ImportedFile]:
    """Yield what is or would be done with each text of the files, in the order of their names.

    :param paths: files, and folders that are walked.
    :param write: write the records, each alone; else nothing is written.
    :param without: files and folders in those that are passed over: they are restored, and not brought in.
    :param taken: codes that no new record gets, since they are restored.
    :raises CannotWrite: the folder of the records cannot be written to.
    """
    authorities = read.read_authorities(root)
    with lock.writing(root) if write else nullcontext():
        importing = _Importing(root, authorities, wanted, write=write, taken=taken)
        for shown, file in _files(paths, without):
            yield from importing.file(shown, file)


def _files(paths: Sequence[Path], without: Collection[Path]) -> Iterator[tuple[str, Path]]:
    """Yield the path as it was given, and the file, of every file that is named or lies in a folder that is named."""
    for path in paths:
        if not path.is_dir():
            yield str(path), path
            continue
        yield from ((str(file), file) for file in walk(path, without.__contains__) if file not in without)


def walk(folder: Path, is_whole: Callable[[Path], bool]) -> Iterator[Path]:
    """Yield the files in a folder and in all below it, in the order of their names, and what is of one piece as it is.

    :param is_whole: says of a folder within that it is of one piece: it is given itself, and not what lies in it.
    """
    count = 0
    for where, folders, names in os.walk(folder):
        here = [Path(where, name) for name in sorted(folders) if not name.startswith(".")]
        pieces = {path for path in here if is_whole(path)}
        folders[:] = [path.name for path in here if path not in pieces]
        yield from sorted(pieces)
        for name in sorted(names):
            count += 1
            if count > MOST_FILES:
                return
            if not name.startswith((".", "~$")) and name not in {"Thumbs.db", "desktop.ini"}:
                yield Path(where, name)


class _Importing:
    """One run over files."""

    def __init__(self, root: Path, authorities: Authorities, wanted: Wanted, *, write: bool, taken: Iterable[str]) -> None:
        self._root, self._authorities, self._wanted, self._write = root, authorities, wanted, write
        self._known = list(_known_records(root))
        self._by_hash = {each.sha256: each for each in self._known if each.sha256}
        self._by_key = {each.key: each for each in self._known if each.key}
        self._taken = frozenset({*record_files.codes_taken(root), *filter(None, taken)})
        self._prefix = wanted.prefix or authorities.prefix
        self._next = ""
        self._day = dt.datetime.now(tz=dt.UTC).date().isoformat()

    def file(self, shown: str, path: Path) -> Iterator[ImportedFile]:
        """Yield what is done with the texts of one file."""
        try:
            kind, content, texts = read_file(path, self._wanted.options)
        except ArchiveError as error:
            yield ImportedFile(REFUSED, shown, why=". ".join(filter(None, (error.message, error.remedy))))
            return
        except Exception as error:  # noqa: BLE001 - what a reader fails on is one file, and the others are to come in
            yield ImportedFile(REFUSED, shown, why=_describe_failure(error))
            return
        if kind.is_on_records:
            yield from (self._propose(_refuse(shown, text, kind.name), text) for text in texts)
            return
        sha256 = hashlib.sha256(content).hexdigest()
        for text in texts:
            one = sha256 if len(texts) == 1 else hashlib.sha256(f"{sha256} {text.key or text.at}".encode()).hexdigest()
            origin = Origin(kind.name, one, self._day, path.name if self._wanted.keep_name else "")
            yield self._text(shown, path.name, text, origin, is_transcript=kind.is_transcript)

    def _text(self, shown: str, name: str, text: SourceText, origin: Origin, *, is_transcript: bool) -> ImportedFile:
        text, unresolved = self._with_camps(text)
        told = _refuse(shown, text, origin.kind)
        told = told._replace(said=(*told.said, *unresolved))
        body = records.body_of(text, self._wanted.asked.speakers)
        hashes = frozenset(records.hashes_of(body))
        there = self._there(told, text, origin, body, hashes)
        if there is not None:
            return there
        if not hashes:
            return told._replace(why=tr("there is no paragraph in it"))
        if text.unaccounted and not self._wanted.allow_miscount:
            return told._replace(why=_miscount(text.unaccounted))
        code = self._next or _new_record.next_code(self._prefix, self._taken)
        slug = _new_record.slug(name.rpartition(".")[0] if self._wanted.keep_name else origin.kind)
        path = f"{record_files.FOLDER}/{code}-{slug}.md"
        made = records.make(
            text, self._wanted.asked, origin, self._authorities, code=code, path=path, is_transcript=is_transcript
        )
        if made.faults:
            return told._replace(why="; ".join(made.faults))
        if self._write:
            for version in made.versions:  # first, so that no record stands without its versions
                beside = f"{path.removesuffix('.md')}.{version.language}.md"
                atomic.write_beside(self._root / beside, version.content, new=True, mode=_OWNERS_ALONE)
            atomic.write_beside(self._root / path, made.content, new=True, mode=_OWNERS_ALONE)
        self._next = _new_record.next_code(self._prefix, frozenset({code}))
        self._remember(
            _KnownRecord(
                code=code,
                path=path,
                sha256=origin.sha256,
                key=records.key_of(text.key),
                imported=origin.day,
                words=hashes,
                body=body,
            )
        )
        status = WRITTEN if self._write else WOULD_WRITE
        return told._replace(status=status, code=code, path=path, language=made.language, proposals=made.proposals)

    def _propose(self, told: ImportedFile, text: SourceText) -> ImportedFile:
        """Return the notes that annotations on records give, and write those of records that are closed."""
        if text.unaccounted and not self._wanted.allow_miscount:
            return told._replace(why=_miscount(text.unaccounted))
        kept_records = KeptRecords(self._root, self._authorities)
        found = annotating.propose(kept_records, text.remarks, self._wanted.asked.by, self._day, write=self._write)
        return told._replace(
            status=PROPOSED,
            proposals=found.proposals,
            taken=text.taken - sum(each.letters for each in found.left_out),
            left_out=(*text.left_out, *found.left_out),
            said=(*told.said, *found.said),
            why=tr("annotations that are left to you: {number}", number=len(found.said)) if found.said else "",
        )

    def _with_camps(self, text: SourceText) -> tuple[SourceText, list[str]]:
        """Return the text with the ids of its camps, and what is to be said of names that are no camp or several."""
        names = text.fields.get("camps")
        if not names:
            return text, []
        found, said = [], []
        for name in names:
            try:
                found.append(self._authorities.gazetteer.resolve(str(name)))
            except ArchiveError as error:
                said.append(tr("a camp was left out: {reason}", reason=error.message))
        return text._replace(fields={**text.fields, "camps": list(dict.fromkeys(found))}), said

    def _there(
        self, told: ImportedFile, text: SourceText, origin: Origin, body: str, hashes: frozenset[str]
    ) -> ImportedFile | None:
        """Return what is said of a text that is there already, by its bytes, its name or its paragraphs; None of a new one."""
        known = self._by_hash.get(origin.sha256)
        if known is not None:
            why = tr("the same file was brought in on {day}", day=known.imported)
            return told._replace(status=UNCHANGED, code=known.code, path=known.path, why=why)
        known = self._by_key.get(records.key_of(text.key)) if text.key and not self._wanted.is_new else None
        if known is not None:
            return self._merge(told, known, body, origin) if self._wanted.merge else self._mark_changed(told, known, body)
        known = None if self._wanted.is_new else self._alike(hashes)
        if known is None:
            return None
        why = tr("most of its paragraphs stand in {code}; give --new to make a record of it all the same", code=known.code)
        differences = _differences(known.body, body)
        return told._replace(status=ALIKE, code=known.code, path=known.path, why=why, differences=differences)

    def _mark_changed(self, told: ImportedFile, known: _KnownRecord, body: str) -> ImportedFile:
        now = records.hashes_of(known.body)
        is_touched = bool(known.words) and frozenset(now) != known.words
        why = (
            tr("the record was edited since it was brought in: nothing is written, see --diff")
            if is_touched
            else tr("the source is another one now: nothing is written, see --diff")
        )
        return told._replace(
            status=CHANGED, code=known.code, path=known.path, why=why, differences=_differences(known.body, body)
        )

    def _merge(self, told: ImportedFile, known: _KnownRecord, body: str, origin: Origin) -> ImportedFile:
        """Return what is taken anew into a record, and write it where that is asked for."""
        found = merging.merge(known.in_order, known.body, body)
        first = len(found.words) - len(found.added) + 1
        numbers = (*found.exchanged, *range(first, len(found.words) + 1))
        if not known.in_order or not numbers:
            return self._mark_changed(told, known, body)
        why = "" if found.is_whole else tr("paragraphs that were edited, put in or taken out are left to you: see --diff")
        if self._write:
            plan = partial(merging.plan_of, found=found, origin=origin)
            try:
                revised = revise_locked(self._root, known.code, plan, Signed(self._wanted.asked.by, origin.day))
            except ArchiveError as error:
                return self._mark_changed(told, known, body)._replace(why=". ".join(filter(None, (error.message, error.remedy))))
            told = told._replace(said=(*told.said, *_stale(revised)))
            sha256 = origin.sha256 if found.is_whole else known.sha256
            after = revised.after.body  # for another file of the same run
            self._remember(known._replace(sha256=sha256, words=frozenset(found.words), body=after, in_order=found.words))
        return told._replace(
            status=MERGED if self._write else WOULD_MERGE,
            code=known.code,
            path=known.path,
            why=why,
            merged=numbers,
            differences=_differences(known.body, body),
        )

    def _alike(self, hashes: frozenset[str]) -> _KnownRecord | None:
        """Return the record in which most of the paragraphs stand."""
        if len(hashes) < _FEWEST:
            return None
        best = max(self._known, key=lambda each: len(each.words & hashes), default=None)
        return best if best is not None and len(best.words & hashes) >= _ALIKE * len(hashes) else None

    def _remember(self, known: _KnownRecord) -> None:
        self._known.append(known)
        self._by_hash[known.sha256] = known
        if known.key:
            self._by_key[known.key] = known


def _stale(revised: Revised) -> Iterator[str]:
    """Yield what is to be said of versions whose record has other words now, and of notes that hang on them."""
    testimony = revised.after
    if testimony.versions:
        yield tr("its versions in other languages are of the words before: {languages}", languages=_languages(testimony))
    if testimony.notes or testimony.claims:
        yield tr("notes and claims may hang on words that have changed: testimony rebind {code}", code=revised.code)


def _languages(testimony: Testimony) -> str:
    return ", ".join(version.language for version in testimony.versions)


def _describe_failure(error: Exception) -> str:
    """Return what is said of a file on which a reader failed with an error that it does not know, and where."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__}, {Path(place.filename).name}:{place.lineno}"
    return tr("the program fails on it ({where}); please report that", where=where)


def _miscount(difference: int) -> str:
    if difference > 0:
        why = tr("{number} of its letters cannot be accounted for", number=difference)
    else:
        why = tr("{number} letters are there more than once", number=-difference)
    remedy = tr("Save it anew in its own program, or give --allow-miscount and compare the record with the source by hand.")
    return f"{why}. {remedy}"


def _refuse(shown: str, text: SourceText, kind: str) -> ImportedFile:
    spoken = [part for part in text.parts if not part.level]
    return ImportedFile(
        REFUSED,
        shown,
        text.at,
        kind,
        paragraphs=len(spoken),
        headings=len(text.parts) - len(spoken),
        notes=len(text.notes),
        languages=tuple(text.versions),
        speakers=len({part.speaker for part in spoken if part.speaker}),
        places=len({part.place for part in spoken if part.place and not part.place.startswith("¶")}),
        letters=text.letters,
        taken=text.taken,
        left_out=text.left_out,
        said=tuple(translate(message).format(**values) for message, values in text.warnings),
    )


def _known_records(root: Path) -> Iterator[_KnownRecord]:
    """Yield the records that are there, also those whose header has faults: a person has still to fill them in."""
    for path in record_files.survey(root).files:
        try:
            content = record_files.read_bytes(root, path)
            split = read.split(content, path)
        except (OSError, ArchiveError):
            continue
        file = split.root.at(("source", "file")) if split.root is not None else None
        values: Mapping[str, Any] = file.plain() if file is not None and isinstance(file.value, dict) else {}
        sha256, key, day, words = (str(values.get(name, "")) for name in ("sha256", "key", "imported", "words"))
        code = record_files.code_of(path)
        hashes = frozenset(words.split() or records.hashes_of(split.body))
        yield _KnownRecord(
            code=code,
            path=path,
            sha256=sha256,
            key=key,
            imported=day,
            words=hashes,
            body=split.body,
            in_order=tuple(words.split()),
        )


def _differences(before: str, after: str) -> tuple[str, ...]:
    """Return the paragraphs that only one of two bodies has, in their order, with ``-`` and ``+`` before them."""
    ours, theirs = before.strip("\n").split("\n\n"), after.strip("\n").split("\n\n")
    return tuple(line for line in list(difflib.unified_diff(ours, theirs, lineterm="", n=0))[2:] if not line.startswith("@@"))
