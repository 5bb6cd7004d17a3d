"""What stands in p= is no public key.

## Why it matters
It decodes, but to something else: a certificate, a private key's header, or an Ed25519 key in the wrapping that tools
print, where the raw 32 octets belong.

## Example
```zone
$ORIGIN nokey.example.
mail._domainkey  TXT  "v=DKIM1; k=rsa; p=bm8ga2V5IGF0IGFsbA=="
```

## Use instead
```zone
$ORIGIN nokey.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX4QbYWjmS"
    "ii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4rzlgO5yeE"
    "sWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/dUk1njUk"
    "DbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xbikiYzi9+s0"
    "qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0OktzERCC5u"
    "8XwwIDAQAB" )
```

## References
- RFC 6376 §3.6.1: what p= holds for RSA.
- RFC 8463 §4.2: for Ed25519 the raw key of 32 octets.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import defective, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dkim.key_record import DefectKind


@check("DKIM007", severity=Severity.ERROR, references=(rfc(6376, "3.6.1"), rfc(8463, "4.2")), since="0.1")
def key_unreadable(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """It is base64, but of no key."""
    yield from unjudged(keys)
    yield from defective(keys, DefectKind.KEY, "holds no public key", "copy the public key again from the signer")
