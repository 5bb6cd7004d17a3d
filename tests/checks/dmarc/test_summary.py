"""The verdict on the DMARC area."""

from __future__ import annotations

import pytest

from deliverkit.checks.dmarc.no_dmarc_record import no_dmarc_record
from deliverkit.checks.dmarc.summary import summarize
from deliverkit.checks.dmarc.weaker_subdomain_policy import weaker_subdomain_policy
from deliverkit.facts import Lookup
from deliverkit.facts.dmarc import DmarcDiscovery, ReportDestinations
from deliverkit.model import Verdict, not_applicable, unknown
from deliverkit.observations import Status
from tests.building import judged, lookup
from tests.policies import REPORTS, destination, destinations, discovery, misplaced, receiving, silent

FAILING = "mail that fails DMARC"
SPAM = "as suspicious, as a rule in the spam folder"
BELOW = "where mail comes from a subdomain, so anybody can send as one"


def verdict(found: DmarcDiscovery) -> Verdict:
    results = [judged(no_dmarc_record, found, misplaced()), judged(weaker_subdomain_policy, found)]
    reports = destinations(destination("mailto:dmarc@good.example", mx=receiving()))
    return summarize({DmarcDiscovery: found, ReportDestinations: reports}, results)


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        ("p=reject", "asks receivers to refuse mail that fails DMARC (p=reject)."),
        ("p=none", "asks receivers to deliver mail that fails DMARC all the same (p=none)."),
        (
            "p=reject; t=y",
            f"asks receivers to treat {FAILING} {SPAM} (p=reject, lowered by t=y).",
        ),
        (
            "p=reject; sp=none",
            f"asks receivers to refuse {FAILING} (p=reject), but good.example asks for none {BELOW}.",
        ),
    ],
)
def test_the_policy_in_words(tags: str, sentence: str) -> None:
    assert verdict(discovery(f"v=DMARC1; {tags}; {REPORTS}")).sentence == f"good.example {sentence}"


def test_what_holds_below_and_where_reports_go() -> None:
    found = verdict(discovery(f"v=DMARC1; p=reject; np=none; {REPORTS}"))
    assert found.way == "For subdomains: reject where they exist, none where they do not. Reports go to good.example."


def test_reports_are_said_to_go_only_where_they_arrive() -> None:
    def leave(name: str) -> Lookup:
        return lookup(f"good.example._report._dmarc.{name}", "TXT", status=Status.NXDOMAIN)

    wanted, other, mute, far = (leave(name) for name in ("wanted.test", "other.test", "mute.test", "far.test"))
    reports = destinations(
        destination("mailto:a@good.example", mx=receiving()),
        destination("mailto:b@wanted.test", mx=receiving("wanted.test"), leave=wanted, is_authorized=True),
        destination("mailto:c@other.test", mx=receiving("other.test"), leave=other),
        destination("mailto:d@mute.test", mx=lookup("mute.test", "MX", "0 ."), leave=mute),
        destination("mailto:e@far.test", mx=receiving("far.test"), leave=silent(far.answer.name, "TXT")),
    )
    found = discovery(f"v=DMARC1; p=reject; {REPORTS}")
    assert summarize({DmarcDiscovery: found, ReportDestinations: reports}, []).way == (
        "For subdomains: reject. Reports go to good.example and wanted.test. "
        "No report goes to other.test: nothing there says that it is wanted. "
        "No report goes to mute.test, which cannot take mail. Whether reports go to far.test could not be found out."
    )


def test_a_policy_from_above_says_whose_it_is() -> None:
    below = discovery(domain="news.good.example", above={"good.example": [f"v=DMARC1; p=none; sp=reject; {REPORTS}"]})
    assert verdict(below).sentence == (
        "news.good.example asks receivers to refuse mail that fails DMARC (sp=reject, by the record of good.example)."
    )


def test_no_record_and_no_answer() -> None:
    assert verdict(discovery()).sentence.startswith("good.example has no DMARC record, so anybody can send")
    absent = unknown("_dmarc.good.example TXT: TIMEOUT")
    said = summarize({DmarcDiscovery: absent, ReportDestinations: not_applicable("none")}, [])
    assert said.sentence == "Cannot tell what happens to mail that fails DMARC: _dmarc.good.example TXT: TIMEOUT."
