"""A mail host still speaks TLS 1.0 or 1.1, or SSL 3.0, beside newer versions.

## Why it matters
On port 25 it is a blemish and no more: a sender that can do better agrees on the newest version that both speak, and
for one that cannot, old TLS is better than plain text. The standards forbid these versions all the same, and those who
audit a mail server ask for it. It is known only where `--protocols` has each version tried.

## Example
```world
like = "smtp-good"
protocols = true

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
tls = "every"

[[smtp]]
address = "2a11:db8:2::25"
name = "mx2.good.example"
tls = "every"
```

## Use instead
```world
like = "smtp-good"
protocols = true
```

## References
- RFC 7568 §3: SSL 3.0 must not be used.
- RFC 8996 §1: TLS 1.0 and 1.1 must not be used.
- RFC 9325 §3.1.1: TLS 1.2 must be there, and 1.3 should.
- RFC 7435 §3: where nothing is demanded, weak encryption is better than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from deliverkit.checks.registry import check
from deliverkit.checks.tls.hellos import hello_words, words_of
from deliverkit.checks.wording import joined
from deliverkit.facts.tls import TlsProtocols
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc, unknown

if TYPE_CHECKING:
    from deliverkit.facts.tls_version import TlsVersion

_OLD = frozenset({"ssl3", "1.0", "1.1"})  # RFC 7568 §3, RFC 8996 §1


@check(
    "TLS011",
    severity=Severity.NOTE,
    references=(rfc(7568, "3"), rfc(8996, "1"), rfc(9325, "3.1.1"), rfc(7435, "3")),
    since="0.1",
)
def old_tls_beside_new(protocols: TlsProtocols) -> Iterator[Finding | Absent]:
    """Each host at which an old version was agreed on, and a newer one, too."""
    if not protocols.hosts:
        yield not_applicable("no host speaks TLS")
    for versions in protocols.hosts:
        old = [one for one in versions if one.version in _OLD]
        spoken = [one for one in old if one.is_spoken]
        is_newer = any(one.is_spoken for one in versions if one not in old)
        yield from (_untold(one) for one in old if one.is_spoken is None)
        if spoken and is_newer:
            yield _finding(spoken)


def _finding(spoken: Sequence[TlsVersion]) -> Finding:
    from deliverkit.standards.tls.suites import suite_name, version_name  # which few runs need

    endpoint = spoken[0].conversation.host.endpoint
    names = joined([version_name(one.version) for one in spoken])
    return Finding(
        f"{endpoint} still speaks {names} beside newer versions, which on port 25 is better than plain text",
        tuple(Evidence(f"{endpoint}: {version_name(one.version)}, {suite_name(one.suites[0])}") for one in spoken),
        Fix(
            "once the log shows no sender that needs them, switch them off "
            "(Postfix: smtpd_tls_protocols = >=TLSv1.2 and the same for smtpd_tls_mandatory_protocols)"
        ),
    )


def _untold(one: TlsVersion) -> Absent:
    return unknown(f"{words_of(one)}: {hello_words(one.conversation)}")
