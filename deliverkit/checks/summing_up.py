"""Phrases that the summaries of several areas share."""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.checks.wording import count
from deliverkit.model import Absent, Outcome, Result, Severity, Verdict


def failed(results: Sequence[Result]) -> list[Result]:
    """The checks that failed, the worst first."""
    bad = (result for result in results if result.outcome is Outcome.FAIL)
    return sorted(bad, key=lambda result: (-result.severity, result.check.code))


def but(results: Sequence[Result], domain: str = "") -> str:
    """The worst fault as a clause, in which ``it`` is the domain; empty where there are only notes."""
    bad = [result for result in failed(results) if result.severity > Severity.NOTE]
    if not bad:
        return ""
    more = sum(len(result.findings) for result in bad) - 1
    rest = f" (and {count(more, 'more fault')})" if more else ""
    message = bad[0].findings[0].message
    is_about = bool(domain) and message.startswith(f"{domain} ")
    return f", but {f'it {message.removeprefix(domain).lstrip()}' if is_about else message}{rest}"


def worst(results: Sequence[Result]) -> str:
    """The worst fault as a clause behind a colon; empty where there are only notes."""
    return but(results).replace(", but ", ": ", 1)


def without(standard: str, fact: object) -> Verdict:
    """The verdict where the fact that it rests on is missing."""
    if not isinstance(fact, Absent):
        return Verdict(f"Cannot tell whether there is {standard}.")
    if fact.outcome is Outcome.NOT_APPLICABLE:
        return Verdict(f"{standard} does not matter here: {fact.reason}.")
    return Verdict(f"Cannot tell whether there is {standard}: {fact.reason}.")
