"""RES001 to RES007: what a resolver answers to the control questions."""

from __future__ import annotations

import pytest

from deliverkit.checks.resolver.ad_bit_missing import ad_bit_missing
from deliverkit.checks.resolver.denial_without_soa import denial_without_soa
from deliverkit.checks.resolver.no_answer_over_tcp import no_answer_over_tcp
from deliverkit.checks.resolver.nxdomain_rewritten import nxdomain_rewritten
from deliverkit.checks.resolver.recursion_fails import recursion_fails
from deliverkit.checks.resolver.resolver_does_not_answer import resolver_does_not_answer
from deliverkit.checks.resolver.resolver_does_not_validate import resolver_does_not_validate
from deliverkit.facts.resolver import ResolverTest, Transport
from deliverkit.model import Check, Outcome
from deliverkit.observations import Status
from tests.building import finding, judged, underlined
from tests.trying import SERVER, resolver, resolvers, rewriting, without_ad_bit, without_soa

EVERY = (
    resolver_does_not_answer,
    recursion_fails,
    nxdomain_rewritten,
    denial_without_soa,
    resolver_does_not_validate,
    ad_bit_missing,
    no_answer_over_tcp,
)
MENDED, GONE = (Status.NOERROR, Status.NOERROR), (Status.NXDOMAIN, Status.NXDOMAIN)
BOGUS, SILENT = (Status.SERVFAIL, Status.NOERROR), (Status.TIMEOUT, Status.TIMEOUT)


@pytest.mark.parametrize("check", EVERY, ids=lambda check: check.code)
def test_a_resolver_in_good_order_passes(check: Check) -> None:
    assert judged(check, resolvers(resolver(), resolver("192.0.2.54"))).outcome is Outcome.PASS


@pytest.mark.parametrize("check", EVERY[1:], ids=lambda check: check.code)
@pytest.mark.parametrize("status", [Status.TIMEOUT, Status.UNREACHABLE, Status.REFUSED, Status.SERVFAIL])
def test_one_that_does_not_answer_leaves_the_rest_unknown(check: Check, status: Status) -> None:
    tests = resolvers(resolver(root=status, made_up=status))
    assert judged(resolver_does_not_answer, tests).outcome is Outcome.FAIL
    assert judged(check, tests).outcome is Outcome.UNKNOWN


def test_each_resolver_that_does_not_answer_is_named() -> None:
    tests = resolvers(resolver(root=Status.TIMEOUT), resolver("192.0.2.54"), resolver("::1", root=Status.OTHER))
    messages = [found.message for found in judged(resolver_does_not_answer, tests).findings]
    assert messages == [
        "the resolver 192.0.2.53 did not answer in time",
        "the resolver ::1 answers OTHER for the root",
    ]


@pytest.mark.parametrize("status", [Status.SERVFAIL, Status.REFUSED, Status.TIMEOUT, Status.REFERRAL])
def test_an_answer_for_the_root_alone_is_no_recursion(status: Status) -> None:
    tests = resolvers(resolver(made_up=status))
    assert finding(recursion_fails, tests).message.endswith(f"finds nothing out: {status}")
    assert judged(nxdomain_rewritten, tests).outcome is Outcome.UNKNOWN
    assert judged(denial_without_soa, tests).outcome is Outcome.UNKNOWN


def test_a_resolver_that_denies_names_of_unrelated_operators_knows_nothing() -> None:
    tests = resolvers(resolver(bogus=(GONE, GONE)))
    assert finding(recursion_fails, tests).message == f"the resolver {SERVER} denies names that exist"
    assert judged(resolver_does_not_validate, tests).outcome is Outcome.UNKNOWN


def test_one_name_that_is_gone_says_nothing_of_the_resolver() -> None:
    tests = resolvers(resolver(bogus=(GONE, BOGUS)))
    assert judged(recursion_fails, tests).outcome is Outcome.PASS
    assert judged(resolver_does_not_validate, tests).outcome is Outcome.PASS


def test_an_address_for_a_made_up_name_is_underlined() -> None:
    found = finding(nxdomain_rewritten, resolvers(rewriting(resolver())))
    assert underlined(found.evidence[0]) == "192.0.2.80"


def test_no_address_and_no_denial_tells_nothing() -> None:
    tests = resolvers(resolver(made_up=Status.NODATA))
    assert judged(nxdomain_rewritten, tests).outcome is Outcome.UNKNOWN
    assert tests.distrust == (f"the resolver {SERVER} finds nothing out",)


def test_a_bare_denial_is_not_believed() -> None:
    tests = resolvers(without_soa(resolver()))
    assert judged(denial_without_soa, tests).outcome is Outcome.FAIL
    assert tests.tests[0].distrust == f"the resolver {SERVER} denies without a SOA record"


@pytest.mark.parametrize(
    ("bogus", "outcome"),
    [
        ((BOGUS, BOGUS), Outcome.PASS),
        ((BOGUS, MENDED), Outcome.PASS),  # no resolver that does not look keeps one back and not the other
        ((MENDED, MENDED), Outcome.FAIL),
        ((SILENT, MENDED), Outcome.FAIL),
        ((GONE, MENDED), Outcome.FAIL),
        ((SILENT, SILENT), Outcome.UNKNOWN),
        (((Status.SERVFAIL, Status.SERVFAIL), SILENT), Outcome.UNKNOWN),
        (((Status.NODATA, Status.NODATA), SILENT), Outcome.FAIL),
    ],
)
def test_two_names_tell_whether_it_validates(bogus: tuple[tuple[Status, Status], ...], outcome: Outcome) -> None:
    assert judged(resolver_does_not_validate, resolvers(resolver(bogus=bogus))).outcome is outcome


def test_a_bogus_name_that_was_mended_says_nothing() -> None:
    test = resolver(bogus=(MENDED, SILENT))
    [one, _] = test.bogus
    mended = type(one)(one.bogus, one.checked._replace(authenticated=True), one.unchecked)
    assert (one.validates, mended.validates) == (False, None)


def test_the_ad_bit_is_missed_only_where_signatures_are_looked_at() -> None:
    assert judged(ad_bit_missing, resolvers(without_ad_bit(resolver()))).outcome is Outcome.FAIL
    careless = without_ad_bit(resolver(bogus=(MENDED, MENDED)))
    assert judged(ad_bit_missing, resolvers(careless)).outcome is Outcome.NOT_APPLICABLE
    assert judged(ad_bit_missing, resolvers(resolver(bogus=(SILENT, SILENT)))).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("test", "transport", "is_believed"),
    [
        (resolver("tls://192.0.2.53#dns.example"), Transport.TLS, True),
        (resolver("https://dns.example/dns-query"), Transport.HTTPS, True),
        (resolver("127.0.0.1"), Transport.PLAIN, False),  # a stub there may ask others in the clear
        (resolver("192.0.2.53:5353"), Transport.PLAIN, False),
        (without_ad_bit(resolver("tls://192.0.2.53")), Transport.TLS, False),
        (resolver("tls://192.0.2.53", bogus=(MENDED, MENDED)), Transport.TLS, False),
    ],
)
def test_the_ad_bit_is_believed_over_a_path_that_cannot_be_forged(
    test: ResolverTest, transport: Transport, *, is_believed: bool
) -> None:
    assert (test.transport, test.is_believed) == (transport, is_believed)


def test_tcp_is_tried_where_it_is_not_the_way_itself() -> None:
    assert judged(no_answer_over_tcp, resolvers(resolver(over_tcp=Status.TRUNCATED))).outcome is Outcome.FAIL
    stream = resolver("tls://192.0.2.53", over_tcp=None)
    assert judged(no_answer_over_tcp, resolvers(stream)).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("status", [Status.UNASKED, Status.UNRECORDED])
def test_what_nobody_was_asked_is_no_fault_of_a_resolver(status: Status) -> None:
    assert judged(resolver_does_not_answer, resolvers(resolver(root=status))).outcome is Outcome.UNKNOWN
    assert judged(recursion_fails, resolvers(resolver(made_up=status))).outcome is Outcome.UNKNOWN
    assert judged(no_answer_over_tcp, resolvers(resolver(over_tcp=status))).outcome is Outcome.UNKNOWN
