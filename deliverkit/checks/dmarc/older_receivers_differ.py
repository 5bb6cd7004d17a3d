"""Receivers that still follow RFC 7489 and the Public Suffix List act on another policy.

## Why it matters
Not all receivers have moved to RFC 9989. The older ones know neither ``np`` nor ``psd`` nor ``t``, and look for
a record at the domain and at its Organizational Domain alone, which they take from the Public Suffix List.

## Example
```zone
$ORIGIN both.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; np=reject; rua=mailto:dmarc@both.example"
```

## Use instead
```zone
$ORIGIN both.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@both.example"
```

## References
- RFC 9989 §4.10: the tree walk, in place of the list.
- RFC 7489 §6.6.3: how older receivers find the policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc, unknown
from deliverkit.standards.dmarc.effective import Effective, Scope


@check("DMARC024", severity=Severity.NOTE, references=(rfc(9989, "4.10"), rfc(7489, "6.6.3")), since="0.1")
def older_receivers_differ(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """Another policy for the domain, or for a subdomain of it."""
    yield from without_record(found)
    if found.published is None:
        return
    for scope in Scope:
        today, older = found.effective(scope), found.by_list(scope)
        if older is None:
            yield unknown(f"what older receivers find for {_whom(scope, found.domain)} could not be looked up")
        elif today.policy != older.policy:
            whom = _whom(scope, found.domain)
            yield Finding(f"receivers by RFC 7489 act on {_word(older)} for {whom}, those of today on {_word(today)}")


def _word(effective: Effective) -> str:
    return "no policy" if effective.policy is None else effective.policy.word


def _whom(scope: Scope, domain: str) -> str:
    return {
        Scope.DOMAIN: domain,
        Scope.SUBDOMAIN: f"subdomains of {domain}",
        Scope.MISSING: f"subdomains of {domain} that do not exist",
    }[scope]
