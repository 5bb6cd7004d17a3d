"""How senders rule on a mail host that know DANE, and those that know MTA-STS: the standards, step by step."""

from __future__ import annotations

import enum

from deliverkit.facts.dane import DaneHost, DaneHosts, Security
from deliverkit.facts.dealings import DaneDealing
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.facts.ruling import Does, Fault, Ruling
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.starttls import how_starttls_failed
from deliverkit.observations import Instant, Status
from deliverkit.standards.dane import DANE_EE, DaneOutcome, judge, matches
from deliverkit.standards.mta_sts.policy import Mode, StsPolicy


class _Tls(enum.Enum):
    """How TLS stands with a host."""

    WORKS = enum.auto()
    OUTDATED = enum.auto()
    NONE = enum.auto()
    FAILS = enum.auto()
    NOT_KNOWN = enum.auto()


def _tls_of(one: Conversation) -> tuple[_Tls, str]:
    """How TLS stands, and that as a clause."""
    shake, failed = one.transcript.handshake, how_starttls_failed(one)
    if not one.is_connected:
        return _Tls.NOT_KNOWN, "the host was not reached"
    if shake is not None and shake.failure:
        return _Tls.FAILS, f"the TLS handshake fails: {shake.failure}"
    if shake is not None:
        is_old = shake.is_outdated
        return (_Tls.OUTDATED, "it speaks no TLS newer than 1.1") if is_old else (_Tls.WORKS, "TLS works")
    if failed:
        return _Tls.FAILS, failed
    if not one.says_what_it_offers and not one.takes_helo_alone:
        return _Tls.NOT_KNOWN, "the host did not say what it offers"
    return (_Tls.NOT_KNOWN, "TLS was not tried") if one.offers_tls else (_Tls.NONE, "no STARTTLS is offered")


def _without(one: Conversation, reason: str) -> Ruling:
    """What a sender does for whom nothing is demanded: TLS where it can, with any certificate (RFC 7435)."""
    tls, words = _tls_of(one)
    if tls is _Tls.NONE:
        return Ruling(Does.IN_THE_CLEAR, f"{reason}, and {words}")
    if tls is _Tls.FAILS:
        what = "some senders go on in the clear, others give up"
        return Ruling(Does.MAY_GO_IN_THE_CLEAR, f"{reason}, and {words}: {what}")
    if tls is _Tls.OUTDATED:
        what = "senders that refuse that go on in the clear or give up"  # RFC 8996 §4, §5
        return Ruling(Does.MAY_GO_IN_THE_CLEAR, f"{reason}, and {words}: {what}")
    if tls is _Tls.NOT_KNOWN:
        return Ruling(Does.FALLS_BACK, f"{reason}; {words}")
    return Ruling(Does.FALLS_BACK, f"{reason}: TLS with any certificate")


def deal_by_dane(one: Conversation, dane: DaneHosts, host: DaneHost | None, now: Instant) -> DaneDealing:
    """What a DANE sender does there (RFC 7672 §2.2)."""
    if host is None:
        return DaneDealing(one, None, Ruling(Does.CANNOT_TELL, "its TLSA records were not looked up"))
    ruling = _before_the_chain(one, dane, host)
    if ruling is not None:
        return DaneDealing(one, host, ruling)
    if one.transcript.asks_for_another:
        return DaneDealing(one, host, Ruling(Does.CANNOT_TELL, _asked_otherwise(one)))
    shake = one.transcript.handshake
    chain = shake.certificates if shake else ()
    names = (host.base, host.host, dane.domain)  # RFC 7672 §3.2.2
    records = [record.tlsa for record in host.records]
    outcome = judge(records, chain, names, now.moment)
    is_pinned = any(record.usage == DANE_EE and matches(record, chain) for record in records)
    return DaneDealing(one, host, _OUTCOMES[outcome], outcome, is_pinned)


def _asked_otherwise(one: Conversation) -> str:
    """Why the certificate says nothing of what these senders do (RFC 7672 §8.1, RFC 8461 §4.3: what they ask for)."""
    asked, own = one.transcript.certified_name, one.host.name
    return f"the certificate is the one for {asked}, which was asked for (--sni), and such a sender asks for {own}"


def _before_the_chain(one: Conversation, dane: DaneHosts, host: DaneHost) -> Ruling | None:
    """What a DANE sender does that does not come to look at the certificates; None: it does."""
    if host.is_denied:
        return _without(one, "no TLSA record")
    if dane.insecure(host):
        return _without(one, "what leads to its TLSA records is not signed")  # RFC 7672 §2.2.1, §2.2.2
    if not host.tlsa.answer.status.is_definite:
        return _unanswered(dane, host)
    if dane.security(host) is not Security.SECURE:
        return Ruling(Does.CANNOT_TELL, dane.doubt or "it is not known whether its addresses are signed")
    return _where_tls_is_demanded(one)


def _where_tls_is_demanded(one: Conversation) -> Ruling | None:
    tls, words = _tls_of(one)
    if tls is _Tls.NOT_KNOWN:
        return Ruling(Does.CANNOT_TELL, words)
    if tls is not _Tls.WORKS:  # RFC 7672 §2.2; RFC 8996 §4, §5: a version that may not be used is none
        return Ruling(Does.DEFERS, f"TLSA records demand TLS, and {words}", Fault.TLS)
    return None


def _unanswered(dane: DaneHosts, host: DaneHost) -> Ruling:
    """Where the TLSA question fails, the host is passed over, if its addresses are secure (RFC 7672 §2.1.2, §2.2.2)."""
    if host.tlsa.answer.status is Status.SERVFAIL and dane.is_asked_of(host):
        return Ruling(Does.DEFERS, host.tlsa.failure, Fault.LOOKUP)
    return Ruling(Does.CANNOT_TELL, host.tlsa.failure)


def _misfit_by_chain(reason: str) -> Ruling:
    return Ruling(Does.DEFERS, reason, Fault.CERTIFICATE)


_OUTCOMES = {
    DaneOutcome.MATCHES: Ruling(Does.DELIVERS, "a TLSA record names the certificate"),
    DaneOutcome.UNUSABLE: Ruling(Does.DELIVERS, "TLS with any certificate, for no TLSA record can be used"),
    DaneOutcome.DIFFERS: _misfit_by_chain("no TLSA record names the certificate that it shows"),
    DaneOutcome.CHAIN: _misfit_by_chain("the authority that a TLSA record names did not sign its certificate"),
    DaneOutcome.NAME: _misfit_by_chain("a TLSA record names its authority, but the certificate is for another name"),
    DaneOutcome.DATES: _misfit_by_chain("a TLSA record names its authority, but the certificate is not valid now"),
}


def policy_of(records: MtaStsRecords, found: MtaStsPolicy) -> StsPolicy | Ruling:
    """The policy that senders act on; else what they do in its place, as far as one host's TLS does not matter."""
    if records.valid is None:
        return Ruling(Does.FALLS_BACK, "no MTA-STS record that counts" if records.texts else "no MTA-STS record")
    if found.valid is not None:
        return found.valid
    if found.failure:
        return Ruling(Does.CANNOT_TELL, found.failure)
    return Ruling(Does.FALLS_BACK, "no MTA-STS policy that can be used")


def rule_by_policy(one: Conversation, policy: StsPolicy | Ruling) -> Ruling:
    """What an MTA-STS sender does there that knows no older policy (RFC 8461 §5)."""
    if isinstance(policy, Ruling):
        return policy if policy.does is Does.CANNOT_TELL else _without(one, policy.reason)
    if policy.mode in {None, Mode.NONE}:
        return _without(one, "the policy is in mode none")
    fault, words = _misfit(one, policy)
    tls, _ = _tls_of(one)
    if fault is Fault.NONE:
        is_seen = tls is _Tls.WORKS and not one.transcript.asks_for_another
        return Ruling(Does.DELIVERS if is_seen else Does.CANNOT_TELL, words)
    if policy.mode is Mode.ENFORCE:
        return Ruling(Does.DEFERS, words, fault)
    in_clear = tls is _Tls.NONE
    return Ruling(Does.IN_THE_CLEAR if in_clear else Does.REPORTS, f"{words}; mode testing: it is reported", fault)


def _misfit(one: Conversation, policy: StsPolicy) -> tuple[Fault, str]:
    """What of the host does not fit, and that, or what is known, as a clause (RFC 8461 §4)."""
    if not policy.matches(one.host.name):
        return Fault.POLICY, "the policy does not name it"  # RFC 8461 §4.1
    tls, words = _tls_of(one)
    if tls is _Tls.NOT_KNOWN:
        return Fault.NONE, words
    if tls is not _Tls.WORKS:  # RFC 8461 §7.2: TLS 1.2 or newer
        return Fault.TLS, words
    return (Fault.NONE, _asked_otherwise(one)) if one.transcript.asks_for_another else _misfit_by_certificate(one)


def _misfit_by_certificate(one: Conversation) -> tuple[Fault, str]:
    shake = one.transcript.handshake
    if shake and shake.untrusted:
        return Fault.CERTIFICATE, f"its certificate is not trusted: {shake.untrusted}"  # RFC 8461 §4.2
    own = one.certificates[0] if one.certificates else None
    if own is None or not own.is_for(one.host.name):
        return Fault.CERTIFICATE, "its certificate is not for its name"  # RFC 8461 §4.2
    by = f" for a sender that trusts {shake.roots}" if shake and shake.roots else ""
    return Fault.NONE, f"the policy names it, and its certificate is good{by}"
