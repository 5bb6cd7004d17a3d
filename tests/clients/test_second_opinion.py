"""pyspf over given answers: the faults of its own that a report tells of."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest
import spf

from deliverkit.checks.spf.departures import disagreement
from deliverkit.clients.second_opinion import second_opinion, spf_result
from deliverkit.facts.second_opinion import Departure, SecondOpinion
from deliverkit.facts.spf import SenderTest
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.standards.spf.asking import NeedsAnswer
from deliverkit.standards.spf.evaluate import Client, check_host
from deliverkit.standards.txt import data_of

LONG = ".".join(["b" * 60] * 4)


CLIENT = ip_address("11.0.1.25")
REVERSE = CLIENT.reverse_pointer
Zone = dict[tuple[str, str], list[str] | Status]
TEN = " ".join(f"a:h{number}.example" for number in range(1, 11))


def both(
    text: str, sender: str = "ada@good.example", zone: Zone | None = None
) -> tuple[str, str, Departure | None, SenderTest]:
    """Our result, pyspf's, what makes the difference, and the test of the sender."""
    published = {(sender.rpartition("@")[2], "TXT"): [data_of(text)], **(zone or {})}

    def answer(name: str, rdtype: str) -> Answer:
        found = published.get((name, rdtype), Status.NXDOMAIN)
        if isinstance(found, Status):
            return Answer(name, rdtype, found)
        return Answer(name, rdtype, Status.NOERROR, tuple(ResourceRecord(name, rdtype, 60, data) for data in found))

    client = Client(CLIENT, sender, "mx1.good.example")
    ours = check_host(client, answer)
    opinion = second_opinion(client, ours.result, answer)
    return str(ours.result), opinion.result, opinion.departure, SenderTest(client, ours, None, opinion)


HOSTS: Zone = {("good.example", "MX"): ["10 h1.example.", "20 h2.example.", "30 h3.example.", "40 h4.example."]}


@pytest.mark.parametrize(
    ("text", "zone", "results", "departure"),
    [
        ("v=spf1 ip4:11.0.1.25 -all", {}, ("pass", "pass"), None),
        ("v=spf1 ptr -all", {(REVERSE, "PTR"): Status.SERVFAIL}, ("fail", "temperror"), Departure.REVERSE_ERROR),
        (
            "v=spf1 exists:%{p}.good.example ~all",
            {(REVERSE, "PTR"): Status.TIMEOUT},
            ("softfail", "temperror"),
            Departure.REVERSE_ERROR,
        ),
        (
            "v=spf1 ptr:good.example ~all",
            {(REVERSE, "PTR"): ["h1.good.example."], ("h1.good.example", "A"): Status.SERVFAIL},
            ("softfail", "temperror"),
            Departure.REVERSE_ERROR,
        ),
        (
            "v=spf1 mx -all",
            {**HOSTS, ("h1.example", "A"): ["11.0.1.25"], ("h3.example", "A"): Status.SERVFAIL},
            ("pass", "temperror"),
            Departure.EXCHANGER_ERROR,
        ),
        ("v=spf1 mx -all", {**HOSTS, ("h1.example", "A"): ["11.0.1.25"]}, ("pass", "permerror"), Departure.VOID_COUNT),
        (
            f"v=spf1 {TEN} redirect=x.example",
            {(f"h{n}.example", "A"): ["11.0.1.25" if n == 10 else "11.0.9.9"] for n in range(1, 11)},
            ("pass", "permerror"),
            Departure.LOOKUP_COUNT,
        ),
        ("v=spf1 ip4:11.0.1.25 include:good.example -all", {}, ("pass", "permerror"), Departure.OWN_INCLUDE),
        ("v=spf1 ip4:11.0.1.25 x=1 x=2 -all", {}, ("pass", "permerror"), Departure.REPEATED_MODIFIER),
        (f"v=spf1 exists:{LONG}.{LONG}.example ~all", {}, ("softfail", "crash (NameTooLong)"), Departure.LONG_NAME),
    ],
)
def test_where_the_two_differ_the_cause_is_found(
    text: str, zone: Zone, results: tuple[str, str], departure: Departure | None
) -> None:
    *found, test = both(text, zone=zone)
    assert tuple(found) == (*results, departure)
    assert ("A receiver that uses this library" in disagreement(test)) == (departure is not None)
    assert "why is not known" not in disagreement(test)


def test_a_single_label_has_no_result() -> None:
    *found, test = both("v=spf1 +all", "ada@example")
    assert tuple(found) == ("none", "pass", Departure.SINGLE_LABEL)
    assert disagreement(test) == (
        "pyspf says pass: a domain of a single label has no result (RFC 7208 §4.3); pyspf looks its record up. "
        "A receiver that uses this library takes the sender for permitted."
    )


def test_a_domain_that_is_too_long_has_no_result() -> None:
    found = both("v=spf1 ip4:11.0.1.25 -all", f"ada@{LONG}.{'c' * 60}.example")
    assert found[:3] == ("none", "crash (NameTooLong)", Departure.LONG_NAME)


def test_what_nobody_can_explain_is_said_as_such() -> None:
    *_, agreed = both("v=spf1 ip4:11.0.1.25 -all")
    odd = replace(agreed, second_opinion=SecondOpinion("temperror", "no idea"))
    assert disagreement(odd) == (
        'pyspf says temperror ("no idea"), and why is not known: it may be a fault of pyspf or of ours. '
        "A receiver that uses this library may defer the mail."
    )
    assert disagreement(agreed) == disagreement(replace(agreed, second_opinion=None)) == ""


def test_the_librarys_limits_are_as_they_were_afterwards() -> None:
    both("v=spf1 mx -all", zone={**HOSTS, ("h1.example", "A"): ["11.0.1.25"]})
    assert (spf.MAX_VOID_LOOKUPS, spf.MAX_LOOKUP) == (2, 10)


def test_what_it_lacks_is_named() -> None:
    def nothing(name: str, rdtype: str) -> Answer:
        raise NeedsAnswer([(name, rdtype)])

    with pytest.raises(NeedsAnswer) as needed:
        spf_result(Client(ip_address("11.0.1.25"), "ada@good.example", "mx1.good.example"), nothing)
    assert needed.value.questions == (("good.example", "TXT"),)


def test_every_departure_stands_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to.md").read_text("utf-8")
    assert all(f"| {departure.value} |" in page for departure in Departure)
