"""The documentation runs: every console block, the command reference, every link.

``UPDATE_DOCS=1 pytest -n0 tests/test_docs.py`` writes the blocks and the reference
anew from what the program prints; read the difference before you keep it.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from archive.authority.authorities import Authorities
from archive.cli.group import COMMANDS, SUMMARIES
from archive.reader import read
from disk import copied
from house import FLOORS
from running import TOP, Ran, Run, ask_program, run_program

PAGES = sorted([TOP / "README.md", *(TOP / "docs").rglob("*.md"), TOP / "CHANGELOG.md", TOP / "index" / "README.md"])
BLOCK = re.compile(r"```console\n(.*?)```\n", re.DOTALL)
TODAY = re.compile(r"(?<=as printed on )[0-9-]{10}")
"""The day of the last answer, which on a page is the day on which the page was written."""
UPDATE = os.environ.get("UPDATE_DOCS") == "1"
if UPDATE and "PYTEST_XDIST_WORKER" in os.environ:
    pytest.exit("two tests at once would write one page: UPDATE_DOCS=1 pytest -n0 tests/test_docs.py", returncode=1)


def session(block: str, ask: Callable[..., Ran]) -> str:
    """Run the commands of a console block one after another; gives the block as it should read."""
    shown = []
    for line in block.splitlines():
        if line.startswith("$ "):
            program, *arguments = shlex.split(line[2:])
            assert program == "testimony", line
            ran = ask(*arguments)
            shown += [line, *ran.out.splitlines(), *TODAY.sub("2026-11-29", ran.err).splitlines()]
    return "\n".join(shown) + "\n"


SESSIONS = [page for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))]


def test_there_are_pages_with_a_session() -> None:
    """The README is one; else the test below would show nothing."""
    assert TOP / "README.md" in SESSIONS


@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: str(page.relative_to(TOP)))
def test_console_blocks_show_what_the_program_prints(page: Path, shipped: Path, tmp_path: Path) -> None:
    """A newcomer sees on the screen what stands on the page; what is on the first page in processes of their own."""
    ask = partial(run_program if page == TOP / "README.md" else ask_program, copied(shipped, tmp_path / "archive"))
    written = page.read_text(encoding="utf-8")
    ran = BLOCK.sub(lambda found: f"```console\n{session(found[1], ask)}```\n", written)
    assert "\n0 passages" not in ran, "an example that finds nothing shows nothing"
    if UPDATE:
        page.write_text(ran, encoding="utf-8")
    else:
        assert ran == written


def reference(on_shipped: Run) -> str:
    """Write the command reference from the help of every command."""
    lines = ["# Commands", "", "Written from the program's own help; `testimony COMMAND --help` prints the same.", ""]
    lines += ["| command | what it does |", "| --- | --- |"]
    lines += [f"| [`{name}`](#{name}) | {SUMMARIES[name]} |" for name in COMMANDS]
    for name in ("", *COMMANDS):
        lines += ["", f"## {name or 'testimony'}", "", "```text"]
        lines += on_shipped(*([name] if name else []), "--help", COLUMNS="100").out.rstrip().splitlines()
        lines += ["```"]
    return "\n".join(lines) + "\n"


def test_the_command_reference_is_that_of_the_program(on_shipped: Run) -> None:
    """No command and no option is undocumented."""
    page = TOP / "docs" / "commands.md"
    if UPDATE:
        page.write_text(reference(on_shipped), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == reference(on_shipped)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Every relative link names a file of the checkout."""
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_begins_with_two_commands_that_ci_runs() -> None:
    """One searches, one tests; CI takes them from the page."""
    commands = re.search(r"```sh\n(.*?)```", (TOP / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert commands is not None
    first, second = commands[1].strip().splitlines()
    assert "testimony search" in first
    assert second.endswith("pytest")
    assert "README.md" in (TOP / ".ci" / "run").read_text(encoding="utf-8")


def test_the_awk_line_of_the_record_format_counts_as_we_do(on_shipped: Run) -> None:
    """The line on the page is run on a shipped record."""
    page = (TOP / "docs" / "record-format.md").read_text(encoding="utf-8")
    line = next(line for line in page.splitlines() if line.startswith("awk "))
    file = min((TOP / "testimonies").glob("NKT-0001-*.md"), key=lambda each: len(each.name))
    told = subprocess.run(
        ["bash", "-c", line.replace("FILE", shlex.quote(str(file)))], capture_output=True, text=True, check=True
    )
    numbers = re.findall(r"^(\d+): ", told.stdout, re.MULTILINE)
    shown = re.findall(r"^NKT-0001#p(\d+)$", on_shipped("show", "NKT-0001").out, re.MULTILINE)
    assert numbers == shown


def test_exit_codes_of_the_page_are_those_of_the_errors() -> None:
    """One a class of error, each on the page."""
    from archive import errors

    page = (TOP / "docs" / "life-of-a-testimony.md").read_text(encoding="utf-8")
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", page.partition("## Exit codes")[2], re.MULTILINE)}
    known = {each.exit_code for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.ArchiveError)}
    assert known <= listed
    assert listed - known == {0, 130}


def flags_table(authorities: Authorities) -> str:
    """Write the table of flags from the vocabulary."""
    rows = [
        f"| `{term.id}` | {term.named()} · {term.named('ko')} | {term.definition} |"
        for term in authorities.vocabulary.terms("flag")
    ]
    return "\n".join(["| flag | label | meaning |", "| --- | --- | --- |", *rows, ""])


def test_the_readme_tells_every_flag(tmp_path: Path) -> None:
    """In the words of the vocabulary, gravest first."""
    table = flags_table(read.read_authorities(tmp_path))
    page = TOP / "README.md"
    written = page.read_text(encoding="utf-8")
    if UPDATE:
        written = re.sub(r"(FLAGS|\| flag \| label .*?\n)(?=\n)", lambda _: table, written, count=1, flags=re.DOTALL)
        page.write_text(written, encoding="utf-8")
    assert table in written


def queries() -> list[str]:
    """Return every example of the page on the query language: the code in the first column of its tables."""
    page = (TOP / "docs" / "query-language.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)


@pytest.mark.parametrize("query", queries())
def test_every_example_of_the_query_language_is_understood(on_shipped: Run, query: str) -> None:
    """None is an error, and those with words that the archive has find something."""
    ran = on_shipped("search", "--count", "--", query)
    assert ran.code == 0, ran.err
    assert re.match(r"\d+ passages? in \d+ testimon", ran.out)
    if query in {
        "hunger cold",
        "execut*",
        "Yodok",
        '"Camp 15"',
        "15호 관리소",
        "camp:15 hunger",
        'witness:"Kang"',
    }:
        assert not ran.out.startswith("0 "), query


def test_the_floors_on_the_page_are_those_of_the_house() -> None:
    """Room by room, the highest first."""
    page = (TOP / "docs" / "life-of-a-testimony.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (`.*) \|$", page.partition("## The rooms")[2].partition("## Exit")[0], re.MULTILINE)
    assert {int(number): tuple(re.findall(r"`(\w+)`", rooms)) for number, rooms in rows} == dict(enumerate(FLOORS))
