"""Resolvers: how they are written, and where they are."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from typing import Literal

from deliverkit.classes import Frozen
from deliverkit.clients.routes import Endpoint
from deliverkit.errors import UsageError
from deliverkit.regexes import regex

PORT, TLS_PORT, HTTPS_PORT = 53, 853, 443
MAX_PORT = 65535
_BRACKETED = regex(r"\[([^\]]*:[^\]]*)\](?::(\d{1,5}))?", re.ASCII)  # [v6] or [v6]:port
_WITH_PORT = regex(r"([^:\[\]]*):(\d{1,5})", re.ASCII)

Road = Literal["udp", "tls", "https"]
"""How a resolver is asked."""


class Nameserver(Frozen):
    """A resolver: how it is written, the road to it, where it listens, and the name its certificate must bear.

    For HTTPS the endpoint is empty and ``text`` is the URL.
    """

    text: str
    road: Road
    endpoint: Endpoint
    name: str = ""


def parse_nameserver(text: str) -> Nameserver:
    """The resolver that ``IP``, ``IP:port``, ``[v6]:port``, ``tls://IP[:port][#name]`` or ``https://…`` means.

    Raises:
        UsageError: it is none of these.
    """
    if text.startswith("https://"):
        return _parse_https(text)
    if text.startswith("tls://"):
        place, _, name = text.removeprefix("tls://").partition("#")
        return Nameserver(text, "tls", _parse_endpoint(place, TLS_PORT, text), name)
    return plain(_parse_endpoint(text, PORT, text))


def plain(endpoint: Endpoint) -> Nameserver:
    """A resolver, or an authoritative server, that is asked over UDP and TCP."""
    return Nameserver(format_endpoint(endpoint), "udp", endpoint)


def format_endpoint(endpoint: Endpoint) -> str:
    """The endpoint as people write it: the port only where it is not 53."""
    host, port = endpoint
    if port == PORT:
        return host
    return f"[{host}]:{port}" if isinstance(ip_address(host.partition("%")[0]), IPv6Address) else f"{host}:{port}"


def _parse_endpoint(text: str, default: int, whole: str) -> Endpoint:
    match = _BRACKETED.fullmatch(text) or _WITH_PORT.fullmatch(text)
    host, port = match.groups() if match else (text, None)
    try:
        address = ip_address(host)
    except ValueError:
        raise UsageError(_help(whole)) from None
    number = int(port) if port else default
    if not 0 < number <= MAX_PORT:
        raise UsageError(_help(whole))
    return str(address), number


def _parse_https(text: str) -> Nameserver:
    from urllib.parse import urlsplit

    try:
        host = urlsplit(text).hostname
    except ValueError:
        host = None
    if not host:
        raise UsageError(_help(text))
    from importlib.util import find_spec

    import dns.query

    if not dns.query.have_doh or find_spec("httpx2") is None:
        raise UsageError("a resolver with https:// needs the extra: pip install 'deliverkit[doh]'")
    return Nameserver(text, "https", ("", HTTPS_PORT), host)


def _help(text: str) -> str:
    return (
        f"{text!r} is no resolver: give an IP address, IP:port, [IPv6]:port, tls://IP#name or https://name/path, "
        "such as 9.9.9.9 or [::1]:5353"
    )
