"""Words for conversations, which checks, verdict and tables share."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from deliverkit.checks.smtp.cut_off import NOTHING, how_it_ended, not_answering, parting
from deliverkit.checks.wording import count, format_duration, listed
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.model import Absent, Evidence, not_applicable, unknown
from deliverkit.observations.smtp import End
from deliverkit.standards.smtp.dialogue import GREETING, MESSAGE, Exchange
from deliverkit.standards.smtp.reply import meaning

SENDING = frozenset({"deliver", "submit", "lmtp"})  # the scripts that send a message, where they are not cut short
MOST_SHOWN = 160  # characters of a line from the network in evidence
_Fault = TypeVar("_Fault", bound=Hashable)
_Told = TypeVar("_Told")
_STEPS = {GREETING: "the connection", MESSAGE: "the message"}
TAKEN = "accepted the message"


def ending(one: Conversation) -> str:
    """What the conversation comes to, as a clause without its subject."""
    unmet, is_closed = one.transcript.unmet, one.transcript.end is End.CLOSED
    if one.refusal:
        return refusing(one, one.refusal)
    if not (one.is_over and one.answers):
        return f"{_deed(one)}; {parting(one)}" if one.has_delivered and not is_closed else not_answering(one)
    if not is_closed and (not unmet or unmet[0].got.startswith(NOTHING)):
        return f"{_deed(one)}; {parting(one)}"
    if not unmet:
        return _deed(one)
    from deliverkit.checks.blame import told_of  # which conversations that go well do without

    return told_of(one, _deed(one))


def _deed(one: Conversation) -> str:
    """``accepted the message``; ``accepted the message for 2 of 3 recipients`` where not all of them are taken."""
    if not one.has_delivered:
        return "answers"
    named, taken = one.recipients
    return f"accepted the message for {taken} of {count(named, 'recipient')}" if taken < named else TAKEN


def refusing(one: Conversation, exchange: Exchange) -> str:
    """``refuses RCPT: 550 5.1.1 no such user (there is no such mailbox)``: the reply, and what it means."""
    what = command_unnamed(one, exchange) or step(exchange)
    return f"refuses {what}{for_now(exchange)}: {said(exchange)} ({reply_meaning(exchange, one.host.name)})"


def saying_no(exchange: Exchange) -> str:
    """``refuses RCPT``; ``refuses RCPT for now`` where it may be tried again (RFC 5321 §4.2.1)."""
    return f"refuses {step(exchange)}{for_now(exchange)}"


def for_now(exchange: Exchange) -> str:
    """That it may be tried again, where it may (RFC 5321 §4.2.1); empty: it may not."""
    return " for now" if exchange.reply.severity == 4 else ""


def command_unnamed(one: Conversation, exchange: Exchange) -> str:
    """``RCPT TO:<b@b.example>``, where that is one of several and the reply does not name it; empty: it is clear."""
    command = exchange.command.decode("utf-8", "backslashreplace")
    address = in_brackets(command)
    is_one_of_several = exchange.verb == "RCPT" and one.recipients[0] > 1
    is_named = bool(address) and address.casefold() in exchange.reply.joined.casefold()
    return bounded(command) if is_one_of_several and not is_named else ""


def in_brackets(command: str) -> str:
    """``b@b.example`` of ``RCPT TO:<b@b.example> NOTIFY=NEVER``; empty: there are no brackets."""
    return command.partition("<")[2].partition(">")[0]


def comes_to(one: Conversation) -> str:
    """The same with TLS, as short as a table wants it."""
    words = ending(one)
    shake = one.transcript.handshake
    if words not in {"answers", TAKEN}:
        return words
    short = words.removesuffix(" the message")
    if shake is None:
        return f"{short}, {'TLS not tried' if one.offers_tls else 'no TLS'}" if one.says_what_it_offers else short
    if shake.failure:
        return f"{short}, TLS fails"
    tls = f"{version_words(shake.version)}, {_worth(one)}"
    return tls if words == "answers" else f"{short}, {tls}"


def _worth(one: Conversation) -> str:
    shake, own = one.transcript.handshake, one.certificates[0] if one.certificates else None
    if shake is None or own is None:
        return "no certificate"
    if shake.untrusted.startswith("it "):
        return f"certificate {bounded(shake.untrusted.removeprefix('it '))}"
    if shake.untrusted:
        return f"certificate not trusted: {bounded(shake.untrusted)}"
    wanted = one.transcript.certified_name
    if not wanted:
        return "certificate trusted"
    return "certificate good" if own.is_for(wanted) else "certificate for another name"


def step(exchange: Exchange) -> str:
    """What a reply answers: ``the connection``, ``RCPT``, ``the message``."""
    return _STEPS.get(exchange.verb, exchange.verb)


def said(exchange: Exchange) -> str:
    """``550 5.1.1 no such user here``, as long as a sentence may hold."""
    reply = exchange.reply
    return bounded(" ".join(filter(None, (str(reply.code or ""), reply.enhanced, reply.joined))))


def bounded(text: str) -> str:
    """Text from the network, cut where it is longer than anybody reads."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}… ({len(text):,} characters)"


def reply_meaning(exchange: Exchange, host: str) -> str:
    """What the host's provider is known to mean by the reply, else all that it may mean: what explain says of it."""
    if exchange.is_early and exchange.reply.code != 421:  # which a host may say at any time: RFC 5321 §3.8
        return "nothing had asked for it"
    if exchange.reply.severity >= 4:
        from deliverkit.knowledge.readings import ALONE, told  # which conversations that go well do without
        from deliverkit.knowledge.replies import read_reply

        after = ALONE if exchange.is_early else exchange.verb
        asked = after if exchange.is_early else exchange.asked
        return told(read_reply(exchange.reply, host, after=asked), after=after)
    if exchange.reply.code == 334:
        from deliverkit.standards.smtp.bearer import parse_token_error

        error = parse_token_error(exchange.reply.text[0])
        if error:
            return f"refuses the token: {error}"
    return meaning(exchange.reply.code) if exchange.is_early else meaning(exchange.reply.code, after=exchange.verb)


def tls_words(one: Conversation) -> str:
    """``TLS 1.3 · certificate good for mx1.good.example until 2027-01-03``: what the handshake showed."""
    shake = one.transcript.handshake
    if shake is None:
        return "no TLS"
    if shake.failure:
        return f"the TLS handshake failed: {shake.failure}"
    return f"{version_words(shake.version)} · {certificate_words(one)}"


def certificate_words(one: Conversation) -> str:
    """``certificate good for mx1.good.example until 2027-01-03``, or what is wrong with it."""
    shake = one.transcript.handshake
    certificate = one.certificates[0] if one.certificates else None
    if shake is None or certificate is None:
        return "no certificate that can be read"
    if shake.untrusted:
        return f"certificate not trusted: {shake.untrusted}"
    wanted = one.transcript.certified_name
    by = f", by the roots in {shake.roots}" if shake.roots else ""
    until = f"until {certificate.not_after:%Y-%m-%d}{by}"
    if not wanted:
        return f"certificate trusted {until}, its name not judged"
    if not certificate.is_for(wanted):
        return f"certificate for another name ({bounded(', '.join(certificate.names[:2]) or 'none')})"
    return f"certificate good for {wanted} {until}"


def version_words(version: str) -> str:
    """``TLS 1.3`` for ``TLSv1.3``."""
    return version.replace("TLSv1", "TLS 1.0") if version == "TLSv1" else version.replace("TLSv", "TLS ")


def doubt(conversations: Conversations, way_out: WayOut, version: int) -> str:
    """Why silence over IPv4 or IPv6 says nothing of the hosts; empty where unrelated hosts answer from here.

    The way to this machine itself is never in doubt, but where it was not tried.
    """
    untried = next((one for one in conversations.over(version) if one.transcript.end is End.UNTRIED), None)
    if untried:
        return f"over IPv{version} nothing was tried ({untried.transcript.detail})"
    far = [one.host for one in conversations.over(version) if not (one.is_connected or one.host.is_here)]
    state = way_out.is_open(version) if far else True
    if state is None:
        return f"whether port {far[0].port} is open from this machine over IPv{version} is not known"
    return "" if state else f"port {far[0].port} seems to be blocked from this machine over IPv{version}"


def talking(conversations: Conversations) -> list[Conversation]:
    """Those in which the host took the connection."""
    return [one for one in conversations.held if one.is_connected]


def unheard(conversations: Conversations) -> Iterator[Absent]:
    """What a check that looks at what hosts say could not look at."""
    yield from (unknown(reason) for reason in conversations.reasons)
    lost = [one.host.endpoint for one in conversations.held if one.is_unrecorded]
    if lost:
        yield unknown(f"the case file does not hold what was said with {listed(lost)}")
    elif conversations.nobody:
        yield not_applicable(conversations.nobody)
    elif conversations.held and not talking(conversations):
        untried = [one for one in conversations.held if one.transcript.end is End.UNTRIED]
        is_told = len(untried) < len(conversations.held)
        yield (
            not_applicable("no host takes a connection")
            if is_told
            else unknown(f"{untried[0].host.endpoint} {ending(untried[0])}")
        )


def gathered(faults: Iterable[tuple[_Fault, _Told]]) -> Iterable[tuple[_Fault, list[_Told]]]:
    """Each fault with all that is told of it, in the order of its first: one at several addresses is told once."""
    found: dict[_Fault, list[_Told]] = {}
    for fault, told in faults:
        found.setdefault(fault, []).append(told)
    return found.items()


def each_of(held: Sequence[Conversation]) -> str:
    """The hosts, before a verb in the singular: ``each of mx1.a.example and mx2.a.example, at 3 addresses,``."""
    endpoints = dict.fromkeys(one.host.endpoint for one in held)
    if len(endpoints) == 1:
        talks = len({id(one) for one in held})
        often = f", in {count(talks, 'conversation')}," if talks > 1 else ""
        return f"{held[0].host.endpoint}{often}"
    names = [*dict.fromkeys(one.host.name for one in held)]
    whole = f"each of {listed(names)}" if len(names) > 1 else names[0]
    return f"{whole}, at {count(len(endpoints), 'address')},"


def transcript_evidence(one: Conversation, note: str = "") -> Evidence:
    """How the conversation ended, as a line."""
    return Evidence(f"{one.host.endpoint}: {how_it_ended(one)}", note=note)


def reply_evidence(one: Conversation, exchange: Exchange, note: str = "") -> Evidence:
    """A reply, and who gave it."""
    return Evidence(f"{one.host.endpoint}: {said(exchange)}", note=note)


def codes(one: Conversation) -> str:
    """``220 250 354 250 221 in 61 ms``; a question mark stands for a reply without a code."""
    found = " ".join(str(code or "?") for code in one.codes[:MOST_CODES])
    more = " …" if len(one.codes) > MOST_CODES else ""
    return f"{found}{more} in {format_duration(one.transcript.elapsed)}"


MOST_CODES = 24  # replies whose codes a sentence names
