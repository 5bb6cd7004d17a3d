"""Access tokens that a host refuses, by what it says of them."""

from __future__ import annotations

from deliverkit.facts.smtp import Conversation
from deliverkit.standards.smtp.bearer import TokenError, parse_token_error
from deliverkit.standards.smtp.dialogue import Exchange


def token_refused(one: Conversation, refusal: Exchange) -> TokenError | None:
    """What the host says of the token, where it refused the sign-in for that (RFC 7628 §3.2.3)."""
    if refusal.verb != "AUTH":
        return None
    before = one.exchanges[: one.exchanges.index(refusal)]
    asked = before[-1].reply if before else None
    return parse_token_error(asked.text[0]) if asked and asked.code == 334 else None


def refusing_token(error: TokenError) -> str:
    """``refuses the token (status 401), which is expired or lacks the scope …``."""
    return f"refuses the token (status {error.status}), which is expired or lacks {_scope(error)}"


def new_token(error: TokenError) -> str:
    """What mends it."""
    return f"the sender's job: get a new token that has {_scope(error)}, for the user whom --user names"


def _scope(error: TokenError) -> str:
    return f"the scope {error.scope}" if error.scope else "the scope for sending mail"
