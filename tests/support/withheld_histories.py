"""Histories in git of a record whose old words were withheld since, each in another way. All of them are made up."""

from pathlib import Path

import made_up
from verification_parts import git

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


def closed_before_and_after(root: Path) -> None:
    """The record was open for a while between two times at which it was closed."""
    save(root, NEW, **CLOSED)
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


def masked_elsewhere(root: Path) -> None:
    """The name is masked today in another record, public, closed, or one that has faults, in letters of another case."""
    save(root, OLD)
    save(root, NEW)
    save(root, "Another <an>Zqxname</an> is here.", code="ZZT-0003")


def masked_in_a_closed_record(root: Path) -> None:
    """The same, in a record that the reader does not see at all."""
    save(root, OLD)
    save(root, NEW)
    save(root, "Another <an>ZQXNAME</an> is here.", code="ZZT-0003", **CLOSED)


def masked_in_a_record_with_faults(root: Path) -> None:
    """The same, in a record that nobody can read, and with a tag that is never closed."""
    save(root, OLD)
    save(root, NEW)
    save(root, "Another <an>ZQXNAME is here.", code="ZZT-0003", kind="no such kind")


def sentence_masked_elsewhere(root: Path) -> None:
    """Not a name but what was done is withheld elsewhere, in the middle of a passage."""
    save(root, OLD)
    save(root, NEW)
    save(root, "He said: <res>that the guard zqxname beat her</res>, and left.", code="ZZT-0003")


WITHHELD = [
    masked_elsewhere,
    masked_in_a_closed_record,
    masked_in_a_record_with_faults,
    sentence_masked_elsewhere,
    masked_between,
    closed_between,
    closed_before_and_after,
    faulty_between,
    taken_away_between,
    moved_to_closed,
    stashed,
    never_merged,
    merged_beside_a_mask,
]
