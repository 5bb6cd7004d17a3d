"""The classes that hold values: fields, slots and a constructor, made in a fiftieth of the time of a dataclass.

`dataclasses` writes out several functions for each class, and compiles them whenever a process starts: for a hundred
classes that was a third of a short run. Here making a class is adding its slots: all share their functions, and what
differs (the constructor, the fields that are compared) is worked out when it is first used, as most classes are not
used in a run. What knows dataclasses knows these: ``field``, ``fields`` and ``replace``, patterns, ``copy`` and
``pickle``.

Every annotated name is a field, after those of the bases; ``__post_init__`` sets those with ``init=False``. A class
made from another of these needs a decorator again. What a class defines itself is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from functools import cached_property
from operator import attrgetter
from types import MemberDescriptorType
from typing import Any, ClassVar, Never, TypeVar, cast, dataclass_transform

from deliverkit.constructors import Constructor, Setter, constructor

Class = TypeVar("Class", bound=type[object])
_Values = Callable[[object], object]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: Class) -> Class:
    """The class with its fields, which nothing can set again: it is equal, and has a hash, by what they hold."""
    return _with_slots(kind, _Frozen)


@dataclass_transform(eq_default=False, field_specifiers=(field,))
def slotted(kind: Class) -> Class:
    """The class with its fields, which may change: an instance is equal to itself alone."""
    return _with_slots(kind, _Shared)


class _Shared:
    """What all have. Of the names below a class has ``__own__`` when it is made, the others when first asked for them.

    A field has a default, a `Field` or ``MISSING``, as it stands in the class.
    """

    __slots__ = ()
    __own__: ClassVar[Mapping[str, object]]
    __known__: ClassVar[Mapping[str, object]]
    __compared__: ClassVar[attrgetter[object]]
    __hashed__: ClassVar[attrgetter[object]]
    __match_args__: ClassVar[Sequence[str]]

    def __repr__(self) -> str:
        shown = [name for name, one in self.__known__.items() if not isinstance(one, Field) or one.repr]
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
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> Never:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __setstate__(self, state: tuple[Mapping[str, object] | None, ...]) -> None:
        for part in state:
            for name, value in (part or {}).items():
                object.__setattr__(self, name, value)


def _with_slots(kind: Class, shared: type[_Shared]) -> Class:
    """The class made anew, since slots cannot be added to one, on what is shared."""
    named = kind.__annotations__
    body = {**vars(kind), **_AT_FIRST}
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    body["__own__"] = {name: body.pop(name, MISSING) for name in named}
    inherited = kind.__base__
    slots = [name for name in named if type(getattr(inherited, name, None)) is not MemberDescriptorType]
    if cached_property in map(type, body.values()):
        slots.append("__dict__")  # where these keep what they have worked out
    body["__slots__"] = slots
    bases = tuple([base for base in kind.__bases__ if base is not object])
    metaclass = cast(Callable[..., Any], type(kind))
    return cast(Class, metaclass(kind.__name__, bases if issubclass(kind, shared) else (*bases, shared), body))


class _AtFirst:
    """What a class works out when it is first asked for, and keeps: as `cached_property` does for an instance."""

    def __init__(self, name: str, work_out: Callable[[type[_Shared]], object]) -> None:
        self._name = name
        self._work_out = work_out

    def __get__(self, instance: object, owner: type[_Shared]) -> object:
        setattr(owner, self._name, self._work_out(owner))
        return getattr(owner if instance is None else instance, self._name)


def _fields(kind: type[_Shared]) -> Mapping[str, object]:
    fields: dict[str, object] = {}
    for base in _decorated(kind):
        fields |= base.__own__
    return fields


def _types(kind: type[_Shared]) -> Mapping[str, object]:
    types: dict[str, object] = {}
    for base in _decorated(kind):
        types |= base.__annotations__
    return types


def _decorated(kind: type[_Shared]) -> Iterable[type[_Shared]]:
    return [base for base in reversed(kind.__mro__) if "__own__" in vars(base)]


def _compared(kind: type[_Shared]) -> attrgetter[object]:
    return _values([name for name, one in kind.__known__.items() if not isinstance(one, Field) or one.compare])


def _hashed(kind: type[_Shared]) -> attrgetter[object]:
    told = {name: one for name, one in kind.__known__.items() if isinstance(one, Field)}
    left_out = {name for name, one in told.items() if not (one.compare if one.hash is None else one.hash)}
    return _values([name for name in kind.__known__ if name not in left_out])


def _values(fields: Sequence[str]) -> attrgetter[object]:
    """What gives the values of these fields at once; without a field all instances are the same."""
    return attrgetter(*(fields or ["__class__"]))


def _given(kind: type[_Shared]) -> Sequence[str]:
    """The fields that the constructor is given; ``__post_init__`` sets the others."""
    return tuple([name for name, one in kind.__known__.items() if not isinstance(one, Field) or one.init])


def _as_dataclass(kind: type[_Shared]) -> Mapping[str, Field[Any]]:
    """By what `dataclasses` knows a class."""
    body = {name: value for name, value in kind.__known__.items() if value is not MISSING}
    body |= {"__annotations__": {**_types(kind)}, "__doc__": "The same fields."}  # without words it would look for some
    alike: Any = dataclass(init=False, repr=False, eq=False, match_args=False)(type(kind.__name__, (), body))
    return cast(Mapping[str, "Field[Any]"], alike.__dataclass_fields__)


def _constructor(kind: type[_Shared]) -> Constructor:
    """``__init__`` with the names of the fields that are given."""
    given, known, types = kind.__match_args__, kind.__known__, _types(kind)
    defaults = [_default(known[name]) for name in given]
    usual = tuple([value for value in defaults if value is not MISSING])
    if MISSING in defaults[len(defaults) - len(usual) :]:
        raise TypeError(f"{kind.__qualname__}: a field without a default follows one that has one")
    init: Any = constructor(_setters(kind))
    init.__code__ = init.__code__.replace(co_name="__init__", co_varnames=("self", *given))
    init.__defaults__ = usual
    init.__annotations__ = {**{name: types[name] for name in given}, "return": None}
    init.__name__, init.__qualname__, init.__module__ = "__init__", f"{kind.__qualname__}.__init__", kind.__module__
    return cast(Constructor, init)


class _Made:
    """Stands for a value that is made when none is given."""

    def __repr__(self) -> str:
        return "<made>"


_MADE = _Made()


def _default(field: object) -> object:
    if not isinstance(field, Field):
        return field
    return field.default if field.default_factory is MISSING else _MADE


def _setters(kind: type[_Shared]) -> Sequence[Setter]:
    """What sets each slot, which a frozen class refuses to do; the last one then calls ``__post_init__``."""
    setters = [_setter(kind, name) for name in kind.__match_args__]
    if hasattr(kind, "__post_init__"):
        last, end = setters[-1], kind.__post_init__
        setters[-1] = lambda self, value: last(self, value) or end(self)
    return setters


def _setter(kind: type[_Shared], name: str) -> Setter:
    put: Setter = getattr(kind, name).__set__
    if _default(kind.__known__[name]) is not _MADE:
        return put
    make = cast("Field[Any]", kind.__known__[name]).default_factory
    assert make is not MISSING
    return lambda self, value: put(self, make() if value is _MADE else value)


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
