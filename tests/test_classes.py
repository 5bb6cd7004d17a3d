"""Classes of values: what dataclasses can do, these do."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pickle
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, dataclass, fields, is_dataclass
from functools import cached_property
from pkgutil import walk_packages
from types import new_class
from typing import Generic, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

import deliverkit
from deliverkit.classes import Frozen, Slotted, field, replace

T = TypeVar("T")


class Host(Frozen):
    """A host."""

    name: str
    port: int = 25
    tags: dict[str, str] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Peer:
    """The same by dataclasses, which must do the same."""

    name: str
    port: int = 25
    tags: dict[str, str] = dataclasses.field(default_factory=dict, compare=False, repr=False)


class SecureHost(Host, Frozen):
    certificate: str = ""

    @cached_property
    def words(self) -> list[str]:
        return self.certificate.split()


class Beside(Frozen):
    name: str
    port: int = 25


class Hashless(Frozen):
    name: str
    values: list[int] = field(hash=False)


class Nothing(Frozen):
    """No field at all."""


class Told(Frozen):
    text: str

    def __repr__(self) -> str:
        return f"<{self.text}>"


class Counted(Slotted):
    name: str
    lines: list[str] = field(default_factory=list)
    size: int = field(init=False)
    asked: int = field(init=False)

    def __post_init__(self) -> None:
        self.size, self.asked = len(self.name), 0


class Named(Counted, Slotted):
    label: str = "none"


class Box(Slotted, Generic[T]):
    content: T


@given(st.text(), st.integers(), st.text(), st.integers())
def test_equality_hash_and_repr_are_those_of_a_dataclass(name: str, port: int, other: str, second: int) -> None:
    assert (Host(name, port) == Host(other, second)) is (Peer(name, port) == Peer(other, second))
    assert hash(Host(name, port)) == hash(Peer(name, port))
    assert repr(Host(name, port)) == repr(Peer(name, port)).replace("Peer", "Host")


def test_a_field_that_does_not_count_is_left_out() -> None:
    assert Host("mx", 25, {"a": "b"}) == Host("mx")
    assert hash(Host("mx", 25, {"a": "b"})) == hash(Host("mx"))
    assert hash(Hashless("mx", [1])) == hash(Hashless("mx", [2]))
    assert Hashless("mx", [1]) != Hashless("mx", [2])


def test_another_class_is_never_equal() -> None:
    host: object = Host("mx")
    assert host not in [Beside("mx"), SecureHost("mx"), Peer("mx"), "mx", ("mx", 25)]


def test_values_are_keys_and_members() -> None:
    assert {Host("a"): 1, Host("b"): 2}[Host("b")] == 2
    assert len({Host("a"), Host("a", 25), Host("a", 26)}) == 2
    assert {Nothing()} == {Nothing()}


def test_defaults_are_made_for_each_instance() -> None:
    first, second = Host("a"), Host(name="b", port=587)
    assert (first.port, second.port) == (25, 587)
    first.tags["x"] = "y"
    assert second.tags == {}
    assert Host("c", tags={"x": "y"}).tags == {"x": "y"}


@pytest.mark.parametrize("wrong", [(), ("a", 1, {}, 2)])
def test_a_constructor_refuses_what_a_function_would(wrong: tuple[object, ...]) -> None:
    with pytest.raises(TypeError, match=r"Host\.__init__\(\)"):
        Host(*wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="unexpected keyword argument 'prot'"):
        Host("a", prot=1)  # type: ignore[call-arg]


def test_a_constructor_shows_its_names_and_types() -> None:
    assert [*inspect.signature(Host).parameters] == ["name", "port", "tags"]
    assert str(inspect.signature(Beside)) == "(name: 'str', port: 'int' = 25)"
    assert inspect.signature(SecureHost).parameters["certificate"].default == ""


def test_classes_of_one_shape_keep_their_own_names() -> None:
    assert Beside(port=1, name="a") == Beside("a", 1)
    assert Told(text="x").text == Box(content="x").content


def test_nothing_sets_a_frozen_field_again() -> None:
    host = Host("a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        host.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'port'"):
        del host.port
    with pytest.raises(FrozenInstanceError):
        host.new = 1  # type: ignore[attr-defined]
    assert host == Host("a")


def test_instances_have_slots_alone_but_for_cached_properties() -> None:
    assert not hasattr(Host("a"), "__dict__")
    assert not hasattr(Counted("a"), "__dict__")
    with pytest.raises(AttributeError, match="new"):
        Counted("a").new = 1  # type: ignore[attr-defined]
    host = SecureHost("a", certificate="x y")
    assert host.words is host.words
    assert host == SecureHost("a", certificate="x y")


def test_fields_of_the_base_come_first() -> None:
    assert SecureHost.__match_args__ == ("name", "port", "tags", "certificate")
    assert repr(SecureHost("a", certificate="c")) == "SecureHost(name='a', port=25, certificate='c')"
    assert isinstance(SecureHost("a"), Host)


def test_a_field_may_have_another_default_than_that_of_the_base() -> None:
    class Submission(Host, Frozen):
        port: int = 587

    submission = Submission("a", tags={"x": "y"})
    assert repr(submission) == f"{Submission.__qualname__}(name='a', port=587)"
    assert (replace(submission, port=25).port, copy.copy(submission)) == (25, submission)
    assert Host("a").port == 25


def test_the_class_is_the_one_that_its_methods_know() -> None:
    class Longer(Told, Frozen):
        def __repr__(self) -> str:
            return f"{super().__repr__()}!"

    assert (repr(Longer("x")), type(Longer)) == ("<x>!", type)


def test_dataclasses_know_them() -> None:
    assert is_dataclass(Host)
    assert [(one.name, one.default) for one in fields(Beside)][1] == ("port", 25)
    assert [one.name for one in fields(SecureHost("a"))] == ["name", "port", "tags", "certificate"]
    assert [one.name for one in fields(Host)] == ["name", "port", "tags"]
    assert dataclasses.replace(SecureHost("a"), port=465) == SecureHost("a", 465)
    with pytest.raises((ValueError, TypeError), match="asked"):  # the latter since Python 3.13
        dataclasses.replace(Counted("a"), asked=1)
    tags = fields(Host)[2]
    assert (tags.default_factory, tags.compare, tags.repr) == (dict, False, False)


def test_dataclasses_tell_of_them() -> None:
    assert dataclasses.asdict(Host("a", tags={"x": "y"})) == {"name": "a", "port": 25, "tags": {"x": "y"}}


def test_a_value_is_replaced_by_one_with_other_fields() -> None:
    host = SecureHost("a", tags={"x": "y"})
    assert replace(host, port=465, certificate="c") == SecureHost("a", 465, host.tags, "c")
    assert replace(host).tags is host.tags
    assert replace(Counted("ada"), name="bob").size == 3
    with pytest.raises(TypeError, match="prot"):
        replace(host, prot=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="asked"):
        replace(Counted("a"), asked=1)


def test_what_a_base_has_worked_out_is_not_that_of_a_class_made_from_it() -> None:
    class Base(Frozen):
        name: str

    class Longer(Base, Frozen):
        port: int

    assert (Base("a"), hash(Base("a")), Base.__match_args__) == (Base("a"), hash(Base("a")), ("name",))
    assert Longer("a", 1) != Longer("a", 2)
    assert hash(Longer("a", 1)) != hash(Longer("a", 2))
    assert Longer.__match_args__ == ("name", "port")
    assert [one.name for one in fields(Base)] + [one.name for one in fields(Longer)] == ["name", "name", "port"]


def below(kind: type) -> Iterator[type]:
    subclasses: list[type] = type.__subclasses__(kind)
    for one in subclasses:
        yield one
        yield from below(one)


def test_every_class_names_its_base_and_no_field_is_told_of_by_dataclasses_own_word() -> None:
    for module in walk_packages(deliverkit.__path__, "deliverkit."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds = [kind for kind in below(Host.__mro__[-2]) if kind is not Host.__base__]
    assert [kind for kind in kinds if "__own__" not in vars(kind)] == []  # one made from another names Frozen again
    own = [(kind, value) for kind in kinds for value in vars(kind)["__own__"].values()]
    assert len(own) > 1000
    assert [kind for kind, value in own if isinstance(value, dataclasses.Field)] == []


def test_patterns_take_them_apart() -> None:
    match SecureHost("a", 465, {}, "c"):
        case Host(name, port):
            assert (name, port) == ("a", 465)


@pytest.mark.parametrize("value", [Host("a", 1, {"b": "c"}), SecureHost("a", certificate="x"), Nothing(), Told("t")])
def test_they_are_copied_and_pickled(value: object) -> None:
    assert copy.copy(value) == copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - what the line itself wrote
    assert repr(copy.deepcopy(value)) == repr(value)


def test_what_a_class_defines_itself_is_kept() -> None:
    assert repr(Told("x")) == "<x>"
    assert Told.__module__ == __name__
    assert Host.__doc__ == "A host."


def test_a_slotted_value_changes_and_equals_only_itself() -> None:
    one, other = Counted("ada"), Counted("ada")
    assert one != other
    assert {one, other, one} == {one, other}
    one.lines.append("x")
    one.asked += 1
    assert repr(one) == "Counted(name='ada', lines=['x'], size=3, asked=1)"
    assert (other.lines, other.asked) == ([], 0)
    named = Named("ada", label="x")
    assert (named.size, named.label) == (3, "x")


def test_a_field_without_a_default_does_not_follow_one_that_has_one() -> None:
    class Wrong(Frozen):
        port: int = 25
        name: str  # type: ignore[misc]

    with pytest.raises(TypeError, match="a field without a default follows one that has one"):
        Wrong(25, "mx")


@pytest.mark.parametrize("count", range(20))
def test_a_constructor_takes_any_number_of_values(count: int) -> None:
    names = [f"field_{place}" for place in range(count)]
    annotated = {"__annotations__": dict.fromkeys(names, "int")}
    kind: Callable[..., object] = new_class("Wide", (Frozen,), exec_body=lambda body: body.update(annotated))
    wide = kind(*range(count))
    assert [getattr(wide, name) for name in names] == [*range(count)]
    assert wide == kind(**{name: place for place, name in enumerate(names)})
    with pytest.raises(TypeError, match=r"Wide\.__init__\(\)"):
        kind(*range(count + 1))


def test_the_last_value_is_set_before_post_init() -> None:
    class Doubled(Slotted):
        first: int
        second: int = field(default=3)
        both: int = field(init=False)

        def __post_init__(self) -> None:
            self.both = self.first + self.second

    assert (Doubled(1, 2).both, Doubled(second=5, first=4).both, Doubled(1).both) == (3, 9, 4)
