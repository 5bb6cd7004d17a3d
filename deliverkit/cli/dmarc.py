"""``deliverkit dmarc``."""

from __future__ import annotations

import sys

import click

from deliverkit.cli.examining import examine_and_print
from deliverkit.cli.options import Options, examining
from deliverkit.render.dmarc import render_dmarc


@click.command("dmarc")
@examining
def command(domains: tuple[str, ...], options: Options) -> None:
    """Show what receivers do with mail that fails DMARC, who says so, and where reports go.

    DOMAIN is a domain, an e-mail address or a URL; - reads them from standard input, one a line.

    \b
    deliverkit dmarc example.com
    deliverkit dmarc example.com --profile parked
    deliverkit dmarc example.com --what-if proposed.zone
    """
    sys.exit(examine_and_print(domains, options, render_dmarc, area="dmarc"))
