"""Entries are added to authority files by a proved line edit; what others keep is taken over, with nothing lost in silence."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_up
from archive.errors import ArchiveError, ConflictingOptions
from archive.keeping import authority_edit
from archive.reader import yaml_nodes
from archive.reader.authorities import read_authorities
from running import Ran, Run, ask_program, talk_to_program

CAMPS = """# Kept as it stands.
types: [{id: camp, label: {en: Camp}, definition: A camp.}]
facilities:
  - id: one
    type: camp   # with a comment
    label: {en: One}
# - id: in-a-comment
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A made-up collection of another subject with one camp."""
    root = made_up.collection(tmp_path / "own", made_up.record(made_up.header("GLG-0001")))
    put(root, camps=CAMPS, collection="name: {en: Made up}\nprefix: GLG\nlanguage: ru\n")
    return root


def put(root: Path, **files: str) -> None:
    """Write authority files."""
    (root / "authorities").mkdir(exist_ok=True)
    for name, content in files.items():
        (root / "authorities" / f"{name}.yaml").write_bytes(content.encode())


def held(root: Path) -> dict[str, bytes]:
    """Return every authority file."""
    return {path.name: path.read_bytes() for path in (root / "authorities").iterdir()}


def done(root: Path, *arguments: str) -> Ran:
    """Run a command that works."""
    ran = ask_program(root, *arguments)
    assert ran.code == 0, ran
    return ran


def test_an_entry_of_each_kind_is_added_and_reads(root: Path) -> None:
    """A work, a camp that it speaks of, a contradiction, a topic and a flag; `check` has nothing against them."""
    done(root, "authority", "add", "work", "a-book", "title=A Made-up Book", "type=book", "author=Nobody, Anna", "issued=2001-05")
    added = ("label=Второй", "label.en=Two", "type=camp", "number=7", "place_names=Нигде", "statements=opened a-book: In 1950.")
    done(root, "authority", "add", "camp", "two", *added)
    sides = ("claims=a-book: It has 1950.", "claims=a-book: It has 1951.")
    done(root, "authority", "add", "conflict", "conf-1", "subject=The year", "facilities=two", "verdict=contested", *sides)
    done(
        root,
        "authority",
        "add",
        "topic",
        "made-up",
        "label.en=Made up",
        "definition=Made up.",
        "also.en=invented",
        "also.en=feigned",
    )
    done(root, "authority", "add", "flag", "odd", "label.en=Odd", "definition=It is odd.", "statement=It is odd.")
    assert done(root, "check").err.endswith("0 faults, 0 warnings\n")
    authorities = read_authorities(root)
    assert authorities.sources["a-book"]["csl"]["issued"] == {"date-parts": [["2001", "5"]]}
    assert authorities.conflicts["conf-1"]["claims"][1] == {"says": "It has 1951.", "cites": [{"ref": "a-book"}]}
    for name in ("Второй", "two", "7", "нигде"):
        assert done(root, "camps", name).out.startswith("two")
    told = done(root, "authority", "check").out
    assert "authorities/camps.yaml" in told
    assert "equivalents.yaml (shipped with the program)" in told


def test_every_other_byte_stays(root: Path) -> None:
    """Comments, styles and order; what was added stands behind the last entry."""
    done(root, "authority", "add", "camp", "two", "label.en=Two", "type=camp")
    lines = CAMPS.splitlines(keepends=True)
    new = '  - id: "two"\n    label: {"en": "Two"}\n    type: "camp"\n    names: [{"text": "Two", "language": "en"}]\n'
    assert held(root)["camps.yaml"].decode() == "".join(lines[:-1]) + new + lines[-1]


FORMS = {
    "block": "topics:\n  - {id: a, label: {en: A}, definition: A.}\n",
    "block without an end": "topics:\n  - id: a\n    label: {en: A}\n    definition: A.",
    "not indented": "topics:\n- id: a\n  label: {en: A}\n  definition: A.\n",
    "a scalar over several lines": "topics:\n  - id: a\n    label: {en: A}\n    definition: |\n      A.\n\n      B.\n",
    "flow": "topics: [{id: a, label: {en: A}, definition: A.}]\n",
    "flow over lines": "topics: [\n  {id: a, label: {en: A}, definition: A.},\n]\n",
    "empty": "topics: []  # none yet\n",
    "crlf": "topics:\r\n  - id: a\r\n    label: {en: A}\r\n    definition: A.\r\n",
    "json": json.dumps({"topics": [{"id": "a", "label": {"en": "A"}, "definition": "A."}]}, indent=1),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_list_in_any_form_is_added_to(root: Path, form: str) -> None:
    """In the style that it has; twice, so that what was added is added to as well."""
    put(root, topics=FORMS[form])
    before = yaml_nodes.load(FORMS[form], "")[0].plain()["topics"]  # type: ignore[union-attr]
    for name in ("new", "newer"):
        done(root, "authority", "add", "topic", name, f"label.en=The {name}", f'definition={name}: it\'s "new" # or not')
    after = yaml_nodes.load(held(root)["topics.yaml"].decode(), "")[0].plain()["topics"]  # type: ignore[union-attr]
    assert [each["id"] for each in after] == [*(each["id"] for each in before), "new", "newer"]
    assert after[-1]["definition"] == 'newer: it\'s "new" # or not'
    assert (b"\r\n" in held(root)["topics.yaml"]) == (form == "crlf")


WRONG = {
    "a field that is none": (("camp", "two", "lable=Two"), "has no field 'lable'; it has label"),
    "no pair": (("camp", "two", "label"), "is not FIELD=VALUE"),
    "an id that is taken": (("camp", "one", "label=One", "type=camp"), "has an entry 'one' already"),
    "an id that is none": (("camp", "two words", "label=Two", "type=camp"), "facilities.2.id"),
    "a field that is missing": (("camp", "two", "label=Two"), "facilities.2.type: is missing"),
    "a work that is not there": (("conflict", "c", "subject=x", "claims=no-book: says."), "names 'no-book'"),
    "a camp that is not there": (("camp", "two", "label=Two", "type=camp", "part_of=three"), "names 'three'"),
    "a date that is none": (("work", "b", "title=B", "type=book", "issued=spring"), "is no date"),
    "a day that is none": (("work", "b", "title=B", "type=book", "issued=2001-02-31"), "sources.yaml"),
    "a side without a work": (("conflict", "c", "subject=x", "claims=It says."), "claims=WORK: what it says"),
    "a field given twice": (("camp", "two", "type=a", "type=b"), "type is given twice"),
    "a word of another topic": (("topic", "frost-new", "label.en=Hunger", "definition=x"), "topics.yaml"),
    "no kind": (("prison", "two", "label=Two"), "takes a kind and an id"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_stand_there_is_refused_and_nothing_is_written(root: Path, wrong: str) -> None:
    """The field and the remedy are named."""
    arguments, told = WRONG[wrong]
    before = held(root)
    ran = ask_program(root, "authority", "add", *arguments)
    assert ran.code in {2, 12}
    assert told in ran.err
    assert held(root) == before


def test_a_collection_without_a_file_of_its_own_keeps_what_was_in_force(run: Run, tmp_path: Path) -> None:
    """The shipped works go on, with one more; the person is told that the file is theirs from now on."""
    made_up.collection(tmp_path, made_up.record(made_up.header("ZZT-0001")))
    before = read_authorities(tmp_path).sources
    ran = ask_program(tmp_path, "authority", "add", "work", "a-book", "title=A Made-up Book", "type=book")
    assert "begins as a copy of the file that comes with the program" in ran.err
    after = read_authorities(tmp_path).sources
    assert list(after) == [*before, "a-book"]
    assert all(after[each] == before[each] for each in before)


def test_a_dry_run_writes_nothing(root: Path) -> None:
    """It shows the lines."""
    before = held(root)
    ran = done(root, "authority", "add", "camp", "two", "label.en=Two", "type=camp", "--dry-run")
    assert '- id: "two"' in ran.out
    assert held(root) == before


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_person_writes_is_what_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, label: str, definition: str
) -> None:
    """No sign of YAML in a value does anything."""
    root = tmp_path_factory.mktemp("any")
    (root / "testimonies").mkdir()
    put(root, topics=FORMS["not indented"], camps="facilities: []\n")
    try:
        authority_edit.add(root, "topic", "b", [f"label={label}", f"definition={definition}"])
    except ArchiveError:
        assert held(root)["topics.yaml"].decode() == FORMS["not indented"]
        return
    term = list(read_authorities(root).vocabulary.terms("topic"))[-1]
    assert (term.label["en"], term.definition) == (" ".join(label.split()), " ".join(definition.split()))


WORKS: list[dict[str, Any]] = [
    {
        "id": "http://zotero.org/users/1/items/AAAA",
        "type": "book",
        "title": "Made-up Camps",
        "author": [{"family": "Nobody", "given": "Anna"}, {"family": "Beek", "non-dropping-particle": "van"}],
        "issued": {"date-parts": [[1999, 5]]},
        "accessed": {"date-parts": [[2020, 1, 1]]},
        "number-of-pages": 300,
    },
    {"id": 7, "citation-key": "second", "type": "report", "title": "Второй", "author": [{"literal": "Committee"}]},
    {"id": "c", "type": "webpage", "title": "Third, made up", "issued": {"raw": "last year"}},
]


def test_works_from_zotero_are_shown_first_and_then_added(root: Path) -> None:
    """Without a terminal they wait for --yes; what has no place here is told; a second time nothing is new."""
    file = root.parent / "works.json"
    file.write_text(json.dumps(WORKS), encoding="utf-8")
    before = held(root)
    shown = done(root, "authority", "import", str(file))
    assert held(root) == before
    assert "--yes adds them" in shown.err
    assert "1 work has accessed" in shown.err
    assert "1 work has issued" in shown.err
    done(root, "authority", "import", str(file), "--yes")
    sources = read_authorities(root).sources
    assert list(sources) == ["nobody-1999", "second", "third-made-up"]
    assert sources["nobody-1999"]["csl"]["author"] == [{"family": "Nobody", "given": "Anna"}, {"family": "van Beek"}]
    assert sources["nobody-1999"]["csl"]["number-of-pages"] == "300"
    after = held(root)
    again = done(root, "authority", "import", str(file), "--yes")
    assert held(root) == after
    assert again.err.count("is there already, the same") == 3
    file.write_text(json.dumps([{**WORKS[1], "title": "Another"}]), encoding="utf-8")
    assert ask_program(root, "authority", "import", str(file), "--yes").code == 2
    assert held(root) == after, "nothing is written over"


def test_places_of_geonames_are_camps_by_all_their_names(root: Path) -> None:
    """With their position and their number there."""
    row = ["1490", "Воркута", "Vorkuta", "Workuta,Воркутa-2", "67.49", "64.06", *["x"] * 13]
    (root.parent / "RU.txt").write_text("\t".join(row) + "\n", encoding="utf-8")
    done(root, "authority", "import", str(root.parent / "RU.txt"), "--yes")
    for name in ("Воркута", "vorkuta", "Workuta"):
        assert done(root, "camps", name).out.startswith("vorkuta")
    facility = read_authorities(root).data("camps")["facilities"][-1]
    assert facility["identifiers"] == {"geonames": "1490"}
    assert facility["coordinates"][0]["latitude"] == "67.49"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_has_a_row_for_each_entry(root: Path, separator: str) -> None:
    """Its columns are the fields of `add`; a cell may hold several values."""
    rows = [
        ["id", "label.en", "label.ru", "names.ru", "number"],
        ["two", '"Two"', "Второй", "Дубль|Пара", "2"],
        ["three", "Three", "", "", ""],
    ]
    file = root.parent / "camps.csv"
    file.write_text("\r\n".join(separator.join(row) for row in rows), encoding="utf-8-sig")
    assert ask_program(root, "authority", "import", str(file), "--yes").code == 2, "of what, is not said"
    done(root, "authority", "import", str(file), "--as", "camp", "--yes")
    for name in ("Two", "второй", "Дубль", "Пара", "2"):
        assert done(root, "camps", name).out.startswith("two")
    assert done(root, "camps", "three").out.startswith("three")


BAD = {
    "no-table.csv": ("id\n", "label"),
    "short.csv": ("id,label\nx\n", "has more or fewer cells"),
    "no-id.csv": ("name,label\nx,y\n", "has no column `id`"),
    "field.csv": ("id,colour\nx,red\n", "has no field 'colour'"),
    "works.json": ('[{"type": "book"}]', "has no title"),
    "no.json": ("[{", "is no JSON"),
    "none.json": ('{"a": 1}', "is no list of works"),
    "missing.csv": (None, "cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_taken_over_is_told_with_its_line(root: Path, name: str) -> None:
    """And nothing of it is written."""
    content, told = BAD[name]
    before = held(root)
    if content is not None:
        (root.parent / name).write_text(content, encoding="utf-8")
    ran = ask_program(root, "authority", "import", str(root.parent / name), "--as", "camp", "--yes")
    if name != "no-table.csv":
        assert ran.code == 12
        assert told in ran.err
    assert held(root) == before


def test_the_control_an_edit_that_would_change_more_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the lines put in at the wrong place, the file would read differently, and is not written."""
    before = held(root)
    monkeypatch.setattr(authority_edit, "_end", lambda *_: 0)
    with pytest.raises((ArchiveError, ConflictingOptions)):
        authority_edit.add(root, "camp", "two", ["label=Two", "type=camp"])
    assert held(root) == before


def test_a_person_is_added_to_the_register_and_to_nothing_that_readers_see(root: Path, run: Run) -> None:
    """By initials, with name and role; `check` then names whom it does not know, and no answer has the name."""
    done(root, "authority", "add", "person", "ak", "name=ZQXNAME", "role=editor")
    assert "ak" in (root / "authorities" / "people.yaml").read_text(encoding="utf-8")
    assert ask_program(root, "authority", "add", "person", "ak", "name=Another").code == 2
    assert ask_program(root, "authority", "add", "person", "bo", "colour=red").code == 2
    done(root, "authority", "add", "person", "bo", "name=B. Keeper")
    listed = done(root, "authority", "check").out
    assert "authorities/people.yaml" in listed
    assert "2 entries" in listed
    put_note = made_up.note("n1", "caution", by="cy")
    made_up.put(root, made_up.record(made_up.header("GLG-0002", credibility={"notes": [put_note]})))
    assert "'cy' is not in people.yaml" in ask_program(root, "check").out
    for command in (["search", "made"], ["show", "GLG-0002"], ["log"], ["log", "GLG-0002"], ["list", "--format", "json"]):
        assert "ZQXNAME" not in ask_program(root, *command).out


def test_a_register_that_is_damaged_is_not_added_to(root: Path) -> None:
    """It is told, and left as it is."""
    file = root / "authorities" / "people.yaml"
    file.write_text("people: none\n", encoding="utf-8")
    assert ask_program(root, "authority", "add", "person", "ak", "name=A").code != 0
    assert file.read_text(encoding="utf-8") == "people: none\n"


SKOS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/a> a skos:Concept ; skos:prefLabel "Made-up mining"@en ; skos:definition "Made up."@en .
"""


@pytest.mark.parametrize("kind", ["skos", "csv"])
def test_every_import_shows_what_it_would_write_before_it_does(root: Path, kind: str) -> None:
    """One rule for a table and a thesaurus: shown without a terminal, asked at one, written with --yes, never after a no."""
    file = root.parent / ("topics.ttl" if kind == "skos" else "works.csv")
    file.write_text(SKOS if kind == "skos" else "id,title,type\nmade-up-mining,A Book,book\n", encoding="utf-8")
    asked = ("authority", "import", str(file), *(() if kind == "skos" else ("--as", "work")))
    before = sorted((root / "authorities").iterdir())
    for ran in (ask_program(root, *asked), ask_program(root, *asked, "--dry-run"), talk_to_program(root, *asked, typed="n\n")):
        assert "made-up-mining" in ran.out
        assert sorted((root / "authorities").iterdir()) == before
    assert "--yes" in ask_program(root, *asked).err
    assert ask_program(root, *asked, "--yes").code == 0
    assert sorted((root / "authorities").iterdir()) != before
