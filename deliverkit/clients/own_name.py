"""The name by which this machine greets mail hosts."""

from __future__ import annotations

import socket


def own_name() -> str:
    """This machine's host name; one without a domain gets that which mail servers give such machines."""
    name = socket.gethostname().lower().strip(".")
    return name if "." in name else f"{name or 'localhost'}.localdomain"  # RFC 5321 §2.3.5: a full name
