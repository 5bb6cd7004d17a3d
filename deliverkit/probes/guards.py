"""Guards the hosts of others, before anything is connected: this machine's and its neighbours' are nobody's but ours.

What may be held with those of strangers is ruled in `strangers`.
"""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.classes import Frozen
from deliverkit.clients import Clients
from deliverkit.facts.conversing import Refused
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.observations.smtp import Call
from deliverkit.script import Script


class Turn(Frozen):
    """A conversation that is to be held: with whom, and the script with everything filled in."""

    host: SmtpHost
    call: Call
    script: Script


class Counted(Frozen):
    """The recipients that were counted before the conversations, and under which names."""

    names: tuple[str, ...] = ()
    recipients: int = 0


async def permit(domain: str, clients: Clients, turns: Sequence[Turn]) -> Counted | Refused:
    """Whether the conversations may be held; the recipients that they try are counted then."""
    guard = clients.guard
    if guard is None:
        return Counted()
    strange = [turn for turn in turns if turn.call not in guard.permitted and not guard.is_near(turn.call)]
    if not strange:
        return Counted()
    from deliverkit.probes.strangers import ruled

    ruling = await ruled(domain, clients, guard, strange)
    if isinstance(ruling, Counted):
        guard.permitted.update(turn.call for turn in strange)
    return ruling


async def settle(clients: Clients, counted: Counted, held: Sequence[Conversation]) -> None:
    """Give back the recipients that were counted and not tried, or that got a message: that was mail, and no probe."""
    if clients.guard is None or not counted.recipients:
        return
    from deliverkit.probes.strangers import give_back

    await give_back(clients.guard, counted, held)
