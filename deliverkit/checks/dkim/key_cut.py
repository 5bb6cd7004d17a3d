"""The key was cut off before its end.

## Why it matters
The key's own first octets say how long it is, and some are missing, so that no signature can be verified. Forms that
take 255 characters and no more drop the rest of a 2048-bit key.

## Example
```zone
$ORIGIN cut.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX4QbYWjmS"
    "ii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4rzlgO5yeE"
    "sWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/dUk1njUk"
    "DbTTizKSa8QCK5t" )
```

## Use instead
```zone
$ORIGIN cut.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX4QbYWjmS"
    "ii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4rzlgO5yeE"
    "sWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/dUk1njUk"
    "DbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xbikiYzi9+s0"
    "qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0OktzERCC5u"
    "8XwwIDAQAB" )
```

## References
- RFC 6376 §3.6.2.2: longer text is published as several strings, joined with nothing between.
- RFC 1035 §3.3: one string holds at most 255 characters.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import defective, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dkim.key_record import DefectKind


@check("DKIM005", severity=Severity.ERROR, references=(rfc(6376, "3.6.2.2"), rfc(1035, "3.3")), since="0.1")
def key_cut(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """Held against the length in the key itself."""
    yield from unjudged(keys)
    yield from defective(
        keys,
        DefectKind.CUT,
        "holds a key that was cut off",
        "enter the whole key; where the form takes 255 characters, as several quoted strings in one record",
    )
