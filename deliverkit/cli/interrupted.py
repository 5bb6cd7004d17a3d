"""What had been said in conversations when somebody stopped them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.checks.smtp.cut_off import BEFORE, where, whose_message
from deliverkit.checks.smtp.wording import codes
from deliverkit.checks.wording import format_duration
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.observations.smtp import End, Kind, Transcript
from deliverkit.render.look import Look
from deliverkit.render.smtp import conversations_shown
from deliverkit.render.text import escape

MOST = 8  # conversations that are told of


def cut_short(transcripts: Iterable[Transcript]) -> Iterator[str]:
    """A line for each conversation that was stopped: what was waited for, how long, and the replies until then."""
    stopped = [one for one in transcripts if one.end is End.INTERRUPTED]
    for transcript in stopped[:MOST]:
        call = transcript.call
        yield escape(_told(Conversation(SmtpHost(call.host, call.address, call.port), transcript)))
    if len(stopped) > MOST:
        yield f"and {len(stopped) - MOST:,} conversations more"


def dialogue_so_far(transcripts: Iterable[Transcript], look: Look) -> str:
    """What had been said until then, as it would have been shown; empty where nobody had said anything."""
    stopped = [one for one in transcripts if one.end is End.INTERRUPTED]
    held = [Conversation(SmtpHost(one.call.host, one.call.address, one.call.port), one) for one in stopped[:MOST]]
    return "\n\n".join(conversations_shown(held, look)) if any(one.codes for one in held) else ""


def _told(one: Conversation) -> str:
    said = [entry.elapsed for entry in one.transcript.entries if entry.kind is not Kind.CLOSED]
    waited = format_duration(one.transcript.elapsed - max(said, default=0.0))
    place = where(one)
    wait = "for its greeting" if place == BEFORE else place
    until = f"; until then {codes(one)}" if one.codes else ""
    taken = f"; {whose}" if (whose := whose_message(one)) else ""
    return f"{one.host.endpoint}: stopped {waited} into the wait {wait}{until}{taken}"
