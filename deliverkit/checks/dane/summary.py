"""What the DANE area comes to: whether senders that know DANE can rely on the exchangers' certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.summing_up import but, without, worst
from deliverkit.checks.wording import count
from deliverkit.facts.dane import DaneHost, DaneHosts, Security
from deliverkit.facts.dealings import DaneSenders
from deliverkit.facts.ruling import Does
from deliverkit.model import Absent, Result, Verdict
from deliverkit.standards.names import to_readable

NEEDS: tuple[type, ...] = (DaneHosts, DaneSenders)

_WAY = (
    "A sender that knows DANE insists on TLS there, and delivers only where the certificate is the one that the DNS "
    "names; it does not look at MTA-STS then."
)

_CERTIFICATES = "whether the certificates are those that they name"


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
        return Verdict(_protecting(found, secure, facts[DaneSenders], but(results)), _WAY)
    if any(found.security(host) is Security.UNKNOWN for host in found.protected):
        return Verdict(f"{domain} has TLSA records, and whether they are secure cannot be told: {found.doubt}.")
    return Verdict(f"DANE has no effect for {domain}{worst(results)}.")


def _protecting(found: DaneHosts, secure: Sequence[DaneHost], senders: object, faults: str) -> str:
    """That there are secure records; that they protect is said only where a certificate was held against them."""
    domain, whose = to_readable(found.domain), _whose(found, len(secure))
    if not isinstance(senders, DaneSenders):
        return f"{domain} has DANE: {whose}; {_CERTIFICATES} was not looked at{faults}."
    doubts = [one.ruling.reason for one in senders.dealings if one.ruling.does is Does.CANNOT_TELL]
    if len(doubts) == len(senders.dealings):
        return f"{domain} has DANE: {whose}; {_CERTIFICATES} cannot be told: {doubts[0]}{faults}."
    where = ", but at some addresses that cannot be told" if doubts else ""
    is_well = not doubts and all(one.ruling.does is Does.DELIVERS for one in senders.dealings)
    shown = ", and every certificate is one that they name" if is_well else ""
    return f"DANE protects mail to {domain}: {whose}{shown}{where}{faults}."


def _whose(found: DaneHosts, secure: int) -> str:
    if secure == len(found.hosts):
        return "every exchanger has secure TLSA records"
    verb = "has" if secure == 1 else "have"
    return f"{secure} of {count(len(found.hosts), 'exchanger')} {verb} secure TLSA records"
