"""The language of the interface: how it is chosen, what it changes, and what is the same in all of them."""

import re
import shutil
import zipfile
from pathlib import Path

import click
import pytest

from archive.cli._language import localise, requested_language
from archive.cli.group import COMMANDS, group
from archive.formats._date_words import date_in_words
from archive.language.messages import ENGLISH, current_language, in_english, speaking, tr, tr_count
from archive.text import width
from house import NOT_FOR_A_SEARCH
from loading import among, loaded
from running import TOP, Run, run_program

HANGUL = re.compile("[가-힣]")
KOREAN = {"LC_ALL": "ko_KR.UTF-8"}


@pytest.mark.parametrize(
    ("line", "environment", "code"),
    [
        ("search coal", {}, "en"),
        ("--lang ko search coal", {}, "ko"),
        ("search --lang=ko coal", {"LC_ALL": "en_US.UTF-8"}, "ko"),
        ("search coal --lang en", KOREAN, "en"),
        ("--lang ko search --lang en", {}, "en"),
        ("search -- --lang ko", {}, "en"),
        ("search", {"TESTIMONY_LANG": "ko", "LC_ALL": "C"}, "ko"),
        ("search", KOREAN, "ko"),
        ("search", {"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}, "en"),
        ("search", {"LC_ALL": "", "LC_MESSAGES": "ko_KR", "LANG": "de_DE"}, "ko"),
        ("search", {"LC_MESSAGES": "POSIX", "LANG": "ko_KR"}, "en"),
        ("search", {"LANG": "ko"}, "ko"),
        ("search", {"LANG": "fr_FR.UTF-8"}, "en"),
        ("search --lang fr", KOREAN, "ko"),
    ],
)
def test_the_option_stands_above_the_variable_and_that_above_the_locale(
    line: str, environment: dict[str, str], code: str
) -> None:
    """`--lang` before or after the command, `TESTIMONY_LANG`, then what the system says; the last option wins."""
    assert requested_language(line.split(), environment) == code


@pytest.mark.parametrize("arguments", [["--lang", "fr", "stats"], ["stats", "--lang", "fr"]])
def test_a_language_that_is_not_there_is_refused_with_those_that_are(on_shipped: Run, arguments: list[str]) -> None:
    """Whoever asks for French is not answered in English as if it were that."""
    ran = on_shipped(*arguments)
    assert ran.code == 2
    assert not ran.out
    assert "'en', 'ko'" in ran.err


def test_a_variable_with_a_language_that_is_not_there_is_refused_too(on_shipped: Run) -> None:
    """It was set for this program, unlike the locale."""
    ran = on_shipped("stats", TESTIMONY_LANG="fr")
    assert ran.code == 2
    assert "'en', 'ko'" in ran.err


def test_the_locale_of_the_system_is_followed(shipped: Path) -> None:
    """A person in Seoul sets nothing."""
    assert HANGUL.search(run_program(shipped, "--help", **KOREAN).out)
    assert not HANGUL.search(run_program(shipped, "--help", LC_ALL="C").out)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_all_korean_and_fits_eighty_columns(command: str, on_shipped: Run) -> None:
    """Every option and every paragraph; Hangul takes two columns. What stands in English is what is typed."""
    ran = on_shipped(*command.split(), "--help", "--lang", "ko")
    assert ran.code == 0
    explained = ran.out.partition("  예:")[0].splitlines()  # the examples stand as they are typed
    assert all(width(line) <= 80 or "|" in line for line in explained)  # a list of choices is one word
    for line in explained:
        plain = re.sub(r"[\[(]?[\w.-]*--?[\w-]+|\[.*?\]|[A-Za-z0-9_.-]+/|\$?[A-Z0-9_]{2,}|`.*?`|\"", " ", line)
        assert not re.search(r"\b(?:the|of|is|and|or|to|that|for|with)\b", plain), line


@pytest.mark.parametrize("arguments", [["serch"], ["search", "--nothing"], ["show"], ["search", "--limit", "x"], ["schema", "x"]])
def test_errors_of_usage_are_korean(on_shipped: Run, arguments: list[str]) -> None:
    """Also those that Click makes."""
    ran = on_shipped("--lang", "ko", *arguments)
    assert ran.code == 2
    assert ran.err.startswith("사용법: testimony")
    assert all(HANGUL.search(line) for line in ran.err.splitlines()), ran.err


def test_help_in_one_language_leaves_nothing_behind_for_the_next(on_shipped: Run) -> None:
    """One process may serve people of several languages."""
    before = on_shipped("search", "--help").out
    assert HANGUL.search(on_shipped("search", "--help", "--lang", "ko").out)
    assert on_shipped("search", "--help").out == before
    assert not HANGUL.search(before.partition("Examples:")[0])  # an example may be Korean words that are typed
    assert on_shipped("nothing").err.startswith("Usage:")


def test_an_english_search_loads_no_catalogue(shipped: Path) -> None:
    """Click imports `gettext` itself; ours is asked for where the language is another."""
    loaded(shipped, "search", "camp")
    assert "archive.language._catalogue" not in loaded(shipped, "search", "camp")
    korean = loaded(shipped, "--lang", "ko", "search", "camp")
    assert "archive.language._catalogue" in korean
    assert not among(korean, NOT_FOR_A_SEARCH)


def test_a_message_is_filled_after_it_is_looked_up() -> None:
    """Korean puts the places where it wants them, and what is filled in is never read as a template."""
    with speaking("ko"):
        assert tr("there is no command {name!r}. {hint}", name="{hint}", hint="0") == "'{hint}' 명령은 없습니다. 0"
        assert tr_count("{number} passage", "{number} passages", 1) == "구절 1개"
    assert tr_count("{number} passage", "{number} passages", 1) == "1 passage"
    assert tr("a brace { alone") == "a brace { alone"
    with pytest.raises(KeyError), speaking(ENGLISH):
        tr("{missing}", other=1)


def test_what_is_kept_is_made_in_english() -> None:
    """Whatever the person speaks."""
    with speaking("ko"):
        assert in_english(current_language)() == ENGLISH
        assert current_language() == "ko"
    assert current_language() == ENGLISH


def test_an_installation_that_has_lost_its_catalogues_speaks_english(tmp_path: Path) -> None:
    """A person is told in English rather than nothing."""
    shutil.copytree(TOP / "archive", tmp_path / "archive", ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    (tmp_path / "testimonies").mkdir()
    ran = run_program(tmp_path, "--lang", "ko", "--help", here=tmp_path, PYTHONPATH=str(tmp_path))
    assert ran.code == 0
    assert ran.out.startswith("Usage:")


def test_every_command_takes_the_option() -> None:
    """Before or after it."""
    context = click.Context(localise(group))
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        assert "--lang" in {option for each in command.params for option in each.opts}


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "csl-json", "bibtex", "ris"])
def test_machine_formats_are_the_same_bytes_in_every_language(on_shipped: Run, form: str) -> None:
    """Keys, ids, labels and citations are a contract; so are the messages beside them, and the exit code."""
    arguments = ["search", "camp", "--limit", "5", "--format", form]
    assert on_shipped(*arguments, "--lang", "ko") == on_shipped(*arguments)


EVERYTHING = [
    ["search", "공개처형", "--limit", "4", "--facets"],
    ["search", "forced", "labour", "--list", "--period", "1990/1999"],
    ["search", "camp", "--full", "--limit", "3"],
    ["search", "zzzz"],
    ["list", "--camp", "14"],
    ["show", "NKT-0001"],
    ["show", "NKT-0001", "--versions"],
    ["show", "NKT-0004#p1-2", "--language", "ko"],
    ["show", "NKT-0004#p1-2", "--parallel"],
    ["witness", "Kang Chol-hwan"],
    ["excerpt", "NKT-0004#p2"],
    ["camps", "18"],
    ["camps", "--conflicts"],
    ["camps"],
    ["compare", "--camp", "14", "--topic", "execution"],
    ["stats"],
    ["facets"],
    ["doctor"],
    ["check"],
    ["verify", "NKT-0001#p4 sha256:0000000000000000"],
]
_ENGLISH = re.compile(
    r"\b(?:no caveat|caveats?:|in force|speaks of|undated|first-hand|claimed|passages?|(?<!`)testimon(?:y|ies)|searched|"
    r"Understood|Cite|source graded|Recorded|Left out|known since)\b"
)

_HEADINGS = re.compile(r"\b(?:SUMMARY|TRANSLATION|OWN WORDS|CAVEATS|SOURCES)\b|^ *(?:Paragraph|Cite:|Source:|Kind:)")


def folded(said: str) -> str:
    """Return a text without the ends of its lines: the same words stand in other lines where a label before them is longer."""
    return " ".join(said.split())


@pytest.mark.parametrize("arguments", EVERYTHING, ids=" ".join)
def test_what_the_program_says_is_korean_everywhere(on_shipped: Run, arguments: list[str]) -> None:
    """Labels, headings and messages; what the archive holds, and citations, stay as they are written."""
    korean, english = on_shipped(*arguments, "--lang", "ko"), on_shipped(*arguments)
    assert korean.code == english.code
    assert HANGUL.search(korean.out + korean.err)
    held = folded(english.out + english.err)
    for line in (korean.out + korean.err).splitlines():
        assert not _HEADINGS.search(line), line
        if not HANGUL.search(line) and not line.strip().startswith(("testimony", "NKT-", "|")):
            assert folded(line) in held or not _ENGLISH.search(line), line


_NAMED = re.compile(r"\{text: ([가-힣 ]+), language: ko\}")


def test_a_witness_is_named_first_as_in_the_language_of_the_person(on_shipped: Run, shipped: Path) -> None:
    """강철환 is whom a person who reads Korean looks for; the name of the record stands behind, and alone in English."""
    named = {
        record.name[:8]: written[1]
        for record in sorted((shipped / "testimonies").glob("NKT-*.md"))
        if (written := _NAMED.search(record.read_text(encoding="utf-8").partition("\ncamps:")[0]))
    }
    assert len(named) > 20
    korean, english = (
        {
            row[1]: row[0].lstrip(" 0123456789")
            for line in on_shipped("list", "--lang", language).out.splitlines()
            if (row := re.match(r"[0-9]+ +(NKT-[0-9]{4}) .*", line))
        }
        for language in ("ko", "en")
    )
    for code, name in named.items():
        assert re.match(rf"{code}  {name}\([^)]+\)", korean[code])
        assert not HANGUL.search(english[code])


@pytest.mark.parametrize("arguments", [*EVERYTHING[:3], *EVERYTHING[5:9]], ids=" ".join)
def test_codes_marks_and_statements_are_those_of_every_language(on_shipped: Run, arguments: list[str]) -> None:
    """A translated list holds the same passages, the same notes and the same hashes."""
    # A search shows a reader of Korean what stands in Korean, which has a hash of its own.
    words = r"|sha256:[0-9a-f]{16}" if arguments[0] != "search" else ""
    marks = re.compile(rf"NKT-[0-9]{{4}}(?:#p[0-9]+)?|\bn[0-9]+:[0-9a-f]{{8}}{words}")
    korean, english = on_shipped(*arguments, "--lang", "ko").out, on_shipped(*arguments).out
    # What leads to the version in Korean is said to who reads Korean alone.
    korean = "\n".join(line for line in korean.splitlines() if not line.startswith("한국어본도 있습니다: "))
    assert sorted(marks.findall(korean)) == sorted(marks.findall(english))


@pytest.mark.parametrize(
    "arguments", [["search", "coal"], ["excerpt", "NKT-0001#p4"], ["show", "NKT-0010"], ["cite", "NKT-0003#p3"]]
)
@pytest.mark.parametrize("reader", ["en", "ko"])
def test_what_was_printed_in_korean_can_be_verified(on_shipped: Run, tmp_path: Path, arguments: list[str], reader: str) -> None:
    """Its citations are the same in every language; whoever verifies may speak another one."""
    paper = tmp_path / "paper.txt"
    paper.write_text(on_shipped(*arguments, "--lang", "ko").out, encoding="utf-8")
    ran = on_shipped("verify", str(paper), "--lang", reader)
    assert ran.code == 0, ran.out
    paper.write_text(paper.read_text(encoding="utf-8").replace("sha256:", "sha256:0"), encoding="utf-8")
    assert on_shipped("verify", str(paper), "--lang", reader).code == 1, "the control: another hash"


def test_a_document_is_verified_alike_in_both_languages(on_shipped: Run, tmp_path: Path) -> None:
    """What an English document prints is held against English, whatever the reader speaks."""
    paper = tmp_path / "paper.txt"
    paper.write_text(on_shipped("excerpt", "NKT-0001#p4").out, encoding="utf-8")
    assert on_shipped("verify", str(paper), "--lang", "ko").code == 0
    altered = paper.read_text(encoding="utf-8").replace("! RECANTED:", "! MISQUOTED:")
    paper.write_text(altered, encoding="utf-8")
    korean = on_shipped("verify", str(paper), "--lang", "ko")
    assert korean.code == on_shipped("verify", str(paper)).code == 1
    assert "문서에" in korean.out


def test_dates_are_written_as_koreans_write_them() -> None:
    """A year, a day, a decade, about, and a span."""
    with speaking("ko"):
        assert date_in_words("1996-05-03") == "1996년 5월 3일"
        assert date_in_words("199X/2001-02~") == "1990년대~2001년 2월경"
        assert date_in_words("../1982?") == "1982년(추정)까지"
        assert date_in_words("XXXX") == "시기 미상"
    assert date_in_words("199X/2001-02~") == "1990s to about 2001-02"


DOCUMENTS = [
    *((*each, "--format", "markdown") for each in (["search", "coal", "--facets"], ["compare", "--camp", "18"])),
    *(("show", "NKT-0004", "--format", form) for form in ("markdown", "html")),
    *(("show", "NKT-0004", "--language", "ko", "--parallel", "--format", form) for form in ("markdown", "html")),
    *(("dossier", "coal", "--limit", "3", "--output", "-", "--format", form) for form in ("md", "html")),
]
_FRAME = re.compile(
    r"\b(?:Caveat:|Cite:|Address:|Cite the record|Content warning|In full (?:above|at)|of the whole record|information graded|"
    r"Speaks|Recorded|Paragraph [0-9]|Works cited|What was|The testimonies|Rejected\.|not in this version|No caveat|"
    r"claim (?:asserted|maintained)|first-hand|as prisoner|\(victim|camp and vantage|passages? in [0-9]|Searched [0-9]|"
    r"Understood)"
)
_NO_FRAME = (
    re.compile(r"<(cite|style|span lang=.en.).*?</(?:cite|style|span)>", re.DOTALL),
    re.compile(r"(?m)^(?:이 기록의 )?인용: .*"),
)
"""What is English in every language: in a page what it says to be so, in Markdown the citations."""
_MARKS = re.compile(r"NKT-[0-9]{4}#p[0-9]+ · (?:ko · )?[0-9-]{10} · sha256:[0-9a-f]{16}(?: · notes [^<\n]+)?")


@pytest.mark.parametrize("question", DOCUMENTS, ids=" ".join)
def test_the_frame_of_a_document_is_korean_and_its_marks_are_those_of_every_language(
    on_shipped: Run, question: tuple[str, ...]
) -> None:
    """Headings, labels and sentences; citations stay English, and say what they say in every language."""
    korean, english = on_shipped(*question, "--lang", "ko"), on_shipped(*question)
    assert (korean.code, english.code) == (0, 0)
    frame = korean.out
    for pattern in _NO_FRAME:
        frame = pattern.sub("", frame)
    assert not _FRAME.findall(frame)
    assert len(_FRAME.findall(english.out)) > 5, "the control: English has them"
    references = [{mark[: mark.index(" ")] for mark in _MARKS.findall(out)} for out in (korean.out, english.out)]
    assert references[0] == references[1]
    assert references[0]


def test_a_page_says_which_words_are_in_which_language(on_shipped: Run) -> None:
    """Its own are Korean; the summary in English, its title and its citation are English, also for who listens to it."""
    page = on_shipped("show", "NKT-0004#p3", "--format", "html", "--lang", "ko").out
    assert '<html lang="ko">' in page
    assert '<blockquote lang="en">' in page
    assert re.search(r"<h1>NKT-0004 <span lang=.en.>[^<가-힣]+</span></h1>", page)
    assert re.search(r"<cite><span lang=.en.>Testimony Archive", page)
    english = on_shipped("show", "NKT-0004#p3", "--format", "html").out
    assert '<html lang="en">' in english
    assert "<span lang" not in english
    korean = on_shipped("show", "NKT-0004#p3", "--format", "html", "--lang", "ko", "--language", "ko").out
    assert '<blockquote lang="ko">' in korean


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_a_file_of_a_word_processor_says_which_words_are_in_which_language(on_shipped: Run, tmp_path: Path, form: str) -> None:
    """Korean with Hangul, English with Latin letters, whichever is the language of the frame."""
    pytest.importorskip("pypandoc")
    named = {"docx": ("word/document.xml", r'<w:lang [^/]*"(en|ko-KR)"'), "odt": ("content.xml", r'fo:language="(en|ko)"')}
    for code, other in (("en", "ko"), ("ko", "en")):
        file = tmp_path / f"{code}.{form}"
        question = ("dossier", "강제노동", "--camp", "18", "--output", str(file), "--lang", code)
        assert on_shipped(*question).code == 0
        inside, pattern = named[form]
        with zipfile.ZipFile(file) as package:
            said = set(re.findall(pattern, package.read(inside).decode()))
        assert {each[:2] for each in said} == {other}


MACHINES = [
    "list --camp 14",
    "show NKT-0001",
    "witness Shin",
    "camps 18",
    "camps --conflicts",
    "compare --camp 14",
    "stats",
    "facets",
]


@pytest.mark.parametrize("asked", [*MACHINES, "doctor", "verify NKT-0001#p4", "excerpt NKT-0001#p3", "cite NKT-0001"])
def test_json_is_the_same_bytes_in_every_language(on_shipped: Run, asked: str) -> None:
    """Of every command that has it."""
    arguments = [*asked.split(), "--format", "json"]
    assert on_shipped(*arguments, "--lang", "ko") == on_shipped(*arguments)
