"""What mends a refusal: the fix that belongs to a reply."""

from __future__ import annotations

from deliverkit.knowledge.replies import Reading, parse_pasted, read_reply
from deliverkit.model import Fix


def fix_for(reading: Reading) -> Fix | None:
    """What to do about the reply and whose job it is, by what is proved of it; None where nobody knows."""
    remedy = reading.remedy
    return Fix(f"{remedy.whose} job: {remedy.do}") if remedy else None


def fix_for_text(text: str) -> Fix | None:
    """The same for a reply that is quoted, by whomever."""
    reply = parse_pasted(text)
    return fix_for(read_reply(reply)) if reply else None
