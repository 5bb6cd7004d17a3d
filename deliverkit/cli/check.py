"""``deliverkit check``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from deliverkit.classes import replace
from deliverkit.cli import Command
from deliverkit.cli.examining import examine_and_print
from deliverkit.cli.options import Options, examining
from deliverkit.clients.smtp.provisions import NOTHING

if TYPE_CHECKING:
    from deliverkit.render.look import Look
    from deliverkit.report import Report

PATIENCE = 10.0  # seconds for a mail host to connect, and for each of its replies


@click.command("check", cls=Command)
@click.option("--no-smtp", is_flag=True, help="Look at the DNS alone, and talk to no mail host.")
@examining
def command(domains: tuple[str, ...], options: Options, *, no_smtp: bool) -> None:
    """Judge a domain by a profile of checks, and print the checklist.

    DOMAIN is a domain, an e-mail address or a URL; - reads them from standard input, one a line. Its mail hosts are
    greeted and asked what they offer; no mail is sent.

    \b
    deliverkit check example.com
    deliverkit check example.com --profile parked --fail-on note
    deliverkit check example.com --only mx --skip no-ipv6,MX016 --format json
    deliverkit check example.com --no-smtp
    """
    told = _silent(options) if no_smtp else options if options.case else _talking(options)
    sys.exit(examine_and_print(domains, told, _render))


def _silent(options: Options) -> Options:
    """The options without the areas for which mail hosts are spoken to, even where a case holds them."""
    from deliverkit.profiles import TALKING

    return replace(options, skip=(*options.skip, *TALKING))


def _is_world_of_dns(lab: str | None) -> bool:
    """Whether a world of the lab has no mail hosts that speak SMTP: then its DNS is all that is shown."""
    if lab is None:
        return False
    from deliverkit.lab.world import load

    return not load(lab).smtp


def _talking(options: Options) -> Options:
    """The options with what is said to mail hosts, and whether that is wanted where nobody names the area."""
    from deliverkit.cli.greeting import greeting

    conversing = greeting(lab=bool(options.lab))
    is_wanted = not _is_world_of_dns(options.lab)
    patient = replace(NOTHING, patience=PATIENCE)
    return replace(options, talking=is_wanted, conversing=conversing, provisions=patient)


def _render(report: Report, look: Look) -> str:
    from deliverkit.render.checklist import render_checklist

    return render_checklist(report, look)
