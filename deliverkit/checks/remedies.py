"""What mends a refusal: the fix that belongs to a reply."""

from __future__ import annotations

from deliverkit.knowledge.parties import Parties, domain_or_none
from deliverkit.knowledge.pasted import host_in, parse_pasted
from deliverkit.knowledge.replies import Reading, read_reply, whom_to_ask
from deliverkit.model import Fix


def fix_for(reading: Reading) -> Fix | None:
    """What to do about the reply and whose job it is: by what is proved of it, else by each reading that it may have.

    None where nobody knows.
    """
    remedy = reading.remedy
    known = [f"{remedy.whose} job: {remedy.do}"] if remedy else []
    known += [
        f"if {entry.speaker} says it, {entry.whose} job: {entry.do}"
        for entry in reading.otherwise
        if not (remedy and entry.do == remedy.do)
    ]
    return Fix("; ".join(known)) if known else None


def fix_or_whom_to_ask(reading: Reading) -> Fix:
    """The same, or whom to ask."""
    return fix_for(reading) or Fix(reading.advice)


def fix_for_text(text: str, recipient: str) -> Fix:
    """What to do about a refusal for good that is quoted, by whomever, of mail to the address; else whom to ask."""
    parties = Parties(recipient=domain_or_none(recipient.rpartition("@")[2]))
    reply = parse_pasted(text)
    known = fix_for(read_reply(reply, host_in(text), parties)) if reply else None
    return known or Fix(whom_to_ask(parties))
