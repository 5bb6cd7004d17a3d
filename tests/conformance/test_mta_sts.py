"""MTA-STS and TLS-RPT against records and policies that others wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from deliverkit.standards import tlsrpt
from deliverkit.standards.mta_sts.policy import parse_policy
from deliverkit.standards.mta_sts.record import parse_record
from tests.conformance.corpora import corpus

_STS = json.loads(corpus("mta-sts/mox_record_policy.json").read_text("utf-8"))
RECORDS = [case for case in _STS if case["test"] == "TestRecord"]
POLICIES = [case for case in _STS if case["test"] == "TestParsePolicy"]
REPORTS = json.loads(corpus("mta-sts/mox_tlsrpt_record.json").read_text("utf-8"))


@pytest.mark.parametrize("case", RECORDS, ids=lambda case: repr(case["input"]))
def test_a_record(case: Mapping[str, Any]) -> None:
    assert parse_record(case["input"]).is_valid is case["valid"]


@pytest.mark.parametrize("case", POLICIES, ids=lambda case: repr(case["input"]))
def test_a_policy(case: Mapping[str, Any]) -> None:
    assert parse_policy(case["input"]).is_valid is case["valid"]


@pytest.mark.parametrize("case", REPORTS, ids=lambda case: repr(case["input"]))
def test_a_record_for_reports(case: Mapping[str, Any]) -> None:
    assert tlsrpt.parse_record(case["input"]).is_valid is case["valid"]


def test_the_figures() -> None:
    print(f"records {len(RECORDS)}, policies {len(POLICIES)}, records for reports {len(REPORTS)}")  # noqa: T201
    assert (len(RECORDS), len(POLICIES), len(REPORTS)) == (18, 24, 20)
