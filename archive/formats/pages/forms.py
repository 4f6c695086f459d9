"""Forms of a page: fields with their labels and hints, and beside each what is wrong with what was sent.

A form is sent with POST and carries along, unseen, what its page was given for that.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from archive.errors import Defect
from archive.formats._html_sink import NOTHING, Markup, control, element, join, post_form
from archive.formats.pages.frame import PageContext
from archive.formats.pages.places import PagePlace
from archive.named_tuple import NamedTuple

DO: Final = "do"
"""The name of what a button asks for."""
LOOK: Final = "look"
SAVE: Final = "save"

Choices = Sequence[tuple[str, str]]


class Wrong(NamedTuple):
    """Something that is wrong with what was sent; ``field`` is that of the form, "" where it is about the whole."""

    field: str
    message: str


class Sent(NamedTuple):
    """A form as it was sent, or as it is first shown, with what is wrong with it.

    :param hidden: what is sent along unseen: the token of the desk, and that this form is sent once.
    """

    hidden: Mapping[str, str]
    values: Mapping[str, str] = {}
    wrong: tuple[Wrong, ...] = ()


class Field(NamedTuple):
    """A field of a form: a line, some lines (``rows``), one of several values (``choices``), files, or a box to tick."""

    name: str
    label: str
    hint: str = ""
    rows: int = 0
    choices: Choices = ()
    kind: str = "text"


def form(  # noqa: PLR0913 - what stands in it, by keyword what is sent with it
    place: PagePlace, context: PageContext, sent: Sent, fields: Sequence[Field], buttons: Choices, *, uploads: bool = False
) -> Markup:
    """Write a form, each field with what is wrong with it; what is wrong with the whole stands above.

    :raises Defect: the desk has no such page.
    """
    action = context.links.to(place)
    if action is None:
        raise Defect(place.kind)
    names = {field.name for field in fields}
    of_all = [each.message for each in sent.wrong if each.field not in names]
    return join(
        _wrong(of_all) if of_all else NOTHING,
        post_form(
            action,
            sent.hidden,
            *(_field(field, sent) for field in fields),
            element(
                "p",
                *(control("button", label, type="submit", name=DO, value=value) for value, label in buttons),
                class_="buttons",
            ),
            uploads=uploads,
        ),
        by="\n",
    )


def _wrong(messages: Sequence[str]) -> Markup:
    lines = [line for message in messages for line in message.splitlines()]
    return element("ul", *(element("li", line) for line in lines), class_="wrong", role="alert")


def _field(field: Field, sent: Sent) -> Markup:
    value = sent.values.get(field.name, "")
    wrong = [each.message for each in sent.wrong if each.field == field.name]
    here = f"{field.name}-{sent.hidden['once']}"  # a page has several forms with fields of the same name
    told = [f"{here}-{part}" for part, has in (("hint", field.hint), ("wrong", wrong)) if has]
    described = {"aria_describedby": " ".join(told)} if told else {}
    name = {"name": field.name, "id": here, **described}
    label = control("label", field.label, for_=here)
    return element(
        "div",
        join(_box(value, name), label) if field.kind == "box" else join(label, _input(field, value, name)),
        element("p", field.hint, id=f"{here}-hint", class_="small") if field.hint else NOTHING,
        element("p", "\n".join(wrong), id=f"{here}-wrong", class_="wrong") if wrong else NOTHING,
        class_="field",
    )


def _box(value: str, name: Mapping[str, str]) -> Markup:
    return control("input", type="checkbox", value="yes", **name, **({"checked": ""} if value else {}))


def _input(field: Field, value: str, name: Mapping[str, str]) -> Markup:
    if field.choices:
        known = [*field.choices, *([(value, value)] if value not in {key for key, _ in field.choices} else [])]
        options = (control("option", said, value=key, **({"selected": ""} if key == value else {})) for key, said in known)
        return control("select", *options, **name)
    if field.rows:
        return control("textarea", value, rows=str(field.rows), **name)
    if field.kind == "file":
        return control("input", type="file", multiple="", **name)
    return control("input", type="text", value=value, autocomplete="off", **name)
