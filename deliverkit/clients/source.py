"""The address of this machine that is connected from."""

from __future__ import annotations

import socket

from deliverkit.errors import UsageError
from deliverkit.standards.names import parse_address
from deliverkit.standards.smtp.target import SmtpTarget


def check_way(source: str, target: SmtpTarget) -> None:
    """Make sure that one can connect from the source to the target, as far as that is named by its address.

    Raises:
        UsageError: they are of different versions of IP, or the target is a socket.
    """
    if target.path:
        raise UsageError(f"unix:{target.path} is connected to from no address: leave --source out")
    host = target.host
    own, address = parse_address(source), parse_address(host)
    if own and address and own.version != address.version:
        raise UsageError(f"--source {source} is of IPv{own.version}, and nobody connects from there to {host}")


def check_source(text: str) -> None:
    """Make sure that it is one.

    Raises:
        UsageError: it is no IP address, or none of this machine's.
    """
    address = parse_address(text)
    if address is None:
        raise UsageError(f"--source {text!r} is no IP address")
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as trying:
            trying.bind((str(address), 0))
    except OSError as error:
        raise UsageError(f"--source {text}: this machine cannot speak from there: {error.strerror}") from None
