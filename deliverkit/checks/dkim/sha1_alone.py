"""The key may be used with SHA-1 alone.

## Why it matters
SHA-1 must be used neither to sign nor to verify, and h= allows nothing else: every signature fails.

## Example
```zone
$ORIGIN sha.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; h=sha1; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX"
    "4QbYWjmSii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4r"
    "zlgO5yeEsWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/"
    "dUk1njUkDbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xbik"
    "iYzi9+s0qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0Ok"
    "tzERCC5u8XwwIDAQAB" )
```

## Use instead
```zone
$ORIGIN sha.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; h=sha256; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHR"
    "zX4QbYWjmSii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ"
    "4rzlgO5yeEsWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPh"
    "C/dUk1njUkDbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xb"
    "ikiYzi9+s0qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0"
    "OktzERCC5u8XwwIDAQAB" )
```

## References
- RFC 8301 §3.1: rsa-sha1 must not be used to sign or to verify.
- RFC 6376 §3.6.1: h= names the hash algorithms that may be used.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import readable, record_excerpt, tag_span, unjudged, weight_of
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("DKIM018", severity=Severity.ERROR, references=(rfc(8301, "3.1"), rfc(6376, "3.6.1")), since="0.1")
def sha1_alone(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """h= without sha256."""
    yield from unjudged(keys)
    for entry, _ in readable(keys):
        if entry[1].hashes and "sha256" not in entry[1].hashes:
            yield Finding(
                f"the key of {entry[0].selector} allows no hash algorithm that verifiers accept",
                (record_excerpt(entry, tag_span(entry[1], "h"), "sha256 is missing"),),
                Fix("take h= away, or let it name sha256"),
                weight_of(entry[0]),
            )
