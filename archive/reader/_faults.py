"""From pydantic's errors to faults with file and line, in words of ours."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from archive import text
from archive.errors import Fault
from archive.language.messages import tr
from archive.reader import yaml_nodes
from archive.record import paragraphs


def dotted_name(where: tuple[Any, ...]) -> str:
    """Write a place in a header: ``credibility.notes.2.flag``, counting from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else str(step) for step in where) or "header"


def tags(root: yaml_nodes.Node) -> Iterator[tuple[tuple[Any, ...], int, str]]:
    """Yield place, line and message of every text outside of a body with a redaction tag, or with what looks like one.

    Nothing there is withheld from anybody, so that a tag would only make a keeper believe that it is.
    """
    for where, node in root.leaves():
        if paragraphs.has_anything_like_a_tag(node.value):
            message = tr(
                "has a redaction tag, or what looks like one; tags hide words in the body alone: take the words out here"
            )
            yield where, root.line_of(where), message


def schema_fault(root: yaml_nodes.Node, path: str, error: Any, model: type[BaseModel], *, quoting: bool = False) -> Fault:  # noqa: ANN401 - pydantic's error details
    """Turn one of pydantic's errors into a fault with its line.

    :param quoting: repeat what was written, as for an authority file; of a record nothing is repeated.
    """
    where, kind = tuple(error["loc"]), error["type"]
    shown = where
    if kind == "missing":
        message = tr("is missing")
    elif kind == "extra_forbidden":
        known = sorted(_keys_beside(where, model))
        close = text.near(str(where[-1]), known)
        hint = tr("; did you mean {close}?", close=text.join_list(close)) if close else ""
        message = tr("is not a key of a record{hint}", hint=hint)
        if not quoting:
            # What stands here may be a value that slipped into the place of a key.
            shown, message = where[:-1], tr("has a key that no record has{hint}", hint=hint)
    elif kind == "value_error":
        message = str(error["ctx"]["error"])
    elif kind == "string_pattern_mismatch":
        written = f"{text.squash(str(error['input']))[:60]!r} " if quoting else ""
        message = tr("{written}is not of the form {error}", written=written, error=error["ctx"]["pattern"])
    else:
        said = str(error["msg"])
        message = said[:1].lower() + said[1:]
    return Fault(path, root.line_of(where), dotted_name(shown), message)


def _keys_beside(where: tuple[Any, ...], model: type[BaseModel]) -> set[str]:
    """Return the keys that the schema knows at the place of an unknown one."""
    for step in where[:-1]:
        if isinstance(step, int):
            continue
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        model_field = fields.get(step)
        kinds = [model_field.annotation, *getattr(model_field.annotation, "__args__", ())] if model_field else []
        inner = [kind for kind in kinds if isinstance(kind, type) and hasattr(kind, "model_fields")]
        if not inner:
            return set()
        model = inner[0]
    return {field.alias or name for name, field in model.model_fields.items()}
