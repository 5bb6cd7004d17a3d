"""What a host says of an access token that it refuses: JSON within a challenge (RFC 7628 §3.2.2).

XOAUTH2, which came before the standard, has the same form; Google writes ``{"status":"401","schemes":…,"scope":…}``.
"""

from __future__ import annotations

import json
from base64 import b64decode

from deliverkit.tuples import NamedTuple

_MOST_OCTETS = 4096  # of a challenge in base64
_MOST_SHOWN = 80  # characters of a value
_KEYS = ("status", "scope", "schemes")


class TokenError(NamedTuple):
    """What the host says: a status, as ``401`` or ``invalid_token``, and the scope that it wants; empty: not told."""

    status: str
    scope: str = ""
    schemes: str = ""

    def __str__(self) -> str:
        told = (
            (key, value) for key, value in zip(_KEYS, (self.status, self.scope, self.schemes), strict=True) if value
        )
        return ", ".join(f"{key} {value}" for key, value in told)


def parse_token_error(challenge: str) -> TokenError | None:
    """What the text of a 334 says of the token; None where it is another challenge."""
    if len(challenge) > _MOST_OCTETS:
        return None
    try:
        said = json.loads(b64decode(challenge.strip(), validate=True))
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not _shown(said.get("status")):
        return None
    status, scope, schemes = (_shown(said.get(key)) for key in _KEYS)
    return TokenError(status, scope, schemes)


def _shown(value: object) -> str:
    """A value as text, on one line and no longer than anybody reads."""
    text = " ".join(str(value).split()) if isinstance(value, str | int) else ""
    text = "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text[: _MOST_SHOWN + 1])
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
