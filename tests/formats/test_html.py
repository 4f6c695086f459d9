"""HTML as a sink: words stay words, pages stand alone, and each suite has a control that must fail."""

import random
import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attacks
import browser
from archive.errors import Defect
from archive.formats import _html_sink as html_sink
from archive.formats._html_sink import Markup, _events, _is_the_same, element, join, of_another_program, sound, words
from archive.formats.html._page import HtmlPage, page, policy
from archive.formats.terminal import visible
from attacks import MIXTURES, judged
from examples import examples


def written(text: str) -> str:
    """Write a made-up passage in every place of a page that takes words."""
    return join(
        element("h2", text, id=html_sink.anchor(text)),
        element("p", text, lang="en"),
        element("blockquote", element("p", words(text, [(0, len(text) // 2)]))),
        element("a", text, href=text),
        element("abbr", "x", title=text),
        element("table", element("tbody", element("tr", element("th", text, scope="row"), element("td", text)))),
    )


OURS = {"h2", "p", "blockquote", "a", "abbr", "table", "tbody", "tr", "th", "td", "mark"}


@pytest.mark.parametrize("kind", attacks.SCRIPTS)
def test_no_kind_of_injection_survives(kind: str) -> None:
    """And the attempt stays to be read, word for word."""
    text = attacks.SCRIPTS[kind]
    met = judged(sound(written(text)))
    assert not met.dangers
    assert met.elements == OURS
    assert text in met.text


@pytest.mark.parametrize("kind", attacks.SCRIPTS)
def test_the_control_for_html(kind: str) -> None:
    """The same words unescaped are caught, by the judge and by the second wall."""
    raw = Markup(f"<p>{attacks.SCRIPTS[kind]}</p>")
    assert judged(raw).dangers or "javascript:" in raw
    with pytest.raises(Defect, match="holds what no page"):
        sound(raw)


def test_no_random_mixture_survives() -> None:
    """Whatever is mixed: our elements alone, no danger, and the text as it was."""
    for text in attacks.mixtures(MIXTURES):
        met = judged(written(text))
        assert not met.dangers, text
        assert met.elements <= OURS, text
        assert visible(text) in met.text, text


def test_the_control_for_mixtures() -> None:
    """Unescaped, every third mixture and more is dangerous: the judge sees what it is to see."""
    caught = sum(bool(judged(f"<p>{text}</p>").dangers) for text in attacks.mixtures(500))
    assert caught > 170


@pytest.mark.parametrize("kept", attacks.KEPT)
def test_words_that_markup_would_eat_are_seen(kept: str) -> None:
    """Years, numbers, what the archive put in brackets."""
    assert judged(words(f"{kept}, she said")).text == f"{kept}, she said"


@examples(150)
@given(st.text(max_size=60))
def test_any_text_is_the_same_text_on_the_page(text: str) -> None:
    """Read back by a real reader, and sound in the eyes of a sanitiser."""
    # A parser of HTML makes one line end of CR LF; visible() has shown each CR before.
    fragment = written(text)
    assert judged(sound(fragment)).text.count(visible(text)) >= 1


def test_long_text_takes_time_in_step_with_its_length() -> None:
    """Much of what hangs a Markdown parser is written without one: the output is only so much longer."""
    for piece in ("[a](", "***a ", "<b ", "&", "`"):
        text = piece * (300_000 // len(piece))
        assert len(sound(element("p", text))) <= 6 * len(text) + 10


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " https://a.invalid",
        "ftp://a.invalid",
        "//a.invalid",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://user:word@a.invalid/",
        "https://a.invalid\\@b.invalid",
        "https://а.invalid/",
        "https://",
        "https://a.invalid/\nx",
        "\x01https://a.invalid",
        "page.html",
        "?x",
        "https://a.invalid/" + "a" * 3000,
    ],
)
def test_a_link_that_leads_elsewhere_is_left_out_and_its_words_stay(target: str) -> None:
    """Http or https in plain ASCII, or a place in the page; an address in another script could imitate one."""
    assert element("a", "source", href=target) == "<a>source</a>"


@pytest.mark.parametrize(
    "target", ["https://a.invalid", "http://a.invalid", "https://a.invalid:8443/b?c=d&e=f#g", "#NKT-0001-p3"]
)
def test_links_to_the_web_and_into_the_page_stand(target: str) -> None:
    """And are sound."""
    assert target in judged(element("a", "x", href=target)).text or f'href="{target.replace("&", "&amp;")}"' in element(
        "a", "x", href=target
    )
    sound(element("a", "x", href=target))


@pytest.mark.parametrize(
    ("name", "attributes"),
    [("script", {}), ("img", {}), ("p", {"style": "x"}), ("p", {"onclick": "x"}), ("a", {"target": "_blank"})],
)
def test_an_element_or_attribute_that_no_page_has_is_a_defect(name: str, attributes: dict[str, str]) -> None:
    """Allowed by name, never forbidden by name."""
    with pytest.raises(Defect, match="no page of ours"):
        element(name, "x", **attributes)


def whole(main: Markup, **more: str) -> str:
    """Write a page around something."""
    return "\n".join(page(HtmlPage("Made up </title><script>", "en", main, **more)))


def test_a_page_has_what_a_reader_needs() -> None:
    """Language, character set, title, width, landmarks, a link past the contents, a style for paper."""
    text = whole(element("h1", "Made up"), header=element("p", "h"), contents=element("ul"), footer=element("p", "f"))
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    for part in (
        'name="viewport"',
        "<header>",
        "<nav>",
        '<main id="main" tabindex="-1">',
        "<footer>",
        'href="#main"',
        "@media print",
    ):
        assert part in text
    assert "<title>Made up &lt;/title&gt;&lt;script&gt;</title>" in text
    assert text == whole(element("h1", "Made up"), header=element("p", "h"), contents=element("ul"), footer=element("p", "f"))


def test_the_policy_allows_the_one_style_sheet_and_nothing_else() -> None:
    """Every directive is 'none' or the hash of the style that is on the page."""
    text = whole(element("p", "x"))
    given_ = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert given_ is not None
    assert style is not None
    assert given_[1] == policy(style[1])
    directives = dict(each.split(" ", 1) for each in given_[1].split("; "))
    assert directives.pop("style-src").startswith("'sha256-")
    assert directives == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}


@pytest.mark.parametrize("style", ["</style><script>", "p{background:url(x)}", "@import 'x';", "p{background:u\\72l(x)}"])
def test_a_style_that_loads_or_ends_itself_is_a_defect(style: str) -> None:
    """The sheet is our own; a mistake in it is to be loud."""
    with pytest.raises(Defect):
        policy(style)


TAGS: Final = ("<p>", "</p>", '<a href="https://example.org/">', "</a>", "<br>", "<script>", "</script>", "<img src=x>", "<svg>")
SIGNS: Final = (
    "&quot;",
    "&#x27;",
    "&nbsp;",
    "&lt;",
    '"',
    "'",
    "<",
    ">",
    "=",
    " ",
    "\xa0",
    "onx",
    'title="',
    "a",
    "가",
    "\r",
    "<!--",
    "-->",
)


@given(st.lists(st.one_of(st.sampled_from(TAGS), st.sampled_from(SIGNS), st.text(max_size=4)), max_size=12).map("".join))
def test_what_is_taken_for_sound_at_a_glance_is_so_for_two_parsers(fragment: str) -> None:
    """A fragment that comes back sign by sign has the same tags, attributes and text as what came back."""
    cleaned = of_another_program(fragment)
    if _is_the_same(cleaned, fragment):
        assert _events(cleaned) == _events(fragment)


def test_our_own_pages_are_taken_for_sound_at_a_glance() -> None:
    """So that the other way is for what is odd; an attribute that is taken out, or one in a quotation mark, is odd."""
    link = element("a", "x", href="https://example.org/?a=1&b=2")
    ours = element("p", "“A” & 'b' \"c\" \xa0", link, element("abbr", "x", title="'\""), lang="ko")
    assert _is_the_same(of_another_program(ours), ours)
    for odd in (
        "<p onclick=x>x</p>",
        "<p lang='ko'>x</p>",
        "<p>x",
        '<p title="a&quot; onclick=&quot;b" onclick="c">x</p>',
        "<P>x</p>",
    ):
        assert not _is_the_same(of_another_program(odd), odd)


def test_a_page_never_holds_what_its_parts_may_not() -> None:
    """Somebody will write Markup(...) around raw words one day; the second wall stands there."""
    for part in ("main", "header", "contents", "footer"):
        with pytest.raises(Defect):
            list(page(HtmlPage("x", "en", **{"main": Markup("<p>x</p>"), part: Markup("<p><img src=x></p>")})))
    with pytest.raises(Defect):
        list(page(HtmlPage("x", 'en"><script>', Markup("<p>x</p>"))))


CALLS = """
<script>document.documentElement.dataset.ran = "yes"; fetch("{to}/fetch"); new Image().src = "{to}/image";</script>
<img src="{to}/img" onerror="document.documentElement.dataset.ran = 'yes'">
<link rel="stylesheet" href="{to}/link"><link rel="prefetch" href="{to}/prefetch">
<iframe src="{to}/frame"></iframe><object data="{to}/object"></object><video src="{to}/video" autoplay></video>
<style>@import "{to}/import";</style><p style="background: url({to}/style)">p</p>
<svg onload="document.documentElement.dataset.ran = 'yes'"><image href="{to}/svg"/></svg>
<form action="{to}/form" id="f"><input name="a"></form>
"""


@browser.needs_chromium()
def test_in_a_real_browser_no_request_leaves_and_no_script_runs(tmp_path: Path) -> None:
    """Control: the bare page calls and runs. The policy alone stops both. The sink makes words of it all."""
    file = tmp_path / "page.html"

    def seen(content: str) -> tuple[set[str], bool, str]:
        file.with_stem(f"page{random.random()}").write_text(content, encoding="utf-8")
        newest = max(tmp_path.glob("page*.html"), key=lambda each: each.stat().st_mtime_ns)
        calls.clear()
        dom = browser.opened(newest, tmp_path)
        return set(calls), 'data-ran="yes"' in dom, dom

    with browser.listening() as (address, calls):
        hostile = CALLS.format(to=address)
        called, ran, _ = seen(f"<!DOCTYPE html><title>x</title>{hostile}")
        assert ran
        assert {"/img", "/link", "/frame", "/import", "/style"} <= called
        under_policy = whole(element("p", "HERE")).replace("HERE", hostile)
        called, ran, dom = seen(under_policy)
        assert (called, ran) == (set(), False)
        assert "<img" in dom
        called, ran, dom = seen(whole(element("p", hostile), header=element("h1", hostile)))
        assert (called, ran) == (set(), False)
        assert "<img" not in dom
        assert "dataset.ran = " in judged(dom).text
