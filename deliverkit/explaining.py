"""A check's page, from the one text that the check's module holds."""

from __future__ import annotations

from deliverkit.checks.registry import checks
from deliverkit.errors import UsageError
from deliverkit.model import Check
from deliverkit.profiles import suggestion


def explain(word: str) -> str:
    """The page of a check, by its code or name, as Markdown.

    Raises:
        UsageError: there is no such check.
    """
    return page(find_check(word))


def find_check(word: str) -> Check:
    """The check of that code or name.

    Raises:
        UsageError: there is none; names the nearest.
    """
    wanted = word.strip().lower()
    for check in checks():
        if wanted in {check.code.lower(), check.name}:
            return check
    raise UsageError(f"there is no check {word!r}{suggestion(wanted)}")


def page(check: Check) -> str:
    """The check's page in Markdown: heading, severity and age, then the module's own text."""
    head = f"# {check.code} {check.name}\n\n{check.severity.word} · {check.area} · since {check.since}\n\n"
    return head + check.doc.strip() + "\n"


def index() -> str:
    """All checks, a line each, in Markdown."""
    rows = [f"| [{c.code}]({c.code}.md) | {c.name} | {c.severity.word} | {c.sentence} |" for c in checks()]
    return "\n".join(["# Checks", "", "| code | name | severity | what it finds |", "|---|---|---|---|", *rows, ""])
