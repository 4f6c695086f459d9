"""Redaction tags stand in bodies alone: anywhere else, or in another shape, they would hide nothing."""

import json
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

import made_up
from archive.authority.authorities import Authorities
from archive.errors import InvalidAuthorities, InvalidTestimony
from archive.reader import read
from archive.reader._authority_schema import FILES
from archive.reader._header import Header, keys
from archive.record import paragraphs
from running import Run

SHAPES = [
    "<an>Made Up</an>",
    "&lt;an&gt;Made Up&lt;/an&gt;",
    "&LT;AN&GT;Made Up",
    "&#60;res&#62;Made Up",
    "&#x3C;res&#x3e;Made Up",
    "&amp;lt;an&amp;gt;Made Up",
    "&lt an &gt Made Up",
    "[an]Made Up[/an]",
    "[AN]Made Up[ /an ]",
    "[res]Made Up",
    "{res}Made Up{/res}",
    "［an］Made Up［／an］",
    "\\<an\\>Made Up\\</an\\>",
    "%3Can%3EMade Up",
    "＜an＞Made Up＜/an＞",
    "〈an〉Made Up〈/an〉",
    "<res",
    "<an/>",
    "< an >Made Up",
    "<a\u200bn>Made Up",
    "&lang;an&rang;Made Up",
    "&LessThan;an&GreaterThan;Made Up",
    "&nvlt;an&gt;Made Up",
    "&#x27E8;an&#10217;Made Up",
    "\\u003can\\u003eMade Up",
    "\\x3Cres\\x3EMade Up",
    "=3Can=3EMade Up",
    "﹤an﹥Made Up",
    "\u2329an\u232aMade Up",
    "<\u0430n>Made Up",
    "<r\u0435\u0455>Made Up",
    "Made Up«/an»",
    '<an class="x">Made Up',
]
PLAIN = [
    "He saw [an] officer of the guard.",
    "He was called <name redacted>, AT&T, and 1 < 2 > 0.",
    "[sic] [rest] {an} &amp; &lt;an unnamed guard&gt; 100%",
    "https://example.org/a?b=c&lt=1&gt=2",
    "Les années: «an», ⟦00:01:02⟧",
    "a=3candy, x3c, C:\\x3can, in the language <anno 1990> of R&Langley",
]


@pytest.mark.parametrize("written", SHAPES)
def test_what_may_be_meant_for_a_tag_is_seen_in_every_shape(written: str) -> None:
    """As entities, escaped, in square brackets, in full width; in a body what is no well-formed tag is a fault."""
    assert paragraphs.has_anything_like_a_tag(f"It was {written} there.")
    if written != SHAPES[0]:
        assert list(paragraphs.faults(f"It was {written} there.\n"))


@pytest.mark.parametrize("written", PLAIN)
def test_what_people_write_is_no_tag(written: str) -> None:
    """The control: a word that an editor adds in square brackets, a redaction by the source, other signs."""
    assert not paragraphs.has_anything_like_a_tag(written)
    assert not list(paragraphs.faults(written + "\n"))


def test_a_row_of_escapes_takes_no_stack() -> None:
    """However many there are."""
    assert not paragraphs.has_anything_like_a_tag("\\" * 50_000 + "&amp;" * 50_000 + "lt;x")
    assert paragraphs.has_anything_like_a_tag("\\" * 50_000 + "<an>")


def filled(kind: Any, word: str) -> Any:
    """Return data with a text in every field of a type, whether it would be a good value there or not."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        found = {field.alias or name: filled(field.annotation, word) for name, field in kind.model_fields.items()}
        return found | ({"any": word} if kind.model_config.get("extra") == "allow" else {})
    inner = [each for each in get_args(kind) if each is not type(None)]
    if get_origin(kind) is list:
        return [filled(inner[0], word)]
    if get_origin(kind) is dict:
        return {"any": filled(inner[1], word)}
    models = [each for each in inner if isinstance(each, type) and issubclass(each, BaseModel)]
    return filled(models[0], word) if models else word


def places(data: Any, where: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the place of every text, numbers counted from 1."""
    if isinstance(data, dict):
        return [found for key, each in data.items() for found in places(each, (*where, key))]
    if isinstance(data, list):
        return [found for number, each in enumerate(data, 1) for found in places(each, (*where, str(number)))]
    return [where]


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    """The shipped authorities."""
    return read.read_authorities(Path("/nowhere"))


@pytest.mark.parametrize("written", [SHAPES[0], SHAPES[1], SHAPES[7]])
def test_a_tag_is_a_fault_in_every_text_of_a_header(authorities: Authorities, written: str) -> None:
    """Every field of the schema is walked; the fault names the place and repeats nothing."""
    data = filled(Header, written)
    # A place is told by the keys that are known, since another may be a value that slipped into the place of a key.
    expected = {".".join(step if step in keys() or step.isdigit() else "…" for step in where) for where in places(data)}
    assert len(expected) > 60
    with pytest.raises(InvalidTestimony) as refused:
        read.read(made_up.record(data).encode(), "testimonies/NKT-9001-x.md", authorities)
    told = {fault.field for fault in refused.value.faults if "redaction tag" in fault.message}
    assert told == expected
    assert "Made Up" not in refused.value.message


@pytest.mark.parametrize("name", FILES)
def test_a_tag_is_a_fault_in_every_text_of_an_authority_file(root: Path, name: str) -> None:
    """Every field of every shape is walked, also those that hold any text."""
    written = SHAPES[0]
    data = {"any": [filled(reader_term(), written)]} if name == "terms" else filled(FILES[name], written)
    (root / "authorities").mkdir()
    (root / "authorities" / f"{name}.yaml").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(InvalidAuthorities) as refused:
        read.read_authorities(root)
    told = {fault.field for fault in refused.value.faults if "redaction tag" in fault.message}
    assert told == {".".join(where) for where in places(data)}
    assert told


def reader_term() -> type[BaseModel]:
    """Return the shape of a term, of which ``terms.yaml`` has lists by any name."""
    return next(each for each in get_args(FILES["flags"].model_fields["flags"].annotation) if issubclass(each, BaseModel))


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Account of <an>Made Up</an>"},
        {"witness": {"name": "&lt;an&gt;Made Up&lt;/an&gt;", "name_kind": "pseudonym", "connection": "victim"}},
        {"credibility": {"notes": [made_up.note("n1", "caution", "He is [res]the brother[/res].")]}},
        {"source": {"csl": {"type": "report", "title": "x", "note": "told by <an>Made Up</an>"}}},
    ],
)
def test_a_record_with_a_tag_in_its_header_stays_out(root: Path, run: Run, changes: dict[str, Any]) -> None:
    """No command prints it, and `check` names it."""
    made_up.collection(
        root, made_up.record(made_up.header("NKT-9001", **changes), "Coal."), made_up.record(made_up.header("NKT-9002"))
    )
    ran = run("check")
    assert ran.code == 1
    assert "has a redaction tag, or what looks like one" in ran.out
    assert "Made Up" not in ran.out
    assert run("search", "coal", "--count").out == "0 passages in 0 testimonies\n"
    assert run("show", "NKT-9001").code == 2


LIKE_TAGS = [
    "(an)Pak Yong(/an)",
    "⟦an⟧Pak Yong⟦/an⟧",
    "【res】Pak【/res】",
    "{an}Pak{/an}",
    "<redact>Pak</redact>",
    "<anon>Pak</anon>",
    "( an )Pak( / an )",
    "<mask>Pak</mask>",
    "[hidden]Pak[/hidden]",
    "<익명>Pak</익명>",
    "[비공개: Pak]",
    "[REDACTED: Pak]",
    '<span class="redacted">Pak</span>',
    "{private}Pak{/private}",
]


@pytest.mark.parametrize("written", LIKE_TAGS)
@pytest.mark.parametrize("where", ["title", "body", "statement"])
def test_what_may_be_meant_for_a_tag_is_warned_of_by_line(root: Path, run: Run, written: str, where: str) -> None:
    """It hides nothing; an (an) by itself is a word."""
    changes = {
        "title": {"title": f"Of {written}"},
        "statement": {"credibility": {"notes": [made_up.note("n1", "caution", f"Of {written}.")]}},
    }.get(where, {})
    file = made_up.put(
        root, made_up.record(made_up.header("NKT-9001", **changes), f"Of {written}." if where == "body" else "One (an) two.")
    )
    line = next(at for at, each in enumerate(file.read_text().split("\n"), start=1) if "Pak" in each)
    ran = run("check")
    told = [each for each in ran.out.splitlines() if "may be meant for a redaction tag" in each]
    assert [each.partition(": warning")[0] for each in told] in ([f"testimonies/NKT-9001-made-up.md:{line}"], [])
    assert told or ran.code == 1  # refused already, which is more
