"""What a conversation is to be held with: a domain's exchangers, a recipient's, or one host."""

from __future__ import annotations

from collections.abc import Iterable

from deliverkit.classes import Frozen
from deliverkit.errors import UsageError
from deliverkit.regexes import regex
from deliverkit.standards.addresses import is_near
from deliverkit.standards.names import parse_address, parse_domain

SMTP_PORT = 25  # RFC 5321 §4.5.4.2
LOCALHOST = "localhost"  # RFC 6761 §6.3: this machine, which no name server is asked for
SUBMISSION_PORT = 587  # RFC 6409 §3.1
SUBMISSIONS_PORT = 465  # where TLS comes first: RFC 8314 §3.3
_LOCAL_PART = regex(r"""(?:[^\s"(),:;<>@\[\\\]\x00-\x1f\x7f]+|"[^"\\\x00-\x1f\x7f]*")""")
MOST_LOCAL = 64  # octets: RFC 5321 §4.5.3.1.1


class SmtpTarget(Frozen):
    """Whom to talk to. Either ``domain``, whose exchangers are looked up, or ``host`` or ``path``, is not empty.

    ``recipient`` is the address that was given, ``host`` a name or an IP address, ``path`` that of a socket.
    """

    domain: str = ""
    recipient: str = ""
    host: str = ""
    port: int = SMTP_PORT
    path: str = ""

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address."""
        return parse_address(self.host) is not None

    @property
    def needs_no_dns(self) -> bool:
        """Whether it is known where to connect without asking anybody."""
        return bool(self.path) or self.host == LOCALHOST or self.is_address

    @property
    def is_near(self) -> bool:
        """Whether it is known without asking that the host is on this machine, its link or its private network."""
        address = parse_address(self.host.partition("%")[0])
        return bool(self.path) or (address is not None and is_near(address))


def with_first(address: str, others: Iterable[str]) -> tuple[str, ...]:
    """The address and then the others, each once: upper and lower case make no other domain (RFC 5321 §2.4)."""
    found = {_folded(address): address}
    for one in others:
        found.setdefault(_folded(one), one)
    return tuple(found.values())


def _folded(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def parse_smtp_target(text: str, *, port: int = SMTP_PORT) -> SmtpTarget:
    """The target that the text names: a domain, an e-mail address, host:port, [v6]:port, an address, or unix:/path.

    ``port`` is that of an IP address without one.

    Raises:
        UsageError: it names none; says why.
    """
    given = text.strip()
    if given.startswith("unix:"):
        return _socket(given.removeprefix("unix:"))
    if "@" in given:
        return _recipient(given)
    if given.count("[") != given.count("]"):
        raise UsageError(f"{given!r}: a bracket is missing; an IPv6 address is written [2001:db8::1]:25, or bare")
    place, port_after = _split(given)
    address = parse_address(place)
    if address is not None:
        return SmtpTarget(host=str(address), port=_port(port_after, given) if port_after else port)
    if _is_literal(place):
        raise UsageError(f"{given!r}: there is no IP address between the brackets")
    if port_after:
        return SmtpTarget(host=parse_domain(place), port=_port(port_after, given))
    return SmtpTarget(domain=parse_domain(given))


def _split(text: str) -> tuple[str, str]:
    """What stands before a colon and a port, and the port; where there is none, the whole text, and nothing."""
    place, colon, port = text.rpartition(":")
    is_port = colon and port.isascii() and port.isdigit() and len(port) <= 5
    is_place = _is_literal(place) or not {":", "[", "]"} & set(place)  # an IPv6 address with a port stands in brackets
    return (place, port) if is_port and is_place else (text, "")


def _is_literal(text: str) -> bool:
    return text[:1] == "[" and text[-1:] == "]" and not {"[", "]"} & set(text[1:-1])


def _recipient(text: str) -> SmtpTarget:
    local, _, domain = text.rpartition("@")
    if not _LOCAL_PART.fullmatch(local) or len(local.encode()) > MOST_LOCAL:
        raise UsageError(f"{text!r} is no e-mail address: what stands before the @ cannot be a local part")
    name = parse_domain(domain)
    return SmtpTarget(domain=name, recipient=f"{local}@{name}")


def _socket(path: str) -> SmtpTarget:
    if not path.startswith("/") or "\0" in path:
        raise UsageError(f"unix:{path!r}: the path of a socket begins with /")
    return SmtpTarget(path=path)


def _port(text: str, given: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise UsageError(f"{given!r}: a port is a number from 1 to 65535")
    return port
