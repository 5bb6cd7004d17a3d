"""The mechanism mx leads to more than ten exchangers.

## Why it matters
A receiver gives "permerror" then, for every sender that comes to the term.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 mx -all"
@    MX  10 h1
h1  A  11.0.1.1
@    MX  10 h2
h2  A  11.0.1.2
@    MX  10 h3
h3  A  11.0.1.3
@    MX  10 h4
h4  A  11.0.1.4
@    MX  10 h5
h5  A  11.0.1.5
@    MX  10 h6
h6  A  11.0.1.6
@    MX  10 h7
h7  A  11.0.1.7
@    MX  10 h8
h8  A  11.0.1.8
@    MX  10 h9
h9  A  11.0.1.9
@    MX  10 h10
h10  A  11.0.1.10
@    MX  10 h11
h11  A  11.0.1.11
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.0/28 -all"
@    MX  10 h1
h1  A  11.0.1.1
@    MX  10 h2
h2  A  11.0.1.2
@    MX  10 h3
h3  A  11.0.1.3
@    MX  10 h4
h4  A  11.0.1.4
@    MX  10 h5
h5  A  11.0.1.5
@    MX  10 h6
h6  A  11.0.1.6
@    MX  10 h7
h7  A  11.0.1.7
@    MX  10 h8
h8  A  11.0.1.8
@    MX  10 h9
h9  A  11.0.1.9
@    MX  10 h10
h10  A  11.0.1.10
@    MX  10 h11
h11  A  11.0.1.11
```

## References
- RFC 7208 §4.6.4: more than ten MX records are a permerror.
- RFC 7208 §5.4: mx permits the addresses of the exchangers.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import owner_evidence, unseen
from deliverkit.facts.spf import SpfHosts
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.spf.asking import MAX_MX


@check("SPF017", severity=Severity.ERROR, references=(rfc(7208, "4.6.4"), rfc(7208, "5.4")), since="0.1")
def too_many_mx_hosts(hosts: SpfHosts) -> Iterator[Finding | Absent]:
    """The MX answer of a term holds more than ten records."""
    for found in hosts.hosts:
        number = len(found.mx.answer.records) if found.mx else 0
        if number > MAX_MX:
            yield Finding(
                f"{found.term.text} leads to {number} exchangers of {found.target}, and SPF fails beyond {MAX_MX}",
                (owner_evidence(hosts.tree, found.owner, found.term, f"{number} MX records"),),
                Fix("name the networks of the senders as ip4 and ip6 in place of mx"),
            )
    yield from unseen(hosts)
