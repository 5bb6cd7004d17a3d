"""MX018: a reverse name that does not lead back."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.reverse_name_unconfirmed import reverse_name_unconfirmed
from deliverkit.facts import MailHosts, ReverseName
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, fix_of, host, implicit, judged, mail_hosts, reverse_name, underlined

A, B = "a.good.example.", "b.good.example."


def hosts(reverse: ReverseName) -> MailHosts:
    return mail_hosts(host("mx1.good.example", "11.0.1.25", reverse=[reverse]))


def test_one_confirmed_name_is_enough() -> None:
    reverse = reverse_name("11.0.1.25", A, B, confirmed=["b.good.example"], unresolved=["a.good.example"])
    assert judged(reverse_name_unconfirmed, hosts(reverse)).outcome is Outcome.PASS


def test_a_name_that_could_not_be_looked_up_might_lead_back() -> None:
    result = judged(reverse_name_unconfirmed, hosts(reverse_name("11.0.1.25", A, B, unresolved=["b.good.example"])))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, ("b.good.example A: TIMEOUT",))


def test_all_names_are_told_and_the_first_underlined() -> None:
    found = finding(reverse_name_unconfirmed, hosts(reverse_name("11.0.1.25", A, B)))
    assert found.message.startswith(
        "11.0.1.25 (mx1.good.example) has the reverse name a.good.example and b.good.example, which"
    )
    assert found.evidence[0].note == "does not resolve to 11.0.1.25"
    assert [underlined(evidence) for evidence in found.evidence] == [A]
    assert "give a.good.example the address 11.0.1.25" in fix_of(found).action
    assert fix_of(found).action.endswith("25.1.0.11.in-addr.arpa.  IN  PTR  mx1.good.example.")


def test_each_address_is_judged_by_itself() -> None:
    reverse = [reverse_name("11.0.1.25", A), reverse_name("2a11:db8:1::25", B)]
    addresses = ("11.0.1.25", "11.0.1.26", "2a11:db8:1::25")
    result = judged(reverse_name_unconfirmed, mail_hosts(host("mx1.good.example", *addresses, reverse=reverse)))
    assert [found.message.split()[0] for found in result.findings] == ["11.0.1.25", "2a11:db8:1::25"]


@pytest.mark.parametrize("status", [Status.NODATA, Status.NXDOMAIN])
def test_no_name_at_all_is_another_fault(status: Status) -> None:
    assert judged(reverse_name_unconfirmed, hosts(reverse_name("11.0.1.25", status=status))).outcome is Outcome.PASS


def test_a_private_address_has_no_public_name() -> None:
    result = judged(reverse_name_unconfirmed, mail_hosts(host("mx1.good.example", "10.0.0.25")))
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("10.0.0.25 is a private address",))


def test_without_mx_it_does_not_apply() -> None:
    web = implicit("11.0.1.80", reverse=[reverse_name("11.0.1.80", A)])
    assert judged(reverse_name_unconfirmed, web).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_a_reverse_name_without_answer_is_unknown(status: Status) -> None:
    silent = reverse_name("11.0.1.25", status=status)
    result = judged(reverse_name_unconfirmed, mail_hosts(host("mx1.good.example", "11.0.1.25", reverse=[silent])))
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        (f"reverse name of 11.0.1.25: 25.1.0.11.in-addr.arpa PTR: {status}",),
    )


@pytest.mark.parametrize("name", ["aspmx.l.google.com", "alt1.aspmx.l.google.com"])
def test_a_large_providers_machines_are_its_own_matter(name: str) -> None:
    result = judged(
        reverse_name_unconfirmed, mail_hosts(host(name, "11.0.1.25", reverse=[reverse_name("11.0.1.25", A)]))
    )
    assert (result.outcome, result.reasons) == (
        Outcome.NOT_APPLICABLE,
        ("the exchangers are a large provider's own machines",),
    )


def test_beside_a_large_provider_the_own_machine_is_judged() -> None:
    google = host("aspmx.l.google.com", "11.0.1.25", reverse=[reverse_name("11.0.1.25", A)])
    own = host("mx1.good.example", "11.0.2.25", reverse=[reverse_name("11.0.2.25", A)])
    result = judged(reverse_name_unconfirmed, mail_hosts(google, own))
    assert [found.message.split()[0] for found in result.findings] == ["11.0.2.25"]
    assert result.reasons == ()


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_an_exchanger_without_answer_is_unknown(status: Status) -> None:
    result = judged(reverse_name_unconfirmed, mail_hosts(host("mx1.good.example", "11.0.1.25", ipv6=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx1.good.example AAAA: {status}",))


def test_exchangers_without_any_address_are_another_fault() -> None:
    result = judged(reverse_name_unconfirmed, mail_hosts(host("mx1.good.example")))
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("no exchanger has an address",))
