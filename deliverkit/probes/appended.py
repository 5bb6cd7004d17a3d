"""The zones that a DNS host's form may have appended to a name that was entered in full."""

from __future__ import annotations

from deliverkit.standards.dmarc.public_suffix import registered_domain
from deliverkit.standards.names import is_within


def appended_zones(domain: str, zone: str | None) -> tuple[str, ...]:
    """The domain, and the zone in which it lies where that is another and no public suffix (RFC 1035 §5.1)."""
    if zone is None or zone == domain or not is_within(domain, zone) or registered_domain(zone) is None:
        return (domain,)
    return domain, zone
