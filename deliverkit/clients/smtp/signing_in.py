"""The statement ``auth``: an AUTH exchange within a dialogue (RFC 4954 §4)."""

from __future__ import annotations

from base64 import b64encode
from typing import Never

from deliverkit.classes import Slotted
from deliverkit.clients.smtp.authentication import (
    CANCEL,
    MECHANISMS,
    MOST_COMMAND,
    Credentials,
    Exchange,
    Mechanism,
    Response,
    decode_challenge,
    doubt_of,
)
from deliverkit.clients.smtp.dialogue import Dialogue
from deliverkit.observations.smtp import AUTH_FIRST, TRUSTED
from deliverkit.script import syntax
from deliverkit.script.filling import BY_PASSWORD
from deliverkit.script.rendering import MissingError, Rendered, token
from deliverkit.standards.smtp.commands import CRLF
from deliverkit.standards.smtp.reply import Reply

MOST_CHALLENGES = 8


async def sign_in(dialogue: Dialogue, statement: syntax.Auth) -> None:
    """Hold the exchange; its last reply is left to be expected."""
    line, asked = statement.line, dialogue.text(statement.mechanism, statement.line)
    is_any = asked == syntax.OFFERED
    name = _first_offered(dialogue, line) if is_any else asked
    mechanism = MECHANISMS.get(name)
    if mechanism is None:
        dialogue.stop(line, f"one of the mechanisms {', '.join(MECHANISMS)}", name)
    is_given = any(isinstance(part, syntax.Variable) for part in statement.mechanism.parts)
    if is_given and name not in _offered(dialogue):  # RFC 4954 §3; one that is written out is the author's to know
        _miss(dialogue, line, name, mechanism.needs)
    # RFC 4954 §9: who stands between may offer CRAM-MD5 alone, to guess by what comes; it is to be asked for by name
    is_showing = mechanism.is_in_clear or is_any
    doubt = doubt_of(dialogue.handshake) if is_showing and not statement.in_clear else ""
    if doubt:
        dialogue.stop(line, f"{TRUSTED}{mechanism.needs} is sent (or: auth {asked} in clear)", doubt)
    dialogue.put_back(await _SignIn(dialogue, name, mechanism, line).hold())


def _first_offered(dialogue: Dialogue, line: int) -> str:
    """The first mechanism with a password that the host offers."""
    offered = _offered(dialogue)
    found = next((one for one in BY_PASSWORD if one in offered), None)
    names = f"{', '.join(BY_PASSWORD[:-1])} or {BY_PASSWORD[-1]}"
    return found or _miss(dialogue, line, names, MECHANISMS[BY_PASSWORD[0]].needs)


def _offered(dialogue: Dialogue) -> list[str]:
    """The mechanisms that the last answer to EHLO names."""
    return dialogue.extensions.get("AUTH", "").upper().split()


def _miss(dialogue: Dialogue, line: int, names: str, secret: str) -> Never:
    dialogue.stop(line, f"AUTH {names}{AUTH_FIRST}{secret} is sent", "not offered")


class _SignIn(Slotted):
    dialogue: Dialogue
    name: str
    mechanism: Mechanism
    line: int

    async def hold(self) -> Reply:
        """The exchange's last reply."""
        exchange = self.mechanism.begin(self.credentials())
        initial = await self.begin(exchange)
        reply = await self.hear()
        for _ in range(MOST_CHALLENGES):
            if reply.code != 334:
                break
            response = initial or _next(exchange, reply)
            initial = None
            await self.respond(response)
            reply = await self.hear()
        return reply

    async def hear(self) -> Reply:
        return await self.dialogue.hear(self.dialogue.patience, self.line)

    async def begin(self, exchange: Exchange) -> Response | None:
        """Send AUTH; gives back the initial response where it is too long for a command's line."""
        initial = next(exchange)
        command = f"AUTH {self.name}".encode()
        if initial is None or len(command) + 3 + len(b64encode(initial.octets)) > MOST_COMMAND:  # RFC 4954 §4
            await self.dialogue.send(Rendered(command, command, ()).with_end(CRLF), self.line)
            return initial
        encoded = self.encoded(initial)
        whole = Rendered(command + b" " + encoded.octets, command + b" " + encoded.shown, ())
        await self.dialogue.send(whole.with_end(CRLF), self.line)
        return None

    async def respond(self, response: Response | None) -> None:
        rendered = self.encoded(response) if response else Rendered(CANCEL, CANCEL, ())
        await self.dialogue.send(rendered.with_end(CRLF), self.line)

    def encoded(self, response: Response) -> Rendered:
        encoded = b64encode(response.octets)
        if not response.is_secret:
            return Rendered(encoded, encoded, ())
        shown = token(self.mechanism.needs)
        self.dialogue.hidden |= {encoded: shown, response.octets: shown}
        return Rendered(encoded, shown, ())

    def credentials(self) -> Credentials:
        dialogue = self.dialogue
        try:
            user, secret = dialogue.values.variable("user"), dialogue.values.find_secret(self.mechanism.needs)
        except MissingError as missing:
            dialogue.stop(self.line, f"a value for {missing}", "none")
        variables = dialogue.variables
        who = Credentials(user, secret, variables.get("host", ""), variables.get("port", ""))
        if not who.is_fit:
            dialogue.stop(self.line, "user and secret without control characters", "some")
        return who


def _next(exchange: Exchange, reply: Reply) -> Response | None:
    """The response to a challenge, or None where the mechanism has none."""
    try:
        return exchange.send(decode_challenge(reply.text[0]))
    except StopIteration:
        return None
