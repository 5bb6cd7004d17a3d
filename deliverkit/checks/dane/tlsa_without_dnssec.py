"""An exchanger has TLSA records, and DNSSEC does not vouch for the way to them.

## Why it matters
Senders look at TLSA records only where the exchangers, their addresses and the records themselves are signed. These
have no effect.

## Example
```world
like = "transport-good"
target = "unsigned.example"

[[zones]]
origin = "unsigned.example"
text = '''
@              MX    10 mx1
mx1            A     11.0.1.25
_25._tcp.mx1  TLSA  3 1 1 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1
'''
```

## Use instead
```world
like = "transport-good"
target = "unsigned.example"

[[zones]]
origin = "unsigned.example"
signed = true
text = '''
@              MX    10 mx1
mx1            A     11.0.1.25
_25._tcp.mx1  TLSA  3 1 1 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1
'''
```

## References
- RFC 7672 §2.2.1: where the MX records are not secure, DANE does not apply.
- RFC 7672 §2.2.2: nor where the addresses are not.
- RFC 4035 §4.3: secure and insecure data.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dane.wording import unprotected
from deliverkit.checks.registry import check
from deliverkit.facts.dane import DaneHost, DaneHosts, Security
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown


@check(
    "DANE002",
    severity=Severity.WARNING,
    references=(rfc(7672, "2.2.1"), rfc(7672, "2.2.2"), rfc(4035, "4.3")),
    since="0.1",
)
def tlsa_without_dnssec(found: DaneHosts) -> Iterator[Finding | Absent]:
    """A step of the way that nobody signed, seen through a resolver that validates."""
    yield from unprotected(found)
    for host in found.protected:
        security = found.security(host)
        if security is Security.UNKNOWN:
            yield unknown(found.doubt or _unsure(host))
        elif security is Security.INSECURE:
            steps = [f"{answer.name} {answer.rdtype}" for answer in found.insecure(host)]
            yield Finding(
                f"the TLSA records of {host.host} have no effect: {steps[0]} is not signed",
                tuple(Evidence(step, None, "no AD bit from a resolver that validates") for step in steps),
                Fix("have the zone signed (DNSSEC), or take the TLSA records away"),
            )


def _unsure(host: DaneHost) -> str:
    return f"it is not known whether the addresses of {host.host} are signed"
