"""The drawing of the rooms in docs/architecture.md, made from the code: run this file to bring the page up to date."""

import ast
import graphlib
import re
import sys
from pathlib import Path

from house import FLOORS

TOP = Path(__file__).parent.parent.parent
PAGE = TOP / "docs" / "architecture.md"
_LEFT_OUT = {
    "errors",
    "language",
    "named_tuple",
    "system",
    "text",
    "__main__",
}  # everybody imports the ground floor, and nobody the way in
_BY_NAME = re.compile(r"archive(?:\.[a-z_]+)+")
_BLOCK = re.compile(r"```{mermaid}\n.*?```\n|```mermaid\n.*?```\n", re.DOTALL)


def arrows() -> dict[str, set[str]]:
    """Return for each room the rooms that it imports, for types and by name too."""
    found: dict[str, set[str]] = {}
    for path in sorted((TOP / "archive").rglob("*.py")):
        own = path.relative_to(TOP / "archive").parts[0].removesuffix(".py")
        if own in _LEFT_OUT or own == "__init__":
            continue
        reached = found.setdefault(own, set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "archive":
                reached.update(alias.name for alias in node.names if not alias.name.startswith("__"))
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("archive."):
                reached.add(str(node.module).split(".")[1])
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _BY_NAME.fullmatch(node.value):
                reached.add(node.value.split(".")[1])
        reached -= {own, *_LEFT_OUT}
    return found


def needed(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the arrows that no other way gives."""
    below: dict[str, set[str]] = {}
    for room in graphlib.TopologicalSorter(graph).static_order():
        below[room] = set(graph.get(room, ())).union(*(below[other] for other in graph.get(room, ())))
    return {room: reached - set().union(*(below[other] for other in reached)) for room, reached in graph.items()}


def drawing() -> str:
    """Return the drawing as a Mermaid graph, the highest floor first."""
    graph = needed(arrows())
    rooms = [room for floor in reversed(FLOORS) for room in floor if room in graph]
    lines = [f"    {room} --> {other}" for room in rooms for other in rooms if other in graph[room]]
    return "\n".join(["```mermaid", "graph TD", *lines, "```", ""])


def main() -> int:
    """Write the drawing into the page."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_BLOCK.sub(lambda _: drawing(), text, count=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
