"""Opens the sockets of connections; nothing here waits, and no name is looked up.

They are the system's own (``_socket.socket``): what Python's class adds to these takes time, and nothing here wants it.
"""

from __future__ import annotations

import errno
import os
import socket
from contextlib import suppress
from functools import lru_cache
from typing import Any, Never

from deliverkit.clients.routes import Endpoint

_IS_MADE_SO = hasattr(socket, "SOCK_NONBLOCK")  # so that nobody waits for it
_KIND = socket.SOCK_STREAM | getattr(socket, "SOCK_NONBLOCK", 0)
_INTERNET = frozenset({socket.AF_INET, socket.AF_INET6})
_LAST_PORT = 65535
# Windows says EWOULDBLOCK; where EAGAIN is the same it means a path at which too many wait already (connect(2)).
_NOT_YET = frozenset({errno.EINPROGRESS, errno.EALREADY, errno.EWOULDBLOCK}) - {errno.EAGAIN}


class OtherVersionError(ValueError):
    """The source is of another version of IP than the address that is to be connected to."""


def begun(where: Endpoint, source: str) -> tuple[socket.SocketType, int]:
    """A socket that connects, and the system's number for why it is not connected yet; 0: it is.

    Raises:
        OSError: the system does not let it, or the source is none of this machine's addresses.
        ValueError: there can be no connection: what is given is no address or no port.
        OtherVersionError: nor can there be one from that source.
    """
    if source and (":" in source) != (":" in where[0]):
        raise OtherVersionError(f"--source {source} is of IPv{6 if ':' in source else 4}")
    family, place = _place(where)
    made = socket.SocketType(family, _KIND)
    try:
        if not _IS_MADE_SO:
            made.setblocking(False)
        if source:
            made.bind(_place((source, 0))[1])
        failure = made.connect_ex(place)
    except BaseException:
        made.close()
        raise
    return made, _by_now(made, place) if failure in _NOT_YET else failure  # on this machine it is there at once


def failure_of(made: socket.SocketType, where: Endpoint) -> int:
    """The system's number for why a socket that was waited for is not connected; 0: it is."""
    failure = made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) or _by_now(made, _place(where)[1])
    return errno.ETIMEDOUT if failure == errno.EINPROGRESS else failure


def _by_now(made: socket.SocketType, place: tuple[Any, ...] | str) -> int:
    """The same, ``EINPROGRESS`` where it may yet be; to connect once more tells, at the least cost (connect(2))."""
    failure = made.connect_ex(place)
    return 0 if failure == errno.EISCONN else errno.EINPROGRESS if failure in _NOT_YET else failure


def hurry(made: socket.SocketType) -> None:
    """Send without waiting for the other end to acknowledge what was sent before (RFC 9293 §3.7.4)."""
    if made.family in _INTERNET:
        with suppress(OSError):  # some systems refuse it once the other end has gone
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def give_up(made: socket.SocketType, failure: int) -> Never:
    """Close it, and raise what the number means."""
    made.close()
    raise OSError(failure, os.strerror(failure))


@lru_cache(maxsize=256)
def _place(where: Endpoint) -> tuple[int, Any]:
    """The family of the address and the address as the system takes it.

    Raises:
        ValueError: it is none, or has no such port.
    """
    host, port = where
    if host.startswith("/"):
        return socket.AF_UNIX, host
    if not 0 <= port <= _LAST_PORT:  # the C library takes the lower 16 bits for it
        raise ValueError(f"{port} is no port")
    try:
        octets = host.encode("ascii")  # a text would be taken for a name, and load what turns those into octets
        found = socket.getaddrinfo(octets, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (socket.gaierror, UnicodeEncodeError):
        raise ValueError(f"{host or 'an empty text'} is no address") from None
    family, _, _, _, place = found[0]
    return family, place
