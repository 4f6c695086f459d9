"""What is said where a person types the word of another program: the option, command or value that is meant."""

import click
import pytest

from archive.cli import _meant as meant
from archive.cli.group import COMMANDS, group
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
    ],
    ids=" ".join,
)
def test_what_is_meant_is_suggested(on_shipped: Run, typed: tuple[str, ...], ours: str) -> None:
    """By meaning where the word is one of another program, and by letters where it is none."""
    ran = on_shipped(*typed)
    assert ran.code != 0
    assert ours in ran.err
    assert "--bom" not in ran.err


def test_the_hint_is_said_in_korean(on_shipped: Run) -> None:
    """What was typed and what is meant stand in it."""
    said = on_shipped("show", "kim yong", "--lang", "ko").err
    assert 'testimony witness "kim yong"' in said
    assert "A person" not in said
    assert "'--period'" in on_shipped("search", "--연도", "1990", "--lang", "ko").err


def test_a_code_that_is_mistyped_is_answered_with_how_codes_are_written(on_shipped: Run) -> None:
    """It has digits, and is nobody's name."""
    assert "Write NKT-0002" in on_shipped("show", "NKT-1x").err


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
