"""One mailbox of ``seeds.toml``: its table, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from deliverkit.clients.secrets import is_way, way_from
from deliverkit.errors import UsageError
from deliverkit.knowledge.mailboxes import PORT, MailboxProvider, provider_of_domain
from deliverkit.observations.mailbox import FileAccess, ImapAccess, Mechanism
from deliverkit.standards.addresses import is_near
from deliverkit.standards.names import parse_address, parse_domain, shorten
from deliverkit.standards.senders import MAX_ADDRESS
from deliverkit.tables import BadTableError, refuse_unknown

KEYS = ("address", "provider", "imap", "maildir", "mbox", "user", "tls", "mechanism", "secret")
WAYS = '"env:VARIABLE", "file:PATH", "command:COMMAND" or "keyring:SERVICE"'
CLEAR_PORT = 143  # RFC 9051 §2.1
_TLS = ("implicit", "starttls", "none")
_PLACES = ("imap", "maildir", "mbox")
_LITERAL = {"password", "token", "pass", "passwd", "pwd", "app_password", "access_token"}


class Entry(NamedTuple):
    """What a table says."""

    address: str
    provider: str
    access: ImapAccess | FileAccess


def parse_entry(table: Mapping[str, Any], defaults: Mapping[str, Any], where: str, folder: Path) -> Entry:
    """The mailbox of the table, what it leaves out taken from the defaults; ``where`` names it in errors."""
    for key in table:
        if key.lower() in _LITERAL:
            raise BadTableError(f"{where}: {key} would hold a secret: write secret = {WAYS}, never the secret itself")
    refuse_unknown(table, KEYS, where)
    address = _address(_text(table, "address", where), where)
    known = provider_of_domain(address.rpartition("@")[2])
    provider = _text({**defaults, **table}, "provider", where) or (known.name if known else "")
    given = [key for key in _PLACES if key in table]
    if len(given) > 1:
        raise BadTableError(f"{where}: {' and '.join(given)} exclude each other: a mailbox lies in one place")
    if given and given[0] != "imap":
        return Entry(address, provider, _file_access(table, given[0], where, folder))
    merged = {**defaults, **table}
    return Entry(address, provider, _imap_access(merged, address, known, where, folder))


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    """The text under the key; empty where there is none."""
    found = table.get(key, "")
    if not isinstance(found, str):
        raise BadTableError(f"{where}, {key}: a text is expected, in quotation marks")
    if found and not found.isprintable():
        raise BadTableError(f"{where}, {key}: it has a line break or another control character in it")
    return found.strip()


def _address(text: str, where: str) -> str:
    """The address, its domain in A-labels."""
    local, at, domain = text.rpartition("@")
    if not at or not local or any(sign in local for sign in ' <>,;:"()[]\\@') or len(text) > MAX_ADDRESS:
        shown = f"{shorten(text)!r} is no e-mail address" if text else "it is missing"
        raise BadTableError(f'{where}, address: {shown}: write one such as address = "ada@example.com"')
    try:
        return f"{local}@{parse_domain(domain)}"
    except UsageError as error:
        raise BadTableError(f"{where}, address: {error}") from None


def _file_access(table: Mapping[str, Any], form: str, where: str, folder: Path) -> FileAccess:
    for key in ("user", "tls", "mechanism", "secret"):
        if key in table:
            raise BadTableError(f"{where}: {key} has no use beside {form}: leave it out")
    path = _text(table, form, where)
    if not path:
        raise BadTableError(f'{where}, {form}: a path is expected, as in {form} = "mail/ada"')
    return FileAccess(form, str(folder / Path(path).expanduser()))


def _imap_access(
    table: Mapping[str, Any], address: str, known: MailboxProvider | None, where: str, folder: Path
) -> ImapAccess:
    tls = _choice(table, "tls", _TLS, where)
    mechanism = _choice(table, "mechanism", tuple(Mechanism), where)
    host, port = _place(_text(table, "imap", where), tls, address, known, where)
    literal = parse_address(host)
    if tls == "none" and literal is not None and not is_near(literal):
        raise BadTableError(
            f'{where}, tls: "none" is for this machine and private networks, and {host} is neither: a secret would '
            "travel in the clear"
        )
    user = _text(table, "user", where) or address
    return ImapAccess(host, port, user, _secret(table, where, folder), Mechanism(mechanism), tls)


def _choice(table: Mapping[str, Any], key: str, words: tuple[str, ...], where: str) -> str:
    """The word under the key; the first where there is none."""
    word = _text(table, key, where) or words[0]
    if word not in words:
        raise BadTableError(f"{where}, {key}: {shorten(word)!r}: choose one of {', '.join(words)}")
    return word


def _place(text: str, tls: str, address: str, known: MailboxProvider | None, where: str) -> tuple[str, int]:
    """Host and port of the IMAP server."""
    usual = PORT if tls == "implicit" else CLEAR_PORT
    if not text:
        if known is None:
            raise BadTableError(
                f'{where}: where is the mailbox of {address}? Write imap = "imap.example.com", or maildir or mbox with '
                "a path"
            )
        return known.host, usual
    if parse_address(text) is not None and not text.startswith("["):
        return text.lower(), usual
    host, port = _host_and_port(text)
    if not port.isascii() or (port and not (port.isdigit() and 0 < int(port[:6]) < 65536)):
        raise BadTableError(f"{where}, imap: {shorten(port)!r} is no port: give one from 1 to 65535")
    return _host(host, where), int(port) if port else usual


def _host_and_port(text: str) -> tuple[str, str]:
    """What stands before and behind the colon; an IPv6 literal stands in brackets (RFC 3986 §3.2.2)."""
    if text.startswith("["):
        inside, _, behind = text[1:].partition("]")
        return inside, behind.removeprefix(":")
    host, _, port = text.partition(":")
    return host, port


def _host(text: str, where: str) -> str:
    literal = parse_address(text)
    if literal is not None:
        return str(literal)
    if text.lower() == "localhost":
        return "localhost"
    if ":" in text or "/" in text or "@" in text:
        raise BadTableError(f"{where}, imap: {shorten(text)!r} is no host: give a name such as imap.example.com")
    try:
        return parse_domain(text)
    except UsageError as error:
        raise BadTableError(f"{where}, imap: {error}") from None


def _secret(table: Mapping[str, Any], where: str, folder: Path) -> str:
    """Where the secret is. What says no such place may be the secret itself, and is never shown."""
    way = table.get("secret", "")
    if way == "":
        raise BadTableError(f"{where}: say where its secret is: secret = {WAYS}")
    if not isinstance(way, str) or not is_way(way) or not way.isprintable():
        raise BadTableError(f"{where}, secret: {WAYS} is expected, and never the secret itself")
    return way_from(folder, way)
