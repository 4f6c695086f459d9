"""A named tuple of ours does what one of Python's does; only to define it takes less."""

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from archive.named_tuple import NamedTuple as QuickNamedTuple


class Theirs(NamedTuple):
    """The control."""

    code: str
    count: int = 3
    names: tuple[str, ...] = ()

    def first(self) -> str:
        """Return a word of its own."""
        return self.code[:1]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is counted."""
        return not self.count


class Ours(QuickNamedTuple):
    """The same fields."""

    code: str
    count: int = 3
    names: tuple[str, ...] = ()

    def first(self) -> str:
        """Return a word of its own."""
        return self.code[:1]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is counted."""
        return not self.count


class Heir(Ours):
    """What inherits the fields and has none of its own."""

    __slots__ = ()


def answered(ask: Callable[[Any], object], kind: type) -> str:
    """Return what a question about a class is answered, in words, or by which error; the name of the class left out."""
    try:
        answer = repr(ask(kind))
    except (AttributeError, TypeError, ValueError) as error:
        answer = f"{type(error).__name__}: {error}"
    return answer.replace(kind.__name__, "Kind")


QUESTIONS: dict[str, Callable[[Any], object]] = {
    "by position": lambda kind: kind("a", 1, ("b",)),
    "by name": lambda kind: kind(names=("b",), code="a"),
    "defaults": lambda kind: kind("a"),
    "nothing given": lambda kind: kind(),
    "too much given": lambda kind: kind("a", 1, (), 4),
    "an unknown name": lambda kind: kind("a", other=1),
    "given twice": lambda kind: kind("a", code="b"),
    "fields": lambda kind: (kind("a").code, kind("a", 7).count, kind("a").names),
    "unpacked": lambda kind: [*kind("a", 1)],
    "indexed": lambda kind: (kind("a", 1)[1], kind("a")[-1], len(kind("a"))),
    "equal": lambda kind: (kind("a") == kind("a"), kind("a") == ("a", 3, ()), kind("a") != kind("b")),
    "ordered": lambda kind: sorted([kind("b"), kind("a", 4), kind("a")]),
    "hashed": lambda kind: hash(kind("a", 1)) == hash(("a", 1, ())),
    "changed": lambda kind: kind("a")._replace(count=9, names=("c",)),
    "set": lambda kind: setattr(kind("a"), "code", "b"),
    "set what is not there": lambda kind: setattr(kind("a"), "other", "b"),
    "as a dictionary": lambda kind: kind("a")._asdict(),
    "made of a list": lambda kind: kind._make(["a", 1, ()]),
    "made of too short a list": lambda kind: kind._make(["a"]),
    "names of fields": lambda kind: (kind._fields, kind.__match_args__, kind._field_defaults, kind.__annotations__),
    "methods": lambda kind: (kind("abc").first(), kind("a", 0).is_empty),
    "signature": lambda kind: [(each.name, each.default) for each in inspect.signature(kind).parameters.values()],
    "copied": lambda kind: (copy.copy(kind("a")), copy.deepcopy(kind("a"))),
    "pickled": lambda kind: pickle.loads(pickle.dumps(kind("a", 5))),  # noqa: S301 - what was pickled here
    "what it is": lambda kind: (isinstance(kind("a"), tuple), type(kind), kind.__doc__ is None, kind.__module__),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_named_tuple_answers_as_python_s(question: str) -> None:
    """Made, read, compared, changed, kept; and refused in the same words."""
    assert answered(QUESTIONS[question], Ours) == answered(QUESTIONS[question], Theirs)


def test_a_field_that_is_not_there_is_not_changed() -> None:
    """Python's own says so by one error or by another, as its version is."""
    with pytest.raises(ValueError, match=r"\['other', 'further'\]"):
        Ours("a")._replace(other=9, code="b", further=1)


def test_one_without_fields_is_one_still() -> None:
    """As a thing that is asked for, and of which nothing has to be said."""

    class Nothing(QuickNamedTuple):
        pass

    assert (Nothing(), repr(Nothing()), len(Nothing())) == ((), "Nothing()", 0)
    with pytest.raises(TypeError):
        Nothing(1)


def test_it_is_matched_by_position() -> None:
    """As `match` does with the fields in their order."""
    match Ours("a", 7):
        case Ours(code, count):
            assert (code, count) == ("a", 7)


def test_what_inherits_from_it_is_as_small() -> None:
    """No instance has a dictionary of its own."""
    made = Heir("a", count=1)
    assert (made, repr(made)) == (("a", 1, ()), "Heir(code='a', count=1, names=())")
    assert type(made._replace(count=2)) is Heir
    for each in (made, Ours("a")):
        assert not hasattr(each, "__dict__")


def test_two_of_as_many_fields_keep_their_names() -> None:
    """What is made for a number of fields is shared, and not their names."""

    class Other(QuickNamedTuple):
        place: str
        camp: int = 14
        years: tuple[str, ...] = ("1990s",)

    assert Other("b") == ("b", 14, ("1990s",))
    assert Other(place="b").camp == 14
    with pytest.raises(TypeError, match=r"Other\.__new__\(\) got an unexpected keyword argument 'code'"):
        Other(code="b")  # type: ignore[call-arg]
    assert Ours(code="b").count == 3
