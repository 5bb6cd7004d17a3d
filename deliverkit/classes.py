"""The classes that hold values: fields, slots and a constructor, made in a twelfth of the time of a dataclass.

`dataclasses` writes out several functions for each class, and compiles them whenever a process starts: for a hundred
classes that was a third of a short run. Here all classes share their functions but the constructor, and that is
compiled once for all that have equally many fields; each puts its own names in. What knows dataclasses knows these:
``field``, ``fields`` and ``replace``, patterns, ``copy`` and ``pickle``.

Every annotated name is a field, after those of the bases; ``__post_init__`` sets those with ``init=False``. A class
made from another of these needs a decorator again. What a class defines itself is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from functools import cache, cached_property
from operator import attrgetter
from types import MemberDescriptorType
from typing import Any, ClassVar, NamedTuple, Never, TypeVar, cast, dataclass_transform

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


class _Known(NamedTuple):
    """What the shared functions ask of a class: its fields with their types, and the values that count for a purpose.

    A field has a default, a `Field` or ``MISSING``, as it stands in the class.
    """

    fields: Mapping[str, object]
    types: Mapping[str, object]
    compared: _Values
    hashed: _Values


class _AsDataclass:
    """By what `dataclasses` knows a class: worked out when it asks, which is seldom."""

    def __get__(self, instance: object, owner: type) -> Mapping[str, Field[Any]]:
        return _dataclass_fields(owner)


@cache
def _dataclass_fields(kind: type) -> Mapping[str, Field[Any]]:
    known = cast(type[_Shared], kind).__known__
    body = {name: value for name, value in known.fields.items() if value is not MISSING}
    body |= {"__annotations__": {**known.types}, "__doc__": "The same fields."}  # without words it would look for some
    alike: Any = dataclass(init=False, repr=False, eq=False, match_args=False)(type(kind.__name__, (), body))
    return cast(Mapping[str, "Field[Any]"], alike.__dataclass_fields__)


class _Shared:
    __slots__ = ()
    __known__: ClassVar[_Known]
    __dataclass_fields__ = _AsDataclass()

    def __repr__(self) -> str:
        shown = [name for name, one in self.__known__.fields.items() if not isinstance(one, Field) or one.repr]
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


class _Frozen(_Shared):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Frozen) or type(other) is not type(self):
            return NotImplemented
        return self.__known__.compared(self) == self.__known__.compared(other)

    def __hash__(self) -> int:
        return hash(self.__known__.hashed(self))

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
    body = {**vars(kind)}
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    own = {name: body.pop(name, MISSING) for name in kind.__annotations__}
    known = _known(kind, own)
    slots = [name for name in own if not isinstance(getattr(kind.__base__, name, None), MemberDescriptorType)]
    if any(isinstance(value, cached_property) for value in body.values()):
        slots.append("__dict__")  # where these keep what they have worked out
    given = [name for name, one in known.fields.items() if not isinstance(one, Field) or one.init]
    body |= {"__slots__": tuple(slots), "__known__": known, "__match_args__": tuple(given)}
    bases = tuple(base for base in kind.__bases__ if base is not object)
    metaclass = cast(Callable[..., Any], type(kind))
    made = metaclass(kind.__name__, bases if issubclass(kind, shared) else (*bases, shared), body)
    made.__init__ = _constructor(made, known, given)
    return cast(Class, made)


def _known(kind: type, own: Mapping[str, object]) -> _Known:
    fields: dict[str, object] = {}
    types: dict[str, object] = {}
    for base in reversed(kind.__mro__[1:]):
        if issubclass(base, _Shared) and "__known__" in vars(base):
            fields |= base.__known__.fields
            types |= base.__known__.types
    fields |= own
    told = {name: one for name, one in fields.items() if isinstance(one, Field)}
    left_out = {name for name, one in told.items() if not one.compare}
    unhashed = {name for name, one in told.items() if not (one.compare if one.hash is None else one.hash)}
    return _Known(fields, types | kind.__annotations__, _values(fields, left_out), _values(fields, unhashed))


def _values(fields: Iterable[str], left_out: Container[str]) -> _Values:
    """What gives the values of these fields at once."""
    names = [name for name in fields if name not in left_out]
    return attrgetter(*names) if names else lambda _: ()


def _constructor(kind: type, known: _Known, given: Sequence[str]) -> Callable[..., None]:
    """``__init__`` with the names of the fields that are given; ``__post_init__`` sets the others."""
    init = _written(len(given), ends=hasattr(kind, "__post_init__"))([_setter(kind, known, name) for name in given])
    defaults = [_default(known.fields[name]) for name in given]
    usual = tuple(value for value in defaults if value is not MISSING)
    if MISSING in defaults[len(defaults) - len(usual) :]:
        raise TypeError(f"{kind.__qualname__}: a field without a default follows one that has one")
    init.__code__ = init.__code__.replace(co_varnames=("self", *given))
    init.__defaults__ = usual
    init.__annotations__ = {**{name: known.types[name] for name in given}, "return": None}
    init.__module__, init.__qualname__ = kind.__module__, f"{kind.__qualname__}.__init__"
    return cast(Callable[..., None], init)


class _Made:
    """Stands for a value that is made when none is given."""

    def __repr__(self) -> str:
        return "<made>"


_MADE = _Made()


def _default(field: object) -> object:
    if not isinstance(field, Field):
        return field
    return field.default if field.default_factory is MISSING else _MADE


def _setter(kind: type, known: _Known, name: str) -> Callable[[object, Any], None]:
    """What sets the slot, which a frozen class refuses to do, or makes a value for it."""
    put: Callable[[object, Any], None] = getattr(kind, name).__set__
    if _default(known.fields[name]) is not _MADE:
        return put
    make = cast("Field[Any]", known.fields[name]).default_factory
    assert make is not MISSING
    return lambda self, value: put(self, make() if value is _MADE else value)


@cache
def _written(count: int, *, ends: bool) -> Callable[..., Any]:
    """What gives a new ``__init__`` with so many parameters, of which each goes to a function that sets a slot."""
    parameters = "".join(f", a{place}" for place in range(count))
    lines = [f"    s{place}(self, a{place})" for place in range(count)]
    end = "    self.__post_init__()" if ends else "    return"
    names = "".join(f"s{place}, " for place in range(count))
    source = ["def write(setters):", f"  [{names}] = setters", f"  def __init__(self{parameters}):", *lines, end]
    scope: dict[str, Any] = {}
    exec("\n".join([*source, "  return __init__"]), scope)  # noqa: S102 - of numbers alone: no name of a class is in it
    return cast(Callable[..., Any], scope["write"])
