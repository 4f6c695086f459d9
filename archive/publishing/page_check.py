"""A page of an edition that somebody kept, held against the page of today.

An edition as a whole is compared byte for byte (`archive.publishing.publish`).
Of a single page all is compared but addresses, which a browser that saves it
writes otherwise, and what the scripts of an edition add to it: the elements
with what they have, where they begin and end, and the words, in their order,
from its head to its end. What no page of ours has and parsers read otherwise
than browsers (a comment, a section, an attribute given twice) is a difference.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Final

from archive.citing.part_marks import PAGE, PAGE_OTHERWISE, PAGE_UNKNOWN, UNCHANGED, PartVerdict
from archive.errors import BadAddress
from archive.formats.pages import edition
from archive.formats.pages.places import file_name
from archive.language.messages import LANGUAGES, speaking
from archive.publishing import _pages as pages
from archive.publishing._edition import address, context_of, write
from archive.publishing._source import EditionSource

_OURS: Final = re.compile(r'<body [^>]*class="page-[a-z]+[" ]')
_LANGUAGE: Final = re.compile(r'<html [^>]*lang="([a-z]{2})"')
_LINK: Final = re.compile(
    r'<a [^>]*href="((?:[^"]*/)?)([a-z]{2})/([a-z]/[^"#?]+|[a-z]+/[^"#?]+|[a-z]+)\.html"[^>]*lang="([a-z]{2})"'
)
"""The link to the same page in another language: what stands before its path, its language, and the path below that."""
_CANONICAL: Final = re.compile(r'<link [^>]*rel="canonical" [^>]*href="([^"]+)"')
_ADDRESSES: Final = frozenset({"href", "src"})
_HARMLESS: Final = frozenset({"", "http", "https", "file", "mailto"})
_ELSEWHERE: Final = re.compile(r"(?:https?:)?//([^/?#]*)", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[\s\x00-\x1f]*([a-z][a-z0-9+.\s\x00-\x1f-]*):", re.IGNORECASE)
_LOADED: Final = frozenset({"units.js", "strings.js"})
"""The files that the script of the basket loads, which a browser keeps in the page."""
_OF_LOADED: Final = frozenset({"src", "type", "async"})
_ADDED: Final = frozenset({("button", "class=copying", "type=button"), ("span", "role=status")})
"""The elements that the scripts put into a page, with all that they give them."""
_SAVED: Final = re.compile(r"\s*saved from url=\([0-9]{1,8}\)\S*\s*")
"""What a browser writes above a page that it saves."""
_VOID: Final = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_COPYING: Final = ("Copy", "Copied", "복사", "복사했습니다")
"""What the script of every page (`script.js`) says."""
_AROUND: Final = 3  # texts that are shown of each side where they part


def compare(archive: EditionSource, content: str) -> PartVerdict | None:
    """Return whether a page of an edition reads as it does today; None where this is no page of ours.

    One of the reading room is told as a page that is not compared: its pages are made for one reader at one time.
    """
    if not _OURS.search(content):
        return None
    name = _name(content)
    today = _today(archive, name, _base(content, name)) if name else None
    if today is None:
        return PartVerdict(PAGE, PAGE_UNKNOWN)
    there, right = list(_page_texts(content)), list(_page_texts(today))
    if there == right:
        return PartVerdict(PAGE, UNCHANGED)
    at = next((at for at, pair in enumerate(zip(there, right, strict=False)) if pair[0] != pair[1]), min(len(there), len(right)))
    return PartVerdict(PAGE, PAGE_OTHERWISE, _texts(there[at:]), _texts(right[at:]))


def _name(content: str) -> str:
    """Return the name of the file in its edition, from the link to the page in the other language; "" where none tells."""
    own = _LANGUAGE.search(content)
    for links in _LINK.finditer(content):
        if own and own[1] in LANGUAGES and links[2] == links[4] and links[4] in LANGUAGES and links[4] != own[1]:
            return f"{own[1]}/{links[3]}.html"
    return ""


def _today(archive: EditionSource, name: str, base: str) -> str | None:
    """Return the page of today that has a name in the edition, None where there is none."""
    language, _, rest = name.partition("/")
    with speaking(language):
        for each in pages.some(archive, context_of(archive), rest.removesuffix(".html")):
            if file_name(each.page.place) == name:
                return write(archive, each, base)
    return None


def _base(content: str, name: str) -> str:
    """Return the address of the edition, as far as the page gives one."""
    match = _CANONICAL.search(content)
    try:
        return address(match[1].removesuffix(name)) if match and match[1].endswith(name) else ""
    except BadAddress:
        return ""


@cache
def _script_words() -> re.Pattern[str]:
    """Return what the scripts of an edition put into a page by themselves: what their buttons say, and that one was pressed."""
    said = [*_COPYING]
    for language in LANGUAGES:
        with speaking(language):
            said += edition.basket_strings().values()
    return re.compile("|".join(re.escape(each).replace(r"\{number\}", "[0-9]+") for each in said))


class _Document(HTMLParser):
    """Lists what a page is made of: elements with all that they have, of addresses the files alone, and words.

    Of what the scripts add, a button or what is told of one, nothing is listed where it says what they say, and nothing else.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.met: list[tuple[str, ...]] = []
        self._own: list[tuple[str, ...]] = []
        self._within = ""
        self._drawn = 0
        self._is_passed_over = False  # a script that another one has loaded

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        file = (has.get("src") or (has.get("href", "") if tag == "link" else "")).rpartition("/")[2]
        self._is_passed_over = (
            tag == "script" and file in _LOADED and has.keys() <= _OF_LOADED and not _ELSEWHERE.match(has["src"])
        )
        if self._is_passed_over:
            return
        element = (tag, *sorted(f"{name}={value or ''}" for name, value in attrs if name not in _ADDRESSES))
        self._drawn += tag == "svg"
        if element in _ADDED and not self._within:
            self._within = tag
            self._own = [element]
        elif element != ("tbody",):  # which browsers add to a table
            self._tokens().append((*element, file, *_elsewhere(tag, attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _VOID or self._drawn:
            self.handle_endtag(tag)  # of any other a browser takes no notice that it ends so

    def handle_endtag(self, tag: str) -> None:
        self._drawn -= tag == "svg"
        if self._within == tag:
            words = " ".join(each[0] for each in self._own if len(each) == 1)
            if len(self._own) > 2 or (words and not _script_words().fullmatch(words)):  # noqa: PLR2004 - an element and what it says
                self.met += self._own
            self._within = ""
        elif tag not in {*_VOID, "tbody"} and not self._is_passed_over:
            self._tokens().append((f"/{tag}", ""))
        self._is_passed_over = False

    def handle_comment(self, data: str) -> None:
        if self.met or not _SAVED.fullmatch(data):
            self._tokens().append(("!", data))

    def handle_decl(self, decl: str) -> None:
        if decl.casefold() != "doctype html":
            self._tokens().append(("!", decl))

    def unknown_decl(self, data: str) -> None:
        self._tokens().append(("!", data))

    def handle_pi(self, data: str) -> None:
        self._tokens().append(("?", data))

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        listed = self._tokens()
        if words:
            if listed and len(listed[-1]) == 1:  # words that two parsers cut into pieces differently
                words = f"{listed.pop()[0]} {words}"
            listed.append((words,))

    def close(self) -> None:
        super().close()
        self.met += self._own if self._within else []

    def _tokens(self) -> list[tuple[str, ...]]:
        return self._own if self._within else self.met


def _elsewhere(tag: str, attrs: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """Yield what is told of addresses though they are not compared: what runs something, and what is taken from another host."""
    rel = dict(attrs).get("rel")
    for name, value in attrs:
        if name in _ADDRESSES and value:
            scheme = _SCHEME.match(value)
            if scheme and (named := re.sub(r"[\s\x00-\x1f]", "", scheme[1]).casefold()) not in _HARMLESS:
                yield named
            elsewhere = _ELSEWHERE.match(value.strip())
            if elsewhere and (name == "src" or (tag == "link" and rel == "stylesheet")):
                yield elsewhere[1]


def _page_texts(page: str) -> Iterator[tuple[str, ...]]:
    parser = _Document()
    parser.feed(page)
    parser.close()
    yield from parser.met


def _texts(met: Iterable[tuple[str, ...]]) -> str:
    texts = [each[0] for each in met if len(each) == 1]
    return " ".join(texts[:_AROUND])
