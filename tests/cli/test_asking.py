"""Faults of reading and asking: nothing that a person typed is taken otherwise, or left out, in silence."""

import re
from pathlib import Path

import click
import pytest

import made_up
from archive.cli._options import FILTER_OPTIONS, Filtering
from archive.cli.group import COMMANDS, group
from archive.formats.registry import FILES
from running import Run

UNDATED = re.compile(r"Left out by --period: [12] undated passage")
PLACES = {"camp": "kwalliso-14", "role": "prisoner"}


@pytest.fixture
def archive(root: Path) -> Path:
    """Three records: one dated, one undated, and one recorded on a day that nobody knows."""

    def record(number: int, name: str, period: str, recorded: str = "2001") -> str:
        made = {"camps": [{**PLACES, "period": period}], "topics": ["hunger"], "recorded": {"date": recorded}}
        witness = {"name": name, "name_kind": "pseudonym", "connection": "victim"}
        return made_up.record(made_up.header(f"NKT-900{number}", witness=witness, **made), f"Coal {number}, made up for a test.")

    return made_up.collection(
        root,
        record(1, "Zam Yong", "1996"),
        record(2, "Zam Yong-soon", "XXXX"),
        record(3, "잠 용철", "1996", "XXXX"),
        made_up.record(
            made_up.header(
                "NKT-9004",
                witness={
                    "name": "Quol Bi-rak",
                    "name_kind": "real",
                    "connection": "victim",
                    "other_names": [{"text": "쿠울비락", "language": "ko"}],
                },
            ),
            "Nothing here.",
        ),
    )


def filtering() -> dict[str, click.Command]:
    """Return every command with filters."""
    found = {}
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)  # type: ignore[arg-type]
        assert command is not None
        if set(FILTER_OPTIONS) <= {str(each.name) for each in command.params}:
            found[name] = command
    return found


def formats(command: click.Command) -> list[str]:
    """Return the formats of a command."""
    return [each for param in command.params if param.name == "form" for each in getattr(param.type, "choices", ())]


FOR_WORD = ("docx", "odt", "pdf")
PRINTS_ALONE = {"watch": {"text"}, "export": {"jsonl", "sqlite", "csv", "xlsx", "csl", "web-annotation", "ro-crate"}}
"""The formats in which a command takes filters, where it does not in all."""
ASKED = [
    (name, form) for name, command in filtering().items() for form in formats(command) if form in PRINTS_ALONE.get(name, {form})
]


def asked(name: str) -> list[str]:
    """Return what a command needs besides its filters."""
    needed = {"dossier": ["--output", "-"], "compare": ["--topic", "hunger"], "watch": ["add", "made-up"]}
    return [name, *needed.get(name, ())]


def test_the_walk_meets_the_commands_that_are_meant() -> None:
    """A control: were the options renamed, nothing would be walked."""
    assert {"search", "list", "compare", "dossier", "facets"} <= set(filtering())
    assert {("search", "csv"), ("compare", "json"), ("dossier", "html"), ("facets", "text")} <= set(ASKED)


@pytest.mark.parametrize(("name", "form"), ASKED)
def test_what_a_time_left_out_is_told_beside_every_answer(archive: Path, run: Run, tmp_path: Path, name: str, form: str) -> None:
    """On standard error, whatever the command and its format; so is what a day left out."""

    def told(*filters: str) -> str:
        is_file = name == "export" or form in {*FILES, *FOR_WORD}
        file = ("--output", str(tmp_path / f"{len(filters)}{''.join(filters)}.{form}")) if is_file else ()
        run("forget")
        ran = run(*asked(name), *(filters or ("hunger",) * (name == "watch")), "--format", form, *file)
        assert ran.code == 0, ran.err
        return ran.err

    assert UNDATED.search(told("--period", "1996"))
    if name != "export" or form in {"csv", "xlsx"}:  # what the public knew on a day is no part of the files
        assert "Left out, since their record has no date: 1." in told("--as-of", "2010")
    assert "Left out" not in told()


@pytest.mark.parametrize("more", [["--count"], ["--full"], ["--list"], ["--count", "--format", "json"], ["--facets"]])
def test_it_is_told_beside_every_layout(archive: Path, run: Run, more: list[str]) -> None:
    """Also where totals alone are printed."""
    assert UNDATED.search(run("search", "--period", "1996", *more).err)


@pytest.mark.parametrize("name", filtering())
def test_a_second_value_is_never_a_word_in_silence(archive: Path, run: Run, tmp_path: Path, name: str) -> None:
    """A command with words says so, one without refuses; both say how two values are given."""
    assert isinstance(filtering()[name], Filtering)
    file = ("--format", "jsonl", "--output", str(tmp_path / "out")) if name == "export" else ()
    ran = run(*asked(name), *file, "--camp", "14", "15")
    assert "For both write: --camp 14 --camp 15" in ran.err.replace("for both", "For both")
    if not any(each.name == "words" for each in filtering()[name].params):
        assert (ran.code, ran.out) == (2, "")
    run("forget")
    ran = run(*asked(name), *file, "--camp", "14", "--camp", "15")
    assert "or both" not in ran.err


def test_a_word_behind_a_filter_that_is_none_of_its_values_is_a_word(archive: Path, run: Run) -> None:
    """The control: nothing is said of it; and a name of two words is to be put in quotes, if somebody has it."""
    assert "or both" not in run("search", "--camp", "14", "coal").err
    assert "--witness 'Zam Yong-soon'" in run("search", "--witness", "Zam", "Yong-soon").err
    assert "or both" not in run("search", "--witness", "Zam", "coal").err


@pytest.mark.parametrize("name", ["Zam Yong", "zam yong", "ZamYong", "Zam-Yong", "zam  yong", "Yong Zam", "Zám Yong"])
def test_a_whole_name_is_that_person_however_it_is_parted(archive: Path, run: Run, name: str) -> None:
    """Though it is also a part of another's name."""
    ran = run("witness", name)
    assert ran.code == 0, ran.err
    assert ran.out.startswith("Zam Yong (pseudonym), victim\n")
    assert "NKT-9002" not in ran.out.partition("SOURCES")[2]


@pytest.mark.parametrize("name", ["쿠울비락", "쿠울 비락", "쿠 울비락", "Quolbirak", "quol bi rak", "Bi-rak Quol"])
def test_names_in_hangul_may_be_parted_too(archive: Path, run: Run, name: str) -> None:
    """As people write them."""
    assert run("witness", name).out.startswith("Quol Bi-rak, victim\n")


def test_a_part_of_several_names_is_none_of_them(archive: Path, run: Run) -> None:
    """The control: it is asked which; a name that nobody has brings those that are near."""
    ran = run("witness", "Zam")
    assert (ran.code, ran.out) == (2, "")
    assert "Zam Yong; Zam Yong-soon" in ran.err
    assert "Did you mean" in run("witness", "Zam Yonk").err


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_a_facet_says_what_it_counts_where_that_is_not_the_answer(archive: Path, run: Run, form: str) -> None:
    """Under its own filter it counts what another value would find; others count the answer."""
    for command in (["search", "coal", "--facets"], ["facets", "coal"])[: 1 if form == "markdown" else 2]:
        with_filter = run(*command, "--camp", "14", "--format", form).out
        assert ('"camp": "--camp"' if form == "json" else "as without --camp: what another value would find") in with_filter
        assert "without --period" not in with_filter
        assert "without --camp" not in run(*command, "--format", form).out
