"""What an SMTP server answers, as it should: commands in, replies out, no octet moved (RFC 5321, RFC 2033)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import replace

from deliverkit.lab.deliveries import Delivery, Memory, Taker
from deliverkit.lab.mailhosts import MailHost
from deliverkit.lab.sasl import Exchange, exchange

_PATH = re.compile(r"(?i)(FROM|TO):\s*<(?:@[^:>]*:)?([^>]*)>\s*(.*)", re.DOTALL)  # RFC 5321 §4.1.2
_BDAT = re.compile(rb"(?i)BDAT (\d{1,9})(?: LAST)?\s*$")  # RFC 3030 §2
_PARAMETERS = {
    "MAIL": {"SIZE", "BODY", "SMTPUTF8", "RET", "ENVID", "AUTH"},  # RFC 1870, 6152, 6531, 3461, 4954
    "RCPT": {"NOTIFY", "ORCPT"},  # RFC 3461 §4
}


class Dialogue:
    """The state of one connection. ``wants`` is what comes next: a command, or what the last one announced."""

    def __init__(self, host: MailHost, memory: Memory, taker: Taker | None = None) -> None:
        self.host = host
        self._taker = taker
        self.memory = memory
        self.wants = "command"  # or "message", "response", "handshake", "nothing"
        self.secure = False
        self.helo = self.user = ""
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.chunks = bytearray()
        self._exchange: Exchange | None = None

    def greet(self) -> str:
        """The greeting (RFC 5321 §4.3.1)."""
        said = self._given("CONNECT")
        self.wants = "nothing" if said[:3] == "421" else "command"
        return said or _reply(220, f"{self.host.name} {self.host.banner}")

    def answer(self, line: bytes) -> tuple[str, str]:
        """The stage that the command is, and the reply to it."""
        text = line.rstrip(b"\r\n").decode("utf-8", "replace")
        verb, _, argument = text.partition(" ")
        verb = verb.upper()
        said = self._given(verb)
        if said[:1] in {"4", "5"}:
            self.wants = "nothing" if said[:3] == "421" else "command"
            return verb, said
        known = getattr(self, f"_{verb.lower()}", None) if verb.isascii() and verb.isalpha() else None
        own = known(argument.strip()) if known and verb in _VERBS else _reply(500, "5.5.2 command not recognized")
        if said and said[0] != own[0] and self.wants != "nothing":  # what its own reply announces does not come
            self.wants = "response" if verb == "AUTH" and said[:3] == "334" else "command"
        return verb, said or own

    def respond(self, line: bytes) -> str:
        """The reply to a response of the client's in an exchange (RFC 4954 §4)."""
        own, said = self._responded(line), self._given("AUTH")
        if said:
            self.wants = {"334": "response", "421": "nothing"}.get(said[:3], "command")
        return said or own

    def _responded(self, line: bytes) -> str:
        self.wants = "command"
        if self._exchange is None:
            return self._log_in("")
        if line.strip() == b"*":
            return _reply(501, "5.7.0 given up")
        try:
            return self._challenge(self._exchange.send(b64decode(line.strip(), validate=True)))
        except Base64Error:
            return _reply(501, "5.5.2 no base64")
        except StopIteration as result:
            return self._log_in(result.value or "")  # nothing: the world's replies went on after its end

    def take(self, message: bytes) -> str:
        """The reply to a message, or in LMTP those for each recipient (RFC 2033 §4.2)."""
        host, self.wants = self.host, "command"
        delivery = Delivery(
            host.name, self.helo, self.sender or "", tuple(self.recipients), message, self.secure, self.user
        )
        self._forget()
        if not host.lmtp:
            return self._deliver(delivery)
        number = len(self.memory.deliveries) + 1
        replies = {one: self._deliver_to(one, delivery, number) for one in dict.fromkeys(delivery.recipients)}
        taken = tuple(one for one in delivery.recipients if replies[one][:1] not in {"4", "5"})
        if taken:
            self.memory.deliveries.append(replace(delivery, recipients=taken))
        return "".join(replies[one] for one in delivery.recipients)

    def _deliver(self, delivery: Delivery) -> str:
        """The reply to a message that is taken as a whole or not at all."""
        said = self._given(".")
        refused = self._refused(delivery, said)
        if not refused:
            self.memory.deliveries.append(delivery)
        return refused or said or _reply(250, f"2.0.0 queued as {len(self.memory.deliveries)}")

    def _deliver_to(self, recipient: str, delivery: Delivery, number: int) -> str:
        """The reply to one recipient's copy."""
        said = self._given(".")
        refused = self._refused(replace(delivery, recipients=(recipient,)), said)
        return refused or said or _reply(250, f"2.1.5 {recipient} delivered as {number}")

    def _refused(self, delivery: Delivery, said: str) -> str:
        """The refusal of a message, by what the world says of it or of a recipient, or by who was to take it."""
        host = self.host
        if said[:1] in {"4", "5"}:
            self.wants = "nothing" if said[:3] == "421" else self.wants
            return said
        refusals = [host.refuses[one] for one in delivery.recipients if one in host.refuses]
        if not refusals and len(delivery.message) > host.most:
            return _reply(552, "5.3.4 the message is too big")  # RFC 1870 §6.3
        if not refusals and self._taker:
            refusals = list(filter(None, self._taker.take(delivery, together=not host.lmtp)))
        return "".join(f"{line}\r\n" for line in refusals[0].split("\n")) if refusals else ""

    def start_over(self) -> None:
        """TLS is there: all that was known is forgotten (RFC 3207 §4.2)."""
        self.secure, self.wants, self.helo, self.user = True, "command", "", ""
        self._forget()

    def _given(self, stage: str) -> str:
        """The reply that the world says in place of the server's own; empty: none."""
        said = self.host.replies.get(stage)
        if not said:
            return ""
        number = self.memory.given[stage]
        self.memory.given[stage] += 1
        text = said[min(number, len(said) - 1)]
        return "".join(f"{line}\r\n" for line in text.splitlines())

    def _forget(self) -> None:
        self.sender, self.recipients, self.chunks = None, [], bytearray()

    def _helo(self, argument: str) -> str:
        return self._hello(argument) if not self.host.lmtp else _NO_SMTP

    def _hello(self, argument: str) -> str:
        self.helo = argument
        self._forget()
        return _reply(250, self.host.name) if argument else _reply(501, "5.5.4 a name is missing")

    def _ehlo(self, argument: str) -> str:
        return self._offered(argument) if not self.host.lmtp else _NO_SMTP

    def _offered(self, argument: str) -> str:
        self._hello(argument)
        offered = list(self.host.extensions)
        if self.host.certificate and not self.secure:
            offered.append("STARTTLS")
        if self.host.auth:
            offered.append(f"AUTH {' '.join(self.host.auth)}")
        return _reply(250, f"{self.host.name} greets {argument}", *offered)

    def _lhlo(self, argument: str) -> str:
        return self._offered(argument) if self.host.lmtp else _reply(500, "5.5.1 this is SMTP")

    def _starttls(self, argument: str) -> str:
        if not self.host.certificate or self.secure:
            return _reply(502, "5.5.1 there is no TLS to start")
        if argument:
            return _reply(501, "5.5.4 no parameters are allowed")  # RFC 3207 §4
        self.wants = "handshake"
        return _reply(220, "2.0.0 ready to start TLS")

    def _auth(self, argument: str) -> str:
        mechanism, _, initial = argument.partition(" ")
        if self.user or mechanism.upper() not in self.host.auth:
            return _reply(503 if self.user else 504, "5.5.1 not now" if self.user else "5.5.4 no such mechanism")
        self._exchange = exchange(mechanism.upper(), self.host.users)
        if self._exchange is None:  # a mechanism that is offered, and that nobody knows
            return _reply(504, "5.5.4 no such mechanism")
        challenge = next(self._exchange)
        if initial:
            return self._responded(b"" if initial == "=" else initial.encode())
        return self._challenge(challenge)

    def _challenge(self, challenge: bytes) -> str:
        self.wants = "response"
        return _reply(334, b64encode(challenge).decode())

    def _log_in(self, user: str) -> str:
        self.user = user
        return _reply(235, "2.7.0 you are logged in") if user else _reply(535, "5.7.8 wrong user or password")

    def _mail(self, argument: str) -> str:
        found = _PATH.fullmatch(argument)
        if not self.helo or self.sender is not None:
            return _reply(503, "5.5.1 a greeting is missing" if not self.helo else "5.5.1 there is a sender already")
        if not found or found[1].upper() != "FROM":
            return _reply(501, "5.5.4 that is no path")
        wrong = self._wrong("MAIL", found[2], found[3])
        if not wrong:
            self.sender = found[2]
        return wrong or _reply(250, "2.1.0 sender ok")

    def _rcpt(self, argument: str) -> str:
        found = _PATH.fullmatch(argument)
        if self.sender is None:
            return _reply(503, "5.5.1 MAIL is missing")
        if not found or found[1].upper() != "TO" or not found[2]:
            return _reply(501, "5.5.4 that is no path")
        recipient = found[2]
        wrong = self._wrong("RCPT", "", found[3])
        wrong = wrong or self._turned_away(recipient)
        if wrong:
            return wrong
        if self.host.does("greylist", "RCPT") and (self.sender, recipient) not in self.memory.put_off:
            self.memory.put_off.add((self.sender, recipient))
            return _reply(450, "4.7.1 greylisted, come back later")
        self.recipients.append(recipient)
        return _reply(250, "2.1.5 recipient ok")

    def _turned_away(self, recipient: str) -> str:
        """The refusal of a recipient that is not for this server; empty: it is."""
        if self.host.relay and self.host.users and not self.user:
            return _reply(550, "5.7.1 relaying is for those who have logged in")
        if self.host.recipients and recipient.lower() not in self.host.recipients:
            return _reply(550, f"5.1.1 <{recipient}> is not known here")
        return ""

    def _wrong(self, verb: str, address: str, text: str) -> str:
        """The refusal of parameters that it cannot do; empty: it can."""
        told = {name.upper(): value for name, _, value in (one.partition("=") for one in text.split())}
        if set(told) - _PARAMETERS[verb]:
            return _reply(555, "5.5.4 a parameter is not known")  # RFC 5321 §4.1.1.11
        if self.host.size and told.get("SIZE", "0").isdigit() and int(told.get("SIZE", "0")) > self.host.size:
            return _reply(552, "5.3.4 the message is too big")  # RFC 1870 §6.1
        if not address.isascii() and "SMTPUTF8" not in told:
            return _reply(553, "5.6.7 SMTPUTF8 is missing")  # RFC 6531 §3.5
        return ""

    def _data(self, argument: str) -> str:
        if argument or not self.recipients:
            return _reply(501, "5.5.4 no parameters") if argument else _reply(503, "5.5.1 RCPT is missing")
        self.wants = "message"
        return _reply(354, "end with a line of one dot")

    def chunk_size(self, line: bytes) -> int:
        """How many octets follow a BDAT command (RFC 3030 §2); 0 for any other."""
        found = _BDAT.match(line)
        return int(found[1]) if found else 0

    def take_chunk(self, line: bytes, chunk: bytes) -> str:
        """The reply to a chunk, and after the last one to the message."""
        said = self._given("BDAT")
        if said[:1] in {"4", "5"}:
            self.wants = "nothing" if said[:3] == "421" else "command"
            self._forget()
            return said
        if not _BDAT.match(line) or not self.recipients:
            return _reply(503, "5.5.1 RCPT is missing") if _BDAT.match(line) else _reply(501, "5.5.4 that is no chunk")
        self.chunks += chunk
        if line.upper().rstrip().endswith(b"LAST"):
            own = self.take(bytes(self.chunks))
            return own if own[:1] in {"4", "5"} else said or own
        if len(self.chunks) > self.host.most:
            self._forget()
            return _reply(552, "5.3.4 the message is too big")
        return said or _reply(250, f"2.0.0 {len(chunk)} octets")

    def _rset(self, _: str) -> str:
        self._forget()
        return _reply(250, "2.0.0 forgotten")

    def _noop(self, _: str) -> str:
        return _reply(250, "2.0.0 nothing done")

    def _vrfy(self, _: str) -> str:
        return _reply(252, "2.5.2 send it and see")

    def _expn(self, _: str) -> str:
        return _reply(502, "5.5.1 there are no lists")

    def _help(self, _: str) -> str:
        return _reply(214, "2.0.0 see RFC 5321")

    def _quit(self, _: str) -> str:
        self.wants = "nothing"
        return _reply(221, f"2.0.0 {self.host.name} says goodbye")


_VERBS = {"HELO", "EHLO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "VRFY", "EXPN", "HELP",
          "QUIT"}  # fmt: skip


def _reply(code: int, *texts: str) -> str:
    """A reply of one line for each text (RFC 5321 §4.2.1)."""
    last = len(texts) - 1
    return "".join(f"{code}{' ' if number == last else '-'}{text}\r\n" for number, text in enumerate(texts))


_NO_SMTP = _reply(500, "5.5.1 this is LMTP")  # RFC 2033 §4.1: neither HELO nor EHLO is taken
