"""Named tuples are what those of `typing` are."""

from __future__ import annotations

import copy
import inspect
import pickle
import typing

import pytest

from deliverkit.tuples import NamedTuple


class Ours(NamedTuple):
    """A name with a number."""

    name: str
    number: int = 7

    @property
    def shouted(self) -> str:
        """The name in capitals."""
        return self.name.upper()

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Theirs(typing.NamedTuple):
    """A name with a number."""

    name: str
    number: int = 7


def test_they_hold_their_fields_and_defaults() -> None:
    ours = Ours("a")
    assert (ours.name, ours.number, ours.shouted, str(ours)) == ("a", 7, "A", "a 7")
    assert ours == ("a", 7)
    assert repr(ours) == "Ours(name='a', number=7)"
    assert ours._replace(number=8) == Ours("a", 8)
    assert ours._asdict() == {"name": "a", "number": 7}
    assert copy.copy(ours) == pickle.loads(pickle.dumps(ours)) == ours  # noqa: S301 - our own
    with pytest.raises(AttributeError):
        ours.name = "b"  # type: ignore[misc]


def test_they_tell_of_themselves_what_others_do() -> None:
    for told in ("_fields", "_field_defaults", "__match_args__", "__doc__", "__module__", "__slots__"):
        assert getattr(Ours, told) == getattr(Theirs, told)
    assert typing.get_type_hints(Ours) == typing.get_type_hints(Theirs)
    assert (Ours.__name__, Ours.__qualname__) == ("Ours", "Ours")
    assert list(inspect.signature(Ours).parameters) == list(inspect.signature(Theirs).parameters)
    match Ours("a", 1):
        case Ours(name, number):
            assert (name, number) == ("a", 1)
