"""Pandoc as a typesetter: reproducible, without a clock, a file or a network, and clear where it is missing."""

import io
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from archive.documents import pandoc
from archive.documents.pandoc import STYLES, DocumentMetadata, convert
from archive.errors import CannotTypeset, MissingExtra

ITEM = {"id": "NKT-9001-p3", "type": "book", "title": "Made up for a test", "author": [{"literal": "Made-up archive"}]}
PAPER = "# Made up\n\nCoal was dug [@NKT-9001-p3].\n"


def parts(document: bytes) -> dict[str, str]:
    """Return the XML files of a .docx."""
    with zipfile.ZipFile(io.BytesIO(document)) as held:
        return {name: held.read(name).decode() for name in held.namelist() if name.endswith((".xml", ".rels"))}


def test_the_same_document_has_the_same_bytes() -> None:
    """Also a moment later: the only date in it is the one that was given."""
    cover = DocumentMetadata("Made up: 한글 *not* markup", day="2001-02-03")
    first = convert(PAPER, bibliography=[ITEM], cover=cover)
    time.sleep(1.1)  # a .zip counts seconds, two by two
    second = convert(PAPER, bibliography=[ITEM], cover=cover)
    assert first == second
    core = parts(first)["docProps/core.xml"]
    assert "2001-02-03T00:00:00Z" in core
    assert "Made up: 한글 *not* markup" in core
    assert "<dc:creator></dc:creator>" in core


def test_a_document_says_nothing_of_the_machine() -> None:
    """No path, no user, no name of a temporary folder in any part of it."""
    every = "".join(parts(convert(PAPER, bibliography=[ITEM])).values())
    for word in (str(Path.home()), "site-packages", "testimony-", sys.prefix):
        assert word not in every


@pytest.mark.parametrize("style", STYLES)
def test_every_style_sets_a_citation(style: str) -> None:
    """And its title in a note or in the bibliography."""
    page = convert(PAPER, "plain", bibliography=[ITEM], style=style).decode()
    assert "made up for a test" in page.casefold()


def test_no_document_reaches_a_file_or_another_language(tmp_path: Path) -> None:
    """An image of a local file, raw HTML, TeX, a header and a macro are words or nothing."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG made up")
    hostile = f"---\ntitle: forged\n---\n\n![x]({secret})\n\n<script>y</script> \\input{{{secret}}} $z$ `w`{{=html}}\n"
    page = convert(hostile, "html").decode()
    assert "<title>forged" not in page
    assert "<script>y" not in page
    assert "made up" not in page
    assert "&lt;script&gt;y&lt;/script&gt;" in page
    assert "\\input" in page
    assert "$z$" in page
    assert b"made up" not in convert(hostile)


def test_a_missing_pandoc_is_told_with_the_extra_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And missing styles likewise."""
    pandoc.pandoc.cache_clear()
    monkeypatch.setattr(pandoc, "pypandoc", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingExtra, match="pandoc is not installed") as told:
        convert(PAPER)
    assert "requirements/extras.txt" in told.value.remedy
    monkeypatch.setattr(pandoc, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match="styles are not installed") as told:
        pandoc.style_file("apa")
    assert "requirements/extras.txt" in told.value.remedy
    pandoc.pandoc.cache_clear()


def test_a_pandoc_that_hangs_or_fails_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended after its time."""
    monkeypatch.setattr(pandoc, "_SECONDS", 0.000_001)
    with pytest.raises(CannotTypeset, match="did not finish"):
        convert(PAPER)
    monkeypatch.setattr(pandoc, "_SECONDS", 60)
    with pytest.raises(CannotTypeset, match="refused"):
        convert(PAPER, "no-such-format")


def test_no_word_of_a_text_is_an_argument_of_pandoc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments of a process are open to everybody on the machine."""
    seen: list[object] = []
    real = subprocess.run

    def watched(command: list[str], **rest: object) -> object:
        seen.append((command, rest["env"]))
        return real(command, **rest)  # type: ignore[call-overload]

    monkeypatch.setattr(pandoc.subprocess, "run", watched)
    convert("Canary [@NKT-9001-p3].", bibliography=[ITEM], cover=DocumentMetadata("Canary"))
    assert seen
    assert "Canary" not in str(seen)
    assert "Made up" not in str(seen)


def test_east_asian_words_of_a_document_are_korean() -> None:
    """Pandoc's own styles call them Chinese, and Word then sets and checks Hangul so."""
    made = pandoc.convert("요덕 Yodok", "docx")
    with zipfile.ZipFile(io.BytesIO(made)) as held:
        styles, settings = held.read("word/styles.xml"), held.read("word/settings.xml")
        every = b"".join(held.read(name) for name in held.namelist())
    assert b'w:eastAsia="ko-KR"' in styles
    assert b'<w:themeFontLang w:eastAsia="ko-KR"' in settings
    assert b"zh-CN" not in every
