"""Authentication-Results fields that others wrote, with what their own reader makes of them."""

from __future__ import annotations

import json
import re

import pytest

from deliverkit.standards.authres.parse import MethodResult, parse_results
from tests.conformance.corpora import corpus

CASES = json.loads((corpus("authres") / "go-msgauth.json").read_text("utf-8"))
_ONE = re.compile(r"&(\w+)Result\{(.*?)\}")
_MEMBER = re.compile(r'(\w+): "?([^",}]+)"?')
_METHODS = {"DKIM": "dkim", "SPF": "spf", "Auth": "auth", "SenderID": "sender-id"}
_PLACES = {"From": "smtp.mailfrom", "Auth": "smtp.auth", "Identifier": "header.i"}


def expected(notation: str) -> list[tuple[str, str, str, dict[str, str]]]:
    """Method, result, reason and properties of each result that the corpus writes down in Go."""
    found = []
    for kind, inside in _ONE.findall(notation):
        members = dict(_MEMBER.findall(inside))
        properties = {place: members[name] for name, place in _PLACES.items() if name in members}
        if "HeaderKey" in members:
            properties[f"header.{members['HeaderKey']}"] = members["HeaderValue"]
        result = members["Value"].removeprefix("Result").lower()
        found.append((_METHODS[kind], result, members.get("Reason", ""), properties))
    return found


def shown(result: MethodResult) -> tuple[str, str, str, dict[str, str]]:
    properties = {f"{found.ptype}.{found.name}": found.value for found in result.properties}
    return result.method, result.result, result.reason, properties


@pytest.mark.figure("go-msgauth, Authentication-Results")
@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["value"]))
def test_a_field(case: dict[str, str]) -> None:
    found = parse_results(case["value"])
    assert found.authserv_id == case["authserv_id"]
    assert [shown(result) for result in found.results] == expected(case["expected"])
    assert not found.malformed
    assert found.is_none == ("; none" in case["value"])


def test_the_suite_is_whole() -> None:
    assert len(CASES) == 13
    assert sum(len(expected(case["expected"])) for case in CASES) == 14
