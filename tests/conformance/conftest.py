"""At the end of a run: how many cases of each suite of others came out right, counted from the tests that ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

FIGURE, RELAXED = (
    "figure",
    "relaxed",
)  # properties of a test: the suite that its case is of; what RFC 9989 relaxes there


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", f"{FIGURE}(suite): the test is a case of a suite that others wrote")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Note at each test the suite that its case is of."""
    for item in items:
        item.user_properties.extend((FIGURE, mark.args[0]) for mark in item.iter_markers(FIGURE))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the figures."""
    ran, right = Counter(_noted(terminalreporter, FIGURE)), Counter(_noted(terminalreporter, FIGURE, "passed"))
    if not ran:
        return
    terminalreporter.section("conformance")
    for suite, number in ran.items():
        terminalreporter.write_line(f"{right[suite]}/{number}  {suite}")
    for line in _noted(terminalreporter, RELAXED, "passed"):
        terminalreporter.write_line(f"  {line}")


def _noted(reporter: TerminalReporter, name: str, *outcomes: str) -> Iterator[str]:
    """The values of a property of the tests that ended so; without any outcome, of all that ran."""
    for outcome in outcomes or ("passed", "failed", "error"):
        for report in reporter.stats.get(outcome, ()):
            yield from (str(value) for key, value in report.user_properties if key == name)
