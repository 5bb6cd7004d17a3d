"""JSON, schema 1, is frozen: these keys, in these places, with these types."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from deliverkit.lab.world import load
from deliverkit.render.json import render_json, render_jsonl
from tests.judging import judge


def shape(value: Any) -> Any:
    """The keys and types of a value; of a list, those of its first member."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


FIX_RECORD = {"name": "str", "label": "str", "ttl_s": "int", "type": "str", "data": "str"}
FINDING = {
    "message": "str",
    "evidence": [{"text": "str", "start": "int", "end": "int", "note": "str"}],
    "fix": {"action": "str", "remove": ["str"], "add": [FIX_RECORD]},
    "references": [],
}
RESULT = {
    "code": "str",
    "name": "str",
    "area": "str",
    "severity": "str",
    "outcome": "str",
    "references": ["str"],
    "findings": [FINDING],
    "reasons": [],
    "waiver": "NoneType",
}
ADDRESS = {
    "address": "str",
    "ttl_s": "int",
    "reverse_status": "str",
    "reverse_names": ["str"],
    "confirmed": ["str"],
}
HOST = {
    "preference": "int",
    "exchange": "str",
    "ipv4_status": "str",
    "ipv6_status": "str",
    "aliases": [],
    "addresses": [ADDRESS],
    "provider": "NoneType",
}
QUESTION = {
    "name": "str",
    "type": "str",
    "checking_disabled": "bool",
    "status": "str",
    "records": ["str"],
    "records_left_out": "int",
    "authenticated": "bool",
    "server": "str",
    "asked_itself": "bool",
    "round_trip": "int",
    "elapsed_ms": "float",
}
REPORT = {
    "target": {"domain": "str", "unicode": "str", "given": "str"},
    "profile": "str",
    "started": "str",
    "verdict": "NoneType",
    "verdicts": {"mx": {"sentence": "str", "way": "str"}},
    "tls": "NoneType",
    "mail_hosts": {"is_implicit": "bool", "ttl_s": "int", "hosts": [HOST], "left_out": "int"},
    "smtp": "NoneType",
    "spf": "NoneType",
    "dmarc": "NoneType",
    "zone_servers": "NoneType",
    "resolvers": "NoneType",
    "dkim_keys": "NoneType",
    "this_machine": "NoneType",
    "placement": "NoneType",
    "difference": "NoneType",
    "trace": {"queries": "int", "round_trips": "int", "elapsed_ms": "float", "questions": [QUESTION]},
}


def test_the_document_has_exactly_these_keys() -> None:
    report = judge(load("exchange-is-alias")).report
    document = json.loads(render_json([(report, None)]))
    results = document["reports"][0].pop("results")
    document["reports"][0]["trace"]["questions"].sort(key=lambda question: not question["records"])
    assert shape(document) == {"schema": "int", "deliverkit": "str", "reports": [REPORT]}
    [failed] = [result for result in results if result["outcome"] == "fail"]
    assert shape(failed) == RESULT
    assert all(set(result) == set(RESULT) for result in results)


SPF_WORLDS = ("spf-many-services", "spf-overlaps", "spf-library-differs")
NETWORK = {"network": "str", "record_of": "str", "term": "str"}
SPF = {
    "record": "str",
    "lookups_worst_case": "int",
    "terms": [
        {
            **dict.fromkeys(("level", "lookups", "running", "void_running"), "int"),
            **dict.fromkeys(("record_of", "term", "owner", "note"), "str"),
        },
    ],
    "networks": [NETWORK],
    "flattened": ["str"],
    "ipv4_addresses": "int",
    "overlaps": [{**NETWORK, "within": NETWORK}],
    "senders": [
        {
            **dict.fromkeys(("address", "mail_from", "helo", "result", "why", "second_opinion"), "str"),
            "second_opinion_differs": "str",
            **dict.fromkeys(("lookups", "void_lookups"), "int"),
            **dict.fromkeys(("explanation", "helo_result"), "NoneType"),
            "steps": [
                {
                    **dict.fromkeys(("record_of", "term", "target", "why"), "str"),
                    "level": "int",
                    "matched": "bool",
                }
            ],
        }
    ],
}


def test_the_spf_record_has_exactly_these_keys() -> None:
    worlds = [replace(load(name), senders=("11.0.1.25",)) for name in SPF_WORLDS]
    found = [json.loads(render_jsonl(judge(world).report))["spf"] for world in worlds]
    many, overlapping, disputed = found
    assert shape(many["terms"][1:2]) == SPF["terms"]
    assert many["terms"][0]["owner"] is None
    assert shape(overlapping["overlaps"][:1]) == SPF["overlaps"]
    assert shape(disputed["senders"]) == SPF["senders"]
    for one in found:
        assert set(one) == set(SPF)
        assert {key: shape(one[key]) for key in ("networks", "flattened", "ipv4_addresses", "record")} == {
            key: SPF[key] for key in ("networks", "flattened", "ipv4_addresses", "record")
        }


SAID = {
    "name": "str",
    "type": "str",
    "status": "str",
    "records": ["str"],
    "records_left_out": "int",
    "lifetime_s": "int",
}
ZONE_SERVERS = {
    "zone": "str",
    "servers": [{"host": "str", "in_parent": "bool", "in_zone": "bool"}],
    "addresses": [{"host": "str", "address": "str", "standing": "str", "serial": "int", "answers": [SAID]}],
    "left_out": "int",
}


def test_the_servers_words_have_exactly_these_keys() -> None:
    [report] = json.loads(render_json([(judge(load("servers-differ")).report, None)]))["reports"]
    assert shape(report["zone_servers"]) == ZONE_SERVERS
    assert [word["standing"] for word in report["zone_servers"]["addresses"]] == ["good", "good", "lame"]
    [report] = json.loads(render_json([(judge(load("resolvers-differ")).report, None)]))["reports"]
    assert shape(report["resolvers"]) == [{"server": "str", "answers": [SAID]}]


DKIM_KEY = {
    "record": "str",
    "type": "str",
    "bits": "int",
    "hashes": [],
    "services": ["str"],
    "flags": [],
    "defects": [],
}
SELECTOR = {
    "selector": "str",
    "name": "str",
    "reasons": ["str"],
    "given": "bool",
    "status": "str",
    "state": "str",
    "aliases": [],
    "keys": [DKIM_KEY],
}


def test_the_selectors_have_exactly_these_keys() -> None:
    [report] = json.loads(render_json([(judge(load("dkim-selector-given")).report, None)]))["reports"]
    found = report["dkim_keys"]
    assert set(found) == {"selectors", "nothing_below_domainkey", "doubled_zone", "wildcard", "unguessable", "left_out"}
    assert shape(found["selectors"][0]) == SELECTOR
    assert found["unguessable"] == ["Amazon SES"]


def test_a_line_has_the_same_keys_beside_the_schema() -> None:
    line = render_jsonl(judge(load("exchange-is-alias")).report)
    assert "\n" not in line
    assert set(json.loads(line)) == {"schema", "deliverkit", "results", *REPORT}


def test_the_marked_part_is_the_exchange() -> None:
    results = json.loads(render_jsonl(judge(load("exchange-is-alias")).report))["results"]
    [evidence] = next(result["findings"][0]["evidence"] for result in results if result["outcome"] == "fail")
    assert evidence["text"][evidence["start"] : evidence["end"]] == "mx2.good.example."


def test_there_are_no_hosts_where_nothing_is_to_be_tried() -> None:
    assert json.loads(render_jsonl(judge(load("null-mx")).report))["mail_hosts"] is None


def test_an_implicit_host_has_no_preference() -> None:
    hosts = json.loads(render_jsonl(judge(load("implicit-mx")).report))["mail_hosts"]
    assert (hosts["is_implicit"], [host["preference"] for host in hosts["hosts"]]) == (True, [None])


EFFECTIVE = {"policy": "str", "domain": "str", "tag": "str", "lowered": "bool", "percent": "int"}
POLICIES = dict.fromkeys(("domain", "subdomain", "missing_subdomain"), EFFECTIVE)


RULE = dict.fromkeys(("organizational_domain", "dkim", "mail_from"), "str")


def test_what_is_aligned_is_told_of_every_domain_that_is_expected() -> None:
    found = json.loads(render_jsonl(judge(load("dmarc-not-aligned")).report))["dmarc"]["alignment"]
    assert (found["dkim"], found["mail_from"], found["organizational_domain"]) == ("relaxed", "relaxed", "good.example")
    assert found["expected"] == [
        {"identifier": name, "domain": "esp.example", "aligned": False, "aligned_by_rfc7489": False}
        for name in ("mail_from", "dkim")
    ]


def test_the_dmarc_policy_has_exactly_these_keys() -> None:
    found = json.loads(render_jsonl(judge(load("dmarc-external")).report))["dmarc"]
    assert found["walk"][1] == {"name": "_dmarc.example", "records": []}
    assert shape({**found, "walk": found["walk"][:1]}) == {
        "organizational_domain": "str",
        "policy_domain": "str",
        "record": "str",
        "walk": [{"name": "str", "records": ["str"]}],
        "policies": POLICIES,
        "policies_by_rfc7489": POLICIES,
        "reports": [
            {
                **dict.fromkeys(("tag", "uri", "domain"), "str"),
                **dict.fromkeys(("external", "authorized", "takes_mail"), "bool"),
            }
        ],
        "alignment": {**RULE, "by_rfc7489": RULE, "expected": []},
    }
    assert [(one["authorized"], one["takes_mail"]) for one in found["reports"]] == [
        (True, True),
        (False, True),
        (False, False),
    ]


RESOLVER = {
    "server": "str",
    "transport": "str",
    "root_status": "str",
    "round_trip_ms": "float",
    "recursion_ms": "float",
    "validates": "bool",
    "authenticated": "bool",
    "ad_bit_believed": "bool",
    "bogus": [{"name": "str", "status": "str", "unchecked_status": "str"}],
    "denial_status": "str",
    "denial_has_soa": "bool",
    "tcp_status": "str",
}
BLOCKLIST = {
    "zone": "str",
    "kind": "str",
    "server": "str",
    "state": "str",
    "reason": "str",
    "listed": ["str"],
    "unlisted": [],
}
ATTEMPT = {"address": "str", "port": "int", "status": "str", "elapsed_ms": "float"}
PORT = {"provider": "str", "host": "str", "ipv4_status": "str", "ipv6_status": "str", "attempts": [ATTEMPT]}


def test_this_machine_has_exactly_these_keys() -> None:
    found = json.loads(render_jsonl(judge(load("resolver-well")).report))["this_machine"]
    assert shape(found) == {"resolvers": [RESOLVER], "blocklists": [BLOCKLIST], "port_25": [PORT]}
