"""Making the index equal to the collection: one document a passage, one commit an update."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from archive.authority.vocabulary import Vocabulary
from archive.collection.collection import Collection
from archive.engine import _attributes as attributes
from archive.engine import _columns as columns
from archive.engine import _documents as documents
from archive.engine._plan import WORKS, field_of
from archive.engine.whoosh import _facet_counts as facet_counts
from archive.engine.whoosh import _schema as schema
from archive.engine.whoosh.file_storage import WritableFiles
from archive.engine.whoosh.segment.index_reader import generation
from archive.engine.whoosh.segment.inverter import Repeated
from archive.engine.whoosh.segment.writer import InvertingWriter
from archive.engine.whoosh.worker_pool import WorkerPool, write
from archive.record import passages
from archive.record.hashing import SHORT_HASH, passage_hash
from archive.record.testimony import Passage, PassageText, Testimony
from archive.search.model import FACETS

Progress = Callable[[Iterable[str]], Iterable[str]]
"""Wraps the codes to be indexed, so that a caller can show how far it is."""


def build(files: WritableFiles, collection: Collection, progress: Progress = iter, pool: WorkerPool | None = None) -> str:
    """Make the index from nothing; returns its generation.

    :param pool: the processes that have looked at the collection, where there are any, and write it too.
    """
    codes, writer = collection.codes(), schema.writer(files, anew=True)
    if pool:
        reported = iter(progress(codes))
        entries = write(pool, collection, lambda: next(reported, None))
        if entries is not None:
            writer.adopt(entries)
            return writer.commit()
    return _write(writer, collection, codes, (), progress)


def update(files: WritableFiles, collection: Collection, progress: Progress = iter) -> str:
    """Put in what has changed and take out what is gone; returns the generation.

    The segments that held what is taken out are written anew without it, so
    that its words are gone from the files; every score is that of an index built
    from nothing, since it is worked out over all segments together.

    :raises DamagedIndex: the index cannot be opened.
    """
    changes = collection.changes()
    if not changes.anew and not changes.gone:
        return generation(files)
    return _write(schema.writer(files), collection, changes.anew, (*changes.gone, *changes.anew), progress)


def _write(
    writer: InvertingWriter, collection: Collection, anew: tuple[str, ...], out: tuple[str, ...], progress: Progress
) -> str:
    for code in out:
        writer.delete_by_term("code", code)
    for code in progress(anew):
        add(writer, collection, code)
    return writer.commit()


def add(writer: InvertingWriter, collection: Collection, code: str) -> None:
    """Add the passages of a record, where it may be read."""
    testimony = collection.find(code)
    if testimony is not None:
        writer.start_group()
        if record_passages := collection.passages(testimony):
            _add(writer, testimony, record_passages, collection.authorities.vocabulary)


def _add(writer: InvertingWriter, testimony: Testimony, record_passages: list[Passage], vocabulary: Vocabulary) -> None:
    names = " · ".join(testimony.witness.names)
    settings, setting_numbers = documents.settings_of(record_passages)
    record = documents.pack(passages.with_places(testimony), passages.footnotes(testimony), settings)
    of_settings = [_of_setting(testimony, setting, vocabulary) for setting in settings]
    searchable = columns.searchable_claims(testimony, record_passages)
    claims = [[claim for claim in searchable if passage.number in claim.paragraphs] for passage in record_passages]
    concepts = [columns.concepts(testimony, passage, vocabulary) for passage in record_passages]
    writer.add_passages(
        len(record_passages),
        {
            **_languages(testimony, record_passages, names),
            "title": [(testimony.title, len(record_passages))],
            "witness": [(names, len(record_passages))],
            "claims": _runs(columns.CLAIM_GAP.join(claim.text for claim in each_claim) for each_claim in claims),
            "concepts": _runs(columns.write(rows).encode() for rows in concepts),
            "concept": _runs(tuple(dict.fromkeys(topic for row in rows for topic in row[0])) for rows in concepts),
            WORKS: _runs(_works(testimony, record_passages, setting_numbers)),
            "code": [(testimony.code, len(record_passages))],
            "hash": [(_hashes(passage), 1) for passage in record_passages],
            **{name: _runs([of_settings[number][name] for number in setting_numbers]) for name in of_settings[0]},
            facet_counts.LAST: [(None, len(record_passages) - 1), (("1",), 1)],
            "paragraph": [(str(passage.number).encode(), 1) for passage in record_passages],
            "passages": [
                each
                for number, block in enumerate(documents.pack_passages(record_passages, setting_numbers), start=1)
                for each in (
                    (block, 1),
                    (None, min(number * documents.BLOCK, len(record_passages)) - (number - 1) * documents.BLOCK - 1),
                )
            ],
            "record": [(record, 1)],
        },
    )


def _languages(testimony: Testimony, record_passages: list[Passage], names: str) -> dict[str, list[Repeated]]:
    """Return the fields of some passages in each of their languages, slot by slot."""
    spoken: list[tuple[Passage | PassageText, ...]] = [
        (passage._replace(language=testimony.language), *passage.versions) for passage in record_passages
    ]
    fields: dict[str, list[Repeated]] = {}
    for slot in range(max(map(len, spoken))):
        texts = [each[slot] if len(each) > slot else None for each in spoken]
        below = [" · ".join(text.below) if text else None for text in texts]
        fields[field_of(slot, "text")] = [(text.words if text else None, 1) for text in texts]
        # A field of its own, so that no phrase runs from the passage into its footnotes.
        fields[field_of(slot, "footnote")] = _runs(below)
        fields[field_of(slot, "words")] = [
            (f"{text.words}\n{testimony.title}\n{names}" + (f"\n{under}" if under else "") if text else None, 1)
            for text, under in zip(texts, below, strict=True)
        ]
        fields[field_of(slot, "language")] = _runs((text.language,) if text else () for text in texts)
    return fields


def _works(testimony: Testimony, record_passages: list[Passage], setting_numbers: list[int]) -> Iterator[tuple[str, ...]]:
    """Yield the works that each passage is of or cites: the same where its setting is, but for what its versions cite."""
    of_settings: dict[int, tuple[str, ...]] = {}
    for passage, setting in zip(record_passages, setting_numbers, strict=True):
        if passage.versions or setting not in of_settings:
            of_settings[setting] = columns.works(testimony, passage)
        yield of_settings[setting]


def _hashes(passage: Passage) -> tuple[str, ...]:
    """Return the hashes of the words of a passage, and of those of its versions in other languages."""
    hashes = (passage.sha256, *(passage_hash(version.text) for version in passage.versions))
    return tuple(dict.fromkeys(whole[:SHORT_HASH] for whole in hashes))


def _runs(values: Iterable[Any]) -> list[Repeated]:
    return [(value, len(list(group))) for value, group in groupby(values)]


def _of_setting(testimony: Testimony, setting: documents.Setting, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return what is filtered, sorted and counted by, of the passages of a setting."""
    entries = [columns.about(entry, testimony) for entry in setting.entries]
    marks = columns.marks(testimony, setting, vocabulary)
    return {
        "about": columns.write(entries).encode(),
        "marks": columns.write(marks).encode(),
        **{facet: tuple(attributes.values(facet, entries, marks)) for facet in FACETS},
        "connection": (testimony.witness.connection,),
        facet_counts.ONCE: tuple(dict.fromkeys(note.flag for note in setting.replaced)),
    }
