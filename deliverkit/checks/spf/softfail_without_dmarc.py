r"""A domain that sends says `~all` of strangers, and no DMARC record says what to do with them.

## Why it matters
`~all` is good where DMARC decides: forwarded mail then still has its DKIM signature to speak for it. Alone it only
raises suspicion: receivers deliver forged mail, and nobody tells you of it.

## Example
```world
title = "A sender with a soft end and no DMARC record"
target = "good.example"
profile = "sending"

[[zones]]
origin = "good.example"
text = '''
@  MX   10 mx1
@  TXT  "v=spf1 ip4:11.0.1.25 ~all"
'''
```

## Use instead
```world
title = "A sender with a soft end, and DMARC"
target = "good.example"
profile = "sending"

[[zones]]
origin = "good.example"
text = '''
@       MX   10 mx1
@       TXT  "v=spf1 ip4:11.0.1.25 ~all"
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@good.example"
'''
```

## References
- RFC 7208 §8.5: softfail is somewhere between fail and neutral, and no reason to reject alone.
- RFC 9989 §7.1: at -all a receiver may refuse mail before it comes to DKIM and DMARC.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import term_evidence
from deliverkit.facts import Expectations
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc


@check("SPF028", severity=Severity.NOTE, references=(rfc(7208, "8.5"), rfc(9989, "7.1")), since="0.1")
def softfail_without_dmarc(
    found: SpfRecord, dmarc: DmarcDiscovery, expected: Expectations
) -> Iterator[Finding | Absent]:
    """The record ends in ~all, no DMARC record applies, and the profile is about a domain that sends."""
    if not expected.sends:
        yield not_applicable("it is asked of domains that send (--profile sending)")
        return
    last = found.record.all
    if last is not None and last.qualifier == "~" and dmarc.published is None:
        yield Finding(
            f"the SPF record of {found.domain} only suspects strangers (~all), and no DMARC record says more",
            term_evidence(found, last, "softfail: delivered all the same"),
            Fix("publish a DMARC record, first with p=none and an address for reports; ~all may stay"),
        )
