"""Which probe learns which fact. A probe's signature says it: what it gives, and which facts it needs first."""

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache

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
        for name, function in vars(importlib.import_module(module.name)).items():
            if name.startswith("learn_") and function.__module__ == module.name:
                probe = _probe(function)
                found[probe.fact] = probe
    return found


def _probe(function: Learn) -> Probe:
    hints = typing.get_type_hints(function)
    gives = hints.pop("return")
    [fact] = [part for part in typing.get_args(gives) or (gives,) if part is not Absent]
    return Probe(fact, tuple(list(hints.values())[GIVEN:]), function)
