"""What four people come for, done by clicks in a real browser: a lawyer, a researcher, a journalist and an archivist.

What they end with is held against the answers of the commands; nothing is asked of the net on the way.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import browser
import pages_opened
from archive.archive import Archive
from running import TOP

pytestmark = browser.needs_chromium()


@pytest.fixture(scope="module")
def archive(shipped: Path) -> Iterator[Archive]:
    """The shipped archive, as the commands have it."""
    with Archive(shipped) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser without a past."""
    with pages_opened.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def state(chromium: Any, shipped: Path) -> Iterator[tuple[str, Any]]:
    """The address of a room, and the cookies of who was let in by its first address."""
    command = [sys.executable, "-m", "archive", "--root", str(shipped), "web", "--no-browser"]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        first = program.stdout.readline().strip()
        context = chromium.new_context()
        page = context.new_page()
        page.goto(first)
        page.wait_for_url("**/en/")
        yield first.partition("/?")[0], context.storage_state()
        context.close()
        program.terminate()


@pytest.fixture
def home(chromium: Any, state: tuple[str, Any]) -> Iterator[Any]:
    """The first page of the room, on which everyone begins; nothing may be asked of the net until the end."""
    elsewhere: list[str] = []
    context = chromium.new_context(storage_state=state[1], java_script_enabled=False)
    context.on("request", lambda request: elsewhere.append(request.url) if not request.url.startswith(state[0]) else None)
    page = context.new_page()
    page.goto(f"{state[0]}/en/")
    yield page
    context.close()
    assert elsewhere == []


def click(page: Any, name: str, within: str = "body") -> None:
    """Follow the first link of a name, as a person does who reads it."""
    page.locator(within).get_by_role("link", name=name, exact=True).first.click()


def ask(page: Any, words: str) -> None:
    """Type words into the search box, and press enter."""
    page.get_by_role("searchbox").first.fill(words)
    page.get_by_role("searchbox").first.press("Enter")
    page.wait_for_url("**/search?**")


def words_of(page: Any) -> str:
    """Return all words of a page in one line."""
    return " ".join(page.locator("main").inner_text().split())


def test_a_lawyer_takes_a_passage_along_in_the_style_of_the_court(home: Any, archive: Archive) -> None:
    """From the camp to what is stated of its place and time, to a passage on it, cited in OSCOLA with its caveats."""
    click(home, "Camp 22, Hoeryong", "main")
    click(home, "When it was at work, and what times are told of")
    told = words_of(home)
    for caveat in archive.picture("timeline", "22").caveats:
        assert " ".join((caveat.statement or caveat.label).split()) in told, caveat
    click(home, "Camp 22, Hoeryong", "main")
    click(home, "para. 3", "main")
    home.wait_for_url("**/p/NKT-0008/3")
    click(home, "oscola", "main")
    home.wait_for_url("**style=oscola**")
    work = archive.cite("NKT-0008#p3", form="html")[0]
    [styled] = archive.notes_in_style([work.entry], "oscola")
    told = words_of(home)
    assert " ".join((styled.note or styled.entry).split()) in told
    for note in archive.excerpt("NKT-0008#p3").shown[0].excerpt.notes:
        assert " ".join(note.statement.split()) in told, note.id


def test_a_researcher_narrows_an_answer_and_weighs_who_was_there_to_tell(home: Any, archive: Archive) -> None:
    """By facets, whose totals are those of the command; and to the picture of who tells of which decade."""
    ask(home, "forced labour")
    click(home, "Camp 18, Pukchang", "main")
    found = archive.search("forced labour", camp="18", limit=10, shown_in="").results
    assert re.search(rf"\b{found.passages}\b", words_of(home))
    home.go_back()
    home.wait_for_url(lambda url: "camp=" not in url)
    click(home, "Coverage")
    click(home, "Who tells of which decade")
    home.wait_for_url("**/i/coverage")
    [table, _] = archive.picture("coverage").tables
    shown = [row.split("\t") for row in home.locator("main table").first.inner_text().splitlines()[1:]]
    rows = [tuple(cell.strip() for cell in row) for row in shown if len(row) == len(table.columns)]
    assert {tuple(row) for row in table.rows} <= set(rows)
    for number in range(2, home.locator("nav[aria-label=Parts] li").count() + 1):  # it is too long for one page
        click(home, f"Part {number}")
        home.wait_for_url(f"**part={number}")
        if home.locator("main svg[role=img]").count():
            break
    assert home.locator("main svg[role=img]").count() == 1


def test_a_journalist_sees_that_a_story_was_taken_back_before_it_is_quoted(home: Any, archive: Archive) -> None:
    """From words to the passage: the caveats stand open beside it and in the record, and the way out is always seen."""
    ask(home, "knew no other place")
    article = home.locator("article").first
    assert "Recanted" in article.inner_text()
    article.locator("h3 a").click()
    home.wait_for_url("**/p/NKT-0001/3")
    click(home, "The whole record", "main")
    home.wait_for_url("**/r/NKT-0001**")
    told = words_of(home)
    for note in archive.show("NKT-0001").record.testimony.notes:
        assert " ".join(note.statement.split()) in told, note.id
    leave = home.get_by_role("link", name="Leave quickly")
    assert leave.first.is_visible()


def test_an_archivist_reads_a_contradiction_and_takes_along_what_programs_read(home: Any, archive: Archive) -> None:
    """The contradictions that are kept; and from a camp and its picture to the JSON that the command prints."""
    click(home, "Contradictions", "header, nav, body")
    kept = archive.conflicts()
    assert " ".join(str(kept[0]["subject"]).split()) in words_of(home)
    click(home, "Camps")
    click(home, "Camp 15, Yodok", "main")
    click(home, "Who relies on whom")
    home.wait_for_url("**/i/relations/kwalliso-15")
    address = home.get_by_role("link", name="JSON").get_attribute("href")
    answer = home.goto(f"{home.url}.json")
    assert json.loads(answer.text()) == archive.picture("relations", "kwalliso-15").data
    assert address == "/en/i/relations/kwalliso-15.json"
