"""Classes of rows: what typing's NamedTuple can do, these do."""

from __future__ import annotations

import copy
import inspect
import pickle
import typing

import pytest

from deliverkit.rows import NamedTuple


class Record(NamedTuple):
    """A record."""

    name: str
    preference: int = 10
    places: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.preference} {self.name}"

    @classmethod
    def null(cls) -> Record:
        return cls(".", 0)


class Peer(typing.NamedTuple):
    """The same by typing, which must do the same."""

    name: str
    preference: int = 10
    places: tuple[str, ...] = ()


class Pair(NamedTuple):
    first: str
    second: str


class Empty(NamedTuple):
    """No field at all."""


@pytest.mark.parametrize("given", [("mx",), ("mx", 20), ("mx", 20, ("a", "b"))])
def test_it_is_the_tuple_that_typing_makes(given: tuple[typing.Any, ...]) -> None:
    row, peer = Record(*given), Peer(*given)
    assert tuple(row) == tuple(peer) == given + ("mx", 10, ())[len(given) :]
    assert hash(row) == hash(peer)
    assert (row.name, row.preference, row.places) == (peer.name, peer.preference, peer.places)
    assert repr(row) == repr(peer).replace("Peer", "Record")
    assert row._asdict() == peer._asdict()
    assert tuple(row._replace(name="other")) == tuple(peer._replace(name="other"))
    assert Record._make(peer) == row
    assert (Record._fields, Record._field_defaults) == (Peer._fields, Peer._field_defaults)
    assert typing.get_type_hints(Record) == typing.get_type_hints(Peer)


def test_it_is_taken_apart() -> None:
    first, second = Pair(second="b", first="a")
    assert (first, second) == ("a", "b")
    match Record("mx", 5):
        case Record(name, preference):
            assert (name, preference) == ("mx", 5)
    assert sorted([Pair("b", "a"), Pair("a", "b")]) == [("a", "b"), ("b", "a")]


@pytest.mark.parametrize("given", [(), ("a", 1, (), 2)])
def test_a_constructor_refuses_what_a_function_would(given: tuple[typing.Any, ...]) -> None:
    with pytest.raises(TypeError, match=r"Record\.__new__\(\)"):
        Record(*given)
    with pytest.raises(TypeError, match="unexpected keyword argument 'nam'"):
        Record("a", nam=1)  # type: ignore[call-arg]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(TypeError, match="Pair has 2 fields, and 1 values were given"):
        Pair._make(["a"])
    with pytest.raises(ValueError, match="Pair has no field third"):
        Pair("a", "b")._replace(third="c")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Pair("a", "b").first = "c"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Pair("a", "b").third = "c"  # type: ignore[attr-defined]


def test_a_class_without_instances_shows_what_it_takes() -> None:
    class Unused(NamedTuple):
        name: str
        port: int = 25

    assert str(inspect.signature(Unused)) == "(name: 'str', port: 'int' = 25) -> 'Unused'"
    assert Unused("a") == ("a", 25)


def test_a_field_without_a_default_does_not_follow_one_that_has_one() -> None:
    class Wrong(NamedTuple):
        port: int = 25
        name: str  # type: ignore[misc]

    with pytest.raises(TypeError, match="a field without a default follows one that has one"):
        Wrong(25, "a")


@pytest.mark.parametrize("row", [Record("a"), Record.null(), Pair("a", "b"), Empty()])
def test_they_are_copied_and_pickled(row: tuple[object, ...]) -> None:
    for other in (copy.copy(row), copy.deepcopy(row), pickle.loads(pickle.dumps(row))):  # noqa: S301 - our own
        assert other == row
        assert type(other) is type(row)


def test_what_a_class_defines_itself_is_kept() -> None:
    assert Record.null().label == "0 ."
    assert (Record.__doc__, Record.__module__, Record.__name__) == ("A record.", __name__, "Record")
    assert not hasattr(Record("a"), "__dict__")
    assert Empty() == ()


def test_a_class_of_rows_has_heirs() -> None:
    class Heir(Pair):
        def __str__(self) -> str:
            return f"{self.first}{self.second}"

    assert str(Heir("a", "b")) == "ab"
    assert repr(Heir("a", "b")).endswith("Heir(first='a', second='b')")
    assert type(Heir("a", "b")._replace(first="c")) is Heir
