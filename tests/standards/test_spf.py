"""SPF records and their evaluation: total, and as RFC 7208 says."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.standards.spf.asking import MAX_LOOKUPS, MAX_VOIDS, NeedsAnswer
from deliverkit.standards.spf.evaluate import Client, check_host
from deliverkit.standards.spf.macros import domain_of, parse_macros
from deliverkit.standards.spf.parse import Mechanism, parse_spf
from deliverkit.standards.spf.trace import Evaluation, SpfResult
from deliverkit.standards.txt import data_of

DOMAIN = "good.example"
TERMS = st.sampled_from(
    [
        *("v=spf1", "all", "-all", "~ALL", "?all", "a", "mx", "ptr", "a:%{h}", "mx:%{d2r}.x.example/24//64"),
        *("include:good.example", "include:a.example", "include:%{l}.%{p}.example", "redirect=b.example", "exp=%{s}.e"),
        *(
            "exists:%{ir}.%{v}.example",
            "ip4:11.0.0.0/8",
            "ip6:2a11:db8::/32",
            "ip4:1.2.3",
            "a:",
            "moo",
            "=",
            "%",
            "a/33",
        ),
        *("ptr:example.org", "x=%{t}", "all.", "+-all", "exists:a.example", "mx:a.example", "a:b.example//0"),
    ]
)
NETWORKS = st.builds(
    "{}/{}".format, st.sampled_from(["11.0.1.25", "11.0.1.24", "11.0.0.0", "12.0.0.0"]), st.integers(0, 32)
).map("ip4:{}".format) | st.builds("ip6:2a11:db8::{}/{}".format, st.integers(0, 9), st.integers(0, 128))
RECORDS = st.lists(TERMS, max_size=12).map(lambda terms: " ".join(["v=spf1", *terms]))
CLIENT = Client(ip_address("11.0.1.25"), f"ada@{DOMAIN}", "mx1.good.example")


def told(zone: dict[tuple[str, str], list[str]], client: Client = CLIENT) -> Evaluation:
    def answer(name: str, rdtype: str) -> Answer:
        data = zone.get((name, rdtype), [])
        status = Status.NOERROR if data else Status.NXDOMAIN
        return Answer(name, rdtype, status, tuple(ResourceRecord(name, rdtype, 60, text) for text in data))

    return check_host(client, answer)


def record(text: str, name: str = DOMAIN) -> dict[tuple[str, str], list[str]]:
    return {(name, "TXT"): [data_of(text)]}


@given(st.one_of(RECORDS, st.text(), st.text().map("v=spf1 {}".format)))
def test_any_text_is_read_and_given_back(text: str) -> None:
    found = parse_spf(text)
    assert str(found) == text
    for part in (*found.terms, *found.faults):
        assert 0 <= part.span.start <= part.span.end <= len(text)
    for term in found.terms:
        assert text[term.span.start : term.span.end] == term.text


@given(st.lists(TERMS, max_size=9))
def test_a_record_is_well_formed_if_every_term_is(terms: list[str]) -> None:
    whole = parse_spf(" ".join(["v=spf1", *dict.fromkeys(terms)]))
    alone = [parse_spf(f"v=spf1 {term}").faults for term in dict.fromkeys(terms)]
    assert len(whole.faults) == sum(map(len, alone))


@given(
    st.dictionaries(st.sampled_from([DOMAIN, "a.example", "b.example"]), RECORDS, min_size=1),
    st.sampled_from(["11.0.1.25", "2a11:db8::1", "::ffff:11.0.1.25"]),
    st.text(max_size=9),
    st.text(max_size=9),
    st.sampled_from(Status),
)
def test_every_evaluation_ends_within_its_limits(
    records: dict[str, str], address: str, local: str, helo: str, others: Status
) -> None:
    def answer(name: str, rdtype: str) -> Answer:
        if rdtype == "TXT" and name in records:
            return Answer(name, rdtype, Status.NOERROR, (ResourceRecord(name, "TXT", 60, data_of(records[name])),))
        return Answer(name, rdtype, others)

    found = check_host(Client(ip_address(address), f"{local}@{DOMAIN}", helo), answer)
    assert found.lookups <= MAX_LOOKUPS + 1
    assert found.voids <= MAX_VOIDS + 1
    assert (found.result is SpfResult.NONE) == (
        DOMAIN not in records and (others.is_definite or others is Status.ILLEGAL)
    )


def test_a_question_that_was_not_asked_is_named_and_all_hosts_of_an_mx_together() -> None:
    known = {
        (DOMAIN, "TXT"): Answer(DOMAIN, "TXT", Status.NOERROR, (ResourceRecord(DOMAIN, "TXT", 60, '"v=spf1 mx"'),)),
        (DOMAIN, "MX"): Answer(
            DOMAIN, "MX", Status.NOERROR, tuple(ResourceRecord(DOMAIN, "MX", 60, f"10 {n}.example.") for n in "ab")
        ),
    }

    def answer(name: str, rdtype: str) -> Answer:
        if (name, rdtype) not in known:
            raise NeedsAnswer([(name, rdtype)])
        return known[name, rdtype]

    with pytest.raises(NeedsAnswer) as needed:
        check_host(CLIENT, answer)
    assert needed.value.questions == (("a.example", "A"), ("b.example", "A"))


@pytest.mark.parametrize(
    ("text", "reason", "marked"),
    [
        ("v=spf1 include -all", "include needs a colon and a domain", "include"),
        ("v=spf1 ip4:1.2.3 -all", "is no IPv4 address", "1.2.3"),
        ("v=spf1 ip6:11.0.0.1", "is no IPv6 address", "11.0.0.1"),
        ("v=spf1 ip4:11.0.0.0/33", "a prefix length of IPv4 is a number from 0 to 32", "/33"),
        ("v=spf1 a/33", "a prefix length of IPv4 is a number from 0 to 32", "/33"),
        ("v=spf1 a:mail", "is no full domain name: a dot and a top-level label must end it", "mail"),
        ("v=spf1 ipv4:11.0.0.1", "there is no mechanism ipv4", "ipv4:11.0.0.1"),
        ("v=spf1 exists:%{x}.a.example", "there is no macro x", "%{x}"),
        ("v=spf1 exists:%{t}.a.example", "the macro t may stand only in the text that exp leads to", "%{t}"),
        ("v=spf1 redirect=a.example redirect=b.example", "redirect stands here a second time", "redirect=b.example"),
        ("v=spf1 a:100%.example", "a percent sign begins no macro: write %% for a percent sign", "%"),
        ("v=spf2.0/pra", "does not begin with v=spf1", "v=spf2"),
        ("v=spf1\ta", "does not begin with v=spf1", "v=spf1"),
        ("v=spf1 “a”", "is no term of SPF", "“a”"),
    ],
)
def test_a_fault_is_marked_and_told(text: str, reason: str, marked: str) -> None:
    fault = parse_spf(text).faults[0]
    assert (fault.reason, text[fault.span.start : fault.span.end]) == (reason, marked)


def test_every_fault_of_a_record_is_told() -> None:
    assert len(parse_spf("v=spf1 ip4:1.2.3 inlcude:a.example a:x -all=").faults) == 4


def test_a_mechanism_is_read_whole() -> None:
    found = parse_spf("V=SPF1 ~MX:%{d2}/24//64").terms[0]
    assert isinstance(found, Mechanism)
    assert (found.qualifier, found.name, str(found.domain), found.ipv4_length, found.ipv6_length) == (
        *("~", "mx", "%{d2}"),
        *(24, 64),
    )


@pytest.mark.parametrize(
    ("macro", "value", "expanded"),
    [
        ("%{d}", "a.b.example", "a.b.example"),
        ("%{d2}", "a.b.example", "b.example"),
        ("%{dr}", "a.b.example", "example.b.a"),
        ("%{d1r}", "a.b.example", "a"),
        ("%{l-}", "strong-bad", "strong.bad"),
        ("%{S}", "a b@c", "a%20b%40c"),
        ("%%%_%-", "", "% %20"),
        ("%{d99999999999999999999}", "a.b", "a.b"),
    ],
)
def test_a_macro_is_expanded(macro: str, value: str, expanded: str) -> None:
    assert parse_macros(macro)[0].expand(lambda _: value) == expanded


def test_a_name_that_is_too_long_loses_whole_labels_from_the_left() -> None:
    kept = ".".join(["b" * 49] * 4)
    assert domain_of(f"{'a' * 60}.{kept}.example.") == f"{kept}.example"
    assert domain_of(f"{'a' * 44}.{kept}.example.") == f"{'a' * 44}.{kept}.example"


def test_a_result_says_why_and_which_terms_were_come_to() -> None:
    zone = record("v=spf1 ip4:11.0.9.0/24 include:esp.example -all") | record("v=spf1 a:mx.esp.example", "esp.example")
    found = told(zone | {("mx.esp.example", "A"): ["11.0.1.25"]})
    assert (found.result, found.lookups, found.voids) == (SpfResult.PASS, 2, 0)
    assert [(step.level, step.term.text, step.matched, step.why) for step in found.steps] == [
        (0, "ip4:11.0.9.0/24", False, "does not hold the address"),
        (0, "include:esp.example", True, "esp.example says pass"),
        (1, "a:mx.esp.example", True, "mx.esp.example has 11.0.1.25"),
    ]


@given(st.lists(NETWORKS, min_size=1, max_size=12), st.sampled_from(["11.0.1.25", "2a11:db8::1"]))
def test_networks_that_follow_each_other_are_stepped_one_by_one(terms: list[str], address: str) -> None:
    found = told(record(f"v=spf1 {' '.join(terms)}"), Client(ip_address(address), f"ada@{DOMAIN}"))
    holds = [ip_address(address) in ip_network(term[4:], strict=False) for term in terms]
    come_to = holds.index(True) + 1 if any(holds) else len(holds)
    assert [(step.term.text, step.matched) for step in found.steps] == [*zip(terms, holds, strict=True)][:come_to]
    assert found.result == (SpfResult.PASS if any(holds) else SpfResult.NEUTRAL)


@pytest.mark.parametrize(("mail", "result"), [("good.example", "pass"), ("example", "none"), ("[11.0.1.25]", "none")])
def test_a_domain_without_a_dot_has_no_result(mail: str, result: str) -> None:
    assert told(
        record("v=spf1 +all") | record("v=spf1 +all", "example"), Client(CLIENT.address, f"a@{mail}")
    ).result == (result)


def test_a_name_that_the_dns_cannot_carry_is_one_that_is_not_there() -> None:
    zone = record("v=spf1 exists:%{l}.good.example ~all")

    def answer(name: str, rdtype: str) -> Answer:
        data = zone.get((name, rdtype), [])
        status = Status.NOERROR if data else Status.ILLEGAL
        return Answer(name, rdtype, status, tuple(ResourceRecord(name, rdtype, 60, text) for text in data))

    assert check_host(Client(CLIENT.address, f"\\@{DOMAIN}"), answer).result is SpfResult.SOFTFAIL
