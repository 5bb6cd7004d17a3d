"""MX017: no reverse name."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.no_reverse_name import no_reverse_name
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, fix_of, host, implicit, judged, mail_hosts, reverse_name, underlined

NAME = "mx1.good.example"


def test_each_address_is_a_fault_and_names_its_record_in_the_reverse_zone() -> None:
    addresses = ("11.0.1.25", "11.0.1.26", "2a11:db8:1::25")
    bare = [reverse_name("11.0.1.25"), reverse_name("2a11:db8:1::25", status=Status.NXDOMAIN)]
    result = judged(no_reverse_name, mail_hosts(host(NAME, *addresses, reverse=bare)))
    assert [underlined(found.evidence[0]) for found in result.findings] == ["11.0.1.25", "2a11:db8:1::25"]
    actions = [fix_of(found).action for found in result.findings]
    assert actions[0].endswith("  25.1.0.11.in-addr.arpa.  IN  PTR  mx1.good.example.")
    assert "8.b.d.0.1.1.a.2.ip6.arpa.  IN  PTR  mx1.good.example." in actions[1]


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_no_answer_is_unknown(status: Status) -> None:
    silent = reverse_name("11.0.1.25", status=status)
    result = judged(no_reverse_name, mail_hosts(host(NAME, "11.0.1.25", reverse=[silent])))
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        (f"reverse name of 11.0.1.25: 25.1.0.11.in-addr.arpa PTR: {status}",),
    )


def test_a_fault_and_an_unknown_address_are_both_told() -> None:
    reverse = [reverse_name("11.0.1.25"), reverse_name("11.0.1.26", status=Status.TIMEOUT)]
    result = judged(no_reverse_name, mail_hosts(host(NAME, "11.0.1.25", "11.0.1.26", reverse=reverse)))
    assert (len(result.findings), result.reasons) == (
        1,
        ("reverse name of 11.0.1.26: 26.1.0.11.in-addr.arpa PTR: TIMEOUT",),
    )


def test_a_private_address_needs_none() -> None:
    result = judged(no_reverse_name, mail_hosts(host(NAME, "10.0.0.25")))
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("10.0.0.25 is a private address",))


def test_a_name_that_does_not_lead_back_is_a_name() -> None:
    named = reverse_name("11.0.1.25", "old.good.example.")
    assert judged(no_reverse_name, mail_hosts(host(NAME, "11.0.1.25", reverse=[named]))).outcome is Outcome.PASS


def test_without_mx_it_does_not_apply() -> None:
    web = implicit("11.0.1.80", reverse=[reverse_name("11.0.1.80")])
    assert judged(no_reverse_name, web).outcome is Outcome.NOT_APPLICABLE


def test_the_owner_of_the_address_block_is_who_must_be_asked() -> None:
    found = finding(no_reverse_name, mail_hosts(host(NAME, "11.0.1.25", reverse=[reverse_name("11.0.1.25")])))
    assert found.message == "11.0.1.25 (mx1.good.example) has no reverse name"
    assert fix_of(found).action.startswith("ask the owner of the address block")


@pytest.mark.parametrize("name", ["aspmx.l.google.com", "alt1.aspmx.l.google.com"])
def test_a_large_providers_machines_are_its_own_matter(name: str) -> None:
    result = judged(no_reverse_name, mail_hosts(host(name, "11.0.1.25", reverse=[reverse_name("11.0.1.25")])))
    assert (result.outcome, result.reasons) == (
        Outcome.NOT_APPLICABLE,
        ("the exchangers are a large provider's own machines",),
    )


def test_beside_a_large_provider_the_own_machine_is_judged() -> None:
    google = host("aspmx.l.google.com", "11.0.1.25", reverse=[reverse_name("11.0.1.25")])
    own = host("mx1.good.example", "11.0.2.25", reverse=[reverse_name("11.0.2.25")])
    result = judged(no_reverse_name, mail_hosts(google, own))
    assert [found.message.split()[0] for found in result.findings] == ["11.0.2.25"]
    assert result.reasons == ()


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_an_exchanger_without_answer_is_unknown(status: Status) -> None:
    result = judged(no_reverse_name, mail_hosts(host("mx1.good.example", "11.0.1.25", ipv6=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx1.good.example AAAA: {status}",))


def test_exchangers_without_any_address_are_another_fault() -> None:
    result = judged(no_reverse_name, mail_hosts(host("mx1.good.example")))
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("no exchanger has an address",))
