"""Contradictions that a document tells without a mark: `verify` says of which the words are not those of the archive."""

import json
import re
from pathlib import Path

import pytest

from running import ask_program


def left(root: Path, file: Path) -> list[str]:
    """Return the contradictions that are told otherwise."""
    value = json.loads(ask_program(root, "verify", str(file), "--format", "json").out)
    return [name for each in value["not_compared"] for name in each["contradictions"]]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_without_marks_each_is_held_against_the_archive(gates: Path, tmp_path: Path, form: str, language: str) -> None:
    """As in what was printed before there were marks: as the archive has it, or told by its id."""
    printed = ask_program(gates, "--lang", language, "compare", "--camp", "18", "--format", form).out
    file = tmp_path / "compared.txt"
    unmarked = re.sub(r"\S+: \w+:[0-9]+:[0-9a-f]{8}", "", printed)
    file.write_text(unmarked, encoding="utf-8")
    assert left(gates, file) == []
    for altered, name in (("four metres", "conf-002"), ("rebuilt", "conf-001")):
        assert len(re.findall(altered.replace(" ", r"\s+"), unmarked)) == 1
        file.write_text(re.sub(altered.replace(" ", r"\s+"), "never", unmarked), encoding="utf-8")
        assert left(gates, file) == [name]
        said = " ".join(ask_program(gates, "verify", str(file)).out.split())
        assert f"the words of {name} were not compared" in said


def test_a_document_that_only_names_one_is_not_told_so(gates: Path, tmp_path: Path) -> None:
    """A caveat rests on it: it is compared, and its document tells none."""
    file = tmp_path / "found.txt"
    ran = ask_program(gates, "search", "coal", "--camp", "18")
    assert "conf-001" in ran.out
    file.write_text(ran.out, encoding="utf-8")
    assert json.loads(ask_program(gates, "verify", str(file), "--format", "json").out)["not_compared"] == []
