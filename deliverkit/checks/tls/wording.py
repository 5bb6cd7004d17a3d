"""The verdicts on TLS, kept apart, and words for certificates, which checks, summary and tables share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from deliverkit.checks.smtp.cut_off import IN_THE_CLEAR
from deliverkit.checks.smtp.wording import bounded, said, version_words
from deliverkit.classes import Frozen
from deliverkit.errors import ScriptError
from deliverkit.facts.dealings import DaneSenders, pinned_by
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Absent, Evidence, not_applicable, unknown
from deliverkit.standards.smtp.dialogue import last_sent

if TYPE_CHECKING:
    from deliverkit.standards.certificates import Certificate


class Word(Frozen):
    """A verdict: ``is_good`` is None where it was not tried or is not judged, ``words`` a clause about it."""

    is_good: bool | None
    words: str


class TlsVerdicts(Frozen):
    """What is known of TLS with one host: a bad certificate never makes it "no TLS"."""

    advertised: Word
    handshake: Word
    chain: Word
    name: Word

    @property
    def is_good(self) -> bool:
        """Whether none of them is bad."""
        return all(word.is_good is not False for word in self.by_name.values())

    @property
    def by_name(self) -> Mapping[str, Word]:
        """Each by its name, in the order in which a conversation comes to it."""
        return {"advertised": self.advertised, "handshake": self.handshake, "chain": self.chain, "name": self.name}


def verdicts(one: Conversation) -> TlsVerdicts:
    """The four verdicts that the conversation alone tells."""
    return TlsVerdicts(_advertised(one), _handshake(one), _chain(one), _name(one))


def certificate_fault(one: Conversation) -> str:
    """What is wrong with the host's certificate, as a clause: ``its certificate expired on 2026-11-21``."""
    found = verdicts(one)
    words = bounded((found.chain if found.chain.is_good is False else found.name).words)
    return f"its certificate {words.removeprefix('it ')}" if words.startswith("it ") else words


def _advertised(one: Conversation) -> Word:
    if one.is_implicit_tls:
        return Word(True, "TLS from the first octet")
    if not one.says_what_it_offers and not one.takes_helo_alone:
        return Word(None, "not known: the host did not say what it offers")
    return Word(True, "STARTTLS offered") if one.offers_tls else Word(False, "no STARTTLS offered")


def _handshake(one: Conversation) -> Word:
    shake = one.transcript.handshake
    if shake is None:
        return _without_handshake(one)
    if one.greets_in_the_clear:
        return Word(None, f"not tried: the host {IN_THE_CLEAR}")
    return (
        Word(False, shake.failure) if shake.failure else Word(True, f"{version_words(shake.version)}, {shake.cipher}")
    )


def _without_handshake(one: Conversation) -> Word:
    reply = one.after("STARTTLS")
    if not (reply or last_sent(one.transcript.entries).verb == "STARTTLS"):
        return Word(None, "not tried")
    from deliverkit.facts.starttls import goes_with_more, how_starttls_failed  # which most conversations do without

    if goes_with_more(one):
        return Word(None, "not tried: STARTTLS went out together with something else, which a host may refuse")
    failed = how_starttls_failed(one)
    if failed and reply:
        kind = "refused" if reply.reply.severity in {4, 5} else "not answered with 220"
        return Word(False, f"STARTTLS {kind}: {said(reply)}")
    return Word(False, failed) if failed else Word(None, "not tried")


def _chain(one: Conversation) -> Word:
    shake = one.transcript.handshake
    if shake is None or shake.failure:
        return Word(None, "no certificate was seen")
    where = f"in {bounded(shake.roots)}" if shake.roots else "that is trusted here"
    return Word(False, shake.untrusted) if shake.untrusted else Word(True, f"leads to a root {where}")


def _name(one: Conversation) -> Word:
    own, wanted = certificate_of(one), one.transcript.certified_name
    if own is None:
        return Word(None, "no certificate was seen")
    if not wanted:
        return Word(None, "not judged: the host was named by its address")
    if own.is_for(wanted):
        return Word(True, f"the certificate is for {wanted}")
    asked = f", and {wanted} was asked for" if wanted != one.host.name else ""
    return Word(False, f"the certificate is for {names_of(own)}{asked}")


def certificate_of(one: Conversation) -> Certificate | None:
    """The host's own certificate, where one was shown and can be read."""
    return one.certificates[0] if one.is_secured and one.certificates else None


def names_of(certificate: Certificate) -> str:
    """The names that a certificate is for, the first few."""
    names = certificate.names
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return bounded(f"{', '.join(names[:3])}{more}") if names else "no name"


def shown_certificates(conversations: Conversations) -> list[tuple[Conversation, Certificate]]:
    """The conversations in which a certificate was shown, each with the host's own."""
    found = ((one, certificate_of(one)) for one in conversations.held)
    return [(one, own) for one, own in found if own is not None]


def judged_certificates(
    conversations: Conversations, senders: DaneSenders | Absent
) -> list[tuple[Conversation, Certificate]]:
    """Those of `shown_certificates` that no TLSA record vouches for: of the others neither name nor date matters."""
    pinned = pinned_by(senders)
    return [(one, own) for one, own in shown_certificates(conversations) if one.host not in pinned]


def unseen(conversations: Conversations) -> Iterator[Absent]:
    """What a check that looks at certificates could not look at."""
    yield from (unknown(reason) for reason in conversations.reasons)
    if not shown_certificates(conversations) and (conversations.held or conversations.nobody):
        yield not_applicable("no host showed a certificate")


def unsecured(conversations: Conversations) -> Iterator[Absent]:
    """What a check that looks at handshakes could not look at."""
    yield from (unknown(reason) for reason in conversations.reasons)
    is_held = bool(conversations.held or conversations.nobody)
    if is_held and not any(one.transcript.handshake for one in conversations.held):
        yield not_applicable("no TLS handshake was tried")


def was_to_ask(one: Conversation) -> bool:
    """Whether its script asks what the host offers; what nobody wrote, or nobody can read any more, may do so."""
    return not one.transcript.call.script or _meant(one.transcript.call.script)[0]


def was_to_speak_tls(one: Conversation) -> bool:
    """Whether its script means to speak TLS."""
    return not one.transcript.call.script or _meant(one.transcript.call.script)[1]


@lru_cache(maxsize=64)
def _meant(text: str) -> tuple[bool, bool]:
    from deliverkit.script import parse_script  # which conversations that go well do without
    from deliverkit.script.judging import asks_what_is_offered, speaks_tls

    try:
        script = parse_script(text)
    except ScriptError:
        return True, True
    return asks_what_is_offered(script), speaks_tls(script)


def certificate_evidence(one: Conversation, certificate: Certificate, note: str = "") -> Evidence:
    """A certificate in a line, and who showed it."""
    until = f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}"
    signed = f", {certificate.signature.upper()}" if certificate.signature else ""
    text = (
        f"for {names_of(certificate)}, {until}, {certificate.key}{signed}, by {bounded(certificate.issuer) or 'nobody'}"
    )
    return Evidence(f"{one.host.endpoint}: {text}", note=note)


def days_between(earlier: datetime, later: datetime) -> int:
    """Whole days from one moment to a later one."""
    return (later - earlier).days
