"""What several files of tests share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

import made_up

CODES = ("NKT-9001", "NKT-9002", "NKT-9003", "NKT-9004")
FLAGS = ("recanted", "revised", "contradicted", "caution", "translated", "corroborated", "single-source")
LAYOUTS = ("each", "together", "gap")
"""How a version goes with its record: paragraph by paragraph, one for the first two, without the first."""
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
    """Return the word by which a note's statement is known in any format, whatever is escaped around it."""
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
                "version": draw(st.sampled_from(["", *(LAYOUTS if sizes[code] > 1 else LAYOUTS[:1])])),
            }
        )
    return records


def _after(name: str, by: Mapping[str, Made]) -> set[str]:
    """Return the ids of the notes that took the place of one, also at second hand."""
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
    """Return the paragraphs that one relies on, also at second hand: a note in force at any of them is in force here."""
    relations = next(each["relations"] for each in records if each["code"] == place[0])
    first = {(each["code"], number) for each in relations if place[1] in each["paragraphs"] for number in each["of"]}
    return first.union(*(_relied_on(records, each) for each in first))


def in_version(records: list[Made], expected: Caveats) -> Caveats:
    """Work out what is in force at the words of the version: at each paragraph what is in force at any that they stand for."""
    found: Caveats = {}
    for each in records:
        for group in _groups(each):
            together = set[tuple[str, str]]().union(*(expected[each["code"], number] for number in group))
            found |= {(each["code"], number): together for number in group}
    return found


def _groups(record: Made) -> list[list[int]]:
    """Give, for each paragraph of a version, the paragraphs of the record that it stands for."""
    numbers = list(range(1, record["size"] + 1))
    match record.get("version", ""):
        case "each":
            return [[number] for number in numbers]
        case "together":
            return [numbers[:2], *([number] for number in numbers[2:])]
        case "gap":
            return [[number] for number in numbers[1:]]
    return []


PAIRS = {"each": [], "together": [[[1, 2], [1]]], "gap": [[[1], []]]}


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
        if groups := _groups(each):
            text = {"rendering": each["rendering"], "translated": {"from": "en", "by": "the archive"}}
            korean = [f"석탄 이야기, 구절{group[0]}의{each['code'][-4:]}." for group in groups]
            made_up.put(root, made_up.version(each["code"], "ko", *korean, text=text, pairs=PAIRS[each["version"]]))
    return root


def _relation(drawn: Made) -> Made:
    """Write a relation as a header has it: the paragraphs of the other record stand with its code."""
    return {"type": "relies-on", "code": f"{drawn['code']}#p{drawn['of'][0]}", "paragraphs": drawn["paragraphs"]}
