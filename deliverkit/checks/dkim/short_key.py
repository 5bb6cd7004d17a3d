"""An RSA key has less than the 2048 bits that are advised.

## Why it matters
Keys of 1024 bits are accepted, and rotating them is soon due: every large receiver advises 2048 bits.

## Example
```zone
$ORIGIN middling.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkkC0n/gVPeyAwA0OW5AFRkY"
    "K/mEJV6Xx4UVSIUqSP2rZkzNoNN/7FPIlDhd2Yk2y2OiybRwQ/uaq1R0kL2Vtq5jw14Owi0WiAL2SA4n"
    "pMinY8GYHS/MduCKXzVaPLTr+SyO4fDk8J1UZ1LsWOqPJXVy6C5tGrzg5/+FW3V6lVeQIDAQAB" )
```

## Use instead
```zone
$ORIGIN middling.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX4QbYWjmS"
    "ii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4rzlgO5yeE"
    "sWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/dUk1njUk"
    "DbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xbikiYzi9+s0"
    "qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0OktzERCC5u"
    "8XwwIDAQAB" )
```

## References
- RFC 8301 §3.2: signers must use 1024 bits at least, and should use 2048.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import readable, record_excerpt, tag_span, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.dkim.public_key import RSA


@check("DKIM012", severity=Severity.NOTE, references=(rfc(8301, "3.2"),), since="0.1")
def short_key(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """RFC 8301 §3.2."""
    yield from unjudged(keys)
    for entry, key in readable(keys):
        if key.type == RSA and 1024 <= key.bits < 2048:
            yield Finding(
                f"the key of {entry[0].selector} has {key.bits} bits, 2048 are advised",
                (record_excerpt(entry, tag_span(entry[1], "p"), f"{key}"),),
                Fix("make a new key of 2048 bits with a new selector, sign with it, and revoke this one a week later"),
            )
