"""What senders do at a host's addresses, as evidence, for the checks of DANE and of MTA-STS."""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.facts.dealings import DaneDealing, StsDealing
from deliverkit.model import Evidence


def dealing_evidence(dealings: Sequence[DaneDealing] | Sequence[StsDealing]) -> tuple[Evidence, ...]:
    """Why mail is held back, or what does not fit, and at which addresses of the host that is so."""
    found: dict[str, list[str]] = {}
    for one in dealings:
        host = one.conversation.host
        at = host.endpoint.removeprefix(f"{host.name} ") if one.ruling.reason in found else host.endpoint
        found.setdefault(one.ruling.reason, []).append(at)
    return tuple(Evidence(f"{', '.join(at)}: {reason}") for reason, at in found.items())
