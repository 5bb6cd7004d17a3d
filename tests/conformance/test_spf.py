"""SPF against the test suite of openspf.org: all 203 of it."""

from __future__ import annotations

import pytest

from deliverkit.standards.spf.evaluate import check_host
from tests.conformance.openspf import Case, cases

CASES = cases()


def test_the_suite_is_whole() -> None:
    assert len(CASES) == 203


@pytest.mark.figure("SPF, openspf.org, RFC 7208: answers given")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_result_is_one_of_those_allowed(case: Case) -> None:
    found = check_host(case.client, case.zone.answer)
    assert str(found.result) in case.results, found
    if case.explanation is not None and found.result == "fail":
        assert (found.explanation or "DEFAULT") == case.explanation
