"""An RSA key has more than 4096 bits, which verifiers need not accept.

## Why it matters
Verifiers must be able to use keys of up to 4096 bits; longer ones fail at some of them, and their record is too large
for a DNS answer over UDP.

## Example
```zone
$ORIGIN huge.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; p=MIICYjANBgkqhkiG9w0BAQEFAAOCAk8AMIICSgKCAkEA8Vx9vh5hFjTmx2P1re"
    "F5J3soyPuG20iZ/QSaEecqksKJyrlnD3h7UCA5OwogT2qhmD0tMAYAC2cLrlElnnodraFFQceeyzWtJT"
    "7wc+hUYFmFZBe0H0RoHBK/1+CjTYEwLYzbDQb6nnrsHgWqx7g1Ld5nds0ndYiRzalszDPv4eyMeEAgFd"
    "uQLDDdNtT49VNaBEdXHgYXFp50UV33wDn2LPxdLD6Ne/2kutfTm8wNEtx0liGl0yGA+mLaxKopEJtn2M"
    "7d8JR1Tfg6keWm+WOF4qQG9ZyWAjbbuBoT6KGDHb4kV/hjkwFz6I6GuOcubF/S1Gm4KmuwQSvMg+k8u7"
    "6wFTnRccEVfqIFuEFkPt+mQZefKCw+m04aT9wvtsn1RAHbP8Hqcdxv0IfTvLD+u+RLAwPLAHsu80g0GB"
    "nNr5/6lEj78bHLyhKTJRHWylsoMZQfqmv/Ohykb/zekRTT385Xrc2ooSm72utGHSW97O7FoAoj7SNsRB"
    "N4z39cKtnYxVPvieJ2eAxn4cOJRnxk0n9DQ7HKeBTUftEmRp6KQ9RozPmjmXfBhSFfseOpbsl2WIBFTz"
    "GVaaqeU0jSiINn483z005ypGwREKERjA4vqoLMh1lXqMwRvxjn+q2Ze4T/5Gg4jNfq+NBAkUppdxUfB6"
    "yKBJ7GGuxkvhenlYDo9mF8nJBGzK49DD7Vj/+LnqsqRZLzT+KXMajEQpCTmG54FRBNTweZMTVYtzK7B7"
    "vNP1r+zuhQxVAX8XlC6spgtA9iMcOrAgMBAAE=" )
```

## Use instead
```zone
$ORIGIN huge.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX4QbYWjmS"
    "ii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4rzlgO5yeE"
    "sWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/dUk1njUk"
    "DbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xbikiYzi9+s0"
    "qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0OktzERCC5u"
    "8XwwIDAQAB" )
```

## References
- RFC 8301 §3.2: verifiers must accept 1024 to 4096 bits.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import readable, record_excerpt, tag_span, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.dkim.public_key import RSA


@check("DKIM021", severity=Severity.WARNING, references=(rfc(8301, "3.2"),), since="0.1")
def very_long_key(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """RFC 8301 §3.2."""
    yield from unjudged(keys)
    for entry, key in readable(keys):
        if key.type == RSA and key.bits > 4096:
            yield Finding(
                f"the key of {entry[0].selector} has {key.bits} bits, verifiers need not accept more than 4096",
                (record_excerpt(entry, tag_span(entry[1], "p"), f"{key}"),),
                Fix("make a new key of 2048 bits with a new selector, sign with it, and revoke this one a week later"),
            )
