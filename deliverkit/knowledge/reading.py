"""Reading the TOML files of this package."""

from __future__ import annotations

import pkgutil
from typing import Any


def read_toml(name: str) -> dict[str, Any]:
    """The document in a file of this package. What it takes is imported only now: few questions wait for it."""
    import tomllib

    octets = pkgutil.get_data(__package__, name)
    assert octets is not None, name
    return tomllib.loads(octets.decode())
