"""The copy of the authorities beside an index: what was written is read, entry by entry, and nothing else is believed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.authority import _copy as copies
from archive.authority.authorities import NAMES, PARTS, Authorities
from archive.errors import DamagedIndex
from archive.reader import read
from archive.search.labels import plain_data

KEYS = st.text(st.characters(codec="utf-8"), max_size=12)
ENTRIES = st.dictionaries(KEYS, st.lists(st.text(max_size=8), max_size=3), max_size=40)


@given(ENTRIES, ENTRIES, KEYS)
def test_a_table_is_read_as_it_was_written(entries: dict[str, list[str]], others: dict[str, list[str]], key: str) -> None:
    """Each entry by its key, all of them in their order, and none that is not there; also signs that JSON escapes."""
    copy = copies.AuthorityCopy(copies.CopyWriter().to_bytes({"part": {"a": 1}}, {"one": entries, "two": others}))
    table = copy.table("one")
    assert dict(table.items()) == entries
    assert list(table) == list(entries)
    assert len(table) == len(entries)
    assert (key in table) == (key in entries)
    assert table.get(key) == entries.get(key)
    assert copy.part("part") == {"a": 1}


@given(st.lists(KEYS, unique=True, min_size=1, max_size=20))
def test_a_list_of_entries_is_a_list_again(ids: list[str]) -> None:
    """In its order; a list in which two have one id, or one has none, too."""
    entries = [{"id": each, "n": len(each)} for each in ids]
    part = {"every": entries, "twice": [*entries, entries[0]], "none": [*entries, {"n": 1}], "empty": [], "text": "x"}
    copy = copies.AuthorityCopy(copies.CopyWriter().to_bytes({"part": part, "lists": {"every": entries, "empty": []}}, {}))
    assert copy.part("part") == part
    assert "part/every" in copy
    assert "part/twice" not in copy
    assert {name: list(table) for name, table in copy.lists("lists").items()} == {"every": ids, "empty": []}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    """The authorities that come with the program."""
    return read.read_authorities(tmp_path_factory.mktemp("none"))


def test_all_authorities_come_back(whole: Authorities) -> None:
    """Every part as it was, and what is looked up in the copy is what is looked up in the whole."""
    labels = whole.labels(plain_data)
    copy = Authorities.from_copy(whole.as_copy(labels))
    assert {part: copy.data(part) for part in PARTS} == {part: whole.data(part) for part in PARTS}
    kept = copy.labels(plain_data)
    assert json.loads(json.dumps(labels)) == {
        name: dict(kept[name]) if isinstance(labels[name], dict) else kept[name] for name in kept
    }
    assert copy.gazetteer.rules() == whole.gazetteer.rules()
    assert list(copy.gazetteer) == list(whole.gazetteer)
    assert list(copy.vocabulary.lists()) == list(whole.vocabulary.lists())
    for name in whole.vocabulary.lists():
        assert list(copy.vocabulary.terms(name)) == list(whole.vocabulary.terms(name))
    assert dict(copy.sources) == dict(whole.sources)
    assert dict(copy.conflicts) == dict(whole.conflicts)
    assert copy.as_copy(labels) == whole.as_copy(labels)


@given(st.data())
def test_a_copy_that_differs_in_a_byte_is_damage(data: st.DataObject) -> None:
    """Any byte, also one cut off at the end."""
    content = copies.CopyWriter().to_bytes({"part": {"a": [{"id": "x"}]}}, {"t": {"k": ["v"]}})
    assert copies.AuthorityCopy(content).table("t")["k"] == ["v"]
    at = data.draw(st.integers(0, len(content) - 1))
    spoiled = bytes([content[at] ^ data.draw(st.integers(1, 255))])
    for changed in (content[:at] + spoiled + content[at + 1 :], content[:at]):
        with pytest.raises(DamagedIndex):
            copies.AuthorityCopy(changed)


def test_there_are_tables_of_names_and_labels(whole: Authorities) -> None:
    """The control of the tests above: what a search looks up is in tables."""
    copy = copies.AuthorityCopy(whole.as_copy(whole.labels(plain_data)))
    assert all(name in copy for name in (f"{NAMES}/folded", f"{NAMES}/joined", "labels/labels", "camps/facilities"))
