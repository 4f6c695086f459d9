"""The edition of the shipped archive, copied to a stick and opened from it in Chromium: it answers as the command does.

Of its first records every day, which takes a third of the time; of all of them in a long run.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import browser
import pages_opened
from archive import Archive
from archive.record.testimony import codes_meant
from codes_otherwise import CODES_OTHERWISE, NO_CODES
from disk import copied
from examples import TIMES, daily

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = browser.needs_chromium()

ASKED: tuple[dict[str, str], ...] = (
    {"q": "보위부"},
    {"q": "수용소"},
    {"q": '"forced labour"'},
    {"camp": "kwalliso-14"},
    {"q": "hunger", "camp": "kwalliso-15"},
    {"q": "torture", "period": "199X"},
    {"q": "hunger OR torture -execution", "flag": "recanted"},
    {"q": "가족", "language": "ko"},
    {"q": "요덕 굶주림"},
    {"topic": "forced-labour"},
)
LAST = "NKT-0026"
"""The first record that is left out; each question above is answered by those before it."""
PAGES = (
    *("index", "search", "basket", "records", "camps", "topics", "conflicts", "coverage", "sources", "flags"),
    *("glossary", "method"),
    *("r/NKT-0001", "r/NKT-0001/ko", "p/NKT-0001/3", "b/NKT-0001/ko", "v/NKT-0001", "w/NKT-0001", "c/kwalliso-14"),
    *("t/forced-labour", "compare", "compare/topic/execution", "i/timeline/kwalliso-15", "i/coverage", "s/harden-2015-foreword"),
)
"""A page of each kind."""
OWN = ("index", "search", "basket", "compare")
"""Those that are laid out otherwise than in the reading room, whose pages tests/web/test_browser.py judges."""


@pytest.fixture(scope="module")
def archive(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Open the archive that is shipped, or its first records."""
    root = shipped
    if TIMES == 1:
        root = copied(shipped, tmp_path_factory.mktemp("first") / "archive")
        for file in (root / "testimonies").iterdir():
            if file.name >= LAST:
                file.unlink()
    with Archive(root) as opened:
        yield opened


@pytest.fixture(scope="module")
def stick(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish it, and copy it to another place, whose name has a space and Hangul in it."""
    made = tmp_path_factory.mktemp("made")
    archive.publish(made / "edition")
    place = made / "스틱 1" / "archive"
    shutil.copytree(made / "edition", place)
    shutil.rmtree(made / "edition")
    return place


@pytest.fixture(scope="module")
def window() -> Iterator[Any]:
    """Start the browser."""
    with pages_opened.chromium() as started:
        yield started


def answered(page: Any, stick: Path, language: str, asked: dict[str, str]) -> str:
    """Open the search with what is asked in its address, wait for the answer, and return what is told."""
    page.goto(f"{pages_opened.uri(stick / language / 'search.html')}?{urlencode(asked)}")
    page.locator("#unscripted").wait_for(state="detached")
    while (told := str(page.inner_text("#told"))).endswith("…"):
        page.wait_for_timeout(20)  # what else waits is evaluated in the page, which its policy forbids
    return told


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_search_on_a_stick_answers_as_the_command(archive: Archive, stick: Path, window: Any, language: str) -> None:
    """Totals are those of `testimony search`, what is shown has all caveats and the citation, and nothing is asked elsewhere."""
    with pages_opened.page_of(window) as (page, requested, complaints):
        for asked in ASKED:
            filters: Any = {name: value for name, value in asked.items() if name != "q"}
            results = archive.search(asked.get("q", ""), limit=0, **filters).results
            assert results.passages, asked
            told = answered(page, stick, language, asked)
            numbers = {"en": "Passages: {}. Testimonies: {}.", "ko": "구절 {}개, 증언 {}건."}[language]
            assert told == numbers.format(results.passages, results.testimonies), asked
            page.wait_for_selector("#answer article")
            articles = page.locator("#answer article")
            assert articles.count() == min(10, results.passages)
            for text in articles.all_inner_texts()[:3]:
                holds_all(archive, " ".join(text.split()), language)
        assert complaints == []
        assert all(address.startswith(stick.resolve().as_uri()) for address in requested)


def holds_all(archive: Archive, text: str, language: str) -> None:
    """Assert that an article has the citation and the label of every caveat in force at its passage."""
    reference = next(word for word in text.split() if "#p" in word)
    (shown,) = archive.excerpt(reference, "html").shown
    of_version = [archive.excerpt(reference, "html", language=each.language).shown[0] for each in shown.hit.testimony.versions]
    cited = [" ".join(each.excerpt.citation.split()) for each in (shown, *of_version)]
    assert any(citation in text for citation in cited), (reference, text)
    vocabulary = archive.authorities.vocabulary
    for note in shown.excerpt.notes:
        assert vocabulary.label("flag", note.flag, language).casefold() in text.casefold(), (reference, note.flag)


def test_what_was_found_is_marked_and_more_can_be_shown(stick: Path, window: Any) -> None:
    """Marks are ranges over the words; the button shows the next passages; reload and back give the same answer."""
    with pages_opened.page_of(window) as (page, _, complaints):
        told = answered(page, stick, "en", {"q": "수용소"})
        page.wait_for_selector("#answer button:not(.copying)")
        marked = page.evaluate("[...CSS.highlights.get('found')].map((range) => range.toString())")
        assert marked
        assert set(marked) == {"수용소"}
        page.click("#answer button:not(.copying)")
        page.locator("#answer article").nth(19).wait_for()
        page.fill("#q", "execut*")
        page.click("button[type=submit]")
        page.locator("#asides pre").wait_for()
        assert page.inner_text("#asides pre") == "testimony search 'execut*'"
        page.set_viewport_size({"width": 320, "height": 640})
        page.fill("#q", "nowhere" * 9)
        page.click("button[type=submit]")
        page.get_by_text("testimony search nowhere").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == 320, "a command goes over the edge of a phone"
        page.go_back()
        page.go_back()
        page.wait_for_selector("#answer article")
        assert page.inner_text("#told") == told
        assert complaints == []


def test_every_page_is_small(stick: Path) -> None:
    """Of all pages, in both languages, none is above 60 kB; what is longer stands on several pages."""
    sizes = {page.relative_to(stick).as_posix(): page.stat().st_size for page in stick.rglob("*.html")}
    assert len(sizes) > (4_000 if TIMES > 1 else 1_500)
    assert {name: size for name, size in sizes.items() if size >= 60_000} == {}
    assert "en/sources/2.html" in sizes


KINDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES: Any = {
    "runOnly": {"type": "tag", "values": KINDS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],  # what is in order is not gathered, which takes long on a large page
}
NARROW, WIDE = {"width": 320, "height": 900}, {"width": 1280, "height": 900}
VIEWS: dict[str, tuple[str, dict[str, Any]]] = {
    "narrow": ("en", {"viewport": NARROW}),
    "narrow-ko": ("ko", {"viewport": NARROW}),
    "dark": ("en", {"viewport": WIDE, "color_scheme": "dark"}),
    "forced": ("en", {"viewport": WIDE, "forced_colors": "active"}),
}


def faults(page: Any, rules: Any) -> list[Any]:
    """Return what a checker finds on a page."""
    found = axe.Axe().run(page, options=rules).response["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found]


@pytest.mark.parametrize("view", VIEWS)
def test_every_kind_of_page_can_be_used_by_everyone(stick: Path, window: Any, view: str) -> None:
    """A checker of the rules of WCAG 2.2 finds nothing, on a narrow screen in both languages, in the dark, in forced colours.

    No page asks for anything from elsewhere, and nothing is to be scrolled to the side. The views are of one style sheet and
    the languages of one layout, and most pages are those of the reading room: every day a part of the pages is opened in each
    view, and those that an edition alone has are judged, the search in every view; in a long run every page in every view.
    """
    language, options = VIEWS[view]
    number = [*VIEWS].index(view)
    opened, judged = daily(PAGES, number, len(VIEWS)), PAGES if TIMES > 1 else daily(OWN, number, len(VIEWS))
    with pages_opened.page_of(window, bypass_csp=True, **options) as (page, requested, _):
        for name in dict.fromkeys(("search", *judged, *opened)):
            if name == "search" and name in judged:
                answered(page, stick, language, {"q": "hunger"})
                page.wait_for_selector("#answer article")
            else:
                page.goto(pages_opened.uri(stick / language / f"{name}.html"))
            if name == "search" or name in judged:
                assert not faults(page, RULES), name
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert all(address.startswith("file://") for address in requested)


def test_every_kind_of_page_can_be_read_on_paper(stick: Path, window: Any) -> None:
    """On which nothing is pressed: every sixth page and the search every day, all in a long run."""
    rules = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
    with pages_opened.page_of(window, viewport=WIDE, bypass_csp=True) as (page, _, _):
        page.emulate_media(media="print")
        for name in dict.fromkeys(("search", *daily(PAGES, 2, 6))):
            page.goto(pages_opened.uri(stick / "en" / f"{name}.html"))
            assert not faults(page, rules), name
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext here: apt-get install poppler-utils")
def test_on_paper_words_are_followed_by_their_caveats_on_the_same_page(stick: Path, window: Any, tmp_path: Path) -> None:
    """A passage with more caveats than fit below it does not leave its page empty and alone with the words."""
    with pages_opened.page_of(window) as (page, _, _):
        page.goto(pages_opened.uri(stick / "en/p/NKT-0001/3.html"))
        page.pdf(path=tmp_path / "passage.pdf", format="A4")
    told = subprocess.run(
        ["pdftotext", "-l", "1", tmp_path / "passage.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "knew no other place" in " ".join(told.split())
    assert "Caveat: Recanted" in told


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_code_that_is_typed_is_told_as_one(stick: Path, window: Any, language: str) -> None:
    """As the command does: nothing is found by it, and the command that reads it stands there.

    Every day each is typed in one of the two languages, in a long run in both.
    """
    with pages_opened.page_of(window) as (page, _, complaints):
        answered(page, stick, language, {"q": "nkt-0001#p4"})
        said = page.inner_text("#asides")
        assert {"en": "NKT-0001#p4 is a code.", "ko": "NKT-0001#p4"}[language] in said
        assert page.locator("#asides pre").all_inner_texts() == ["testimony show NKT-0001#p4"]
        every = (*CODES_OTHERWISE, *filter(None, NO_CODES), "nkt 1, paras 3-5", "NKT-0004 NKT-0005", "QQX-0004")
        for written in daily(every, ["en", "ko"].index(language)):
            answered(page, stick, language, {"q": written})
            told = [each for each in page.locator("#asides pre").all_inner_texts() if " show " in each]
            assert told == [f"testimony show {code}" for code in codes_meant(written, "NKT")], written
        answered(page, stick, language, {"q": "zzyzx"})
        assert "testimony show" not in page.inner_text("#asides"), "the control: a word that is no code"
        assert complaints == []
