"""Contradictions that a document tells have no hash: `verify` says in every form that their words are not compared."""

import json
from pathlib import Path

import pytest

from running import TOP, ask_program

CAMP = ("--camp", "18", "--topic", "forced-labour")
WORDS = ("forced labour", "--camp", "18")


@pytest.mark.parametrize("form", ["md", "html", "docx", "odt"])
def test_a_dossier(tmp_path: Path, form: str) -> None:
    """Each contradiction of it is named, and no other."""
    file = tmp_path / f"dossier.{form}"
    assert ask_program(TOP, "dossier", *WORDS, "--output", str(file)).code == 0
    said = ask_program(TOP, "verify", str(file), "--format", "json")
    (told,) = json.loads(said.out)["not_compared"]
    assert told == {"document": str(file), "contradictions": ["conf-025", "conf-077"]}
    assert "conf-025 and conf-077, the tables and the works" in ask_program(TOP, "verify", str(file)).out


@pytest.mark.parametrize("form", ["text", "markdown", "json", "xlsx"])
def test_a_comparison(tmp_path: Path, form: str) -> None:
    """Likewise."""
    file = tmp_path / f"compared.{form}"
    given = ("--output", str(file)) if form == "xlsx" else ()
    ran = ask_program(TOP, "compare", *CAMP, "--format", form, *given)
    assert ran.code == 0
    if not given:
        file.write_text(ran.out, encoding="utf-8")
    (told,) = json.loads(ask_program(TOP, "verify", str(file), "--format", "json").out)["not_compared"]
    assert told["contradictions"] == ["conf-025", "conf-077"]


def test_a_document_that_only_names_one_is_not_told_so(tmp_path: Path) -> None:
    """A caveat rests on them: it is compared, and its document tells none."""
    file = tmp_path / "found.txt"
    ran = ask_program(TOP, "search", *WORDS)
    assert "conf-025" in ran.out
    file.write_text(ran.out, encoding="utf-8")
    assert json.loads(ask_program(TOP, "verify", str(file), "--format", "json").out)["not_compared"] == []
