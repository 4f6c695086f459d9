"""`testimony verify` tells from git only what was public all along."""

from collections.abc import Callable
from pathlib import Path

import pytest

import made_up
from running import ask_program
from verification_parts import git, short

OLD = "The made-up guard ZQXNAME beat her at the made-up gate every day."
NEW = "A made-up guard beat her at the made-up gate every day."
MASKED = "The made-up guard <an>ZQXNAME</an> beat her at the made-up gate every day."
CLOSED = {"access": {"level": "closed"}}


def save(root: Path, words: str, slug: str = "made-up", code: str = "ZZT-0001", **changes: object) -> None:
    """Save a version of a record and commit it."""
    made_up.put(root, made_up.record(made_up.header(code, **changes), words), f"{code}-{slug}.md")
    git(root, "add", "-A", "testimonies")
    git(root, "commit", "--quiet", "--allow-empty", "-m", "made up")


def masked_between(root: Path) -> None:
    """The name was put between tags, and then taken out."""
    for words in (OLD, MASKED, NEW):
        save(root, words)


def closed_between(root: Path) -> None:
    """The record was closed, and opened without the name."""
    save(root, OLD)
    save(root, OLD, **CLOSED)
    save(root, NEW)


def faulty_between(root: Path) -> None:
    """A version could not be read by anybody."""
    save(root, OLD)
    save(root, OLD, kind="no such kind")
    save(root, NEW)


def taken_away_between(root: Path) -> None:
    """The file was taken away, and put back without the name."""
    save(root, OLD)
    (root / "testimonies" / "ZZT-0001-made-up.md").unlink()
    git(root, "add", "-A", "testimonies")
    git(root, "commit", "--quiet", "-m", "made up")
    save(root, NEW)


def moved_to_closed(root: Path) -> None:
    """The words stand in a record that is closed."""
    save(root, OLD)
    save(root, NEW)
    save(root, OLD, code="ZZT-0002", **CLOSED)


def stashed(root: Path) -> None:
    """The name was never committed, only put aside."""
    save(root, NEW)
    made_up.put(root, made_up.record(made_up.header("ZZT-0001"), OLD), "ZZT-0001-made-up.md")
    git(root, "stash", "--quiet")


def never_merged(root: Path) -> None:
    """The name was on a branch that was never merged."""
    save(root, NEW)
    git(root, "checkout", "--quiet", "-b", "draft")
    save(root, OLD)
    git(root, "checkout", "--quiet", "-")


def merged_beside_a_mask(root: Path) -> None:
    """A branch from before the mask was merged after it: what it says is not after the mask."""
    save(root, "An opening that is made up.")
    git(root, "branch", "side")
    save(root, MASKED)
    save(root, NEW)
    git(root, "checkout", "--quiet", "side")
    save(root, OLD)
    git(root, "checkout", "--quiet", "-")
    git(root, "merge", "--quiet", "--strategy", "ours", "-m", "made up", "side")


WITHHELD = [
    masked_between,
    closed_between,
    faulty_between,
    taken_away_between,
    moved_to_closed,
    stashed,
    never_merged,
    merged_beside_a_mask,
]


def told(root: Path) -> str:
    """Verify a citation of the old words, and give all that is said."""
    ran = ask_program(root, "verify", short("ZZT-0001", 1, OLD))
    assert ran.code == 1
    record = ask_program(root, "verify", short("ZZT-0001", 1, OLD), "--format", "json")
    return ran.out + ran.err + record.out


@pytest.mark.parametrize("history", WITHHELD, ids=lambda each: each.__name__)
def test_what_was_not_public_all_along_is_not_told(root: Path, history: Callable[[Path], None]) -> None:
    """Not a word of it; and a wrong guess is answered as the right one is."""
    (root / "testimonies").mkdir()
    git(root, "init", "--quiet")
    history(root)
    assert "ZQXNAME" not in told(root)
    assert "the old words are not to be had" in " ".join(told(root).split())


@pytest.mark.parametrize("slug", ["made-up", "김-지어낸", "mädé-up"])
def test_what_was_public_all_along_is_told(root: Path, slug: str) -> None:
    """The control: also after a version that withheld nothing, also under a name of another script, also when renamed."""
    (root / "testimonies").mkdir()
    git(root, "init", "--quiet")
    save(root, MASKED, slug)
    save(root, OLD, slug)
    (root / "testimonies" / f"ZZT-0001-{slug}.md").unlink()
    save(root, OLD, f"{slug}-renamed")
    save(root, NEW, f"{slug}-renamed")
    assert "ZQXNAME" in told(root)
