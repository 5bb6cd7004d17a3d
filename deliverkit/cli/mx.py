"""``deliverkit mx``."""

from __future__ import annotations

import sys

import click

from deliverkit.cli import Command
from deliverkit.cli.examining import examine_and_print
from deliverkit.cli.options import Options, examining
from deliverkit.render.mail_hosts import render_mx


@click.command("mx", cls=Command)
@examining
def command(domains: tuple[str, ...], options: Options) -> None:
    """Show a domain's mail exchangers in the order in which a sender tries them.

    DOMAIN is a domain, an e-mail address or a URL; - reads them from standard input, one a line.

    \b
    deliverkit mx gmail.com
    deliverkit mx ada@example.com --resolver 9.9.9.9
    deliverkit mx - --format jsonl < domains.txt
    """
    sys.exit(examine_and_print(domains, options, render_mx, area="mx"))
