"""What the program prints for a question, once for all tests, and what `verify` says of a document."""

from pathlib import Path

import pytest

from archive.documents import pandoc, reading
from archive.documents.model import as_lines
from running import ask_program

PRINTED: dict[tuple[Path, *tuple[str, ...]], str] = {}


def output(root: Path, question: tuple[str, ...], folder: Path) -> str:
    """Return what is printed, once for all examples; a word processor's file as the text that `verify` makes of it."""
    kept = (root, *question)
    if kept not in PRINTED:
        if "docx" in question:
            pytest.importorskip("pypandoc")
            pandoc.pandoc()
            file = folder / f"dossier-{len(PRINTED)}.docx"
            assert ask_program(root, *[str(file) if each == "-" else each for each in question]).code == 0
            PRINTED[kept] = _saved_as_text(as_lines(reading.read(file.read_bytes(), file.name)).text)
        else:
            ran = ask_program(root, *question)
            assert ran.code == 0, ran.err
            PRINTED[kept] = ran.out
    return PRINTED[kept]


def _saved_as_text(words: str) -> str:
    """Leave out what a table is described as, for who hears it: a word processor that saves a text does the same."""
    blocks = words.split("\n\n")
    rows = [" · ".join(block.split(" | ")) for block in blocks[1:]]
    kept = [
        block
        for block, row in zip(blocks, [*rows, ""], strict=True)
        if " · " not in row or not block.endswith(row) or block == row
    ]
    return "\n\n".join(kept)


def verified(root: Path, document: str, folder: Path) -> tuple[int, str]:
    """Verify a document and give the exit code with what was said."""
    file = folder / "document.txt"
    file.write_text(document, encoding="utf-8")
    ran = ask_program(root, "verify", str(file))
    return ran.code, ran.out + ran.err
