"""What a person reads is marked to be looked up: no sentence stays English because somebody forgot."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from running import TOP

HOUSE = TOP / "archive"

WRITTEN_FOR_OTHERS = {
    "assistant": "what programs read",
    "engine/whoosh/segment": "names of the parts of an index, in the message that it is damaged",
    "engine/whoosh/file_storage.py": "the same",
    "formats/bibliography": "what programs read, and citations in styles that have their own language",
    "formats/data": "what programs read",
    "formats/html": "documents, which are the same in every language",
    "formats/markdown": "the same",
    "formats/pages/heads.py": "what programs read in the head of a page",
    "formats/_descriptions.py": "documents, which are the same in every language",
    "formats/_html_sink.py": "the same, and what goes wrong in the program where one is written",
    "formats/dossier_content.py": "the same",
    "formats/reprints.py": "the same, held against documents",
    "citing/_printed_list.py": "what is read in documents",
    "keeping/_new_record.py": "the file of a record",
    "keeping/_copies.py": "commands",
    "keeping/importing/mapping.py": "the file of a mapping",
    "keeping/importing/_record.py": "the file of a record",
    "keeping/importing/alignment.py": "the history of a record",
    "keeping/importing/_merging.py": "the history of a record",
    "keeping/_yaml_layout.py": "the same",
    "publishing/_feed.py": "XML; what people read in it is marked all the same",
    "storage/git.py": "commands",
    "language": "the catalogues themselves",
}
"""Where words are for a program, a document or a file, and why they are not looked up."""

LEFT = {
    "module {} has no attribute {}": "said to a programmer, as Python says it",
    "Expected {} arguments, got {}": "the same",
    "Got unexpected field names: {}": "the same",
    "Alias for field number {}": "the same",
    "Testimony archive": "the name of an archive that has none, as citations have it",
    "# public key: {}\n{}\n": "stands in a file, as other programs write it",
    "   testimony rebind {} --note {} --to p6 --read HASH": "a command",
    "Records and authorities as readers of the clearance {} have them. To be cited with their caveats.": "stands in a bag",
    "A part of the collection: {} of {} records.": "stands in a bag",
    "Quote no passage without its caveats and its citation.": "stands in an export",
    "a source or a contradiction": "a key of what is marked above it",
    "a query has at least one reading": "a fault of the program, of which only name and place are told",
    "# Topics, taken over from {}. See docs/record-format.md for what stands here.\ntopics:\n": "stands in a file",
    "how many ": "words of a query",
    "recorded by": "a key",
    "read through": "a key",
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:comments xmlns:w="{}">': "XML",
    '<w:comment xmlns:w="{}" w:id="{}" w:author={} w:initials={}>{}</w:comment>': "XML",
    '<Relationship xmlns="{}relationships" Id="checked{}" Type="{}" Target="{}"/>': "XML",
    '<Override xmlns="{}content-types" PartName="/{}" ContentType="{}"/>': "XML",
    "flags of caveats": "a key of what was compared",
}
"""Templates that stay as they are, with the reason."""

_LOOKED_UP = {"tr", "tr_count", "mark", "mark_message", "translate", "translate_count", "count_of"}
_NO_WORDS = {
    *("compile", "import_module", "getattr", "TypeVar", "option", "argument", "command", "examples", "AssertionError"),
    *("search", "match", "fullmatch", "sub", "split", "field_validator"),
}
_COMMAND = re.compile(r"`?testimony (?:--|[a-z]+)")
_SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:]? [a-z]{2,}")


def template(node: ast.JoinedStr | ast.Constant) -> str:
    """Return a text with an empty place for each value."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)


def _above(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[tuple[ast.AST, ast.AST]]:
    while node in parents:
        yield parents[node], node
        node = parents[node]


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""


def is_for_a_person(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Return whether a text may be shown: it stands in a function, and is no key, pattern, docstring or marked message."""
    inside = False
    if isinstance(parents.get(node), ast.Expr | ast.JoinedStr):
        return False
    for above, below in _above(node, parents):
        if isinstance(above, ast.Call) and below is not above.func and _called(above) in _LOOKED_UP | _NO_WORDS:
            return False
        if isinstance(above, ast.Compare | ast.Set) or (isinstance(above, ast.Subscript) and below is above.slice):
            return False
        if isinstance(above, ast.Dict) and below in above.keys:
            return False
        if isinstance(above, ast.FunctionDef):
            if below in above.decorator_list or below is above.args or below is above.returns:
                return False
            inside = True
    return inside


@cache
def unmarked(source: str) -> tuple[tuple[int, str], ...]:
    """Return each sentence of a source that nothing looks up, with its line."""
    return tuple(_unmarked(source))


def _unmarked(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if (isinstance(node, ast.Constant) and isinstance(node.value, str)) or isinstance(node, ast.JoinedStr):
            text = template(node)
            if _SENTENCE.search(text) and not _COMMAND.match(text) and is_for_a_person(node, parents):
                yield node.lineno, text


def sources() -> list[Path]:
    """Return the files whose words a person reads."""
    every = sorted(HOUSE.rglob("*.py"))
    return [each for each in every if not each.relative_to(HOUSE).as_posix().startswith(tuple(WRITTEN_FOR_OTHERS))]


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_every_sentence_is_marked(path: Path) -> None:
    """Write `tr("…", name=value)`, then run `python tools/catalogue.py` and translate."""
    found = [(line, text) for line, text in unmarked(path.read_text(encoding="utf-8")) if text not in LEFT]
    assert not found


def test_what_is_left_as_it_is_is_still_there() -> None:
    """A reason outlives nothing."""
    texts = {text for path in sources() for _, text in unmarked(path.read_text(encoding="utf-8"))}
    assert set(LEFT) <= texts
    assert all((HOUSE / each).exists() for each in WRITTEN_FOR_OTHERS)


def test_a_sentence_that_nobody_marked_is_seen() -> None:
    """The control."""
    found = list(unmarked('def f(name):\n    """A docstring of words."""\n    raise Wrong(f"there is no {name} here")\n'))
    assert found == [(3, "there is no {} here")]
    assert not list(unmarked('def f(name):\n    raise Wrong(tr("there is no {name} here", name=name))\n'))
    assert not list(unmarked('KEYS = "some words here"\n'))
