"""The rules of large providers for sending addresses that checks cite, with the day of their text."""

from __future__ import annotations

from datetime import date

from deliverkit.model import Reference

GMAIL = Reference("Gmail sender guidelines", "G3 reverse DNS", date(2026, 3, 21))
YAHOO = Reference("Yahoo sender best practices", "Y3 reverse DNS", date(2025, 4, 10))
MICROSOFT = Reference("Outlook.com postmaster policies", "M7 reverse DNS", date(2026, 6, 15))
