"""Words for what DANE senders do at the hosts, which the checks that need conversations share."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.facts.dealings import DaneDealing, DaneSenders
from deliverkit.facts.ruling import DEMANDS_NOTHING, Does, Fault
from deliverkit.model import Absent, not_applicable, unknown


def without_ruling(senders: DaneSenders) -> Iterator[Absent]:
    """What cannot be told of the hosts, and that there is nothing to judge."""
    ruled = False
    for one in senders.dealings:
        does = one.ruling.does
        if does is Does.CANNOT_TELL:
            yield unknown(f"{one.conversation.host.endpoint}: {one.ruling.reason}")
        ruled |= does not in DEMANDS_NOTHING
    if not ruled:
        yield not_applicable("no exchanger has TLSA records that senders act on")


def by_host(senders: DaneSenders, fault: Fault) -> Iterator[tuple[str, list[DaneDealing]]]:
    """The hosts at which mail is held back for it, each with its addresses' dealings."""
    found: dict[str, list[DaneDealing]] = {}
    for one in senders.with_fault(fault):
        found.setdefault(one.conversation.host.name, []).append(one)
    yield from found.items()


def what_follows(senders: DaneSenders) -> str:
    """What it means for the mail."""
    if senders.is_all_deferred:
        return "so mail from senders that know DANE is being deferred"
    return "so senders that know DANE do not deliver there"
