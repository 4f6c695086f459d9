"""The program as a person meets it: exit codes, one clear sentence, help with examples, completion."""

import inspect
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

import made_up
import source_files
import word_files
from archive.cli._language import localise
from archive.cli._options import Option
from archive.cli.group import COMMANDS, group
from disk import copied
from examples import TIMES
from running import TOP, Run, ask_program, run_program

USAGE = 2


def test_a_missing_collection_says_what_to_do(tmp_path: Path) -> None:
    """No folder, no traceback."""
    ran = run_program(tmp_path, "search", "coal")
    assert ran.code == 10
    assert "there is no folder 'testimonies'" in ran.err
    assert "--root" in ran.err


def test_an_empty_collection_says_what_to_do(root: Path, run: Run) -> None:
    """An empty folder is no empty answer."""
    (root / "testimonies").mkdir()
    ran = run("search", "coal")
    assert ran.code == 11
    assert "testimony new" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("search", "--camp", "Yodock"), "Did you mean Yodok"),
        (("search", "--camp", "Kaechon"), "may mean 4 facilities"),
        (("search", "--flag", "recantd"), "Did you mean recanted"),
        (("search", "--topic", "hungr"), "Did you mean hunger"),
        (("search", "--kind", "survay"), "Did you mean survey"),
        (("search", "--reliability", "G"), "Known: A, B, C, D, E, F"),
        (("search", "--period", "yesterday"), "is no date"),
        (("search", "--period", "2005/1999"), "ends before it begins"),
        (("search", "--period", "1XXX"), "century that is not known"),
        (("search", "--period", "1995-02-29"), "never was"),
        (("search", "--period", "XXXX-05"), "is no period"),
        (("search", "--recorded", "{1985,1995}"), "means several dates"),
        (("search", 'coal "mine'), "quotation mark is not closed, at character 6"),
        (("search", "--facets", "--format", "csv"), "cannot be written as csv"),
        (("search", "--format", "xml"), "xml"),
        (("search", "--limit", "0"), "--limit"),
        (("show", "NKT-0091"), "Did you mean NKT-00"),
        (("show", "NKT-0001#p99"), "has no paragraph 99"),
        (("show", "rubbish"), "is not a code"),
        (("search", "--code", "NKT-0091"), "Did you mean NKT-00"),
        (("search", "code:NKT-0091"), "Did you mean NKT-00"),
        (("excerpt", "NKT-0001"), "names no paragraph"),
        (("cite", "NKT-0001#p0"), "names no paragraph"),
        (("camps", "Atlantis"), "no facility is called"),
        (("nonsense",), "nonsense"),
    ],
)
def test_wrong_usage_is_code_2_and_says_what_is_near(on_shipped: Run, arguments: tuple[str, ...], said: str) -> None:
    """A person can mend what they typed; nothing is printed as if it were an answer."""
    ran = on_shipped(*arguments)
    assert ran.code == USAGE, ran
    assert said in " ".join(ran.err.split())
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_broken_files_are_named_by_check_and_index_and_counted_by_search(root: Path, run: Run) -> None:
    """An unreadable, malformed or duplicate record never hides the others."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "Coal."))
    made_up.put(root, "no header\n", "NKT-9002-broken.md")
    made_up.put(root, made_up.record(made_up.header("NKT-9003", kind="x")))
    made_up.put(root, b"\xff", "NKT-9004-bytes.md")
    made_up.put(root, made_up.record(made_up.header("NKT-9005")), "NKT-9005-a.md")
    made_up.put(root, made_up.record(made_up.header("NKT-9005"), "Other words."), "NKT-9005-b.md")
    made_up.put(root, "x", "notes.txt")
    (root / "testimonies" / "NKT-9006-link.md").symlink_to(root / "testimonies" / "NKT-9001-made-up.md")
    (root / "testimonies" / "README.md").write_text("Passed over.")
    os.mkfifo(root / "testimonies" / "NKT-9007-fifo.md")
    search = run("search", "coal")
    assert search.code == 0
    assert "NKT-9001#p1" in search.out
    assert "8 files could not be read" in search.err
    assert "searched 1 of 9 testimonies" in " ".join(search.out.split())
    for command in ("check", "index"):
        ran = run(command)
        assert ran.code == 1
        named = {line.split(":")[0].rpartition("/")[2] for line in ran.out.splitlines() if line}
        assert named == {
            "NKT-9002-broken.md",
            "NKT-9003-made-up.md",
            "NKT-9004-bytes.md",
            "NKT-9005-a.md",
            "NKT-9005-b.md",
            "NKT-9006-link.md",
            "NKT-9007-fifo.md",
            "notes.txt",
        }
        assert all(re.match(r"testimonies/[\w.-]+:\d+: \w+: ", line) for line in ran.out.splitlines())


def test_search_makes_and_refreshes_the_index_and_says_so_on_standard_error(root: Path, run: Run) -> None:
    """Only when something has changed, and never on standard output."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "Coal."))
    assert "made the index: 1 testimony" in run("search", "coal").err
    assert run("search", "coal").err == ""
    made_up.put(root, made_up.record(made_up.header("NKT-9002"), "Coal too."))
    ran = run("search", "coal", "--count")
    assert "refreshed the index: 2 testimonies" in ran.err
    assert ran.out == "2 passages in 2 testimonies\n"


def test_a_count_is_a_document_where_one_is_asked_for(root: Path, run: Run) -> None:
    """The same as without the option, but for the hits; a format that has no place for totals is refused."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "Coal.", "More coal.", "None."))
    counted = json.loads(run("search", "coal", "--count", "--format", "json").out)
    whole = json.loads(run("search", "coal", "--format", "json").out)
    assert counted["total"] == {"passages": 2, "testimonies": 1, "words": 2, "claims": 0, "topics": 0, "of_works": 0, "citing": 0}
    assert len(whole["hits"]) == 2
    assert counted == {**whole, "hits": []}
    for form in ("jsonl", "csv", "markdown", "csl-json", "bibtex", "ris"):
        ran = run("search", "coal", "--count", "--format", form)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == f"Error: --count cannot be written as {form}\nUse --format json or text.\n"


def test_a_collection_that_cannot_be_written_to_is_searched_in_memory(root: Path, run: Run) -> None:
    """And the person is told."""
    made_up.collection(root, made_up.record(made_up.header("NKT-9001"), "Coal."))
    (root / "index").write_text("a file where the folder should be")
    ran = run("search", "coal")
    assert ran.code == 0
    assert "searching in an index in memory" in ran.err
    assert "NKT-9001#p1" in ran.out


def test_a_closed_pipe_is_respected(shipped: Path) -> None:
    """`| head` ends the program without a word."""
    command = f"{shlex.quote(sys.executable)} -m archive --root {shlex.quote(str(shipped))} search --all | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False, cwd=TOP)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_output_is_utf8_whatever_the_locale(shipped: Path) -> None:
    """Hangul does not end in an error where the locale is C."""
    ran = run_program(shipped, "camps", "15", LC_ALL="C", LANG="C", PYTHONIOENCODING="", PYTHONUTF8="0")
    assert ran.code == 0
    assert "요덕" in ran.out


def test_an_unforeseen_error_is_one_line_and_no_traceback(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of the program says so, with its place."""
    from archive.cli import group

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(group.Context, "__init__", broken)
    with pytest.raises(SystemExit) as stopped:
        group.main(["search", "coal"])
    assert stopped.value.code == 70
    told = capsys.readouterr().err
    assert told.startswith("Error: ZeroDivisionError")
    assert "fault of the program" in told
    assert "Traceback" not in told


WRITING = (
    *("new", "check", "note", "manifest", "bag", "export", "authority"),
    *("edit", "set", "rebind", "claim", "relate", "open", "close", "withdraw"),
)
"""Commands whose examples write: they are run on a copy."""


RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
  <skos:Concept rdf:about="https://example.org/made-up"><skos:prefLabel xml:lang="en">Made up</skos:prefLabel></skos:Concept>
</rdf:RDF>
"""


def with_keys(folder: Path) -> tuple[Path, dict[str, str]]:
    """Make a collection of three records with the keys that the examples speak of."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    (folder / "key.txt").write_text(f"# made up for a test\n{identity}\n")
    (folder / "keepers.txt").write_text(f"# made up for a test\n{identity.to_public()}\n")
    root = made_up.collection(folder, *(made_up.record(made_up.header(f"NKT-000{number}")) for number in (7, 8, 9)))
    given = {name: str(folder / name) for name in ("key.txt", "keepers.txt")}
    return root, {"age1…": str(identity.to_public()), **given}


def with_a_name(root: Path, _: Path) -> Path:
    """Make a collection of which a record and its version name a person."""
    mill, name_of = "It was in the house by the mill.", made_up.record(made_up.header("NKT-0008"), "Kim Made-up saw it.")
    made_up.collection(root, made_up.record(made_up.header("NKT-0007"), mill), name_of)
    made_up.put(root, made_up.version("NKT-0008", "ko", "김가명이 그것을 보았다."))
    return root


def with_interviews(root: Path, here: Path) -> Path:
    """Make a collection, and interviews where the person is."""
    (here / "interviews").mkdir()
    for file, content in {"interviews/a.srt": source_files.SRT, "interview.vtt": source_files.VTT}.items():
        (here / file).write_bytes(content)
    (here / "interview.docx").write_bytes(source_files.word())
    made_up.collection(root, made_up.record(made_up.header("NKT-0001")))
    assert ask_program(root, "export", "--format", "jsonl", "--output", str(here / "export.jsonl")).code == 0
    return root


def with_translation(root: Path, here: Path) -> Path:
    """Make a collection, and a translation of its record where the person is."""
    own, theirs = (
        ("They worked from 1996 to 1999.", "There were 3 shafts."),
        ("1996년부터 1999년까지 일하였다.", "갱이 3개 있었다."),
    )
    (here / "korean.docx").write_bytes(word_files.docx(*map(word_files.paragraph, theirs)))
    return made_up.collection(root, made_up.record(made_up.header("NKT-0001"), *own))


def to_publish(root: Path, _: Path) -> Path:
    """Make a collection with few camps and topics, of which an edition is made in a moment."""
    return made_up.collection(made_up.few_authorities(root), made_up.record(made_up.header("NKT-0001")))


MADE_UP = {"redact": with_a_name, "import": with_interviews, "align": with_translation, "publish": to_publish}
"""What the examples of some commands need in place of the shipped archive."""


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_in_the_help_of_every_command_work(
    on_shipped: Run, shipped: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two or more, or one where there is nothing to give; each run as it is printed, in a folder of its own."""
    helped = on_shipped(name, "--help")
    assert helped.code == 0
    examples = [line.strip() for line in helped.out.partition("Examples:")[2].splitlines() if line.strip()]
    assert len(examples) >= (1 if name in {"forget", "assist"} else 2)  # they take nothing
    root = shipped
    given: dict[str, str] = {}
    here = tmp_path / "here"
    here.mkdir()
    if name in WRITING:
        copied(shipped, here)
        root = here
    if name == "verify":
        (here / "paper.md").write_text(on_shipped("excerpt", "NKT-0002#p1", "--format", "markdown").out, encoding="utf-8")
        (here / "references.bib").write_text(on_shipped("cite", "NKT-0002#p2", "--format", "bibtex").out, encoding="utf-8")
        assert on_shipped("dossier", "--camp", "14", "--output", str(here / "report.docx")).code == 0
    if name == "basket":
        assert ask_program(root, "search", "camp", here=here).code == 0  # whose numbers the first example takes
    if name == "authority":
        (here / "topics.ttl").write_text(on_shipped("topics", "--format", "skos").out, encoding="utf-8")
        (here / "thesaurus.rdf").write_text(RDF, encoding="utf-8")
    if name in {"seal", "unseal", "reseal", "backup"}:
        root, given = with_keys(tmp_path)
        if name in {"unseal", "reseal"}:
            for code in ("NKT-0007", "NKT-0008"):
                assert ask_program(root, "seal", code, "--recipient", given["age1…"]).code == 0
    if name in MADE_UP:
        root = MADE_UP[name](tmp_path, here)
    monkeypatch.setenv("VISUAL", "true")  # an editor that changes nothing
    for example in examples:
        program, *arguments = [given.get(word, word) for word in shlex.split(example.partition(" > ")[0])]
        assert program == "testimony"
        ran = ask_program(root, *arguments, here=here)
        assert ran.code == 0, (example, ran)
        assert (
            ran.out
            or name in {"index", "check", "manifest", "basket", "forget", "edit", "rebind", "assist", "watch"}
            or "--output" in arguments
        )


def test_the_list_of_commands_needs_none_of_them(on_shipped: Run) -> None:
    """Every command has its line in the list."""
    helped = on_shipped("--help").out
    for name in COMMANDS:
        assert re.search(rf"^  {name}  +\w", helped, re.MULTILINE)


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_help_of_an_option_is_written_as_it_is_printed(name: str) -> None:
    """So that nothing has to fold it: an option of Click's own would load `inspect` for that at each start."""
    command = group.get_command(click.Context(group), name) if name else localise(group)
    assert command is not None
    options = [each for each in command.get_params(click.Context(command)) if not isinstance(each, click.Argument)]
    assert options
    for each in options:
        assert isinstance(each, Option), each.name
        assert each.help == inspect.cleandoc(str(each.help)), each.name


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_for_three_shells(shipped: Path, shell: str) -> None:
    """Click writes them; the name of the variable is that of the program."""
    ran = run_program(shipped, _TESTIMONY_COMPLETE=f"{shell}_source")
    assert ran.code == 0
    assert "_TESTIMONY_COMPLETE" in ran.out


def completed(root: Path, words: str) -> set[str]:
    """Return what bash is offered after some words."""
    ran = run_program(
        root,
        _TESTIMONY_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split(" ")) - 1),
        TESTIMONY_ROOT=str(root),
    )
    assert ran.code == 0, ran
    return {line.partition(",")[2] for line in ran.out.splitlines() if line}


def test_completion_offers_commands_camps_flags_and_codes(on_shipped: Run, shipped: Path) -> None:
    """From the last index, without making one."""
    assert "search" in completed(shipped, "testimony se")
    assert "Yodok" in completed(shipped, "testimony search --camp Yo")
    assert "kwalliso-14" in completed(shipped, "testimony search --camp kwalliso-1")
    assert "recanted" in completed(shipped, "testimony search --flag rec")
    assert "NKT-0001" in completed(shipped, "testimony show NKT-000")


def test_completion_without_an_index_is_silent(root: Path) -> None:
    """A shell that completes must not build, print or fail."""
    (root / "testimonies").mkdir()
    assert completed(root, "testimony show NKT") == set()
    assert not (root / "index").exists()


@pytest.mark.parametrize(
    "command", [("facets",), ("stats",), ("camps",), ("camps", "14"), ("cite", "NKT-0001#p1", "NKT-0002"), ("show", "NKT-0001")]
)
def test_every_reading_command_writes_json_with_the_schema(on_shipped: Run, command: tuple[str, ...]) -> None:
    """One document on standard output, nothing else."""
    ran = on_shipped(*command, "--format", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["schema"] == 1


def test_context_prints_the_paragraphs_around(on_shipped: Run) -> None:
    """Up to the borders of the record."""
    shown = on_shipped("show", "NKT-0001#p2", "--context", "1").out
    assert [f"NKT-0001#p{number}" in shown for number in (1, 2, 3)] == [True, True, True]
    assert "\nNKT-0001#p4\n" not in shown


def test_the_json_schema_is_a_document(on_shipped: Run) -> None:
    """With the terms of this collection."""
    assert json.loads(on_shipped("schema").out)["$schema"].startswith("https://json-schema.org/")


CLOSED = [
    (asked, closed)
    for asked in ("search coal", "--version", "search 'coal'~", "index --rebuild")
    for closed in (">&-", "2>&-", ">&- 2>&-")
]
"""What is asked where a stream is closed: every other one a day, so that each command is asked, and each stream closed, twice."""


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX closes streams")
@pytest.mark.parametrize(("asked", "closed"), CLOSED if TIMES > 1 else CLOSED[::2])
def test_a_stream_that_is_closed_is_printed_to_in_vain(kept: Path, run: Run, asked: str, closed: str) -> None:
    """No traceback, the exit code as ever, and no file that is opened takes the place of the stream."""
    program = f"{shlex.quote(sys.executable)} -m archive --root {shlex.quote(str(kept))} {asked}"
    ran = subprocess.run(["/bin/sh", "-c", f"{program} {closed}"], capture_output=True, text=True, check=False, cwd=TOP)
    assert "Traceback" not in ran.stdout + ran.stderr
    assert ran.returncode == run(*shlex.split(asked)).code < 70


@pytest.mark.parametrize("arguments", [("search", "coal", "--all"), ("search", "--count", "coal"), ("--help",), ("check",)])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to write to")
def test_a_full_disk_under_the_output_is_told_and_no_defect(kept: Path, arguments: tuple[str, ...]) -> None:
    """Nobody takes half an answer for the whole."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "archive", "--root", str(kept), *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
            cwd=TOP,
        )
    assert done.returncode == 15
    told = [line for line in done.stderr.splitlines() if not line.startswith("testimony: ")]
    assert told == ["Error: the output cannot be written: No space left on device", "What has been written is not whole."]


def test_a_word_to_leave_out_is_not_taken_for_an_option_without_a_remedy(on_shipped: Run) -> None:
    """The message says how it is written, and both ways work."""
    ran = on_shipped("search", "hunger", "-gold")
    assert ran.code == USAGE
    assert "testimony search -- coal -gold, or put the words in quotes" in ran.err
    counts = {on_shipped("search", "--count", *words).out for words in (("--", "hunger", "-gold"), ("hunger -gold",))}
    assert len(counts) == 1
    assert not counts.pop().startswith("0 ")


def test_what_a_person_typed_reaches_the_terminal_harmless_too(on_shipped: Run) -> None:
    """Pasted from somewhere, it is shown and not obeyed."""
    for arguments in (("search", "--sort", "\x1b]0;x\x07"), ("search", "--\x1b[2Jx"), ("show", "\x1b[2J"), ("\x1b[2J",)):
        ran = on_shipped(*arguments)
        assert ran.code == USAGE
        assert "\x1b" not in ran.err + ran.out


def test_a_date_prints_nothing_before_the_json(on_shipped: Run) -> None:
    """The library that reads dates prints what it cannot make."""
    ran = on_shipped("search", "--period", "2000-XX/2012", "--format", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["schema"] == 1


def test_what_has_no_date_is_told_where_a_time_leaves_it_out(root: Path, run: Run) -> None:
    """In the text by the option, in JSON as a number."""
    made_up.collection(
        root,
        made_up.record(made_up.header("NKT-9001", recorded={"date": "XXXX"}), "A zebra."),
        made_up.record(made_up.header("NKT-9002", period="XXXX-XX-XX"), "A zebra."),
        made_up.record(made_up.header("NKT-9003", period="1996"), "A zebra."),
    )
    assert "Left out by --recorded: 1 undated passage." in " ".join(run("search", "zebra", "--recorded", "2001").out.split())
    assert "Left out by --period: 2 undated passages." in " ".join(run("search", "zebra", "--period", "1996").out.split())
    both = run("search", "zebra", "--period", "1996", "--recorded", "2001")
    assert "Left out by --period and --recorded: 2 undated passages." in " ".join(both.out.split())
    assert "undated" in run("show", "NKT-9002").out
    assert json.loads(run("search", "zebra", "--recorded", "2001", "--format", "json").out)["undated_left_out"] == 1


@pytest.mark.parametrize("asked", [["search", "요덕"], ["compare", "--camp", "15"]], ids=" ".join)
def test_csv_begins_with_a_mark_where_excel_is_to_read_it(on_shipped: Run, asked: list[str]) -> None:
    """Excel takes UTF-8 for the code page of the system where no mark stands before it; nobody else wants one."""
    plain, marked = on_shipped(*asked, "--format", "csv").out, on_shipped(*asked, "--bom", "--format", "csv").out
    assert marked == "\ufeff" + plain
    refused = on_shipped(*asked, "--bom", "--format", "json")
    assert refused.code == USAGE
    assert "--format csv" in refused.err


def test_a_title_that_is_no_text_is_a_usage_error(on_shipped: Run, tmp_path: Path) -> None:
    """It was written to pandoc, which refused the whole document and was to be reported."""
    ran = on_shipped("dossier", "coal", "--title", "caf\udce9", "--output", str(tmp_path / "x.docx"))
    assert ran.code == USAGE
    assert "no text in UTF-8" in ran.err
