"""``NamedTuple``, whose classes are made in an eighth of the time of typing's.

That one compiles a constructor and every annotation of each class whenever a process starts: for the thirty of a short
run that was a twenty-fifth of its time. To mypy and to whoever uses them these are the same; here all share their
methods, and the constructor is made with the first instance, from code that is compiled once for all that have equally
many fields.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Self, cast

_Field = cast(Callable[[int, str], object], type(namedtuple("_One", "field").field))  # type: ignore[attr-defined]  # noqa: PYI024
_NEW = {"new": tuple.__new__}


class _Signature:
    """Sees to it that the constructor is there when somebody asks what a class takes; tells nothing itself."""

    def __get__(self, instance: object, owner: type[_Row]) -> None:
        _give_constructor(owner)


class _Row(tuple[Any, ...]):
    __slots__ = ()
    __signature__ = _Signature()
    _fields = cast(tuple[str, ...], ())  # without annotations, which a class of rows would have, too
    _field_defaults = cast(Mapping[str, object], {})

    @classmethod
    def _make(cls, values: Iterable[object]) -> Self:
        row = tuple.__new__(cls, values)
        if len(row) != len(cls._fields):
            raise TypeError(f"{cls.__qualname__} has {len(cls._fields)} fields, and {len(row)} values were given")
        return row

    def _replace(self, /, **changes: object) -> Self:
        row = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"{type(self).__qualname__} has no field {' nor '.join(changes)}")
        return row

    def _asdict(self) -> dict[str, object]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__qualname__}({shown})"

    def __getnewargs__(self) -> tuple[object, ...]:
        return tuple(self)


class _Maker(type):
    """Makes of a class with annotations a class of rows, which knows nothing of its maker."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:  # noqa: ANN401 - a class of another kind
        if not bases:
            return super().__new__(cls, name, bases, body)
        fields = tuple(body.get("__annotations__", ()))
        defaults = {field: body.pop(field) for field in fields if field in body}
        for place, field in enumerate(fields):
            body[field] = _Field(place, "")
        body |= {"__slots__": (), "__match_args__": fields, "__new__": _first_new}
        body |= {"_fields": fields, "_field_defaults": defaults}
        return type(name, tuple(_Row if type(base) is _Maker else base for base in bases), body)


def _first_new(cls: type[_Row], /, *values: object, **named: object) -> object:
    return _give_constructor(cls)(cls, *values, **named)


def _give_constructor(cls: type[_Row]) -> Callable[..., object]:
    """Make the ``__new__`` of the class, or of the base of rows that it has."""
    made: Any = next(base for base in cls.__mro__ if "_fields" in vars(base))
    given, usual = made._fields, tuple(made._field_defaults.values())
    if [*made._field_defaults] != [*given[len(given) - len(usual) :]]:
        raise TypeError(f"{made.__qualname__}: a field without a default follows one that has one")
    new = FunctionType(_written(len(given)).replace(co_varnames=("cls", *given)), _NEW, "__new__", usual)
    new.__module__, new.__qualname__ = made.__module__, f"{made.__qualname__}.__new__"
    new.__annotations__ = {**made.__annotations__, "return": made.__name__}
    made.__new__ = staticmethod(new)
    return cast(Callable[..., object], new)


@cache
def _written(count: int) -> CodeType:
    """The code of a ``__new__`` with so many parameters."""
    parameters = "".join(f"a{place}, " for place in range(count))
    function = eval(f"lambda cls, {parameters}: new(cls, ({parameters}))")  # noqa: S307 - of numbers alone
    return cast(FunctionType, function).__code__.replace(co_name="__new__")


if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - that mypy knows it here by that name
else:

    class NamedTuple(metaclass=_Maker):
        """The base of classes of rows: tuples whose values have names."""
