"""``deliverkit spf``."""

from __future__ import annotations

import sys

import click

from deliverkit.classes import replace
from deliverkit.cli import Command
from deliverkit.cli.examining import examine_and_print
from deliverkit.cli.options import Options, examining
from deliverkit.render.spf import render_spf
from deliverkit.sending import parse_senders


@click.command("spf", cls=Command)
@click.option("--ip", "ips", multiple=True, metavar="IP", help="Evaluate SPF for this sender (repeat it for several).")
@click.option("--from", "mail_from", default="", metavar="ADDRESS", help="The sender's MAIL FROM; else postmaster.")
@click.option("--helo", default="", metavar="NAME", help="The sender's HELO name.")
@examining
def command(domains: tuple[str, ...], options: Options, *, ips: tuple[str, ...], mail_from: str, helo: str) -> None:
    """Show who may send for a domain: its SPF record as a tree, and the verdict on a sender.

    DOMAIN is a domain, an e-mail address or a URL; - reads them from standard input, one a line.

    \b
    deliverkit spf example.com
    deliverkit spf example.com --ip 192.0.2.25 --from ada@example.com --helo mx1.example.com
    """
    expecting = replace(options, expected=parse_senders(ips, mail_from=mail_from, helo=helo))
    sys.exit(examine_and_print(domains, expecting, render_spf, area="spf"))
