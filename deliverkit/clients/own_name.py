"""The name by which this machine greets mail hosts."""

from __future__ import annotations

import socket

_ANYWHERE = ("192.0.2.1", 9)  # RFC 5737: nothing is sent there, the system only says from where it would be


def own_name() -> str:
    """This machine's full host name; without one its address as a literal (RFC 5321 §4.1.4)."""
    name = socket.gethostname().lower()
    if "." in name.strip("."):
        return name
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probing:
        try:
            probing.connect(_ANYWHERE)
        except OSError:
            return "[127.0.0.1]"
        return f"[{probing.getsockname()[0]}]"
