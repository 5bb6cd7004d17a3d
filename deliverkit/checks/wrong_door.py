"""Hosts that are not at fault: they were spoken to in a way that is not theirs there, or with a bad token."""

from __future__ import annotations

from deliverkit.checks.tokens import new_token, refusing_token, token_refused
from deliverkit.facts.smtp import Conversation
from deliverkit.script import shipped
from deliverkit.standards.smtp.dialogue import Exchange
from deliverkit.standards.smtp.target import SUBMISSION_PORT, SUBMISSIONS_PORT
from deliverkit.tuples import NamedTuple

_NOT_KNOWN = frozenset({500, 502, 503})  # RFC 5321 §4.2.4
_TAKING_MAIL = frozenset({"MAIL", "RCPT", "DATA", "."})


class WrongDoor(NamedTuple):
    """What the host does, as a clause without its subject, and what is to be done in its place."""

    does: str
    instead: str


def wrong_door(one: Conversation, refusal: Exchange, script: str) -> WrongDoor | None:
    """How it is spoken to in place of that; None: it is spoken to as it should be, or nobody can tell."""
    return of_protocol(one, refusal) or _of_submission(one, refusal, script) or _of_token(one, refusal)


def _of_token(one: Conversation, refusal: Exchange) -> WrongDoor | None:
    token = token_refused(one, refusal)
    return WrongDoor(refusing_token(token), new_token(token)) if token else None


def of_protocol(one: Conversation, refusal: Exchange) -> WrongDoor | None:
    """SMTP where LMTP is spoken, or the contrary (RFC 2033 §4.1)."""
    if refusal.reply.code not in _NOT_KNOWN:
        return None
    if refusal.verb == "LHLO":
        return WrongDoor("does not speak LMTP there, but SMTP", "leave --lmtp out: LMTP is for mail stores (RFC 2033)")
    greeting = one.greeting.reply.joined.upper() if one.greeting else ""
    if refusal.verb in {"EHLO", "HELO"} and "LMTP" in f"{greeting} {refusal.reply.joined.upper()}":
        return WrongDoor("speaks LMTP there, and no SMTP", "give --lmtp, or name the port at which it speaks SMTP")
    return None


def _of_submission(one: Conversation, refusal: Exchange, script: str) -> WrongDoor | None:
    """Mail without a sign-in at a port that is for those who sign in (RFC 6409 §4.3)."""
    is_port = one.host.port in {SUBMISSION_PORT, SUBMISSIONS_PORT}
    hello = one.after("EHLO")
    offers = hello is not None and "AUTH" in hello.reply.extensions
    is_of_address = refusal.reply.enhanced[2:4] == "1."  # RFC 3463 §3.2: it is the address that is wrong
    if not (is_port and offers and refusal.verb in _TAKING_MAIL and refusal.reply.severity == 5) or is_of_address:
        return None
    if one.after("AUTH"):
        return None
    does = f"takes mail at port {one.host.port} from those who sign in, and nobody did"
    how = "--script submit --user NAME" if script in shipped() else "auth in the script, before MAIL"
    return WrongDoor(does, f"sign in: {how}; mail for its own users goes to port 25 (RFC 6409 §3.1)")
