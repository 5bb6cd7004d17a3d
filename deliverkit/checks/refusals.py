"""What mends a refusal in a conversation, with the domains of its Return-Path, its From header and its last recipient.

Conversations that go well do without what this imports.
"""

from __future__ import annotations

import re

from deliverkit.checks.remedies import fix_for
from deliverkit.facts.smtp import Conversation
from deliverkit.knowledge.parties import Parties, domain_or_none
from deliverkit.knowledge.replies import Reading, read_reply
from deliverkit.model import Fix
from deliverkit.observations.smtp import Kind
from deliverkit.regexes import regex
from deliverkit.standards.address_list import addresses_in
from deliverkit.standards.smtp.dialogue import Exchange

_MOST = 65536  # octets of what was sent at once in which it is looked for
_MAIL = regex(rb"^MAIL FROM: ?<[^\r\n<>]{0,256}@([^\s<>@]{1,255})>", re.IGNORECASE | re.MULTILINE)
_RCPT = regex(rb"^RCPT TO: ?<[^\r\n<>]{0,256}@([^\s<>@]{1,255})>", re.IGNORECASE | re.MULTILINE)
_FROM = regex(rb"^From[ \t]*:((?:[^\r\n]|\r?\n[ \t]){1,2000})", re.IGNORECASE | re.MULTILINE)


def known_fix(one: Conversation, refusal: Exchange) -> Fix | None:
    """What the reply itself asks for; None where nobody knows."""
    return fix_for(_reading(one, refusal))


def fix_or_whom_to_ask(one: Conversation, refusal: Exchange) -> Fix:
    """The same, or whom to ask."""
    reading = _reading(one, refusal)
    return fix_for(reading) or Fix(reading.advice)


def _reading(one: Conversation, refusal: Exchange) -> Reading:
    return read_reply(refusal.reply, one.host.name, _parties(one))


def _parties(one: Conversation) -> Parties:
    """The domains that were said; empty where none was."""
    sent = [entry.data[:_MOST] for entry in one.transcript.entries if entry.kind is Kind.SENT]
    headers = [octets.partition(b"\r\n\r\n")[0] for octets in sent]
    addresses = addresses_in(_last(_FROM, headers))
    author = addresses[0].rpartition("@")[2] if addresses else ""
    return Parties(domain_or_none(_last(_MAIL, sent)), domain_or_none(author), domain_or_none(_last(_RCPT, sent)))


def _last(pattern: re.Pattern[bytes], sent: list[bytes]) -> str:
    """What the pattern finds last; empty: nothing."""
    found = (places[-1] for octets in reversed(sent) if (places := pattern.findall(octets)))
    return next(found, b"").decode("utf-8", "replace")
