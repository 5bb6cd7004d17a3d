"""MX034: exchangers of two mailbox providers."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.two_mailbox_providers import two_mailbox_providers
from deliverkit.facts import MailHost
from deliverkit.model import Outcome, Severity
from deliverkit.observations import Status
from tests.building import finding, fix_of, host, implicit, judged, mail_hosts, mx_set, underlined

GOOGLE, GOOGLE2 = host("aspmx.l.google.com", "11.0.1.25"), host("alt1.aspmx.l.google.com", "11.0.2.25")
ZOHO = host("mx.zoho.com", "11.0.3.25")
FASTMAIL = host("in1-smtp.messagingengine.com", "11.0.4.25")


def test_the_first_exchanger_of_each_is_shown_and_the_names_stand_in_order() -> None:
    found = finding(two_mailbox_providers, mail_hosts(ZOHO, GOOGLE, GOOGLE2))
    assert found.message == "the exchangers belong to Google Workspace and Zoho, and each gets a part of the mail"
    assert [(underlined(evidence), evidence.note) for evidence in found.evidence] == [
        ("aspmx.l.google.com.", "is Google Workspace"),
        ("mx.zoho.com.", "is Zoho"),
    ]
    assert fix_of(found).action.startswith("keep the exchangers of the provider that holds the mailboxes")
    assert (fix_of(found).remove, fix_of(found).add) == ((), ())


def test_three_providers_are_one_fault() -> None:
    found = finding(two_mailbox_providers, mail_hosts(ZOHO, GOOGLE, FASTMAIL))
    assert found.message.startswith("the exchangers belong to Fastmail, Google Workspace and Zoho, and")
    assert len(found.evidence) == 3


def test_every_record_that_names_the_exchanger_is_underlined() -> None:
    mx = mx_set("10 mx.zoho.com.", "20 aspmx.l.google.com.", "30 MX.Zoho.com.")
    found = finding(two_mailbox_providers, mail_hosts(ZOHO, GOOGLE, mx=mx))
    assert [underlined(evidence) for evidence in found.evidence] == [
        "aspmx.l.google.com.",
        "mx.zoho.com.",
        "MX.Zoho.com.",
    ]


def test_a_consumers_mailbox_is_a_mailbox() -> None:
    yahoo = host("mta5.am0.yahoodns.net", "11.0.5.25")
    found = finding(two_mailbox_providers, mail_hosts(yahoo, ZOHO))
    assert found.message.startswith("the exchangers belong to Yahoo and Zoho, and")


def test_a_provider_behind_an_alias_is_one() -> None:
    alias = host("mail.good.example", "11.0.1.25", aliases=["aspmx.l.google.com."])
    found = finding(two_mailbox_providers, mail_hosts(alias, ZOHO))
    assert [underlined(evidence) for evidence in found.evidence] == ["mail.good.example.", "mx.zoho.com."]


def test_the_name_alone_tells_whatever_became_of_the_addresses() -> None:
    silent = host("mx.zoho.com", ipv4=Status.TIMEOUT, ipv6=Status.TIMEOUT)
    result = judged(two_mailbox_providers, mail_hosts(GOOGLE, silent))
    assert (result.outcome, result.severity) == (Outcome.FAIL, Severity.WARNING)


@pytest.mark.parametrize(
    "other",
    [
        GOOGLE2,
        host("mx1.good.example", "11.0.5.25"),
        host("eu-smtp-inbound-1.mimecast.com", "11.0.5.25"),
        host("route1.mx.cloudflare.net", "11.0.5.25"),
        host("inbound-smtp.us-east-1.amazonaws.com", "11.0.5.25"),
        host("mxa.mailgun.org", "11.0.5.25"),
    ],
    ids=lambda other: other.host,
)
def test_one_mailbox_provider_may_stand_beside_others(other: MailHost) -> None:
    assert judged(two_mailbox_providers, mail_hosts(GOOGLE, other)).outcome is Outcome.PASS


def test_a_provider_with_two_kinds_of_names_is_one() -> None:
    names = ("good-example.mail.protection.outlook.com", "good-example.a-v1.mx.microsoft")
    hosts = mail_hosts(*(host(name, f"11.0.{number}.25") for number, name in enumerate(names, 1)))
    assert judged(two_mailbox_providers, hosts).outcome is Outcome.PASS


def test_without_mx_there_is_no_exchanger() -> None:
    assert judged(two_mailbox_providers, implicit("11.0.1.80")).findings == ()
