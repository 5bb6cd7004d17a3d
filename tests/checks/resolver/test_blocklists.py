"""RES008 and RES009: what blocklists answer for their test points."""

from __future__ import annotations

import pytest

from deliverkit.checks.resolver.blocklist_refuses import blocklist_refuses
from deliverkit.checks.resolver.blocklist_unusable import blocklist_unusable
from deliverkit.facts.resolver import BlocklistTests
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import finding, fix_of, judged
from tests.trying import lists

GOOD = ("127.0.0.2", Status.NXDOMAIN)
PUBLIC = "127.255.255.254"


@pytest.mark.parametrize(
    ("tests", "refuses", "unusable"),
    [
        (lists(zen=GOOD), Outcome.PASS, Outcome.PASS),
        (lists(zen=(PUBLIC, PUBLIC)), Outcome.FAIL, Outcome.PASS),
        (lists(zen=(PUBLIC, Status.NXDOMAIN)), Outcome.FAIL, Outcome.PASS),
        (lists(psbl=("127.255.255.250", Status.NXDOMAIN)), Outcome.FAIL, Outcome.PASS),
        (lists(multi=("127.0.0.1", "127.0.0.1")), Outcome.FAIL, Outcome.PASS),
        (lists(multi=("127.0.0.14", Status.NXDOMAIN)), Outcome.PASS, Outcome.PASS),
        (lists(psbl=("127.0.0.2", "127.0.0.2")), Outcome.PASS, Outcome.FAIL),
        (lists(psbl=(Status.NXDOMAIN, Status.NXDOMAIN)), Outcome.PASS, Outcome.FAIL),
        (lists(psbl=("192.0.2.80", "192.0.2.80")), Outcome.PASS, Outcome.FAIL),
        (lists(psbl=(Status.SERVFAIL, Status.SERVFAIL)), Outcome.UNKNOWN, Outcome.UNKNOWN),
        (lists(psbl=(Status.REFUSED, Status.REFUSED)), Outcome.UNKNOWN, Outcome.UNKNOWN),
        (lists(psbl=("127.0.0.2", Status.TIMEOUT)), Outcome.UNKNOWN, Outcome.UNKNOWN),
        (lists(b=(Status.SERVFAIL, Status.SERVFAIL)), Outcome.PASS, Outcome.UNKNOWN),
        (lists(b=(PUBLIC, PUBLIC)), Outcome.PASS, Outcome.FAIL),
    ],
)
def test_test_points_tell_lists_apart(tests: BlocklistTests, refuses: Outcome, unusable: Outcome) -> None:
    assert judged(blocklist_refuses, tests).outcome is refuses
    assert judged(blocklist_unusable, tests).outcome is unusable


def test_the_lists_that_refuse_are_one_finding_with_their_words() -> None:
    found = finding(blocklist_refuses, lists(zen=(PUBLIC, PUBLIC), bl=GOOD, multi=("127.0.0.1", "127.0.0.1")))
    assert found.message.startswith("2 blocklists refuse to answer the resolver 192.0.2.53: zen.spamhaus.org and multi")
    assert [evidence.note for evidence in found.evidence] == [
        "a public or unattributable resolver is not answered",
        "query refused",
    ]


def test_a_list_that_wants_to_know_its_readers_says_how_to_register() -> None:
    found = finding(blocklist_unusable, lists(b=(PUBLIC, PUBLIC)))
    assert found.message.endswith("it refuses whoever has not registered")
    assert "register" in fix_of(found).action


def test_the_evidence_is_the_test_point_that_went_wrong() -> None:
    everything = finding(blocklist_unusable, lists(psbl=("127.0.0.2", "127.0.0.2")))
    nothing = finding(blocklist_unusable, lists(psbl=(Status.NXDOMAIN, Status.NXDOMAIN)))
    assert everything.evidence[0].text == "unlisted.psbl.surriel.com A: 127.0.0.2"
    assert nothing.evidence[0].text == "listed.psbl.surriel.com A: NXDOMAIN"
