"""The house: floors, doors, and what may not be on the way of a search.

**The architecture.** The Markdown is the record, the index is a finding aid
that may be thrown away, and an excerpt never leaves without its caveats and
its citation. Data goes up: a file becomes a `Testimony` (``reader``), the
records that a clearance may see a `CollectionShape`, their numbered `Passage`
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
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import drawing
from archive.cli import group
from house import FLOORS, MOST_MODULES, NOT_FOR_A_SEARCH, OF_STEMMERS, OF_WHOOSH
from loading import among, loaded
from slow import LONGEST, SLOW

TOP = Path(__file__).parent.parent
HOUSE = TOP / "archive"

DOORS = {
    "whoosh": ("engine.whoosh", "analysis.stemming"),
    "whoosh.lang": ("analysis",),
    "frontmatter": ("reader",),
    "yaml": ("reader",),
    "pydantic": ("reader", "assistant"),
    "pydantic_core": ("reader",),
    "click": ("cli",),
    "edtf": ("record.dates",),
    "nh3": ("formats",),
    "markdown": ("formats._emphasis",),
    "pypandoc": ("documents",),
    "bagit": ("keeping.bag",),
    "pyrage": ("storage.encryption",),
    "rdflib": ("documents.rdf",),
    "pypdfium2": ("documents._pdf",),
    "pypdf": ("documents._pdf",),
    "olefile": ("documents._hangul_file",),
    "jinja2": ("documents._template",),
    "typst": ("documents._typesetting",),
    "subprocess": ("storage.git", "storage.editor", "storage.signing", "documents"),
    "opensearchpy": ("engine.opensearch.client",),
    "multiprocessing": ("engine.whoosh.worker_pool",),
    "numpy": ("engine.whoosh.segment._arrays",),
    "fcntl": ("system",),
    "filelock": ("storage.lock",),
    "flask": ("web",),
    "waitress": ("web",),
    "mcp": ("assistant",),
}
"""Who may import a library: a folder, or a module. Git is run by `storage.git` alone, through
subprocess, the editor of a person by `storage.editor`, and what signs by `storage.signing`."""

ENGINES = ("whoosh", "opensearch", "browser")
FAMILIES = ("text", "data", "markdown", "html", "bibliography", "document", "pictures", "pages")
FRONTS = ("cli", "web", "assistant")
MOST_FOLDERS = 20
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
    return module


def room_of(module: str) -> str:
    """Return the room that a module belongs to."""
    return placed(module).split(".")[0]


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> tuple[tuple[str, int], ...]:
    """Return every module that a file imports, also by name and for types alone, with the line."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree_of(path)):
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


def every_file(rule: Callable[[str], None]) -> Callable[[], None]:
    """Hold every module to a rule in one test that names each that breaks it; one for each took ten times as long."""

    def held() -> None:
        broken = []
        for module in MODULES:
            try:
                rule(module)
            except AssertionError as error:
                broken.append(f"{module}: {error}")
        assert not broken, "\n".join(broken)

    held.__name__, held.__doc__ = rule.__name__, rule.__doc__
    return held


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
        if room_of(other) != own:
            assert floor_of(room_of(other)) < floor_of(own), f"{module}:{line}: {own} imports {room_of(other)}"


def test_no_module_imports_itself_by_way_of_others() -> None:
    """A circle of modules is one module in pieces."""
    graph = {module: {other for other, _ in own_imports(path)} - {module} for module, path in MODULES.items()}
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
    """The registry alone names the families, to load a writer by its name; and what holds a document against all of them."""
    parts = [*placed(module).split("."), ""]
    if parts[0] == "formats" and placed(module) not in {"formats.registry", "formats.reprints", "formats._expected_parts"}:
        for other, line in own_imports(MODULES[module]):
            reached = [*placed(other).split("."), ""]
            if reached[0] == "formats" and reached[1] in FAMILIES:
                assert reached[1] == parts[1], f"{module}:{line}: imports {other}"


@every_file
def test_each_foreign_library_has_one_door(module: str) -> None:
    """A second door to Whoosh, YAML or Click would be a second place to translate their errors."""
    own = f"{placed(module)}."
    for library, line in imported(MODULES[module]):
        top = library.split(".")[0]
        door = DOORS.get(".".join(library.split(".")[:2]), DOORS.get(top))
        if door:
            assert own.startswith(tuple(f"{each}." for each in door)), f"{module}:{line}: imports {library}"
        else:
            assert door or top == "archive" or top in sys.stdlib_module_names, f"{module}:{line}: {top} has no door"


def test_no_import_hides_inside_a_function() -> None:
    """A knot of imports inside functions is how a house loses its floors."""
    for path in files():
        tree = tree_of(path)
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    assert not isinstance(node, ast.Import | ast.ImportFrom), f"{path}:{node.lineno}"


ROOMS = sorted(path for path in HOUSE.rglob("__init__.py") if path.parent != HOUSE)


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.parent.relative_to(HOUSE)))
def test_a_door_of_a_room_is_three_sentences(path: Path) -> None:
    """What lives there, what may be touched, what it must never do; a list of imports would load what a search does not need."""
    tree = tree_of(path)
    told = ast.get_docstring(tree) or ""
    assert len(tree.body) == 1, "more than a docstring"
    assert "\n\nTouch it where" in told
    assert "must never" in told
    for name in re.findall(r"`([\w./]+)`", told):
        dotted = name.removeprefix("archive.").rstrip("/").replace(".", "/")
        places = [folder / dotted for folder in (path.parent, HOUSE)]
        is_there = any(place.is_dir() or place.with_suffix(".py").exists() for place in places)
        assert is_there or name in {"Archive", "testimony", "FORMAT"}, name


def test_the_top_level_is_seen_at_one_look() -> None:
    """At most twenty folders, and beside them the ground floor, the façade and the way in."""
    folders = {path.name for path in HOUSE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert len(folders) <= MOST_FOLDERS
    assert {path.name for path in HOUSE.glob("*.py")} == {
        "__init__.py",
        "__main__.py",
        "archive.py",
        "errors.py",
        "named_tuple.py",
        "system.py",
        "text.py",
    }


@every_file
def test_what_is_private_is_used_in_its_own_module_or_room(module: str) -> None:
    """A module that begins with an underscore is its room's own, and a name that does is its module's own."""
    for other, line in own_imports(MODULES[module]):
        room, _, name = other.rpartition(".")
        assert not name.startswith("_") or f"{module}.".startswith(f"{room}."), f"{module}:{line}: {other} is {room}'s own"
    for node in ast.walk(tree_of(MODULES[module])):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("archive"):
            for alias in node.names:
                is_module = f"{node.module}.{alias.name}".removeprefix("archive.") in MODULES
                is_public = not alias.name.startswith("_") or alias.name.startswith("__")
                assert is_module or is_public, f"{module}:{node.lineno}: {alias.name} is the own of {node.module}"


def test_a_module_that_no_other_room_imports_begins_with_an_underscore() -> None:
    """What a reader sees without one is a room's door to others; commands are the doors to people, loaded by their names.

    By one door other tools read an index, as docs/architecture.md says.
    """
    importers: dict[str, set[str]] = {module: set() for module in MODULES}
    for module, path in MODULES.items():
        for other, _ in own_imports(path):
            importers[other].add(module)
    commands = {module.removeprefix("archive.") for module in group.COMMANDS.values()}
    doors = {*commands, "engine.whoosh.whoosh_reader"}
    assert doors <= set(MODULES)
    for module, path in MODULES.items():
        room, _, name = module.rpartition(".")
        if room and path.name != "__init__.py" and module not in doors:
            is_own = all(importer.startswith(f"{room}.") for importer in importers[module])
            assert is_own == name.startswith("_"), f"{module} is imported by {sorted(importers[module])}"


def test_there_are_modules_that_are_the_own_of_a_room() -> None:
    """The control of the test above: there are such modules, and the rooms' doors are not among them."""
    own = [module for module in MODULES if module.rpartition(".")[2].startswith("_") and module != "__main__"]
    assert len(own) > 40
    assert "indexing.session" not in own


@every_file
def test_a_front_uses_the_archive_and_the_formats_alone(module: str) -> None:
    """What a command does by itself, a page in a browser would have to do a second time."""
    own = room_of(module)
    if own in FRONTS:
        for other, line in own_imports(MODULES[module]):
            shared = {own, "archive", "formats", "errors", "language", "named_tuple", "system", "text"}
            shared |= {*FRONTS} if own == "cli" else set()  # a command starts the others, by name
            allowed = room_of(other) in shared or placed(other) in VALUE_TYPES
            assert allowed, f"{module}:{line}: imports {other}"


def test_a_module_that_is_imported_under_another_name_still_says_which_it_is() -> None:
    """Who reads `plans.build_plan` must find `_plan.py` in one guess: another name has a word of the module's or its folder's."""
    sources = [*files(), *sorted((TOP / "tests").rglob("*.py"))]
    imports = (node for path in sources for node in ast.walk(tree_of(path)) if isinstance(node, ast.ImportFrom))
    for module, alias in ((node.module or "", alias) for node in imports for alias in node.names if alias.asname):
        if f"{module}.{alias.name}".removeprefix("archive.") in MODULES:
            words = [*alias.name.strip("_").split("_"), *module.split(".")[1:][-1:]]
            assert any(word[:-1] in str(alias.asname) for word in words), f"{module}.{alias.name} as {alias.asname}"


def test_a_name_stands_for_one_class() -> None:
    """Who reads `BibliographyEntry` must not have to ask whose."""
    names = Counter(node.name for path in files() for node in tree_of(path).body if isinstance(node, ast.ClassDef))
    assert {name for name, times in names.items() if times > 1} == set()


_PARTICIPLES = frozenset(
    [
        *("bought", "brought", "built", "caught", "chosen", "drawn", "found", "given", "held", "hidden", "kept", "known", "laid"),
        *("left", "lost", "made", "met", "overtaken", "said", "seen", "sent", "shown", "spoken", "taken", "thrown", "told"),
        *("worn", "written"),
    ]
)
_NO_PARTICIPLES = frozenset({"embed", "exceed", "feed", "heed", "need", "proceed", "seed", "speed"})
_JOINED_TO = frozenset(
    [
        "again",
        "apart",
        "as",
        "aside",
        "at",
        "away",
        "back",
        "before",
        "by",
        "from",
        "in",
        "into",
        "of",
        "on",
        "out",
        "over",
        *("since", "to", "up"),
    ]
)
_OF_THE_INTERFACE = frozenset(
    {
        "archive.Archive.written",
        "keeping.keeper.Keeper.laid_out",
        "keeping.keeper.Keeper.lost_by_sealing",
        "keeping.record_editor.RecordEditor.drafted",
        "authority.gazetteer.Facility.named",
        "authority.gazetteer.Facility.accepted",
        "authority.vocabulary.Term.named",
        "authority.vocabulary.Vocabulary.said",
    }
)
"""Names that programs of others use."""


def named_by_what_was_done(tree: ast.AST, owner: str) -> Iterator[str]:
    """Yield the functions below a node that are called by a participle, as ``told``, ``left_out``; a property may be."""
    for node in ast.iter_child_nodes(tree):
        name = f"{owner}.{node.name}" if isinstance(node, ast.ClassDef | ast.FunctionDef) else owner
        if isinstance(node, ast.FunctionDef) and not any("property" in ast.unparse(each) for each in node.decorator_list):
            first, *rest = node.name.strip("_").split("_")
            is_participle = first in _PARTICIPLES or (first.endswith("ed") and first not in _NO_PARTICIPLES)
            if is_participle and (not rest or rest[0] in _JOINED_TO):
                yield name
        yield from named_by_what_was_done(node, name)


@pytest.mark.parametrize("module", MODULES)
def test_a_function_is_called_by_what_it_does(module: str) -> None:
    """A verb in the present, or what it returns: who reads ``told(note)`` does not know what will happen."""
    assert set(named_by_what_was_done(tree_of(MODULES[module]), module)) <= _OF_THE_INTERFACE


def test_the_control_a_participle_is_seen() -> None:
    """Also with a preposition, and in a class or a function."""
    source = "def told(): ...\nclass A:\n    def left_out(self): ...\n    def read(self):\n        def joined(): ..."
    assert [*named_by_what_was_done(ast.parse(source), "m")] == ["m.told", "m.A.left_out", "m.A.read.joined"]


VALUE_TYPES = {
    "record.testimony",
    "search.model",
    "search.filters",
    "citing.excerpt",
}
"""The rooms' value types, which every front may name."""


@pytest.mark.parametrize("asked", [["camp", "--facets"], ["hunger", "--camp", "14"], ["강제노동"]], ids=" ".join)
def test_a_search_on_a_fresh_index_imports_nothing_slow(shipped: Path, asked: list[str]) -> None:
    """`testimony search` imports click, the stemmer and our own rooms; start-up time is a feature."""
    loaded(shipped, "search", *asked)  # makes the index fresh
    modules = loaded(shipped, "search", *asked)
    assert "archive.engine.whoosh.searcher" in modules
    assert {module for module in modules if module.split(".")[0] == "whoosh"} <= OF_WHOOSH
    assert {module for module in modules if module.startswith("_archive_snowball")} == OF_STEMMERS
    assert not among(modules, NOT_FOR_A_SEARCH)
    assert sum(module.split(".")[0] == "archive" for module in modules) <= MOST_MODULES
    for module in modules & {f"archive.{name}" for name in MODULES}:
        path = MODULES[module.removeprefix("archive.")]
        assert not set(compiled_at_once(path)), f"{module}: use `archive.text.regex`"
        assert module == "archive.named_tuple" or "NamedTuple" not in taken_from_typing(path), f"{module}: `archive.named_tuple`"


def taken_from_typing(path: Path) -> set[str]:
    """Return the names that a file imports from `typing`."""
    nodes = (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ImportFrom) and node.module == "typing")
    return {alias.name for node in nodes for alias in node.names}


def compiled_at_once(path: Path) -> Iterator[int]:
    """Yield the lines in which a file compiles a regular expression when it is imported, whether it is used or not."""
    for node in tree_of(path).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) and "re.compile(" in ast.unparse(node):
            yield node.lineno


def test_what_is_compiled_at_once_is_seen() -> None:
    """The control of the test above: modules that no search loads may do so."""
    assert any(set(compiled_at_once(path)) for path in MODULES.values())


def test_the_drawing_of_the_rooms_is_that_of_the_code() -> None:
    """Bring it up to date by `python tests/support/drawing.py`."""
    assert drawing.drawing() in drawing.PAGE.read_text(encoding="utf-8")


PLACES = {
    "what a date means": "archive/record/dates.py",
    "the caveats of a hit": "archive/record/passages.py",
    "the bytes of a posting list": "archive/engine/whoosh/segment/_segment_files.py",
    "the wording of an error": "archive/errors.py",
    "the spelling of a camp": "archive/authority/data/camps.yaml",
    "the order of results": "archive/engine/whoosh/_ranking.py",
    "the lock": "archive/storage/lock.py",
    "a cell of a table in CSV or Excel": "archive/formats/_cells.py",
    "who may read what, and how it is redacted": "archive/access/redaction.py",
    "when an index is fresh": "archive/storage/freshness.py",
}
"""Ten lines that a newcomer may look for, and the first place that the page names for each."""


def test_a_newcomer_is_told_where_ten_lines_are() -> None:
    """And every path that the page names is there."""
    page = drawing.PAGE.read_text(encoding="utf-8")
    for path in re.findall(r"`(archive/[\w./]+)`", page):
        assert (TOP / path).exists(), path
    rows = {
        line.split("|")[1].strip(): re.findall(r"`([^`]+)`", line.split("|")[2]) for line in page.splitlines() if line[:1] == "|"
    }
    assert {what: rows[what][0] for what in PLACES} == PLACES


def test_what_takes_long_is_said_with_what_it_proves() -> None:
    """Each slow suite is there, and the page for those who change the code names it."""
    page = (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name, proves in SLOW.items():
        path, _, test = name.partition("::")
        assert f"def {test}" in (TOP / path).read_text(encoding="utf-8")
        assert f"| `{name}` | {proves} |" in page
    assert [path for path in LONGEST if not (TOP / path).exists()] == []
