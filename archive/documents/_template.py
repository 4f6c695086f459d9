"""A template filled in, in a child process: it sees plain values alone, and what it may not cut it cannot read.

A passage is a block: it has no words here, only a number, and whatever would
make text of it ends the template. The parent puts the block's lines in its
place afterwards. What is allowed is listed; all else of jinja2 is refused.
"""

import json
import re
import signal
import threading
import traceback
from _thread import interrupt_main
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final, NoReturn

from archive.language.messages import mark
from archive.text import near

MOST_SIGNS: Final = 2_000_000
"""That a template may write, without the passages."""
BLOCK: Final = "block"
"""The key of a value that is a block, with its number."""

FILTERS: Final = {
    "capitalize": mark("first letter a capital"),
    "default": mark("another value where there is none"),
    "first": mark("the first of a list"),
    "groupby": mark("a list by the value of a field: pairs of the value and the entries"),
    "join": mark("a list as one text, with what stands between"),
    "last": mark("the last of a list"),
    "length": mark("how many, or how many signs"),
    "list": mark("a list, as of what select gives"),
    "lower": mark("small letters"),
    "map": mark("one field of every entry: map(attribute='title')"),
    "reject": mark("those that fail a test"),
    "rejectattr": mark("those whose field fails a test"),
    "replace": mark("one text for another"),
    "reverse": mark("backwards"),
    "round": mark("a number without decimals"),
    "select": mark("those that pass a test"),
    "selectattr": mark("those whose field passes a test"),
    "sort": mark("in order: sort(attribute='title')"),
    "title": mark("every word with a capital"),
    "trim": mark("without space at its ends"),
    "truncate": mark("cut to a number of signs"),
    "unique": mark("each once"),
    "upper": mark("capitals"),
}
"""The filters that a template may use, with what each does."""
TESTS: Final = (
    *("defined", "undefined", "none", "number", "string", "even", "odd", "in", "eq", "ne", "lt", "le", "gt", "ge"),
    *("equalto", "==", "!=", "<", "<=", ">", ">="),
)
_LOOP: Final = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})
_NODES: Final = frozenset(
    (
        *("Template", "Output", "TemplateData", "For", "If", "Assign", "Name", "Const", "List", "Tuple", "Getattr", "Getitem"),
        *("Slice", "Filter", "Test", "Compare", "Operand", "And", "Or", "Not", "CondExpr", "Add", "Sub", "Neg", "Concat"),
        "Keyword",
    )
)
_LINE, _VALUE, _BLOCK, _END = "\ue200", "\ue201", "\ue202", "\ue203"
_OURS: Final = re.compile("[\ue200-\ue203]")
_LINES: Final = re.compile(f"{_LINE}([0-9]+){_END}")
_PIECES: Final = re.compile(f"([{_LINE}{_VALUE}{_BLOCK}])([^{_END}]*){_END}")

NOT_ALLOWED: Final = mark("{what} is not for templates")
CUT: Final = mark(
    "a block, as an excerpt, goes through no filter and into no text: print it by itself, as {{{{ passage.excerpt }}}}"
)
UNKNOWN: Final = mark("there is no field {what}")
UNKNOWN_NEAR: Final = mark("there is no field {what}; did you mean {near}?")
NOT_A_FILTER: Final = mark("there is no filter {what}; there are {near}")
NO_TEXT: Final = mark("a list or a group of fields is no text: print one of its fields, or join it")
WRONG: Final = mark("this cannot be worked out: {what}")
NOT_READ: Final = mark("it cannot be read: {what}")
TOO_LONG: Final = mark("it takes longer than {what} seconds: is there a loop within a loop?")
TOO_LARGE: Final = mark("it writes or holds more than a document can be")
OUR_SIGNS: Final = mark("it has signs of the private area of Unicode, which stand for something else here")


class _Fault(Exception):
    """What is wrong with a template, as a message with what goes into it."""

    def __init__(self, message: str, what: str = "", near: str = "") -> None:
        super().__init__(message)
        self.told: dict[str, Any] = {"message": message, "what": what, "near": near}


class _Block:
    """Stands for lines that are put in its place afterwards; it has no text."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def __bool__(self) -> bool:
        return True  # one that would be empty is none

    def __str__(self, *_: object) -> NoReturn:
        raise _Fault(CUT)

    __repr__ = __html__ = __len__ = __iter__ = __hash__ = __format__ = __getitem__ = __add__ = __radd__ = __str__


def fill(content: bytes) -> dict[str, Any]:
    """Fill a template in.

    :param content: JSON: ``template``, its text, ``values``, and the ``seconds`` that it may take.
    :returns: ``pieces``, each a kind (``text``, ``value`` or ``block``), what it is, and its line in the template; or ``fault``
        with the message, what goes into it, and the ``line``.
    """
    given = json.loads(content, object_hook=_with_blocks)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a parent that passes it over would hand that on
    clock = threading.Timer(given["seconds"], interrupt_main)
    clock.daemon = True
    clock.start()
    try:
        written = _write(given["template"], given["values"])
    except BaseException as error:  # noqa: BLE001 - whatever a template does is a fault of it
        told = (
            _Fault(TOO_LONG, str(given["seconds"])).told
            if isinstance(error, KeyboardInterrupt)
            else _describe_fault(error, given["values"])
        )
        return {"fault": told, "line": _line_of(error)}
    finally:
        clock.cancel()
    return {"pieces": list(_pieces(written))}


def _with_blocks(fields: dict[str, Any]) -> Any:  # noqa: ANN401 - plain data
    return _Block(fields[BLOCK]) if set(fields) == {BLOCK} else fields


def _write(text: str, values: Mapping[str, Any]) -> str:
    if _OURS.search(text):
        raise _Fault(OUR_SIGNS)
    environment = _environment()
    tree = environment.parse(text, "template")
    _check(tree, environment)
    _mark_lines(tree)
    template = environment.template_class.from_code(environment, environment.compile(tree, "template", "template"), {})
    parts, size, line = [], 0, 1
    try:
        for part in template.generate(values):
            line = int(([line, *_LINES.findall(part)])[-1])
            size += len(part)
            if size > MOST_SIGNS:
                raise _at(line, _Fault(TOO_LARGE))
            parts.append(part)
    except KeyboardInterrupt as error:  # of all errors jinja2 does not tell the line of this one
        frames = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "template"]
        error.lineno = template.get_corresponding_lineno(frames[-1] or 1) if frames else line  # type: ignore[attr-defined]
        raise
    return "".join(parts)


def _environment() -> Any:  # noqa: ANN401 - a class of jinja2, which is loaded by its name
    jinja: Any = import_module("jinja2")
    sandbox: Any = import_module("jinja2.sandbox")

    class Environment(sandbox.ImmutableSandboxedEnvironment):  # type: ignore[misc]
        """Fields are entries of mappings alone: no value has a method."""

        def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - as above
            if isinstance(obj, jinja.runtime.LoopContext) and attribute in _LOOP:
                return super().getattr(obj, attribute)
            return self.getitem(obj, attribute)

        def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - as above
            if isinstance(obj, dict):
                return obj[argument] if argument in obj else self.undefined(_no_field(argument, obj), name=str(argument))
            if isinstance(obj, list | tuple | str) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
                return obj[argument]
            return self.undefined(_no_field(argument, ()), name=str(argument))

    environment = Environment(
        undefined=jinja.StrictUndefined,
        finalize=_mark,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=0,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


def _no_field(name: object, among: Any) -> str:  # noqa: ANN401 - a mapping, or nothing
    """Return what jinja2 carries along to the one who uses a field that is not there."""
    close = near(str(name), [str(each) for each in among])
    return json.dumps({"what": str(name)[:60], "near": ", ".join(close)})


def _mark(value: Any) -> str:  # noqa: ANN401 - whatever a template prints
    """Return what stands for a value in what is written, so that it is known from the template's own words."""
    if isinstance(value, _Block):
        return f"{_BLOCK}{value.number}{_END}"
    if not isinstance(value, str | int | float) and not type(value).__name__.endswith("Undefined"):
        raise _Fault(NO_TEXT)
    return f"{_VALUE}{_OURS.sub(_show_sign, str(value))}{_END}"


def _show_sign(found: "re.Match[str]") -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"


def _check(tree: Any, environment: Any) -> None:  # noqa: ANN401 - of jinja2
    """Refuse what is not on the lists, before anything is run."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        kind, line = type(node).__name__, getattr(node, "lineno", 1)
        if kind not in _NODES or (kind == "For" and node.recursive):
            raise _at(line, _Fault(NOT_ALLOWED, _NAMED.get(kind, kind.lower())))
        if kind == "Filter" and node.name not in environment.filters:
            raise _at(line, _Fault(NOT_A_FILTER, str(node.name)[:60], ", ".join(FILTERS)))
        if kind == "Test" and node.name not in environment.tests:
            raise _at(line, _Fault(NOT_ALLOWED, f"is {node.name}"[:60]))
        waiting += node.iter_child_nodes()


_NAMED: Final = {
    "FromImport": "import",
    "CallBlock": "call",
    "FilterBlock": "{% filter %}",
    "AssignBlock": "{% set %} around text",
    "Call": "a function or method",
    "Mul": "*",
    "Pow": "**",
    "Div": "/",
    "Dict": "{…: …}",
}


def _at(line: int, fault: _Fault) -> _Fault:
    fault.told["line"] = line
    return fault


def _mark_lines(tree: Any) -> None:  # noqa: ANN401 - of jinja2
    """Put the number of its line before everything that is written."""
    nodes: Any = import_module("jinja2.nodes")
    for output in list(tree.find_all(nodes.Output)):
        marked = []
        for node in output.nodes:
            marked += [nodes.TemplateData(f"{_LINE}{node.lineno}{_END}", lineno=node.lineno), node]
        output.nodes = marked


def _pieces(written: str) -> Iterator[tuple[str, Any, int]]:
    at, line = 0, 1
    for found in _PIECES.finditer(written):
        text = written[at : found.start()]
        if text:
            yield "text", text, line
            line += text.count("\n")
        at = found.end()
        if found[1] == _LINE:
            line = int(found[2])
        elif found[1] == _VALUE:
            yield "value", found[2], line
        else:
            yield "block", int(found[2]), line
    if written[at:]:
        yield "text", written[at:], line


def _describe_fault(error: BaseException, values: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(error, _Fault):
        return error.told
    if isinstance(error, MemoryError | RecursionError | OverflowError):
        return _Fault(TOO_LARGE).told
    kind, said = type(error).__name__, str(error)
    if kind == "UndefinedError":
        if not said.startswith("{"):  # a name alone, which jinja2 looks up by itself
            said = _no_field(said.split("'")[1] if said.startswith("'") else said, values)
        known = json.loads(said)
        return _Fault(UNKNOWN_NEAR if known["near"] else UNKNOWN, known["what"], known["near"]).told
    return _Fault(NOT_READ if kind.startswith("Template") else WRONG, " ".join(said.split())[:200]).told


def _line_of(error: BaseException) -> int:
    """Return the line of a template at which it ended: that of what was read, else of the innermost frame that is of it."""
    if isinstance(error, _Fault) and "line" in error.told:
        return int(error.told["line"])
    if line := getattr(error, "lineno", None):
        return int(line)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "template"]
    return int(lines[-1] or 1) if lines else 1
