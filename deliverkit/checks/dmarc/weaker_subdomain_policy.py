"""The policy for subdomains (``sp``) is weaker than that of the domain (``p``).

## Why it matters
Who may not send as the domain sends as ``billing.`` before it, and receivers deliver that.

## Example
```zone
$ORIGIN below.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@below.example"
```

## Use instead
```zone
$ORIGIN below.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@below.example"
```

## References
- RFC 9989 §4.7: sp holds for subdomains that exist, and where np is missing for all others.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import tag_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("DMARC012", severity=Severity.WARNING, references=(rfc(9989, "4.7"),), since="0.1")
def weaker_subdomain_policy(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """Below p, where sp has an effect."""
    yield from without_record(found)
    text = found.published
    if text is None or text.record.falls_back or found.policy_domain != found.walk.organizational_domain:
        return
    policies = text.record.policies
    if "sp" in policies and policies["sp"] < policies["p"]:
        yield Finding(
            f"{found.policy_domain} asks for {policies['sp'].word} where mail comes from a subdomain, so anybody can "
            "send as one",
            (tag_evidence(text, text.record, "sp"),),
            Fix(
                "look in the reports for subdomains that send; give each of those a record of its own, then take sp "
                "out; names that do not exist can have np=reject at once"
            ),
        )
