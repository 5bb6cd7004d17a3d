"""DMARC against records, walks and domains that others wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from deliverkit.standards.dmarc.effective import is_aligned
from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.public_suffix import registered_domain
from deliverkit.standards.dmarc.record import Alignment, Rules
from deliverkit.standards.dmarc.tree_walk import walk
from tests.conformance.corpora import corpus

RECORDS = json.loads(corpus("dmarc-mox/parse.json").read_text("utf-8"))
REFUSED = [case["record"] for case in RECORDS if not case["valid"]]
WALKS = json.loads(corpus("dmarc-rfc9989/treewalk.json").read_text("utf-8"))["cases"]
SUFFIXES = re.findall(
    r"^checkPublicSuffix\('(.*)', (?:'(.*)'|null)\);",
    corpus("dmarc-psl/test_psl.txt").read_text("utf-8"),
    re.MULTILINE,
)

# What RFC 7489 as the corpus reads it refuses and RFC 9989 keeps as a record, with the section that says so.
RELAXED = {
    "v=DMARC1": "§4.8: no semicolon is needed behind the version",
    "v=DMARC1; sp=reject; p=reject": "§4.7: behind v the order is free",
    **dict.fromkeys(
        (
            "v=DMARC1; adkim=x",
            "v=DMARC1; aspf=123",
            "v=DMARC1; fo=",
            "v=DMARC1; fo=01",
            "v=DMARC1; fo=bad",
        ),
        "§4.8: a bad value gives way to the default",
    ),
    **dict.fromkeys(
        (
            "v=DMARC1; ri=",
            "v=DMARC1; ri=-1",
            "v=DMARC1; ri=99999999999999999999999999999999999999",
            "v=DMARC1; ri=123bad",
            "v=DMARC1; ri=bad",
            "v=DMARC1; rf=bad-trailing-dash-",
            "v=DMARC1; rf=",
            "v=DMARC1; rf=bad.non-alphadigitdash",
            "v=DMARC1; pct=110",
            "v=DMARC1; pct=bogus",
            "v=DMARC1; pct=",
        ),
        "§4.8: the tag is gone, and unknown tags are ignored",
    ),
}


@pytest.mark.figure("DMARC records, mox, by RFC 7489")
@pytest.mark.parametrize("case", RECORDS, ids=lambda case: repr(case["record"]))
def test_a_record_by_rfc_7489(case: Mapping[str, Any]) -> None:
    assert parse(case["record"], rules=Rules.RFC7489).is_valid is case["valid"]


@pytest.mark.figure("DMARC records that RFC 7489 refuses and RFC 9989 takes")
@pytest.mark.parametrize(("record", "rule"), RELAXED.items())
def test_what_rfc_9989_relaxes_is_a_record(
    record: str, rule: str, record_property: Callable[[str, object], None]
) -> None:
    record_property("relaxed", f"{record}  {rule}")
    assert record in REFUSED
    found = parse(record)
    assert found.is_record
    assert found.is_valid


@pytest.mark.parametrize("record", sorted(set(REFUSED) - set(RELAXED)))
def test_on_what_else_rfc_7489_refuses_no_receiver_acts_by_rfc_9989_either(record: str) -> None:
    """No version or a tag twice makes it void; a bad policy or report address leaves nothing to act on (§4.10.1)."""
    assert not parse(record).applies


@pytest.mark.figure("DMARC tree walks, RFC 9989 §4.10 and appendix B.4")
@pytest.mark.parametrize("case", WALKS, ids=lambda case: case["id"])
def test_a_walk(case: Mapping[str, Any]) -> None:
    zone: Mapping[str, str] = case["zone"]
    asked: list[str] = []

    def texts_at(name: str) -> list[str]:
        asked.append(name)
        return [zone[name]] if name in zone else []

    found = walk(case["start"], texts_at)
    assert asked == case["queries"]
    assert found.organizational_domain == case["org"]
    if "policy_domain" in case:
        assert found.policy_step is not None
        assert found.policy_step.name == case["policy_domain"]
    for other, expected in case.get("aligned_with", {}).items():
        assert is_aligned(other, case["start"], Alignment.RELAXED, lambda d: _organizational(d, zone)) is expected


def _organizational(domain: str, zone: Mapping[str, str]) -> str:
    return walk(domain, lambda name: [zone[name]] if name in zone else []).organizational_domain


@pytest.mark.figure("Public Suffix List, publicsuffix.org")
@pytest.mark.parametrize(("domain", "expected"), SUFFIXES)
def test_the_public_suffix_list(domain: str, expected: str) -> None:
    assert registered_domain(domain) == (expected or None)


def test_the_suites_are_whole() -> None:
    assert (len(RECORDS), len(WALKS), len(SUFFIXES)) == (41, 9, 77)
