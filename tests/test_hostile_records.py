"""Records made to be expensive or to be obeyed: bounded in work, memory, questions and words, safe wherever shown."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping

import pytest

from deliverkit.clients.trace import MOST_QUESTIONS
from deliverkit.model import Outcome
from deliverkit.observations import ExtendedError, Status
from deliverkit.report import Report
from deliverkit.standards.txt import data_of
from tests.hostile import DOMAIN, SELECTOR, Hostile, Records, assert_shown_safely, counted, examined

MOST_CALLS = 8_000_000  # of Python and its library for one target: about two seconds
MOST_MEMORY = 64_000_000  # octets
CONTROLS = "\x1b[2J\x00\u202e\x9b2J\x07\x1b]0;x\x07"
BROKEN = "\xc3\x28\xe2\x28\xa1\xff\xf0\x9f"
KEY, POLICY = f"{SELECTOR}._domainkey.{DOMAIN}", f"_dmarc.{DOMAIN}"
REPORT = f"{DOMAIN}._report._dmarc.reports.test"
HOSTS = 1000

# What may stand where a record is read: the beginning that makes it one, then this.
PAYLOADS: Mapping[str, list[str]] = {
    "64 kB of one word": ["a" * 65_000],
    "64 kB of tags": ["none; " + "x=y;" * 16_000],
    "64 kB of semicolons": [";" * 65_000],
    "64 kB of addresses": ["mailto:a@reports.test," * 2900],
    "64 kB of quotes": ['"“' * 16_000],
    "64 kB of base64": ["MIIB" * 16_000],
    "500 records": [str(number) for number in range(500)],
    "500 long records": [f"{number}{'z' * 130}" for number in range(500)],
    "NUL and escapes": [CONTROLS],
    "broken UTF-8": [BROKEN],
}
PLACES: Mapping[str, tuple[str, str, str]] = {
    "spf": (DOMAIN, "v=spf1 ", "spf"),
    "include": (f"_spf.{DOMAIN}", "v=spf1 ", "spf"),
    "key": (KEY, "v=DKIM1; p=", "dkim"),
    "key tags": (KEY, "v=DKIM1; k=rsa; ", "dkim"),
    "policy": (POLICY, "v=DMARC1; p=none; rua=", "dmarc"),
    "policy tags": (POLICY, "v=DMARC1; p=", "dmarc"),
    "policy above": ("_dmarc.example", "v=DMARC1; p=none; rua=", "dmarc"),
    "reports wanted": (REPORT, "v=DMARC1; rua=", "dmarc"),
    "any text": (DOMAIN, "", "spf"),
}
USUAL: Records = {
    (DOMAIN, "MX"): [f"10 mx1.{DOMAIN}."],
    (f"mx1.{DOMAIN}", "A"): ["11.0.0.1"],
    (DOMAIN, "TXT"): [f'"v=spf1 mx include:_spf.{DOMAIN} -all"'],
    (POLICY, "TXT"): ['"v=DMARC1; p=none; rua=mailto:a@reports.test"'],
    ("reports.test", "MX"): ["10 mx.reports.test."],
}

BOMB = "exists:" + "%{s}%{h}%{i}" * 400 + f".{DOMAIN}"
CHAIN = {f"n{n}.{DOMAIN}": [f"v=spf1 include:n{n + 1}.{DOMAIN} ~all"] for n in range(300)}
DOUBLING = {
    f"n{n}.{DOMAIN}": [f"v=spf1 include:n{n + 1}.{DOMAIN} include:n{n + 1}.{DOMAIN} a ~all"] for n in range(300)
}
LETTERS = {name: [f"v=spf1 {' '.join(f'include:{letter}.{DOMAIN}' for letter in 'abcdefgh')}"] for name in
           (DOMAIN, *(f"{letter}.{DOMAIN}" for letter in "abcdefgh"))}  # fmt: skip
FIRST = {DOMAIN: [f"v=spf1 include:n0.{DOMAIN} -all"]}
TREES: Mapping[str, Mapping[str, list[str]]] = {
    "64 kB of terms": {DOMAIN: [f"v=spf1 {'ip4:11.0.0.1 a:b.example ' * 2600}-all"]},
    "64 kB of faults": {DOMAIN: [f"v=spf1 {'ip4:1 %% =x %( ' * 4300}-all"]},
    "64 kB of marks": {DOMAIN: ['"' * 65000, "(" * 65000 + "v=spf1"]},
    "500 other records": {DOMAIN: [f"v=spf1; {n}" for n in range(500)]},
    "a chain of 300": {**FIRST, **CHAIN},
    "300 side by side": {DOMAIN: [f"v=spf1 {' '.join(f'include:n{n}.{DOMAIN}' for n in range(300))} -all"], **CHAIN},
    "doubling": {**FIRST, **DOUBLING},
    "a loop": {DOMAIN: [f"v=spf1 redirect={DOMAIN}"]},
    "loops": LETTERS,
    "a macro bomb": {DOMAIN: [f"v=spf1 {BOMB} include:{BOMB[7:]} -all"]},
    "terminal escapes": {DOMAIN: [f"v=spf1 {CONTROLS} a:\x1b]0;x\x07.example exp=\x9b2J -all"]},
    "an explanation of 64 kB": {DOMAIN: [f"v=spf1 -all exp=why.{DOMAIN}"], f"why.{DOMAIN}": ["%{s} " * 16_000]},
}
ESCAPES = "\\027[2J\\000\\226."  # in a name's master-file text
ALIEN = f"{ESCAPES}{DOMAIN}."


def run(resolver: Hostile, *areas: str) -> Report:
    """The report, made within the bounds and shown safely."""
    with counted() as work:
        report = examined(resolver, *areas)
    assert work.calls < MOST_CALLS
    assert resolver.asked <= MOST_QUESTIONS
    assert_shown_safely(report)
    return report


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("place", PLACES)
def test_a_record_costs_little_and_is_told(place: str, payload: str) -> None:
    name, beginning, area = PLACES[place]
    texts = [data_of(f"{beginning}{text}") for text in PAYLOADS[payload]]
    report = run(Hostile({**USUAL, (name, "TXT"): texts}), "spf", "dkim", "dmarc")
    assert report.verdicts[area].sentence
    assert report.of(Outcome.FAIL)


@pytest.mark.parametrize("name", TREES)
def test_a_tree_of_spf_records_costs_little_and_is_told(name: str) -> None:
    texts = {(owner, "TXT"): list(map(data_of, found)) for owner, found in TREES[name].items()}
    hosts = [f"10 mx{number}.{DOMAIN}." for number in range(HOSTS)]
    report = run(Hostile(texts, {"MX": hosts, "A": ["11.0.9.9"]}), "spf")
    assert report.of(Outcome.FAIL)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("beginning", ["v=spf1 ", "v=DKIM1; p=", "v=DMARC1; p=none; rua="])
def test_a_wildcard_that_answers_every_name_costs_little(beginning: str, payload: str) -> None:
    texts = [data_of(f"{beginning}{text}") for text in PAYLOADS[payload]]
    run(Hostile({}, {"TXT": texts, "MX": [f"10 mx1.{DOMAIN}."], "A": ["11.0.0.1"]}))


def test_a_thousand_hosts_are_counted_and_not_all_asked() -> None:
    hosts = [f"{number} mx{number}.{DOMAIN}." for number in range(HOSTS)]
    report = run(Hostile({(DOMAIN, "MX"): hosts}, {"A": ["11.0.0.1"], "PTR": [f"p.{DOMAIN}."]}))
    assert "MX027" in {result.check.code for result in report.of(Outcome.FAIL)}


@pytest.mark.parametrize("kind", ["MX", "PTR", "CNAME", "NS"])
def test_names_with_escapes_in_them_are_not_obeyed(kind: str) -> None:
    names = {"MX": f"10 {ALIEN}", "PTR": ALIEN, "NS": ALIEN}
    everywhere = {"MX": [f"10 mx1.{DOMAIN}."], "A": ["11.0.0.1"], **({kind: [names[kind]]} if kind in names else {})}
    aliases = dict.fromkeys((DOMAIN, KEY, POLICY, f"mx1.{DOMAIN}"), ALIEN) if kind == "CNAME" else {}
    run(Hostile({}, everywhere, aliases=aliases))


@pytest.mark.parametrize("status", [Status.SERVFAIL, Status.REFUSED, Status.NXDOMAIN])
def test_what_a_resolver_says_of_an_error_is_not_obeyed(status: Status) -> None:
    errors = (ExtendedError(22, CONTROLS * 100), ExtendedError(15, "x" * 65_000))
    run(Hostile({}, errors=errors, status=status))


def test_addresses_for_reports_with_escapes_in_them_are_not_obeyed() -> None:
    text = f"v=DMARC1; p=none; rua=mailto:{CONTROLS}@reports.test,mailto:a@{CONTROLS}.test,{CONTROLS}"
    run(Hostile({**USUAL, (POLICY, "TXT"): [data_of(text)]}))


@pytest.mark.parametrize("payload", ["64 kB of tags", "64 kB of addresses", "500 long records"])
def test_no_more_is_held_than_fits_a_small_machine(payload: str) -> None:
    texts = [data_of(f"v=DKIM1; p={text}") for text in PAYLOADS[payload]]
    tracemalloc.start()
    try:
        report = examined(Hostile({}, {"TXT": texts, "MX": [f"10 mx1.{DOMAIN}."]}))
        assert_shown_safely(report)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY
