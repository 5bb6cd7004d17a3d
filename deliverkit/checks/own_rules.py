"""What deliverkit asks by itself, and no standard or provider does, as references."""

from __future__ import annotations

from datetime import date

from deliverkit.model import Reference


def ours(rule: str) -> Reference:
    """A rule of our own and no provider's."""
    return Reference("deliverkit", rule, date(2026, 11, 25))


OUR_POLICY = ours("our policy, no provider's")
STOPS = ours("our policy that it stops a campaign")  # of a rule whose breach no provider is known to refuse mail for
