"""Finding the checks: every module ``checks/<area>/<name>.py`` holds one, made by the `check` decorator."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import deliverkit.checks
from deliverkit.model import Absent, Check, Finding, Reference, Severity
from deliverkit.registries import modules_in, named_types, packages_in

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

    Its page is the module's docstring, its name the module's, its area the package's, with hyphens; the facts that it
    needs are the types of the parameters. One that is ``Fact | Absent`` is given to it also where it is missing.
    """

    def register(judge: Judge) -> Check:
        *_, area, module = judge.__module__.split(".")
        kinds = [named_types(judge, [name]) for name in judge.__annotations__ if name != "return"]
        return Check(
            code=code,
            name=module.replace("_", "-"),
            area=area.replace("_", "-"),
            severity=severity,
            references=references,
            since=since,
            doc=sys.modules[judge.__module__].__doc__ or "",
            needs=tuple(kind for kind, *_ in kinds),
            judge=judge,
            decides=decides,
            optional=frozenset(kind for kind, *others in kinds if others),
        )

    return register


@cache
def checks() -> tuple[Check, ...]:
    """Every check, ordered by code."""
    found = (one for area in packages_in(deliverkit.checks) for one in checks_of(area))
    return tuple(sorted(found, key=lambda one: one.code))


@cache
def checks_of(area: str) -> tuple[Check, ...]:
    """The checks of an area, ordered by code."""
    return tuple(sorted(_walk(area), key=lambda found: found.code))


def _walk(area: str) -> Iterator[Check]:
    package = importlib.import_module(f"{deliverkit.checks.__name__}.{area.replace('-', '_')}")
    for name in modules_in(package):
        module = importlib.import_module(f"{package.__name__}.{name}")
        yield from (value for value in vars(module).values() if isinstance(value, Check))
