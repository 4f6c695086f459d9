"""The works that a collection cites, each once, as CSL-JSON: nothing but what each work is."""

from collections.abc import Iterator

from archive.formats import export_content, json_sink
from archive.formats.bibliography import entries
from archive.formats.export_content import ExportedCollection
from archive.weighing import dossier


def content(collection: ExportedCollection) -> bytes:
    """Write the works as an array, in the order of their names, as the bytes of a file.

    A work has its id in the collection; one that a record brings itself has the code of the first that does.
    """
    return export_content.as_file(_lines(collection))


def _lines(collection: ExportedCollection) -> Iterator[str]:
    hits = [shown.hit for record in collection.records() for shown in record.pages.shown]
    taken: set[str] = set()
    items = []
    for work in dossier.works(hits, collection.authorities):
        own = next(key for at in range(len(hits) + 1) if (key := _key(work.codes[0], at)) not in taken)
        key = work.ref or own
        taken.add(key)
        custom = {"cited_in": list(work.codes), **({"part": collection.part} if collection.part else {})}
        items.append({**entries.of_work(work.csl, key, work.named), "custom": custom})
    yield json_sink.write(items, indent=1)


def _key(code: str, at: int) -> str:
    return f"{code}-source{f'-{at + 1}' if at else ''}"
