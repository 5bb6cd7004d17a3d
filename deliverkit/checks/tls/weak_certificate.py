"""The certificate of a mail host has a weak key, or a weak signature.

## Why it matters
An RSA key under 2048 bits or a SHA-1 signature can be forged by those who care enough, and many TLS libraries refuse
them by now: such senders cannot shake hands.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
certificate = "weak-key"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 9325 §4.5: RSA keys have at least 2048 bits, and SHA-1 is not used.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.tls.wording import (
    certificate_evidence,
    shown_certificates,
    unseen,
)
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.certificates import Certificate

_LEAST = {"RSA": 2048, "EC": 224}  # bits: RFC 9325 §4.5


@check("TLS009", severity=Severity.NOTE, references=(rfc(9325, "4.5"),), since="0.1")
def weak_certificate(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each certificate of a host with a short RSA key, or signed with SHA-1 or MD5."""
    yield from unseen(conversations)
    for one, certificate in shown_certificates(conversations):
        weak = [*_weak_key(certificate), *_weak_signature(certificate)]
        if weak:
            yield Finding(
                f"the certificate of {one.host.endpoint} has {' and '.join(weak)}",
                (certificate_evidence(one, certificate),),
                Fix("get one with an EC key of 256 bits or an RSA key of 2048, signed with SHA-256"),
            )


def _weak_key(certificate: Certificate) -> Iterator[str]:
    kind, _, bits = certificate.key.partition("-")
    if bits.isdigit() and int(bits) < _LEAST.get(kind, 0):
        yield f"a key of {bits} bits ({kind})"


def _weak_signature(certificate: Certificate) -> Iterator[str]:
    if certificate.signature in {"sha1", "md5"} and not certificate.is_self_signed:  # nobody looks at a root's own
        yield f"a signature with {certificate.signature.upper()}"
