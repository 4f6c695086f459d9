"""A reader of an older generation, whose folder took something back: it is counted and told as if it were gone there too.

Each answer is held against that of the generation that is published afterwards, as whole documents.
"""

import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

import clusters
import made_up
from archive.engine.opensearch.client import Cluster
from cluster_parts import close, delete, file_of, publish, remote, rows, spoil, withdraw
from examples import daily
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


@pytest.fixture(scope="module")
def begun(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Publish a collection, from which nothing was taken back; and the first part of its alias."""
    first = f"t{uuid.uuid4().hex[:12]}"
    root = collection(tmp_path_factory.mktemp("begun") / "c")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TESTIMONY_OPENSEARCH_HOSTS", ",".join(clusters.hosts()))
        patch.setenv("TESTIMONY_OPENSEARCH_ALIAS", first)
        publish(root)
    yield root, first
    clusters.delete_all(cluster, f"{first}-*")


@pytest.fixture
def published(begun: tuple[Path, str], alias: str) -> str:
    """Return the first part of the alias under which all was published; under that of `alias` the next generation is."""
    assert alias
    return begun[1]


@pytest.fixture
def root(begun: tuple[Path, str], tmp_path: Path) -> Path:
    """The folder of the collection, for one test: another copy, as another reader has it."""
    return Path(shutil.copytree(begun[0], tmp_path / "c"))


def collection(root: Path) -> Path:
    """Make a collection whose second record has notes against others, is named by others, and lies between two of them."""

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
        root,
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


def answers(root: Path, asked: Iterable[list[str]] = ASKED, alias: str = "") -> dict[str, tuple[int, str]]:
    """Return every answer as a document, but for the scores, which weigh the words of what was taken back.

    :param alias: the first part of that which is asked, where it is not the test's own.
    """
    found = {}
    other = {"TESTIMONY_OPENSEARCH_ALIAS": alias} if alias else {}
    for command in asked:
        arguments = [*command, *(BY_CODE if command[0] == "search" else ()), "--format", "json"]
        ran = ask_program(root, "--engine", "opensearch", *arguments, **other)
        found[" ".join(arguments)] = ran.code, re.sub(r'"score": [0-9.e-]+', '"score": 0', ran.out)
    return found


def differences(before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]) -> list[str]:
    """Return the questions whose answers differ."""
    return [f"{asked}\n{before[asked]}\n{after[asked]}" for asked in before if before[asked] != after[asked]]


WAYS = (close, delete, withdraw)
ALWAYS = ASKED[:3]
"""What is asked every day of each way to take something back; of the rest each is asked a part."""


@pytest.fixture(scope="module")
def before_that(begun: tuple[Path, str]) -> dict[str, tuple[int, str]]:
    """What was answered as long as nothing was taken back."""
    root, first = begun
    hosts = ",".join(clusters.hosts())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TESTIMONY_OPENSEARCH_HOSTS", hosts)
        return answers(root, ALWAYS, first)


@pytest.mark.parametrize("take_back", WAYS)
def test_what_was_taken_back_is_in_no_count(
    root: Path, published: str, before_that: dict[str, tuple[int, str]], take_back: Callable[[Path, str], None]
) -> None:
    """Flags, facets, totals, levels, notes, references: all are those that the next generation has, before there is one."""
    take_back(root, "NKT-9002")
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch, remote(root, said) as archive:
        patch.setenv("TESTIMONY_OPENSEARCH_ALIAS", published)
        assert archive.search(SECRET).results.passages == 0
    assert any("in no answer and in no count" in line for line in said)
    asked = [*ALWAYS, *daily(ASKED[3:], WAYS.index(take_back), 3)]
    before = answers(root, asked, published)
    publish(root)
    assert not differences(before, answers(root, asked))
    # Else nothing of what others have of it would be asked for here.
    is_changed = [before[asked] != first for asked, first in before_that.items()]
    assert is_changed == [True] * 3


def test_what_cannot_be_read_any_more_is_in_no_count(root: Path, alias: str, before_that: dict[str, tuple[int, str]]) -> None:
    """The same, but for what is in force of it as it was last read; once it is closed, it is told of no more."""
    publish(root)
    spoil(root, "NKT-9002")
    said: list[str] = []
    with remote(root, said) as archive:
        assert archive.search(SECRET).results.passages == 0
    assert any("in no answer and in no count" in line for line in said)
    before = answers(root)
    publish(root)
    assert not differences(before, answers(root))
    assert [before[asked] != first for asked, first in before_that.items()] == [True] * 3
    assert "NKT-9002" in ask_program(root, "--engine", "opensearch", "show", "NKT-9001").out
    delete(root, "NKT-9002")
    before = answers(root)
    assert not [asked for asked, (_, out) in before.items() if "NKT-9002" in out and "NKT-9002" not in asked]
    publish(root)
    assert not differences(before, answers(root))
    assert alias


def test_what_has_changed_with_it_is_left_out_and_said(root: Path, published: str) -> None:
    """Its own words are others here, and what the cluster has of it tells of what was taken back: nothing of it can be told."""
    close(root, "NKT-9002")
    file = file_of(root, "NKT-9003")
    file.write_text(file.read_text().replace("Coal.", "Some coal."))
    older = {"TESTIMONY_OPENSEARCH_ALIAS": published}
    ran = ask_program(root, "--engine", "opensearch", "search", "well", "--format", "json", "--all", **older)
    assert {hit["code"] for hit in json.loads(ran.out)["hits"]} >= {"NKT-9001", "NKT-9004", "NKT-9006"}
    assert "NKT-9003" not in {hit["code"] for hit in json.loads(ran.out)["hits"]}
    assert "1 record is left out until that is published" in ran.err
    publish(root)
    ran = ask_program(root, "--engine", "opensearch", "search", "well", "--format", "json", "--all")
    assert "NKT-9003" in {hit["code"] for hit in json.loads(ran.out)["hits"]}
    assert "left out" not in ran.err
