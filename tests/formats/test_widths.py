"""Text fits the terminal, and 80 cells where there is none or a wider one: every command, in every language, also its help."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from archive.cli import group
from archive.cli.group import COMMANDS
from archive.formats.terminal import WIDEST, cells
from archive.language.messages import LANGUAGES
from examples import daily
from running import Run, ask_program

WIDTHS = (40, 57, WIDEST)
ASKED = (
    ("search", "forced labour", "--limit", "10"),
    ("search", "hunger", "--camp", "14", "--facets"),
    ("search", "hunger", "--full", "--limit", "3"),
    ("search", "hunger", "--list", "--limit", "12"),
    ("search", "Christians"),
    ("search", "강제노동", "--limit", "4"),
    ("list", "--sort", "witness"),
    ("show", "NKT-0001"),
    ("show", "NKT-0004", "--versions"),
    ("show", "NKT-0001", "--versions"),
    ("show", "NKT-0001#p3", "--parallel"),
    ("show", "NKT-0001", "--language", "ko"),
    ("excerpt", "NKT-0001#p3-4", "NKT-0010#p1"),
    ("witness", "Shin Dong-hyuk"),
    ("compare", "--camp", "14", "--topic", "execution"),
    ("camps",),
    ("camps", "14"),
    ("camps", "--conflicts"),
    ("topics",),
    ("topics", "lice"),
    ("topics", "--words"),
    ("facets",),
    ("stats",),
    ("basket",),
    ("watch",),
    ("verify", "NKT-0001#p4 sha256:0000000000000000"),
)


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """A terminal of that many columns, as far as the program can tell."""
    monkeypatch.setattr(group, "terminal_columns", lambda: request.param)
    monkeypatch.setenv("COLUMNS", str(request.param))
    return int(request.param)


def too_wide(text: str, columns: int) -> Iterator[str]:
    """Yield lines that do not fit, but for what cannot be broken and stands alone, and commands, which are copied whole."""
    for line in text.splitlines():
        alone = len(line.split()) == 1
        if cells(line) > columns and not alone and "testimony " not in line:
            yield line


ANSWERS = [
    (asked, width, language)
    for number, asked in enumerate(ASKED)
    for width, language in daily([*product(WIDTHS, LANGUAGES)], number, 3)
]
"""Every day each question at two widths in two languages, the next one at others."""


@pytest.mark.parametrize(("asked", "width", "language"), ANSWERS, indirect=["width"], ids=str)
def test_every_answer_fits(shipped: Path, width: int, asked: tuple[str, ...], language: str) -> None:
    """At every width, Hangul counted double."""
    ran = ask_program(shipped, *asked, "--lang", language, COLUMNS=str(width))
    assert ran.out
    assert not list(too_wide(ran.out, width))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_help_fits(run: Run, command: str, language: str) -> None:
    """In 80 columns, with examples."""
    ran = run(*filter(None, [command]), "--help", "--lang", language)
    assert ran.code == 0
    assert [line for line in ran.out.splitlines() if cells(line) > WIDEST] == []
    assert "  testimony " in ran.out.partition("Usage")[2] or "  testimony " in ran.out


def test_what_is_too_wide_is_seen() -> None:
    """The control: a line of words is too wide, an address alone is not; Hangul takes two cells."""
    assert list(too_wide("word " * 20, 80))
    assert list(too_wide("가" * 20 + " " + "나" * 20, 80))
    assert not list(too_wide("   https://example.org/" + "a" * 100, 80))
