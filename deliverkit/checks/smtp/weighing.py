"""How much an expectation matters that was not met."""

from __future__ import annotations

from deliverkit.checks.smtp.wording import SENDING
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Severity
from deliverkit.observations.smtp import Unmet
from deliverkit.script.matching import describe
from deliverkit.standards.smtp.dialogue import Exchange


def weight_of(found: Conversations, one: Conversation, unmet: Unmet, reply: Exchange | None) -> Severity:
    """How much it can matter at most, with the reply that came in its place.

    A script of one's own is a test, and whatever it does not get is an error. Of one that
    ships it depends on what became of the mail.
    """
    from deliverkit.checks.trials import trial_of  # which conversations that go well do without
    from deliverkit.script.shelf import shipped

    trial = trial_of(found.conversing, one, unmet)
    if trial:
        return trial.at_most
    if found.conversing.name not in shipped():
        return Severity.ERROR
    refusal = reply if reply and reply.reply.severity > 3 else None
    if _is_leaving(one, unmet, refusal.verb if refusal else ""):
        return Severity.WARNING  # RFC 5321 §4.1.1.10 wants 221; but what QUIT ends was settled before
    is_sent = found.conversing.name in SENDING and any(other.has_delivered for other in found.held)
    if not is_sent or one.has_delivered:
        return Severity.ERROR
    # RFC 5321 §5.1: a sender went on to the next host, as it should, and that one took the message
    return Severity.NOTE if refusal and refusal.reply.severity == 4 else Severity.WARNING


def _is_leaving(one: Conversation, unmet: Unmet, verb: str) -> bool:
    """Whether it went wrong when all was done but to say goodbye, and not before, where QUIT was said because of it."""
    return verb == "QUIT" or (
        one.was_leaving and not any(describe(found.reply) == unmet.got for found in one.exchanges)
    )
