"""How TLS stands with a domain's mail hosts, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.smtp.wording import bounded, talking, version_words
from deliverkit.checks.tls.wording import certificate_of, verdicts
from deliverkit.checks.wording import count, every, listed
from deliverkit.facts.dealings import DaneSenders, pinned_by
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.facts.tls import TlsProtocols
from deliverkit.model import Absent, Result, Verdict

NEEDS: tuple[type, ...] = (Conversations, TlsProtocols)


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:  # noqa: ARG001
    """The verdict on TLS, from the facts in ``NEEDS``; nothing is said where no host said anything."""
    found, senders = facts[Conversations], facts.get(DaneSenders)
    if not isinstance(found, Conversations):
        return Verdict("")
    pinned = pinned_by(senders)
    told = [one for one in talking(found) if verdicts(one).advertised.is_good is not None]
    tried = [one for one in told if _is_judged(one)]
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
    where = _where(secured, tried, found)
    return Verdict(f"TLS works {where} ({_versions(secured)}); {'; '.join(parts)}.{_conditions(secured[0])}")


def _is_judged(one: Conversation) -> bool:
    """Whether TLS is to be told of: not of a socket, nor where a script that tries something else gave it up."""
    is_given_up = one.after("STARTTLS") is not None and verdicts(one).handshake.is_good is None
    return bool(one.transcript.handshake) or not (one.host.is_socket or is_given_up)


def _none(tried: Sequence[Conversation], failing: Sequence[Conversation]) -> str:
    if failing:
        return f"TLS works at no mail host: {_hosts(failing)} {_offer(failing)} it, and it fails."
    if any(verdicts(one).advertised.is_good for one in tried):
        return "TLS is offered, and was not tried."
    return "No mail host offers TLS: mail travels in the clear."


def _where(secured: Sequence[Conversation], tried: Sequence[Conversation], found: Conversations) -> str:
    """At how many addresses, of those that say whether they offer it, and of all there are."""
    well, told, held = map(_addresses, (secured, tried, found.held))
    unheard = f", of {held}" if told < held else ""
    if told == 1:
        host = tried[0].host
        only = f", the only address that answers{unheard}" if unheard else ""
        return f"with {host.endpoint if host.is_socket else host.name or host.endpoint}{only}"
    part = every(told, "address") if well == told else f"{well} of {count(told, 'address')}"
    return f"at {part}{' that answer' if unheard else ''}{unheard}"


def _addresses(held: Sequence[Conversation]) -> int:
    return len({one.host for one in held})


def _versions(secured: Sequence[Conversation]) -> str:
    shakes = (one.transcript.handshake for one in secured)
    return " and ".join(sorted({version_words(shake.version) for shake in shakes if shake}))


def _certificates(secured: Sequence[Conversation], pinned: frozenset[SmtpHost]) -> str:
    doubtful = [one for one in secured if verdicts(one).chain.is_good is False or verdicts(one).name.is_good is False]
    bad = [one for one in doubtful if one.host not in pinned]
    if bad:
        return f"the {_several(bad)} of {_hosts(bad)} would not satisfy a sender that demands a good one: {_why(bad)}"
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


def _why(bad: Sequence[Conversation]) -> str:
    """What is wrong with the certificates: once where it is the same of all, else host by host."""
    faults: dict[str, list[Conversation]] = {}
    for one in bad:
        faults.setdefault(_fault(one), []).append(one)
    if len(faults) == 1:
        (fault,) = faults
        return fault if _several(bad) == "certificate" else fault.replace("it ", "each ", 1)
    return ", ".join(f"{fault} ({_hosts(same)})" for fault, same in faults.items())


def _fault(one: Conversation) -> str:
    found = verdicts(one)
    if found.chain.is_good is not False:
        return found.name.words.replace("the certificate ", "it ", 1)
    words = bounded(found.chain.words)
    return words if words.startswith("it ") else f"it is not trusted ({words})"


def _several(found: Sequence[Conversation]) -> str:
    return "certificates" if len({one.host.name for one in found}) > 1 else "certificate"


def _hosts(found: Sequence[Conversation]) -> str:
    return listed(list(dict.fromkeys(one.host.name or one.host.endpoint for one in found)))


def _offer(found: Sequence[Conversation]) -> str:
    return "offer" if len({one.host.name for one in found}) > 1 else "offers"
