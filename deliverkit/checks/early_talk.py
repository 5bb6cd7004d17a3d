"""Whether a host that says no to who talks before it has greeted says it for that: others get a no as well."""

from __future__ import annotations

from deliverkit.facts.smtp import Conversation
from deliverkit.standards.smtp.dialogue import Exchange

# What hosts say who look for it: Postfix's postscreen, Exim, Sendmail's greet_pause, and others in like words.
_WORDS = ("protocol error", "synchroni", "too early", "early talk", "before the greeting", "before greeting", "pipelin",
          "out of turn", "improper command", "not accepting messages", "greet pause", "greet_pause",
          "banner")  # fmt: skip


def other_reason(one: Conversation) -> Exchange | None:
    """The refusal that a host may have given to anybody, where it gave one; None: it is about early talk, or none."""
    refusal = next((found for found in one.exchanges if found.reply.severity in {4, 5}), None)
    return None if refusal is None or _is_about_it(refusal) else refusal


def _is_about_it(refusal: Exchange) -> bool:
    """By its words, or by its code: X.5.Z is about the protocol (RFC 3463 §3.6)."""
    text = refusal.reply.joined.lower()
    return refusal.reply.enhanced[1:].startswith(".5.") or any(word in text for word in _WORDS)
