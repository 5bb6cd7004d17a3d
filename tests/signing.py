"""Facts about DKIM keys built by hand, in the shape that the probe gives them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from deliverkit.facts import Expectations
from deliverkit.facts.dkim import Candidate, DkimKeys, SelectorGround, SelectorKey
from deliverkit.model import Check, Finding, Result
from deliverkit.observations import ResourceRecord, Status
from deliverkit.profiles import choose
from deliverkit.run import judge
from deliverkit.standards.dkim.key_record import parse_key_record
from deliverkit.standards.txt import data_of, text_of
from tests.building import DOMAIN, lookup

ED25519 = b64encode(bytes(range(32))).decode()
SOA = ResourceRecord(DOMAIN, "SOA", 300, "ns.example. host.example. 1 7200 900 1209600 300")


def rsa(bits: int = 2048, number: int = 1) -> str:
    """The text of a key record with a key of that size; any odd number passes for its modulus."""
    key = RSAPublicNumbers(65537, (1 << bits) - 2 * number + 1).public_key()
    return f"v=DKIM1; k=rsa; p={b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()}"


def ed25519(number: int = 0) -> str:
    """The text of a key record with an Ed25519 key."""
    return f"v=DKIM1; k=ed25519; p={b64encode(bytes([number, *range(31)])).decode()}"


def selector(
    name: str,
    *texts: str,
    given: bool = False,
    likely: bool = False,
    alias: str = "",
    status: Status = Status.NXDOMAIN,
) -> SelectorKey:
    """A selector with the texts of its TXT records, at the end of an alias where there is one."""
    owner = f"{name}._domainkey.{DOMAIN}"
    found = lookup(owner, "TXT", *map(data_of, texts), status=status, aliases=[alias] if alias else [])
    records = found.answer.records
    parsed = [(parse_key_record(text_of(record.data)), record) for record in records]
    meant = [pair for pair in parsed if pair[0].is_meant]
    return SelectorKey(
        candidate=Candidate(name, ("given" if given else "widely used",), is_expected=given, is_likely=likely),
        name=owner,
        lookup=found,
        records=tuple(record for record, _ in meant),
        resource_records=tuple(source for _, source in meant),
        others=len(parsed) - len(meant),
        is_by_wildcard=False,
    )


def keys(*found: SelectorKey, bare: bool = False, made_up: str = "", unguessable: tuple[str, ...] = ()) -> DkimKeys:
    """What was found at the selectors; ``bare``: nothing stands below _domainkey; ``made_up``: a wildcard's text."""
    node = lookup(f"_domainkey.{DOMAIN}", "TXT", status=Status.NXDOMAIN if bare else Status.NODATA)
    node = replace(node, answer=node.answer._replace(soa=SOA))
    texts = [data_of(made_up)] if made_up else []
    nobodys = lookup(f"deliverkit-x._domainkey.{DOMAIN}", "TXT", *texts, status=Status.NXDOMAIN)
    ground = SelectorGround(node, nobodys, lookup(DOMAIN, "TXT"))
    return DkimKeys(DOMAIN, DOMAIN, ground, found, unguessable)


def judged(check: Check, found: DkimKeys, *, profile: str = "domain", signing_key: str = "") -> Result:
    """What becomes of the check in the profile."""
    chosen = choose(profile).expecting({"signing_key": signing_key})
    return judge(check, chosen, {Expectations: chosen.expectations, DkimKeys: found})


def finding(check: Check, found: DkimKeys) -> Finding:
    """The one fault that the check finds."""
    [one] = judged(check, found).findings
    return one
