"""Authorities of one's own replace those that come with the program: file by file, and what hangs on them with them."""

import json
from pathlib import Path

import pytest

import made_up
from archive.authority.authorities import Authorities, shipped_folder
from archive.errors import InvalidAuthorities
from archive.reader import read
from archive.reader.authorities import files_in_force, shipped_facilities
from running import ask_program

CAMPS = "facilities:\n  - {id: glagol-1, type: camp, label: {en: Glagol 1}}\n"


def own(root: Path, **files: str) -> Path:
    """Write authority files of a collection."""
    (root / "authorities").mkdir(exist_ok=True, parents=True)
    for name, content in files.items():
        (root / "authorities" / f"{name}.yaml").write_text(content, encoding="utf-8")
    return root


def test_the_ids_that_are_found_by_a_glance_are_those_of_the_gazetteer(tmp_path: Path) -> None:
    """Reading the whole file takes long, and every start would pay it."""
    assert shipped_facilities() == {each["id"] for each in read.read_authorities(tmp_path).data("camps")["facilities"]}


def test_other_facilities_leave_no_work_and_no_contradiction_of_the_shipped_ones(tmp_path: Path) -> None:
    """A collection of another subject has nothing of the camps of North Korea."""
    authorities = read.read_authorities(own(tmp_path, camps=CAMPS))
    assert (dict(authorities.sources), dict(authorities.conflicts)) == ({}, {})
    assert authorities.vocabulary.terms("topic")
    ran = ask_program(made_up.collection(tmp_path, made_up.record(made_up.header("ZZT-0001"))), "camps", "--conflicts")
    assert ran.out == "0 contradictions.\n"


def test_a_gazetteer_that_was_copied_and_added_to_keeps_them(tmp_path: Path) -> None:
    """The way of older collections goes on."""
    copied = (shipped_folder() / "camps.yaml").read_text(encoding="utf-8")
    added = copied.rstrip("\n") + "\n  - {id: new-one, type: kwalliso, label: {en: New}}\n"
    authorities = read.read_authorities(own(tmp_path, camps=added))
    as_shipped: Authorities = read.read_authorities(tmp_path / "elsewhere")
    assert authorities.sources == as_shipped.sources
    assert authorities.conflicts == as_shipped.conflicts


def test_own_works_beside_the_shipped_gazetteer_are_told_once_as_what_they_miss(tmp_path: Path) -> None:
    """Not a line for each of two hundred works, and the file is named as shipped, since nobody can mend it."""
    own(tmp_path, sources="sources: []\n")
    with pytest.raises(InvalidAuthorities) as refused:
        read.read_authorities(tmp_path)
    assert [fault.path for fault in refused.value.faults] == [
        "camps.yaml (shipped with the program)",
        "conflicts.yaml (shipped with the program)",
    ]
    assert "sources.yaml" not in str(refused.value)
    assert "copying the shipped file" in str(refused.value)


def test_own_files_are_named_as_own(tmp_path: Path) -> None:
    """The control of the test above: their faults have a place in which to mend them."""
    own(tmp_path, camps=CAMPS.replace("}}", "}, part_of: nowhere}"))
    with pytest.raises(InvalidAuthorities) as refused:
        read.read_authorities(tmp_path)
    assert [fault.path for fault in refused.value.faults] == ["authorities/camps.yaml"]


def test_a_bag_holds_what_is_in_force_and_reads_the_same(tmp_path: Path) -> None:
    """Whoever unpacks it has no work of another subject."""
    root = made_up.collection(own(tmp_path / "own", camps=CAMPS), made_up.record(made_up.header("ZZT-0001")))
    assert ask_program(root, "bag", "--output", str(tmp_path / "bag")).code == 0
    unpacked = tmp_path / "bag" / "data"
    assert (unpacked / "authorities" / "sources.yaml").read_text() == "sources: []\n"
    assert json.dumps(dict(read.read_authorities(unpacked).conflicts)) == "{}"
    assert files_in_force(unpacked).keys() == files_in_force(tmp_path).keys()
