"""The catalogues of messages, as `gettext` reads them; loaded where the language is not English."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

LOCALES: Final = Path(__file__).parent / "locale"
DOMAINS: Final = ("testimony", "click")
"""Our own messages, and those of the library that reads the command line."""


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the messages of a language; what it lacks is English, and all of it where an installation has lost the file."""
    first, *others = (_read(language, domain) for domain in DOMAINS)
    for other in others:
        first.add_fallback(other)
    return first


def _read(language: str, domain: str) -> NullTranslations:
    try:
        with (LOCALES / language / "LC_MESSAGES" / f"{domain}.mo").open("rb") as file:
            return GNUTranslations(file)
    except (OSError, ValueError):  # a person is told in English rather than nothing
        return NullTranslations()


def message(language: str, template: str) -> str:
    """Return a message in a language."""
    return catalogue(language).gettext(template)


def plural(language: str, one: str, many: str, number: int) -> str:
    """Return a message in the form of a number."""
    return catalogue(language).ngettext(one, many, number)
