"""What is said where a person types the word of another program: the option, command or value that is meant."""

from pathlib import Path

import click
import pytest

import made_up
from archive.cli import _meant as meant
from archive.cli.group import COMMANDS, group
from archive.errors import BadReference
from archive.record.testimony import reference, reference_meant
from codes_otherwise import CODES_OTHERWISE, NO_CODES
from running import Run


@pytest.mark.parametrize(
    ("typed", "ours"),
    [
        (("search", "coal", "--from", "1990"), "Did you mean '--period'?"),
        (("search", "coal", "--year", "1990"), "Did you mean '--period'?"),
        (("search", "coal", "--place", "14"), "Did you mean '--camp'?"),
        (("search", "coal", "--수용소", "14"), "Did you mean '--camp'?"),
        (("search", "coal", "--author", "Kim"), "Did you mean '--witness'?"),
        (("search", "coal", "--witness-name", "Kim"), "Did you mean '--witness'?"),
        (("search", "coal", "--tag", "hunger"), "Did you mean '--topic'?"),
        (("search", "coal", "--sort-by", "code"), "Did you mean '--sort'?"),
        (("search", "coal", "-n", "3"), "Did you mean '--limit'?"),
        (("search", "coal", "--json"), "Did you mean '--format json'?"),
        (("search", "coal", "--excel"), "Did you mean '--format xlsx'?"),
        (("search", "coal", "--format", "excel"), "Did you mean xlsx?"),
        (("search", "coal", "--format", "word"), "testimony dossier --output answer.docx"),
        (("dossier", "coal", "--out", "a.docx"), "Did you mean '--output'?"),
        (("cite", "NKT-0001", "--translation", "ko"), "Did you mean '--language'?"),
        (("find", "coal"), "Did you mean search?"),
        (("person", "Kim"), "Did you mean witness?"),
        (("serch", "coal"), "Did you mean search?"),
        (("search", "coal", "--perod", "1990"), "'--period'"),
        (("show", "kim yong"), 'testimony witness "kim yong"'),
        (("cite", "kim"), 'testimony search "kim"'),
        (("show", "Kim", "Yong"), 'testimony witness "Kim Yong"'),
        (("show", "Kaechon", "14"), 'testimony search "Kaechon 14"'),
        (("cite", "Kim", "Yong"), 'testimony witness "Kim Yong"'),
        (("show", "NKT-0004", "p3"), "Did you mean testimony show NKT-0004#p3?"),
        (("show", "NKT-4"), "Did you mean NKT-0004?"),
        (("show", "nkt", "4"), "Did you mean NKT-0004?"),
        (("cite", "NKT-0001", "NKT-0004", "p3-5"), "Did you mean NKT-0004#p3-5?"),
        (("cite", "NKT-0004,", "para.", "3"), "Did you mean NKT-0004#p3?"),
        (("compare", "execution"), "Did you mean testimony compare --topic execution?"),
        (("compare", "camp", "14", "public", "execution"), "testimony compare --camp 14 --topic 'public execution'?"),
        (("compare", "장소", "요덕"), "Did you mean testimony compare --camp '요덕'?"),
        (("list", "camp", "14"), "Did you mean testimony list --camp 14?"),
        (("list", "recanted"), "Did you mean testimony list --flag recanted?"),
        (("list", "1990s"), "Did you mean testimony list --period 1990s?"),
        (("list", "camps"), "Did you mean testimony camps?"),
        (("list", "places"), "Did you mean testimony camps?"),
        (("list", "Kim", "Yong"), 'testimony witness "Kim Yong"'),
        (("list", "camp"), 'testimony search "camp"'),
        (("help",), "Did you mean --help?"),
        (("help", "search"), "Did you mean search --help?"),
        (("version",), "Did you mean --version?"),
    ],
    ids=" ".join,
)
def test_what_is_meant_is_suggested(on_shipped: Run, typed: tuple[str, ...], ours: str) -> None:
    """By meaning where the word is one of another program, and by letters where it is none."""
    ran = on_shipped(*typed)
    assert ran.code != 0
    assert ours in ran.err
    assert "--bom" not in ran.err


def test_what_is_suggested_is_called_as_the_program_was(kept: Path, run: Run) -> None:
    """A command without the clearance, or without --shipped, would speak of another answer, or of no collection."""
    called = ("--clearance", "restricted")
    typed = "testimony --clearance restricted"
    assert f"{typed} show NKT-9001" in run(*called, "search", "nkt 9001").out
    assert f"Did you mean {typed} facets?" in run(*called, "list", "facets").err
    assert f'{typed} search "somewords"' in run(*called, "somewords").err
    assert f"write {typed} search -- coal -gold" in run(*called, "search", "coal", "-gold").err
    assert "Did you mean testimony facets?" in run("list", "facets").err, "the control"


def test_the_hint_is_said_in_korean(on_shipped: Run) -> None:
    """What was typed and what is meant stand in it."""
    said = on_shipped("show", "kim yong", "--lang", "ko").err
    assert 'testimony witness "kim yong"' in said
    assert "A person" not in said
    assert "'--period'" in on_shipped("search", "--연도", "1990", "--lang", "ko").err


def test_a_code_that_is_mistyped_is_answered_with_how_codes_are_written(on_shipped: Run) -> None:
    """It has digits, and is nobody's name."""
    assert "Write NKT-0002" in on_shipped("show", "NKT-1x").err


@pytest.mark.parametrize("written", CODES_OTHERWISE)
def test_a_code_that_is_written_otherwise_is_recognised(written: str) -> None:
    """As people and other programs write it; it is suggested, and never taken for the code."""
    assert reference_meant(written, "NKT") == "NKT-0004#p3"
    assert not reference_meant(written, "ABC"), "the code of another archive"
    with pytest.raises(BadReference, match="is not a code"):
        reference(written)


@pytest.mark.parametrize("written", NO_CODES)
def test_what_is_no_code_suggests_none(written: str) -> None:
    """Too many digits, no paragraph, or other words."""
    assert not reference_meant(written, "NKT")


def test_a_code_of_another_archive_is_not_read_as_one_of_this(root: Path, run: Run) -> None:
    """The number alone is no reason: it is another record here."""
    (root / "authorities").mkdir()
    (root / "authorities" / "collection.yaml").write_text(
        '{"name": {"en": "Made up for a test"}, "prefix": "ZZT"}', encoding="utf-8"
    )
    made_up.collection(root, made_up.record(made_up.header("ZZT-0004"), "One word."))
    run("index")
    assert "Did you mean ZZT-0004?" in run("show", "zzt 4").err
    said = run("show", "nkt 4")
    assert (said.code, "Did you mean" in said.err, "ZZT-0004" in said.err) == (2, False, False)


def test_a_hint_makes_no_index(root: Path, run: Run) -> None:
    """Which takes minutes in a large collection: what is not known without one is not suggested."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "One word."))
    assert 'testimony search "execution"' in run("compare", "execution").err
    assert not (root / "index").exists()
    run("index")
    assert "--topic execution?" in run("compare", "execution").err, "the control"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("NKT-4", "NKT-0004"),
        ("nkt 4", "NKT-0004"),
        ("NKT-0004 p3", "NKT-0004#p3"),
        ("hunger NKT-0004", "NKT-0004"),
        ("NKT-0004에서", "NKT-0004"),
    ],
)
def test_a_search_for_a_code_names_what_reads_it(on_shipped: Run, words: str, code: str) -> None:
    """However it is written, where nothing else is asked; of another archive's codes it is no such thing."""
    said = " ".join(on_shipped("search", words).out.split())
    assert f"{code} is a code. Words are searched for; what has a code is read by it: testimony show {code}" in said
    assert "nothing in this collection speaks of it" not in said
    assert "is a code" not in on_shipped("search", words.replace("NKT", "QQX").replace("nkt", "qqx").replace("000", "")).out


def test_a_name_of_several_words_needs_no_quotes(on_shipped: Run) -> None:
    """The page is the same."""
    ran = on_shipped("witness", "Kim", "Yong")
    assert (ran.code, ran.out) == (0, on_shipped("witness", "Kim Yong").out)
    assert "NKT-0004" in ran.out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("search", "--topic", "sleepless"), "Did you mean sleep-deprivation"),
        (("search", "--topic", "고픔"), "Did you mean hunger?"),
        (("search", "--flag", "retracted"), "Did you mean recanted"),
        (("search", "--topic", "공개처형자"), "Did you mean public-execution"),
        (("search", "--topic", "zzz"), "`testimony topics` lists all."),
        (("search", "--kind", "zzz"), "Known: testimony, guard-account"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_a_term_is_suggested_by_the_words_for_it_too(on_shipped: Run, typed: tuple[str, ...], said: str) -> None:
    """Its id is none that people know; where nothing is near, a short list is told, and of topics what lists them."""
    assert said in on_shipped(*typed).err


def test_every_word_means_something_that_there_is() -> None:
    """An option that some command has, a command, and a value that an option takes; and no word is ours already."""
    commands = {name: group.get_command(click.Context(group), name) for name in COMMANDS}
    options = {name for command in commands.values() if command for param in command.params for name in param.opts}
    options |= {name for command in commands.values() if command for param in command.params for name in param.secondary_opts}
    choices = {
        str(value)
        for command in commands.values()
        if command
        for param in command.params
        if isinstance(param.type, click.Choice)
        for value in param.type.choices
    }
    assert set(meant.WORDS_OF_OPTIONS) <= options
    assert set(meant.WORDS_OF_COMMANDS) <= set(COMMANDS)
    assert set(meant.WORDS_OF_VALUES) <= choices
    assert not {word for words in meant.WORDS_OF_COMMANDS.values() for word in words.split()} & set(COMMANDS)
