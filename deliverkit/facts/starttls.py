"""What became of a STARTTLS that no handshake followed."""

from __future__ import annotations

from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import End, Entry, Kind
from deliverkit.standards.smtp.dialogue import last_sent

_VERB = "STARTTLS"
_ENDS = {
    End.HUNG_UP: "the host hangs up at STARTTLS",
    End.RESET: "the host resets the connection at STARTTLS",
    End.SILENT: "the host says nothing to STARTTLS",
    End.STUCK: "the host stops reading at STARTTLS",
    End.FLOODED: "the host answers STARTTLS with more than a conversation may hold",
}


def how_starttls_failed(one: Conversation) -> str:
    """How it came to no handshake, as a clause; empty: it was not tried, or nothing of the host can be told by it."""
    if one.transcript.handshake is not None or goes_with_more(one):
        return ""
    reply = one.after(_VERB)
    if reply is not None and not reply.is_early:
        code = reply.reply.code
        if code == 220:  # RFC 3207 §4: the handshake follows
            return ""
        is_refused = reply.reply.severity in {4, 5}
        return f"STARTTLS is refused with {code}" if is_refused else f"STARTTLS is answered with {code or 'no code'}"
    sent = last_sent(one.transcript.entries)
    return _ENDS.get(one.transcript.end, "") if sent.verb == _VERB and not sent.is_answered else ""


def goes_with_more(one: Conversation) -> bool:
    """Whether something else went out with it, or before its reply: a host may refuse that (RFC 3207 §4)."""
    entries = one.transcript.entries
    places = [place for place, entry in enumerate(entries) if _begins_tls(entry)]
    if not places:
        return False
    place = places[-1]
    if entries[place].data.upper().rpartition(_VERB.encode())[2].strip():
        return True
    if one.early:  # what came unasked was taken for its reply
        return False
    behind = next((entry.kind for entry in entries[place + 1 :] if entry.kind in {Kind.SENT, Kind.RECEIVED}), None)
    return behind is Kind.SENT


def _begins_tls(entry: Entry) -> bool:
    is_sent = entry.kind is Kind.SENT and not entry.secure
    return is_sent and any(line.strip().upper() == _VERB.encode() for line in entry.data[:4096].split(b"\n"))
