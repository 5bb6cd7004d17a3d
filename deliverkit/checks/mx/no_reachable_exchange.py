"""No exchanger has an address that a sender can connect to, so no mail arrives.

## Why it matters
Every exchanger is missing, unresolvable or without a public address. Where the DNS says so for certain, the
message bounces; where name servers fail, senders retry for days first.

## Example
```zone
$ORIGIN dead.example.
@  MX  10 mx1
@  MX  20 mx2
```

## Use instead
```zone
$ORIGIN dead.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 5321 §5.1: MX records that lead to no address are an error; the domain's own address is not tried.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import count, listed
from deliverkit.facts import Expectations, MailHosts
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc, unknown
from deliverkit.standards.addresses import unroutable_kind


@check("MX010", severity=Severity.ERROR, references=(rfc(5321, "5.1"),), since="0.1", decides=True)
def no_reachable_exchange(hosts: MailHosts, expectations: Expectations) -> Iterator[Finding | Absent]:
    """Nothing to connect to, whichever exchanger a sender tries."""
    if not expectations.takes_mail:
        yield not_applicable("the profile expects no mail here")
        return
    addresses = [address for host in hosts.hosts for address in host.addresses]
    if hosts.is_implicit and not addresses:
        return  # no-mail-host says it
    if any(expectations.private_addresses or unroutable_kind(found.address) is None for found in addresses):
        return
    lookups = [lookup for host in hosts.hosts for lookup in host.lookups]
    unanswered = [lookup.failure for lookup in lookups if lookup.failure and not lookup.is_failing]
    if hosts.left_out:
        unanswered.append(hosts.failures[-1])
    yield from (unknown(failure) for failure in unanswered)
    if not unanswered:
        what, action = _failing(hosts) if hosts.failures else _missing(hosts)
        evidence = tuple(Evidence(str(record)) for record in hosts.mx.resource_records[:3])
        yield Finding(f"no sender can deliver to {hosts.mx.domain}: {what}", evidence, Fix(action))


def _failing(hosts: MailHosts) -> tuple[str, str]:
    """The name servers of the exchangers' zones fail."""
    names = listed([host.host for host in hosts.hosts if not host.is_resolved])
    return f"the addresses of {names} cannot be looked up", f"look at the name servers of the zones that hold {names}"


def _missing(hosts: MailHosts) -> tuple[str, str]:
    """The DNS says that there is no address."""
    names = listed([host.host for host in hosts.hosts]) or "an exchanger"
    return f"{_whose(hosts)} address to connect to", f"publish a public address for {names}"


def _whose(hosts: MailHosts) -> str:
    number = max(len(hosts.hosts), len(hosts.mx.records))
    return "its one exchanger has no" if number == 1 else f"none of its {count(number, 'exchanger')} has an"
