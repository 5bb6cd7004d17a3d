"""The certificate of a mail host is not the one that its TLSA records name.

## Why it matters
Senders that know DANE, Microsoft and many in Germany and the Netherlands among them, do not deliver to it: mail waits,
and bounces after days. Most often a certificate was renewed with a new key, and the record was left as it was.

## Example
```world
like = "tls-good"
remove = ["_25._tcp.mx2.good.example. TLSA 3 1 1 {spki:mx2.good.example}"]
add = "_25._tcp.mx2 TLSA 3 1 1 b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"
```

## Use instead
```world
like = "tls-good"
```

## References
- RFC 7672 §2.2: where no record matches, the sender does not deliver to the host.
- RFC 7672 §3.1: how a record and a certificate are compared.
- RFC 7671 §8.1: the record of a new key is published before the key is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deliverkit.checks.dane.senders import by_host, what_follows, without_ruling
from deliverkit.checks.dane.wording import SHOWN
from deliverkit.checks.dealings import dealing_evidence
from deliverkit.checks.registry import check
from deliverkit.checks.wording import label_in_zone
from deliverkit.facts import MxSet
from deliverkit.facts.dealings import DaneDealing, DaneSenders
from deliverkit.facts.ruling import Fault
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, ZoneLine, rfc
from deliverkit.standards.dane import DaneOutcome, data_for


@check(
    "DANE009",
    severity=Severity.ERROR,
    references=(rfc(7672, "2.2"), rfc(7672, "3.1"), rfc(7671, "8.1")),
    since="0.1",
)
def tlsa_matches_no_certificate(senders: DaneSenders, mx: MxSet | Absent) -> Iterator[Finding | Absent]:
    """Each host with secure, usable records none of which holds for the chain that it shows."""
    yield from without_ruling(senders)
    for host, dealings in by_host(senders, Fault.CERTIFICATE):
        records = dealings[0].host.records[:SHOWN] if dealings[0].host else ()
        yield Finding(
            f"at {host} {dealings[0].ruling.reason}, {what_follows(senders)}",
            (*dealing_evidence(dealings), *(Evidence(str(one.resource_record)) for one in records)),
            _fix(dealings, mx),
        )


def _fix(dealings: Sequence[DaneDealing], mx: MxSet | Absent) -> Fix:
    """The records of the keys that are shown; where an authority is named, its certificates have to be put right.

    None is taken away here: one that names nothing today may be that of the next key (RFC 7671 §8.1).
    """
    host = dealings[0].host
    if host is None or any(one.outcome is not DaneOutcome.DIFFERS for one in dealings):
        return Fix("give it a certificate that this authority signed, valid and for the host's name")
    shakes = (one.conversation.transcript.handshake for one in dealings)
    shown = dict.fromkeys(data_for(shake.certificates[0]) for shake in shakes if shake and shake.certificates)
    first = host.records[0].resource_record
    label = f"{first.name}." if isinstance(mx, Absent) else label_in_zone(mx, first.name)
    return Fix(
        "if the certificate is yours, publish the digest of its key, and take away the records of keys that are gone",
        add=tuple(ZoneLine(first.name, label, first.ttl, "TLSA", data) for data in shown if data),
    )
