"""Whether the domains that are expected are aligned, by the walk and by the list, and what is asked for that."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from deliverkit.clients import Clients
from deliverkit.facts.alignment import AlignedDomains, SigningEvidence
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Outcome
from deliverkit.observations import Instant
from deliverkit.profiles import choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from tests.probes.test_dmarc import Answering, asked

RECORD = "v=DMARC1; p=reject"
OWN = {"_dmarc.good.example": [RECORD]}
DEPARTMENT = {**OWN, "_dmarc.lab.good.example": [f"{RECORD}; psd=n"]}


def report(texts: dict[str, list[str]], domain: str = "good.example", **told: object) -> Report:
    failing = tuple(name for name, found in texts.items() if not found)
    clients = Clients(Answering(texts, failing=failing), Instant(datetime(2026, 11, 22, tzinfo=UTC)))
    profile = choose("domain", only=["dmarc"]).expecting(told)
    return asyncio.run(examine(Target(domain, domain), profile, clients))


def aligned(found: Report) -> AlignedDomains:
    fact = found.fact(AlignedDomains)
    assert isinstance(fact, AlignedDomains)
    return fact


def judged(found: Report) -> Outcome:
    [one] = [result.outcome for result in found.results if result.check.code == "DMARC025"]
    return one


@pytest.mark.parametrize(
    ("texts", "author", "name", "today", "older"),
    [
        (OWN, "good.example", "good.example", True, True),
        (OWN, "good.example", "b.good.example", True, True),
        (OWN, "b.good.example", "good.example", True, True),
        (OWN, "a.good.example", "b.good.example", True, True),
        (OWN, "good.example", "notgood.example", False, False),
        (OWN, "good.example", "example", False, False),
        ({"_dmarc.good.example": [f"{RECORD}; aspf=s"]}, "good.example", "b.good.example", False, False),
        ({"_dmarc.good.example": [f"{RECORD}; aspf=s"]}, "good.example", "good.example", True, True),
        # psd=n below makes an organization of its own, which the list does not know
        (DEPARTMENT, "good.example", "x.lab.good.example", False, True),
        (DEPARTMENT, "a.lab.good.example", "lab.good.example", True, True),
        # a record that says nothing of psd does not
        ({**OWN, "_dmarc.lab.good.example": [RECORD]}, "good.example", "x.lab.good.example", True, True),
        # no answer on the way; the list needs none
        ({**OWN, "_dmarc.lab.good.example": []}, "good.example", "x.lab.good.example", None, True),
        # two customers of a public suffix that publishes psd=y; and one that the list knows alone
        ({"_dmarc.co.uk": [f"{RECORD}; psd=y"], "_dmarc.a.co.uk": [RECORD]}, "a.co.uk", "b.co.uk", False, False),
        ({"_dmarc.co.uk": [RECORD]}, "a.co.uk", "b.co.uk", True, None),
    ],
)
def test_by_the_walk_and_by_the_list(
    texts: dict[str, list[str]], author: str, name: str, today: object, older: object
) -> None:
    [one] = aligned(report(texts, author, mail_from=f"b@{name}")).expected
    assert (one.is_aligned, one.is_aligned_by_list) == (today, older)


def test_what_signs_is_the_domain_itself_or_what_the_selectors_name() -> None:
    selectors = ("s1", "S2._domainkey.News.good.example.", "k1._domainkey.esp.example")
    found = aligned(report({"_dmarc.good.example": [f"{RECORD}; adkim=s"]}, selectors=selectors))
    assert [(one.domain, one.is_aligned) for one in found.expected] == [
        ("good.example", True),
        ("news.good.example", False),
        ("esp.example", False),
    ]


def test_nothing_is_asked_for_what_cannot_be_aligned_and_little_for_the_rest() -> None:
    plain = set(asked(report(OWN)))
    deep, selectors = "b@a.b.c.d.e.f.g.h.good.example", ("s._domainkey.x.y.esp.example", "s1")
    more = set(asked(report(OWN, mail_from=deep, selectors=selectors))) - plain
    assert len(more) == 6
    assert all(name.endswith(".good.example") for name in more)
    every = report(OWN, selectors=tuple(f"s._domainkey.d{number}.good.example" for number in range(40)))
    assert len(aligned(every).expected) == 8


def test_keys_are_looked_for_only_where_dmarc_rests_on_them() -> None:
    for told in ({}, {"mail_from": "b@good.example"}, {"mail_from": "b@esp.example", "selectors": ("s1",)}):
        evidence = report(OWN, **told).fact(SigningEvidence)
        assert isinstance(evidence, SigningEvidence)
        assert isinstance(evidence.keys, Absent)
    found = report(OWN, mail_from="b@esp.example")
    evidence = found.fact(SigningEvidence)
    assert isinstance(evidence, SigningEvidence)
    assert isinstance(evidence.keys, DkimKeys)
    assert "google._domainkey.good.example" in asked(found)
    assert judged(found) is Outcome.UNKNOWN  # they may have names that nobody guesses


def test_without_a_record_or_a_mail_from_there_is_nothing_to_judge() -> None:
    assert judged(report({}, mail_from="b@esp.example")) is Outcome.NOT_APPLICABLE
    assert judged(report(OWN)) is Outcome.NOT_APPLICABLE
    assert judged(report({**OWN, "_dmarc.b.good.example": []}, mail_from="b@b.good.example")) is Outcome.UNKNOWN
