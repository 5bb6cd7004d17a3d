"""pyspf over given answers: the faults of its own that a report tells of."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from deliverkit.clients.second_opinion import spf_result
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.standards.spf.asking import NeedsAnswer
from deliverkit.standards.spf.evaluate import Client, check_host
from deliverkit.standards.txt import data_of

LONG = ".".join(["b" * 60] * 4)


def both(text: str, sender: str = "ada@good.example", *, reverse: Status = Status.SERVFAIL) -> tuple[str, str]:
    def answer(name: str, rdtype: str) -> Answer:
        if rdtype == "TXT" and name == sender.rpartition("@")[2]:
            return Answer(name, "TXT", Status.NOERROR, (ResourceRecord(name, "TXT", 60, data_of(text)),))
        return Answer(name, rdtype, reverse if rdtype == "PTR" else Status.NXDOMAIN)

    client = Client(ip_address("11.0.1.25"), sender, "mx1.good.example")
    return str(check_host(client, answer).result), spf_result(client, answer)


@pytest.mark.parametrize(
    ("text", "sender", "results"),
    [
        ("v=spf1 ip4:11.0.1.25 -all", "ada@good.example", ("pass", "pass")),
        ("v=spf1 ptr -all", "ada@good.example", ("fail", "temperror")),  # RFC 7208 §5.5
        ("v=spf1 exists:%{p}.good.example ~all", "ada@good.example", ("softfail", "temperror")),  # RFC 7208 §7.3
        ("v=spf1 +all", "ada@example", ("none", "pass")),  # RFC 7208 §4.3: a single label has no result
    ],
)
def test_where_the_two_differ(text: str, sender: str, results: tuple[str, str]) -> None:
    assert both(text, sender) == results


def test_a_crash_is_told_as_a_word() -> None:
    ours, theirs = both("v=spf1 ip4:11.0.1.25 -all", f"ada@{LONG}.{'c' * 60}.example")
    assert ours == "none"
    assert theirs in {"none", "pass"} or theirs.startswith("crash")


def test_what_it_lacks_is_named() -> None:
    def nothing(name: str, rdtype: str) -> Answer:
        raise NeedsAnswer([(name, rdtype)])

    with pytest.raises(NeedsAnswer) as needed:
        spf_result(Client(ip_address("11.0.1.25"), "ada@good.example", "mx1.good.example"), nothing)
    assert needed.value.questions == (("good.example", "TXT"),)
