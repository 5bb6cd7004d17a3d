"""What mends a refusal: the fix that belongs to a reply."""

from __future__ import annotations

from deliverkit.knowledge.replies import parse_pasted, read_reply
from deliverkit.model import Fix
from deliverkit.standards.smtp.reply import Reply


def fix_for_reply(reply: Reply, host: str = "") -> Fix | None:
    """What to do about the reply of that host and whose job it is, by what is proved of it; None where nobody knows."""
    remedy = read_reply(reply, host).remedy
    return Fix(f"{remedy.whose} job: {remedy.do}") if remedy else None


def fix_for_text(text: str) -> Fix | None:
    """The same for a reply that is quoted, by whomever."""
    reply = parse_pasted(text)
    return fix_for_reply(reply) if reply else None
