"""Bodies with their Markdown as formatting: the same words as without it, harmless, and still known by `verify`."""

import io
import re
import zipfile
from pathlib import Path

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

import attacks
import browser
import made_up
import rooms
from archive.archive import Archive
from archive.citing.folding import fold_struck
from archive.formats._body import parts_of
from archive.formats._html_parts import body
from archive.formats._html_sink import element, sound
from archive.formats.terminal import visible
from archive.text import without_locators
from attacks import MIXTURES, judged
from running import Run

OURS = {"p", "span", "em", "strong", "mark"}
LIST = "He told of:\n- *hunger* and 2 * 3 * 4\n- **beating**\n  that went on\n- 5 deaths ⟦p. 57⟧"
BODY = (
    "Made up: she *saw* it, __twice__, and \\*wrote\\* 14*15*16 of [it](https://a.invalid/x).",
    LIST,
    "1. Made up: first\n2. Then *second*",
    "Made up: the guard said\n> You are _nothing_.\n> Work.\nThen he left.",
    "# A *made-up* heading",
    "요덕에서 *보위부*에서 그를 보았다.[^1]",
    "[^1]: Made up: a *footnote*.",
)


def shown(text: str) -> str:
    """Write a body as every page does."""
    return body(without_locators(text), (), text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a *b* _c_ **d** __e__ ***f***",
            "a <em>b</em> <em>c</em> <strong>d</strong> <strong>e</strong> <strong><em>f</em></strong>",
        ),
        ("*보위부*에서", "<em>보위부</em>에서"),
        ("14*15*16 and *so* a_b_c", "14*15*16 and <em>so</em> a_b_c"),
        ("un*believ*able ends", "un*believ*able ends"),
        ("\\*x\\* 1\\. y", "*x* 1. y"),
        ("2 * 3 * 4 = 24", "2 * 3 * 4 = 24"),
        ("> 100 died", "&gt; 100 died"),
        ("1977. That year", "1977. That year"),
        ("1977. That\n1978. year", "1977. That 1978. year"),
        ("- one dash alone", "- one dash alone"),
        ("[a](https://a.invalid) `b` <b>c</b> &lt; ![d](e)", "[a](https://a.invalid) `b` &lt;b&gt;c&lt;/b&gt; &amp;lt; ![d](e)"),
        (
            "He said\n> *no*\nand left",
            (
                '<span class="part">He said</span> <span class="quoted" role="blockquote"><em>no</em></span> '
                '<span class="part">and left</span>'
            ),
        ),
        (
            "1. a\n2. b",
            (
                '<span class="items" role="list"><span class="numbered" role="listitem">1. a</span> '
                '<span class="numbered" role="listitem">2. b</span></span>'
            ),
        ),
    ],
)
def test_what_of_markdown_is_formatting(text: str, expected: str) -> None:
    """Emphasis, items and quotations; a sign that parts two words, a lone dash, a year and everything else are words."""
    assert re.sub(r' (role="[a-z]+") (class="[a-z]+")', r" \2 \1", shown(text)) == expected


def test_what_was_searched_for_is_marked_inside_of_emphasis() -> None:
    """The offsets are those of the words as they are written."""
    words = "Made up: *forced labour* there"
    start = words.index("labour* t")
    assert body(words, [(start, start + 6)], words) == "Made up: <em>forced <mark>labour</mark></em> there"


BITS = st.sampled_from(
    ["*", "**", "_", "\\", " ", "\n", "> ", "- ", "1. ", "2. ", "a", "word", "14", "요덕", "?", "&lt;", "<b>", "\x02", "é"]
)


@given(st.lists(BITS, max_size=40).map("".join))
def test_no_letter_is_lost_or_added(text: str) -> None:
    """As verify compares words, those of the page are those of the record; every match is marked by its letters."""
    words = without_locators(text)
    page = judged(sound(element("p", shown(text))))
    assert fold_struck(page.text) == fold_struck(visible(words))
    marked = "".join(
        run.text[start:end]
        for part in parts_of(words, [(0, len(words))], text)
        for run in part.runs
        for start, end in run.matches
    )
    assert fold_struck(marked) == fold_struck("".join(run.text for part in parts_of(words, (), text) for run in part.runs))


def test_no_random_mixture_survives() -> None:
    """Whatever is mixed, in the middle of emphasis and of lists too: our elements alone, no danger, the same words."""
    for number, mixture in enumerate(attacks.mixtures(MIXTURES)):
        text = (mixture, f"*a {mixture} b*", f"- {mixture}\n- *b*", f"> {mixture}")[number % 4]
        met = judged(element("p", shown(text)))
        assert not met.dangers, text
        assert met.elements <= OURS, text
        assert fold_struck(met.text) == fold_struck(visible(without_locators(text))), text


def test_the_control_for_mixtures() -> None:
    """The library by itself lets dangers through and loses words: it is not what writes a page."""
    dangers = lost = 0
    for text in attacks.mixtures(300):
        met = judged(markdown.markdown(text))
        dangers += bool(met.dangers)
        lost += fold_struck(met.text) != fold_struck(visible(without_locators(text)))
    assert dangers > 50
    assert lost > 50


@pytest.mark.parametrize("piece", ["[a](", "***a ", "*a* ", "**a *b ", "_", "\\*", "> - ", "- a\n", "> a\n", "*a\n"])
def test_a_long_body_takes_time_in_step_with_its_length(piece: str) -> None:
    """What hangs a Markdown parser is written as it stands; a few seconds would be felt here."""
    text = piece * (100_000 // len(piece))
    assert fold_struck(judged(shown(text)).text) == fold_struck(without_locators(text))


@pytest.fixture
def formatted(root: Path) -> Path:
    """A made-up record of which the body has all that is formatting."""
    notes = [made_up.note("n1", "revised", "Made up: she *later* told it otherwise.")]
    made_up.put(root, made_up.record(made_up.header("NKT-9001", credibility={"notes": notes}), *BODY))
    return root


@pytest.mark.parametrize(
    "command",
    [
        ("show", "NKT-9001", "html"),
        ("show", "NKT-9001", "markdown"),
        ("search", "hunger", "markdown"),
        ("excerpt", "NKT-9001#p2", "text"),
    ],
    ids=" ".join,
)
def test_verify_knows_the_words_of_a_formatted_record(
    formatted: Path, run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Where they are formatted as where they stand as they are written."""
    assert formatted
    file = tmp_path / f"printed.{command[2]}"
    file.write_text(run(*command[:2], "--format", command[2]).out, encoding="utf-8")
    checked = run("verify", str(file))
    assert checked.code == 0, checked.out
    assert "words" in checked.out


def test_a_page_has_no_sign_of_what_it_formats(formatted: Path, run: Run) -> None:
    """In the words, the heading and the footnote; what stays a sign is what was written as one."""
    page = run("show", "NKT-9001", "--format", "html").out
    for expected in (
        "she <em>saw</em> it",
        "<strong>twice</strong>",
        "*wrote* 14*15*16",
        "A <em>made-up</em> heading",
        "a <em>footnote</em>.",
    ):
        assert expected in page
    assert 'role="listitem">5 deaths</span>' in page
    assert 'role="blockquote">You are <em>nothing</em>. Work.</span> <span class="part">Then he left.' in page
    assert "href" not in page.partition("<main")[2].partition("</main>")[0].replace('href="#', "")
    assert "she *later* told" in page  # a caveat is no body


@pytest.mark.parametrize("form", ["html", "md", "docx", "odt"])
def test_a_dossier_is_formatted_and_known(formatted: Path, run: Run, tmp_path: Path, form: str) -> None:
    """A word processor's file has italics and no sign of them; verify reads the same words in each."""
    file = tmp_path / f"dossier.{form}"
    assert run("dossier", "--output", str(file)).code == 0
    checked = run("verify", str(file))
    assert checked.code == 0, checked.out
    if form in {"docx", "odt"}:
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as package:
            xml = package.read("word/document.xml" if form == "docx" else "content.xml").decode()
        said = re.sub(r"<[^>]+>", "", xml)
        assert "she saw it" in said
        assert "• hunger and 2 * 3 * 4" in said
        assert "You are nothing. Work." in said
        assert "*wrote* 14*15*16" in said
        assert "a footnote." in said
        assert "*saw" not in said


def test_the_room_and_the_edition_format_alike(formatted: Path, tmp_path: Path) -> None:
    """The record's page and the passage's in both, and the articles of the search without a server."""
    made_up.few_authorities(formatted)
    with rooms.room(formatted) as room:
        record, passage = (room.get(path).text for path in ("/en/r/NKT-9001", "/en/p/NKT-9001/2"))
    with Archive(formatted) as archive:
        archive.publish(tmp_path / "edition")
    edition = tmp_path / "edition"
    for page in (record, (edition / "en/r/NKT-9001.html").read_text(encoding="utf-8")):
        assert "she <em>saw</em> it" in page
        assert "A <em>made-up</em> heading" in page
    for page in (passage, (edition / "en/p/NKT-9001/2.html").read_text(encoding="utf-8")):
        assert 'role="listitem">5 deaths</span>' in page
    assert "<em>saw</em>" in (edition / "en/search/a0.js").read_text(encoding="utf-8").replace("\\u003c", "<").replace(
        "\\u003e", ">"
    )


@browser.needs_chromium()
def test_in_a_real_browser_hostile_bodies_run_nothing(root: Path, run: Run, tmp_path: Path) -> None:
    """Each kind of injection inside of emphasis, a list and a quotation; the attempt stays to be read."""
    paragraphs = [f"*{kind}: {text}*\n- {text}\n- *b*\n> {text}".replace("<!--", "<!-") for kind, text in attacks.SCRIPTS.items()]
    made_up.put(root, made_up.record(made_up.header("NKT-9001"), *paragraphs))
    page = tmp_path / "page.html"
    page.write_text(run("show", "NKT-9001", "--format", "html").out, encoding="utf-8")
    met = judged(browser.opened(page, tmp_path))
    assert not [danger for danger in met.dangers if danger not in {"<meta>", "<style>", "<!DOCTYPE html"}]
    assert met.text.count("alert(1)") >= 3 * 5
