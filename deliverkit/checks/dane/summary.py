"""What the DANE area comes to: whether senders that know DANE can rely on the exchangers' certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.summing_up import but, without, worst
from deliverkit.checks.wording import count
from deliverkit.facts.dane import DaneHosts, Security
from deliverkit.facts.dealings import DaneSenders
from deliverkit.facts.ruling import Does
from deliverkit.model import Absent, Result, Verdict
from deliverkit.standards.names import to_readable

NEEDS: tuple[type, ...] = (DaneHosts, DaneSenders)

_WAY = (
    "A sender that knows DANE insists on TLS there, and delivers only where the certificate is the one that the DNS "
    "names; it does not look at MTA-STS then."
)


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on the exchangers' TLSA records, from the fact in ``NEEDS`` and the area's results."""
    found = facts[DaneHosts]
    if not isinstance(found, DaneHosts):
        return without("DANE", found)
    domain = to_readable(found.domain)
    if not found.protected:
        failures = [host.tlsa.failure for host in found.hosts if host.tlsa.failure]
        if failures:
            return Verdict(f"Cannot tell whether DANE protects mail to {domain}: {failures[0]}.")
        return Verdict(f"{domain} has no DANE: no exchanger of it has a TLSA record.")
    secure = [host for host in found.protected if found.security(host) is Security.SECURE and host.usable]
    if secure:
        shown = _shown(facts[DaneSenders])
        return Verdict(f"DANE protects mail to {domain}: {_whose(found, len(secure))}{shown}{but(results)}.", _WAY)
    if any(found.security(host) is Security.UNKNOWN for host in found.protected):
        return Verdict(f"{domain} has TLSA records, and whether they are secure cannot be told: {found.doubt}.")
    return Verdict(f"DANE has no effect for {domain}{worst(results)}.")


def _shown(senders: object) -> str:
    """That the hosts were looked at and are well; empty where they were not, or are not."""
    if not isinstance(senders, DaneSenders) or any(one.ruling.does is not Does.DELIVERS for one in senders.dealings):
        return ""
    return ", and every certificate is one that they name"


def _whose(found: DaneHosts, secure: int) -> str:
    if secure == len(found.hosts):
        return "every exchanger has secure TLSA records"
    verb = "has" if secure == 1 else "have"
    return f"{secure} of {count(len(found.hosts), 'exchanger')} {verb} secure TLSA records"
