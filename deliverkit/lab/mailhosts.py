"""The manner of an SMTP server of a world: what it offers, what it answers, and what it does wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from deliverkit.lab.worldtables import refuse_other_kinds

STAGES = ("CONNECT", "HELO", "EHLO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", ".", "BDAT", "RSET", "NOOP",
          "VRFY", "EXPN", "HELP", "QUIT")  # fmt: skip
# What a certificate can be, and which versions of TLS a server can speak: ``old`` is 1.0 alone, ``every`` has
# 1.0 to 1.3, ``alert`` none.
CERTIFICATES = frozenset({"right", "expired", "early", "ending", "wrong-name", "self-signed", "unknown-authority",
                          "no-chain", "weak-key"})  # fmt: skip
VERSIONS = frozenset({"", "old", "every", "alert"})
# What a server can do wrong, and the stage at which it does it where none is named.
MISDEEDS = {
    "greylist": "RCPT",  # says no to every recipient the first time
    "tarpit": "*",  # waits before every reply
    "split": "*",  # sends one octet at a time, and waits between them
    "drop": "MAIL",  # closes in place of a reply
    "reset": "MAIL",  # resets the connection in place of a reply
    "silent": "CONNECT",  # says nothing
    "early": "CONNECT",  # says one reply more, to a command that has not come
    "flood": "CONNECT",  # a reply without an end
    "long-line": "CONNECT",  # a line of a million octets
    "two-codes": "EHLO",  # another code on each line
    "controls": "EHLO",  # NUL, escapes, bells and broken UTF-8
    "bare-lf": "EHLO",  # lines that end in LF alone
    "talkative": "QUIT",  # says more after its reply
    "deaf": "DATA",  # reads nothing more
    "lenient": "DATA",  # takes a dot between bare LFs for the end of a message (CVE-2023-51764)
    "half-close": "MAIL",  # says no more, and reads on
    "inject": "STARTTLS",  # says a reply in the clear behind the one to STARTTLS (CVE-2011-0411)
    "credulous": "STARTTLS",  # takes commands that came in the clear behind STARTTLS for secure ones (CVE-2011-0411)
    "no-handshake": "STARTTLS",  # goes on in the clear
    "mute-handshake": "STARTTLS",  # answers no handshake
    "drop-handshake": "STARTTLS",  # closes in the handshake
    "no-alert": "STARTTLS",  # closes where it should send an alert
    "mute-alert": "STARTTLS",  # says nothing where it should send an alert
}
LARGEST = 64 * 1024 * 1024  # octets of a message, where a server names no size
_EXTENSIONS = ("PIPELINING", "SIZE 1048576", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "ENHANCEDSTATUSCODES")


class Misdeed(NamedTuple):
    """Something that a server does wrong, and at which stage."""

    name: str
    stage: str


@dataclass(frozen=True, slots=True)
class MailHost:
    """An SMTP server. What it is not told, it does well.

    ``certificate`` says of what kind its one is; empty: it has no TLS. ``ciphers`` are the suites that it takes up
    to TLS 1.2, the one that it likes best first, as OpenSSL writes them; empty: those that are usual.
    ``names``: those that the certificate is for;
    none: the server's own. ``implicit``: it speaks TLS from the first
    octet. ``users`` may log in by the mechanisms in ``auth``. ``recipients`` are those that it knows; none: it
    knows all. ``refuses`` says what a message for one of these is answered. ``replies`` stand in place of its own, by
    stage; of several each is given once, the last for ever.
    ``relay``: it passes on what it takes, to the recipients' exchangers in the world, for its users where it has some;
    ``sign``: with a DKIM signature by the key of that name (``s1._domainkey.good.example``).
    ``do``: what it does wrong, as ``misdeed`` or ``misdeed at STAGE``; ``seconds`` is how long it waits for it, and a
    relay before it tries again.
    """

    address: str
    port: int = 25
    name: str = "mx.lab.example"
    banner: str = "ESMTP deliverkit lab"
    extensions: tuple[str, ...] = _EXTENSIONS
    certificate: str = "right"
    names: tuple[str, ...] = ()
    tls: str = ""
    ciphers: str = ""
    implicit: bool = False
    lmtp: bool = False
    auth: tuple[str, ...] = ()
    users: Mapping[str, str] = field(default_factory=dict)
    recipients: tuple[str, ...] = ()
    refuses: Mapping[str, str] = field(default_factory=dict)
    replies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    relay: bool = False
    sign: str = ""
    do: tuple[Misdeed, ...] = ()
    seconds: float = 0.0

    def does(self, name: str, stage: str) -> bool:
        """Whether it does that wrong at the stage."""
        return any(one.name == name and one.stage in {stage, "*"} for one in self.do)

    @property
    def most(self) -> int:
        """The most octets of a message that it takes, whether it says so or not: some limit is its own."""
        return self.size or LARGEST

    @property
    def size(self) -> int:
        """The most octets of a message that it takes (RFC 1870 §4); 0: it names no limit."""
        named = [text.partition(" ")[2] for text in self.extensions if text.upper().startswith("SIZE")]
        return int(named[0] or 0) if named else 0


def parse_mail_host(table: Mapping[str, Any]) -> MailHost:
    """The server that the table of a world describes.

    Raises:
        ValueError: it describes none.
    """
    told = dict(table)
    unknown = sorted(set(told) - {one.name for one in fields(MailHost)})
    if unknown:
        keys = ", ".join(one.name for one in fields(MailHost))
        raise ValueError(f"an smtp server has no key {unknown[0]!r}: it has {keys}")
    where = f"the smtp server at {told.get('address', 'no address')}"
    refuse_other_kinds(where, told, {"address": "str", "name": "str", "ciphers": "str"})
    for key in ("extensions", "names", "auth", "recipients"):
        if key in told:
            told[key] = tuple(map(str, told[key]))
    told["do"] = misdeeds(told.get("do", ()), MISDEEDS, STAGES, where)
    if "replies" in told:
        told["replies"] = {known(stage, STAGES, where): _texts(said) for stage, said in told["replies"].items()}
    host = MailHost(**told)
    if host.sign and "._domainkey." not in host.sign:
        raise ValueError(f"sign = {host.sign!r} of {where} is no name of a key: write s1._domainkey.good.example")
    if host.certificate:
        known(host.certificate, CERTIFICATES, where)
    known(host.tls, VERSIONS, where)
    return host


def misdeeds(
    told: str | Sequence[str], known_ones: Mapping[str, str], stages: Collection[str], where: str
) -> tuple[Misdeed, ...]:
    """What a server does wrong, each with its stage; ``known_ones``: the stage of each where none is named.

    Raises:
        ValueError: one is not known, or its stage.
    """
    found = []
    for text in [told] if isinstance(told, str) else told:
        name, _, stage = str(text).partition(" at ")
        known(name, known_ones, where)
        found.append(Misdeed(name, known(stage, {*stages, "*"}, where) if stage else known_ones[name]))
    return tuple(found)


def known(word: str, words: Collection[str], where: str) -> str:
    """The word, which is to be one of these.

    Raises:
        ValueError: it is not.
    """
    if word not in words:
        raise ValueError(f"{word!r} of {where}: choose one of {', '.join(sorted(filter(None, words)))}")
    return word


def _texts(said: object) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list) else (str(said),)
