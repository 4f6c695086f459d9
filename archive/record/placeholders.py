"""What a new record has in the place of what nobody has written yet, in the language of who began it."""

from collections.abc import Iterator, Mapping
from typing import Final

from archive.record.testimony import Testimony

_ACCOUNTS: Final[Mapping[str, str]] = {
    "en": "Write the account here, one paragraph for each thing told.",
    "ko": "여기에 증언을 쓰십시오. 이야기된 일마다 한 문단으로 씁니다.",
}
_SOURCES: Final[Mapping[str, str]] = {"en": "Where the account comes from", "ko": "이 증언이 어디에서 온 것인지"}
UNCONFIRMED: Final = "XXXX"
"""Stands before what a note says that was made of a comment, until a person has read it and made it their own, and for the
name of a witness whom an import knows nothing of."""

Place = tuple[str | int, ...]
NAME: Final[Place] = ("witness", "name")
"""Where an import leaves out who speaks: nothing is wrong with the record as long as it is closed."""


def account(language: str) -> str:
    """Return what stands for the words of a record, in English where there is none in the language."""
    return _ACCOUNTS.get(language, _ACCOUNTS["en"])


def source(language: str) -> str:
    """Return what stands for the title of a source, likewise."""
    return _SOURCES.get(language, _SOURCES["en"])


def placeholders_in(testimony: Testimony) -> Iterator[Place]:
    """Yield the places of a record, ``("body",)`` or in its header, that still have what a new record has there."""
    if any(account in testimony.body for account in _ACCOUNTS.values()):
        yield ("body",)
    if testimony.source.csl.get("title") in _SOURCES.values():
        yield ("source", "csl", "title")
    if testimony.witness.name == UNCONFIRMED:
        yield NAME
    for number, note in enumerate(testimony.notes):
        if note.statement.startswith(UNCONFIRMED):
            yield ("credibility", "notes", number, "statement")
