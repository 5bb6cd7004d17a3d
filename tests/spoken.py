"""Conversations built by hand, in the shape that the probe gives them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deliverkit.facts.conversing import Conversing
from deliverkit.facts.provider import Provider, ProviderKind
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.model import Check
from deliverkit.observations.smtp import Call, End, Entry, Kind, Transcript, Unmet
from tests.building import judged

HOST = SmtpHost("mx1.good.example", "11.0.1.25", 25, 10)
OPEN = WayOut(ipv4=True, ipv6=True)
GREETED = (b"< 220 mx1.good.example ESMTP", b"> EHLO probe.example", b"< 250-mx1.good.example", b"< 250 STARTTLS")
LEFT = (b"> QUIT", b"< 221 bye")


def large(name: str) -> SmtpHost:
    """A host of a large provider."""
    from datetime import date

    return SmtpHost(name, "11.0.1.25", 25, 10, Provider("Big", ProviderKind.MAILBOX, True, "", date(2026, 1, 1)))


def spoken(
    lines: Iterable[bytes] = (*GREETED, *LEFT),
    *,
    host: SmtpHost = HOST,
    end: End = End.CLOSED,
    unmet: Sequence[Unmet] = (),
    step: float = 0.01,
) -> Conversation:
    """A conversation of these lines, ``<`` from the host and ``>`` to it, each ``step`` seconds after the last."""
    kinds = {b"<": Kind.RECEIVED, b">": Kind.SENT}
    connected = [] if end.is_unconnected else [Entry(0.0, Kind.CONNECTED)]
    entries = [
        Entry(round(step * number, 6), kinds[line[:1]], line[2:] + b"\r\n") for number, line in enumerate(lines, 1)
    ]
    call = Call(host.name, host.address, host.port, "")
    return Conversation(host, Transcript(call, (*connected, *entries), end, "", None, tuple(unmet)))


def conversations(*held: Conversation, conversing: Conversing | None = None) -> Conversations:
    """These conversations."""
    return Conversations(conversing or Conversing(), held)


def outcome(check: Check, *facts: object) -> str:
    """What becomes of the check."""
    return str(judged(check, *facts).outcome)
