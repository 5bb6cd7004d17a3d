"""Which probe learns which fact. A probe's signature says it: what it gives, and which facts it needs first."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import typing
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import deliverkit.probes
from deliverkit.model import Absent

Learn = Callable[..., Coroutine[typing.Any, typing.Any, object]]

GIVEN = 2  # a probe's first parameters are the domain and the clients; the others are facts


@dataclass(frozen=True, slots=True)
class Probe:
    """A coroutine that learns one type of fact, from the facts of the types in ``needs``."""

    fact: type
    needs: tuple[type, ...]
    learn: Learn


@cache
def probes() -> dict[type, Probe]:
    """Every probe by the type of fact that it learns: the functions of this package named ``learn_…``."""
    found: dict[type, Probe] = {}
    for module in pkgutil.iter_modules(deliverkit.probes.__path__, f"{deliverkit.probes.__name__}."):
        found |= _probes_in(importlib.import_module(module.name))
    return found


def _probes_in(module: ModuleType) -> dict[type, Probe]:
    functions = (one for name, one in vars(module).items() if name.startswith("learn_"))
    return {probe.fact: probe for probe in (_probe(one) for one in functions if one.__module__ == module.__name__)}


@cache
def probe_of(fact: type) -> Probe:
    """The probe of that type of fact: in the module that bears the name of the facts', else wherever it is."""
    name = fact.__module__.removeprefix("deliverkit.facts").removeprefix(".") or "mx"
    beside = f"{deliverkit.probes.__name__}.{name}"
    if importlib.util.find_spec(beside):
        found = _probes_in(importlib.import_module(beside))
        if fact in found:
            return found[fact]
    return probes()[fact]


def _probe(function: Learn) -> Probe:
    hints = typing.get_type_hints(function)
    gives = hints.pop("return")
    [fact] = [part for part in typing.get_args(gives) or (gives,) if part is not Absent]
    return Probe(fact, tuple(list(hints.values())[GIVEN:]), function)
