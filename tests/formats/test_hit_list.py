"""The list of hits: every layout at every width names each caveat at its hit and writes it out, or shows no words at all."""

import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import made_up
from archive.archive import Archive
from archive.citing.excerpt import SearchOutput
from archive.formats.terminal import cells, render
from archive.formats.text import brief_list, hit_list, plain
from archive.language.messages import LANGUAGES, speaking, tr
from archive.search.model import Filters, Query
from archive.text import squash
from caveats_travel_parts import DAY, SLOW, Caveats, Made, collections, in_force, laid, token
from examples import TIMES
from running import TOP, Run, ask_program

LAYOUTS: dict[str, Callable[[SearchOutput, int], Iterator[str]]] = {
    "list": hit_list.answer,
    "full": lambda answer, _: plain.answer(answer),
    "--list": brief_list.answer,
}
HEAD = {
    "list": re.compile(r"(?:^|\s{2})(NKT-[0-9]{4})#p([0-9]+)$"),
    "full": re.compile(r"^[0-9]+\. (NKT-[0-9]{4})#p([0-9]+)  "),
}
HEAD["--list"] = HEAD["list"]


def printed(room: Archive, query: Query, layout: str, columns: int) -> list[str]:
    """Give the lines of an answer in a layout, as they go into a pipe."""
    results = room.answer(query)
    longest = {} if layout == "full" else {"longest": hit_list.longest(columns, len(results.hits))}
    answer = room.excerpts(results, "text", **longest)
    return list(render(LAYOUTS[layout](answer, columns), styled=False))


def hits(lines: list[str], layout: str) -> dict[tuple[str, int], str]:
    """Give what stands at each hit, up to the next one or to what stands below all of them."""
    found: dict[tuple[str, int], str] = {}
    at = None
    for line in lines:
        head = HEAD[layout].search(line)
        if head:
            at = head[1], int(head[2])
        if line.startswith((tr("CAVEATS"), tr("SOURCES"), tr("Next:"))):
            at = None
        if at:
            found[at] = f"{found.get(at, '')} {line.strip()}"
    return found


def notes_written_out(lines: list[str]) -> dict[str, str]:
    """Give the notes of a list by their numbers."""
    found: dict[str, str] = {}
    inside, number = False, ""
    for line in lines:
        inside = line.startswith(tr("CAVEATS")) or (inside and bool(line))
        opened = re.match(r" \[([0-9]+)\] (.*)", line) if inside else None
        number = opened[1] if opened else number
        if inside and number:
            found[number] = f"{found.get(number, '')} {opened[2] if opened else line.strip()}".strip()
    return found


def named(told: str, labels: dict[tuple[str, str], str], layout: str, lines: list[str]) -> set[tuple[str, str]]:
    """Give the notes that are named at a hit and written out in the same output; of the short list those named alone."""
    notes = notes_written_out(lines)
    everything = squash(" ".join(lines))
    found = set()
    for (code, name), label in labels.items():
        said = token(code, name)
        if layout == "list":
            signs = re.findall(r"[!+] (.*)", told)
            numbers = [each for each, text in notes.items() if said in text and f"{code}/{name}" in text]
            assert len(numbers) <= 1, "the same note twice"
            parts = [part for part in " ".join(signs).split(" · ") if numbers and f"[{numbers[0]}]" in part]
            if parts and label in parts[0].casefold():
                found.add((code, name))
        elif label in told.casefold() and (layout == "--list" or said in everything):
            found.add((code, name))
    return found


REPLACED_IN_PART: Made = {
    "code": "NKT-9002",
    "size": 2,
    "rendering": "verbatim",
    "notes": [
        {
            "id": "n1",
            "flag": "single-source",
            "status": "open",
            "about": {"record": "true"},
            "statement": "Made up: stated9002n1x end.",
            "by": "archive",
            "date": "2001-02-03",
            "with": [],
        },
        {
            "id": "n2",
            "flag": "caution",
            "status": "open",
            "about": {"paragraphs": [1]},
            "statement": "Made up: stated9002n2x end.",
            "by": "archive",
            "date": "2001-02-03",
            "with": [],
            "replaces": "n1",
        },
    ],
    "relations": [],
}
"""A note of the whole record whose place another takes at the first hit: at the second one it is in force."""


def every_note(records: list[Made], room: Archive) -> dict[tuple[str, str], str]:
    """Give the label of each note that was drawn."""
    said = room.authorities.vocabulary.said
    return {(each["code"], note["id"]): said("flag", note["flag"]).casefold() for each in records for note in each["notes"]}


def statements(records: list[Made]) -> dict[tuple[str, str], str]:
    """Give the statement of each note that was drawn, as one line."""
    return {(each["code"], note["id"]): squash(note["statement"]) for each in records for note in each["notes"]}


def missing(lines: list[str], layout: str, expected: Caveats, labels: dict[tuple[str, str], str]) -> set[object]:
    """Give what a layout does not name at its hit, or does not write out."""
    at = hits(lines, layout)
    assert set(at) == set(expected)
    return {(place, note) for place, notes in expected.items() for note in notes - named(at[place], labels, layout, lines)}


@settings(SLOW, max_examples=int(os.environ.get("CAVEAT_COLLECTIONS", 4 * TIMES)))
@given(collections(), st.integers(40, 200))
@example([REPLACED_IN_PART], 40)
def test_each_caveat_is_named_at_its_hit_and_written_out(records: list[Made], columns: int) -> None:
    """In every language and layout, at every width, also as of a day; the short list has no words of a testimony."""
    early = in_force(records, early=True)
    with tempfile.TemporaryDirectory() as folder, Archive(laid(Path(folder), records)) as room:
        for code in LANGUAGES:
            with speaking(code):
                _look_at_the_layouts(room, records, columns, early)


def _look_at_the_layouts(room: Archive, records: list[Made], columns: int, early: Caveats) -> None:
    """See that each layout names each caveat and writes it out, in the language that holds."""
    labels = every_note(records, room)
    for filters, then in ((Filters(), {}), (Filters(as_of=DAY), early)):
        expected = {place: notes | then.get(place, set()) for place, notes in in_force(records).items()}
        query = Query("coal", limit=None, sort="code", filters=filters)
        for layout in LAYOUTS:
            for wide in {40, columns, 200}:
                lines = printed(room, query, layout, wide)
                assert not missing(lines, layout, expected, labels), (layout, wide)
                _look_at_the_words(lines, layout, wide, {note for notes in expected.values() for note in notes}, records)


def _look_at_the_words(lines: list[str], layout: str, columns: int, notes: set[tuple[str, str]], records: list[Made]) -> None:
    """See that each statement stands in full, and of the short list that it holds no words; and that lines fit."""
    text = squash(" ".join(lines)).replace("*", "")
    said = {note: statement.replace("*", "") for note, statement in statements(records).items()}
    if layout == "--list":
        assert "coal made up" not in text.casefold()
        assert not re.search(r"passage[0-9]of", text)
        assert not any(statement in text for statement in said.values())
        return
    assert all(said[note] in text for note in notes)
    if layout == "list":
        alone = ("testimony ", tr("Next:"))
        assert all(cells(line) <= columns or len(line.split()) == 1 or any(each in line for each in alone) for line in lines)


def test_the_oracle_of_the_list_sees_what_is_left_out() -> None:
    """The control: a note that is not written out, or not named at one of its hits, is missed."""
    notes = [made_up.note("n1", "recanted", f"Made up: {token('NKT-9001', 'n1')} end.", **{"with": []})]
    records = [{"code": "NKT-9001", "size": 2, "rendering": "summary", "notes": notes, "relations": []}]
    records[0]["notes"][0]["about"] = {"record": "true"}
    with tempfile.TemporaryDirectory() as folder, Archive(laid(Path(folder), records)) as room:
        lines = printed(room, Query("coal", limit=None, sort="code"), "list", 80)
        labels = every_note(records, room)
    expected = {("NKT-9001", number): {("NKT-9001", "n1")} for number in (1, 2)}
    assert not missing(lines, "list", expected, labels)
    assert missing([line for line in lines if not line.startswith(" [1]")], "list", expected, labels)
    at = next(place for place, line in enumerate(lines) if "! RECANTED" in line)
    assert missing(lines[:at] + lines[at + 1 :], "list", expected, labels)


@pytest.mark.parametrize("code", LANGUAGES)
def test_ten_hits_fit_on_three_screens(shipped: Path, code: str) -> None:
    """Of 80 columns and 24 lines, from the first hit to the last, of the records with the most caveats."""
    with Archive(shipped) as room, speaking(code):
        for query in (Query(filters=Filters(camp=("kwalliso-14",))), Query("public executions"), Query("hunger")):
            lines = printed(room, query, "list", 80)
            first = next(at for at, line in enumerate(lines) if line.startswith("1  "))
            below = tr("Below: {caveats}sources of {records}, with marks to cite.").partition("{")[0]
            last = next(at for at, line in enumerate(lines) if line.startswith(below))
            assert sum(bool(HEAD["list"].search(line)) for line in lines[first:last]) == 10
            assert last - 1 - first <= 3 * 24, query  # an empty line stands before what says what follows


def test_what_speaks_for_a_passage_stands_apart_and_no_caveat_is_said(root: Path, run: Run) -> None:
    """After a plus sign; grave flags in capitals, whatever the terminal; of none it is said that none was entered."""
    notes = [made_up.note("n1", "corroborated"), made_up.note("n2", "recanted"), made_up.note("n3", "single-source")]
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), "Coal."),
        made_up.record(made_up.header("NKT-9002"), "Coal, too."),
    )
    lines = [line.strip() for line in run("search", "coal", "--sort", "code").out.splitlines()]
    assert "! RECANTED [1] · single source [2]" in lines
    assert "+ corroborated [3]" in lines
    assert "! no caveat has been entered; source not graded" in lines


def test_the_long_form_is_what_it_was(root: Path, run: Run) -> None:
    """So that a person may have a hit with all that belongs to it."""
    made_up.collection(
        root, made_up.record(made_up.header("NKT-9001", credibility={"notes": [made_up.note("n1", "caution")]}), "Coal.")
    )
    text = run("search", "coal", "--full").out
    assert text.startswith("1. NKT-9001#p1  ")
    assert "! CAUTION BY THE ARCHIVE: " in text
    assert "   Cite: " in text


def test_forms_that_do_not_go_together_are_refused(on_shipped: Run) -> None:
    """With what to do; nothing is silently another form."""
    for asked in (("--full", "--list"), ("--list", "--format", "json"), ("--full", "--count")):
        ran = on_shipped("search", "coal", *asked)
        assert (ran.code, ran.out) == (2, ""), asked
        assert "--" in ran.err


def test_the_next_page_is_named_where_there_is_one(on_shipped: Run) -> None:
    """As a command that can be pasted, and not on the last page; in the long form too."""
    assert "--offset 10" in on_shipped("search", "--camp", "14").out
    last = on_shipped("search", "--camp", "14", "--offset", "30")
    assert "--offset" not in last.out
    assert "the next with" not in on_shipped("search", "--camp", "14", "--offset", "30", "--full").out


@pytest.mark.parametrize(
    "asked",
    [
        ("hunger", "--sort", "code", "--limit", "3"),
        ("hunger", "--group", "--limit", "3"),
        ("--limit", "3", "--", "-hunger"),
        ("hunger", "guard", "--any", "--camp", "14", "--as-of", "2022", "--limit", "3"),
    ],
)
def test_what_follows_can_be_typed_and_the_next_page_goes_on_where_this_one_ends(
    shipped: Path, on_shipped: Run, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    """In the same order, so that no hit is passed over; also of words that begin with a hyphen, or where any word will do."""
    ran = on_shipped("search", *asked)
    first, *others = [shlex.split(line)[1:] for line in re.findall("(?:^Next:|^     ) (testimony .+)", ran.out, re.MULTILINE)]
    at = first.index("search") + 1
    following = on_shipped(*first[:at], "--limit", "3", *first[at:])
    whole = on_shipped(*("6" if word == "3" else word for word in ("search", *asked)))
    places = [re.findall("^[0-9]+  .*?(NKT-[0-9]{4}#p[0-9]+)$", each.out, re.MULTILINE) for each in (ran, following, whole)]
    assert places[0] + places[1] == places[2]
    for command in others:
        assert ask_program(shipped, *command, here=tmp_path).code == 0, command


def test_totals_come_with_facets_where_both_are_asked_for(on_shipped: Run) -> None:
    """And without any hit."""
    text = on_shipped("search", "--camp", "14", "--count", "--facets").out
    assert re.match(r"[0-9]+ passages in [0-9]+ testimonies\n\nCAMP ", text)
    assert "#p" not in text


def test_a_value_that_was_taken_for_a_word_is_told(on_shipped: Run) -> None:
    """Where it stands behind a filter and would be one of its values; other words are words."""
    assert "15 was taken for a word" in on_shipped("search", "--camp", "14", "15").err
    assert "Yodok was taken for a word" in on_shipped("search", "--camp=14", "Yodok").err
    assert "taken for" not in on_shipped("search", "--camp", "14", "coal").err
    assert "taken for" not in on_shipped("search", "15", "--camp", "14").err


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "csl-json", "bibtex", "ris"])
def test_what_a_filter_left_out_is_told_beside_every_machine_format(on_shipped: Run, form: str) -> None:
    """On standard error, so that no file holds it and no person misses it."""
    assert re.search(r"Left out by --period: [0-9]+ undated", on_shipped("search", "--period", "1996", "--format", form).err)


def test_a_passage_alone_is_shown_once(on_shipped: Run) -> None:
    """Its caveats once, its citation once, and not that of the record."""
    text = on_shipped("show", "NKT-0001#p3").out
    assert len(text.splitlines()) < 80
    assert text.count("Cite") == 1
    flat = squash(text)
    for statement in ("he had altered places and times", "set off the revision"):
        assert flat.count(statement) == 1
    both = squash(on_shipped("show", "NKT-0001#p3-4").out)
    assert both.count("he had altered places and times") == 1
    assert "in full above" in both


def test_the_program_alone_prints_its_help_by_what_people_want(run: Run) -> None:
    """Once, and it is no error; an unknown command says what is near."""
    ran = run()
    assert ran.code == 0
    assert ran.err == ""
    headings = re.findall(r"^(Find|Weigh|Cite|Keep|Carry):$", ran.out, re.MULTILINE)
    assert headings == ["Find", "Weigh", "Cite", "Keep", "Carry"]
    wrong = run("serach", "coal")
    assert wrong.code == 2
    assert "Did you mean search" in wrong.err


def terminal(root: Path, *asked: str, **environment: str) -> str:
    """Run the program on a terminal of its own, and give what it prints there."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "PAGER", "LESS", "COLUMNS", "LINES"}}
    running = subprocess.Popen(
        [sys.executable, "-m", "archive", "--root", str(root), *asked],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=TOP,
        env={**kept, "TERM": "xterm", "PAGER": "cat", "PYTHONPATH": str(TOP), **environment},
    )
    os.close(theirs)
    pieces = []
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(ours)
    assert running.wait() == 0
    return b"".join(pieces).decode().replace("\r\n", "\n")


@pytest.fixture
def recanted(root: Path) -> Path:
    """One made-up record that was taken back."""
    head = made_up.header("NKT-9001", credibility={"notes": [made_up.note("n1", "recanted"), made_up.note("n2", "caution")]})
    made_up.collection(root, made_up.record(head, "Coal was dug, as the made-up witness says, day after day."))
    ask_program(root, "index")
    return root


def test_a_terminal_has_colours_and_its_own_width(recanted: Path) -> None:
    """What is grave is red and in capitals; lines fit the terminal, within bounds."""
    for columns, most in ((50, 50), (20, 40), (300, 80)):
        text = terminal(recanted, "search", "coal", COLUMNS=str(columns), LINES="200")
        assert "\x1b[1;31mRECANTED\x1b[0m [1]" in text
        lines = re.sub("\x1b\\[[0-9;]*m", "", text).splitlines()
        head = next(line for line in lines if "NKT-9001#p1" in line)
        assert len(head) == most


@pytest.mark.parametrize("plainly", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_without_colours_nothing_is_lost(recanted: Path, plainly: dict[str, str]) -> None:
    """What a terminal without colours shows is what a pipe gets, at the width of the pipe."""
    text = terminal(recanted, "search", "coal", COLUMNS="80", LINES="200", **plainly)
    assert "\x1b" not in text
    assert text == ask_program(recanted, "search", "coal").out
    assert "! RECANTED [1]" in text


@pytest.mark.parametrize("asked", [("search", "coal"), ("show", "NKT-9001"), ("compare", "--period", "1900/2100")], ids=str)
def test_a_long_answer_is_paged_and_a_short_one_is_not(recanted: Path, asked: tuple[str, ...]) -> None:
    """By the program that PAGER names; --no-pager prints all at once."""
    pager = {"PAGER": "sed s/^/paged:/", "COLUMNS": "80"}
    assert terminal(recanted, *asked, LINES="3", **pager).startswith("paged:")
    assert "paged:" not in terminal(recanted, *asked, LINES="200", **pager)
    assert "paged:" not in terminal(recanted, *asked, "--no-pager", LINES="3", **pager)
