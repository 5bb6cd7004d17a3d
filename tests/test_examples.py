"""Every check's page tells the truth: its example fails, its remedy passes, in the lab's real servers."""

from __future__ import annotations

import pytest

from deliverkit.checks.registry import checks
from deliverkit.model import Check, Outcome
from tests.judging import judged_example

EVERY = pytest.mark.parametrize("check", checks(), ids=lambda check: check.code)


@EVERY
def test_the_example_fails(check: Check) -> None:
    assert judged_example(check, "Example").outcome(check.code) is Outcome.FAIL


@EVERY
def test_the_remedy_passes(check: Check) -> None:
    assert judged_example(check, "Use instead").outcome(check.code) is Outcome.PASS
