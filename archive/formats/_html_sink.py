"""HTML as a sink: words become text and nothing else, and only this module makes markup.

A record's words are never read as Markdown here. Its asterisks, numbers and
angle brackets are part of what the witness is quoted with: the words on the
page are the words of every other format, can be copied into a paper, and
`verify` still knows them. What is not parsed cannot be abused either, and
takes time in step with its length (Python-Markdown needs 13 s for 40 kB of
``[a](``, and eats the year of ``1977. That year``).

Two walls: `element` takes known elements and attributes alone and escapes
whatever is not `Markup`; `sound` has the finished fragment read again by nh3,
a sanitiser with a parser of its own, and refuses what nh3 would change.
"""

import html
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import Final

import nh3

from archive.errors import Defect
from archive.formats.terminal import visible
from archive.record.work import ADDRESS, MOST_ADDRESS

_EVERYWHERE: Final = frozenset(
    {"id", "class", "lang", "role", "tabindex", "hidden", "aria-label", "aria-labelledby", "aria-describedby", "aria-current"}
)
_ATTRIBUTES: Final[dict[str, frozenset[str]]] = {
    "a": frozenset({"href"}),
    "abbr": frozenset({"title"}),
    "blockquote": frozenset({"cite"}),
    "col": frozenset({"span"}),
    "ol": frozenset({"start"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
}
_NONE: Final[frozenset[str]] = frozenset()
_NAMED: Final = (
    "a abbr article aside b blockquote br caption cite code dd div dl dt em figcaption figure footer h1 h2 h3 h4 h5 header "
    "hr i li mark nav ol p q s section small span strong sub sup table tbody td tfoot th thead time tr ul "
)
_ELEMENTS: Final = frozenset(_NAMED.split())
_CONTROLS: Final[dict[str, frozenset[str]]] = {
    "form": frozenset({"action", "method", "enctype"}),
    "input": frozenset({"type", "name", "value", "autocomplete", "enterkeyhint", "checked", "multiple"}),
    "label": frozenset({"for"}),
    "select": frozenset({"name"}),
    "option": frozenset({"value", "selected"}),
    "button": frozenset({"type", "name", "value"}),
    "textarea": frozenset({"name", "rows"}),
    "fieldset": frozenset(),
    "legend": frozenset(),
}
"""What only a page of the reading room or of the keeper's desk has: no document that goes out by itself does."""
_VOID: Final = frozenset({"br", "hr", "input"})
_SEGMENT: Final = r"[A-Za-z0-9._~%-]+"
_OWN: Final = re.compile(
    rf"(?:\./|(?:\.\./)+|/)?(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?(?:\?[A-Za-z0-9._~%=&+-]*)?(?:#[A-Za-z0-9._-]*)?", re.ASCII
)
_MOST_OWN: Final = 8000
"""Characters of an address of ours: what is asked stands in it."""
_PAINT: Final = frozenset({"fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "opacity"})
_DRAWING: Final[dict[str, frozenset[str]]] = {
    "svg": frozenset({"viewBox", "width", "height", "xmlns", "font-family", "font-size", "color", "fill"}),
    "title": frozenset(),
    "desc": frozenset(),
    "defs": frozenset(),
    "g": _PAINT | {"transform"},
    "path": _PAINT | {"d"},
    "rect": _PAINT | {"x", "y", "width", "height"},
    "circle": _PAINT | {"cx", "cy", "r"},
    "line": _PAINT | {"x1", "y1", "x2", "y2"},
    "text": _PAINT | {"x", "y", "font-size", "font-weight", "text-anchor"},
    "linearGradient": frozenset({"x1", "x2", "y1", "y2"}),
    "stop": frozenset({"offset", "stop-color", "stop-opacity"}),
    "pattern": frozenset({"width", "height", "patternUnits"}),
}
"""The elements of a drawing (SVG) and their attributes: no link, no style, no script, and no file is named."""
_MORE: Final[Mapping[str, dict[str, frozenset[str]]]] = {"drawing": _DRAWING, "controls": _CONTROLS}
_COLOUR: Final = re.compile(r"none|currentColor|#[0-9a-f]{3,6}|url\(#[a-z][a-z0-9-]*\)")
_PLACE: Final = re.compile(r"#[a-z][a-z0-9._-]*", re.IGNORECASE | re.ASCII)


class Markup(str):
    """Finished HTML. Made by `element`, `control`, `draw`, `words` and `join` alone."""

    __slots__ = ()


NOTHING: Final = Markup("")


class OwnAddress(str):
    """The address of a page of ours, as it stands in a link; made by `own_address` alone."""

    __slots__ = ()


def own_address(written: str) -> OwnAddress:
    """Return the address of a page of ours: a path of this site, also relative, with what is asked and a place in the page.

    :raises Defect: it could lead elsewhere.
    """
    if not _OWN.fullmatch(written) or len(written) > _MOST_OWN:
        message = "a link of ours leads to no page of ours"
        raise Defect(message)
    return OwnAddress(written)


def words(text: str, matches: Iterable[tuple[int, int]] = ()) -> Markup:
    """Write words as they are, control characters made visible.

    :param matches: half-open offsets in code points that are marked, in order.
    """
    pieces, at = [], 0
    for start, end in matches:
        pieces += [_escape(text[at:start]), "<mark>", _escape(text[start:end]), "</mark>"]
        at = end
    return Markup("".join([*pieces, _escape(text[at:])])) if pieces else _plain(text)


@lru_cache(maxsize=4096)
def _plain(text: str) -> Markup:
    """Write words of which none is marked; a page and its neighbours have most of them in common."""
    return Markup(_escape(text))


def element(name: str, /, *inside: str, **attributes: str) -> Markup:
    """Write an element; what is inside and is not `Markup` is words.

    An attribute that is no name in Python is written with ``_`` at its end or
    for ``-``: ``class_``, ``aria_label``. A link that leads elsewhere than to
    http, https or into the page is left out, and its words stay.

    :raises Defect: an element or attribute that no page of ours has.
    """
    if name not in _ELEMENTS:
        message = f"no page of ours has an element {name!r}"
        raise Defect(message)
    return _write(name, inside, attributes, _ATTRIBUTES.get(name, _NONE))


def control(name: str, /, *inside: str, **attributes: str) -> Markup:
    """Write an element of a form, as `element` writes the others; a form leads to an address of ours and asks with GET.

    :raises Defect: it is no such element, or has another attribute.
    """
    if name not in _CONTROLS:
        message = f"no form of ours has an element {name!r}"
        raise Defect(message)
    if name == "form" and not (isinstance(attributes.get("action"), OwnAddress) and attributes.get("method") == "get"):
        message = "a form of ours asks a page of ours, with GET"
        raise Defect(message)
    return _write(name, inside, attributes, _CONTROLS[name])


def post_form(action: OwnAddress, hidden: Mapping[str, str], /, *inside: str, uploads: bool = False) -> Markup:
    """Write a form of the keeper's desk, which changes something: sent with POST, with what says that it came from there.

    :param hidden: names and values that are sent along, the token of the desk among them.
    :param uploads: files are sent with it.
    """
    kept = [control("input", type="hidden", name=name, value=value) for name, value in hidden.items()]
    attributes = {"action": action, "method": "post", **({"enctype": "multipart/form-data"} if uploads else {})}
    return _write("form", [*kept, *inside], attributes, _CONTROLS["form"])


def _write(name: str, inside: Iterable[str], attributes: Mapping[str, str], allowed: frozenset[str]) -> Markup:
    written = []
    for key, value in attributes.items():
        attribute = _attribute(key)
        if attribute not in _EVERYWHERE and attribute not in allowed:
            message = f"no page of ours has an attribute {attribute!r} of {name!r}"
            raise Defect(message)
        if attribute in {"href", "cite"} and not (isinstance(value, OwnAddress) or leads_somewhere_safe(value)):
            continue
        written.append(f' {attribute}="{_plain(value)}"')
    opening = f"<{name}{''.join(written)}>"
    return Markup(opening if name in _VOID else f"{opening}{_together(inside)}</{name}>")


@cache
def _attribute(key: str) -> str:
    """Return an attribute as HTML calls it, by what it is called in our code."""
    return key.rstrip("_").replace("_", "-")


def draw(name: str, /, *inside: str, **attributes: str | float) -> Markup:
    """Write an element of a drawing, as `element` writes one of a page; numbers to a tenth.

    :raises Defect: an element, attribute or colour that no drawing of ours has.
    """
    known = _DRAWING.get(name)
    if known is None:
        message = f"no drawing of ours has an element {name!r}"
        raise Defect(message)
    written = []
    for key, value in attributes.items():
        attribute = _attribute(key)
        said = value if isinstance(value, str) else f"{round(value, 1):g}"
        is_paint = attribute in {"fill", "stroke", "color", "stop-color"}
        if attribute not in _EVERYWHERE | known or (is_paint and not _COLOUR.fullmatch(said)):
            message = f"no drawing of ours has an attribute {attribute!r} of {name!r}"
            raise Defect(message)
        written.append(f' {attribute}="{_plain(said)}"')
    return Markup(f"<{name}{''.join(written)}>{_together(inside)}</{name}>")


def join(*pieces: str, by: str = "") -> Markup:
    """Put pieces one after another; those that are not `Markup` are words, and so is ``by``."""
    return Markup(_together(pieces, by))


def _together(pieces: Iterable[str], by: str = "") -> str:
    between = _plain(by) if by else ""
    return between.join([piece if isinstance(piece, Markup) else _plain(piece) for piece in pieces])


def leads_somewhere_safe(target: str) -> bool:
    """Return whether a link may be followed: http or https, plain ASCII, no user name before the host; or a place in the page."""
    return len(target) <= MOST_ADDRESS and bool(ADDRESS.fullmatch(target) or _PLACE.fullmatch(target))


def anchor(name: str) -> str:
    """Return the id of a place in a page: ``NKT-0001#p3`` becomes ``NKT-0001-p3``."""
    kept = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.")
    return kept if kept[:1].isalpha() else f"a-{kept}"


def of_another_program(fragment: str) -> Markup:
    """Return HTML that another program wrote with what a page of ours may hold alone; no word is taken out."""
    return Markup(_cleaner().clean(fragment))


@cache
def _cleaner(*more: str) -> nh3.Cleaner:
    """Return what gives back of a fragment what a page of ours may hold, by a parser that is not ours.

    It is made once of each kind: to make it takes thirty times as long as to read a small fragment.

    :param more: names in `_MORE` of the elements that it may hold besides.
    """
    besides = {name: attributes for each in more for name, attributes in _MORE[each].items()}
    return nh3.Cleaner(
        tags={*_ELEMENTS, *besides},
        clean_content_tags=set(),
        attributes={"*": set(_EVERYWHERE), **{name: set(names) for name, names in {**_ATTRIBUTES, **besides}.items()}},
        url_schemes={"http", "https"},
        link_rel=None,
        strip_comments=True,
    )


def sound(fragment: Markup, *, controls: bool = False) -> Markup:
    """Return a fragment back as it is, if a sanitiser finds nothing in it to take out.

    :param controls: it may hold forms.
    :raises Defect: it would. The words are never cut silently: a caveat could be among them.
    """
    cleaned = _cleaner("drawing", *(["controls"] if controls else [])).clean(fragment)
    if not _is_the_same(cleaned, fragment) and _events(cleaned) != _events(fragment):
        message = "a page that was to be written holds what no page of ours may hold"
        raise Defect(message)
    return fragment


_PLAIN: Final = re.compile(
    r"""(?: [^<]++ | < (?: / [A-Za-z][A-Za-z0-9]* | [A-Za-z][A-Za-z0-9]* (?: [ ] [A-Za-z][A-Za-z0-9-]* ="[^"<>]*" )* ) > )*+""",
    re.VERBOSE,
)
"""Tags as `_write` writes them, and text: what no two parsers read otherwise."""


def _is_the_same(cleaned: str, fragment: str) -> bool:
    """Return whether a plain fragment was given back sign by sign, but for how quotation marks and spaces are written.

    Where it was, no parser needs to compare what is met in both, which takes ten times as long.
    """
    return _unescape(cleaned) == _unescape(fragment) and _PLAIN.fullmatch(fragment) is not None


def _unescape(markup: str) -> str:
    return markup.replace("&quot;", '"').replace("&#x27;", "'").replace("&nbsp;", "\xa0")


def _escape(text: str) -> str:
    return html.escape(visible(text))


class _Events(HTMLParser):
    """Lists what a reader of HTML meets: tags with their attributes, and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.met: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.append((tag, sorted(attrs, key=str)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.met.append(tag)

    def handle_data(self, data: str) -> None:
        # Text is compared as a whole: two parsers may cut it into pieces differently.
        if self.met and isinstance(self.met[-1], list):
            self.met[-1].append(data)
        else:
            self.met.append([data])

    def handle_comment(self, data: str) -> None:
        self.met.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.met.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.met.append(("instruction", data))

    def unknown_decl(self, data: str) -> None:
        self.met.append(("declaration", data))


def _events(fragment: str) -> list[object]:
    parser = _Events()
    try:
        parser.feed(fragment)
        parser.close()
    except AssertionError:
        # So Python's parser ends at a declaration that it does not know; no page of ours has one.
        parser.met.append(("declaration", fragment))
    return [["".join(event)] if isinstance(event, list) else event for event in parser.met]
