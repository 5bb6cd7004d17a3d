"""Hosts that take the connection, and where no mail host greets: whether that is said of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.checks.smtp.cut_off import ENDING, where
from deliverkit.checks.smtp.wording import said
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import End
from deliverkit.standards.smtp.reply import Reply

_ENDED = frozenset({*ENDING, End.FLOODED})
_TAKES_NONE = 521  # RFC 7504 §3: a host that takes no mail at all greets with it
LEAST = 25.0  # seconds of silence that say something; senders wait for five minutes: RFC 5321 §4.5.3.2.1


def is_dead(one: Conversation) -> bool:
    """Whether no mail host greets there: none can be heard, or what is heard is no greeting (RFC 5321 §3.1)."""
    if not one.is_connected:
        return not one.is_unrecorded
    if one.greets_in_the_clear:
        return False
    greeting = one.greeting
    if greeting is None:
        return one.transcript.end in _ENDED and not is_hasty(one)
    return greeting.reply.severity not in {2, 4, 5} or is_closed_to_all(one)


def is_hasty(one: Conversation) -> bool:
    """Whether it kept silent, and was given no time worth speaking of."""
    return one.transcript.end is End.SILENT and one.transcript.elapsed < LEAST


def is_closed_to_all(one: Conversation) -> bool:
    """Whether it greets with the words that it takes mail from nobody, for good."""
    reply = one.greeting.reply if one.greeting else None
    return reply is not None and reply.severity == 5 and is_about_itself(reply)


def is_about_itself(reply: Reply) -> bool:
    """Whether the code is about the host, and not about who asks: X.3.Z is the mail system (RFC 3463 §3.4)."""
    return reply.code == _TAKES_NONE or reply.enhanced[1:].startswith(".3.")


def turns_us_away(one: Conversation) -> bool:
    """Whether it says no, or ends, before any mail is spoken of: that may be about this machine."""
    is_begun = any(found.verb in {"EHLO", "HELO"} and found.reply.severity == 2 for found in one.exchanges)
    return not is_dead(one) and (one.refusal is not None or (one.is_cut_off and not is_begun))


def why_unwelcome(held: Sequence[Conversation]) -> str:
    """Why it is not known whether these, none of which takes mail from here, take it from others."""
    if any(one.greeting is None and is_hasty(one) for one in held):
        return f"no host greeted in the time it was given ({done_by(held)}), and senders wait for five minutes"
    refusals = [one.refusal.reply for one in held if one.refusal]
    if len(refusals) == len(held) and all(map(is_about_itself, refusals)):
        return f"no host takes mail at this moment ({done_by(held)})"
    return f"no host takes mail from this machine ({done_by(held)}), and that may be about this machine alone"


def does(one: Conversation) -> str:
    """What it does in place of a greeting that lets mail in, as a clause without its subject."""
    if not one.is_connected:
        return "takes no connection"
    if one.refusal:
        return f"says {said(one.refusal)}"
    if one.transcript.end is End.FLOODED:
        return "greets without end"
    if one.greeting and one.greeting.reply.severity != 2:
        return f"says {said(one.greeting)}, which is no greeting"
    if one.transcript.end is End.SILENT and one.greeting is None:
        return "says nothing"
    return f"{ENDING.get(one.transcript.end, 'ends')} {where(one)}"


def done_by(held: Sequence[Conversation]) -> str:
    """What all of them do, each kind once and the commonest first."""
    told = [does(one) for one in held]
    kinds = sorted(dict.fromkeys(told), key=told.count, reverse=True)
    if len(kinds) == 1:
        return f"{'each' if len(told) > 1 else 'it'} {kinds[0]}"
    some = [f"{told.count(kind)} of them: {kind}" for kind in kinds[:3]]
    return "; ".join([*some, *(["and more"] if len(kinds) > 3 else [])])
