"""Proving to an IMAP server who we are, and saying what to do where it does not believe it."""

from __future__ import annotations

import json
from collections.abc import Callable

from imapclient.exceptions import IMAPClientError

from deliverkit.clients.imap.bounded import BoundedClient
from deliverkit.clients.imap.trouble import WANTS_TLS, TroubleError, refused, said
from deliverkit.knowledge.mailboxes import MailboxProvider, provider_of_host
from deliverkit.observations.mailbox import ImapAccess, Mechanism
from deliverkit.version import __version__

_MOST_CHALLENGES = 4


class TokenRefusal:
    """A client's side of XOAUTH2 or OAUTHBEARER: gives the token once, and keeps what is said to it."""

    def __init__(self, first: str, answer: bytes) -> None:
        self._first = first
        self._answer = answer
        self._turns = 0
        self.challenge = b""

    def __call__(self, challenge: bytes) -> str | bytes | None:
        """What is answered to a challenge; None ends it."""
        self._turns += 1
        if self._turns == 1 and not challenge:
            return self._first
        self.challenge = challenge[:4096]
        return self._answer if self._turns < _MOST_CHALLENGES else None


def log_in(client: BoundedClient, access: ImapAccess, secret: str) -> None:
    """Log in, and say which program this is where the server asks (RFC 2971).

    Raises:
        TroubleError: the server refuses; says why and what to do.
    """
    _WAYS[access.mechanism](client, access, secret)
    if client.has_capability("ID"):
        client.id_({"name": "deliverkit", "version": __version__})


def _by_password(client: BoundedClient, access: ImapAccess, secret: str) -> None:
    provider = provider_of_host(access.host)
    if client.has_capability("AUTH=PLAIN"):  # LOGIN has no way to say a character that is not ASCII
        _try(lambda: client.plain_login(access.user, secret), access, secret, provider)
    elif client.has_capability("LOGINDISABLED"):  # RFC 9051 §6.2.3
        is_for_want_of_tls = access.tls == "none" and client.has_capability("STARTTLS")
        raise TroubleError(WANTS_TLS if is_for_want_of_tls else _no_passwords(provider))
    else:
        _try(lambda: client.login(_quoted(access.user), secret), access, secret, provider)


def _quoted(text: str) -> str:
    """A quoted string; imaplib quotes passwords alone."""
    if not text.isascii():
        raise TroubleError("its server takes no names but in ASCII")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _try(login: Callable[[], object], access: ImapAccess, secret: str, provider: MailboxProvider | None) -> None:
    try:
        login()
    except IMAPClientError as error:
        words = _without(secret, error)
        raise refused(words, _wrong_password(f"({words})", access, provider)) from None
    except UnicodeEncodeError:
        raise TroubleError("its server takes no passwords but in ASCII") from None


def _without(secret: str, error: Exception) -> str:
    """The server's words, without the secret: it might repeat it."""
    return said(str(error).replace(secret, "…"))


def _wrong_password(shown: str, access: ImapAccess, provider: MailboxProvider | None) -> str:
    if provider is not None and provider.wants == "token":
        return f"{_no_passwords(provider)} {shown}"
    if provider is not None and provider.wants == "app password":
        return (
            f"{provider.name} refuses the password of {access.user}: it wants an app password, never the account's "
            f"own: {provider.page} {shown}"
        )
    if any(mark in shown.lower() for mark in ("application-specific password", "app password", "app-specific")):
        return f"the mailbox of {access.user} wants an app password, never the account's own {shown}"
    return f"its server refuses user {access.user} with that password: is the user right, and is IMAP on? {shown}"


def _no_passwords(provider: MailboxProvider | None) -> str:
    where = f": {provider.page}" if provider is not None and provider.wants == "token" else ""
    who = provider.name if provider is not None else "its server"
    return f'{who} takes no passwords here: write mechanism = "xoauth2" and let a command give the token{where}'


def _by_xoauth2(client: BoundedClient, access: ImapAccess, secret: str) -> None:
    first = f"user={access.user}\x01auth=Bearer {secret}\x01\x01"
    _by_token(client, "XOAUTH2", TokenRefusal(first, b""), access, secret)


def _by_oauthbearer(client: BoundedClient, access: ImapAccess, secret: str) -> None:
    user = access.user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801 §4
    first = f"n,a={user},\x01auth=Bearer {secret}\x01\x01"  # RFC 7628 §3.1
    _by_token(client, "OAUTHBEARER", TokenRefusal(first, b"\x01"), access, secret)  # RFC 7628 §3.2.3


def _by_token(client: BoundedClient, word: str, answers: TokenRefusal, access: ImapAccess, secret: str) -> None:
    if not client.has_capability(f"AUTH={word}"):
        raise TroubleError(f"its server does not know {word}: choose another mechanism")
    try:
        client.sasl_login(word, answers)
    except IMAPClientError as error:
        words = _without(secret, error)
        otherwise = _token_refusal(answers.challenge) or _refused_token(words, access, provider_of_host(access.host))
        raise refused(words, otherwise) from None


def _token_refusal(challenge: bytes) -> str:
    """What the server's JSON says of the token (RFC 7628 §3.2.2); empty where there is none that can be read."""
    try:
        found = json.loads(challenge)
        status, scope = found.get("status", ""), found.get("scope", "")
    except (ValueError, RecursionError, AttributeError):
        return ""
    wanted = f", wanted for {said(scope)}" if scope else ""
    return (
        f"its token is refused ({said(status)}{wanted}): it has expired or was made for something else; get a new one"
    )


def _refused_token(words: str, access: ImapAccess, provider: MailboxProvider | None) -> str:
    who = provider.name if provider is not None else "its server"
    return f"{who} refuses the token of {access.user}: it has expired, or was made for something else ({words})"


_WAYS = {
    Mechanism.PASSWORD: _by_password,
    Mechanism.XOAUTH2: _by_xoauth2,
    Mechanism.OAUTHBEARER: _by_oauthbearer,
}
