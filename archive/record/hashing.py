"""Hashes of passages and files. Apart from `archive.text`, since a search needs none."""

import hashlib
from collections.abc import Iterable
from typing import Final

from archive.text import nfc, squash, unmark, without_locators


def passage_hash(text: str) -> str:
    """Return the sha-256 of a passage in 64 hex digits.

    The text is taken in NFC, white space folded, without ``⟦…⟧`` and without
    redaction tags, so that a paragraph that is re-wrapped or gets a tag keeps
    its hash and one with an altered word does not.
    """
    return hashlib.sha256(without_locators(unmark(nfc(text))).encode("utf-8", "surrogatepass")).hexdigest()


def record_hash(passages: Iterable[str]) -> str:
    """Return the sha-256 of all the words of a record in 64 hex digits, from the hashes of its passages in their order."""
    return hashlib.sha256("\n".join(passages).encode()).hexdigest()


def note_hash(flag: str, status: str, statement: str) -> str:
    """Return the sha-256 of what a credibility note says in 64 hex digits: its flag, status and statement.

    In NFC, white space folded, one space between the three.
    """
    return hashlib.sha256(squash(nfc(f"{flag} {status} {statement}")).encode("utf-8", "surrogatepass")).hexdigest()


def fixity(content: bytes) -> str:
    """Return the sha-256 of a file's bytes in 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


SHORT_HASH: Final = 16


LONG_HASH: Final = 64
