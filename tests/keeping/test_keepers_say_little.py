"""Keepers' commands name files by path, and print no word of a body and no value of a header but the code.

Whatever is wrong with the file: screens are watched.
"""

import random
from pathlib import Path

import pytest

import interference
import made_up
from archive.authority.authorities import Authorities
from archive.cli import group
from archive.collection import checks
from archive.errors import InvalidTestimony
from archive.reader import read
from examples import daily
from interference import MARK

CODE = "NKT-9101"
PATH = f"testimonies/{CODE}-made-up.md"


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    """The shipped authorities."""
    return read.read_authorities(Path("/nowhere"))


def marked(chance: random.Random, **changes: object) -> str:
    """Return a record with a marked word in every field that can hold one, and in every paragraph."""
    make = interference._Maker(chance.randrange(10**6))  # noqa: SLF001 - the maker of the worlds
    written = make.shut(CODE, **changes)
    return written.replace('"code": "NKT-9001"', '"code": "NKT-9102"').replace("NKT-9001#p1", "NKT-9102#p7")


BREAKING = (
    "{key}: {word} {value}",
    '{key}: "{word}" {value}',
    "{line}\n{line}",
    "{line}\n{word}: {word}\n{word}: {word}",
    "{line}\n{word} : {{{word}: {word}}}",
    "{key}: &{word} {word}",
    "{key}: *{word}",
    "{key}: !{word} {word}",
    '{key}: "{word}',
    "{key}: [{word}, {{{word}",
    "{key}: {{{word}: {word}, level: {word}, name: {word}, {word}: x}}",
    "{key}: [{{{word}: {word}}}, {word}]",
    "{key}: {word}",
    '{key}: "{word}\\x"',
    "{word}",
    "? [{word}]\n: {word}",
    "<<: {{{word}: {word}}}",
    "\t{word}: {word}",
    "{line} {word} \x07",
    "% {word}",
    "{line} <!-- {word} --> <res>{word}",
    "",
    "---",
    "# {line}\n{word} \n \n</an>",
)
"""What may be wrong with a line; a marked word stands wherever a person may have put one."""


def broken(line: str, how: str) -> str:
    """Break a line."""
    key, _, value = line.partition(":")
    return how.format(line=line, key=key, value=value.strip(), word="zqxbroken")


@pytest.mark.parametrize("seed", range(6))
def test_no_fault_repeats_what_is_written(authorities: Authorities, seed: int) -> None:
    """Every line of a record broken in every way that we could think of: every day in half of them, by turns."""
    chance = random.Random(seed)
    lines = marked(chance).split("\n")
    told, ways = 0, daily(BREAKING, seed)
    for number, line in enumerate(lines):
        for how in ways:
            content = "\n".join([*lines[:number], broken(line, how), *lines[number + 1 :]])
            try:
                read.read(content.encode(), PATH, authorities)
            except InvalidTestimony as error:
                told += len(error.faults)
                for fault in error.faults:
                    assert not MARK.search(str(fault)), (number, how, fault)
    assert told > len(lines) * len(ways) / 2


def test_check_and_index_say_no_word_of_any_record(tmp_path: Path, authorities: Authorities) -> None:
    """With sound records and broken ones, closed and public; unbound notes, claims out of time, and broken links."""
    chance = random.Random(1)
    lines = marked(chance).split("\n")
    made_up.put(tmp_path, made_up.record(made_up.header("NKT-9102"), "<an>Zqxname</an> spoke.", "Zqxname stands open."))
    made_up.put(tmp_path, marked(chance, period="1999"))
    made_up.put(tmp_path, marked(chance).replace(CODE, "NKT-9103").replace('"level": "public"', '"level": "closed"'))
    for number, line in enumerate(lines[2:-1], start=2):
        content = "\n".join([*lines[:number], broken(line, chance.choice(BREAKING)), *lines[number + 1 :]])
        content = content.replace(CODE, f"NKT-{9200 + number}")
        made_up.put(tmp_path, content, f"NKT-{9200 + number}-made-up.md")
    report = checks.check(tmp_path)
    assert report.faults
    assert report.warnings
    for arguments in (["check"], ["check", "--bind"], ["index"], ["index", "--rebuild"], ["--clearance", "restricted", "index"]):
        ran = interference.run(tmp_path, arguments)
        assert ran.code == 1
        assert not MARK.search(ran.out + ran.err), MARK.search(ran.out + ran.err)
    ran = interference.run(tmp_path, ["new", "Made up"])
    assert (ran.code, ran.out, ran.err.count("\n")) == (0, f"testimonies/NKT-{9200 + len(lines) - 1}-made-up.md\n", 1)
    ran = interference.run(tmp_path, ["seal", CODE, "--recipient", _recipient()])
    assert ran.code == 0
    assert not MARK.search(ran.out + ran.err)


def _recipient() -> str:
    from pyrage import x25519

    return str(x25519.Identity.generate().to_public())


def test_a_fault_of_the_program_says_where_and_not_what(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What an unforeseen error says may be words of a record."""

    def fails(*_: object, **__: object) -> None:
        message = "zqxword"
        raise KeyError(message)

    monkeypatch.setattr(group.Context, "__init__", fails)
    ran = interference.run(tmp_path, ["check"])
    assert ran.code == 70
    assert "KeyError" in ran.err
    assert not MARK.search(ran.err)
