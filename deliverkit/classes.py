"""The classes that hold values: fields, slots and a constructor, made in a twelfth of the time of a dataclass.

`dataclasses` writes out several functions for each class, and compiles them whenever a process starts: for a hundred
classes that was a third of a short run. Here all classes share their functions but the constructor, and that is
compiled once for all that have equally many fields; each puts its own names in. What knows dataclasses knows these:
``field``, ``fields`` and ``replace``, patterns, ``copy`` and ``pickle``.

Every annotated name is a field, after those of the bases. A class made from another of these needs a decorator again.
What a class defines itself is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, field, make_dataclass
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple, Never, TypeVar, cast, dataclass_transform

Class = TypeVar("Class", bound=type[object])
_Fields = dict[str, "Field[Any]"]
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
    """What the shared functions ask of a class: its fields, and the values that count for equality and for the hash."""

    fields: _Fields
    compared: _Values
    hashed: _Values


class _AsDataclass:
    """By what `dataclasses` knows a class: worked out when it asks, which is seldom."""

    def __get__(self, instance: object, owner: type) -> _Fields:
        return _dataclass_fields(owner)


@cache
def _dataclass_fields(kind: type) -> _Fields:
    fields = [(name, one.type, one) for name, one in cast(type[_Shared], kind).__known__.fields.items()]
    alike: Any = make_dataclass(kind.__name__, fields, init=False, repr=False, eq=False)
    return cast(_Fields, alike.__dataclass_fields__)


class _Shared:
    __slots__ = ()
    __known__: ClassVar[_Known]
    __dataclass_fields__ = _AsDataclass()

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name, one in self.__known__.fields.items() if one.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"


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
    body = {name: value for name, value in vars(kind).items() if name not in {"__dict__", "__weakref__"}}
    own = {name: _field(body.pop(name, MISSING), annotation) for name, annotation in kind.__annotations__.items()}
    inherited = _inherited(kind)
    fields = inherited | own
    slots = [name for name in own if name not in inherited]
    if any(isinstance(value, cached_property) for value in body.values()):
        slots.append("__dict__")  # where these keep what they have worked out
    body["__slots__"] = tuple(slots)
    body["__known__"] = _Known(
        fields,
        _values(name for name, one in fields.items() if one.compare),
        _values(name for name, one in fields.items() if (one.compare if one.hash is None else one.hash)),
    )
    body["__match_args__"] = tuple(name for name, one in fields.items() if one.init)
    bases = tuple(base for base in kind.__bases__ if base is not object)
    metaclass = cast(Callable[..., Any], type(kind))
    made = metaclass(kind.__name__, bases if issubclass(kind, shared) else (*bases, shared), body)
    made.__init__ = _constructor(made, fields)
    return cast(Class, made)


def _field(value: object, annotation: object) -> Field[Any]:
    found: Field[Any] = value if isinstance(value, Field) else cast(Any, field(default=value))
    found.type = cast(Any, annotation)
    return found


def _inherited(kind: type) -> _Fields:
    found: _Fields = {}
    for base in reversed(kind.__mro__[1:]):
        if "__known__" in vars(base):
            found |= vars(base)["__known__"].fields
    return found


def _values(names: Iterable[str]) -> _Values:
    """What gives the values of these attributes at once."""
    wanted = tuple(names)
    return attrgetter(*wanted) if wanted else lambda _: ()


class _Made:
    """Stands for a value that the constructor makes when it is not given."""

    def __repr__(self) -> str:
        return "<made>"


_MADE = _Made()


def _constructor(kind: type, fields: _Fields) -> Callable[..., None]:
    """``__init__`` with the class's names; it sets slots by themselves, because a frozen class refuses."""
    shape = tuple((one.init, _maker(one) is not None) for one in fields.values())
    setters = [getattr(kind, name).__set__ for name in fields]
    written = _written(shape, ends=hasattr(kind, "__post_init__"))(setters, [*map(_maker, fields.values())], _MADE)
    given = {name: one for name, one in fields.items() if one.init}
    defaults = [_MADE if _maker(one) else one.default for one in given.values()]
    usual = tuple(value for value in defaults if value is not MISSING)
    if MISSING in defaults[len(defaults) - len(usual) :]:
        raise TypeError(f"{kind.__qualname__}: a field without a default follows one that has one")
    written.__code__ = written.__code__.replace(co_varnames=("self", *given))
    written.__defaults__ = usual
    written.__annotations__ = {**{name: one.type for name, one in given.items()}, "return": None}
    written.__module__, written.__qualname__ = kind.__module__, f"{kind.__qualname__}.__init__"
    return cast(Callable[..., None], written)


def _maker(one: Field[Any]) -> Callable[[], object] | None:
    """What makes the value of a field that is not given; None where there is none, or a default stands for it."""
    if one.default_factory is not MISSING:
        return one.default_factory
    return None if one.init or one.default is MISSING else lambda: one.default


@cache
def _written(shape: tuple[tuple[bool, bool], ...], *, ends: bool) -> Callable[..., Any]:
    """What gives a new ``__init__`` for so many fields, of which each is given or not, and made or not."""
    parameters = "".join(f", a{place}" for place, (is_given, _) in enumerate(shape) if is_given)
    lines = [f"  def __init__(self{parameters}):", "    pass"]
    for place, (is_given, is_made) in enumerate(shape):
        value = f"makers[{place}]()" if is_made else ""
        if is_given:
            value = f"{value} if a{place} is made else a{place}" if is_made else f"a{place}"
        lines += [f"    s{place}(self, {value})"] if value else []
    lines += ["    self.__post_init__()"] if ends else []
    names = "".join(f"s{place}, " for place in range(len(shape)))
    source = "\n".join(["def write(setters, makers, made):", f"  [{names}] = setters", *lines, "  return __init__"])
    scope: dict[str, Any] = {}
    exec(source, scope)  # noqa: S102 - of numbers alone: no name of a class is in it
    return cast(Callable[..., Any], scope["write"])
