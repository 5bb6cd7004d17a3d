"""Who is at fault where an expectation was not met, as far as that is known: the host, the script, or an option."""

from __future__ import annotations

from deliverkit.checks.in_place import came, replies_met
from deliverkit.checks.misfits import misfit_in
from deliverkit.checks.offers import lack_behind
from deliverkit.checks.smtp.wording import refusing
from deliverkit.checks.wrong_door import wrong_door
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import Unmet
from deliverkit.standards.smtp.dialogue import Exchange


def told_of(one: Conversation, deed: str) -> str:
    """What a conversation comes to in which an expectation was not met: ``deed`` is what the host did."""
    unmet, reply = replies_met(one)[0]
    lack = lack_behind(one, unmet, reply)
    if one.early:
        return _and(deed, "says a reply that nothing had asked for", one)
    if lack:
        return f"{deed}, but {lack.does}; {lack.without or f'line {unmet.line} wants it'}"
    if reply and reply.reply.severity > 3:
        return _and(deed, _refusing(one, reply), one)
    return f"{deed}; {_otherwise(unmet, reply)}"


def _refusing(one: Conversation, refusal: Exchange) -> str:
    elsewhere = wrong_door(one, refusal, "")
    return elsewhere.does if elsewhere else refusing(one, refusal)


def _and(deed: str, fault: str, one: Conversation) -> str:
    """The fault, and before it that the message was taken all the same."""
    return f"{deed}, but {fault}" if one.has_delivered else fault


def _otherwise(unmet: Unmet, reply: Exchange | None) -> str:
    """That the script is at fault, or what was wanted and what came."""
    misfit = misfit_in(unmet, reply)
    if misfit:
        return f"the script is at fault: line {unmet.line} wants {unmet.wanted}, and {misfit} (RFC 5321 §4.3.2)"
    words = f"line {unmet.line} wants {unmet.wanted}, got {came(unmet)}"
    return f"the script itself cannot go on: {words}" if unmet.is_of_the_script else words
