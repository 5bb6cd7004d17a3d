"""Words for conversations, which checks, verdict and tables share."""

from __future__ import annotations

from deliverkit.checks.wording import format_duration
from deliverkit.facts.smtp import Conversation, WayOut
from deliverkit.model import Evidence
from deliverkit.observations.smtp import End

_ENDS = {
    End.HUNG_UP: "hung up",
    End.RESET: "reset the connection",
    End.SILENT: "fell silent",
    End.STUCK: "stopped reading",
    End.FLOODED: "said more than a conversation may hold",
    End.TLS_FAILED: "the TLS handshake failed",
    End.INTERRUPTED: "stopped from here in the middle",
    End.REFUSED: "the connection is refused",
    End.TIMEOUT: "no answer",
    End.UNREACHABLE: "no way leads there from here",
    End.UNRECORDED: "the case file does not hold the conversation",
}


def ending(one: Conversation) -> str:
    """What the conversation comes to, as a clause without its subject."""
    transcript = one.transcript
    if transcript.end is not End.CLOSED:
        said = _ENDS[transcript.end]
        detail = f": {transcript.detail}" if transcript.detail else ""
        return f"{said}{detail}"
    if one.greeting is None or not one.answers:
        return "does not take the connection" if one.greeting else "said nothing"
    if one.has_delivered:
        return "accepted the message"
    if transcript.unmet:
        first = transcript.unmet[0]
        return f"line {first.line} wants {first.wanted}, got {first.got}"
    return f"answers, {tls_words(one)}" if transcript.handshake else "answers, no TLS"


def tls_words(one: Conversation) -> str:
    """``TLS 1.3, certificate good until 2027-01-03``: what the handshake showed."""
    shake = one.transcript.handshake
    if shake is None:
        return "no TLS"
    if shake.failure:
        return f"the handshake failed: {shake.failure}"
    certificate = one.certificates[0] if one.certificates else None
    if certificate is None:
        return f"{shake.version}, no certificate that can be read"
    if shake.untrusted:
        return f"{shake.version}, certificate not trusted: {shake.untrusted}"
    if not certificate.is_for(one.host.name):
        return f"{shake.version}, certificate for another name"
    return f"{shake.version}, certificate good until {certificate.not_after:%Y-%m-%d}"


def doubt(way_out: WayOut, version: int) -> str:
    """Why silence over IPv4 or IPv6 says nothing of the hosts; empty where unrelated hosts answer from here."""
    state = way_out.is_open(version)
    if state is None:
        return f"whether port 25 is open from this machine over IPv{version} is not known"
    return "" if state else f"port 25 seems to be blocked from this machine over IPv{version}"


def transcript_evidence(one: Conversation, note: str = "") -> Evidence:
    """What the conversation came to, as a line."""
    return Evidence(f"{one.host.endpoint}: {ending(one)}", note=note)


def codes(one: Conversation) -> str:
    """``220 250 354 250 221 in 61 ms``."""
    said = " ".join(str(code) for code in one.codes)
    return f"{said} in {format_duration(one.transcript.elapsed)}"
