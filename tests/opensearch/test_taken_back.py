"""A reader of an older generation, whose folder took something back: it is counted and told as if it were gone there too.

Each answer is held against that of the generation that is published afterwards, as whole documents.
"""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import made_up
from cluster_parts import close, delete, file_of, publish, remote, rows, spoil, withdraw
from running import ask_program

SECRET = "zqxvoleum"  # noqa: S105 - no password
CLAIMS = [
    {
        "id": "c1",
        "text": "went hungry",
        "paragraphs": ["1"],
        "camps": ["kwalliso-14"],
        "status": "asserted",
        "topics": ["hunger"],
    },
    {"id": "c2", "text": "was beaten", "paragraphs": ["2"], "camps": [], "status": "rejected", "topics": ["torture"]},
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A collection in which the second record holds notes against others, is named by others, and lies between two of them."""

    def note(name: str, flag: str, *links: str) -> dict[str, object]:
        return made_up.note(name, flag, **({"with": list(links)} if links else {}))

    def relies(*on: str) -> list[dict[str, object]]:
        return [{"type": "relies-on", "code": code} for code in on]

    closing = [
        note("n1", "lead-only", "NKT-9001#p1", "NKT-9006"),
        note("n2", "contradicted", "NKT-9001", "NKT-9003#p1"),
        made_up.note("n3", "caution", known="2001"),
    ]
    credibility = {"notes": closing}
    own = {"notes": [note("n1", "caution")]}
    naming = {"notes": [note("n1", "contradicted", "NKT-9002#p1", "NKT-9006")]}
    return made_up.collection(
        tmp_path / "c",
        rows("NKT-9001", "The first made-up word of a well.", "A second one, a fence.", claims=CLAIMS, topics=["hunger"]),
        rows("NKT-9002", f"The well was called {SECRET}.", "A fence.", credibility=credibility, relations=relies("NKT-9005")),
        rows("NKT-9003", "A well, a third time; a fence.", "Coal.", relations=relies("NKT-9002"), credibility=naming),
        rows("NKT-9004", "A well of coal.", "Nothing.", relations=relies("NKT-9003")),
        rows("NKT-9005", "A fence and coal.", credibility=own, claims=CLAIMS[:1]),
        rows("NKT-9006", "A mine and a well.", claims=CLAIMS[:1]),
        rows("NKT-9007", "A mine, coal, a fence.", credibility=own),
        *(rows(f"NKT-91{number:02}", f"A fence and number {number}.", "A well of others.") for number in range(4)),
    )


ASKED = (
    ["facets"],
    *(["search", "--flag", flag, "--facets"] for flag in ("lead-only", "contradicted", "caution")),
    ["search", "well OR coal", "--without-flag", "contradicted", "--facets"],
    ["search", "flag:contradicted well"],
    ["search", "well", "--as-of", "2005", "--flag", "caution"],
    ["search", "hunger", "--facets"],
    ["search", "well fence", "--together", "--facets"],
    ["search", SECRET],
    ["search", f"{SECRET[:-1]}n~"],
    ["search", "well", "--since", "2024"],
    *(["show", code] for code in ("NKT-9001", "NKT-9002", "NKT-9003", "NKT-9006")),
    ["cite", "NKT-9001#p1"],
    ["list"],
    ["stats"],
    ["compare", "well"],
)
BY_CODE = ["--sort", "code", "--limit", "100"]


def answers(root: Path, asked: Iterable[list[str]] = ASKED) -> dict[str, tuple[int, str]]:
    """Return every answer as a document, but for the scores, which weigh the words of what was taken back."""
    found = {}
    for command in asked:
        arguments = [*command, *(BY_CODE if command[0] == "search" else ()), "--format", "json"]
        ran = ask_program(root, "--engine", "opensearch", *arguments)
        found[" ".join(arguments)] = ran.code, re.sub(r'"score": [0-9.e-]+', '"score": 0', ran.out)
    return found


def differences(before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]) -> list[str]:
    """Return the questions whose answers differ."""
    return [f"{asked}\n{before[asked]}\n{after[asked]}" for asked in before if before[asked] != after[asked]]


@pytest.mark.parametrize("take_back", [close, delete, withdraw, spoil])
def test_what_was_taken_back_is_in_no_count(root: Path, alias: str, take_back: Callable[[Path, str], None]) -> None:
    """Flags, facets, totals, levels, notes, references: all are those that the next generation has, before there is one."""
    publish(root)
    first = answers(root, ASKED[:3])
    take_back(root, "NKT-9002")
    said: list[str] = []
    with remote(root, said) as archive:
        assert archive.search(SECRET).results.passages == 0
    assert any("in no answer and in no count" in line for line in said)
    before = answers(root)
    publish(root)
    assert not differences(before, answers(root))
    # Else nothing of what others have of it would be asked for here.
    is_changed = [before[asked] != first[asked] for asked in first]
    assert is_changed == [True] * 3
    assert alias


def test_what_has_changed_with_it_is_left_out_and_said(root: Path, alias: str) -> None:
    """Its own words are others here, and what the cluster has of it tells of what was taken back: nothing of it can be told."""
    publish(root)
    close(root, "NKT-9002")
    file = file_of(root, "NKT-9003")
    file.write_text(file.read_text().replace("Coal.", "Some coal."))
    ran = ask_program(root, "--engine", "opensearch", "search", "well", "--format", "json", "--all")
    assert {hit["code"] for hit in json.loads(ran.out)["hits"]} >= {"NKT-9001", "NKT-9004", "NKT-9006"}
    assert "NKT-9003" not in {hit["code"] for hit in json.loads(ran.out)["hits"]}
    assert "1 record is left out until that is published" in ran.err
    publish(root)
    ran = ask_program(root, "--engine", "opensearch", "search", "well", "--format", "json", "--all")
    assert "NKT-9003" in {hit["code"] for hit in json.loads(ran.out)["hits"]}
    assert "left out" not in ran.err
    assert alias


def test_one_that_could_not_be_read_and_is_closed_now_is_told_of_no_more(root: Path, alias: str) -> None:
    """Its caveats were in force as it was last read; those are gone with it."""
    publish(root)
    spoil(root, "NKT-9002")
    publish(root)
    assert "NKT-9002" in ask_program(root, "--engine", "opensearch", "show", "NKT-9001").out
    delete(root, "NKT-9002")
    before = answers(root)
    assert not [asked for asked, (_, out) in before.items() if "NKT-9002" in out and "NKT-9002" not in asked]
    publish(root)
    assert not differences(before, answers(root))
    assert alias
