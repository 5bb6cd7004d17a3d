"""An SPF record permits every address of the Internet to send.

## Why it matters
With `+all` forged mail passes SPF, and through it DMARC. Receivers know the trick and hold it against the domain.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 mx +all"
@    MX  10 mx1
mx1  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 mx -all"
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 7208 §5.1: all matches always; without a qualifier it means pass.
- RFC 7208 §8.3: a pass says that the client may send for the domain.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import replaced, term_evidence, without
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Finding, Severity, rfc


@check("SPF006", severity=Severity.ERROR, references=(rfc(7208, "5.1"), rfc(7208, "8.3")), since="0.1")
def permits_everyone(found: SpfRecord) -> Iterator[Finding]:
    """The record has all with the qualifier + or with none, or a network of all addresses."""
    for mechanism in found.record.reached:
        is_whole = mechanism.network is not None and mechanism.network.prefixlen == 0
        if mechanism.qualifier == "+" and (mechanism.name == "all" or is_whole):
            yield Finding(
                f"{found.domain} permits the whole Internet to send as it",
                term_evidence(found, mechanism, "matches every sender and says pass"),
                replaced(found, mechanism, "~all", "end the record with ~all")
                if mechanism.name == "all"
                else without(found, [mechanism], "remove the network, and name those of the senders in its place"),
            )
