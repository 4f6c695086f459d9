"""The named tuples of the program are those of the standard library to whoever uses them, and cost less to define."""

import ast
import copy
import inspect
import pickle
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import values
from archive.record.testimony import Note, Reference, Testimony
from archive.search.model import Filters

HOUSE = Path(values.__file__).parent


class Ours(values.NamedTuple):
    """Two fields that are asked for, and two with a default."""

    first: int
    second: str
    third: int = 3
    fourth: tuple[int, ...] = ()

    @property
    def doubled(self) -> int:
        """Return twice the first."""
        return 2 * self.first


class Derived(Ours):
    """One that adds a method."""

    def both(self) -> str:
        """Return two fields together."""
        return f"{self.first}{self.second}"


def theirs() -> type[Any]:
    """Return the same as the standard library makes it."""
    defined: type[Any] = typing.NamedTuple("Ours", [("first", int), ("second", str), ("third", int), ("fourth", tuple[int, ...])])
    defined.__new__.__defaults__ = (3, ())
    return defined


THEIRS = theirs()
ANY = st.integers() | st.text(max_size=3)
NAMED = st.dictionaries(st.sampled_from(["first", "second", "third", "fourth", "fifth"]), ANY, max_size=5)


def made(kind: Callable[..., Any], given_values: list[Any], named: dict[str, Any]) -> Any:
    """Return what is made of some values, or that nothing is."""
    try:
        return kind(*given_values, **named)
    except TypeError:
        return None


@given(st.lists(ANY, max_size=5), NAMED)
def test_the_same_is_made_of_the_same_values(given_values: list[Any], named: dict[str, Any]) -> None:
    """In place, by name, left to a default; too many, too few, twice, or of no field is refused by both."""
    ours, expected = made(Ours, given_values, named), made(THEIRS, given_values, named)
    assert ours == expected
    if expected is not None:
        assert repr(ours) == repr(expected)
        assert ours._asdict() == expected._asdict()
        assert hash(ours) == hash(expected)


@given(NAMED)
def test_the_same_is_replaced(named: dict[str, Any]) -> None:
    """A field that is not there is refused by both."""
    for each in (Ours(1, "b"), THEIRS(1, "b")):
        if "fifth" in named:
            with pytest.raises(ValueError, match="fifth"):
                each._replace(**named)
        else:
            assert each._replace(**named)._asdict() == {"first": 1, "second": "b", "third": 3, "fourth": (), **named}


def test_a_tuple_that_is_made_often_is_the_same() -> None:
    """From some time on it has a function of its own; a derived class makes its own kind then too."""
    kinds = {(type(made), made) for made in (Derived(1, second="b") for _ in range(2 * values._FEW))}  # noqa: SLF001
    assert kinds == {(Derived, (1, "b", 3, ()))}
    assert {(type(made), made) for made in (Ours(1, "b", fourth=(2,)) for _ in range(2 * values._FEW))} == {  # noqa: SLF001
        (Ours, (1, "b", 3, (2,)))
    }
    assert made(Ours, [1], {}) is None
    assert Ours.__new__ is not values.NamedTuple.__new__


def test_what_else_a_named_tuple_does() -> None:
    """Matching by place and name, unpacking, copies, pickles, methods, and no room for anything else."""
    ours = Derived(1, "b")
    match ours:
        case Ours(first, second, fourth=fourth):
            assert (first, second, fourth) == (1, "b", ())
    assert (ours.doubled, ours.both()) == (2, "1b")
    assert copy.copy(ours) == copy.deepcopy(ours) == pickle.loads(pickle.dumps(ours)) == ours  # noqa: S301 - our own bytes
    assert type(pickle.loads(pickle.dumps(ours))) is Derived  # noqa: S301 - our own bytes
    assert Derived._make([1, "b", 2, ()]) == (1, "b", 2, ())
    with pytest.raises(TypeError):
        Ours._make([1])
    with pytest.raises(AttributeError):
        ours.first = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Ours(1, "b").other = 2  # type: ignore[attr-defined]
    assert typing.get_type_hints(Ours)["fourth"] == tuple[int, ...]


def test_a_field_without_a_default_stands_before_those_that_have_one() -> None:
    """As the standard library has it."""
    with pytest.raises(TypeError, match="default stand last"):
        type(Ours)("Wrong", (values.NamedTuple,), {"__annotations__": {"first": int, "second": int}, "first": 1})


@pytest.mark.parametrize("kind", [Filters, Note, Reference, Testimony], ids=lambda kind: kind.__name__)
def test_real_ones_have_their_fields(kind: Any) -> None:
    """Names, defaults and types as they are written in the class."""
    assert kind._fields == tuple(kind.__annotations__) == kind.__match_args__
    assert set(kind._field_defaults) <= set(kind._fields)
    assert inspect.isclass(kind)
    assert kind.__slots__ == ()


def test_no_module_defines_the_costly_ones() -> None:
    """A module that a search loads would take its time again."""
    for path in HOUSE.rglob("*.py"):
        if path.name != "values.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module in {"typing", "collections"}:
                    assert not {"NamedTuple", "namedtuple"} & {alias.name for alias in node.names}, path
