"""Which probe learns which fact. A probe's signature says it: what it gives, and which facts it needs first."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any

import deliverkit.facts
import deliverkit.probes
from deliverkit.classes import Frozen
from deliverkit.model import Absent
from deliverkit.registries import modules_in, named_types

Learn = Callable[..., Coroutine[Any, Any, object]]

GIVEN = 2  # a probe's first parameters are the domain and the clients; the others are facts


class Probe(Frozen):
    """A coroutine that learns one type of fact, from the facts of the types in ``needs``."""

    fact: type
    needs: tuple[type, ...]
    learn: Learn


def probe_of(fact: type) -> Probe:
    """The probe that learns the fact: one of ``facts/<area>.py`` in ``probes/<area>.py``, the others in ``mx.py``."""
    area = fact.__module__.removeprefix(deliverkit.facts.__name__).removeprefix(".")
    return _probes_in(area or "mx")[fact]


@cache
def probes() -> dict[type, Probe]:
    """Every probe by the type of fact that it learns."""
    found: dict[type, Probe] = {}
    for name in modules_in(deliverkit.probes):
        found |= _probes_in(name)
    return found


@cache
def _probes_in(area: str) -> dict[type, Probe]:
    """The probes of a module by the type of fact: its functions named ``learn_…``."""
    module = importlib.import_module(f"{deliverkit.probes.__name__}.{area}")
    functions = [
        function
        for name, function in vars(module).items()
        if name.startswith("learn_") and function.__module__ == module.__name__
    ]
    return {probe.fact: probe for probe in map(_probe, functions)}


def _probe(function: Learn) -> Probe:
    *parameters, gives = function.__annotations__
    [fact] = [kind for kind in named_types(function, [gives]) if kind is not Absent]
    return Probe(fact, named_types(function, parameters[GIVEN:]), function)
