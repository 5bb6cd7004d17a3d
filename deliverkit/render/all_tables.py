"""The tables of every area, in the order in which they are read; each area has its own where it has facts."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.render import authority, dkim, dmarc, resolver, smtp, spf_tables, tls
from deliverkit.render.tables import Table
from deliverkit.report import Report

_AREAS = (authority, smtp, tls, spf_tables, dkim, dmarc, resolver)


def tables_of(report: Report) -> Iterator[Table]:
    """Each table for which there are facts."""
    for area in _AREAS:
        yield from area.tables_of(report)
