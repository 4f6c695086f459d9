"""An RO-Crate 1.1 beside a bag: what the bag holds, for repositories (https://w3id.org/ro/crate/1.1).

One work a record of the clearance, with who may read it and its citation, in
which all its caveats stand; no name but what its header gives.
"""

from collections.abc import Sequence
from typing import Any, Final

from archive.formats.export_content import ExportedCollection
from archive.formats.json_sink import write
from archive.keeping.bag import CarriedFile
from archive.storage import record_files

NAME: Final = "ro-crate-metadata.json"
_VERSION: Final = "https://w3id.org/ro/crate/1.1"
_DATA: Final = "data/"
_FORMATS: Final = {".md": "text/markdown", ".yaml": "application/yaml", ".age": "application/octet-stream"}


def content(collection: ExportedCollection, carried: Sequence[CarriedFile], day: str) -> bytes:
    """Write what stands beside a bag.

    :param carried: the files of the bag.
    :param day: of the bag, in ISO 8601.
    """
    works = [
        {
            "@id": f"#{record.testimony.code}",
            "@type": "CreativeWork",
            "name": record.testimony.title,
            "identifier": record.testimony.code,
            "inLanguage": [record.testimony.language, *(version.language for version in record.testimony.versions)],
            "conditionsOfAccess": record.testimony.access,
            "creditText": record.pages.citation,
            "encoding": [_at(file) for file in carried if file.code == record.testimony.code],
        }
        for record in collection.records()
    ]
    about = collection.about()
    part = collection.part
    of_what = f"A part of the collection, {len(works)} of {part['of']} records: {part['in_words']}. " if part else ""
    contents = f"Records and authorities as readers of the clearance {about['clearance']} have them."
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{about['archive']} (a part)" if part else about["archive"],
        "description": f"{of_what}{contents} {about['notice']}",
        "datePublished": day,
        "license": "No licence is given here; ask the archive.",
        "conditionsOfAccess": about["clearance"],
        "hasPart": list(map(_at, carried)),
        "mentions": [{"@id": work["@id"]} for work in works],
    }
    descriptor = {"@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": _VERSION}, "about": {"@id": "./"}}
    graph = [descriptor, root, *map(_file, carried), *works]
    return f"{write({'@context': f'{_VERSION}/context', '@graph': graph}, indent=1)}\n".encode()


def _at(file: CarriedFile) -> dict[str, str]:
    return {"@id": f"{_DATA}{file.path}"}


def _file(file: CarriedFile) -> dict[str, Any]:
    language = record_files.language_of(file.path)
    said = {
        **_at(file),
        "@type": "File",
        "name": file.path.rpartition("/")[2],
        "encodingFormat": _FORMATS[f".{file.path.rpartition('.')[2]}"],
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }
    if not file.is_file:
        said["description"] = "A rendering for readers of this clearance, and not the file of the collection."
    return {**said, "inLanguage": language} if language else said
