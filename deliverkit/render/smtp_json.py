"""The key ``smtp`` of schema 1: every conversation with its exchanges, the handshake, the certificates, what was unmet.

Octets that are no UTF-8 stand as ``\\xNN``. No secret is in it: a transcript holds none.
"""

from __future__ import annotations

from deliverkit.checks.smtp.wording import reply_meaning
from deliverkit.checks.tls.wording import Word, verdicts
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.observations.smtp import Unmet
from deliverkit.report import Report
from deliverkit.standards.certificates import Certificate
from deliverkit.standards.smtp.dialogue import GREETING, MESSAGE, Exchange

Json = dict[str, object]
_VERBS = {GREETING: "CONNECT", MESSAGE: "MESSAGE"}


def smtp(report: Report) -> Json | None:
    """What was said with the mail hosts, in sending order; null where none was spoken to."""
    found, way_out = report.fact(Conversations), report.fact(WayOut)
    if not isinstance(found, Conversations):
        return None
    return {
        "script": found.conversing.name,
        "port": found.conversing.port,
        "conversations": [_conversation(one) for one in found.held],
        "reasons": list(found.reasons),
        "port_open_over_ipv4": way_out.ipv4 if isinstance(way_out, WayOut) else None,
        "port_open_over_ipv6": way_out.ipv6 if isinstance(way_out, WayOut) else None,
    }


def _conversation(one: Conversation) -> Json:
    host, transcript = one.host, one.transcript
    return {
        "endpoint": host.endpoint,
        "host": host.name,
        "address": host.address,
        "port": host.port,
        "preference": host.preference,
        "end": transcript.end.value.lower().replace("_", "-"),
        "detail": transcript.detail,
        "elapsed_ms": _milliseconds(transcript.elapsed),
        "delivered": one.has_delivered,
        "exchanges": [_exchange(exchange, one) for exchange in one.exchanges],
        "extensions": dict(one.extensions),
        "tls": {name: _word(word) for name, word in verdicts(one).by_name.items()},
        "handshake": _handshake(one),
        "hello": _hello(one),
        "certificates": [_certificate(certificate) for certificate in one.certificates],
        "unmet": [_unmet(unmet) for unmet in transcript.unmet],
    }


def _exchange(exchange: Exchange, one: Conversation) -> Json:
    reply = exchange.reply
    return {
        "verb": _VERBS.get(exchange.verb, exchange.verb),
        "command": exchange.command.decode("utf-8", "backslashreplace") or None,
        "code": reply.code or None,
        "enhanced": reply.enhanced or None,
        "text": list(reply.text),
        "meaning": reply_meaning(exchange, one.host.name),
        "readings": _readings(exchange, one) if exchange.reply.severity >= 4 and not exchange.is_early else [],
        "defects": list(reply.defects),
        "elapsed_ms": _milliseconds(exchange.elapsed),
        "took_ms": _milliseconds(exchange.took),
        "secure": exchange.secure,
        "early": exchange.is_early,
    }


def _readings(exchange: Exchange, one: Conversation) -> list[Json]:
    """All that a refusal may mean, the likeliest first; ``speaker`` is null for what anybody means by it."""
    from deliverkit.checks.refusals import reading_of  # which conversations that go well do without
    from deliverkit.knowledge.readings import readings, retry_words

    reading = reading_of(one, exchange)
    return [
        {
            "speaker": (reading.speaker or entry.speaker) if entry.speaker else None,
            "proved": bool(reading.speaker) or entry is reading.proved,
            "meaning": entry.meaning,
            "whose": entry.whose,
            "retry": retry_words(reading, entry),
            "do": entry.do,
            "source": entry.source,
            "as_of": entry.as_of.isoformat() if entry.as_of else None,
        }
        for entry in readings(reading, after=exchange.verb)
    ]


def _word(word: Word) -> Json:
    """``good`` is null where it was not tried or is not judged."""
    return {"good": word.is_good, "words": word.words}


def _handshake(one: Conversation) -> Json | None:
    shake = one.transcript.handshake
    if shake is None:
        return None
    return {
        "version": shake.version or None,
        "cipher": shake.cipher or None,
        "server_name": shake.server_name or None,
        "untrusted": shake.untrusted or None,
        "failure": shake.failure or None,
        "discarded_octets": shake.discarded,
        "roots": shake.roots or None,
    }


def _hello(one: Conversation) -> Json | None:
    """What a hello of TLS alone was answered; null where the script says none, or it did not come to it."""
    answer = one.transcript.hello
    if answer is None:
        return None
    from deliverkit.standards.tls.suites import suite_name  # which few conversations need

    return {
        "version": answer.version or None,
        "cipher": suite_name(answer.suite) if answer.version else None,
        "failure": answer.failure or None,
    }


def _certificate(certificate: Certificate) -> Json:
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "names": list(certificate.names),
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
        "key": certificate.key,
        "signature": certificate.signature or None,
        "self_signed": certificate.is_self_signed,
    }


def _unmet(unmet: Unmet) -> Json:
    return {"line": unmet.line, "wanted": unmet.wanted, "got": unmet.got, "value": unmet.value}


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
