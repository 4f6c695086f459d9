"""A page of an edition that somebody kept, held against the page of today.

An edition as a whole is compared byte for byte (`archive.publishing.publish`).
Of a single page the words are compared, with the elements that they stand in
and their order: a browser that saves a page writes its addresses otherwise,
and the script of an edition adds buttons.
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Final

from archive.citing.part_marks import PAGE, PAGE_OTHERWISE, PAGE_UNKNOWN, UNCHANGED, PartVerdict
from archive.formats.pages import frame
from archive.formats.pages.frame import Frame, PageContext
from archive.formats.pages.places import EditionLinks, PagePlace, file_name, in_files, path
from archive.language.messages import LANGUAGES, speaking
from archive.publishing import _pages as pages
from archive.publishing._source import EditionSource

_OURS: Final = re.compile(r'<body [^>]*class="page-[a-z]+[" ]')
_LANGUAGE: Final = re.compile(r'<html [^>]*lang="([a-z]{2})"')
_LINK: Final = re.compile(
    r'<a [^>]*href="((?:[^"]*/)?)([a-z]{2})/([a-z]/[^"#?]+|[a-z]+/[^"#?]+|[a-z]+)\.html"[^>]*lang="([a-z]{2})"'
)
"""The link to the same page in another language: what stands before its path, its language, and the path below that."""
_HIDING: Final = frozenset({"hidden", "style"})
_ADDED: Final = frozenset({"button", "tbody"})
"""Elements of which nothing is compared: what the script adds, and what browsers add to a table."""
_AROUND: Final = 3  # texts that are shown of each side where they part


def compare(archive: EditionSource, content: str) -> PartVerdict | None:
    """Return whether a page of an edition reads as it does today; None where this is no page of ours.

    One of the reading room is told as a page that is not compared: its pages are made for one reader at one time.
    """
    if not _OURS.search(content):
        return None
    name = _name(content)
    today = _today(archive, name) if name else None
    if today is None:
        return PartVerdict(PAGE, PAGE_UNKNOWN)
    there, right = list(_met(content)), list(_met(today))
    if there == right:
        return PartVerdict(PAGE, UNCHANGED)
    at = next((at for at, pair in enumerate(zip(there, right, strict=False)) if pair[0] != pair[1]), min(len(there), len(right)))
    return PartVerdict(PAGE, PAGE_OTHERWISE, _texts(there[at:]), _texts(right[at:]))


def _name(content: str) -> str:
    """Return the name of the file in its edition, from the link to the page in the other language; "" where none tells."""
    own = _LANGUAGE.search(content)
    for found in _LINK.finditer(content):
        if own and own[1] in LANGUAGES and found[2] == found[4] and found[4] in LANGUAGES and found[4] != own[1]:
            return f"{own[1]}/{found[3]}.html"
    return ""


def _today(archive: EditionSource, name: str) -> str | None:
    """Return the page of today that has a name in the edition, None where there is none."""
    language, _, rest = name.partition("/")

    def context(place: PagePlace) -> PageContext:
        return PageContext(EditionLinks(path(in_files(place)), pages.KINDS), archive.agreed, is_edition=True)

    with speaking(language):
        for each in pages.some(archive, context, rest.removesuffix(".html")):
            if file_name(each.page.place) == name:
                return frame.write(each.page, context(each.page.place), Frame(coverage=archive.coverage))
    return None


class _Main(HTMLParser):
    """Lists what a reader of the main part of a page meets: elements with their class, and words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.met: list[tuple[str, ...]] = []
        self._is_in, self._left_out = False, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self._is_in = True
        elif self._is_in and tag == "button":
            self._left_out += 1
        elif self._is_in and not self._left_out and tag not in _ADDED and not _is_status(tag, attrs):
            has = dict(attrs)
            self.met.append((tag, has.get("class") or "", *sorted(_HIDING.intersection(has))))

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._is_in = False
        elif tag == "button" and self._left_out:
            self._left_out -= 1

    def handle_data(self, data: str) -> None:
        said = " ".join(data.split())
        if self._is_in and not self._left_out and said:
            if self.met and len(self.met[-1]) == 1:  # words that two parsers cut into pieces differently
                said = f"{self.met.pop()[0]} {said}"
            self.met.append((said,))


def _is_status(tag: str, attrs: Iterable[tuple[str, str | None]]) -> bool:
    return tag == "span" and ("role", "status") in attrs


def _met(page: str) -> Iterator[tuple[str, ...]]:
    parser = _Main()
    parser.feed(page)
    parser.close()
    yield from parser.met


def _texts(met: Iterable[tuple[str, ...]]) -> str:
    texts = [each[0] for each in met if len(each) == 1]
    return " ".join(texts[:_AROUND])
