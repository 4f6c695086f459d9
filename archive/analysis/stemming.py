"""The English stemmer of Whoosh, without what its package would load with it: thirteen of other languages, and more."""

import builtins
import os
import sys
from functools import cache
from importlib import import_module
from importlib.machinery import SourceFileLoader
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import whoosh

# Loaded by name and only for a long question.
_STOP_WORDS: Final = "whoosh.lang.stopwords"
_ALONE: Final = "_archive_snowball"
"""The name by which the folder of the stemmers stands for a package that loads nothing by itself."""

_OF_TWO_PYTHONS: Final = SimpleNamespace(u=str)
"""Stands in for ``whoosh.compat``, of which the stemmer takes ``u`` alone, which gives a text as it is.

To load the true one takes a fifth of a search: it imports ``pickle`` and ``urllib.request``, with ``ssl`` and ``http``.
"""


def english() -> Any:  # noqa: ANN401 - Whoosh has no types
    """Return the Snowball stemmer of English: its ``stem`` takes a word and gives the stem."""
    name = f"{_ALONE}.english"
    if name not in sys.modules:
        package, module = ModuleType(_ALONE), ModuleType(name)
        package.__path__ = [os.path.join(folder, "lang", "snowball") for folder in whoosh.__path__]  # noqa: PTH118 - as in any package
        module.__package__ = _ALONE
        # A module asks its own built-in names for what it imports, so this holds for the stemmer and for nothing else.
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": _import}
        sys.modules[_ALONE] = package  # which its `.bases` is found in
        SourceFileLoader(name, os.path.join(package.__path__[0], "english.py")).exec_module(module)  # noqa: PTH118
        sys.modules[name] = module
    return sys.modules[name].EnglishStemmer()


def _import(name: str, *rest: Any) -> Any:  # noqa: ANN401 - as Python's own
    return _OF_TWO_PYTHONS if name == "whoosh.compat" else __import__(name, *rest)


@cache
def empty_words() -> frozenset[str]:
    """Return the English words that carry no sense by themselves."""
    stop_words: Any = import_module(_STOP_WORDS)
    return frozenset(stop_words.stoplists["en"])
