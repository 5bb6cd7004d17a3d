"""MX019: a reverse name that looks made up."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.generic_reverse_name import generic_reverse_name
from deliverkit.facts import MailHosts
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, fix_of, host, implicit, judged, mail_hosts, reverse_name, underlined


def hosts(address: str, *names: str) -> MailHosts:
    return mail_hosts(host("mx1.good.example", address, reverse=[reverse_name(address, *names)]))


@pytest.mark.parametrize(
    ("address", "name", "part"),
    [
        ("11.0.1.25", "11-0-1-25.isp.example.", "11-0-1-25"),
        ("11.0.1.25", "25.1.0.11.isp.example.", "25.1.0.11"),
        ("11.0.1.25", "ip011000001025.isp.example.", "011000001025"),
        ("11.0.1.25", "x0b000119.isp.example.", "0b000119"),
        ("11.0.1.25", "host7.pool.isp.example.", "pool"),
        ("11.0.1.25", "dyn-7.isp.example.", "dyn"),
        ("2a11:db8:1::25", "2a11-db8-1-0-0-0-0-25.isp.example.", "2a11-db8-1-0-0-0-0-25"),
    ],
)
def test_the_part_that_looks_made_up_is_underlined(address: str, name: str, part: str) -> None:
    found = finding(generic_reverse_name, hosts(address, name))
    assert [underlined(evidence) for evidence in found.evidence] == [part]


def test_the_very_match_is_underlined_and_not_an_earlier_likeness() -> None:
    [evidence] = finding(generic_reverse_name, hosts("11.0.1.25", "carpool.pool.isp.example.")).evidence
    assert evidence.span is not None
    assert evidence.text[evidence.span.start :] == "pool.isp.example."
    assert underlined(evidence) == "pool"
    [evidence] = finding(generic_reverse_name, hosts("11.0.1.25", "111-0-1-25.11-0-1-25.isp.example.")).evidence
    assert evidence.span is not None
    assert evidence.text[evidence.span.start :] == "11-0-1-25.isp.example."
    assert underlined(evidence) == "11-0-1-25"


@pytest.mark.parametrize(
    "name",
    [
        "carpool.isp.example.",
        "dynamics.example.",
        "11-0-1-26.isp.example.",
        "11-0-1-250.isp.example.",
        "111-0-1-25.isp.example.",
        "pool.example.",
        "mx1.cable.example.",
        "mx1.good.example.",
    ],
)
def test_only_whole_words_before_the_owners_name_and_the_own_address_count(name: str) -> None:
    assert judged(generic_reverse_name, hosts("11.0.1.25", name)).outcome is Outcome.PASS


def test_one_proper_name_is_enough() -> None:
    both = hosts("11.0.1.25", "11-0-1-25.isp.example.", "mx1.good.example.")
    assert judged(generic_reverse_name, both).outcome is Outcome.PASS


def test_two_generic_names_are_one_fault() -> None:
    found = finding(generic_reverse_name, hosts("11.0.1.25", "11-0-1-25.isp.example.", "pool.isp.example."))
    assert found.message == ("11.0.1.25 (mx1.good.example) has the generic-looking reverse name 11-0-1-25.isp.example")
    assert fix_of(found).action.endswith("25.1.0.11.in-addr.arpa.  IN  PTR  mx1.good.example.")


def test_where_there_is_no_reverse_name_nothing_is_generic() -> None:
    assert judged(generic_reverse_name, hosts("11.0.1.25")).outcome is Outcome.PASS


def test_a_private_address_has_no_public_name() -> None:
    result = judged(generic_reverse_name, mail_hosts(host("mx1.good.example", "10.0.0.25")))
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("10.0.0.25 is a private address",))


def test_without_mx_it_does_not_apply() -> None:
    web = implicit("11.0.1.80", reverse=[reverse_name("11.0.1.80", "11-0-1-80.isp.example.")])
    assert judged(generic_reverse_name, web).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_a_reverse_name_without_answer_is_unknown(status: Status) -> None:
    silent = reverse_name("11.0.1.25", status=status)
    result = judged(generic_reverse_name, mail_hosts(host("mx1.good.example", "11.0.1.25", reverse=[silent])))
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        (f"reverse name of 11.0.1.25: 25.1.0.11.in-addr.arpa PTR: {status}",),
    )


@pytest.mark.parametrize("name", ["aspmx.l.google.com", "alt1.aspmx.l.google.com"])
def test_a_large_providers_machines_are_its_own_matter(name: str) -> None:
    result = judged(
        generic_reverse_name,
        mail_hosts(host(name, "11.0.1.25", reverse=[reverse_name("11.0.1.25", "pool.isp.example.")])),
    )
    assert (result.outcome, result.reasons) == (
        Outcome.NOT_APPLICABLE,
        ("the exchangers are a large provider's own machines",),
    )


def test_beside_a_large_provider_the_own_machine_is_judged() -> None:
    google = host("aspmx.l.google.com", "11.0.1.25", reverse=[reverse_name("11.0.1.25", "7.pool.isp.example.")])
    own = host("mx1.good.example", "11.0.2.25", reverse=[reverse_name("11.0.2.25", "7.pool.isp.example.")])
    result = judged(generic_reverse_name, mail_hosts(google, own))
    assert [found.message.split()[0] for found in result.findings] == ["11.0.2.25"]
    assert result.reasons == ()


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_an_exchanger_without_answer_is_unknown(status: Status) -> None:
    result = judged(generic_reverse_name, mail_hosts(host("mx1.good.example", "11.0.1.25", ipv6=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx1.good.example AAAA: {status}",))


def test_exchangers_without_any_address_are_another_fault() -> None:
    result = judged(generic_reverse_name, mail_hosts(host("mx1.good.example")))
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("no exchanger has an address",))
