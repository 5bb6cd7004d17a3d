"""The verdict on the MX area."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.dnssec_bogus import dnssec_bogus
from deliverkit.checks.mx.domain_does_not_exist import domain_does_not_exist
from deliverkit.checks.mx.duplicate_exchange import duplicate_exchange
from deliverkit.checks.mx.exchange_does_not_exist import exchange_does_not_exist
from deliverkit.checks.mx.implicit_mx import implicit_mx
from deliverkit.checks.mx.name_servers_fail import name_servers_fail
from deliverkit.checks.mx.no_reachable_exchange import no_reachable_exchange
from deliverkit.checks.mx.no_reverse_name import no_reverse_name
from deliverkit.checks.mx.null_mx_beside_others import null_mx_beside_others
from deliverkit.checks.mx.summary import summarize
from deliverkit.facts import Lookup, MailHosts, MxLookup, MxSet
from deliverkit.model import Absent, Check, Result, Verdict, not_applicable, unknown
from deliverkit.observations import ExtendedError, Status
from tests.building import host, implicit, judged, mail_hosts, mx_lookup, mx_set, reverse_name, web_hosts

NONE = not_applicable("null MX")
MX1 = host("mx1.good.example", "11.0.1.25", "2a11:db8:1::25")
MX2 = host("mx2.good.example", "11.0.2.25", "2a11:db8:2::25")
GONE = host("mx3.good.example", ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN)


def verdict(hosts: MailHosts, *checks: Check) -> Verdict:
    """The verdict when these checks were selected."""
    found = MxLookup(hosts.mx.domain, Lookup(hosts.mx.answer), hosts.mx.zone)
    results = [judged(check, found, hosts.mx, hosts) for check in checks]
    return summarize({MxLookup: found, MxSet: hosts.mx, MailHosts: hosts}, results)


def without_answer(found: MxLookup, *checks: Check) -> Verdict:
    absent: Absent = unknown(found.failure)
    results: list[Result] = [judged(check, found, web_hosts()) for check in checks]
    return summarize({MxLookup: found, MxSet: absent, MailHosts: absent}, results)


def test_what_every_exchanger_has_is_told() -> None:
    assert verdict(mail_hosts(MX1, MX2)).sentence == (
        "good.example receives mail: 2 exchangers, every one with IPv4, IPv6 and a confirmed reverse name."
    )
    bare = host("mx2.good.example", "11.0.2.25", reverse=[reverse_name("11.0.2.25", "old.good.example.")])
    assert verdict(mail_hosts(MX1, bare)).sentence.endswith(": 2 exchangers, every one with IPv4.")
    assert verdict(mail_hosts(MX1)).sentence.endswith(": 1 exchanger, with IPv4, IPv6 and a confirmed reverse name.")


def test_what_not_every_exchanger_has_is_not_told() -> None:
    ipv4 = host("mx2.good.example", "11.0.2.25")
    assert verdict(mail_hosts(MX1, ipv4)).sentence.endswith("every one with IPv4 and a confirmed reverse name.")
    private = host("mx3.good.example", "10.0.3.25")
    assert verdict(mail_hosts(MX1, private)).sentence.endswith(": 2 exchangers, every one with IPv4.")
    ipv6 = host("mx4.good.example", "2a11:db8:4::25", reverse=[reverse_name("2a11:db8:4::25")])
    assert verdict(mail_hosts(ipv4, ipv6)).sentence == "good.example receives mail: 2 exchangers."


def test_exchangers_that_could_not_be_looked_up_are_counted() -> None:
    silent = host("mx2.good.example", "11.0.2.25", ipv6=Status.TIMEOUT)
    assert verdict(mail_hosts(MX1, silent)).sentence.endswith(": 2 exchangers, of which 1 could not be looked up.")
    hosts = replace(mail_hosts(MX1, MX2), left_out=8)
    assert verdict(hosts).sentence.endswith(": 10 exchangers, of which 8 could not be looked up.")


def test_notes_never_lower_the_verdict() -> None:
    mx = mx_set("10 mx1.good.example.", "20 mx1.good.example.")
    bare = host("mx1.good.example", "11.0.1.25", reverse=[reverse_name("11.0.1.25")])
    sentence = verdict(mail_hosts(bare, mx=mx), duplicate_exchange, no_reverse_name).sentence
    assert sentence == "good.example receives mail: 1 exchanger, with IPv4."


def test_the_worst_fault_is_told_and_the_others_counted() -> None:
    also_gone = host("mx4.good.example", ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN)
    mx = mx_set("0 .", "10 mx1.good.example.", "20 mx3.good.example.", "30 mx4.good.example.")
    hosts = mail_hosts(MX1, GONE, also_gone, mx=mx)
    sentence = verdict(hosts, exchange_does_not_exist, null_mx_beside_others).sentence
    assert sentence.startswith("good.example receives mail, but it has a null MX beside other exchangers")
    assert sentence.endswith(" (and 2 more faults).")


def test_a_fault_of_an_exchanger_is_told_by_its_name() -> None:
    sentence = verdict(mail_hosts(MX1, GONE), exchange_does_not_exist).sentence
    assert sentence == "good.example receives mail, but the exchanger mx3.good.example does not exist."


def test_where_no_mail_arrives_the_fault_is_the_whole_verdict() -> None:
    found = verdict(mail_hosts(GONE), exchange_does_not_exist, no_reachable_exchange)
    assert found == Verdict(
        "No sender can deliver to good.example: its one exchanger has no address to connect to.", ""
    )


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (mx_lookup(Status.NXDOMAIN), "good.example does not exist."),
        (mx_lookup(Status.SERVFAIL, unchecked=Status.NOERROR), "The DNSSEC signatures of good.example do not verify"),
        (mx_lookup(Status.SERVFAIL, unchecked=Status.SERVFAIL), "The name servers of good.example do not answer"),
    ],
)
def test_a_domain_without_answer_is_told_by_its_fault(found: MxLookup, sentence: str) -> None:
    said = without_answer(found, domain_does_not_exist, dnssec_bogus, name_servers_fail)
    assert said.sentence.startswith(sentence)
    assert said.way == ""


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (Status.TIMEOUT, "did not answer in time"),
        (Status.UNREACHABLE, "cannot be reached from here"),
        (Status.REFUSED, "refuses to answer this machine"),
        (Status.TRUNCATED, "does not answer over TCP"),
        (Status.FORMERR, "answers FORMERR"),
    ],
)
def test_what_is_not_known_is_blamed_on_the_resolver(status: Status, why: str) -> None:
    found = mx_lookup(status)
    answer = found.lookup.answer._replace(server="192.0.2.53")
    said = without_answer(replace(found, lookup=Lookup(answer)), domain_does_not_exist, name_servers_fail)
    assert said.sentence.startswith("Cannot tell how good.example receives mail: the resolver 192.0.2.53 ")
    assert said.sentence.endswith(f"{why}.")
    assert said.way.startswith("Nothing is said about the domain.")


def test_a_case_without_the_answer_is_blamed_on_nobody() -> None:
    said = without_answer(mx_lookup(Status.UNRECORDED), domain_does_not_exist, name_servers_fail)
    assert said.sentence == "Cannot tell how good.example receives mail: its MX is UNRECORDED."


def test_a_resolver_that_fails_for_other_names_too_counts_for_nothing() -> None:
    forged = replace(mx_lookup(Status.NXDOMAIN), resolver_fails=True)
    said = without_answer(forged, domain_does_not_exist)
    assert said.sentence.startswith("Cannot tell")
    assert said.sentence.endswith("says NXDOMAIN, but fails for an unrelated name too, so its word counts for nothing.")


def test_an_answer_that_is_withheld_says_nothing_of_the_domain() -> None:
    found = mx_lookup(Status.NXDOMAIN, said=[ExtendedError(15, "")])
    answer = found.lookup.answer._replace(server="192.0.2.53")
    said = without_answer(replace(found, lookup=Lookup(answer)), domain_does_not_exist)
    assert said.sentence == (
        "Cannot tell how good.example receives mail: the resolver 192.0.2.53 withholds the answer."
    )
    assert said.way.startswith("Nothing is said about the domain.")


def test_what_a_check_decides_is_the_whole_verdict() -> None:
    hosts = mail_hosts(MX1, GONE)
    assert exchange_does_not_exist.decides is False
    deciding = replace(exchange_does_not_exist, decides=True)
    assert verdict(hosts, deciding) == Verdict("The exchanger mx3.good.example does not exist.", "")


def test_of_two_that_decide_the_worse_is_told() -> None:
    found = verdict(implicit("192.168.1.80"), implicit_mx, no_reachable_exchange)
    assert found.sentence.startswith("No sender can deliver to good.example: ")


def test_without_the_check_for_it_a_missing_domain_still_takes_no_mail() -> None:
    assert without_answer(mx_lookup(Status.NXDOMAIN)).sentence == "good.example has no host that takes mail."


def test_a_null_mx_is_told_as_what_it_is() -> None:
    mx = mx_set("0 .")
    found = MxLookup("good.example", Lookup(mx.answer), "good.example")
    said = summarize({MxLookup: found, MxSet: mx, MailHosts: NONE}, [])
    assert said == Verdict("good.example accepts no mail, and says so (null MX): senders give up at once.", "")


def test_no_address_is_no_host_only_where_that_is_known() -> None:
    assert verdict(mail_hosts(GONE)).sentence == "good.example has no host that takes mail."
    silent = mail_hosts(GONE, host("mx1.good.example", ipv4=Status.TIMEOUT))
    assert verdict(silent).sentence.startswith("Cannot tell how good.example receives mail: the addresses")


def test_without_mx_the_domains_own_address_is_told() -> None:
    assert verdict(implicit("11.0.1.80")).sentence == (
        "good.example receives mail at its own address, because it has no MX record."
    )
    said = verdict(implicit("11.0.1.80"), implicit_mx)
    assert said.sentence == "good.example has no MX record, so senders try its own address 11.0.1.80."
    assert (
        said.way == "Without an MX record a sender tries the domain's own address; a 5xx to MAIL, RCPT or DATA ends it."
    )


@pytest.mark.parametrize(
    ("names", "where"),
    [
        (("aspmx.l.google.com",), " at Google Workspace: 1 exchanger"),
        (("aspmx.l.google.com", "alt1.aspmx.l.google.com"), " at Google Workspace: 2 exchangers"),
        (("eu-smtp-inbound-1.mimecast.com",), " through Mimecast, a gateway (the mailbox behind it is unknown)"),
        (
            ("route1.mx.cloudflare.net",),
            " through Cloudflare Email Routing, which forwards it (the mailbox behind it is unknown)",
        ),
        (("aspmx.l.google.com", "mx.zoho.com"), " at Google Workspace and at Zoho: 2 exchangers"),
        (
            ("mx0a-00000001.pphosted.com", "aspmx.l.google.com"),
            " through Proofpoint, a gateway (the mailbox behind it is unknown) and at Google Workspace: 2 exchangers",
        ),
        (("aspmx.l.google.com", "mx1.good.example"), " receives mail: 2 exchangers"),
    ],
)
def test_the_provider_is_named_where_all_exchangers_are_providers(names: tuple[str, ...], where: str) -> None:
    hosts = [host(name, f"11.0.{number}.25") for number, name in enumerate(names, 1)]
    assert where in verdict(mail_hosts(*hosts)).sentence


@pytest.mark.parametrize(
    ("data", "way"),
    [
        (("10 mx1.good.example.",), "A sender tries its addresses in turn"),
        (
            ("10 mx1.good.example.", "10 mx2.good.example."),
            "Senders pick one at random and may try another when a host is silent",
        ),
        (
            ("10 mx1.good.example.", "20 mx2.good.example."),
            "A sender tries 1 first and may move down when a host is silent",
        ),
        (("10 mx1.good.example.", "20 mx1.good.example."), "A sender tries its addresses in turn"),
    ],
)
def test_the_way_of_a_sender_follows_the_preferences(data: tuple[str, ...], way: str) -> None:
    said = verdict(mail_hosts(MX1, MX2, mx=mx_set(*data))).way
    assert said.startswith(way)
    assert "a 5xx to MAIL, RCPT or DATA ends it" in said
    assert "share the mail at random" not in said


def test_equal_numbers_beside_others_share_the_mail() -> None:
    mx = mx_set("10 mx1.good.example.", "20 mx2.good.example.", "20 mx3.good.example.")
    assert verdict(mail_hosts(MX1, MX2, mx=mx)).way.endswith("Equal numbers share the mail at random.")


def test_an_internationalised_domain_is_readable() -> None:
    domain = "xn--mnchen-3ya.example"
    hosts = mail_hosts(MX1, mx=mx_set("10 mx1.good.example.", domain=domain))
    assert verdict(hosts).sentence.startswith("münchen.example (xn--mnchen-3ya.example) receives mail")
    missing = replace(mx_lookup(Status.NXDOMAIN), domain=domain)
    assert without_answer(missing, domain_does_not_exist).sentence == (
        "münchen.example (xn--mnchen-3ya.example) does not exist."
    )
