"""All keys are Ed25519, which many receivers do not verify.

## Why it matters
Large receivers are not known to verify Ed25519 signatures. Mail that is signed with nothing else is unsigned mail
there, so an RSA signature has to stand beside it.

## Example
```world
target = "modern.example"
selectors = ["mail"]

[[zones]]
origin = "modern.example"
text = '''
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
'''
```

## Use instead
```world
target = "modern.example"
selectors = ["mail", "default"]

[[zones]]
origin = "modern.example"
text = '''
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
default._domainkey TXT  (
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX4QbYWjmS"
    "ii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4rzlgO5yeE"
    "sWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/dUk1njUk"
    "DbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xbikiYzi9+s0"
    "qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0OktzERCC5u"
    "8XwwIDAQAB" )
'''
```

## References
- RFC 8463 §6: signers may sign with the old and the new algorithm side by side.
- RFC 8301 §3.2: what every verifier accepts: RSA from 1024 bits.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import readable, record_excerpt, tag_span, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.standards.dkim.public_key import ED25519


@check("DKIM013", severity=Severity.WARNING, references=(rfc(8463, "6"), rfc(8301, "3.2")), since="0.1")
def ed25519_alone(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """No RSA key; where the selectors were not given, there may be one that nobody guessed."""
    yield from unjudged(keys)
    found = list(readable(keys))
    if not found or any(key.type != ED25519 for _, key in found):
        return
    if not keys.expected:
        yield unknown(
            "the keys that were found are Ed25519: name all selectors with --selector to see whether one is RSA"
        )
        return
    entry, _ = found[0]
    yield Finding(
        f"the keys of {keys.domain} are all Ed25519, which many receivers do not verify",
        (record_excerpt(entry, tag_span(entry[1], "k"), "no RSA key beside it"),),
        Fix("sign with an RSA key of 2048 bits, too, under a selector of its own: deliverkit dkim new-key"),
    )
