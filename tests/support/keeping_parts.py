"""A made-up collection as its keepers change it."""

from pathlib import Path
from typing import Any

import made_up
from archive.record.hashing import passage_hash
from verification_parts import git

FIRST = "The made-up mine was flooded in spring."
SECOND = "A made-up bridge fell, and Kim Made-up saw it."
THIRD = "Snow lay on the made-up yard."
KOREAN = ("가상의 광산은 봄에 물에 잠겼다.", "가상의 다리가 무너졌고 김가명이 그것을 보았다.", "가상의 마당에 눈이 쌓였다.")


def digest(words: str) -> str:
    """Return the hash by which a paragraph is bound."""
    return passage_hash(words)[:16]


def bound(*numbers: int, quote: str = "", texts: tuple[str, ...] = (FIRST, SECOND, THIRD)) -> dict[str, Any]:
    """Return what a note is about, by number, hash and quote."""
    about: dict[str, Any] = {"paragraphs": [*numbers], "sha256": [digest(texts[number - 1]) for number in numbers]}
    return {**about, "quote": {"exact": quote}} if quote else about


def head(code: str, **changes: Any) -> dict[str, Any]:
    """Return the header of a made-up record with a history."""
    history = [{"date": "2001-02-03", "by": "archive", "change": "First entry"}]
    return made_up.header(code, **{"history": history, **changes})


def kept(root: Path, *, in_git: bool = False, **changes: Any) -> Path:
    """Put a collection of two records: the first with a note, a claim and a version in Korean, the second bound to it."""
    note = made_up.note("n1", "contradicted", about=bound(1, quote="flooded in spring"))
    claim = {"id": "c1", "text": "Made up", "paragraphs": ["2"], "status": "asserted", "sha256": [digest(SECOND)]}
    against = {"ref": "ZZT-0001#p1", "sha256": [digest(FIRST)]}
    relies = {"type": "relies-on", "code": "ZZT-0001#p2", "sha256": {"theirs": [digest(SECOND)]}}
    first = {"credibility": {"notes": [note]}, "claims": [claim], **changes}
    other = {"credibility": {"notes": [made_up.note("n1", "caution", **{"with": [against]})]}, "relations": [relies]}
    made_up.collection(
        root,
        made_up.record(head("ZZT-0001", **first), FIRST, SECOND, THIRD),
        made_up.record(head("ZZT-0002", **other), "Nobody saw it there."),
    )
    if in_git:
        git(root, "init", "--quiet", "--initial-branch", "main")
        (root / ".gitignore").write_text("index/\n.testimonies.lock\n", encoding="utf-8")
        git(root, "add", ".")
        git(root, "commit", "--quiet", "-m", "made up")
        git(root, "config", "user.name", "A. Keeper")
        git(root, "config", "user.email", "keeper@made.example")
    return root


def korean(root: Path, paragraphs: tuple[str, ...] = KOREAN) -> Path:
    """Put the version in Korean beside the first record."""
    made = {
        "rendering": "summary",
        "by": "the archive",
        "sha256": [digest(words) for words in paragraphs],
        "translated": {"from": "en", "by": "the archive", "sha256": [digest(words) for words in (FIRST, SECOND, THIRD)]},
    }
    return made_up.put(root, made_up.version("ZZT-0001", "ko", *paragraphs, text=made))


def file_of(root: Path, code: str = "ZZT-0001", language: str = "") -> Path:
    """Return the file of a record, or of its version."""
    return root / "testimonies" / f"{code}-made-up{'.' if language else ''}{language}.md"


def correct(root: Path, old: str, new: str, code: str = "ZZT-0001") -> None:
    """Correct a word by hand, as with any editor."""
    file = file_of(root, code)
    header, _, body = file.read_text(encoding="utf-8").partition("\n---\n")
    assert old in body
    file.write_text(f"{header}\n---\n{body.replace(old, new)}", encoding="utf-8")


def snapshot(root: Path) -> dict[str, bytes]:
    """Return all files of records as they are."""
    return {str(file.relative_to(root)): file.read_bytes() for file in sorted((root / "testimonies").iterdir())}
