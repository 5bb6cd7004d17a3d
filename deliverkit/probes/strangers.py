"""What may be held with the hosts of strangers: which scripts, and how many recipients may be tried in a day.

What never happens is ruled here, before anything is connected: raw octets, early talk and other people's tricks go to
loopback, private addresses and hosts proved one's own; and no script becomes a loop over recipients.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from deliverkit.clients import Clients
from deliverkit.clients.alone import aside
from deliverkit.clients.guard import Guard
from deliverkit.clients.trace import together
from deliverkit.errors import UsageError
from deliverkit.facts.conversing import Refused
from deliverkit.facts.smtp import Conversation
from deliverkit.model import Outcome
from deliverkit.probes.guards import Counted, Turn
from deliverkit.script.judging import is_restricted, rcpt_probes, tried_domains
from deliverkit.standards.smtp.dialogue import MESSAGE, Exchange

if TYPE_CHECKING:  # few scripts need a proof
    from deliverkit.probes.ownership import Proof
    from deliverkit.script import Script
    from deliverkit.standards.smtp.target import SmtpTarget

_ONLY_FOR = "only for hosts on loopback, at private addresses, or proved one's own"
_PROBES = frozenset({"RCPT", "VRFY", "EXPN"})


def whom_it_is_for(script: Script, targets: Iterable[SmtpTarget]) -> str:
    """What is known of a restricted script before anybody is asked, as a clause; empty: it may be held with all."""
    if not is_restricted(script):
        return ""
    far = [target for target in targets if not target.is_near]
    public = next((target.host for target in far if target.is_address), "")
    if public:
        own = f"if it is yours, deliverkit own {public} says what to publish"
        return f"is {_ONLY_FOR}, and {public} is a public address ({own})"
    return f"is {_ONLY_FOR} (deliverkit own HOST prints how)" if far else ""


async def ruled(domain: str, clients: Clients, guard: Guard, turns: Sequence[Turn]) -> Counted | Refused:
    """Whether the conversations may be held; the recipients that they try are counted then."""
    suspect = [turn for turn in turns if is_restricted(turn.script) or rcpt_probes(turn.script)]
    try:
        proofs = await _proofs(suspect, clients, guard)
        others = [turn for turn in suspect if not proofs[turn.call.address].is_own]
        refusal = _unproved(others, proofs) or await _over_the_cap(domain, others, guard, proofs)
    except UsageError as error:
        refusal = str(error)
    return Refused(Outcome.UNKNOWN, refusal) if refusal else _counted(domain, others)


async def _proofs(turns: Sequence[Turn], clients: Clients, guard: Guard) -> dict[str, Proof]:
    """The proof of each address. Asked of the network itself: records that are only proposed prove nothing."""
    addresses = list(dict.fromkeys(turn.call.address for turn in turns))
    if not addresses:
        return {}
    from deliverkit.probes.ownership import prove

    key = await aside(guard.key)
    resolver = clients.live or clients.resolver
    found = await together(partial(prove, address, resolver, key) for address in addresses)
    return dict(zip(addresses, found, strict=True))


def _unproved(turns: Iterable[Turn], proofs: dict[str, Proof]) -> str:
    """Why the first host with which a restricted script was to be held is refused; empty: there is none."""
    turn = next((turn for turn in turns if is_restricted(turn.script)), None)
    if turn is None:
        return ""
    return (
        f"the script is {_ONLY_FOR}, and {turn.host.endpoint} is none of these: {_way(turn, proofs[turn.call.address])}"
    )


def _way(turn: Turn, proof: Proof) -> str:
    if not proof.names and turn.host.is_named:
        name = turn.host.name
        return f"give {turn.call.address} the reverse name {name}, and publish what deliverkit own {name} prints"
    if not proof.names:
        return f"give {turn.call.address} a reverse name, then publish what deliverkit own {turn.call.address} prints"
    name = turn.host.name if turn.host.name in proof.names else proof.names[0]
    return f"if it is yours, publish the record that deliverkit own {name} prints"


async def _over_the_cap(domain: str, turns: Sequence[Turn], guard: Guard, proofs: dict[str, Proof]) -> str:
    """Why no more recipients may be tried there now; empty: they may, and are counted."""
    counted = _counted(domain, turns)
    if not counted.recipients:
        return ""
    free = await aside(partial(guard.ledger().take, counted.names, counted.recipients))
    if free is None:
        return ""
    from deliverkit.clients.ledger import MOST_TRIED

    again = datetime.fromtimestamp(free, UTC)
    return (
        f"at most {MOST_TRIED} recipients a day are tried at hosts that are not proved one's own, and "
        f"{counted.names[0]} has had its share: again from {again:%Y-%m-%d %H:%M} UTC; or, "
        f"for each host of yours: {_way(turns[0], proofs[turns[0].call.address])}"
    )


def _counted(domain: str, turns: Sequence[Turn]) -> Counted:
    """How many recipients are tried, and where: the domain, a host that was named itself, the recipients' domains.

    The same recipient at every exchanger of a domain is one question, so the host that is asked most counts.
    """
    addressed = sorted(turns, key=lambda turn: turn.call.address)
    asked = groupby(addressed, key=lambda turn: turn.call.address)
    count = max((sum(rcpt_probes(turn.script) for turn in group) for _, group in asked), default=0)
    there = [domain] if domain else [name for turn in turns for name in (turn.host.name, turn.call.address)]
    recipients = sorted({one for turn in turns for one in tried_domains(turn.script)})
    return Counted(tuple(dict.fromkeys([*there, *recipients])), count)


async def give_back(guard: Guard, counted: Counted, held: Sequence[Conversation]) -> None:
    """Give back the recipients that were counted and not tried, or that got a message: that was mail, and no probe."""
    tried: dict[str, int] = {}
    for one in held:
        tried[one.host.address] = tried.get(one.host.address, 0) + tried_in_vain(one.exchanges)
    unused = counted.recipients - max(tried.values(), default=0)
    if unused > 0:
        await aside(partial(guard.ledger().give_back, counted.names, unused))


def tried_in_vain(exchanges: Iterable[Exchange]) -> int:
    """How many recipients were asked about without a message for them that was taken."""
    tried, taken = 0, 0
    for one in exchanges:
        if one.verb in _PROBES:
            tried += 1
            taken += one.verb == "RCPT" and one.reply.severity == 2
        elif one.verb == MESSAGE and one.reply.severity == 2:
            tried, taken = tried - taken, 0
        elif one.verb in {"MAIL", "RSET", "EHLO", "HELO", "LHLO"}:
            taken = 0
    return tried
