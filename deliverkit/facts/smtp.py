"""Facts about conversations: whom a sender would talk to, and what each of them said."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen, replace
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.observations.smtp import End, Transcript
from deliverkit.standards.smtp.dialogue import (
    GREETING,
    MESSAGE,
    PART,
    Exchange,
    Sent,
    answered,
    exchanges,
    last_sent,
    speaks_first,
)
from deliverkit.standards.smtp.target import SMTP_PORT

if TYPE_CHECKING:
    from deliverkit.facts.resolver import PortTests
    from deliverkit.standards.certificates import Certificate

_CUT_OFF = frozenset({End.HUNG_UP, End.RESET, End.SILENT, End.STUCK})
_UNFINISHED = frozenset({*_CUT_OFF, End.INTERRUPTED, End.TLS_FAILED})


class SmtpHosts(Frozen):
    """Every address to talk to, in sending order; ``reasons``: why some are not known, ``left_out``: how many more."""

    hosts: tuple[SmtpHost, ...]
    reasons: tuple[str, ...] = ()
    left_out: int = 0


class Conversation(Frozen):
    """What was said with one host."""

    host: SmtpHost
    transcript: Transcript

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Every reply, with the command that it answers."""
        found = exchanges(self.transcript.entries)
        return answered(found) if self.greets_in_the_clear else found

    @property
    def greets_in_the_clear(self) -> bool:
        """Whether TLS was begun with it before anything else, and it speaks plain SMTP (RFC 8314 §3.3)."""
        shake = self.transcript.handshake
        return bool(shake and shake.failure) and speaks_first(self.transcript.entries)

    @property
    def is_connected(self) -> bool:
        """Whether the host took the connection."""
        return not self.transcript.end.is_unconnected

    @property
    def is_unrecorded(self) -> bool:
        """Whether a case file was asked for the conversation and does not hold it."""
        return self.transcript.end is End.UNRECORDED

    @property
    def greeting(self) -> Exchange | None:
        """The first reply."""
        return next((one for one in self.exchanges if one.verb == GREETING and not one.is_early), None)

    @property
    def refusal(self) -> Exchange | None:
        """The reply by which it takes no mail from here at all: to the connection, or to both EHLO and HELO."""
        greeting, hello = self.greeting, self.after("HELO")
        if greeting and greeting.reply.severity in {4, 5}:
            return greeting
        return hello if hello and hello.reply.severity in {4, 5} else None

    @property
    def answers(self) -> bool:
        """Whether it greeted as a host does that takes mail from here, and went on talking."""
        greeting = self.greeting
        is_greeted = greeting is not None and greeting.reply.severity == 2 and self.refusal is None
        is_flooded = self.transcript.end is End.FLOODED and not self.was_leaving
        return is_greeted and not self.is_cut_off and not is_flooded

    @property
    def was_leaving(self) -> bool:
        """Whether it ended otherwise than by us when QUIT had been said, and all else was settled before."""
        transcript = self.transcript
        return transcript.end is not End.CLOSED and last_sent(transcript.entries).verb == "QUIT"

    @property
    def is_over(self) -> bool:
        """Whether all was said but for a goodbye: we closed, or the host did, at QUIT or behind a refusal."""
        end = self.transcript.end
        is_lost = end in _CUT_OFF or self.has_lost_tls
        is_at_goodbye = (is_lost and not self.is_cut_off) or (end is End.FLOODED and self.was_leaving)
        return end is End.CLOSED or (self.is_connected and is_at_goodbye)

    @property
    def early(self) -> tuple[Exchange, ...]:
        """The replies that nothing had asked for."""
        return tuple(filter(_is_unasked, self.exchanges))

    @property
    def out_of_turn(self) -> tuple[Exchange, ...]:
        """Those of them that came before the reply to QUIT, and were not thrown away."""
        end, thrown = self._behind("QUIT"), self._thrown_from
        places = enumerate(self.exchanges[:end])
        return tuple(one for place, one in places if _is_unasked(one) and (place < thrown or one.secure))

    @property
    def after_quit(self) -> tuple[Exchange, ...]:
        """Those that came when the reply to QUIT had come."""
        return tuple(filter(_is_unasked, self.exchanges[self._behind("QUIT") :]))

    @property
    def discarded(self) -> tuple[Exchange, ...]:
        """Those that came in the clear behind the reply to STARTTLS, and were thrown away (RFC 3207 §6)."""
        return tuple(one for one in self.exchanges[self._thrown_from :] if _is_unasked(one) and not one.secure)

    @property
    def _thrown_from(self) -> int:
        shake = self.transcript.handshake
        return self._behind("STARTTLS") if shake and shake.discarded else len(self.exchanges)

    def _behind(self, verb: str) -> int:
        """Where the replies begin that came after the last one to the verb."""
        places = [place for place, one in enumerate(self.exchanges, 1) if one.verb == verb]
        return places[-1] if places else len(self.exchanges)

    @property
    def is_cut_off(self) -> bool:
        """Whether the host ended the conversation, or let it end, before it was over, and had not said no to it."""
        transcript, last = self.transcript, self.exchanges[-1].reply if self.exchanges else None
        return (
            self.is_connected
            and (transcript.end in _CUT_OFF or self.has_lost_tls)
            and (last is None or last.severity < 4)
            and last_sent(transcript.entries).verb != "QUIT"
        )

    @property
    def may_have_taken(self) -> bool:
        """Whether it had a whole message, and the conversation ended before it said what becomes of it (RFC 1047)."""
        sent = self.last_sent
        return self.transcript.end in _UNFINISHED and sent.is_whole_message and not sent.is_answered

    @property
    def last_sent(self) -> Sent:
        """What was sent last; a message of which a part is still here was not sent to its end."""
        sent = last_sent(self.transcript.entries)
        return replace(sent, verb=PART) if self.transcript.is_part_sent and sent.is_whole_message else sent

    def after(self, verb: str, *, secure: bool | None = None) -> Exchange | None:
        """The last reply to the verb, in the clear or inside TLS where that matters."""
        found = (one for one in reversed(self.exchanges) if one.verb == verb)
        return next((one for one in found if secure is None or one.secure is secure), None)

    @property
    def is_final(self) -> bool:
        """Whether a sender is done here: all went as it wanted, or it was refused for good once it had begun."""
        begun = (one for one in self.exchanges if one.verb in {"AUTH", "MAIL", "RCPT", "DATA", "BDAT", MESSAGE})
        is_met = self.answers and self.transcript.end is End.CLOSED and not self.transcript.unmet
        return is_met or self.has_delivered or any(one.reply.severity == 5 for one in begun)

    @property
    def has_delivered(self) -> bool:
        """Whether the host took a message: it said 250 after its end (RFC 5321 §4.2.5)."""
        return any(one.reply.severity == 2 for one in self.exchanges if one.verb == MESSAGE)

    @cached_property
    def recipients(self) -> tuple[int, int]:
        """How many recipients the last transaction named, and for how many of them the host took the message."""
        named = taken = kept = 0
        for one in self.exchanges:
            is_good = one.reply.severity == 2
            if one.verb == "MAIL":
                named = taken = kept = 0
            elif one.verb == "RCPT":
                named, taken = named + 1, taken + is_good
            elif one.verb == MESSAGE:
                kept += is_good
        return named, kept if self.after("LHLO") else taken if kept else 0  # RFC 2033 §4.2

    @cached_property
    def extensions(self) -> dict[str, str]:
        """What EHLO (or LHLO) named, in the clear where it was said there; empty where it was not understood."""
        verb = "LHLO" if self.after("LHLO") else "EHLO"
        hello = self.after(verb, secure=False) or self.after(verb)
        return {**hello.reply.extensions} if hello else {}

    @property
    def says_what_it_offers(self) -> bool:
        """Whether it answered EHLO (or LHLO) well: where a reply is spoilt, what is missing in it may be offered."""
        told = (one.reply for one in self.exchanges if one.verb in {"EHLO", "LHLO"} and one.reply.code == 250)
        return any(not reply.defects or "STARTTLS" in reply.extensions for reply in told)

    @property
    def refuses_ehlo_alone(self) -> bool:
        """Whether it refused EHLO and took HELO."""
        hello, refused = self.after("HELO"), self.after("EHLO")
        is_so = refused is not None and refused.reply.severity in {4, 5} and hello is not None
        return is_so and hello is not None and hello.reply.severity == 2 and not self.says_what_it_offers

    @property
    def takes_helo_alone(self) -> bool:
        """Whether it does so as it does not know EHLO, and thus offers nothing: any other no is about who asks."""
        refused = self.after("EHLO")
        is_unknown = refused is not None and (refused.reply.code in {500, 502} or refused.reply.enhanced == "5.5.1")
        return is_unknown and self.refuses_ehlo_alone  # RFC 5321 §4.2.4, RFC 3463 §3.6

    @property
    def is_implicit_tls(self) -> bool:
        """Whether it spoke TLS before it greeted (RFC 8314 §3)."""
        return self.greeting is not None and self.greeting.secure

    @property
    def offers_tls(self) -> bool:
        """Whether EHLO named STARTTLS."""
        return "STARTTLS" in self.extensions

    @property
    def is_secured(self) -> bool:
        """Whether a TLS handshake was done."""
        shake = self.transcript.handshake
        return shake is not None and not shake.failure

    @property
    def has_lost_tls(self) -> bool:
        """Whether TLS was there, and failed later."""
        return self.is_secured and self.transcript.end is End.TLS_FAILED

    @cached_property
    def certificates(self) -> tuple[Certificate, ...]:
        """The chain that the host showed, as far as it can be read; its own first."""
        handshake = self.transcript.handshake
        if handshake is None:
            return ()
        from deliverkit.standards.certificates import parse_certificate

        read = map(parse_certificate, handshake.certificates)
        return tuple(one for one in read if one is not None)

    @property
    def codes(self) -> tuple[int, ...]:
        """The codes of all replies, in order."""
        return tuple(one.reply.code for one in self.exchanges)


def _is_unasked(exchange: Exchange) -> bool:
    return exchange.is_early and exchange.reply.code != 421  # which a host may say at any time: RFC 5321 §3.8


class Conversations(Frozen):
    """The conversations with every host, in sending order; ``nobody`` says why there was none to hold one with.

    ``control``: what came of unrelated hosts' port 25, where that was asked while these hosts still kept silent.
    """

    conversing: Conversing
    held: tuple[Conversation, ...]
    reasons: tuple[str, ...] = ()
    nobody: str = ""
    control: PortTests | None = None

    @property
    def unreached(self) -> frozenset[int]:
        """The versions of IP over which nobody took a connection, though somebody's port 25 was tried beyond here."""
        tried = (one for one in self.held if one.host.port == SMTP_PORT and one.transcript.end is not End.UNTRIED)
        far = {one.host.version for one in tried if not one.host.is_here}
        return frozenset(far - {one.host.version for one in self.held if one.is_connected})

    def over(self, version: int) -> tuple[Conversation, ...]:
        """Those over IPv4 or IPv6."""
        return tuple(one for one in self.held if one.host.is_ipv6 is (version == 6))

    def by_host(self) -> Iterator[tuple[str, list[Conversation]]]:
        """The hosts in sending order, each with its addresses' conversations."""
        found: dict[str, list[Conversation]] = {}
        for one in self.held:
            found.setdefault(one.host.name, []).append(one)
        return iter(found.items())


class WayOut(Frozen):
    """Whether this machine can reach anybody's port 25: asked only where nobody answered over IPv4, or over IPv6.

    ``ipv4`` and ``ipv6``: True: it can; False: it seems blocked; None: it was not asked, or nothing could be tried.
    """

    ipv4: bool | None
    ipv6: bool | None
    tests: PortTests | None = None

    def is_open(self, version: int) -> bool | None:
        """Whether it is open over IPv4 or IPv6."""
        return self.ipv4 if version == 4 else self.ipv6
