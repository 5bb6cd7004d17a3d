"""A redacted case is judged as the plain one is, and nothing of the plain one stands in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address

import pytest

from deliverkit.case import Case, format_case, parse_case
from deliverkit.difference import difference
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.spf import SenderTests
from deliverkit.knowledge.controls import bogus_names, control_names
from deliverkit.knowledge.dkim_selectors import customer_suffixes, known_selectors
from deliverkit.knowledge.spf_services import service_suffixes
from deliverkit.lab.world import World, Zone, load, names
from deliverkit.model import Check
from deliverkit.observations import Answer, ExtendedError, ResourceRecord, Status
from deliverkit.probes.made_up import made_up_label
from deliverkit.redaction import redact
from deliverkit.redaction.transcripts import public_words
from deliverkit.report import Report
from tests.judging import case_of, checks_of_domains, example, judge, judged_again, profile_of

KEY = bytes(range(32))

# Labels that stay: public suffixes, purposes, providers.
KEPT = {
    *("com", "net", "org", "email", "microsoft", "example", "arpa", "in-addr", "ip6", "localhost"),
    *(
        "*",
        "www",
        "mail",
        "mx",
        "ns",
        *(f"ns{number}" for number in range(1, 10)),
        "mx00",
        "mx01",
        "mx02",
        *(f"mx{number}" for number in range(1, 12)),
    ),
    *("_dmarc", "_mta-sts", "_smtp", "_tls", "_report", "dmarc", "test"),
    *("_dmarc", "_spf", "%{i}", "%{ir}", "%{v}", "%{d}", "_mta-sts", "_smtp", "_tls"),
    *("google", "googlemail", "l", "aspmx", "smtp", "gmail-smtp-in", "protection", "outlook", "olc", "mx-microsoft"),
    *("yahoodns", "icloud", "messagingengine", "mimecast", "pphosted", "cloudflare"),
    *(
        "v",
        "n",
        "p",
        "sp",
        "np",
        "t",
        "y",
        "psd",
        "pct",
        "adkim",
        "rua",
        "ruf",
        "fo",
        "ri",
        "spf1",
        "-all",
    ),  # words of TXT records
    *("dmarc1", "none", "quarantine", "reject", "10m", "n", "y", "1:s:d"),
    *public_words(),  # of scripts and replies
    *map(made_up_label, service_suffixes()),
    *(
        "_domainkey",
        *known_selectors(),
        *(label for name in service_suffixes() | customer_suffixes() for label in name.split(".")),
    ),
    *("version:", "mode:", "enforce", "testing", "mx:", "max_age:", "enforced"),  # of a policy
    *("mta-sts", "_25", "_tcp", "lab"),
    *(
        "v",
        "dkim1",
        "spf1",
        "k",
        "rsa",
        "ed25519",
        "p",
        "h",
        "sha1",
        "sha256",
        "t",
        "y",
        "s",
        "tlsrpt",
        "tlsrptv1",
        "stsv1",
        "sts",
        "id",
        "all",
        "include",
    ),
    "greet",  # the script that is held where none is chosen
    *("expired", "self-signed", "has", "is", "not", "valid", "for", "to"),  # words of what is wrong with a certificate
    *("dnssec", "bogus", "no", "reachable", "authority", "at"),  # words of extended errors
}

# The standard's words in an SPF record, and the quotes around it.
SPF = re.compile(r'"|(?<![\w.-])[+~?-]?(?:v=spf\w+|all\b|(?:include|redirect|exists|exp|a|mx|ptr|ip4|ip6)\b[:=/]?)')


def outcomes(report: Report) -> list[tuple[str, str, int]]:
    return [(result.check.code, result.outcome, len(result.findings)) for result in report.results]


def texts(value: object) -> Iterator[str]:
    """Every text of a JSON document but its keys and its words for types and states."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in {"type", "status", "deliverkit", "moment", "profile", "end", "fault", "media_type", "path"}:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def identifying(case: Case) -> set[str]:
    """The labels and the addresses of a plain case, in every way in which they are written in it."""
    names = {text.lower() for text in texts(json.loads(format_case(case))) if not text.endswith(".arpa")}
    words = {
        word
        for name in names
        for word in re.split(r"""[\s.;="@,\\!'/]+|mailto:|https?:|tls:""", SPF.sub(" ", name) if '"' in name else name)
    }
    found = {word for word in words if re.search(r"[a-z]", word) and word not in KEPT} | set(map(str, case.senders))
    for answer in case.answers.values():
        for record in (*answer.records, *answer.aliases):
            if record.rdtype in {"A", "AAAA"} and not ip_address(record.data).is_loopback:
                found |= {record.data, ip_address(record.data).reverse_pointer}
        if answer.rdtype == "PTR":
            found.add(answer.name)
        if answer.server:
            found.add(answer.server)
    return found - public(case)


def public(case: Case) -> set[str]:
    """What this machine was tried with: it is in everybody's copy of deliverkit."""
    names = control_names() if case.resolvers or case.connections else {bogus.name for bogus in bogus_names()}
    labels = {label for name in names for label in name.split(".")}
    answers = [answer for answer in case.answers.values() if answer.name in names]
    addresses = {ip_address(record.data) for answer in answers for record in answer.records}
    return labels | names | {text for one in addresses for text in (str(one), one.reverse_pointer)}


def assert_redacted(world: World) -> None:
    report = judge(world).report
    plain = case_of(world, report)
    document = format_case(redact(plain, KEY))
    again = judged_again(parse_case(document, name="case"), world.areas)
    assert outcomes(again) == outcomes(report)
    values = [text.lower() for text in texts(json.loads(document))]
    left = {
        word
        for word in identifying(replace(plain, transcripts={}, conversing=Conversing()))
        if any(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", v) for v in values)
    }
    assert left == set()


@pytest.mark.parametrize("name", names())
def test_a_world_is_judged_the_same_and_nothing_of_it_is_left(name: str) -> None:
    assert_redacted(load(name))


@pytest.mark.parametrize("heading", ["Example", "Use instead"])
@pytest.mark.parametrize("check", checks_of_domains(), ids=lambda check: check.code)
def test_the_example_of_a_check_is_judged_the_same_and_nothing_of_it_is_left(check: Check, heading: str) -> None:
    assert_redacted(example(check, heading))


MACROS = World(
    "macros",
    "",
    target="good.example",
    senders=("11.0.1.25", "2a11:db8:1::25"),
    helo="mx1.good.example",
    zones=(
        Zone(
            "good.example",
            """
@  TXT  "v=spf1 exists:%{i}._a.%{d}.esp.test exists:%{s}.esp.test include:%{ir}.%{v}.%{d}.has.esp.test -all"
""",
        ),
        Zone("esp.test", '*.has  TXT  "v=spf1 exists:%{l}.%{h}._ok.esp.test -all"\n*._ok  A  127.0.0.2\n'),
    ),
    areas=("spf",),
)


@pytest.mark.parametrize("mail_from", ["", "ada.lovelace@news.good.example"])
def test_what_the_macros_of_spf_ask_is_found_in_the_redacted_case(mail_from: str) -> None:
    zones = (
        *MACROS.zones,
        Zone("news.good.example", '@ TXT "v=spf1 exists:%{l}.%{s}._no.esp.test include:%{o}.has.esp.test -all"'),
    )
    world = replace(MACROS, zones=zones)
    report = judge(world, profile_of(world).expecting({"mail_from": mail_from})).report
    plain = replace(case_of(world, report), mail_from=mail_from)
    again = judged_again(parse_case(format_case(redact(plain, KEY)), name="case"), world.areas)
    assert outcomes(again) == outcomes(report)
    tests, shown = report.fact(SenderTests), again.fact(SenderTests)
    assert isinstance(tests, SenderTests)
    assert isinstance(shown, SenderTests)
    results = [test.evaluation.result for test in tests.tests]
    assert results == [test.evaluation.result for test in shown.tests] == ["pass", "pass"]


def test_two_redacted_cases_differ_where_the_plain_ones_do() -> None:
    monday, tuesday = (judge(load(name)).report for name in ("good", "exchange-is-alias"))
    plain = difference(monday, tuesday)
    shown = difference(*(judged_again(redact(case_of(load("good"), report), KEY)) for report in (monday, tuesday)))
    assert len(shown.records_gone) == len(plain.records_gone) > 0
    assert len(shown.records_new) == len(plain.records_new) > 0
    assert [fault.code for fault in shown.new] == [fault.code for fault in plain.new] == ["MX004"]


def test_another_key_gives_other_tokens() -> None:
    case = case_of(load("good"), judge(load("good")).report)
    one, same, other = (redact(case, key) for key in (KEY, KEY, KEY[::-1]))
    assert one == same
    assert one.domains != other.domains
    assert {key[0] for key in one.answers} & {key[0] for key in other.answers} == set()


def test_every_field_of_an_answer_is_thought_of() -> None:
    """A new field stays out of redacted cases: redact it, then add it here."""
    assert set(Answer._fields) == {
        *("name", "rdtype", "status", "records", "aliases", "soa", "authoritative", "authenticated"),
        *("checking_disabled", "extended_errors", "server", "elapsed", "at", "referral"),
    }


def test_what_an_answer_says_beside_its_records_is_redacted() -> None:
    soa = ResourceRecord("acme.com", "SOA", 60, "dns1.acme.com. ada\\.lovelace.acme.com. 2026112201 1 2 3 300")
    error = ExtendedError(6, "validation failure <acme.com. MX IN>: no keys from 11.0.9.9 for key acme.com.")
    answer = Answer("acme.com", "MX", Status.NODATA, soa=soa, extended_errors=(error,), server="https://x.acme.com/k3y")
    case = Case(judge(load("good")).report.started.moment, "domain", ("acme.com",), {answer.query: answer})
    [found] = redact(case, KEY).answers.values()
    assert found.soa is not None
    assert found.soa.name == found.name
    assert found.soa.data.endswith(" 1 2 3 300")
    assert found.extended_errors[0].code == 6
    assert found.extended_errors[0].text.startswith(f"validation failure <{found.name}. MX IN>: no keys from ")
    assert found.server.startswith("https://")
    assert not re.search(r"acme|ada|lovelace|k3y|11\.0\.9\.9|2026112201", str(found))
