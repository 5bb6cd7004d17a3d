"""The types in a function's signature."""

from __future__ import annotations

import typing

import pytest

from deliverkit.checks.registry import checks
from deliverkit.facts import MxSet
from deliverkit.model import Absent, Severity
from deliverkit.probes.registry import probes
from deliverkit.registries import named_types


def judge(first: MxSet, second: Severity, third: list[int]) -> MxSet | Absent:
    raise NotImplementedError(first, second, third)


def test_they_come_in_the_order_asked_for() -> None:
    assert named_types(judge, ["second", "first"]) == (Severity, MxSet)
    assert named_types(judge, ["return"]) == (MxSet, Absent)
    assert named_types(judge, []) == ()


def test_what_is_no_plain_name_is_refused() -> None:
    with pytest.raises(KeyError, match=r"list\[int\]"):
        named_types(judge, ["third"])


def test_of_every_check_and_probe_they_are_those_that_typing_sees() -> None:
    for check in checks():
        hints = typing.get_type_hints(check.judge)
        hints.pop("return")
        kinds = [typing.get_args(hint) or (hint,) for hint in hints.values()]
        assert check.needs == tuple(kind for kind, *_ in kinds)
        assert check.optional == {kind for kind, *others in kinds if others == [Absent]}
    for probe in probes().values():
        assert probe.needs == tuple(typing.get_type_hints(probe.learn).values())[2:-1]
        gives = typing.get_type_hints(probe.learn)["return"]
        assert probe.fact in (typing.get_args(gives) or (gives,))
