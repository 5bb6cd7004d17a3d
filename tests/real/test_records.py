"""SPF, DKIM and DMARC by the commands themselves: through Unbound, which validates, from Knot with a signed root."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import dns.flags
import dns.message
import dns.query
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from deliverkit.standards.txt import data_of
from tests.commands import run
from tests.servers import LOOPBACK, Server, knot, missing, sign, unbound

ABSENT = missing("knotd", "unbound")
pytestmark = pytest.mark.skipif(
    bool(ABSENT) and os.environ.get("CI") != "true", reason=f"{ABSENT} is not installed: make servers"
)

SMALL = "    max-udp-size: 512\n"  # what is larger has to come over TCP
SOA = "@ 300 IN SOA ns.test. h.test. 7 3600 900 1209600 60\n@ 300 IN NS ns.test.\n"
HOSTS = """
@   3600 IN MX 10 mx1
@   3600 IN MX 20 mx2
mx1 3600 IN A 11.0.1.25
mx1 3600 IN AAAA 2a11:db8:1::25
mx2 3600 IN A 11.0.2.25
mx2 3600 IN AAAA 2a11:db8:2::25
"""
REVERSE = """
25.1.0.11.in-addr.arpa. 300 IN PTR mx1.{0}.
25.2.0.11.in-addr.arpa. 300 IN PTR mx2.{0}.
5.2.0.0.{1}1.0.0.0.8.b.d.0.1.1.a.2.ip6.arpa. 300 IN PTR mx1.{0}.
5.2.0.0.{1}2.0.0.0.8.b.d.0.1.1.a.2.ip6.arpa. 300 IN PTR mx2.{0}.
""".format("shop.test", "0." * 16)
SHOP = """
@            300 IN TXT "v=spf1 mx include:_spf.esp.test redirect=_spf.shop.test"
_spf         300 IN TXT "v=spf1 exists:%{i}._hosts.crm.test -all"
_dmarc       300 IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@shop.test,mailto:shop@reports.test"
k2._domainkey 300 IN CNAME k2.dkim.esp.test.
news         300 IN A 11.0.3.80
"""
ESP = """
_spf    300 IN TXT "v=spf1 include:_spf-a.esp.test ip4:11.1.0.0/20 ?all"
_spf-a  300 IN TXT "v=spf1 ip4:11.1.64.0/20 ip6:2a11:db8:100::/40 ~all"
"""
HURT = """
@       300 IN TXT "v=spf1 mx include:_spf.esp.test include:_spf.lame.test -all"
_dmarc  300 IN NS ns.test.
"""
REPORTS = '*._report._dmarc 300 IN TXT "v=DMARC1"\n'


@dataclass(frozen=True)
class Network:
    """Resolvers over one authority: a usual one, one that sends TXT over TCP only, and one that has no TCP."""

    usual: Server
    over_tcp: Server
    without_tcp: Server


def key(bits: int) -> str:
    """The data of a key record, in as many strings as it needs."""
    public = generate_private_key(65537, bits).public_key()
    octets = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return data_of(f"v=DKIM1; k=rsa; p={b64encode(octets).decode()}")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("records")
    texts = {
        "shop": f"{HOSTS}{SHOP}s1._domainkey 300 IN TXT {key(4096)}\n",
        "esp": f"{ESP}k2.dkim 300 IN TXT {key(2048)}\n",
        "crm": "11.7.0.9._hosts 300 IN A 127.0.0.2\n",
        "reports": f"{HOSTS}{REPORTS}",
        "hurt": HOSTS + HURT,
        "_dmarc.hurt": '@ 300 IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@hurt.test"\n',
    }
    zones = {
        f"{name}.test.": sign(f"{name}.test.", SOA + text, broken=name == "_dmarc.hurt")
        for name, text in texts.items()
        if name != "hurt"
    }
    below = f"_dmarc.hurt.test. 300 IN DS {zones['_dmarc.hurt.test.'].ds}\n"
    zones["hurt.test."] = sign("hurt.test.", f"{SOA}{texts['hurt']}{below}")
    cuts = [f"{zone} 300 IN NS ns.test.\n{zone} 300 IN DS {found.ds}\n" for zone, found in zones.items()]
    test = sign("test.", f"{SOA}ns 300 IN A {LOOPBACK}\nlame.test. 300 IN NS ns.test.\n{''.join(cuts)}")
    top = f"test. 300 IN NS ns.test.\ntest. 300 IN DS {test.ds}\nns.test. 300 IN A {LOOPBACK}\n"
    root = sign(".", SOA + top + REVERSE)
    served = {".": root.text, "test.": test.text, **{zone: found.text for zone, found in zones.items()}}
    with knot(folder / "knot", served) as authority, knot(folder / "lame", {"other.test.": SOA}) as lame:
        stubs = {**dict.fromkeys(served, authority.port), "lame.test.": lame.port}
        anchors = {".": root.dnskey}
        with (
            unbound(folder / "usual", stubs, anchors=anchors) as usual,
            unbound(folder / "over-tcp", stubs, anchors=anchors, options=SMALL) as over_tcp,
            unbound(folder / "no-tcp", stubs, anchors=anchors, options=f"{SMALL}    do-tcp: no\n") as without_tcp,
        ):
            yield Network(usual, over_tcp, without_tcp)


@dataclass(frozen=True)
class Shown:
    """What a command said of one domain: its exit code, the report, and the codes that failed or could not be told."""

    code: int
    report: dict[str, Any]

    @property
    def failed(self) -> set[str]:
        return self._codes("fail")

    @property
    def untold(self) -> set[str]:
        return self._codes("unknown")

    def verdict(self, area: str) -> str:
        sentence: str = self.report["verdicts"][area]["sentence"]
        return sentence

    def _codes(self, outcome: str) -> set[str]:
        return {result["code"] for result in self.report["results"] if result["outcome"] == outcome}


RECORDS = ("--only", "mx,spf,dkim,dmarc")  # nobody here has a mail host, or a web server for a policy


def shown(resolver: Server, *arguments: str) -> Shown:
    ended = run(*arguments, "--resolver", f"{LOOPBACK}:{resolver.port}", "--format", "jsonl")
    assert ended.stderr == ""
    return Shown(ended.returncode, json.loads(ended.stdout))


def test_a_domain_in_good_order_has_no_fault_at_all(network: Network) -> None:
    found = shown(network.usual, "check", "shop.test", *RECORDS)
    assert (found.code, found.failed, found.untold) == (0, set(), set())
    assert found.verdict("spf") == (
        "shop.test says who may send for it, with up to 5 of 10 DNS lookups; its redirect decides."
    )
    assert found.verdict("dkim") == "shop.test publishes 2 DKIM keys, k2 (RSA-2048) and s1 (RSA-4096)."
    assert found.verdict("dmarc") == "shop.test asks receivers to refuse mail that fails DMARC (p=reject)."
    assert all(question["authenticated"] for question in found.report["trace"]["questions"])


@pytest.mark.parametrize(
    ("address", "result", "lookups"),
    [
        ("11.0.2.25", "pass", 1),  # mx
        ("11.1.64.9", "pass", 3),  # an include in an include
        ("2a11:db8:100::9", "pass", 3),
        ("11.1.0.9", "pass", 3),
        ("11.7.0.9", "pass", 5),  # exists with a macro, behind a redirect
        ("11.9.9.9", "fail", 5),
    ],
)
def test_a_sender_gets_its_result(network: Network, address: str, result: str, lookups: int) -> None:
    found = shown(network.usual, "spf", "shop.test", "--ip", address, "--from", "ada@shop.test")
    [sender] = found.report["spf"]["senders"]
    assert (sender["result"], sender["second_opinion"], sender["lookups"]) == (result, result, lookups)
    assert (found.code, found.failed) == ((0, set()) if result == "pass" else (1, {"SPF025"}))


def test_a_key_larger_than_udp_carries_comes_over_tcp(network: Network) -> None:
    question = dns.message.make_query("s1._domainkey.shop.test.", "TXT")
    assert dns.query.udp(question, LOOPBACK, port=network.over_tcp.port, timeout=5).flags & dns.flags.TC
    found = shown(network.over_tcp, "dkim", "shop.test", "--selector", "s1", "--selector", "k2")
    assert (found.code, found.failed, found.untold) == (0, set(), set())
    assert found.verdict("dkim") == "shop.test publishes 2 DKIM keys, s1 (RSA-4096) and k2 (RSA-2048)."


def test_a_key_that_does_not_come_over_tcp_is_unknown_and_never_missing(network: Network) -> None:
    found = shown(network.without_tcp, "dkim", "shop.test", "--selector", "s1")
    assert (found.code, found.failed) == (3, set())
    assert "DKIM001" in found.untold
    assert found.verdict("dkim") == (
        "shop.test publishes 1 DKIM key, k2 (RSA-2048). Cannot tell about others: "
        "s1._domainkey.shop.test TXT: TRUNCATED, the whole answer does not come over TCP."
    )


def test_a_subdomain_takes_its_policy_from_above_and_reports_are_wanted_by_a_wildcard(network: Network) -> None:
    found = shown(network.usual, "dmarc", "news.shop.test")
    assert (found.code, found.failed, found.untold) == (0, set(), set())
    dmarc = found.report["dmarc"]
    assert [step["name"] for step in dmarc["walk"]] == ["_dmarc.news.shop.test", "_dmarc.shop.test", "_dmarc.test"]
    assert (dmarc["organizational_domain"], dmarc["policies"]["domain"]["policy"]) == ("shop.test", "reject")
    assert [(r["domain"], r["external"], r["authorized"], r["takes_mail"]) for r in dmarc["reports"]] == [
        ("shop.test", False, True, True),
        ("reports.test", True, True, True),
    ]


def test_an_include_whose_servers_do_not_know_it_is_an_error(network: Network) -> None:
    found = shown(network.usual, "spf", "hurt.test", "--ip", "11.7.0.9", "--ip", "11.1.0.9")
    assert (found.code, found.failed) == (1, {"SPF023"})
    assert [sender["result"] for sender in found.report["spf"]["senders"]] == ["temperror", "pass"]
    assert "SPF025" in found.untold


def test_a_policy_whose_signatures_are_broken_is_unknown_and_says_why(network: Network) -> None:
    found = shown(network.usual, "dmarc", "hurt.test")
    assert (found.code, found.failed) == (3, set())
    assert found.verdict("dmarc") == (
        "Cannot tell what happens to mail that fails DMARC: "
        "_dmarc.hurt.test TXT: SERVFAIL, its signatures are broken (DNSSEC)."
    )
    whole = shown(network.usual, "check", "hurt.test", *RECORDS)
    assert (whole.code, whole.failed) == (1, {"SPF023", "DKIM002"})
    assert {code for code in whole.untold if code.startswith("DMARC")} == found.untold


def test_a_zone_whose_servers_are_lame_is_blamed_once(network: Network) -> None:
    found = shown(network.usual, "check", "lame.test", *RECORDS)
    assert (found.code, found.failed) == (1, {"MX023"})
    assert found.verdict("spf") == "Cannot tell who may send for lame.test: lame.test TXT: SERVFAIL."
