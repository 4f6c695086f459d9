"""The caveats travel: random records with random notes and relations, every format, every command.

What must be in force is worked out here a second time, slowly and plainly. The
registry of formats is walked, so a format that drops a caveat or the mark of
the citation fails without anyone adding a test for it. ``CAVEAT_COLLECTIONS=500`` draws as many.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import made_up
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from archive.cli import COMMANDS, cite, group
from archive.cli.search import answered
from archive.cli.show import leafed
from archive.excerpt import Pages, Shown
from archive.formats import FORMATS, bibliography, writer
from archive.formats.styled import styled
from archive.reading_room import ReadingRoom
from archive.retrieval import Filters, Query
from archive.testimony import Reference
from archive.typesetting import STYLES

CODES = ("NKT-9001", "NKT-9002", "NKT-9003", "NKT-9004")
FLAGS = ("recanted", "revised", "contradicted", "caution", "translated", "corroborated", "single-source")
HOSTILE = (
    "",
    " # { } \\ % & _",
    "\nER  - \nTY  - BOOK",
    "}},\n@book{x,",
    " <b>x</b> [a](b) *c*",
    ' "=1" | ~ ^ $x$',
    " 가나",
)

# A collection is indexed and printed in every way there is, so a failure is shown as it was drawn, without shrinking.
SLOW = settings(
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

LATER = "2010"
DAY = 20050101
"""A day before which some caveats could not be known; they travel all the same, and say since when."""

Made = dict[str, Any]
Caveats = dict[tuple[str, int], set[tuple[str, str]]]
"""Passage → the notes in force there, each as its record and its id."""


def token(code: str, note: str) -> str:
    """Give the word by which a note's statement is known in any format, whatever is escaped around it."""
    return f"stated{code[-4:]}{note}x"


@st.composite
def collections(draw: st.DrawFn) -> list[Made]:
    """Draw records with notes of every reach, and relations that run back to earlier records."""
    codes = CODES[: draw(st.integers(2, 4))]
    sizes = {code: draw(st.integers(1, 3)) for code in codes}

    def some(code: str) -> list[int]:
        return sorted(draw(st.sets(st.integers(1, sizes[code]), min_size=1)))

    def note(code: str, number: int) -> Made:
        others = st.sampled_from([other for other in codes if other != code])
        links = [f"{other}#p{draw(st.integers(1, sizes[other]))}" for other in draw(st.lists(others, max_size=2, unique=True))]
        changes: Made = {"status": draw(st.sampled_from(["open", "resolved"])), "with": links}
        if draw(st.booleans()):
            changes["about"] = {"paragraphs": some(code)}
        if number > 1 and draw(st.integers(0, 3)) == 0:
            changes["replaces"] = f"n{number - 1}"
        if draw(st.booleans()):
            changes["known"] = LATER
        statement = f"Made up: {token(code, f'n{number}')}{draw(st.sampled_from(HOSTILE))} end."
        return made_up.note(f"n{number}", draw(st.sampled_from(FLAGS)), statement, **changes)

    records = []
    for at, code in enumerate(codes):
        earlier = draw(st.lists(st.sampled_from(codes[:at]), max_size=2, unique=True)) if at else []
        records.append(
            {
                "code": code,
                "size": sizes[code],
                "rendering": draw(st.sampled_from(["summary", "verbatim", "translation"])),
                "notes": [note(code, number) for number in range(1, draw(st.integers(0, 3)) + 1)],
                "relations": [{"code": other, "paragraphs": some(code), "of": some(other)[:1]} for other in earlier],
            }
        )
    return records


def _after(name: str, by: Mapping[str, Made]) -> set[str]:
    """Give the ids of the notes that took the place of one, also at second hand."""
    return {by[name]["id"], *_after(by[name]["id"], by)} if name in by else set()


def in_force(records: list[Made], *, early: bool = False) -> Caveats:
    """Work out what is in force where: own notes, those that name a passage, those of passages relied on.

    A note is replaced only where what replaced it, at first or second hand, is in force.

    :param early: as of a day on which what was known later was not known.
    """
    found: Caveats = {(each["code"], number): set() for each in records for number in range(1, each["size"] + 1)}
    for each in records:
        standing: Caveats = {}
        for note in each["notes"]:
            own = note["about"].get("paragraphs") or range(1, each["size"] + 1)
            reached = [(code, int(number)) for code, _, number in (link.partition("#p") for link in note["with"])]
            for place in [*((each["code"], number) for number in own), *reached]:
                standing.setdefault(place, set()).add((each["code"], note["id"]))
        by = {note["replaces"]: note for note in each["notes"] if note.get("replaces")}
        late = {note["id"] for note in each["notes"] if note.get("known")}
        for place, notes in standing.items():
            for code, name in notes:
                unknown = late if early else set()
                if name not in unknown and not (_after(name, by) - unknown) & {each for _, each in notes}:
                    found[place].add((code, name))
    relied = {place: _relied_on(records, place) for place in found}
    return {
        place: notes | {(code, note) for other in relied[place] for code, note in found[other] if code != place[0]}
        for place, notes in found.items()
    }


def _relied_on(records: list[Made], place: tuple[str, int]) -> set[tuple[str, int]]:
    """Give the paragraphs that one relies on, also at second hand: a note in force at any of them is in force here."""
    relations = next(each["relations"] for each in records if each["code"] == place[0])
    first = {(each["code"], number) for each in relations if place[1] in each["paragraphs"] for number in each["of"]}
    return first.union(*(_relied_on(records, each) for each in first))


def test_a_note_that_stands_only_further_on_reaches_who_relies_on_it_at_second_hand() -> None:
    """Replaced where the record between has it, in force at what that one relies on: it is handed on from there."""
    by = [{"paragraphs": [1], "with": ["NKT-9001#p1"]}, {"paragraphs": [1], "with": [], "replaces": "n1"}]
    notes = [
        made_up.note(f"n{at}", "caution", token("NKT-9002", f"n{at}"), about={"paragraphs": each.pop("paragraphs")}, **each)
        for at, each in enumerate(by, start=1)
    ]
    on = {number: [{"code": f"NKT-900{number - 1}", "paragraphs": [1], "of": [1]}] for number in (2, 3)}
    records = [
        {
            "code": f"NKT-900{at}",
            "size": 1,
            "rendering": "summary",
            "notes": notes if at == 2 else [],
            "relations": on.get(at, []),
        }
        for at in (1, 2, 3)
    ]
    n1, n2 = ("NKT-9002", "n1"), ("NKT-9002", "n2")
    expected = {("NKT-9001", 1): {n1}, ("NKT-9002", 1): {n2}, ("NKT-9003", 1): {n1, n2}}
    assert in_force(records) == expected
    with tempfile.TemporaryDirectory() as folder, ReadingRoom(laid(Path(folder), records)) as room:
        for at, (place, notes_there) in enumerate(expected.items()):
            holds_alone(searched(room, at, "text"), notes_there, place)


def laid(root: Path, records: list[Made]) -> Path:
    """Write the records."""
    for each in records:
        head = made_up.header(
            each["code"],
            text={"rendering": each["rendering"]},
            credibility={"notes": each["notes"]},
            relations=[_relation(relation) for relation in each["relations"]],
        )
        words = [f"Coal made up, passage{number}of{each['code'][-4:]}." for number in range(1, each["size"] + 1)]
        made_up.put(root, made_up.record(head, *words))
    return root


def _relation(drawn: Made) -> Made:
    """Write a relation as a header has it: the paragraphs of the other record stand with its code."""
    return {"type": "relies-on", "code": f"{drawn['code']}#p{drawn['of'][0]}", "paragraphs": drawn["paragraphs"]}


def holds(text: str, expected: set[tuple[str, str]], where: object) -> None:
    """See that a text has every caveat, and says where a foreign one comes from."""
    for origin, note in expected:
        assert token(origin, note) in text, (where, origin, note)
        assert origin in text, (where, origin)


def holds_alone(text: str, expected: set[tuple[str, str]], where: object) -> None:
    """See besides that none is there that is not in force: a replaced one, or that of another passage."""
    holds(text, expected, where)
    present = {(other, f"n{number}") for other in CODES for number in range(1, 4) if token(other, f"n{number}") in text}
    assert present == expected, where


def marked(text: str, reference: str, sha256: str) -> bool:
    """Ask whether the mark of the citation is there, with the hash."""
    plain = " ".join(text.replace("\\", "").split())
    return f"{reference} · " in plain and f"sha256:{sha256[:16]}" in plain


@settings(SLOW, max_examples=int(os.environ.get("CAVEAT_COLLECTIONS", "8")))
@given(collections())
def test_no_format_of_any_command_leaves_without_caveats_and_citation(records: list[Made]) -> None:
    """Each passage through each format of a search, an excerpt and a citation; each record whole."""
    expected, early = in_force(records), in_force(records, early=True)
    with tempfile.TemporaryDirectory() as folder, ReadingRoom(laid(Path(folder), records)) as room:
        hits = room.search(Query("coal", limit=None, sort="code")).hits
        assert {(hit.passage.code, hit.passage.number) for hit in hits} == set(expected)
        for at, hit in enumerate(hits):
            code, number = hit.passage.code, hit.passage.number
            reference = Reference(code, (number,))
            for form in FORMATS:
                texts = {"search": searched(room, at, form), **pages_of(room, reference, form)}
                told = texts["search --as-of"] = searched(room, at, form, Filters(as_of=DAY))
                late = {(each["code"], note["id"]) for each in records for note in each["notes"] if note.get("known")}
                assert "since 2005-01-01" in told.casefold() or not late & expected[code, number], form
                for command, written in texts.items():
                    # Under its passages a page has the citation of the whole record, with that one's caveats.
                    check = holds if command == "pages" else holds_alone
                    then = early[code, number] if command == "search --as-of" else set()
                    check(written, expected[code, number] | then, (form, command, code, number))
                    assert marked(written, str(reference), hit.passage.sha256), (form, command)
        for each in records:
            whole = set().union(*(caveats for place, caveats in expected.items() if place[0] == each["code"]))
            for form in FORMATS:
                for command, written in pages_of(room, Reference(each["code"]), form).items():
                    holds(written, whole, (form, command))


def searched(room: ReadingRoom, at: int, form: str, filters: Filters = Filters()) -> str:  # noqa: B008 - a named tuple
    """Write one hit of a search."""
    results = room.search(Query("coal", limit=1, offset=at, filters=filters, sort="code"))
    return "\n".join(writer(form).answer(answered(room, results, form)))


def pages_of(room: ReadingRoom, wanted: Reference, form: str) -> dict[str, str]:
    """Write a reference in all the ways that a format has besides a search."""
    written = {}
    module = writer(form)
    if hasattr(module, "pages"):
        pages = leafed(room, wanted, form)
        written["pages"] = "\n".join(module.pages(pages))
    desk = type("Desk", (), {"room": room})()
    entries = cite.cited(desk, wanted, form)
    if hasattr(module, "entries"):
        written["cite"] = "\n".join(module.entries(entry for entry, _ in entries))
    written["house"] = "\n".join(told["citation"] for _, told in entries)
    return written


@settings(SLOW, max_examples=3)
@given(collections())
def test_no_named_style_leaves_without_them(records: list[Made]) -> None:
    """A note or an entry has each caveat in full; of each collection the passage with the most."""
    expected = in_force(records)
    code, number = max(expected, key=lambda place: len(expected[place]))
    with tempfile.TemporaryDirectory() as folder, ReadingRoom(laid(Path(folder), records)) as room:
        pages = leafed(room, Reference(code, (number,)), "csl-json")
        (entry,) = bibliography.passages(pages.shown, pages.held)
    for style in STYLES:
        found = styled(entry, style)
        for form in filter(None, (found.note, found.entry)):
            holds_alone(form, expected[code, number], (style, code, number))
            assert marked(form, f"{code}#p{number}", str(entry.known["sha256"]))


def test_the_oracle_knows_what_a_caveat_is() -> None:
    """A control: a writer that forgets the notes of others is found out."""
    note = made_up.note("n1", "contradicted", f"Made up: {token('NKT-9002', 'n1')}.", **{"with": ["NKT-9001#p1"]})
    records = [
        {"code": "NKT-9001", "size": 1, "rendering": "summary", "notes": [], "relations": []},
        {"code": "NKT-9002", "size": 1, "rendering": "summary", "notes": [note], "relations": []},
    ]
    expected = in_force(records)
    assert expected["NKT-9001", 1] == {("NKT-9002", "n1")}
    with tempfile.TemporaryDirectory() as folder, ReadingRoom(laid(Path(folder), records)) as room:
        pages = leafed(room, Reference("NKT-9001", (1,)), "text")
        forgetful = Pages(pages.record, tuple(_without(shown) for shown in pages.shown), "", pages.held, once=False)
        with pytest.raises(AssertionError):
            holds("\n".join(writer("text").pages(forgetful)), expected["NKT-9001", 1], "")


def _without(shown: Shown) -> Shown:
    return Shown(shown.hit, shown.excerpt._replace(notes=(), citation=""))


def test_every_format_that_a_command_offers_is_in_the_registry() -> None:
    """So that the walk above meets each: no command prints passages past it."""
    printing = {"search", "show", "excerpt", "cite"}
    for name in printing:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        (offered,) = (each.type.choices for each in command.params if each.name == "form")  # type: ignore[attr-defined]
        assert set(offered) <= set(FORMATS), name
    assert printing <= set(COMMANDS)


def test_the_machine_formats_name_each_caveat_with_its_fields(tmp_path: Path) -> None:
    """Id, status and origin are there to be worked with, not only the sentence."""
    note = made_up.note("n1", "contradicted", "Made up.", status="resolved", **{"with": ["NKT-9001#p1"]})
    made_up.collection(
        tmp_path,
        made_up.record(made_up.header("NKT-9001"), "Coal."),
        made_up.record(made_up.header("NKT-9002", credibility={"notes": [note]}), "Snow."),
    )
    with ReadingRoom(tmp_path) as room:
        answer = answered(room, room.search(Query("coal")), "csl-json")
        (item,) = json.loads("".join(writer("csl-json").answer(answer)))
    (caveat,) = item["custom"]["caveats"]
    assert {name: caveat[name] for name in ("id", "status", "from", "flag")} == {
        "id": "n1",
        "status": "resolved",
        "from": "NKT-9002",
        "flag": "contradicted",
    }
