"""Which resolvers to ask: those given, or the system's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address

from deliverkit.clients.routes import Endpoint
from deliverkit.errors import UsageError

PORT = 53
MAX_PORT = 65535
_BRACKETED = re.compile(r"\[([^\]]*:[^\]]*)\](?::(\d{1,5}))?", re.ASCII)  # [v6] or [v6]:port
_WITH_PORT = re.compile(r"([^:\[\]]*):(\d{1,5})", re.ASCII)


def parse_nameserver(text: str) -> Endpoint:
    """The endpoint that ``IP``, ``IP:port`` or ``[v6]:port`` means.

    Raises:
        UsageError: it is none of these.
    """
    match = _BRACKETED.fullmatch(text) or _WITH_PORT.fullmatch(text)
    host, port = match.groups() if match else (text, str(PORT))
    try:
        address = ip_address(host)
    except ValueError:
        raise UsageError(_help(text)) from None
    if not 0 < int(port or PORT) <= MAX_PORT:
        raise UsageError(_help(text))
    return str(address), int(port or PORT)


def system_nameservers() -> tuple[Endpoint, ...]:
    """The resolvers that this machine is set up to use; the search list is never used for mail names.

    Raises:
        UsageError: the system names none.
    """
    import dns.exception
    import dns.resolver

    try:
        configured = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError) as error:
        raise UsageError(f"this system names no DNS resolver ({error}): give one with --resolver IP") from None
    servers = tuple((str(server), configured.port) for server in configured.nameservers if _is_address(server))
    if not servers:
        raise UsageError("this system names no DNS resolver: give one with --resolver IP")
    return servers


def format_endpoint(endpoint: Endpoint) -> str:
    """The endpoint as people write it: the port only where it is not 53."""
    host, port = endpoint
    if port == PORT:
        return host
    return f"[{host}]:{port}" if isinstance(ip_address(host.partition("%")[0]), IPv6Address) else f"{host}:{port}"


def format_endpoints(endpoints: Iterable[Endpoint]) -> str:
    """Several endpoints in one phrase."""
    return ", ".join(format_endpoint(endpoint) for endpoint in endpoints)


def _is_address(server: object) -> bool:
    try:
        ip_address(str(server).partition("%")[0])
    except ValueError:
        return False
    return True


def _help(text: str) -> str:
    return f"{text!r} is no resolver: give an IP address, IP:port or [IPv6]:port, such as 9.9.9.9 or [::1]:5353"
