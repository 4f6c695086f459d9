"""The English stemmer of Whoosh, without the thirteen of other languages that its package would load with it."""

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import Any, Final

import whoosh.lang

_ALONE: Final = "_archive_snowball"
"""The name by which the folder of the stemmers stands for a package that loads nothing by itself."""


def english() -> Any:  # noqa: ANN401 - Whoosh has no types
    """Give the Snowball stemmer of English: its ``stem`` takes a word and gives the stem."""
    if _ALONE not in sys.modules:
        package = ModuleType(_ALONE)
        package.__path__ = [os.path.join(folder, "snowball") for folder in whoosh.lang.__path__]  # noqa: PTH118 - as in any package
        sys.modules[_ALONE] = package
    return import_module(f"{_ALONE}.english").EnglishStemmer()
