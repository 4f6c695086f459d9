"""Messages in the language of the person: written in English where they are needed, looked up here.

A message is a template with named places, so that another language may put
them in another order: ``tr("there is no command {name!r}", name=name)``. The
English is the key (https://www.gnu.org/software/gettext/). Catalogues lie in
``locale/``; none is loaded as long as the language is English.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from importlib import import_module
from typing import Any, Final, ParamSpec, TypeVar

ENGLISH: Final = "en"
LANGUAGES: Final[Mapping[str, str]] = {ENGLISH: "English", "ko": "한국어"}
"""Every language there is, with its own name for itself."""

# Loaded by name and only where the language is not English.
_CATALOGUE: Final = "archive.language._catalogue"
_current: ContextVar[str] = ContextVar("language", default=ENGLISH)

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def current_language() -> str:
    """Return the code of the language that holds, as BCP 47 has it."""
    return _current.get()


def is_english() -> bool:
    """Return whether messages are written as they stand in the code."""
    return _current.get() == ENGLISH


def other_than_english() -> str:
    """Return the code of the language that holds; "" for English, in which records stand as they were written."""
    return "" if is_english() else current_language()


def speak(code: str) -> None:
    """Write messages in a language from now on.

    :raises KeyError: there is no such language.
    """
    _current.set(code if code in LANGUAGES else LANGUAGES[code])


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Write messages in a language for a while."""
    before = _current.set(code)
    try:
        yield
    finally:
        _current.reset(before)


def in_english(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Let a function work in English whatever the language: what it returns is kept, compared or read by programs.

    Not for a generator, whose body runs later.
    """

    @wraps(function)
    def within(*arguments: _Parameters.args, **named: _Parameters.kwargs) -> _Result:
        if is_english():
            return function(*arguments, **named)
        with speaking(ENGLISH):
            return function(*arguments, **named)

    return within


def mark(template: str) -> str:
    """Return a message as it is; it is looked up later, and stands in the catalogue because it is marked."""
    return template


def tr(template: str, /, **values: object) -> str:
    """Return a message in the language that holds, with its places filled.

    :param values: what stands in the places; without any the message is taken as it is, braces included.
    """
    said = translate(template)
    return said.format(**values) if values else said


def tr_count(one: str, many: str, number: int, /, **values: object) -> str:
    """Return a message in the form that a number asks for; the number itself stands in the place ``{number}``."""
    return translate_count(one, many, number).format(number=number, **values)


def translate(template: str) -> str:
    """Return a message in the language that holds, its places not filled yet."""
    return template if is_english() else str(_load().message(current_language(), template))


def translate_count(one: str, many: str, number: int) -> str:
    """Return a message in the form that a number asks for, its places not filled yet."""
    return (one if number == 1 else many) if is_english() else str(_load().plural(current_language(), one, many, number))


def _load() -> Any:  # noqa: ANN401 - a module that is loaded by its name
    return import_module(_CATALOGUE)
