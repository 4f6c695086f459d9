"""The room in a real browser: everyone can read each page, by keyboard, without a script; nothing is asked of the net."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import attacks
import browser
import made_up
import pages_opened
import rooms
from archive.formats.pages import frame
from examples import TIMES, daily
from rooms import PAGES

axe: Any = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = browser.needs_chromium()

RULES: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],  # what is in order is not gathered, which takes long on a large page
}
VIEWS: Final = {
    "phone": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "forced": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
}
"""320 pixels are also what is left of 1280 at 400 %."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser without a past."""
    with pages_opened.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def room(shipped: Path) -> Iterator[tuple[str, str]]:
    """The address of a room on the shipped archive, and the first address that opens it."""
    with rooms.served(shipped) as addresses:
        yield addresses


@pytest.fixture(scope="module")
def kept(chromium: Any, room: tuple[str, str]) -> Any:
    """The cookies of who came in by the first address; it leads on by itself."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(room[1])
    page.wait_for_url("**/en/")
    return context.storage_state()


def entered(chromium: Any, kept: Any, **view: Any) -> tuple[Any, list[str]]:
    """Give a page in the room, and the list of addresses elsewhere that it asks for."""
    context = chromium.new_context(storage_state=kept, **view)
    elsewhere: list[str] = []
    context.on("request", lambda request: elsewhere.append(request.url) if "127.0.0.1" not in request.url else None)
    return context.new_page(), elsewhere


@pytest.mark.parametrize(("view", "language"), [("phone", "ko"), ("dark", "en"), ("forced", "en")])
def test_everyone_can_read_every_kind_of_page(chromium: Any, room: tuple[str, str], kept: Any, view: str, language: str) -> None:
    """By the rules of axe, at 320 px, in the dark, with forced colours; nothing is to be scrolled to the side.

    By the rules every day each page in one of the three, in a long run in all; as narrow as a phone every page is opened.
    """
    page, elsewhere = entered(chromium, kept, **VIEWS[view])
    judged = daily([*PAGES.values()], [*VIEWS].index(view), len(VIEWS))
    for path in PAGES.values() if view == "phone" else judged:
        page.goto(f"{room[0]}/{language}{path}")
        broken = axe.Axe().run(page, options=RULES).response["violations"] if path in judged else []
        assert [(path, each["id"], each["nodes"][0]["html"][:200]) for each in broken] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert elsewhere == []
    page.context.close()


def test_the_control_a_page_that_not_everyone_can_read_is_seen(chromium: Any, room: tuple[str, str], kept: Any) -> None:
    """Grey on grey, an image and a box without names."""
    page, _ = entered(chromium, kept)
    page.goto(f"{room[0]}/en/")
    page.evaluate("document.querySelector('label').remove(); document.querySelector('h1').outerHTML = '<h4>x</h4>'")
    assert {each["id"] for each in axe.Axe().run(page, options=RULES).response["violations"]} >= {"label"}
    page.context.close()


def test_paper_has_the_words_the_caveats_and_the_citation(chromium: Any, room: tuple[str, str], kept: Any) -> None:
    """And none of what leads about."""
    page, _ = entered(chromium, kept)
    page.emulate_media(media="print")
    page.goto(f"{room[0]}/en/r/NKT-0001")
    seen = page.inner_text("body")
    assert "In January 2015 the witness told his biographer" in seen
    assert "NKT-0001#p3 · " in seen
    assert not page.is_visible("header nav")
    assert not page.is_visible("#leave")
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_passage_is_found_weighed_and_copied_by_keyboard(chromium: Any, room: tuple[str, str], kept: Any, script: bool) -> None:  # noqa: FBT001 - of the browser
    """By somebody who has never seen a terminal: search, choose, read the caveats, take words, caveats and citation along."""
    page, elsewhere = entered(chromium, kept, java_script_enabled=script)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{room[0]}/en/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the text"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("knew no other place")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search?**")
    assert page.locator("article .caveat").first.is_visible()
    page.locator("article h3 a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/p/NKT-0001/3")
    block = page.locator("div.copy")
    for line in ("knew no other place than this camp", "Caveat: Recanted", "NKT-0001#p3 · "):
        assert line in block.inner_text()
    if script:
        page.get_by_role("button", name="Copy").first.focus()
        page.keyboard.press("Enter")
        page.get_by_text("Copied").first.wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.splitlines() == [line for line in block.inner_text().splitlines() if line]
    else:
        assert page.get_by_role("button", name="Copy").count() == 0
    assert elsewhere == []
    page.context.close()


def test_back_reload_and_two_tabs_show_one_state_each(chromium: Any, tmp_path: Path) -> None:
    """A tab that goes on after the collection was changed says so; going back asks anew."""
    root = made_up.collection(tmp_path, made_up.record(made_up.header("ZZT-0001"), *[f"Coal {number}." for number in range(15)]))
    with rooms.served(root) as (base, first):
        context = chromium.new_context()
        one, two = context.new_page(), context.new_page()
        one.goto(first)
        one.wait_for_url("**/en/")
        for tab in (one, two):
            tab.goto(f"{base}/en/search?q=coal")
            assert tab.locator(".notice").count() == 0
        made_up.put(root, made_up.record(made_up.header("ZZT-0001"), *[f"Coal {number}, anew." for number in range(15)]))
        for tab in (one, two):
            tab.get_by_role("link", name="Next page").click()
            tab.wait_for_url("**offset=10**")
            assert "The collection was changed" in tab.locator(".notice").inner_text()
            assert "anew" in tab.locator("article").first.inner_text()
        one.go_back()
        assert "anew" in one.locator("article").first.inner_text()
        one.reload()
        assert one.locator(".notice").count() == 0
        context.close()


def test_leaving_leads_away_at_once_and_the_page_is_gone_from_the_tab(chromium: Any, room: tuple[str, str], kept: Any) -> None:
    """Also by going back."""
    page, elsewhere = entered(chromium, kept)
    page.context.route(re.compile("https://.*"), lambda route: route.fulfill(body="elsewhere", content_type="text/html"))
    page.goto("about:blank")
    page.goto(f"{room[0]}/en/r/NKT-0001")
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url(frame.LEAVE)
    page.go_back()
    assert page.url == "about:blank"
    assert {each.split("/favicon")[0].rstrip("/") for each in elsewhere} == {frame.LEAVE.rstrip("/")}
    page.context.close()


def test_read_aloud_each_paragraph_is_followed_by_its_caveats(chromium: Any, room: tuple[str, str], kept: Any) -> None:
    """In the order of the document, which is the one that is read."""
    page, _ = entered(chromium, kept, viewport={"width": 1280, "height": 900})
    page.goto(f"{room[0]}/en/r/NKT-0001")
    for article in page.locator("article.paragraph").all():
        said = article.text_content()
        words = article.locator(".words").text_content()
        assert said.index(words) < said.index("In full above") if "In full above" in said else said.index("Caveat: ")
        assert said.index("Cite: ") > said.index(words)
    page.context.close()


def test_a_hostile_record_runs_nothing(chromium: Any, tmp_path: Path) -> None:
    """Thousands of lines of injection in a live browser: no dialogue, no request, no element of theirs."""
    number = int(os.environ.get("TESTIMONY_MIXTURES", "1000" if TIMES == 1 else "6000"))
    lines = [" ".join(each.split()) for each in (*attacks.SCRIPTS.values(), *attacks.mixtures(number))]
    bodies = [f"Coal {each}" for each in lines if "<!--" not in each and "-->" not in each]
    per = 500
    for at in range(0, len(bodies), per):
        made_up.put(tmp_path, made_up.record(made_up.header(f"ZZT-{at // per + 1:04}"), *bodies[at : at + per]))
    with rooms.served(tmp_path) as (base, first):
        context = chromium.new_context()
        page = context.new_page()
        happened: list[str] = []
        page.on("dialog", lambda dialog: happened.append(dialog.message))
        page.on("request", lambda request: happened.append(request.url) if "127.0.0.1" not in request.url else None)
        page.goto(first)
        page.wait_for_url("**/en/")
        for at in range(0, len(bodies), per):
            page.goto(f"{base}/en/r/ZZT-{at // per + 1:04}")
            assert page.locator("h1").count() == 1
            assert page.locator("main script, main iframe, main img, main svg, main form, main style, main object").count() == 0
        for each in attacks.SCRIPTS.values():
            page.goto(f"{base}/en/search?{made_up_query(each)}")
            assert page.locator("form").count() <= 1
        assert happened == []
        context.close()


def made_up_query(words: str) -> str:
    """Write a query as it stands in an address."""
    return re.sub(r"[^A-Za-z0-9]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), words).join(
        ["q=", "&plain=1"]
    )
