"""The basket of an edition, in a real browser: whole passages with caveats and citation, kept in the browser alone."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import browser
import made_up
import pages_opened
from archive import Archive
from archive.formats.pages import frame

pytestmark = browser.needs_chromium()

PUT, OUT = re.compile("Put into the basket|바구니에 담기"), re.compile("Take out of the basket|바구니에서 빼기")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with a caveat, in two languages."""
    root = made_up.few_authorities(tmp_path_factory.mktemp("laid"))
    head = made_up.header("ZZT-0001", credibility={"notes": [made_up.note("n1", "recanted", "Made up: taken back.")]})
    made_up.put(root, made_up.record(head, "The coal mine was deep.", "Nobody came & went."))
    made_up.put(root, made_up.version("ZZT-0001", "ko", "탄광은 깊었다.", "아무도 오지 않았다."))
    return root


@pytest.fixture(scope="module")
def site(root: Path) -> Path:
    """Its edition, in a folder whose name has a space and Hangul in it."""
    with Archive(root) as archive:
        archive.publish(root / "스틱 1")
    return root / "스틱 1"


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The same behind an address, as a host of static pages has it."""

    class Quiet(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/favicon.ico":  # a browser asks for it by itself
                self.send_response(204)
                self.end_headers()
            else:
                super().do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def window() -> Iterator[Any]:
    """Start the browser."""
    with pages_opened.chromium() as started:
        yield started


def holds_both(text: str) -> None:
    """Assert that the words of both passages stand there, each with its caveat and its citation."""
    for words, mark in (("The coal mine was deep.", "ZZT-0001#p1 · 2001"), ("탄광은 깊었다.", "ZZT-0001#p1 · ko · ")):
        assert words in text
        assert re.search(rf"{re.escape(mark)}.*sha256:[0-9a-f]{{16}} · notes n1:", text)
    assert text.count("Made up: taken back. [n1;") == 2


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("place", ["stick", "host"])
def test_passages_are_put_in_whole_copied_together_and_taken_out(
    site: Path, served: str, window: Any, place: str, language: str
) -> None:
    """From the page of a passage and from the search; one page leads to the other and back, and a reload changes nothing."""
    base = site.resolve().as_uri() if place == "stick" else served
    with pages_opened.page_of(window) as (page, asked, complaints):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"{base}/{language}/p/ZZT-0001/1.html")
        page.get_by_role("button", name=PUT).click()
        page.get_by_role("button", name=OUT).wait_for()
        page.goto(f"{base}/{language}/search.html?q=%ED%83%84%EA%B4%91&language=ko")
        page.locator("#answer").get_by_role("button", name=PUT).click()
        kept = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
        assert "coal" not in kept
        assert "탄광" not in kept
        page.locator('nav a[href*="basket.html"]').first.click()
        page.locator("#answer article").nth(1).wait_for()
        for _ in range(2):
            holds_both(page.inner_text("#answer"))
            assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map((each) => each.id)).size") == page.evaluate(
                "document.querySelectorAll('[id]').length"
            )
            page.reload()
            page.locator("#answer article").nth(1).wait_for()
        page.locator("#tools button").first.click()
        page.wait_for_function("document.getElementById('told').textContent.match(/Copied|복사했/)")
        holds_both(page.evaluate("navigator.clipboard.readText()"))
        page.emulate_media(media="print")
        assert page.locator("button:visible").count() == 0
        holds_both(page.inner_text("main"))
        page.emulate_media(media="screen")
        page.locator("#answer").get_by_role("button", name=OUT).first.click()
        page.wait_for_function("document.querySelectorAll('#answer article').length === 1")
        assert "The coal mine" not in page.inner_text("#answer")
        page.locator("#tools button").last.click()
        page.wait_for_function("document.querySelectorAll('#answer article').length === 0")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert complaints == []
        assert all(address.startswith(base) for address in asked)


@pytest.mark.parametrize("place", ["stick", "host"])
def test_leaving_quickly_empties_it(site: Path, served: str, window: Any, place: str) -> None:
    """From any page; going back does not bring it again."""
    base = site.resolve().as_uri() if place == "stick" else served
    with pages_opened.page_of(window) as (page, _, _):
        page.context.route(re.compile("https://.*"), lambda route: route.fulfill(body="elsewhere", content_type="text/html"))
        page.goto(f"{base}/en/p/ZZT-0001/1.html")
        page.get_by_role("button", name=PUT).click()
        page.goto(f"{base}/en/camps.html")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 1
        page.click("#leave")
        page.wait_for_url(frame.LEAVE)
        page.goto(f"{base}/en/basket.html")
        page.wait_for_function("document.getElementById('told').textContent")
        assert page.inner_text("#number") == "Passages in the basket: 0."
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_where_each_file_of_a_stick_keeps_its_own_the_link_takes_it_along(site: Path, window: Any) -> None:
    """Some browsers share nothing among files."""
    with pages_opened.page_of(window) as (page, _, complaints):
        page.goto(pages_opened.uri(site / "en/p/ZZT-0001/2.html"))
        page.get_by_role("button", name=PUT).click()
        link = page.locator('nav a[href*="basket.html"]').first.evaluate("(link) => link.href")
        page.evaluate("sessionStorage.clear()")
        page.goto(link)
        page.locator("#answer article").wait_for()
        assert "Nobody came & went." in page.inner_text("#answer")
        assert "#" not in page.url
        assert complaints == []


def test_what_has_changed_or_gone_since_says_so(site: Path, served: str, window: Any) -> None:
    """What stands there now is shown with its caveats, and what is kept that nobody put in is passed over."""
    with pages_opened.page_of(window) as (page, _, complaints):
        page.goto(f"{served}/en/basket.html")
        page.wait_for_function("document.getElementById('told').textContent")
        items = [
            ["p/ZZT-0001/1", "sha256:0123456789abcdef"],
            ["p/ZZT-0009/1", "sha256:0123456789abcdef"],
            ["../evil", "sha256:0123456789abcdef"],
            ["<img src=x>", "<img src=x>"],
            "nothing",
            None,
        ]
        page.evaluate(
            "(items) => localStorage.setItem(`testimony-basket ${new URL('..', location)}`, JSON.stringify(items))", items
        )
        page.reload()
        page.locator("#answer article").wait_for()
        notices = page.locator("#answer .notice").all_inner_texts()
        assert notices == [
            "The words of ZZT-0001#p1 have changed since you put it in. Below is what stands there now.",
            "ZZT-0009#p1 is not in this edition any more. Do not cite it.",
        ]
        assert "Made up: taken back. [n1;" in page.inner_text("#answer article")
        assert page.locator("#answer img").count() == 0
        assert complaints == []


def test_without_its_script_it_says_what_to_do(site: Path, window: Any) -> None:
    """No button is there that does nothing."""
    with pages_opened.page_of(window, java_script_enabled=False) as (page, _, _):
        for name in ("basket", "p/ZZT-0001/1"):
            page.goto(pages_opened.uri(site / "en" / f"{name}.html"))
            assert page.locator("button").count() == 0
        page.goto(pages_opened.uri(site / "en/basket.html"))
        assert "testimony basket add" in page.inner_text("#unscripted")
        page.goto(pages_opened.uri(site / "ko/basket.html"))
        assert "스크립트 없이는" in page.inner_text("#unscripted")
