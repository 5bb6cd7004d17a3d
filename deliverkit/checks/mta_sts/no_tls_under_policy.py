"""A mail host has no TLS that works, or none newer than 1.1, and the MTA-STS policy that senders enforce demands it.

## Why it matters
Senders that know MTA-STS, Google, Microsoft and Yahoo among them, do not deliver to it. Where no other exchanger is
left, mail waits and bounces after days.

## Example
```world
like = "tls-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
certificate = ""
```

## Use instead
```world
like = "tls-good"
```

## References
- RFC 8461 §4: the exchanger has to support STARTTLS.
- RFC 8461 §5: in mode enforce senders must not deliver where it does not.
- RFC 8461 §7.2: TLS is 1.2 or newer.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dealings import dealing_evidence
from deliverkit.checks.mta_sts.senders import by_host, judged_in
from deliverkit.checks.registry import check
from deliverkit.facts.dealings import StsSenders
from deliverkit.facts.ruling import Fault
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.mta_sts.policy import Mode


@check("STS023", severity=Severity.ERROR, references=(rfc(8461, "4"), rfc(8461, "5"), rfc(8461, "7.2")), since="0.1")
def no_tls_under_policy(senders: StsSenders) -> Iterator[Finding | Absent]:
    """In mode enforce, each host of the policy that offers no STARTTLS, refuses it, or has no TLS that may be used."""
    yield from judged_in(senders, Mode.ENFORCE)
    for host, dealings in by_host(senders, Mode.ENFORCE, Fault.TLS):
        yield Finding(
            _message(senders, host),
            dealing_evidence(dealings),
            Fix("switch STARTTLS on there, with TLS 1.2 or newer, or take the host out of the MX"),
        )


def _message(senders: StsSenders, host: str) -> str:
    if senders.is_all_deferred:
        return f"mail from senders that know MTA-STS is being deferred for want of TLS at {host}"
    return f"senders that know MTA-STS pass over {host} for want of TLS"
