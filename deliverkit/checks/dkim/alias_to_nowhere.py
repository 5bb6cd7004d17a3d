"""A selector is an alias of a name that holds no key.

## Why it matters
The provider that signs keeps its keys at names of its own, to which the selector leads. Where there is none, signing
was never turned on there, the alias has a typing error, or the service was left; what is signed with this selector
fails.

## Example
```zone
$ORIGIN nowhere.example.
@                MX     10 mx1
mx1              A      11.0.1.25
k2._domainkey    CNAME  dkim2.nowhere.example.
```

## Use instead
```zone
$ORIGIN nowhere.example.
@                MX     10 mx1
mx1              A      11.0.1.25
k2._domainkey    CNAME  dkim2.nowhere.example.
dkim2            TXT  (
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX4QbYWjmS"
    "ii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4rzlgO5yeE"
    "sWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/dUk1njUk"
    "DbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xbikiYzi9+s0"
    "qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0OktzERCC5u"
    "8XwwIDAQAB" )
```

## References
- RFC 1034 §3.6.2: an alias is followed, and what stands at its end counts.
- RFC 6376 §6.1.2: without a key the signature is a permanent error.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import lines, record_evidence
from deliverkit.facts.dkim import DkimKeys, KeyState, SelectorKey
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import ResourceRecord

_ROTATING = ".onmicrosoft.com"  # its second selector has no key until the first rotation


@check("DKIM003", severity=Severity.WARNING, references=(rfc(1034, "3.6.2"), rfc(6376, "6.1.2")), since="0.1")
def alias_to_nowhere(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """Aliases at selectors that nobody gave; those that were given are another check's."""
    yield from (unknown(failure) for failure in keys.failures)
    for key in keys.keys:
        if key.state is KeyState.ALIAS_TO_NOWHERE and not key.candidate.is_expected and not _waits(key, keys):
            target = key.aliases[-1].data.removesuffix(".")
            yield Finding(
                f"the selector {key.selector} is an alias of {target}, where no key stands",
                tuple(record_evidence(alias, alias.data, "leads to no key") for alias in key.aliases[-1:]),
                Fix("turn the key on at the provider, correct the target, or take the alias away", lines(_own(key))),
            )


def _own(key: SelectorKey) -> tuple[ResourceRecord, ...]:
    """The one alias that is the domain's."""
    return key.aliases[:1]


def _waits(key: SelectorKey, keys: DkimKeys) -> bool:
    """Whether it is the one of a pair whose other has a key: it is for the next rotation."""
    targets = [one.aliases[-1].data.removesuffix(".") for one in keys.published if one.aliases]
    return key.aliases[-1].data.removesuffix(".").endswith(_ROTATING) and any(t.endswith(_ROTATING) for t in targets)
