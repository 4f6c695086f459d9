"""The JSON Schema of a record, as an editor uses it: on YAML 1.2, where a year is a number."""

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

import made_up
from archive.errors import InvalidTestimony
from archive.reader import read as reader
from archive.reader._header import json_schema, version_json_schema
from archive.storage.record_files import language_of
from examples import examples
from running import TOP

RECORDS = sorted((TOP / "testimonies").glob("*.md"))
HELD = reader.read_authorities(TOP)
VALIDATOR = Draft202012Validator(json_schema(HELD))
OF_VERSIONS = Draft202012Validator(version_json_schema(HELD))


def as_an_editor_reads(written: str) -> Any:
    """Read a header as YAML 1.2 has it: numbers, booleans, nothing; days stay text."""
    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.yaml_constructors.pop("tag:yaml.org,2002:timestamp", None)
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))
    return yaml.load(written.split("---\n")[1])


def complaints(written: str, validator: Draft202012Validator = VALIDATOR) -> list[str]:
    """Give the diagnostics of an editor."""
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(as_an_editor_reads(written))]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem[:8])
def test_the_schema_takes_every_record_that_is_shipped(path: Path) -> None:
    """It had two complaints of each `information: 3`, and one of each year."""
    validator = OF_VERSIONS if language_of(path.name) else VALIDATOR
    assert complaints(path.read_text(encoding="utf-8"), validator) == []


def test_the_schema_of_a_version_takes_what_it_may_have_and_no_more() -> None:
    """One pair alone, several, a gap, hashes; a key of the record is a diagnostic."""
    for changes in (
        {},
        {"pairs": [[3, 4], [3]]},
        {"pairs": [[[3, 4], [3]], [[7], []]]},
        {"cites": [{"ref": "x", "locator": "3"}]},
    ):
        assert complaints(made_up.version("NKT-9001", "ko", "x", **changes), OF_VERSIONS) == []
    assert complaints(made_up.version("NKT-9001", "ko", "x", access={"level": "public"}), OF_VERSIONS)
    assert complaints(made_up.version("NKT-9001", "ko", "x", pairs=[[1]]), OF_VERSIONS)


def test_the_schema_is_one() -> None:
    """By the rules of JSON Schema itself."""
    Draft202012Validator.check_schema(json_schema(HELD))
    Draft202012Validator.check_schema(version_json_schema(HELD))


_PLAIN = st.sampled_from(["1", "2015", "true", "null", "1.5", "0x1F", "1e3", "0999", "~", "no", "A word"])


@examples(75)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "title": _PLAIN,
            "recorded: {date": st.sampled_from(["2015", "1996-05", "0999", "XXXX"]),
            "period": st.sampled_from(["1996", "199X", "1990/1995", "'1996'"]),
            "schema": st.sampled_from(["1", "'1'"]),
            "witness": _PLAIN,
            "id": st.sampled_from(["1", "n1", "true", "1.5", "1e3", "'7'"]),
            "statement": _PLAIN,
            "paragraph": st.sampled_from(["1", "'1'"]),
            "information": st.sampled_from(["1", "'6'", "3"]),
            "sha256": st.sampled_from(["1234567890123456", "'12345678901234ab'", "12345678901234e5", "1" * 64]),
            "locator": _PLAIN,
            "issued": st.sampled_from(["2015", "'2015'"]),
        },
    )
)
def test_what_the_reader_takes_the_schema_takes(drawn: dict[str, str]) -> None:
    """With and without quotation marks, whatever an editor makes of it."""
    of = {
        "title": "x", "recorded: {date": "2001", "period": "1996", "schema": "1", "witness": "x", "id": "n1", "statement": "x",
        "paragraph": "1", "information": "3", "sha256": "", "locator": "x", "issued": "2015",
    } | drawn  # fmt: skip
    bound = f", sha256: [{of['sha256']}]" if of["sha256"] else ""
    written = f"""---
schema: {of["schema"]}
code: NKT-9001
title: {of["title"]}
kind: testimony
language: en
text: {{rendering: summary}}
witness: {{name: {of["witness"]}, name_kind: pseudonym, connection: victim}}
camps: []
period: {of["period"]}
recorded: {{date: {of["recorded: {date"]}}}
source: {{csl: {{type: report, title: {of["title"]}, volume: {of["locator"]}, issued: {{date-parts: [[{of["issued"]}]]}}}}}}
consent: {{status: given}}
access: {{level: public}}
credibility:
  notes:
    - id: {of["id"]}
      flag: caution
      status: open
      about: {{paragraphs: [{of["paragraph"]}]{bound}}}
      statement: {of["statement"]}
      by: {of["title"]}
      date: 2001-02-03
      information: {of["information"]}
---
A zebra.
"""
    with contextlib.suppress(InvalidTestimony):
        reader.read(written.encode(), "testimonies/NKT-9001-x.md", HELD)
        assert complaints(written) == []


@pytest.mark.parametrize(
    ("was", "wrong"),
    [
        ('kind: "testimony"', "kind: testimonial"),
        ('title: "Made up for a test"', "title: [1]"),
        ("schema: 1", "schema: 2"),
        ('recorded: {"date": "2001"}', "recorded: {date: 20.5}"),
        ('language: "en"', "language: 7"),
        ('code: "NKT-9001"', "code: 9001"),
        ('access: {"level": "public"}', "access: {level: true}"),
    ],
)
def test_a_wrong_kind_is_one_complaint(was: str, wrong: str) -> None:
    """An editor underlines once."""
    written = made_up.record(made_up.header("NKT-9001", title="Made up for a test"), "A zebra.")
    assert complaints(written) == []
    assert was in written
    assert len(complaints(written.replace(was, wrong, 1))) == 1


def test_the_control_for_what_is_drawn() -> None:
    """What is held against the schema above must be read: the plain form of it is."""
    read = reader.read(
        made_up.record(made_up.header("NKT-9001", title="2015"), "A zebra.").encode(), "testimonies/NKT-9001-x.md", HELD
    )
    assert read.title == "2015"
