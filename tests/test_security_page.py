"""The page on security names a test for every defence, and each of them exists and can run."""

import ast
import re

from running import TOP

PAGE = (TOP / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/(?:\w+/)?test_\w+\.py)::(test_\w+)`")


def names_in(path: str) -> set[str]:
    """Return the names of the tests in a file."""
    tree = ast.parse((TOP / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_test_that_the_page_names_is_there() -> None:
    """In the file that it names."""
    named = NAMED.findall(PAGE)
    assert len(named) > 20
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_every_row_of_the_threats_names_one() -> None:
    """A defence without a test is a hope."""
    rows = [line for line in PAGE.partition("## The promises")[0].splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 10
    assert [row[:60] for row in rows if not NAMED.search(row.split(" | ")[-1])] == []


def test_every_suite_of_a_sink_names_its_control() -> None:
    """Where something hostile is written out, the page names what must fail without the sink."""
    for control in ("the_control_for_cells", "the_control_for_markdown", "the_control_for_html", "the_control_for_forging"):
        assert f"test_{control}`" in PAGE
    assert "test_control_the_planted_pickle_runs" in PAGE


def test_every_promise_of_the_readme_names_a_test_that_is_there() -> None:
    """A promise without one is advertising."""
    table = (TOP / "README.md").read_text(encoding="utf-8").partition("| promise | test |")[2].partition("\n\n")[0]
    rows = [line for line in table.splitlines()[2:] if line]
    assert len(rows) > 5
    for row in rows:
        named = re.findall(r"`(tests/(?:\w+/)?test_\w+\.py)`", row)
        assert named, row
        assert all(names_in(path) for path in named), row
