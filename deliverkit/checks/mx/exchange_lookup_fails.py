"""The name servers of an exchanger's zone fail, so its address cannot be found.

## Why it matters
A sender tries the next exchanger, or defers the message where there is none. The exchanger may be in perfect
health: it is its name that cannot be resolved.

## Example
```world
target = "halfdeaf.example"

[[zones]]
origin = "halfdeaf.example"
text = '''
@    MX  10 mx1
@    MX  20 mx2
mx1  A   11.0.1.25
mx2  A   11.0.2.25
'''

[[faults]]
name = "mx2.halfdeaf.example"
do = "servfail"
```

## Use instead
```zone
$ORIGIN halfdeaf.example.
@    MX  10 mx1
@    MX  20 mx2
mx1  A   11.0.1.25
mx2  A   11.0.2.25
```

## References
- RFC 5321 §5.1: an exchanger must resolve to at least one address.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence
from deliverkit.facts import Lookup, MailHosts
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown


@check("MX024", severity=Severity.WARNING, references=(rfc(5321, "5.1"),), since="0.1")
def exchange_lookup_fails(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """SERVFAIL for an address of the exchanger."""
    for host in hosts.hosts:
        failing = [lookup for lookup in host.lookups if lookup.is_failing]
        yield from (unknown(found.failure) for found in host.lookups if found.failure and found not in failing)
        if failing:
            kinds = {"A": "IPv4 address", "AAAA": "IPv6 address"}
            what = "address" if len(failing) > 1 else kinds[failing[0].answer.rdtype]
            yield Finding(
                f"the {what} of {host.host} cannot be looked up: {_cause(failing)}",
                exchange_evidence(hosts.mx, host.host, f"{failing[0].answer.rdtype}: SERVFAIL"),
                Fix(f"look at the name servers of the zone that holds {host.host}"),
            )


def _cause(failing: list[Lookup]) -> str:
    if all(lookup.is_bogus for lookup in failing):
        return "the DNSSEC signatures of its zone do not verify"
    return "the name servers of its zone fail"
