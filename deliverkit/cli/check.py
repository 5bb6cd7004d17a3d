"""``deliverkit check``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from deliverkit.cli.examining import examine_and_print
from deliverkit.cli.options import Options, examining

if TYPE_CHECKING:
    from deliverkit.render.look import Look
    from deliverkit.report import Report


@click.command("check")
@examining
def command(domains: tuple[str, ...], options: Options) -> None:
    """Judge a domain by a profile of checks, and print the checklist.

    DOMAIN is a domain, an e-mail address or a URL; - reads them from standard input, one a line.

    \b
    deliverkit check example.com
    deliverkit check example.com --profile parked --fail-on note
    deliverkit check example.com --only mx --skip no-ipv6,MX016 --format json
    """
    sys.exit(examine_and_print(domains, options, _render))


def _render(report: Report, look: Look) -> str:
    from deliverkit.render.checklist import render_checklist

    return render_checklist(report, look)
