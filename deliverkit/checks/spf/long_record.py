"""An SPF record is so long that its answer may not fit into one UDP packet.

## Why it matters
Answers over 512 octets need EDNS or TCP, which a few receivers and firewalls still do not manage: these see no record
at all.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 ip4:11.0.2.25 ip4:11.0.3.25 ip4:11.0.4.25 ip4:11.0.5.25 ip4:11.0.6.25 ip4:11.0.7.25 ip4:11.0.8.25 ip4:11.0.9.25 ip4:11.0.10.25 ip4:11.0.11.25 ip4:11.0.12.25 ip4:11.0.13.25 ip4:11.0.14.25 ip4:11.0.15.25" " ip4:11.0.16.25 ip4:11.0.17.25 ip4:11.0.18.25 ip4:11.0.19.25 ip4:11.0.20.25 ip4:11.0.21.25 ip4:11.0.22.25 ip4:11.0.23.25 ip4:11.0.24.25 ip4:11.0.25.25 ip4:11.0.26.25 ip4:11.0.27.25 ip4:11.0.28.25 ip4:11.0.29.25 ip4:11.0.30.25 -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.0.0/19 ip4:11.1.0.0/19 -all"
```

## References
- RFC 7208 §3.4: records should be short enough to fit into 512 octets, with other TXT records of the name: under 450.
"""  # noqa: E501 - a long record is its example

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import LONGEST
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Evidence, Finding, Fix, Severity, rfc


@check("SPF018", severity=Severity.NOTE, references=(rfc(7208, "3.4"),), since="0.1")
def long_record(found: SpfRecord) -> Iterator[Finding]:
    """The record's text has more than 450 characters."""
    size = len(found.record.text)
    if size > LONGEST:
        yield Finding(
            f"the SPF record of {found.domain} has {size} characters, and over {LONGEST} an answer may not fit into "
            "UDP",
            (Evidence(f"{found.record.text[:80]}…"),),
            Fix("join neighbouring networks, remove what no longer sends, or move terms to an included record"),
        )
