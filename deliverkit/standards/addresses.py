"""IP addresses: which of them the Internet can reach, and what a reverse name gives away."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from deliverkit.regexes import regex

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# RFC 6890 and the IANA registries that keep its list: no path from the public Internet leads there.
_UNROUTABLE = (
    ("0.0.0.0/8", "unspecified"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade NAT"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "documentation"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("::ffff:0:0/96", "IPv4-mapped"),
    ("64:ff9b:1::/48", "private"),
    ("100::/64", "discard-only"),
    ("2001:db8::/32", "documentation"),
    ("3fff::/20", "documentation"),
    ("5f00::/16", "segment-routing"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)

# RFC 1918, RFC 4193, RFC 3927, RFC 4291: this machine and what stands near it. What a NAT64 translates is far away.
_NEAR = tuple(
    ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
_GLOBAL_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052 §2.1
_SIX_TO_FOUR = ip_network("2002::/16")  # RFC 3056 §2

_KEYWORDS = frozenset(
    {
        "adsl",
        "broadband",
        "cable",
        "dhcp",
        "dialin",
        "dialup",
        "dsl",
        "dyn",
        "dynamic",
        "pool",
        "ppp",
        "pppoe",
        "residential",
        "unassigned",
        "vdsl",
    }
)
OWN_LABELS = 2  # labels at the end that are the owner's name, not a word for the address
_TOKENS = regex(r"[.\-_0-9]+")
_DECIMAL, _HEXADECIMAL = frozenset("0123456789"), frozenset("0123456789abcdef")


@cache
def _unroutable() -> tuple[tuple[Network, int, int, str], ...]:
    """The networks as numbers, too, because every address of a domain is asked about several times."""
    found = ((ip_network(text), word) for text, word in _UNROUTABLE)
    return tuple((network, int(network.network_address), int(network.netmask), word) for network, word in found)


def unroutable_kind(address: Address) -> str | None:
    """The kind of special address that no sender on the Internet can reach; None for a global one."""
    number, version = int(address), address.version
    for network, prefix, mask, word in _unroutable():
        if network.version == version and number & mask == prefix:
            return word
    if isinstance(address, IPv6Address):
        if address not in _GLOBAL_UNICAST:
            return "reserved"
        if address.sixtofour is not None and unroutable_kind(address.sixtofour) is not None:
            return "6to4 of a private address"
    return None


def is_near(address: Address) -> bool:
    """Whether a connection to it stays on this machine, its link or its private network."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any(network.version == (mapped or address).version and (mapped or address) in network for network in _NEAR)


def special_network(address: Address) -> Network | None:
    """The network that makes the address what it is: special, or global for IPv6; None for every other one."""
    special = (*(network for network, *_ in _unroutable()), _NAT64, _SIX_TO_FOUR, _GLOBAL_UNICAST)
    return next((network for network in special if network.version == address.version and address in network), None)


def is_synthesized(address: Address) -> bool:
    """Whether a DNS64 resolver made it up from an IPv4 address, so that nobody publishes it (RFC 6147 §5.1.7)."""
    return address.version == 6 and address in _NAT64


def network_of(address: Address) -> Network:
    """The network that fails as one: the /24 of an IPv4 address, the /48 of an IPv6 address."""
    if isinstance(address, IPv4Address):
        return IPv4Network((address, 24), strict=False)
    return IPv6Network((address, 48), strict=False)


def generic_part(name: str, address: Address) -> tuple[int, int] | None:
    """Where a reverse name looks made up by a provider for the address: (start, end), or None.

    It does when it spells the address, or holds a word such as ``dynamic`` or ``pool``.
    """
    spelt = spelling_in(name, address)
    if spelt is not None:
        return spelt[:2]
    position = 0
    for token in _TOKENS.split(".".join(name.split(".")[:-OWN_LABELS])):
        start = name.find(token, position)
        position = start + len(token)
        if token in _KEYWORDS:
            return start, position
    return None


def spelling_in(name: str, address: Address) -> tuple[int, int, int] | None:
    """Where a name spells the address, and which of its spellings that is: (start, end, index), or None."""
    for index, spelling in enumerate(spellings(address)):
        found = _find_whole(spelling, name)
        if found is not None:
            return *found, index
    return None


def has_generic_word(label: str) -> bool:
    """Whether a label holds a word such as ``dynamic`` or ``pool``."""
    return any(token in _KEYWORDS for token in _TOKENS.split(label))


def _find_whole(spelling: str, name: str) -> tuple[int, int] | None:
    """Where the spelling stands in the name, and not as a part of a longer number."""
    digits = _DECIMAL if spelling.isdigit() or not spelling.isalnum() else _HEXADECIMAL
    start = name.find(spelling)
    while start >= 0:
        end = start + len(spelling)
        if name[start - 1 : start] not in digits and name[end : end + 1] not in digits:
            return start, end
        start = name.find(spelling, start + 1)
    return None


def spellings(address: Address) -> Iterator[str]:
    """How the host part of an address is spelt in generic names, in an order that is the same for all addresses."""
    if isinstance(address, IPv6Address):
        parts = address.exploded.split(":")
        nibbles = "".join(parts)
        yield nibbles
        yield nibbles[16:]
        yield "-".join(parts)
        yield "-".join(part.lstrip("0") or "0" for part in parts)
        return
    octets = str(address).split(".")
    for order in (octets, octets[::-1]):
        for separator in (".", "-", "_", "x"):
            yield separator.join(order)
            yield separator.join(octet.zfill(3) for octet in order)
        yield "".join(octet.zfill(3) for octet in order)
        yield "".join(f"{int(octet):02x}" for octet in order)
