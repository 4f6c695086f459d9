"""Where a page leads: places of the site, and how the address of each is written in the room and in the edition."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Protocol
from urllib.parse import quote, urlencode

from archive.errors import BadReference
from archive.formats._html_sink import OwnAddress, own_address
from archive.language.messages import LANGUAGES, current_language
from archive.named_tuple import NamedTuple
from archive.record.testimony import reference

Parameters = tuple[tuple[str, str], ...]
"""What is asked of a page, as names and values in the order in which they stand in its address."""

STYLE, SCRIPT = "style.css", "script.js"
"""The style sheet and the script of the site, which lie at its top."""

_FOLDERS: Final = {
    "record": "r",
    "versions": "v",
    "parallel": "b",
    "passage": "p",
    "camp": "c",
    "topic": "t",
    "witness": "w",
    "picture": "i",
    "conflict": "k",
    "source": "s",
}
"""Pages of one thing: the first part of their path, which is followed by what names the thing."""


class PagePlace(NamedTuple):
    """A page of the site, as a link names it.

    :param kind: as "record" or "search".
    :param of: what the page is of, as a code and a number.
    :param version: the language of the words, where they are not a record's own.
    :param at: a place in the page.
    :param form: what is sent: a page, or the same as "json".
    :param language: of the frame; "" for that of the page with the link.
    """

    kind: str
    of: tuple[str, ...] = ()
    version: str = ""
    parameters: Parameters = ()
    at: str = ""
    form: str = ""
    language: str = ""


class Links(Protocol):
    """Writes addresses, as they stand in the links of one page."""

    def to(self, place: PagePlace) -> OwnAddress | None:
        """Return the address of a place; None where the site has no such page."""

    def file(self, name: str) -> OwnAddress:
        """Return the address of a file at the top of the site, as `STYLE`."""


_INDEX: Final = "index"
"""What the way in is called where a form follows its name."""


def path(place: PagePlace) -> str:
    """Return the path of a place below the top of the site, without an ending: ``en/r/NKT-0001``."""
    language = place.language or current_language()
    if place.kind == "home":
        return f"{language}/"
    parts = [_FOLDERS.get(place.kind, place.kind), *place.of, *([place.version] if place.version else ())]
    return "/".join([language, *(quote(part, safe="") for part in parts)])


_KINDS: Final = {folder: kind for kind, folder in _FOLDERS.items()}
_PARTS: Final = {
    **dict.fromkeys(("record", "versions", "parallel", "camp", "topic", "witness", "conflict", "source"), (1,)),
    "passage": (2,),
    "picture": (1, 2),
    "basket": (0, 1),
    **dict.fromkeys(("edit", "header", "note", "rebind", "access"), (1,)),
}
"""How many names stand in the path of a page of one thing; behind them may stand the language of its words."""
_WITH_VERSION: Final = frozenset({"record", "parallel", "passage"})
FORMS: Final = ("json", "csv", "html", "md", "docx", "odt")
"""In what other forms a page may be asked for."""


def read(written: str) -> PagePlace | None:
    """Return the place of a path below the top of the site, as `path` writes it, decoded; None where it is none.

    What is sent in another form has that form at its end: ``en/r/NKT-0001.json``.
    """
    language, slash, rest = written.partition("/")
    if language not in LANGUAGES or not slash:
        return None
    stem, dot, form = rest.rpartition(".")
    rest, form = (stem, form) if dot and form in FORMS else (rest, "")
    folder, *of = [""] if form and rest == _INDEX else rest.split("/")
    kind = _KINDS.get(folder, folder or "home")
    wanted = _PARTS.get(kind, (0,))
    version = of.pop() if kind in _WITH_VERSION and len(of) == wanted[0] + 1 else ""
    if len(of) not in wanted or not all(of) or (version == "" and kind == "parallel"):
        return None
    return PagePlace(kind, tuple(of), version, form=form, language=language)


class RoomLinks(NamedTuple):
    """Addresses in the reading room, all from its top."""

    def to(self, place: PagePlace) -> OwnAddress | None:
        """Return the address of a place."""
        here = path(place)
        ending = f"{_INDEX if here.endswith('/') else ''}.{place.form}" if place.form else ""
        return own_address(f"/{here}{ending}{_query(place.parameters)}{_fragment(place.at)}")

    def file(self, name: str) -> OwnAddress:
        """Return the address of a file at the top of the site."""
        return own_address(f"/{name}")


class DeskLinks(NamedTuple):
    """Addresses at the keeper's desk, which has its own pages and none of those of readers."""

    has: frozenset[str]

    def to(self, place: PagePlace) -> OwnAddress | None:
        """Return the address of a place; None where the desk has no such page."""
        return own_address(f"/{path(place)}{_query(place.parameters)}") if place.kind in self.has else None

    def file(self, name: str) -> OwnAddress:
        """Return the address of a file at the top of the site."""
        return own_address(f"/{name}")


class EditionLinks(NamedTuple):
    """Addresses in a folder of files, each from the page in which it stands, so that the folder may lie anywhere.

    :param here: the path of the page, as `path` has it.
    :param has: the kinds of pages that the edition has.
    """

    here: str
    has: frozenset[str]

    def to(self, place: PagePlace) -> OwnAddress | None:
        """Return the address of a place; None where the edition has no page of its kind."""
        if place.kind not in self.has or place.form:
            return None
        return _between_files(self._up, place, place.language or current_language())

    def file(self, name: str) -> OwnAddress:
        """Return the address of a file at the top of the edition."""
        return own_address(f"{self._up}{name}")

    @property
    def _up(self) -> str:
        return "../" * self.here.count("/")


@lru_cache(maxsize=4096)
def _between_files(up: str, place: PagePlace, language: str) -> OwnAddress:
    """Return the address of a place from a page; most pages of an edition have most of their links in common.

    :param up: the way from the page to the top of the edition.
    """
    place = in_files(place)._replace(language=language)
    return own_address(f"{up}{file_name(place)}{_query(place.parameters)}{_fragment(place.at)}")


_ASKED_OF_FILES: Final = {"compare": ("camp", "topic", "offset"), "picture": ("part",), "sources": ("part",)}
"""What may be asked of pages that are files of their own in an edition, which nobody answers."""


def in_files(place: PagePlace) -> PagePlace:
    """Return a place as an edition has it: what is asked of a comparison or a picture stands in its path."""
    named = _ASKED_OF_FILES.get(place.kind)
    if not named or not place.parameters:
        return place
    if place.kind == "picture":
        kind, camp, *_ = (*place.of, "collection")
        return place._replace(of=(kind, camp, *(value for _, value in place.parameters)), parameters=())
    of = tuple(value for name in named for parameters, value in place.parameters if parameters == name)
    return place._replace(of=(place.parameters[0][0], *of) if place.kind == "compare" else of, parameters=())


def file_name(place: PagePlace) -> str:
    """Return the name of the file of a place in the edition, from its top: ``en/r/NKT-0001.html``."""
    here = path(in_files(place))
    return f"{here}index.html" if here.endswith("/") else f"{here}.html"


def _query(parameters: Parameters) -> str:
    return f"?{urlencode(parameters)}" if parameters else ""


def _fragment(at: str) -> str:
    return f"#{at}" if at else ""


def without(parameters: Parameters, *names: str) -> Parameters:
    """Return what is asked without everything of some names."""
    return tuple((name, value) for name, value in parameters if name not in names)


def home(language: str = "") -> PagePlace:
    """Return the way in."""
    return PagePlace("home", language=language)


def search(parameters: Iterable[tuple[str, str]]) -> PagePlace:
    """Return an answer."""
    return PagePlace("search", parameters=tuple(parameters))


def record(code: str, version: str = "", at: str = "") -> PagePlace:
    """Return a record in its own words, or in those of a version."""
    return PagePlace("record", (code,), version, at=at)


def passage(code: str, number: int, version: str = "") -> PagePlace:
    """Return one passage."""
    return PagePlace("passage", (code, str(number)), version)


def camp(facility: str) -> PagePlace:
    """Return the page of a facility."""
    return PagePlace("camp", (facility,))


def topic(term: str) -> PagePlace:
    """Return the page of a topic."""
    return PagePlace("topic", (term,))


def place_of(written: str) -> PagePlace | None:
    """Return where a reference leads, as "NKT-0001#p3"; None where it is none."""
    try:
        wanted = reference(written)
    except BadReference:
        return None
    return passage(wanted.code, wanted.paragraphs[0]) if wanted.paragraphs else record(wanted.code)
