"""No key stands at a selector that is signed with, or a revoked one.

## Why it matters
Receivers look the key up under the selector that the signature names. Without it the signature counts for nothing:
mail fails DMARC wherever SPF does not align, and large receivers refuse or sort it out.

## Example
```world
target = "signed.example"
selectors = ["s7"]

[[zones]]
origin = "signed.example"
text = '''
@  MX  10 mx1
mx1  A  11.0.1.25
'''
```

## Use instead
```world
target = "signed.example"
selectors = ["s7"]

[[zones]]
origin = "signed.example"
text = '''
@  MX  10 mx1
mx1  A  11.0.1.25
s7._domainkey    TXT  (
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX4QbYWjmS"
    "ii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4rzlgO5yeE"
    "sWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/dUk1njUk"
    "DbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xbikiYzi9+s0"
    "qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0OktzERCC5u"
    "8XwwIDAQAB" )
'''
```

## References
- RFC 6376 §3.6.2.1: the key is asked for at SELECTOR._domainkey.DOMAIN.
- RFC 6376 §6.1.2: without a key the signature is a permanent error.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import key_line
from deliverkit.checks.registry import check
from deliverkit.checks.wording import lines, record_evidence
from deliverkit.facts.dkim import DkimKeys, KeyState, SelectorKey
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc, unknown
from deliverkit.standards.txt import text_of


@check("DKIM001", severity=Severity.ERROR, references=(rfc(6376, "3.6.2.1"), rfc(6376, "6.1.2")), since="0.1")
def key_missing(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """Selectors that were given, or that a message is signed with."""
    if not keys.expected:
        yield not_applicable("no selector was given: --selector S, or --from-message FILE")
    for key in keys.expected:
        if key.state is KeyState.UNKNOWN:
            yield unknown(key.lookup.failure)
        elif not key.records:
            yield Finding(f"no key stands at {key.name}{_why(key)}", tuple(_evidence(key)), _fix(keys, key))
        elif all(record.is_revoked for record in key.records):
            yield Finding(
                f"the key at {key.name} is revoked: what is signed with it fails",
                tuple(record_evidence(record, record.data, "p= is empty") for record in key.resource_records),
                Fix(_action(key)),
            )


def _why(key: SelectorKey) -> str:
    if key.misplaced:
        return f": it stands at {key.misplaced[0].name}"
    if key.others:
        return ", but TXT records that are none"
    return ": it is an alias to a name that holds none" if key.aliases else ""


def _evidence(key: SelectorKey) -> Iterator[Evidence]:
    yield from (record_evidence(alias, alias.data, "leads to no key") for alias in key.aliases)
    for record in key.misplaced:
        yield Evidence(f"{record.name}.  {record.ttl}  IN  TXT  {text_of(record.data)[:40]}…", note="never asked for")
    if not key.aliases and not key.misplaced:
        yield Evidence(f"{key.name} TXT: {key.lookup.answer.status}")


def _fix(keys: DkimKeys, key: SelectorKey) -> Fix:
    if not key.misplaced:
        return Fix(_action(key))
    added = tuple(key_line(keys, key.name, key.ttl, text_of(record.data)) for record in key.misplaced[:1])
    return Fix("enter the name without the domain, where the form appends it", lines(key.misplaced), added)


def _action(key: SelectorKey) -> str:
    if key.aliases:
        return "turn the key on at the provider that signs, or correct the target of the alias"
    return "publish the key that the signer shows for this selector, or have it sign with a selector that has one"
