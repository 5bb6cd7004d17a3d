r"""A sender has an IPv6 address, and the SPF record has no term that can match one.

## Why it matters
A host that has both prefers IPv6 where the receiver has it, too. Mail to such receivers fails SPF, mail to others
passes: it looks like chance.

## Example
```world
title = "A sender with IPv6, and a record that knows IPv4 alone"
target = "good.example"
senders = ["11.0.1.25", "2a11:db8:1::25"]

[[zones]]
origin = "good.example"
text = '''
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
'''
```

## Use instead
```world
title = "A record that names both addresses of the sender"
target = "good.example"
senders = ["11.0.1.25", "2a11:db8:1::25"]

[[zones]]
origin = "good.example"
text = '''
@  TXT  "v=spf1 ip6:2a11:db8:1::25 ip4:11.0.1.25 -all"
'''
```

## References
- RFC 7208 §5.6: ip4 matches IPv4 alone, ip6 matches IPv6 alone.
- RFC 7208 §5: a and mx compare with AAAA records where the sender has IPv6.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.senders import lacks_ipv6, naming
from deliverkit.checks.spf.wording import amended
from deliverkit.checks.wording import listed
from deliverkit.facts.spf import SenderTests, SpfRecord
from deliverkit.model import Evidence, Finding, Severity, rfc


@check("SPF027", severity=Severity.ERROR, references=(rfc(7208, "5.6"), rfc(7208, "5")), since="0.1")
def no_term_for_ipv6(senders: SenderTests, found: SpfRecord) -> Iterator[Finding]:
    """Neither ip6, nor exists or ptr, nor a or mx with an AAAA record, and a sender of IPv6."""
    lacking = [test for test in senders.tests if lacks_ipv6(test, found.domain)]
    if not lacking:
        return
    addresses = [test.client.address for test in lacking]
    names = listed([str(address) for address in addresses])
    yield Finding(
        f"the SPF record of {found.domain} has no term for IPv6, so {names} cannot pass",
        tuple(Evidence(f"{test.client.address}: {test.evaluation.result}: {test.evaluation.why}") for test in lacking),
        amended(found, naming(found.record.text, addresses), "name the address, if the machine should send over IPv6"),
    )
