"""The house: floors, doors, and what may not be on the way of a search.

**The architecture.** The Markdown is the record, the index is a finding aid
that may be thrown away, and an excerpt never leaves without its caveats and
its citation. Data goes up: a file becomes a `Testimony` (``reader``), then
numbered `Passage` objects with the notes in force (``passages``), then an
index for a clearance (``engine``), then `Results`, then an `Excerpt`, then a
format. A room imports only rooms on lower floors; modules of one room (a
package) may import each other. A room that is loaded by its name counts as
imported. Each foreign library has one door.

A change that needs a new arrow changes `FLOORS` in plain sight.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loading import among, loaded

HOUSE = Path(__file__).parent.parent / "archive"

FLOORS = (
    ("errors", "filenames", "markup", "period_words", "recent", "stemming", "text", "wordforms"),
    (
        *("analysis", "body", "dates", "gazetteer", "gitkeeping", "glance", "hashing", "installation", "safekeeping"),
        *("typesetting", "vault", "vocabulary"),
    ),
    ("authority", "editing", "folder", "standing", "testimony"),
    ("reach",),
    ("access", "locking", "manifest", "passages", "printed", "quotations", "reader"),
    ("exposure", "holdings", "layout", "printed_list"),
    ("collection", "compiled", "freshness", "mentions", "past", "places"),
    ("citation", "retrieval"),
    ("choosing", "displaced", "evidence", "lifespan", "tidying", "voices"),
    ("binding", "checks", "claims", "corroboration", "engine", "excerpt", "skeleton", "transfer", "verification", "versions"),
    ("annotation", "comparison", "diagnosis", "dossier", "people", "relaxing", "sealing", "upkeep"),
    ("formats", "reading_room"),
    ("cli",),
    ("__main__",),
)

DOORS = {
    "whoosh": "engine stemming",
    "frontmatter": "reader",
    "yaml": "reader",
    "pydantic": "reader",
    "pydantic_core": "reader",
    "click": "cli",
    "edtf": "dates",
    "nh3": "formats",
    "pypandoc": "typesetting",
    "bagit": "transfer",
    "pyrage": "vault",
    "filelock": "locking",
}

_BY_NAME = re.compile(r"(?:archive|click|whoosh)(?:\.[a-z_]+)+")


def room_of(path: Path) -> str:
    """Give the room that a file belongs to."""
    first = path.relative_to(HOUSE).parts[0]
    return first.removesuffix(".py")


def files() -> list[Path]:
    """Give every file of the house but the package's own `__init__`."""
    return sorted(path for path in HOUSE.rglob("*.py") if path != HOUSE / "__init__.py")


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Give every module that a file imports, also by name, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            if node.module == "archive":
                for alias in node.names:
                    yield f"archive.{alias.name}", node.lineno
            else:
                yield node.module or "", node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _BY_NAME.fullmatch(node.value):
            yield node.value, node.lineno


def floor_of(room: str) -> int:
    """Give the floor of a room."""
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def test_every_room_has_a_floor() -> None:
    """No file stands outside the plan, and the plan names no room that is not there."""
    assert {room_of(path) for path in files()} == {room for rooms in FLOORS for room in rooms}


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_room_imports_only_rooms_on_lower_floors(path: Path) -> None:
    """Data goes up, imports go down."""
    own = room_of(path)
    for module, line in imported(path):
        parts = module.split(".")
        if parts[0] != "archive" or len(parts) == 1 or parts[1] in {own, "__version__"}:
            continue
        assert floor_of(parts[1]) < floor_of(own), f"{path.name}:{line}: {own} imports {parts[1]}"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_each_foreign_library_has_one_door(path: Path) -> None:
    """A second door to Whoosh, YAML or Click would be a second place to translate their errors."""
    own = room_of(path)
    for module, line in imported(path):
        top = module.split(".")[0]
        if top in DOORS:
            assert own in DOORS[top].split(), f"{path.name}:{line}: {own} imports {top}"
        else:
            assert top == "archive" or top in sys.stdlib_module_names, f"{path.name}:{line}: {top} has no door"


def test_no_import_hides_inside_a_function() -> None:
    """A knot of imports inside functions is how a house loses its floors."""
    for path in files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    assert not isinstance(node, ast.Import | ast.ImportFrom), f"{path}:{node.lineno}"


SLOW = (
    "pydantic",
    "yaml",
    "edtf",
    "markdown",
    "frontmatter",
    "nh3",
    "rich",
    "pypandoc",
    "archive.reader",
    "archive.dates",
    "archive.typesetting",
)
"""What takes its time and is not needed to read an index."""

NOT_FOR_A_SEARCH = (
    *SLOW,
    "importlib.metadata",
    "dataclasses",
    "subprocess",
    "tempfile",
    "logging",
    "random",
    "decimal",
    "pickle",
    "ssl",
    "urllib.request",
    "difflib",
    "textwrap",
    "click.shell_completion",
    "archive.versions",
    "archive.corroboration",
    "archive.collection",
    "archive.passages",
    "archive.upkeep",
    "archive.past",
    "archive.vault",
    "archive.locking",
    "archive.engine.index",
    "archive.engine.indexer",
    "archive.engine.packed.codec",
    "archive.engine.packed.writer",
    "archive.engine.packed.merging",
)
"""What a search does not need besides."""

OF_WHOOSH = {"whoosh"}
"""All that a search loads of Whoosh: the package above the stemmers."""

OF_STEMMERS = {"_archive_snowball", "_archive_snowball.english", "_archive_snowball.bases"}
"""The stemmer of English alone; see `archive.stemming`."""


@pytest.mark.parametrize("asked", [["camp", "--facets"], ["camp", "--camp", "14"], ["강제노동"]], ids=" ".join)
def test_a_search_on_a_fresh_index_imports_nothing_slow(shipped: Path, asked: list[str]) -> None:
    """`testimony search` imports click, the stemmer and our own rooms; start-up time is a feature."""
    loaded(shipped, "search", *asked)  # makes the index fresh
    modules = loaded(shipped, "search", *asked)
    assert "archive.engine.searcher" in modules
    assert {module for module in modules if module.split(".")[0] == "whoosh"} <= OF_WHOOSH
    assert {module for module in modules if module.startswith("_archive_snowball")} == OF_STEMMERS
    assert not among(modules, NOT_FOR_A_SEARCH)
