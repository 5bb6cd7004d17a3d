"""The manner of an IMAP server of a world: its mailboxes, what it announces, and what it does wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from deliverkit.lab.mailhosts import CERTIFICATES, VERSIONS, Misdeed, known, misdeeds
from deliverkit.lab.worldtables import refuse_other_kinds

STAGES = ("CONNECT", "CAPABILITY", "ID", "NOOP", "STARTTLS", "LOGIN", "AUTHENTICATE", "LIST", "NAMESPACE", "STATUS",
          "SELECT", "EXAMINE", "SEARCH", "FETCH", "STORE", "EXPUNGE", "IDLE", "NOTIFY", "CLOSE", "LOGOUT")  # fmt: skip
# What a server can do wrong, and the command at which it does it where none is named. ``*``: every command.
MISDEEDS = {
    "tarpit": "*",  # waits before it answers
    "split": "*",  # sends one octet at a time, and waits between them
    "silent": "*",  # greets, and answers nothing; at CONNECT it does not even greet
    "drop": "LOGIN",  # closes in place of an answer
    "reset": "LOGIN",  # resets the connection in place of an answer
    "bye": "CONNECT",  # says BYE in place of an answer, and closes
    "flood": "SELECT",  # untagged data without an end
    "huge-literal": "FETCH",  # a literal of four gigabytes
    "long-line": "LIST",  # a line of ten million octets
    "controls": "LIST",  # NUL, escapes, bells and broken UTF-8
    "wrong-tag": "NOOP",  # the answer to another command
    "inject": "STARTTLS",  # says something in the clear behind the answer to STARTTLS
    "no-handshake": "STARTTLS",  # answers no handshake
    "new-uidvalidity": "SELECT",  # another UIDVALIDITY each time; EXAMINE counts as SELECT
}
CAPABILITIES = ("SASL-IR", "LITERAL+", "ID", "NAMESPACE", "IDLE", "NOTIFY", "UIDPLUS", "UNSELECT", "SPECIAL-USE")
IMPLICIT_TLS_PORT = 993
_FOLDERS = {"INBOX": (), "Junk": ("\\Junk",), "Sent": ("\\Sent",), "Trash": ("\\Trash",)}
_SHARED = ("password", "token", "folders", "junk", "tabs", "refusal")  # keys that a server gives all its mailboxes


@dataclass(frozen=True, slots=True)
class Message:
    """A message that lies in a mailbox when the world starts, since ``age`` seconds."""

    text: str
    folder: str = "INBOX"
    category: str = ""
    flags: tuple[str, ...] = ()
    age: float = 0.0

    @property
    def octets(self) -> bytes:
        """As it lies there: with line ends as on the wire."""
        return "\r\n".join(self.text.lstrip("\n").splitlines()).encode() + b"\r\n"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox. Its ``user`` (none: the address) logs in by ``password`` or by ``token``.

    ``folders``: name to attributes. ``junk``: the one that is meant by junk; none: that with the attribute. ``tabs``:
    it keeps Gmail's categories. ``refusal``: what every attempt to log in is answered. ``do``: what the server does
    wrong to those who are logged in here.
    """

    address: str
    user: str = ""
    password: str = ""
    token: str = ""
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _FOLDERS)
    junk: str = ""
    tabs: bool = True
    refusal: str = ""
    do: tuple[Misdeed, ...] = ()
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ImapHost:
    """An IMAP server. What it is not told, it does well.

    Port 993 speaks TLS from the first octet, others STARTTLS; ``certificate``, ``names`` and ``tls`` are as those of an
    SMTP server. ``auth``: the mechanisms of AUTHENTICATE; LOGIN is refused where ``login`` is false. ``prefix`` is
    what NAMESPACE says stands before the names of folders. ``most_connections``: for each mailbox (0: any number); one
    more is told ``limit``. ``clock_off``: seconds by which its clock is wrong. ``authentication``: the
    Authentication-Results that it stamps. ``do``: what it does wrong, as ``misdeed`` or ``misdeed at COMMAND``;
    ``seconds`` is how long it waits for it.
    """

    address: str
    name: str = "imap.lab.example"
    ports: tuple[int, ...] = (143, 993)
    certificate: str = "right"
    names: tuple[str, ...] = ()
    tls: str = ""
    capabilities: tuple[str, ...] = CAPABILITIES
    auth: tuple[str, ...] = ("PLAIN",)
    login: bool = True
    separator: str = "/"
    prefix: str = ""
    most_connections: int = 0
    limit: str = "NO [LIMIT] Too many simultaneous connections."
    clock_off: float = 0.0
    authentication: str = ""
    do: tuple[Misdeed, ...] = ()
    seconds: float = 0.0
    mailboxes: tuple[Mailbox, ...] = ()

    def announces(self, capability: str) -> bool:
        """Whether it has the capability."""
        return capability in self.capabilities


def imap_hosts_over(below: Iterable[ImapHost], tables: Iterable[Mapping[str, Any]]) -> tuple[ImapHost, ...]:
    """The servers of a base with those of the tables, each in place of the one below at its address.

    Raises:
        ValueError: a table describes none.
    """
    return tuple({host.address: host for host in (*below, *map(parse_imap_host, tables))}.values())


def parse_imap_host(table: Mapping[str, Any]) -> ImapHost:
    """The server that the table of a world describes.

    Raises:
        ValueError: it describes none.
    """
    where = f"the imap server at {table.get('address', 'no address')}"
    refuse_other_kinds(where, table, {"address": "str", "name": "str"})
    told = _of_keys(ImapHost, {key: value for key, value in table.items() if key not in _SHARED}, where, _SHARED)
    shared = {key: table[key] for key in _SHARED if key in table}
    for key in ("names", "capabilities", "auth"):
        if key in told:
            told[key] = tuple(map(str, told[key]))
    if "ports" in told:
        told["ports"] = tuple(map(int, told["ports"]))
    told["do"] = misdeeds(told.get("do", ()), MISDEEDS, STAGES, where)
    told["mailboxes"] = tuple(_mailbox({**shared, **one}, where) for one in told.get("mailboxes", ()))
    host = ImapHost(**told)
    if host.certificate:
        known(host.certificate, CERTIFICATES, where)
    elif IMPLICIT_TLS_PORT in host.ports:
        raise ValueError(f"{where} has port 993 and no certificate")
    known(host.tls, VERSIONS, where)
    return host


def _mailbox(table: Mapping[str, Any], where: str) -> Mailbox:
    where = f"the mailbox {table.get('address', 'without an address')} of {where}"
    told = _of_keys(Mailbox, table, where)
    told["address"] = str(told["address"]).lower()
    told["do"] = misdeeds(told.get("do", ()), MISDEEDS, STAGES, where)
    folders = {name: _words(attributes) for name, attributes in told.get("folders", _FOLDERS).items()}
    told["folders"] = {"INBOX": (), **folders}
    marked = next((name for name, words in folders.items() if "\\junk" in map(str.lower, words)), "")
    told["junk"] = told.get("junk") or marked
    told["messages"] = tuple(_message(one, where) for one in told.get("messages", ()))
    for place in filter(None, (told["junk"], *(message.folder for message in told["messages"]))):
        if place not in told["folders"]:
            raise ValueError(f"{where} has no folder {place!r}")
    return Mailbox(**told)


def _message(table: Mapping[str, Any], where: str) -> Message:
    told = _of_keys(Message, table, f"a message in {where}")
    return Message(**{**told, "flags": _words(told.get("flags", ()))})


def _words(told: object) -> tuple[str, ...]:
    return tuple(map(str, told)) if isinstance(told, list | tuple) else tuple(str(told).split())


def _of_keys(kind: type, table: Mapping[str, Any], where: str, others: Iterable[str] = ()) -> dict[str, Any]:
    """The table, whose keys are fields of the kind, and which names an address or a text."""
    names = [one.name for one in fields(kind)]
    unknown = sorted(set(table) - set(names))
    if unknown:
        raise ValueError(f"{where} has no key {unknown[0]!r}: it has {', '.join([*names, *others])}")
    if names[0] not in table:
        raise ValueError(f"{where} says no {names[0]}")
    return dict(table)
