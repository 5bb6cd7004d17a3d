"""The exchangers belong to two mailbox providers, so each of them gets a part of the mail.

## Why it matters
A mailbox lives at one provider. What a sender delivers to the other's exchanger is refused there, or ends in a
mailbox that nobody opens. It is what a half-done change of provider looks like.

## Example
```zone
$ORIGIN torn.example.
@  MX  1   smtp.google.com.
@  MX  10  torn-example.mail.protection.outlook.com.
```

## Use instead
```zone
$ORIGIN torn.example.
@  MX  10  torn-example.mail.protection.outlook.com.
```

## References
- RFC 5321 §5.1: a sender may deliver to any of the exchangers, so all of them have to take the mail.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence, listed
from deliverkit.facts import MailHosts
from deliverkit.facts.provider import ProviderKind
from deliverkit.model import Finding, Fix, Severity, rfc

_MAILBOXES = {ProviderKind.MAILBOX, ProviderKind.CONSUMER}


@check("MX034", severity=Severity.WARNING, references=(rfc(5321, "5.1"),), since="0.1")
def two_mailbox_providers(hosts: MailHosts) -> Iterator[Finding]:
    """Mailboxes at more than one provider."""
    own = [host for host in hosts.hosts if host.provider is not None and host.provider.kind in _MAILBOXES]
    first = {host.provider.name: host for host in reversed(own) if host.provider is not None}
    if len(first) > 1:
        names = sorted(first)
        evidence = (line for name in names for line in exchange_evidence(hosts.mx, first[name].host, f"is {name}"))
        yield Finding(
            f"the exchangers belong to {listed(names)}, and each gets a part of the mail",
            tuple(evidence),
            Fix("keep the exchangers of the provider that holds the mailboxes, and remove the others'"),
        )
