"""Named tuples that cost little to define: a search has a hundred of them.

`typing.NamedTuple` compiles a function for each class where it is defined, which
took a tenth of a search. To a type checker these are its named tuples, and so
they are to whoever uses them (`tests/test_values.py`).
"""

from collections import namedtuple
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Self

_MOST_FIELDS: Final = 40
_FEW: Final = 50
"""Tuples that are made of a class without a function of its own, where not each value stands at its place."""
_named_tuple: Final[Any] = namedtuple  # noqa: PYI024 - for what is in it alone
# What gives the item at a place is the same in all named tuples.
_PLACES: Final = _named_tuple("_Places", [f"at{place}" for place in range(_MOST_FIELDS)])
_ITEMS: Final = [vars(_PLACES)[name] for name in _PLACES._fields]


_filled_times: dict[type, int] = {}


class _Definition(type):
    """Makes a class of the fields that are written in its body."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:  # noqa: ANN401 - a class
        """Make a class; one that is derived from a named tuple is as it is written.

        :raises TypeError: a field without a default stands behind one that has one, or there are too many fields.
        """
        if bases == (tuple,) or any("_fields" in vars(base) for base in bases):
            return type.__new__(cls, name, bases, body)
        fields = tuple(body.get("__annotations__", ()))
        defaults = {field: body[field] for field in fields if field in body}
        if tuple(defaults) != fields[len(fields) - len(defaults) :] or len(fields) > _MOST_FIELDS:
            message = f"{name}: fields with a default stand last, and there are {_MOST_FIELDS} at most"
            raise TypeError(message)
        body.update(zip(fields, _ITEMS, strict=False))
        body.update(__slots__=(), __match_args__=fields, _fields=fields, _field_defaults=defaults)
        return type.__new__(cls, name, bases, body)


class _Tuple(tuple[Any, ...], metaclass=_Definition):
    """What all named tuples have."""

    __slots__ = ()
    if TYPE_CHECKING:
        _fields: tuple[str, ...]
        _field_defaults: Mapping[str, Any]

    def __new__(cls, *values: Any, **named: Any) -> Self:  # noqa: ANN401 - of the fields
        """Make a tuple of the values of its fields.

        :raises TypeError: a field has no value, or two, or there is no such field.
        """
        if named or len(values) != len(cls._fields):
            values = cls._filled(values, named)
        return tuple.__new__(cls, values)

    @classmethod
    def _filled(cls, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """Return the values of all fields.

        What is made often gets the function that the standard library compiles.
        """
        _filled_times[cls] = times = _filled_times.get(cls, 0) + 1
        if times > _FEW:
            defined: Any = next(each for each in cls.__mro__ if "_fields" in vars(each))
            made = _named_tuple(cls.__name__, cls._fields, defaults=cls._field_defaults.values())
            defined.__new__ = staticmethod(made.__new__)
        rest = cls._fields[len(values) :]
        known = {**cls._field_defaults, **named}
        if len(values) > len(cls._fields) or not named.keys() <= {*rest}:
            message = f"{cls.__name__} takes {', '.join(cls._fields)}, each once; got {len(values)} values and {', '.join(named)}"
            raise TypeError(message)
        try:
            return (*values, *[known[field] for field in rest])
        except KeyError as missing:
            message = f"{cls.__name__} got no value for {missing}"
            raise TypeError(message) from None

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Self:
        """Make a tuple of as many values as there are fields."""
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            message = f"{cls.__name__} takes {len(cls._fields)} values; got {len(made)}"
            raise TypeError(message)
        return made

    def _replace(self, /, **values: Any) -> Self:  # noqa: ANN401 - of the fields
        """Return a tuple with other values in some fields."""
        replaced = self._make(map(values.pop, self._fields, self))
        if values:
            message = f"{type(self).__name__} has no field {', '.join(values)}"
            raise ValueError(message)
        return replaced

    def _asdict(self) -> dict[str, Any]:
        """Return the values by the names of their fields."""
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        values = ", ".join(f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({values})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - for all that import it from here
else:
    NamedTuple = _Tuple
