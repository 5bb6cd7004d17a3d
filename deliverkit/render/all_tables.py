"""The tables of every area, in the order in which they are read; each area has its own where it has facts.

Beside them stands what tables do not say: notes, and seed copies one by one.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.wording import every
from deliverkit.render import authority, dkim, dmarc, placement, placement_copies, resolver, smtp, spf_tables, tls
from deliverkit.render.tables import Table
from deliverkit.report import Report

_AREAS = (authority, smtp, tls, spf_tables, dkim, dmarc, resolver, placement)


def tables_of(report: Report) -> Iterator[Table]:
    """Each table for which there are facts."""
    for area in _AREAS:
        yield from area.tables_of(report)


def notes_of(report: Report) -> Iterator[str]:
    """What the tables do not say, a line each."""
    yield from placement.notes_of(report)


def one_by_one(report: Report) -> tuple[str, list[tuple[str, list[str]]]]:
    """What is told one by one at the end of a document: what it is, and plain lines under a head each."""
    found = list(placement_copies.folded_of(report))
    return f"{every(len(found), 'seed copy')} one by one", found
