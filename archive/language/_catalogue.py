"""The catalogues of messages, compiled as for `gettext`; loaded where the language is not English.

A compiled catalogue is a list in the order of its messages, so that one is
found without reading the others: a command says some two hundred of three
thousand, and to read all was a tenth of a search
(https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html).
"""

import struct
from functools import cache
from gettext import NullTranslations, c2py
from pathlib import Path
from typing import Final, Protocol

LOCALES: Final = Path(__file__).parent / "locale"
DOMAINS: Final = ("testimony", "click")
"""Our own messages, and those of the library that reads the command line."""

_HEAD: Final = struct.Struct("<5I")
"""Magic number, version, how many messages, where the table of theirs begins, and where that of the translations."""
_ENTRY: Final = struct.Struct("<2I")
"""Of a table: the length of a text in bytes, and where it begins."""
_MAGIC: Final = 0x950412DE
_PLURAL: Final = "plural="


class _File(Protocol):
    def read(self) -> bytes: ...


class Catalogue(NullTranslations):
    """A compiled catalogue, in UTF-8 and little-endian, of which each message is read when it is asked for."""

    def _parse(self, fp: _File) -> None:
        """Take a file, as the documentation of `gettext` has it for catalogues of another kind.

        :raises ValueError: it is no such catalogue, or was cut off.
        """
        self._content = fp.read()
        self._found: dict[str, list[str]] = {}
        if len(self._content) < _HEAD.size:
            raise ValueError
        magic, _, self._count, self._messages, self._translations = _HEAD.unpack_from(self._content)
        tables = max(self._messages, self._translations) + _ENTRY.size * self._count
        if (
            magic != _MAGIC
            or tables > len(self._content)
            or any(sum(self._entry(at)) > len(self._content) for at in self._last())
        ):
            raise ValueError

    def _last(self) -> tuple[int, ...]:
        """Return where the last entry of each table lies, whose text is the last of its kind in the file."""
        return tuple(table + _ENTRY.size * (self._count - 1) for table in (self._messages, self._translations) if self._count)

    def _entry(self, at: int) -> tuple[int, int]:
        length, begins = _ENTRY.unpack_from(self._content, at)
        return length, begins

    def _text(self, table: int, number: int) -> bytes:
        length, at = self._entry(table + _ENTRY.size * number)
        return self._content[at : at + length]

    def _forms(self, message: str) -> list[str]:
        """Return the translations of a message, one for each form of a number where it has such; none where it is not there."""
        if message not in self._found:
            self._found[message] = self._look_up(message.encode("utf-8", "surrogatepass"))
        return self._found[message]

    def _look_up(self, wanted: bytes) -> list[str]:
        below, above = 0, self._count
        while below < above:
            middle = (below + above) // 2
            here = self._text(self._messages, middle).partition(b"\0")[0]  # behind it stands the plural
            if here == wanted:
                try:
                    return self._text(self._translations, middle).decode().split("\0")
                except UnicodeDecodeError:  # damaged: English, rather than nothing
                    return []
            if here < wanted:
                below = middle + 1
            else:
                above = middle
        return []

    def gettext(self, message: str) -> str:
        """Return the translation of a message, or what another catalogue has, or the message itself."""
        forms = self._forms(message)
        return forms[0] if forms else super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation in the form of a number."""
        forms = self._forms(msgid1)
        try:
            return forms[self._form_of(n)]
        except (ArithmeticError, LookupError, ValueError):  # it is not there, or its rule is damaged
            return super().ngettext(msgid1, msgid2, n)

    def _form_of(self, number: int) -> int:
        """Return which form a number takes, by the rule in the head of the catalogue: the translation of the empty message."""
        head = "".join(self._forms(""))
        rule = next((line for line in head.splitlines() if line.lower().startswith("plural-forms:")), "")
        _, _, expression = rule.partition(_PLURAL)
        return int(_rule(expression.split(";")[0] or "0")(number))


_rule = cache(c2py)


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
            return Catalogue(file)
    except (OSError, ValueError):  # a person is told in English rather than nothing
        return NullTranslations()


def message(language: str, template: str) -> str:
    """Return a message in a language."""
    return catalogue(language).gettext(template)


def plural(language: str, one: str, many: str, number: int) -> str:
    """Return a message in the form of a number."""
    return catalogue(language).ngettext(one, many, number)
