"""Case files: saved and judged again, they give the same; what is no case file is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.case import format_case, parse_case
from deliverkit.difference import difference
from deliverkit.errors import UsageError
from deliverkit.lab.world import load, names
from tests.judging import case_of, judge, judged_again


@pytest.mark.parametrize("name", names())
def test_a_case_judged_again_gives_the_same(name: str) -> None:
    world = replace(load(name), mail_from="", signing_identities=())  # options of a run, in no case
    report = judge(world).report
    case = parse_case(format_case(case_of(world, report)), name="case")
    again = judged_again(case, world.areas)
    assert again.results == report.results
    assert again.verdicts == report.verdicts
    assert again.started == report.started
    assert difference(report, again).is_none


def test_a_case_says_its_version_and_holds_no_derived_facts() -> None:
    world = load("good")
    document = json.loads(format_case(case_of(world, judge(world).report)))
    assert document["deliverkit_case"] == 1
    assert set(document) == {
        "deliverkit_case", "deliverkit", "moment", "profile", "domains", "resolvers", "selectors", "signing_key",
        "senders", "mail_from", "helo", "signing_identities", "dns", "connections",
        "conversing", "targets", "smtp", "https",
    }  # fmt: skip


def test_a_case_of_before_its_senders_were_kept_is_read() -> None:
    world = load("good")
    document = json.loads(format_case(case_of(world, judge(world).report)))
    for key in ("senders", "mail_from", "helo"):
        del document[key]
    case = parse_case(json.dumps(document), name="x.json")
    assert (case.senders, case.mail_from, case.helo) == ((), "", "")


@pytest.mark.parametrize("senders", [["mx1"], "11.0.1.25", [None], None])
def test_senders_that_are_no_addresses_are_refused(senders: object) -> None:
    world = load("good")
    document = json.loads(format_case(case_of(world, judge(world).report)))
    with pytest.raises(UsageError, match="no case file"):
        parse_case(json.dumps({**document, "senders": senders}), name="x.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no case file"),
        ("[]", "no case file"),
        ("{}", "'deliverkit_case' is missing"),
        ('{"deliverkit_case": 2}', "version 2"),
        ('{"deliverkit_case": 1}', "is missing"),
        ("[" * 100000, "no case file"),
    ],
)
def test_what_is_no_case_file_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_case(text, name="x.json")


@pytest.mark.parametrize(
    ("rdtype", "data"),
    [
        ("A", "mx1"),
        ("AAAA", ""),
        ("SOA", ""),
        ("SOA", "a. b. 1 2 3 4"),
        ("SOA", "a. b. 1 2 3 4 x"),
        ("SOA", "a. b. 1 2 3 4 ٣"),
    ],
)
def test_a_record_that_cannot_be_one_is_refused(rdtype: str, data: str) -> None:
    world = load("servers-agree")
    document = json.loads(format_case(case_of(world, judge(world).report)))
    record = {"name": "good.example", "type": rdtype, "ttl_s": 60, "data": data}
    for entry in document["dns"]:
        entry["soa" if rdtype == "SOA" else "records"] = record if rdtype == "SOA" else [record]
    with pytest.raises(UsageError, match="no case file"):
        parse_case(json.dumps(document), name="x.json")


@pytest.mark.parametrize(
    ("key", "value"),
    [("end", "GONE"), ("address", "mx1"), ("addresses", ["mx1"]), ("fault", "odd"), ("code", "x"), ("names", None)],
)
def test_an_exchange_that_cannot_be_one_is_refused(key: str, value: object) -> None:
    world = load("mta-sts-wrong-name")
    document = json.loads(format_case(case_of(world, judge(world).report)))
    [exchange] = document["https"]
    assert exchange["names"] == ["www.good.example"]
    exchange[key] = value
    with pytest.raises(UsageError, match="no case file"):
        parse_case(json.dumps(document), name="x.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.sampled_from(["moment", "profile", "domains", "resolvers", "dns", "connections", "smtp", "https"]), JSON)
def test_a_spoilt_case_file_is_refused_or_read(key: str, value: object) -> None:
    document = {
        "deliverkit_case": 1,
        "moment": "2026-11-22T09:00:00+00:00",
        "profile": "domain",
        "domains": [],
        "resolvers": [],
        "dns": [],
        "connections": [],
        "https": [],
    }
    text = json.dumps({**document, key: value})
    try:
        case = parse_case(text, name="x.json")
    except UsageError:
        with pytest.raises(UsageError, match=r"x\.json is no case file"):
            parse_case(text, name="x.json")
    else:
        assert format_case(case)


def test_a_difference_names_what_changed_and_what_came_of_it() -> None:
    before, after = judge(load("good")).report, judge(load("exchange-is-alias")).report
    found = difference(before, after)
    assert "mx2.good.example.  IN  CNAME  mx3.good.example." in found.records_new
    assert [fault.code for fault in found.new] == ["MX004"]
    assert (found.gone, found.same) == ((), ())
    back = difference(after, before)
    assert (back.records_gone, back.records_new) == (found.records_new, found.records_gone)
    assert [fault.code for fault in back.gone] == ["MX004"]


def test_a_ttl_that_a_cache_counted_down_is_no_difference() -> None:
    report = judge(load("good")).report
    asked = tuple(
        replace(a, answer=a.answer._replace(records=tuple(r._replace(ttl=7) for r in a.answer.records)))
        for a in report.trace.asked
    )
    assert difference(report, replace(report, trace=replace(report.trace, asked=asked))).is_none
