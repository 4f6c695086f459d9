"""`testimony verify` on a page of an edition that somebody kept: it is held against the page of today as a whole."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import browser
import everything_printed
import rooms
from archive.archive import Archive
from archive.publishing.page_check import compare
from examples import daily
from running import ask_program

KINDS = ("r", "p", "v", "w", "b", "c", "k", "compare/camp")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A made-up collection with all that our formats print, and its edition."""
    folder = tmp_path_factory.mktemp("pages")
    root = everything_printed.make(folder / "collection")
    assert ask_program(root, "publish", str(folder / "edition")).code == 0
    return root, folder / "edition"


def pages_of(edition: Path, language: str) -> list[Path]:
    """Give the pages of every kind of which some say what is kept, and one of each other kind."""
    found = [file for kind in KINDS for file in sorted((edition / language / kind).rglob("*.html"))]
    return [*found, edition / language / "conflicts.html", edition / language / "records.html"]


def told(root: Path, file: Path) -> tuple[int, dict[str, str]]:
    """Verify a file: the exit code, and what has become of its parts."""
    ran = ask_program(root, "verify", str(file), "--format", "json")
    assert ran.code in {0, 1}, ran.err
    return ran.code, {part["part"]: part["outcome"] for part in json.loads(ran.out)["parts"]}


def altered(folder: Path, page: str) -> Path:
    """Keep a page that was changed."""
    file = folder / "kept.html"
    file.write_text(page, encoding="utf-8")
    return file


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_page_that_was_not_altered_stands(kept: tuple[Path, Path], language: str) -> None:
    """Whatever it is a page of, with every citation on it."""
    root, edition = kept
    every = pages_of(edition, language)
    assert len(every) > len(KINDS)
    assert {str(file): told(root, file) for file in every} == {str(file): (0, {"page": "unchanged"}) for file in every}


ALTERED = {
    "a word of a testimony": ("Forty carts|Coal by lantern", "Four carts"),
    "a statement": ("withdrew this in 2015", "never withdrew this"),
    "the day of a caveat": (r"(?s)(<main.*?)2001-02-03", r"\g<1>2001-02-04"),
    "a caveat hidden": (r'<(div|aside|section) class="caveat"', r'<\1 class="caveat" style="display:none"'),
    "a caveat said to be none": (r'class="caveat"', 'class="small"'),
    "a sentence before it": (r"<header>", "<header><p>The archive holds all of this to be proved.</p>"),
    "a sentence behind it": (r"</main>", "</main><p>The archive holds all of this to be proved.</p>"),
    "a sentence at the end": (r"</html>", "</html>The archive holds all of this to be proved."),
    "a button that says something": (r"</h1>", '</h1><button class="copying">The archive holds it to be proved.</button>'),
    "something told of a button": (r"</h1>", '</h1><span role="status">The archive holds it to be proved.</span>'),
    "a script of somebody else": (r"</head>", '<script src="../other.js"></script></head>'),
    "what programs read": (r'(?s)(<head>.*?content="[^"]*)in ', r"\1of "),
    "a sentence more": (r"</h1>", "</h1><p>The archive holds all of this to be proved.</p>"),
}


@pytest.mark.parametrize("change", ALTERED)
def test_what_was_altered_on_a_page_is_never_vouched_for(kept: tuple[Path, Path], tmp_path: Path, change: str) -> None:
    """On every kind of page that has it, in the middle of a caveat too: every day on a third of them, in a long run on all."""
    root, edition = kept
    pattern, instead = ALTERED[change]
    pages = ((file, file.read_text(encoding="utf-8")) for file in pages_of(edition, "en"))
    found = [(file, other) for file, page in pages if (other := re.sub(pattern, instead, page, count=1)) != page]
    assert found
    for file, other in daily(found, [*ALTERED].index(change), 3):
        assert told(root, altered(tmp_path, other)) == (1, {"page": "otherwise than the page of today"}), file


HIDDEN = {
    "behind a comment that ends at once": (r"</h1>", "</h1><!--><p>It was proved.</p><!-- -->"),
    "behind a comment that ends in another way": (r"</h1>", "</h1><!-- x --!><p>It was proved.</p><!-- -->"),
    "behind a section that is none": (r"</h1>", "</h1><![CDATA[ > It was proved. ]]>"),
    "behind an instruction": (r"</h1>", "</h1><?x > It was proved. ?>"),
    "an attribute given twice": (r'class="caveat"', 'class="small" class="caveat"'),
    "a part of a table hidden": (r"<tr", "<tbody hidden><tr"),
    "under a button": (r"</h1>", '</h1><button class="copying" style="position:fixed;inset:0" type="button">Copy</button>'),
    "under what is told of a button": (r"</h1>", '</h1><span role="status" style="position:fixed;inset:0"></span>'),
    "within the title": (r"</title>", ""),
    "an element that goes on": (r"</main>", ""),
    "an element that only seems to end": (r"<script([^>]*)></script>", r"<script\1/>"),
    "a link that runs": (r'href="[^"#]*\.html"', 'href=" java\tscript:alert(1)"'),
    "the script of somebody else": (r"</head>", '<script src="https://other.example/units.js"></script></head>'),
    "a script with more": (r"</head>", '<script src="units.js" onload="alert(1)"></script></head>'),
    "the style of somebody else": (r'href="[^"]*style\.css"', 'href="//other.example/style.css"'),
}


@pytest.mark.parametrize("change", HIDDEN)
def test_what_a_browser_shows_otherwise_than_a_parser_reads_it_is_not_vouched_for(kept: tuple[Path, Path], change: str) -> None:
    """Words that a parser takes for none, what covers or hides others, and what runs or is loaded from elsewhere."""
    root, edition = kept
    pattern, instead = HIDDEN[change]
    pages = [edition / "en" / f"{name}.html" for name in ("r/NKT-9001", "compare/camp/kwalliso-18")]
    changed = [(page, re.sub(pattern, instead, page, count=1)) for page in (file.read_text(encoding="utf-8") for file in pages)]
    with Archive(root) as archive:
        outcomes = [told.outcome for page, other in changed if other != page and (told := compare(archive, other))]
    assert outcomes
    assert set(outcomes) == {"otherwise than the page of today"}


def test_what_a_browser_writes_above_a_page_that_it_saves_alters_nothing(kept: tuple[Path, Path]) -> None:
    """From where it was saved; below the head it would be a comment of somebody else."""
    root, edition = kept
    page = (edition / "en/r/NKT-9001.html").read_text(encoding="utf-8")
    comment = "<!-- saved from url=(0042)https://archive.example/en/r/NKT-9001.html -->"
    with Archive(root) as archive:
        saved, other = (
            compare(archive, page.replace(*change, 1)) for change in (("<html", f"{comment}<html"), ("</h1>", f"</h1>{comment}"))
        )
    assert saved
    assert other
    assert (saved.outcome, other.outcome) == ("unchanged", "otherwise than the page of today")


def test_what_differs_is_shown(kept: tuple[Path, Path], tmp_path: Path) -> None:
    """What the page has, and what stands there today."""
    root, edition = kept
    page = (edition / "en/r/NKT-9001.html").read_text(encoding="utf-8")
    ran = ask_program(root, "verify", str(altered(tmp_path, page.replace("withdrew this in 2015", "never withdrew this"))))
    said = " ".join(ran.out.split())
    assert (ran.code, "never withdrew this" in said, "publish --check" in said) == (1, True, True)


def test_a_page_of_a_reader_s_desk_is_not_vouched_for(kept: tuple[Path, Path], tmp_path: Path) -> None:
    """It is made for one reader at one time: it is said that it was not compared as a whole."""
    root, _ = kept
    with rooms.room(root) as client:
        file = altered(tmp_path, client.get("/en/w/NKT-9001").text)
    code, parts = told(root, file)
    assert (code, parts["page"]) == (1, "a page that is not compared")


def test_a_page_that_a_browser_has_saved_stands(kept: tuple[Path, Path], tmp_path: Path) -> None:
    """With the buttons that the script adds, and elements that a browser adds."""
    playwright: Any = pytest.importorskip("playwright.sync_api")
    if not browser.CHROMIUM:
        pytest.skip("no chromium here")
    root, edition = kept
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=browser.CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = opened.new_page()
        for name in ("r/NKT-9001", "p/NKT-9001/1", "w/NKT-9001", "compare/camp/kwalliso-18"):
            page.goto((edition / f"ko/{name}.html").as_uri())
            assert told(root, altered(tmp_path, page.content())) == (0, {"page": "unchanged"}), name
        opened.close()
