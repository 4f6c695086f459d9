"""What several files of tests share."""

import subprocess
from pathlib import Path

from archive.record.hashing import passage_hash


def short(code: str, number: int, words: str) -> str:
    """Write a code with a hash."""
    return f"{code}#p{number} sha256:{passage_hash(words)[:16]}"


def git(root: Path, *arguments: str) -> None:
    """Run git as a keeper does."""
    named = ["-c", "user.name=made up", "-c", "user.email=made@up.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *named, *arguments], cwd=root, check=True, capture_output=True)
