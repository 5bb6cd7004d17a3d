"""The name servers fail when they are asked for the TLSA records of an exchanger.

## Why it matters
A sender that knows DANE must not deliver while it cannot know whether there are such records: mail is being deferred.
Old name servers, and firewalls before them, that do not know the type are the usual cause.

## Example
```world
like = "transport-good"

[[faults]]
name = "_25._tcp.mx1.good.example"
type = "TLSA"
do = "servfail"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 7672 §2.1.2: after an error the host is not used, and mail waits.
- RFC 7672 §2.2.2: that holds for exchangers whose addresses are signed; of others nobody asks.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dane.wording import SHOWN
from deliverkit.checks.registry import check
from deliverkit.facts.dane import DaneHost, DaneHosts
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown


@check("DANE007", severity=Severity.ERROR, references=(rfc(7672, "2.1.2"), rfc(7672, "2.2.2")), since="0.1")
def tlsa_lookup_fails(found: DaneHosts) -> Iterator[Finding | Absent]:
    """SERVFAIL for TLSA at an exchanger whose addresses are signed, through a resolver that is well."""
    for host in found.hosts:
        if not host.tlsa.failure or _is_unsigned(found, host):
            continue
        if host.tlsa.is_withheld or host not in found.failing or not _is_well(found, host):
            yield unknown(host.tlsa.failure)
            continue
        answer = host.tlsa.answer
        yield Finding(
            f"the name servers fail for the TLSA of {host.host}, so senders that know DANE hold mail back",
            (
                Evidence(f"{answer.name} TLSA: {answer.status}"),
                *(Evidence(f"the resolver says: {error}") for error in answer.extended_errors[:SHOWN]),
            ),
            Fix("have its DNS host answer questions for any type, and sign the denial"),
        )


def _is_unsigned(found: DaneHosts, host: DaneHost) -> bool:
    """Whether senders do not ask at all (RFC 7672 §2.2.2)."""
    return bool(found.insecure(host))


def _is_well(found: DaneHosts, host: DaneHost) -> bool:
    """Whether the resolver finds other names, and says that the host's addresses are signed."""
    addresses = host.path[:-1]
    validates = found.validation is not None and found.validation.validates is True
    return validates and bool(addresses) and all(answer.authenticated for answer in addresses)
