"""Hashes of passages and files. Apart from `archive.text`, since a search needs none."""

import hashlib

from archive.text import nfc, without_locators


def passage_hash(text: str) -> str:
    """Give the sha-256 of a passage in 64 hex digits.

    The text is taken in NFC, white space folded, without ``⟦…⟧``, so that a
    re-wrapped paragraph keeps its hash and an altered word does not.
    """
    return hashlib.sha256(without_locators(nfc(text)).encode("utf-8", "surrogatepass")).hexdigest()


def fixity(content: bytes) -> str:
    """Give the sha-256 of a file's bytes in 64 hex digits."""
    return hashlib.sha256(content).hexdigest()
