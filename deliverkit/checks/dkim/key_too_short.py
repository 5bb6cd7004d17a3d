"""An RSA key has less than 1024 bits.

## Why it matters
Keys of this size have been broken in days, and verifiers must not accept them: the signatures fail everywhere.

## Example
```zone
$ORIGIN short.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; p=MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhALlHIVIid6OnlpQrMSNU3gHd4iyvNt"
    "/82sLSMqNBY/UxFO9stHkZNAMgE28JbJs+NJv2akJQXsArjavGCPESLYjwuEIqIpFwakYIje2IFeA/hH"
    "lAMXGbXRIGc+tE2VHtIwIDAQAB" )
```

## Use instead
```zone
$ORIGIN short.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX4QbYWjmS"
    "ii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4rzlgO5yeE"
    "sWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/dUk1njUk"
    "DbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xbikiYzi9+s0"
    "qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0OktzERCC5u"
    "8XwwIDAQAB" )
```

## References
- RFC 8301 §3.2: verifiers must not accept keys of less than 1024 bits.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import readable, record_excerpt, tag_span, unjudged, weight_of
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.dkim.key_record import LEAST_BITS
from deliverkit.standards.dkim.public_key import RSA


@check("DKIM011", severity=Severity.ERROR, references=(rfc(8301, "3.2"),), since="0.1")
def key_too_short(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """RFC 8301 §3.2."""
    yield from unjudged(keys)
    for entry, key in readable(keys):
        if key.type == RSA and key.bits < LEAST_BITS:
            yield Finding(
                f"the key of {entry[0].selector} has {key.bits} bits, and verifiers must not accept less than 1024",
                (record_excerpt(entry, tag_span(entry[1], "p"), f"{key}"),),
                Fix("make a new key of 2048 bits with a new selector, sign with it, and revoke this one a week later"),
                weight_of(entry[0]),
            )
