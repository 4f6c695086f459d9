"""A page that stands alone: no request leaves it, no script can run in it, paper and screen readers are served.

The policy is in the page itself, since a page on a disk has no server that
could send it. Whatever slipped through `archive.formats._html_sink` would
still be forbidden to load, run, send or style anything.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Final

from archive.errors import Defect
from archive.formats._html_sink import NOTHING, Markup, sound, words
from archive.named_tuple import NamedTuple

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_SKIP: Final = {"en": "Skip to the text", "ko": "본문으로 바로 가기"}

STYLE: Final = """\
:root { color-scheme: light dark; --line: #767676; --soft: #f3f1ec; --warn: #8a1c00; }
@media (prefers-color-scheme: dark) { :root { --line: #9a9a9a; --soft: #24221f; --warn: #ffb199; } }
* { box-sizing: border-box; }
body { font: 1.0625rem/1.6 Georgia, "Noto Serif", "Noto Serif CJK KR", "Nanum Myeongjo", Batang, serif; margin: 0 auto;
  max-width: 46rem; padding: 1rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
blockquote { border-inline-start: 4px solid var(--line); margin: 1rem 0; padding: 0 0 0 1rem; }
table { border-collapse: collapse; }
.wide { overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: start; vertical-align: top; }
a:focus-visible, main:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
mark { background: #ffe9a8; color: #000; }
.caveat { border-inline-start: 4px solid var(--warn); background: var(--soft); margin: .5rem 0; padding: .25rem .75rem; }
.citation, .small { font-size: .9em; }
.skip { position: absolute; inset-inline-start: -999rem; }
.skip:focus { position: static; }
@media print {
  body { font-size: 10.5pt; max-width: none; padding: 0; }
  .skip, nav { display: none; }
  h1, h2, h3, h4 { break-after: avoid; }
  article, blockquote, .caveat, tr { break-inside: avoid; }
  mark { background: none; font-weight: bold; text-decoration: underline; }
  a[href^="http"]::after { content: " (" attr(href) ")"; font-size: .85em; }
}
"""


class HtmlPage(NamedTuple):
    """What a page holds, landmark by landmark; ``main`` is what a reader comes for.

    :param language: BCP 47, of the page's own words.
    :param contents: the links of the table of contents; none, where it is empty.
    :param style: CSS that comes after `STYLE`.
    """

    title: str
    language: str
    main: Markup
    header: Markup = NOTHING
    contents: Markup = NOTHING
    footer: Markup = NOTHING
    style: str = ""


def page(what: HtmlPage) -> Iterator[str]:
    """Write a page, line by line.

    :raises Defect: a part holds what no page of ours may hold.
    """
    if not _LANGUAGE.fullmatch(what.language):
        message = f"{what.language[:40]!r} is no language of a page"
        raise Defect(message)
    style = f"{STYLE}{what.style}"
    skip = _SKIP.get(what.language.partition("-")[0], _SKIP["en"])
    yield "<!DOCTYPE html>"
    yield f'<html lang="{what.language}">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy(style)}">'
    yield '<meta http-equiv="x-dns-prefetch-control" content="off">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="robots" content="noindex, noarchive">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{words(what.title)}</title>"
    yield f"<style>{style}</style>"
    yield "</head>"
    yield "<body>"
    yield f'<a class="skip" href="#main">{skip}</a>'
    yield from _landmark("header", what.header)
    yield from _landmark("nav", what.contents)
    yield f'<main id="main" tabindex="-1">\n{sound(what.main)}\n</main>'
    yield from _landmark("footer", what.footer)
    yield "</body>"
    yield "</html>"


def _landmark(name: str, inside: Markup) -> Iterator[str]:
    if inside:
        yield f"<{name}>\n{sound(inside)}\n</{name}>"


def policy(style: str) -> str:
    """Return the Content-Security-Policy of a page: nothing may be loaded, run, sent or framed but this one style sheet.

    :raises Defect: the style could end its element, or name a file.
    """
    if "<" in style or re.search(r"(?i)url\s*\(|@import|\\", style):
        message = "a style sheet of ours names no file and no element"
        raise Defect(message)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
