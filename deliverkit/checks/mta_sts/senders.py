"""Words for what MTA-STS senders do at the hosts, which the checks that need conversations share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deliverkit.facts.dealings import DaneSenders, StsDealing, StsSenders, pinned_by
from deliverkit.facts.ruling import Does, Fault
from deliverkit.model import Absent, Severity, not_applicable, unknown
from deliverkit.standards.mta_sts.policy import Mode


def judged_in(senders: StsSenders, mode: Mode) -> Iterator[Absent]:
    """Why there is nothing to judge, or what of the hosts cannot be told."""
    if senders.mode is not mode:
        yield not_applicable(f"the policy is in mode {senders.mode}" if senders.mode else "there is no policy")
        return
    for one in senders.dealings:
        if one.ruling.does is Does.CANNOT_TELL:
            yield unknown(f"{one.conversation.host.endpoint}: {one.ruling.reason}")


def by_host(senders: StsSenders, mode: Mode, *faults: Fault) -> Iterator[tuple[str, list[StsDealing]]]:
    """The hosts that do not fit for that, where the policy is in the mode, each with its addresses' dealings."""
    found: dict[str, list[StsDealing]] = {}
    for one in senders.dealings if senders.mode is mode else ():
        if one.ruling.fault in faults:
            found.setdefault(one.conversation.host.name, []).append(one)
    yield from found.items()


def what_follows(senders: StsSenders, matters: Severity = Severity.ERROR) -> str:
    """What it means for the mail under enforce."""
    alone = " and not DANE" if matters is Severity.NOTE else ""
    if senders.is_all_deferred:
        return f"so mail from senders that know MTA-STS{alone} is being deferred"
    return f"so senders that know MTA-STS{alone} pass over it"


def weight(dealings: Sequence[StsDealing], dane: DaneSenders | Absent) -> Severity:
    """How much it matters: little where TLSA records name the certificate itself, for DANE goes before MTA-STS."""
    pinned = pinned_by(dane)
    is_pinned = all(one.ruling.fault is Fault.CERTIFICATE and one.conversation.host in pinned for one in dealings)
    return Severity.NOTE if is_pinned else Severity.ERROR
