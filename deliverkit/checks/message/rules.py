"""The rules of large providers for messages that checks cite, with the day of their text."""

from __future__ import annotations

from datetime import date

from deliverkit.model import Reference


def gmail(rule: str) -> Reference:
    """A rule for mail to personal Gmail accounts."""
    return Reference("Gmail sender guidelines", rule, date(2026, 3, 21))


def yahoo(rule: str) -> Reference:
    """A rule for mail to Yahoo and AOL."""
    return Reference("Yahoo sender best practices", rule, date(2025, 4, 10))


def microsoft(rule: str) -> Reference:
    """A rule for mail to Outlook.com."""
    return Reference("Microsoft high-volume sender requirements", rule, date(2025, 4, 30))


def ours(rule: str) -> Reference:
    """A rule of our own and no provider's."""
    return Reference("deliverkit", rule, date(2026, 11, 25))


STOPS = ours("our policy that it stops a campaign")  # of a rule whose breach no provider is known to refuse mail for
