"""The exported annotations meet what the W3C's model says they must: stated here, and by the W3C's own assertions where they are.

`TESTIMONY_W3C_ASSERTIONS` names a copy of https://github.com/w3c/web-annotation-tests, whose files are not ours to carry.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from archive import Archive

_ASSERTIONS: Final = os.environ.get("TESTIMONY_W3C_ASSERTIONS", "")
_IRI: Final = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$"}
_CONTEXT: Final = {"type": "array", "contains": {"const": "http://www.w3.org/ns/anno.jsonld"}}
_BODY: Final = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {"type": {"const": "TextualBody"}, "value": {"type": "string"}, "purpose": {"type": "string"}},
    "not": {"anyOf": [{"required": ["source"]}, {"required": ["items"]}]},
}
_SELECTOR: Final = {
    "required": ["type", "exact"],
    "properties": {"type": {"const": "TextQuoteSelector"}, **{key: {"type": "string"} for key in ("exact", "prefix", "suffix")}},
}
_TARGET: Final = {
    "type": "object",
    "required": ["source"],
    "properties": {"source": _IRI, "selector": _SELECTOR},
    "not": {"anyOf": [{"required": ["value"]}, {"required": ["items"]}]},
}
_ANNOTATION: Final = {
    "type": "object",
    "required": ["id", "type", "target"],
    "properties": {
        "id": _IRI,
        "type": {"const": "Annotation"},
        "body": {"type": "array", "items": _BODY},
        "target": {"type": "array", "items": _TARGET, "minItems": 1},
    },
    "not": {"required": ["body", "bodyValue"]},
}
_COLLECTION: Final = {
    "required": ["id", "type", "first", "last", "total", "label"],
    "properties": {
        "id": _IRI,
        "type": {"const": "AnnotationCollection"},
        "first": _IRI,
        "last": _IRI,
        "total": {"type": "integer", "minimum": 1},
    },
}
_PAGE: Final = {
    "required": ["@context", "id", "type", "items", "partOf", "startIndex"],
    "properties": {
        "@context": _CONTEXT,
        "id": _IRI,
        "type": {"const": "AnnotationPage"},
        "items": {"type": "array", "items": _ANNOTATION, "minItems": 1},
        "partOf": _COLLECTION,
        "startIndex": {"type": "integer", "minimum": 0},
        "next": _IRI,
        "prev": _IRI,
    },
}


@pytest.fixture(scope="module")
def pages(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Every page of the annotations on the shipped records."""
    folder = tmp_path_factory.mktemp("standard") / "notes"
    with Archive(shipped) as archive:
        archive.export_folder("web-annotation", folder, "2001-02-03")
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.iterdir())]


def test_every_page_is_of_the_model(pages: list[dict[str, Any]]) -> None:
    """What it must have, and must not (the model, 3.1 to 5.2); without an id, or with a value in a target, it is none."""
    validator = jsonschema.Draft202012Validator(_PAGE)
    for page in pages:
        assert [error.message for error in validator.iter_errors(page)] == []
    [item, *_] = pages[0]["items"]
    for wrong in (
        {**item, "id": "n1"},
        {**item, "target": []},
        {**item, "target": [{**item["target"][0], "value": "x"}]},
        {**item, "bodyValue": "x"},
    ):
        assert list(validator.iter_errors({**pages[0], "items": [wrong]})), "the control"


def test_the_pages_lead_through_the_whole_collection(pages: list[dict[str, Any]]) -> None:
    """From the first to the last by `next`, back by `prev`, each beginning where the one before ends."""
    by_id = {page["id"]: page for page in pages}
    [whole] = {json.dumps(page["partOf"]) for page in pages}
    collection = json.loads(whole)
    at: str | None = collection["first"]
    before, index = None, 0
    seen = []
    while at:
        page = by_id[at]
        assert (page.get("prev"), page["startIndex"]) == (before, index)
        seen.append(at)
        before, index, at = at, index + len(page["items"]), page.get("next")
    assert (seen[-1], sorted(seen), index) == (collection["last"], sorted(by_id), collection["total"])


@cache
def _definitions() -> Registry[Any]:
    found = (
        (file.name, json.loads(file.read_text(encoding="utf-8"))) for file in Path(_ASSERTIONS, "definitions").glob("*.json")
    )
    return Registry[Any]().with_resources(
        (name, Resource.from_contents({key: value for key, value in held.items() if key != "id"}, default_specification=DRAFT4))
        for name, held in found
    )


@cache
def _assertions(test: str) -> tuple[tuple[str, bool, Any], ...]:
    """Return what each assertion of a test is called, whether a document is to be valid by it, and what validates it."""
    found = []
    for name in json.loads(Path(_ASSERTIONS, test).read_text(encoding="utf-8"))["assertions"]:
        schema = json.loads(Path(_ASSERTIONS, name).read_text(encoding="utf-8"))
        validator = jsonschema.Draft4Validator({key: schema[key] for key in schema if key != "id"}, registry=_definitions())
        found.append((f"{name}: {schema['errorMessage']}", schema.get("expectedResult", "valid") == "valid", validator))
    return tuple(found)


def _failed(document: dict[str, Any], test: str) -> Iterator[str]:
    """Yield what the W3C says of each assertion of a test that a document does not meet."""
    return (said for said, is_to_be, validator in _assertions(test) if validator.is_valid(document) is not is_to_be)


@pytest.mark.skipif(not _ASSERTIONS, reason="TESTIMONY_W3C_ASSERTIONS names no copy of the W3C's assertions")
def test_the_assertions_of_the_w3c_hold(pages: list[dict[str, Any]]) -> None:
    """Every one that a single annotation, a page or a collection must meet; an annotation without a target fails: the control."""
    musts = "annotations/annotationMusts.test"
    for page in pages:
        context = {"@context": page["@context"]}
        assert list(_failed(page, "collections/pages/pageMusts.test")) == []
        assert list(_failed({**context, **page["partOf"]}, "collections/collectionMusts.test")) == []
        for item in page["items"]:
            assert list(_failed({**context, **item}, musts)) == []
    bare = {key: value for key, value in pages[0]["items"][0].items() if key != "target"}
    assert list(_failed({"@context": pages[0]["@context"], **bare}, musts))
