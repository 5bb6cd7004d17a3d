"""Finding the checks: every module ``checks/<area>/<name>.py`` holds one, made by the `check` decorator."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import typing
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from types import ModuleType

import deliverkit.checks
from deliverkit.model import Absent, Check, Finding, Reference, Severity

Judge = Callable[..., Iterable[Finding | Absent]]


def check(
    code: str,
    *,
    severity: Severity,
    references: tuple[Reference, ...],
    since: str,
    decides: bool = False,
) -> Callable[[Judge], Check]:
    """Make a `Check` of a function.

    Its page is the module's docstring, its name the module's, the facts that it needs are the types of the
    parameters.
    """

    def register(judge: Judge) -> Check:
        *_, area, module = judge.__module__.split(".")
        hints = typing.get_type_hints(judge)
        hints.pop("return")
        return Check(
            code=code,
            name=module.replace("_", "-"),
            area=area,
            severity=severity,
            references=references,
            since=since,
            doc=sys.modules[judge.__module__].__doc__ or "",
            needs=tuple(hints.values()),
            judge=judge,
            decides=decides,
        )

    return register


@cache
def checks() -> tuple[Check, ...]:
    """Every check, ordered by code."""
    return tuple(sorted(_walk(deliverkit.checks), key=lambda found: found.code))


@cache
def checks_in(area: str) -> tuple[Check, ...]:
    """The checks of an area, ordered by code; those of others are not even imported."""
    return tuple(sorted(_walk(importlib.import_module(f"deliverkit.checks.{area}")), key=lambda found: found.code))


def _walk(root: ModuleType) -> Iterator[Check]:
    for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
        yield from (value for value in vars(importlib.import_module(module.name)).values() if isinstance(value, Check))
