"""Named tuples that are quick to define: `typing.NamedTuple` to a type checker, and nearly so when the program runs.

Python compiles a constructor from source for every named tuple, and looks at
each name and each annotation of it: some 600,000 instructions a class, of
which a search has a hundred, and so a seventh of its time. Here one is
compiled for each number of fields, and given the names of the fields; what it
does for an instance is the same.
"""

from collections import _tuplegetter  # type: ignore[attr-defined]  # what `collections.namedtuple` makes its fields of
from collections.abc import Iterable
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, Self, TypeVar

_Class = TypeVar("_Class", bound=type[tuple[Any, ...]])

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - the name is for those who import it from here
else:

    class _NamedTupleMeta(type):
        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            # A plain class, so that to make an instance and to inherit from it is as ever.
            made: Any = type(name, (_Tuple,), {"__slots__": (), **namespace})
            made._fields = made.__match_args__ = fields = tuple(made.__annotations__)
            made._field_defaults = {field: namespace[field] for field in fields if field in namespace}
            made.__new__ = staticmethod(_constructor(name, fields, tuple(made._field_defaults.values())))
            for number, field in enumerate(fields):
                setattr(made, field, _getter(number))
            return made

    class NamedTuple(metaclass=_NamedTupleMeta):
        """What a class inherits from whose fields are its annotations, in their order."""


class _Tuple(tuple[Any, ...]):
    """What all named tuples have besides their fields."""

    __slots__ = ()
    _fields: tuple[str, ...]

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Self:
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            message = f"Expected {len(cls._fields)} arguments, got {len(made)}"
            raise TypeError(message)
        return made

    def _replace(self, /, **changed: Any) -> Self:  # noqa: ANN401 - values of fields
        made = self._make(map(changed.pop, self._fields, self))
        if changed:
            message = f"Got unexpected field names: {list(changed)!r}"
            raise ValueError(message)
        return made

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{field}={value!r}' for field, value in zip(self._fields, self, strict=True))})"
        )


def equal_in_class(cls: _Class) -> _Class:
    """Make instances of a named tuple equal to those of the same class alone: as tuples, those of another may be equal too."""
    cls.__eq__ = _is_equal_in_class  # type: ignore[method-assign]  # to a type checker a method takes part of a class
    cls.__ne__ = _is_unequal_in_class  # type: ignore[assignment,method-assign]  # the same
    return cls


def _is_equal_in_class(one: tuple[Any, ...], other: object) -> bool:
    return type(one) is type(other) and tuple.__eq__(one, other)


def _is_unequal_in_class(one: tuple[Any, ...], other: object) -> bool:
    return not _is_equal_in_class(one, other)


@cache
def _getter(number: int) -> Any:  # noqa: ANN401 - a descriptor
    return _tuplegetter(number, f"Alias for field number {number}")


@cache
def _template(count: int) -> FunctionType:
    """Return a constructor of so many fields, as `collections.namedtuple` writes it."""
    names = "".join(f"_{number}, " for number in range(count))
    made: FunctionType = eval(f"lambda _cls, {names}: new(_cls, ({names}))", {"new": tuple.__new__})  # noqa: S307 - no names of others
    return made


def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
    template = _template(len(fields))
    code = template.__code__.replace(co_varnames=("_cls", *fields), co_name="__new__", co_qualname=f"{name}.__new__")
    return FunctionType(code, template.__globals__, "__new__", defaults)
