"""Which language a passage is shown in: that of the words that were found, else that of the reader, where there is a version."""

from pathlib import Path

import pytest

from tests.support import made_up
from tests.support.running import ask_program

ENGLISH, KOREAN = "At dusk forty people heard the bell.", "해 질 녘에 마흔 명이 종소리를 들었다."
CLAIM = {"text": "a made-up killing in a square", "status": "asserted", "paragraphs": [1], "topics": ["public-execution"]}
LAYOUTS = {
    "list": ("search",),
    "full": ("search", "--full"),
    "markdown": ("search", "--format", "markdown"),
    "dossier": ("dossier", "--output", "-", "--format", "md"),
    "page": ("dossier", "--output", "-", "--format", "html"),
}


@pytest.fixture(scope="module")
def square(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up record in English with a Korean version and a caveat, and one that has no version."""
    caveat = made_up.note("n1", "caution", "A turnstile is meant.")
    camps = [{"camp": "kwalliso-18", "period": "1985", "as": "prisoner", "basis": "first-hand"}]
    both = made_up.header("NKT-9001", credibility={"notes": [caveat]}, claims=[{"id": "c1", **CLAIM}], camps=camps)
    alone = made_up.header("NKT-9002", claims=[{"id": "c1", **CLAIM}], camps=camps)
    return made_up.collection(
        tmp_path_factory.mktemp("square"),
        made_up.record(both, ENGLISH),
        made_up.record(alone, "No other tongue tells of it."),
        made_up.version("NKT-9001", "ko", KOREAN),
    )


def asked(root: Path, language: str, layout: str, *words: str) -> str:
    """Return what is printed, its lines joined: words stand on several."""
    ran = ask_program(root, "--lang", language, *LAYOUTS[layout], *words)
    assert ran.code == 0, ran.err
    return " ".join(ran.out.replace("|", " ").replace("*", "").replace("<mark>", "").replace("</mark>", "").split())


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("공개처형"), KOREAN),  # by its topic
        (("public", "execution"), KOREAN),
        (("square",), KOREAN),  # in a claim of the archive
        (("--camp", "18"), KOREAN),
        (("--camp", "18", "--language", "en"), ENGLISH),
        (("--camp", "18", "--language", "ko"), KOREAN),
        (("bell",), ENGLISH),  # by its words
        (("종소리",), KOREAN),
    ],
    ids=str,
)
def test_a_reader_of_korean_sees_korean_where_there_is_some(
    square: Path, layout: str, words: tuple[str, ...], shown: str
) -> None:
    """With the mark that says so, and every caveat; words that were looked for are shown where they stand."""
    other = {ENGLISH: KOREAN, KOREAN: ENGLISH}[shown]
    said = asked(square, "ko", layout, *words)
    assert shown in said
    assert other not in said
    assert ("NKT-9001#p1 · ko · " in said) is (shown == KOREAN)
    assert "A turnstile is meant." in said
    if "--language" not in words and words[0] not in {"bell", "종소리"}:
        assert "No other tongue tells of it." in said, "the control: what has no Korean stands in its own language"
        assert ENGLISH in asked(square, "en", layout, *words), "the control: whoever reads English sees the record's own"


def test_comparisons_show_it_too(square: Path) -> None:
    """Row by row, and as they are verified."""
    for form in ("text", "markdown"):
        ran = ask_program(square, "--lang", "ko", "compare", "--camp", "18", "--topic", "public-execution", "--format", form)
        assert "마흔 명" in ran.out
        assert "forty" not in ran.out


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "ris"])
def test_what_programs_read_has_the_words_of_the_record(square: Path, form: str) -> None:
    """In every language the same bytes."""
    korean, english = (ask_program(square, "--lang", code, "search", "--camp", "18", "--format", form) for code in ("ko", "en"))
    assert (korean.code, korean.out) == (english.code, english.out)
    assert "#p1 · ko" not in korean.out


def test_the_next_command_takes_the_language_that_was_shown(square: Path) -> None:
    """Whoever goes on from a Korean hit by the command that is printed below it is not sent to other words."""
    said = ask_program(square, "--lang", "ko", "search", "--camp", "18").out
    assert "testimony show NKT-9001#p1 --language ko" in said


@pytest.mark.parametrize("command", ["show", "cite", "excerpt"])
def test_who_reads_another_language_is_told_of_the_version_in_it(square: Path, command: str) -> None:
    """In one line with the command that prints it; and nothing where it was asked for, or there is none, or no need."""
    told = f"한국어본도 있습니다: testimony {command} NKT-9001#p1 --language ko"
    said = ask_program(square, "--lang", "ko", command, "NKT-9001#p1")
    assert told in said.out + said.err
    printed = ask_program(square, "--lang", "ko", *told.split("testimony ")[1].split())
    assert printed.code == 0
    assert (KOREAN in printed.out) is (command != "cite")
    for language, *arguments in (
        ("ko", "NKT-9001#p1", "--language", "ko"),
        ("ko", "NKT-9001#p1", "--language", "en"),
        ("ko", "NKT-9002#p1"),
        ("en", "NKT-9001#p1"),
        ("en", "NKT-9001#p1", "--language", "ko"),
        ("ko", "NKT-9001#p1", "--format", "json"),
    ):
        quiet = ask_program(square, "--lang", language, command, *arguments)
        assert quiet.code == 0
        assert "--language" not in quiet.out + quiet.err, arguments


def test_who_reads_english_is_told_of_an_english_version(tmp_path: Path) -> None:
    """Of a record in Korean; of a passage that the English does not have, nothing is said."""
    text = {"rendering": "verbatim"}
    head = made_up.header("NKT-9003", language="ko", text=text)
    root = made_up.collection(
        tmp_path,
        made_up.record(head, KOREAN, "종은 두 번 울렸다."),
        made_up.version(
            "NKT-9003", "en", ENGLISH, pairs=[[[2], []]], text={**text, "translated": {"from": "ko", "by": "archive"}}
        ),
    )
    assert ask_program(root, "show", "NKT-9003").out.startswith(
        "Here in English too: testimony show NKT-9003 --language en\n\nNKT-9003  "
    )
    assert "Here in English too: testimony cite NKT-9003#p1 --language en" in ask_program(root, "cite", "NKT-9003#p1").err
    assert "too:" not in ask_program(root, "show", "NKT-9003#p2").out
    assert "본도" not in ask_program(root, "--lang", "ko", "show", "NKT-9003").out
