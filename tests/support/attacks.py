"""What a record may try on the program that shows it, and a judge of HTML that is none of ours.

Nothing here is testimony: the words are made up for tests.
"""

import os
import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

SCRIPTS = {
    "script element": "<script>alert(1)</script> <scr<script>ipt>alert(1)</script> <svg><script>alert(1)</script></svg>",
    "event handler": "<img src=x onerror=alert(1)> <b onclick=alert(1)>b</b> <svg onload=alert(1)>"
    " <details open ontoggle=alert(1)>",
    "script URL": '[x](javascript:alert(1)) <a href="java&#115;cript:alert(1)">x</a>'
    " <javascript:alert(1)> [y]: vbscript:msgbox(1)",
    "data URL": "![x](data:text/html;base64,PHNjcmlwdD4=) <a href='data:text/html,<script>alert(1)</script>'>x</a>"
    " <data:text/html,x>",
    "style and meta": "<style>@import 'http://a.invalid/x'</style> <p style=\"background:url(http://a.invalid/x)\">p</p>"
    " <meta http-equiv=refresh content='0;url=http://a.invalid'> <link rel=stylesheet href=http://a.invalid/x> <base href=http://a.invalid>",
    "frame and form": "<iframe srcdoc='<script>alert(1)</script>'></iframe> <object data=x></object> <embed src=x>"
    " <form action=http://a.invalid><input autofocus onfocus=alert(1)><button>b</button></form>",
}
"""Six kinds of injection, each in several spellings."""

KEPT = (
    "1977. That year",
    "#5 barracks",
    "<name redacted>",
    "[redacted]",
    "*starred*",
    "2 * 3 * 4",
    "a_b_c",
    "<!-- said aside -->",
    "&lt;",
    "~14~",
)
"""Words that a reader of Markdown or HTML would eat, and that have to be seen."""

_PIECES = (
    *SCRIPTS.values(),
    *KEPT,
    *[
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "</p>",
        "</main>",
        "</title>",
        "</style>",
        "&lt;",
        "&#60;",
        "&#x3c;script&gt;",
        "<b",
        "<a/",
        '"',
        "'",
        "`",
        ">",
        "<",
        "=",
        "/",
        "\\",
        "{",
        "}",
        "$",
        "^",
        "|",
        "~~~",
        "```",
        "***",
        "__",
    ],
    *[
        "javascript:",
        "data:text/html,",
        "https://a.invalid",
        "http://a.invalid",
        "onerror=alert(1)",
        "style=x:y",
        "{#id}",
        "{:",
        "onclick=alert(1)}",
        "{=html}",
    ],
    *[
        "[a](",
        "[a](",
        "![a](",
        "](",
        ")",
        "[^1]",
        "[^1]:",
        "[x]:",
        "<https://a.invalid>",
        "<mailto:a@a.invalid>",
        "@cite",
        "$$x$$",
        "\\(",
        "\\)",
        ":::",
        "!!!",
        "---",
        "===",
        "1.",
        "-",
        "+",
        "#",
        ">",
        "|",
        ":",
        ".",
    ],
    " ",
    "\n",
    "\t",
    "    ",
    "\u202e",
    "\x1b[2J",
    "\x02",
    "\x03",
    "\u2028",
    "요덕",
    "word",
)


def mixtures(number: int, seed: int = 1977) -> Iterator[str]:
    """Yield random mixtures of all that is above, the same each time."""
    chance = random.Random(seed)
    for _ in range(number):
        yield "".join(chance.choice(_PIECES) for _ in range(chance.randint(1, 14)))


class Met(NamedTuple):
    """What a reader of HTML met: what is dangerous, every element, and the text."""

    dangers: tuple[str, ...]
    elements: frozenset[str]
    text: str


_DANGERS = "script style meta link base iframe frame object embed form input button textarea svg math img video audio template "
_DANGEROUS = frozenset(_DANGERS.split())
_SCHEME = re.compile(r"[\s\x00-\x20]*([a-z][a-z0-9+.-]*)\s*:", re.IGNORECASE)


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.dangers: list[str] = []
        self.elements: set[str] = set()
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        if tag in _DANGEROUS:
            self.dangers.append(f"<{tag}>")
        for name, value in attrs:
            scheme = _SCHEME.match(re.sub(r"[\t\n\r]", "", value or ""))
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
                self.dangers.append(f"{tag} {name}")
            elif name in {"href", "cite"} and tag in {"a", "blockquote"} and scheme and scheme[1].lower() in {"http", "https"}:
                continue  # a link that a person follows, or a place that is named; nothing is loaded from it
            elif name in {"href", "src", "action", "data", "cite", "poster"} and scheme and scheme[1].lower() != "https":
                self.dangers.append(f"{tag} {name}={scheme[1]}:")

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.dangers.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.dangers.append(f"<!{decl}")

    def handle_pi(self, data: str) -> None:
        self.dangers.append(f"<?{data}")

    def unknown_decl(self, data: str) -> None:
        self.dangers.append(f"<![{data}")


def judged(page: str) -> Met:
    """Read a fragment of HTML as a browser would, and list what is dangerous in it."""
    judge = _Judge()
    try:
        judge.feed(page)
        judge.close()
    except AssertionError:  # how Python's parser ends at a declaration that it does not know
        judge.dangers.append("<![")
    return Met(tuple(judge.dangers), frozenset(judge.elements), "".join(judge.said))


MIXTURES = int(os.environ.get("TESTIMONY_MIXTURES", "1000"))
"""How many random mixtures; the full size is 20000 (docs/security.md)."""
