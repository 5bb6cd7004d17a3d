"""deliverkit tells why e-mail does or does not arrive.

The public API, loaded when it is used:

    report = asyncio.run(deliverkit.check("example.com"))
    print(report.verdicts["mx"].sentence)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deliverkit.version import __version__

if TYPE_CHECKING:
    from deliverkit.api import check, dkim, dmarc, mx, resolver, seed_test, spf
    from deliverkit.errors import DeliverkitError, LabError, UsageError
    from deliverkit.explaining import explain
    from deliverkit.model import Finding, Outcome, Result, Severity
    from deliverkit.report import Report

_HOMES = {
    "check": "api",
    "dkim": "api",
    "dmarc": "api",
    "mx": "api",
    "resolver": "api",
    "seed_test": "api",
    "spf": "api",
    "explain": "explaining",
    "DeliverkitError": "errors",
    "LabError": "errors",
    "UsageError": "errors",
    "Finding": "model",
    "Outcome": "model",
    "Result": "model",
    "Severity": "model",
    "Report": "report",
}

__all__ = [
    "DeliverkitError",
    "Finding",
    "LabError",
    "Outcome",
    "Report",
    "Result",
    "Severity",
    "UsageError",
    "__version__",
    "check",
    "dkim",
    "dmarc",
    "explain",
    "mx",
    "resolver",
    "seed_test",
    "spf",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
