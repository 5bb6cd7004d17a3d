"""Each record of SPF, DKIM and DMARC of a domain in which all is well deleted, then altered: what the tables say."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest

from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.lab.world import load
from deliverkit.lab.zones import Names
from deliverkit.standards.dmarc.effective import Scope
from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.record import Policy
from deliverkit.standards.txt import data_of, text_of
from tests.judging import judge, mutated
from tests.signing import ed25519, rsa

WELL = load("all-well")
GIVEN = replace(WELL, selectors=("s1",))  # whoever judges was told that s1 is signed with
TXT = {
    f"{name} {text_of(data)[:7]}": line
    for line in Names.of(WELL).lines()
    for name, mark, data in [line.partition(" 3600 IN TXT ")]
    if mark
}
SPF, S1, S2, OLD, DMARC = (
    TXT[key]
    for key in (
        "good.example. v=spf1 ",
        "s1._domainkey.good.example. v=DKIM1",
        "s2._domainkey.good.example. v=DKIM1",
        "mail._domainkey.good.example. v=DKIM1",
        "_dmarc.good.example. v=DMARC",
    )
)
KEY, OTHER = (text_of(line.partition(" TXT ")[2]) for line in (S1, S2))
BARE = KEY.partition("p=")[2]
RUA = "rua=mailto:dmarc@good.example"
POLICY = f"v=DMARC1; p=reject; {RUA}"


def txt(owner: str, *texts: str) -> str:
    return "\n".join(f"{owner} TXT {data_of(text)}" for text in texts)


# The record, and the codes without it: where nobody has named a selector, and where s1 was named.
DELETED = {
    SPF: (["SPF001"], ["SPF001"]),
    S1: ([], ["DKIM001"]),
    S2: ([], []),
    OLD: ([], []),
    DMARC: (["DMARC001"], ["DMARC001"]),
}

# What stands at s1 in place of its key.
KEYS: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "without v=": ((f"k=rsa; p={BARE}",), []),
    "an unknown tag": ((f"{KEY}; zz=1",), []),
    "a hash too many": ((f"{KEY}; h=sha1:sha256",), []),
    "a service too many": ((f"{KEY}; s=email:other",), []),
    "another text beside it": ((KEY, "hello"), []),
    "a strict key of which no i= is known": ((f"{KEY}; t=s",), []),
    "Ed25519 beside the other's RSA": ((ed25519(),), []),
    "4096 bits": ((rsa(4096),), []),
    "quotes pasted": ((f'"{KEY}"',), ["DKIM004"]),
    "curly quotes pasted": ((f"\u201c{KEY}\u201d",), ["DKIM004"]),
    "cut": ((KEY[:-60],), ["DKIM005"]),
    "no base64": ((f"{KEY[:-30]}-_{KEY[-28:]}",), ["DKIM006"]),
    "a PEM header pasted": ((f"v=DKIM1; p=-----BEGIN PUBLIC KEY-----{BARE}",), ["DKIM006"]),
    "no key": ((f"v=DKIM1; p={b64encode(bytes(40)).decode()}",), ["DKIM007"]),
    "the wrong type": ((KEY.replace("k=rsa", "k=ed25519"),), ["DKIM008"]),
    "a type that nobody knows": ((KEY.replace("k=rsa", "k=dsa"),), ["DKIM008"]),
    "v= not first": ((f"k=rsa; p={BARE}; v=DKIM1",), ["DKIM009"]),
    "another version": ((KEY.replace("DKIM1", "DKIM2"),), ["DKIM009"]),
    "p= twice": ((f"{KEY}; p={BARE}",), ["DKIM010"]),
    "no p=": (("v=DKIM1; k=rsa",), ["DKIM010"]),
    "a semicolon lost": ((KEY.replace("; k=rsa;", " k=rsa "),), ["DKIM009", "DKIM010"]),
    "512 bits": ((rsa(512),), ["DKIM011"]),
    "1024 bits": ((rsa(1024),), ["DKIM012"]),
    "two keys": ((KEY, rsa()), ["DKIM014"]),
    "a test": ((f"{KEY}; t=y",), ["DKIM016"]),
    "the key of the other": ((OTHER,), ["DKIM017"]),
    "SHA-1 alone": ((f"{KEY}; h=sha1",), ["DKIM018"]),
    "not for mail": ((f"{KEY}; s=tlsrpt",), ["DKIM019"]),
    "a space pasted": ((f"{KEY[:80]} {KEY[80:]}",), ["DKIM020"]),
    "8192 bits": ((rsa(8192),), ["DKIM021"]),
}

# Other records in its place: the codes where nobody has named a selector, and where s1 was named.
PLACES: dict[str, tuple[str, list[str], list[str]]] = {
    "revoked": (txt("s1._domainkey", "v=DKIM1; p="), [], ["DKIM001"]),
    "an alias to nowhere": ("s1._domainkey CNAME gone", ["DKIM003"], ["DKIM001"]),
    "an alias to the key": (f"s1._domainkey CNAME k.keys\n{txt('k.keys', KEY)}", [], []),
    "the zone appended": (txt("s1._domainkey.good.example", KEY), [], ["DKIM001"]),
    "by a wildcard": (txt("*._domainkey", KEY), ["DKIM015"], ["DKIM015"]),
    "revoked by a wildcard": (txt("*._domainkey", "v=DKIM1; p="), [], ["DKIM001"]),
    "a key and a wildcard": (txt("s1._domainkey", KEY) + "\n" + txt("*._domainkey", OTHER), ["DKIM015"], ["DKIM015"]),
}

# The texts at _dmarc in place of the one.
POLICIES: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "quarantine": ((f"v=DMARC1; p=quarantine; {RUA}",), []),
    "in capitals": ((f"v=DMARC1; P=Reject; {RUA}",), []),
    "strict": ((f"v=DMARC1; p=reject; adkim=s; aspf=s; {RUA}",), []),
    "no test": ((f"v=DMARC1; p=reject; t=n; {RUA}",), []),
    "more below": ((f"v=DMARC1; p=quarantine; sp=reject; {RUA}",), []),
    "failure reports when": ((f"v=DMARC1; p=reject; fo=1:d:s; {RUA}",), []),
    "an organization": ((f"v=DMARC1; p=reject; psd=n; {RUA}",), []),
    "another text beside it": ((POLICY, "hello"), []),
    "a second record": ((POLICY, f"v=DMARC1; p=none; {RUA}"), ["DMARC002"]),
    "v= not first": ((f"p=reject; {RUA}; v=DMARC1",), ["DMARC003"]),
    "another version": ((POLICY.replace("DMARC1", "DMARC2"),), ["DMARC003"]),
    "the version in small letters": ((POLICY.replace("DMARC1", "dmarc1"),), ["DMARC003"]),
    "the first semicolon lost": ((f"v=DMARC1 p=reject; {RUA}",), ["DMARC003"]),
    "quotes pasted": ((f'"{POLICY}"',), ["DMARC004"]),
    "curly quotes pasted": ((f"\u201c{POLICY}\u201d",), ["DMARC004"]),
    "p twice": ((f"v=DMARC1; p=reject; p=none; {RUA}",), ["DMARC005"]),
    "no p": ((f"v=DMARC1; {RUA}",), ["DMARC006"]),
    "a bad p": ((f"v=DMARC1; p=rejct; {RUA}",), ["DMARC007"]),
    "a bad p and no reports": (("v=DMARC1; p=rejct",), ["DMARC007"]),
    "a bad sp": ((f"v=DMARC1; p=reject; sp=x; {RUA}",), ["DMARC007"]),
    "the second semicolon lost": ((f"v=DMARC1; p=reject {RUA}",), ["DMARC007"]),
    "no tag": ((f"v=DMARC1; p=reject; zz; {RUA}",), ["DMARC008"]),
    "none": ((f"v=DMARC1; p=none; {RUA}",), ["DMARC009"]),
    "none without reports": (("v=DMARC1; p=none",), ["DMARC010"]),
    "no reports": (("v=DMARC1; p=reject",), ["DMARC011"]),
    "failure reports alone": (("v=DMARC1; p=reject; ruf=mailto:dmarc@good.example",), ["DMARC011"]),
    "less below": ((f"v=DMARC1; p=reject; sp=quarantine; {RUA}",), ["DMARC012"]),
    "reports to a stranger": (("v=DMARC1; p=reject; rua=mailto:a@reports.test",), ["DMARC013", "DMARC014"]),
    "reports to nobody": (("v=DMARC1; p=reject; rua=mailto:a@nobody.good.example",), ["DMARC014"]),
    "no scheme": (("v=DMARC1; p=reject; rua=dmarc@good.example",), ["DMARC011", "DMARC015"]),
    "another scheme": (("v=DMARC1; p=reject; rua=https://good.example/",), ["DMARC011", "DMARC015"]),
    "a mark in a URI": ((f"{POLICY}!x",), ["DMARC011", "DMARC015"]),
    "a test that lowers": ((f"v=DMARC1; p=reject; t=y; {RUA}",), ["DMARC017", "DMARC024"]),
    "a share": ((f"v=DMARC1; p=reject; pct=50; {RUA}",), ["DMARC018"]),
    "an interval": ((f"v=DMARC1; p=reject; ri=3600; {RUA}",), ["DMARC018"]),
    "an unknown tag": ((f"v=DMARC1; p=reject; zz=1; {RUA}",), ["DMARC019"]),
    "a bad mode": ((f"v=DMARC1; p=reject; aspf=strict; {RUA}",), ["DMARC020"]),
    "a bad psd": ((f"v=DMARC1; p=reject; psd=x; {RUA}",), ["DMARC020"]),
    "a limit of size": ((f"{POLICY}!10m",), ["DMARC021"]),
    "less for missing names": ((f"v=DMARC1; p=reject; np=none; {RUA}",), ["DMARC022", "DMARC024"]),
    "more for missing names": ((f"v=DMARC1; p=quarantine; np=reject; {RUA}",), ["DMARC024"]),
    "a public suffix": ((f"v=DMARC1; p=reject; psd=y; {RUA}",), ["DMARC026"]),
}

# Any record in place of one: SPF's, or DMARC's at another name.
OTHERS: dict[str, tuple[str, str, list[str]]] = {
    "SPF: a second record": (SPF, txt("@", "v=spf1 mx -all", "v=spf1 -all"), ["SPF002"]),
    "SPF: a bad term": (SPF, txt("@", "v=spf1 mx:all"), ["SPF003"]),
    "SPF: everybody": (SPF, txt("@", "v=spf1 mx +all"), ["SPF006"]),
    "SPF: nothing about others": (SPF, txt("@", "v=spf1 mx ?all"), ["SPF007"]),
    "SPF: softly": (SPF, txt("@", "v=spf1 mx ~all"), []),
    "SPF: an include of nothing": (SPF, txt("@", "v=spf1 mx include:gone.good.example -all"), ["SPF012"]),
    "SPF: the zone appended": (SPF, txt("good.example", "v=spf1 mx -all"), ["SPF020"]),
    "SPF: quotes pasted": (SPF, txt("@", '"v=spf1 mx -all"'), ["SPF021"]),
    "DMARC: an alias to nowhere": (DMARC, "_dmarc CNAME gone", ["DMARC001"]),
    "DMARC: an alias to the record": (DMARC, f"_dmarc CNAME policy\n{txt('policy', POLICY)}", []),
    "DMARC: at the domain itself": (DMARC, txt("@", POLICY), ["DMARC001", "DMARC016"]),
    "DMARC: no underscore": (DMARC, txt("dmarc", POLICY), ["DMARC001", "DMARC016"]),
    "DMARC: the zone appended": (DMARC, txt("_dmarc.good.example", POLICY), ["DMARC001", "DMARC016"]),
}


def test_the_tables_cover_every_record() -> None:
    assert set(TXT.values()) == set(DELETED)
    assert judge(WELL).codes == judge(GIVEN).codes == []


@pytest.mark.parametrize("line", DELETED, ids=list(TXT))
def test_a_deleted_record(line: str) -> None:
    assert (judge(mutated(WELL, remove=line)).codes, judge(mutated(GIVEN, remove=line)).codes) == DELETED[line]


@pytest.mark.parametrize("what", KEYS)
def test_an_altered_key(what: str) -> None:
    texts, codes = KEYS[what]
    for world in (WELL, GIVEN):
        assert judge(mutated(world, remove=S1, add=txt("s1._domainkey", *texts))).codes == codes


@pytest.mark.parametrize("what", PLACES)
def test_another_record_in_place_of_a_key(what: str) -> None:
    add, guessed, given = PLACES[what]
    assert judge(mutated(WELL, remove=S1, add=add)).codes == guessed
    assert judge(mutated(GIVEN, remove=S1, add=add)).codes == given


@pytest.mark.parametrize("what", OTHERS)
def test_another_record_in_place_of_one(what: str) -> None:
    line, add, codes = OTHERS[what]
    assert judge(mutated(WELL, remove=line, add=add)).codes == codes


@pytest.mark.parametrize("what", POLICIES)
def test_an_altered_policy(what: str) -> None:
    texts, codes = POLICIES[what]
    report = judge(mutated(WELL, remove=DMARC, add=txt("_dmarc", *texts)))
    assert report.codes == codes
    found = report.report.fact(DmarcDiscovery)
    assert isinstance(found, DmarcDiscovery)
    in_force = found.effective(Scope.DOMAIN).policy or Policy.NONE
    fixes = [finding.fix for result in report.report.results for finding in result.findings if finding.fix]
    proposed = [parse(text_of(line.data)) for fix in fixes for line in fix.add]
    assert all((record.policy("p") or Policy.NONE) <= in_force for record in proposed), "advice outruns the evidence"
