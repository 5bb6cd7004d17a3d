"""Names that nobody has made, for questions whose answer no cache can have."""

from __future__ import annotations

import hashlib


def made_up_label(subject: str) -> str:
    """A label that nobody has made; the same for the same subject, so that a saved run asks for it again."""
    return f"deliverkit-{hashlib.sha256(subject.encode()).hexdigest()[:12]}"
