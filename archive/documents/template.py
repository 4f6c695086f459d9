"""Templates that a person wrote, filled in by jinja2 in a child process with limits.

A template gets plain values, and blocks: things that it can place and leave
out, and neither read nor cut. There are no files, no other templates, no
functions and no methods in it.
"""

import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from archive.documents import _template, reading
from archive.errors import BadTemplate, MissingExtra
from archive.language.messages import tr
from archive.named_tuple import NamedTuple

_LIBRARY: Final = "jinja2"
SECONDS: Final = 10
"""For which a template may run."""
MOST_BYTES: Final = 500_000
"""Of a template."""
FILTERS: Final = _template.FILTERS
"""The filters that a template may use, with what each does."""

Values = Mapping[str, Any]
"""What a template may use: texts, numbers, lists, mappings, and `TemplateBlock`."""


class TemplateBlock(NamedTuple):
    """Stands in the values for lines that are put in its place afterwards; by its number."""

    number: int


class Piece(NamedTuple):
    """What a template wrote, in order: its own ``text``, a ``value``, or a ``block`` by its number; and the line it is from."""

    kind: str
    content: str | int
    line: int


def read(file: Path) -> str:
    """Return the text of a template.

    :raises BadTemplate: it cannot be read, is no text in UTF-8, or is larger than a template is.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fault(str(file), content[: error.start].count(b"\n") + 1, tr("it is no text in UTF-8")) from error
    except (OSError, ValueError) as error:  # the latter of what can be no name
        reason = getattr(error, "strerror", None) or error
        raise BadTemplate(tr("the template {name} cannot be read: {reason}", name=file, reason=reason), _remedy()) from error
    if len(content) > MOST_BYTES:
        raise fault(str(file), 1, tr("it is larger than {most} kB", most=MOST_BYTES // 1000))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def fill(text: str, values: Values, name: str, seconds: float = SECONDS) -> tuple[Piece, ...]:
    """Fill a template in.

    :param name: of its file, for messages.
    :raises BadTemplate: it cannot be read, uses what is not there or not allowed, or takes too long.
    :raises MissingExtra: jinja2 is not installed.
    """
    if find_spec(_LIBRARY) is None:
        message = tr("jinja2, which fills templates in, is not installed")
        raise MissingExtra(message)
    given = json.dumps({"template": text, "values": _plain(values), "seconds": seconds}).encode()
    ran = reading.run("template", [], given)
    if ran.code or not ran.out:
        raise fault(name, 1, tr("it holds or does more than a template may"))
    found = json.loads(ran.out)
    if "refused" in found:
        raise fault(name, 1, tr(_template.NOT_ALLOWED, what=found["refused"]))
    if told := found.get("fault"):
        raise fault(name, found["line"], tr(told["message"], what=tr(told["what"]) if told["what"] else "", near=told["near"]))
    return tuple(Piece(*each) for each in found["pieces"])


def fault(name: str, line: int, message: str) -> BadTemplate:
    """Return the error of a template."""
    return BadTemplate(f"{name}:{line}: {message}", _remedy())


def _remedy() -> str:
    return tr("`testimony template` prints the fields and the filters; `testimony template coi` a template to begin with.")


def _plain(value: Any) -> Any:  # noqa: ANN401 - plain data
    if isinstance(value, TemplateBlock):
        return {_template.BLOCK: value.number}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
