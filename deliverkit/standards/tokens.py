"""Access tokens as far as they can be read: a JSON Web Token says until when it holds (RFC 7519).

Most providers' tokens say nothing to anybody but themselves.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

MOST_OCTETS = 16 * 1024


def token_expiry(token: str) -> datetime | None:
    """When the token expires; None where it does not say. Its signature is not looked at."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > MOST_OCTETS:  # RFC 7515 §3.1
        return None
    try:
        claims = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))  # RFC 7515 §2: no padding
        return datetime.fromtimestamp(float(claims["exp"]), UTC)  # RFC 7519 §4.1.4
    except (ValueError, TypeError, LookupError, OverflowError, OSError, RecursionError):
        return None
