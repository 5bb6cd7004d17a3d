"""How TLS stands with a domain's mail hosts, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.smtp.wording import bounded, talking, version_words
from deliverkit.checks.tls.wording import certificate_of, verdicts
from deliverkit.checks.wording import count, every, listed
from deliverkit.facts.dealings import DaneSenders, pinned_by
from deliverkit.facts.smtp import Conversation, Conversations, SmtpHost
from deliverkit.facts.tls import TlsProtocols
from deliverkit.model import Absent, Result, Verdict

NEEDS: tuple[type, ...] = (Conversations, TlsProtocols)


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:  # noqa: ARG001
    """The verdict on TLS, from the facts in ``NEEDS``; nothing is said where no host said anything."""
    found, senders = facts[Conversations], facts.get(DaneSenders)
    pinned = pinned_by(senders)
    held = talking(found) if isinstance(found, Conversations) else []
    told = [one for one in held if verdicts(one).advertised.is_good is not None]
    tried = [one for one in told if not one.host.is_socket or one.transcript.handshake]
    if not tried:
        return Verdict("")
    without = [one for one in tried if not verdicts(one).advertised.is_good]
    failing = [one for one in tried if one not in without and verdicts(one).handshake.is_good is False]
    secured = [one for one in tried if one.is_secured]
    if not secured:
        return Verdict(_none(tried, failing))
    parts = [
        *([f"{_hosts(without)} {_offer(without)} none"] if without else []),
        *([f"at {_hosts(failing)} it fails"] if failing else []),
        _certificates(secured, pinned),
    ]
    is_everywhere = _addresses(tried) == _addresses(found.held if isinstance(found, Conversations) else [])
    where = _where(secured, tried) + ("" if is_everywhere or _addresses(tried) == 1 else " that answer")
    return Verdict(f"TLS works {where} ({_versions(secured)}); {'; '.join(parts)}.{_conditions(secured[0])}")


def _none(tried: Sequence[Conversation], failing: Sequence[Conversation]) -> str:
    if failing:
        return f"TLS works at no mail host: {_hosts(failing)} {_offer(failing)} it, and it fails."
    if any(verdicts(one).advertised.is_good for one in tried):
        return "TLS is offered, and was not tried."
    return "No mail host offers TLS: mail travels in the clear."


def _where(secured: Sequence[Conversation], tried: Sequence[Conversation]) -> str:
    whole, well = _addresses(tried), _addresses(secured)
    if whole == 1:
        host = tried[0].host
        return f"with {host.endpoint if host.is_socket else host.name or host.endpoint}"
    return f"at {every(whole, 'address')}" if well == whole else f"at {well} of {count(whole, 'address')}"


def _addresses(held: Sequence[Conversation]) -> int:
    return len({one.host for one in held})


def _versions(secured: Sequence[Conversation]) -> str:
    shakes = (one.transcript.handshake for one in secured)
    return " and ".join(sorted({version_words(shake.version) for shake in shakes if shake}))


def _certificates(secured: Sequence[Conversation], pinned: frozenset[SmtpHost]) -> str:
    doubtful = [one for one in secured if verdicts(one).chain.is_good is False or verdicts(one).name.is_good is False]
    bad = [one for one in doubtful if one.host not in pinned]
    if bad:
        told = bad[0].transcript
        whose = f" for {told.certified_name}" if told.asks_for_another else ""
        return f"the {_several(bad)} of {_hosts(bad)} would not satisfy a sender that demands a good one{whose}"
    if doubtful:
        return f"DANE alone vouches for the {_several(doubtful)} of {_hosts(doubtful)}"
    last = min((own.not_after for own in map(certificate_of, secured) if own), default=None)
    until = f", the first ends on {last:%Y-%m-%d}" if last and len(secured) > 1 else ""
    if len(secured) == 1 and last:
        is_named = bool(secured[0].transcript.certified_name)
        return f"the certificate is {'good' if is_named else 'trusted, its name not judged,'} until {last:%Y-%m-%d}"
    if len(secured) == 1:
        return "the certificate cannot be read"
    return f"every certificate is good{until}"


def _conditions(one: Conversation) -> str:
    """By which name the certificate was asked for, and what it was judged by, where that is no sender's way."""
    shake, wanted = one.transcript.handshake, one.transcript.certified_name
    asked = [f"asked for as {wanted} (--sni)"] if wanted not in {"", one.host.name} else []
    judged = [f"judged by the roots in {bounded(shake.roots)} alone (--ca)"] if shake and shake.roots else []
    words = " and ".join(asked + judged)
    return f" {words[0].upper()}{words[1:]}." if words else ""


def _several(found: Sequence[Conversation]) -> str:
    return "certificates" if len({one.host.name for one in found}) > 1 else "certificate"


def _hosts(found: Sequence[Conversation]) -> str:
    return listed(list(dict.fromkeys(one.host.name or one.host.endpoint for one in found)))


def _offer(found: Sequence[Conversation]) -> str:
    return "offer" if len({one.host.name for one in found}) > 1 else "offers"
