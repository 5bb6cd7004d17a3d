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
