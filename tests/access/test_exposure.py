"""What public words may tell of records that are not public: every field is looked at, and every way not to be public."""

from pathlib import Path
from typing import Any

import pytest

import made_up
from archive.collection import checks
from archive.errors import Fault

NAMING = "As in NKT-9003, made up."
SEALED = b"age-encryption.org/v1\n-> made up\n"


def _claim(words: str) -> dict[str, Any]:
    return {"id": "c1", "text": words, "paragraphs": ["1"], "status": "asserted"}


PLACES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "title": ({"title": NAMING}, ("One.",)),
    "credibility.notes": ({"credibility": {"notes": [made_up.note("n1", "caution", NAMING)]}}, ("One.",)),
    "claims.0": ({"claims": [_claim(NAMING)]}, ("One.",)),
    "history.0": ({"history": [{"date": "2024-05-06", "by": "archive", "change": NAMING}]}, ("One.",)),
    "body": ({}, ("One.", NAMING)),
    "body, a heading": ({}, (f"# {NAMING}", "One.")),
    "body, a footnote": ({}, ("One[^1].", f"[^1]: {NAMING}")),
}
NOT_PUBLIC: dict[str, dict[str, Any]] = {
    "closed": {"access": {"level": "closed"}},
    "restricted": {"access": {"level": "restricted"}},
    "of unknown consent": {"access": {"level": "restricted"}, "consent": {"status": "unknown"}},
    "withdrawn": {"consent": {"status": "withdrawn"}, "access": {"level": "closed"}},
}
TOLD_OF: dict[str, dict[str, Any]] = {
    "public": {},
    "withdrawn after it had been public": {
        "consent": {"status": "withdrawn", "was_public": "true"},
        "access": {"level": "closed"},
    },
}


def named(root: Path) -> list[Fault]:
    """Give the warnings of codes that the public must not know of."""
    return [each for each in checks.check(root).warnings if each.message == "names NKT-9003, which is not public"]


def naming(place: str) -> str:
    """Write a record that names the code in one place."""
    changes, paragraphs = PLACES[place]
    return made_up.record(made_up.header("NKT-9001", **changes), *paragraphs)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", [*NOT_PUBLIC, "sealed"])
def test_a_code_of_a_record_that_is_not_public_is_named_wherever_it_stands(root: Path, place: str, kind: str) -> None:
    """In each field of a public record, and however the other is shut: closed, restricted, withdrawn, sealed and not opened."""
    made_up.collection(root, naming(place))
    if kind == "sealed":
        (root / "testimonies" / "NKT-9003.md.age").write_bytes(SEALED)
    else:
        made_up.put(root, made_up.record(made_up.header("NKT-9003", **NOT_PUBLIC[kind])))
    assert [each.field for each in named(root)] == [place.partition(",")[0]]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", TOLD_OF)
def test_a_code_that_the_public_knows_of_is_not_named(root: Path, place: str, kind: str) -> None:
    """A control: also of what was withdrawn after it had been public the code stays."""
    made_up.collection(root, naming(place), made_up.record(made_up.header("NKT-9003", **TOLD_OF[kind])))
    assert named(root) == []


def test_a_code_in_withheld_words_is_told_to_nobody(root: Path) -> None:
    """Nor is there anything to warn of in a record that is shut itself."""
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001"), "See <res>the account NKT-9003</res>."),
        made_up.record(made_up.header("NKT-9002", title=NAMING, access={"level": "closed"}), NAMING),
        made_up.record(made_up.header("NKT-9003", access={"level": "closed"})),
    )
    assert named(root) == []
