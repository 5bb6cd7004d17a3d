"""The classes that hold values: fields, slots and a constructor, made in a fifteenth of the time of a dataclass.

`dataclasses` writes out several functions for each class, and compiles them whenever a process starts: for a hundred
classes that was a third of a short run. Here a class is made once, with its slots. All share their functions; what
these ask of a class (which fields are compared, say) is worked out when it is first used, and so is its constructor:
many classes are never used in a run. What knows dataclasses knows these: ``fields``, ``asdict``, patterns, ``copy`` and
``pickle``. `field` and `replace` are those of dataclasses, without what it costs to load them.

Every annotated name is a field, after those of the bases; ``__post_init__`` sets those with ``init=False``. A class
made from another of these names `Frozen` or `Slotted` again, as its last base. What a class defines itself is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Never, cast, dataclass_transform

from deliverkit.constructors import Constructor, Setter, constructor

if TYPE_CHECKING:  # whoever checks types knows what these do
    from dataclasses import Field, field, replace

__all__ = ["Frozen", "Slotted", "field", "replace"]

_MISSING = object()  # in place of a default


class _Told(dict[str, Any]):
    """What is told of a field beside its type, in the words of `dataclasses.field`."""


_REQUIRED = _Told()

if not TYPE_CHECKING:
    field = _Told

    def replace(value: object, /, **changes: object) -> object:
        """The value with other fields; those that ``__post_init__`` sets are set anew."""
        kind = type(value)
        return kind(**{name: getattr(value, name) for name in kind.__match_args__ if name not in changes}, **changes)


class _Shared:
    """What all have. A class has its ``__own__`` fields when it is made, the other names when first asked for them."""

    __slots__ = ()
    __own__: ClassVar[Mapping[str, object]]  # with what stands in the class: a default or what is told
    __known__: ClassVar[Mapping[str, _Told]]  # those of the bases, too
    __compared__: ClassVar[attrgetter[object]]
    __hashed__: ClassVar[attrgetter[object]]
    __match_args__: ClassVar[Sequence[str]]

    def __repr__(self) -> str:
        shown = [name for name, one in self.__known__.items() if one.get("repr", True)]
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


class _Frozen(_Shared):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        values = self.__compared__
        return values(self) == values(other)

    def __hash__(self) -> int:
        return hash(self.__hashed__(self))

    def __setattr__(self, name: str, value: object) -> Never:
        _refuse(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> Never:
        _refuse(f"cannot delete field {name!r}")

    def __setstate__(self, state: tuple[Mapping[str, object] | None, ...]) -> None:
        for part in state:
            for name, value in (part or {}).items():
                object.__setattr__(self, name, value)


def _refuse(words: str) -> Never:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(words)


def _made(name: str, bases: Iterable[type], body: dict[str, Any]) -> type:
    """The class, with its slots, on what is shared in place of the base that asks for it."""
    named = body.get("__annotations__", {})
    own = {one: body.pop(one, _MISSING) for one in named}
    slots = [*named, "__dict__"] if cached_property in map(type, body.values()) else [*named]  # where they keep it
    body |= {**_AT_FIRST, "__own__": own, "__slots__": slots}
    return type(name, tuple([_SHARED.get(base, base) for base in bases]), body)


if TYPE_CHECKING:
    _Maker = type
else:

    class _Maker(type):
        """Makes plain classes: whether a value is one of a class that has a metaclass takes twice as long to ask."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            return _made(name, bases, body) if bases else super().__new__(cls, name, bases, body)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Frozen(metaclass=_Maker):
    """A class with fields that nothing can set again: it is equal, and has a hash, by what they hold.

    It is asked for as a base, and is none in the end: no value is an instance of it.
    """


@dataclass_transform(eq_default=False, field_specifiers=(field,))
class Slotted(metaclass=_Maker):
    """A class with fields that may change: an instance is equal to itself alone."""


_SHARED: dict[type, type[_Shared]] = {Frozen: _Frozen, Slotted: _Shared}


class _AtFirst:
    """What a class works out when it is first asked for, and keeps: as `cached_property` does for an instance.

    Each class has its own, or it would find what a base of it keeps.
    """

    def __init__(self, name: str, work_out: Callable[[type[_Shared]], object]) -> None:
        self._name = name
        self._work_out = work_out

    def __get__(self, instance: object, owner: type[_Shared]) -> object:
        setattr(owner, self._name, self._work_out(owner))
        return getattr(owner if instance is None else instance, self._name)


def _fields(kind: type[_Shared]) -> Mapping[str, _Told]:
    fields: dict[str, _Told] = {}
    for base in _kinds(kind):
        for name, one in base.__own__.items():
            fields[name] = one if isinstance(one, _Told) else _REQUIRED if one is _MISSING else _Told(default=one)
    return fields


def _kinds(kind: type[_Shared]) -> Iterable[type[_Shared]]:
    """The class and its bases that have fields, the first base first."""
    return [base for base in reversed(kind.__mro__) if "__own__" in vars(base)]


def _compared(kind: type[_Shared]) -> attrgetter[object]:
    return _values([name for name, one in kind.__known__.items() if one.get("compare", True)])


def _hashed(kind: type[_Shared]) -> attrgetter[object]:
    told = {name: (one.get("hash"), one.get("compare", True)) for name, one in kind.__known__.items()}
    return _values([name for name, (hashed, compared) in told.items() if (compared if hashed is None else hashed)])


def _values(fields: Sequence[str]) -> attrgetter[object]:
    """What gives the values of these fields at once; without a field all instances are the same."""
    return attrgetter(*(fields or ["__class__"]))


def _given(kind: type[_Shared]) -> Sequence[str]:
    """The fields that the constructor is given; ``__post_init__`` sets the others."""
    return tuple([name for name, one in kind.__known__.items() if one.get("init", True)])


def _as_dataclass(kind: type[_Shared]) -> Mapping[str, Field[Any]]:
    """By what `dataclasses` knows a class."""
    from dataclasses import dataclass, field

    types: dict[str, object] = {}
    for base in _kinds(kind):
        types |= base.__annotations__
    body: dict[str, Any] = {name: field(**told) for name, told in kind.__known__.items()}
    body |= {"__annotations__": types, "__doc__": "The same fields."}  # without words it would look for some
    alike: Any = dataclass(init=False, repr=False, eq=False, match_args=False)(type(kind.__name__, (), body))
    return cast(Mapping[str, "Field[Any]"], alike.__dataclass_fields__)


def _constructor(kind: type[_Shared]) -> Constructor:
    """``__init__``: one that is written out, with the names and defaults of this class, and its own types."""
    given, known = kind.__match_args__, kind.__known__
    defaults = [_default(known[name]) for name in given]
    usual = tuple([value for value in defaults if value is not _MISSING])
    if _MISSING in defaults[len(defaults) - len(usual) :]:
        raise TypeError(f"{kind.__qualname__}: a field without a default follows one that has one")
    init: Any = constructor(_setters(kind))
    init.__code__ = init.__code__.replace(co_name="__init__", co_varnames=("self", *given))
    init.__defaults__ = usual
    init.__annotations__ = kind.__annotations__
    init.__name__, init.__qualname__, init.__module__ = "__init__", f"{kind.__qualname__}.__init__", kind.__module__
    return cast(Constructor, init)


class _Made:
    """Stands for a value that is made when none is given."""

    def __repr__(self) -> str:
        return "<made>"


_MADE = _Made()


def _default(told: _Told) -> object:
    return _MADE if "default_factory" in told else told.get("default", _MISSING)


def _setters(kind: type[_Shared]) -> Sequence[Setter]:
    """What sets each slot, which a frozen class refuses to do; the last one then calls ``__post_init__``."""
    setters = [_setter(kind, name) for name in kind.__match_args__]
    if hasattr(kind, "__post_init__"):
        last, end = setters[-1], kind.__post_init__
        setters[-1] = lambda self, value: last(self, value) or end(self)
    return setters


def _setter(kind: type[_Shared], name: str) -> Setter:
    put: Setter = getattr(kind, name).__set__
    make = kind.__known__[name].get("default_factory")
    return put if make is None else lambda self, value: put(self, make() if value is _MADE else value)


_AT_FIRST = {
    name: _AtFirst(name, work_out)
    for name, work_out in {
        "__known__": _fields,
        "__compared__": _compared,
        "__hashed__": _hashed,
        "__match_args__": _given,
        "__dataclass_fields__": _as_dataclass,
        "__init__": _constructor,
    }.items()
}
