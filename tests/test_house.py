"""The house: floors, doors, and what may not be on the way of a search.

**The architecture.** The Markdown is the record, the index is a finding aid
that may be thrown away, and an excerpt never leaves without its caveats and
its citation. Data goes up: a file becomes a `Testimony` (``reader``), the
records that a clearance may see a `Collection`, their numbered `Passage`
objects with the notes in force an index (``engine``), a `Query` (``search``)
`Results`, a `Hit` an `Excerpt` (``citing``), and that a format. A room imports
only rooms on lower floors; modules of one room may import each other, in no
circle. A module that is loaded by its name counts as imported. Each foreign
library has one door. What only one room may use begins with an underscore.

A change that needs a new arrow changes `FLOORS` in plain sight.
"""

import ast
import graphlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from house import FLOORS, NOT_FOR_A_SEARCH, OF_STEMMERS, OF_WHOOSH
from loading import among, loaded

TOP = Path(__file__).parent.parent
HOUSE = TOP / "archive"

DOORS = {
    "whoosh": ("engine.whoosh", "analysis.stemming"),
    "whoosh.lang": ("analysis",),
    "frontmatter": ("reader",),
    "yaml": ("reader",),
    "pydantic": ("reader",),
    "pydantic_core": ("reader",),
    "click": ("cli",),
    "edtf": ("record.dates",),
    "nh3": ("formats",),
    "pypandoc": ("documents",),
    "bagit": ("keeping.bag",),
    "pyrage": ("storage.encryption",),
    "subprocess": ("storage.git", "documents"),
    "multiprocessing": ("engine.whoosh.worker_pool",),
    "fcntl": ("storage",),
    "filelock": ("storage.lock",),
}
"""Who may import a library: a folder, or a module. Git is run by `storage.git` alone, through subprocess."""

ENGINES = ("whoosh", "opensearch")
FAMILIES = ("text", "data", "markdown", "html", "bibliography", "document", "pictures", "pages")
FRONTS = ("cli", "web", "assistant")
MOST_FOLDERS = 20

TO_MOVE = {}
"""Where the modules go that have not moved yet."""

STILL_WRONG: set[tuple[str, str]] = set()
"""Arrows that are taken out before the move is done."""

OTHER_DOORS: set[str] = set()
"""Modules that still have a door of their own."""
_BY_NAME = re.compile(r"(?:archive|click|whoosh)(?:\.[a-z_]+)+")


def files() -> list[Path]:
    """Return every file of the house but the package's own `__init__`."""
    return sorted(path for path in HOUSE.rglob("*.py") if path != HOUSE / "__init__.py")


def named(path: Path) -> str:
    """Return the dotted name of a file below the package, without ``archive.``."""
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {named(path): path for path in files()}


def placed(module: str) -> str:
    """Return a module's name by rooms."""
    return TO_MOVE.get(module, module)


def room_of(module: str) -> str:
    """Return the room that a module belongs to."""
    return placed(module).split(".")[0]


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every module that a file imports, also by name and for types alone, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                yield (
                    (
                        below
                        if below.removeprefix("archive.") in MODULES or node.module in {"archive", "whoosh"}
                        else str(node.module)
                    ),
                    node.lineno,
                )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _BY_NAME.fullmatch(node.value):
            yield node.value, node.lineno


def own_imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the modules of ours that a file imports, without ``archive.``, with the line."""
    for module, line in imported(path):
        name = module.removeprefix("archive.")
        if module.startswith("archive.") and name in MODULES:
            yield name, line


def floor_of(room: str) -> int:
    """Return the floor of a room."""
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


every_file = pytest.mark.parametrize("module", MODULES)


def test_every_room_has_a_floor() -> None:
    """No file stands outside the plan; run this file with ``-s`` to read the plan."""
    rooms = {room_of(module) for module in MODULES}
    for number, floor in reversed(list(enumerate(FLOORS))):
        print(f"{number:>2}  {'  '.join(room for room in floor if room in rooms)}")  # noqa: T201 - the page a newcomer reads
    assert rooms <= {room for floor in FLOORS for room in floor}


@every_file
def test_a_room_imports_only_rooms_on_lower_floors(module: str) -> None:
    """Data goes up, imports go down."""
    own = room_of(module)
    for other, line in own_imports(MODULES[module]):
        if room_of(other) != own and (placed(module), placed(other)) not in STILL_WRONG:
            assert floor_of(room_of(other)) < floor_of(own), f"{module}:{line}: {own} imports {room_of(other)}"


def test_no_module_imports_itself_by_way_of_others() -> None:
    """A circle of modules is one module in pieces."""
    graph = {module: {other for other, _ in own_imports(path)} - {module} for module, path in MODULES.items()}
    for above, below in STILL_WRONG:
        graph.get(next((each for each in graph if placed(each) == above), above), set()).difference_update(
            each for each in MODULES if placed(each) == below
        )
    tuple(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


@every_file
def test_engines_do_not_know_each_other_and_what_they_share_knows_none(module: str) -> None:
    """A second engine stands beside the first."""
    parts = placed(module).split(".")
    if parts[0] == "engine":
        own = parts[1] if parts[1:] and parts[1] in ENGINES else ""
        for other, line in own_imports(MODULES[module]):
            reached = [*placed(other).split("."), ""]
            assert reached[0] != "engine" or reached[1] not in {*ENGINES} - {own}, f"{module}:{line}: imports {other}"


@every_file
def test_a_family_of_formats_imports_what_all_share_alone(module: str) -> None:
    """The registry alone names the families, to load a writer by the name of its format."""
    parts = [*placed(module).split("."), ""]
    if parts[0] == "formats" and placed(module) != "formats.registry":
        for other, line in own_imports(MODULES[module]):
            reached = [*placed(other).split("."), ""]
            if reached[0] == "formats" and reached[1] in FAMILIES and (placed(module), placed(other)) not in STILL_WRONG:
                assert reached[1] == parts[1], f"{module}:{line}: imports {other}"


@every_file
def test_each_foreign_library_has_one_door(module: str) -> None:
    """A second door to Whoosh, YAML or Click would be a second place to translate their errors."""
    own = f"{placed(module)}."
    for library, line in imported(MODULES[module]):
        top = library.split(".")[0]
        door = DOORS.get(".".join(library.split(".")[:2]), DOORS.get(top))
        if door and placed(module) not in OTHER_DOORS:
            assert own.startswith(tuple(f"{each}." for each in door)), f"{module}:{line}: imports {library}"
        else:
            assert door or top == "archive" or top in sys.stdlib_module_names, f"{module}:{line}: {top} has no door"


def test_no_import_hides_inside_a_function() -> None:
    """A knot of imports inside functions is how a house loses its floors."""
    for path in files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    assert not isinstance(node, ast.Import | ast.ImportFrom), f"{path}:{node.lineno}"


@pytest.mark.parametrize("asked", [["camp", "--facets"], ["camp", "--camp", "14"], ["강제노동"]], ids=" ".join)
def test_a_search_on_a_fresh_index_imports_nothing_slow(shipped: Path, asked: list[str]) -> None:
    """`testimony search` imports click, the stemmer and our own rooms; start-up time is a feature."""
    loaded(shipped, "search", *asked)  # makes the index fresh
    modules = loaded(shipped, "search", *asked)
    assert "archive.engine.whoosh.searcher" in modules
    assert {module for module in modules if module.split(".")[0] == "whoosh"} <= OF_WHOOSH
    assert {module for module in modules if module.startswith("_archive_snowball")} == OF_STEMMERS
    assert not among(modules, NOT_FOR_A_SEARCH)
