"""What mends a refusal in a conversation, with whom it is about: the domains that were said, and our address.

Conversations that go well do without what this imports.
"""

from __future__ import annotations

import re
from functools import lru_cache

from deliverkit.checks.remedies import fix_for, fix_or_whom_to_ask
from deliverkit.facts.smtp import Conversation
from deliverkit.knowledge.parties import Parties, address_or_none, domain_or_none
from deliverkit.knowledge.replies import Reading, read_reply
from deliverkit.model import Fix, Reference
from deliverkit.observations.smtp import Kind
from deliverkit.regexes import regex
from deliverkit.standards.address_list import addresses_in
from deliverkit.standards.smtp.dialogue import Exchange

_MOST = 65536  # octets of what was sent at once in which it is looked for
_MAIL = regex(rb"^MAIL FROM: ?<[^\r\n<>]{0,256}@([^\s<>@]{1,255})>", re.IGNORECASE | re.MULTILINE)
_RCPT = regex(rb"^RCPT TO: ?<[^\r\n<>]{0,256}@([^\s<>@]{1,255})>", re.IGNORECASE | re.MULTILINE)
_GIVEN = regex(r'^given (?:(rcpt) = "(?:[^"\\\r\n]|\\.){0,256}@|(domain) = ")([^\s"@]{1,255})"', re.MULTILINE)
_HELLO = regex(rb"^(?:EHLO|HELO|LHLO) +([^\s]{1,255})", re.IGNORECASE | re.MULTILINE)
_LITERAL = regex(r"\[(?:ipv6:)?([0-9a-f.:]{2,45})\]")  # RFC 5321 §4.1.3, in lower case
_FROM = regex(rb"^From[ \t]*:((?:[^\r\n]|\r?\n[ \t]){1,2000})", re.IGNORECASE | re.MULTILINE)


def known_fix(one: Conversation, refusal: Exchange) -> Fix | None:
    """What the reply itself asks for; None where nobody knows."""
    return fix_for(reading_of(one, refusal))


def advised_fix(one: Conversation, refusal: Exchange) -> Fix:
    """The same, or whom to ask."""
    return fix_or_whom_to_ask(reading_of(one, refusal))


def rules_behind(one: Conversation, refusal: Exchange) -> tuple[Reference, ...]:
    """Where the provider that is proved to have said it writes what it means, with the date of that text."""
    reading, reply = reading_of(one, refusal), refusal.reply
    code = f"{reply.code} {reply.enhanced}".strip()
    told = (entry for entry in reading.meanings if reading.speaker and entry.speaker)
    return tuple(Reference(entry.source, code, entry.as_of) for entry in told)


def reading_of(one: Conversation, refusal: Exchange) -> Reading:
    """What the reply means, with whom it is about."""
    return read_reply(refusal.reply, one.host.name, _parties(one), after=refusal.asked)


@lru_cache(maxsize=1)  # it is asked for once more with each refusal of the conversation
def _parties(one: Conversation) -> Parties:
    """The domains that were said, and the address that the host sees us at; empty where there is none."""
    sent = [entry.data[:_MOST] for entry in one.transcript.entries if entry.kind is Kind.SENT]
    headers = [octets.partition(b"\r\n\r\n")[0] for octets in sent]
    addresses = addresses_in(_last(_FROM, headers))
    author = addresses[0].rpartition("@")[2] if addresses else ""
    recipient = _last(_RCPT, sent) or _meant(one)
    sender, author, recipient = map(domain_or_none, (_last(_MAIL, sent), author, recipient))
    return Parties(sender, author, recipient, _seen_as(one, _last(_HELLO, sent)))


def _meant(one: Conversation) -> str:
    """The domain that mail was meant for, which the script was given; empty: only the host is known."""
    given = {of_rcpt or of_target: domain for of_rcpt, of_target, domain in _GIVEN.findall(one.transcript.call.script)}
    domain = given.get("domain", "")
    return given.get("rcpt") or ("" if domain == one.host.name else domain)


def _seen_as(one: Conversation, name: str) -> str:
    """Our address as the host says it in reply to EHLO: what it sees is what it judges, whatever our socket has.

    The first word is the host's own name, and what repeats the name that we gave says nothing of us.
    """
    hello = one.after("EHLO") or one.after("HELO") or one.after("LHLO")
    words = hello.reply.text[0].lower().split()[1:] if hello and hello.reply.severity == 2 and hello.reply.text else []
    told = [found[1] for word in words if word != name.lower() and (found := _LITERAL.match(word))]
    seen = [address for address in map(address_or_none, told) if address and address != one.host.address]
    return seen[0] if len(seen) == 1 else ""


def _last(pattern: re.Pattern[bytes], sent: list[bytes]) -> str:
    """What the pattern finds last; empty: nothing."""
    found = (places[-1] for octets in reversed(sent) if (places := pattern.findall(octets)))
    return next(found, b"").decode("utf-8", "replace")
