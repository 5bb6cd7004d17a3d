"""What mends a refusal: the fix that belongs to the reply."""

from __future__ import annotations

from deliverkit.facts.smtp import Conversation
from deliverkit.knowledge.replies import read_reply
from deliverkit.model import Fix
from deliverkit.standards.smtp.dialogue import Exchange


def advice(one: Conversation, exchange: Exchange) -> Fix | None:
    """What to do about the reply and whose job it is, by what is proved of it; None where nobody knows."""
    remedy = read_reply(exchange.reply, one.host.name).remedy
    return Fix(f"{remedy.whose} job: {remedy.do}") if remedy else None
