"""``deliverkit dmarc``."""

from __future__ import annotations

import sys

import click

from deliverkit.classes import replace
from deliverkit.cli import Command
from deliverkit.cli.examining import examine_and_print
from deliverkit.cli.options import Options, examining
from deliverkit.render.dmarc import render_dmarc
from deliverkit.sending import parse_selectors
from deliverkit.standards.senders import parse_mail_from


@click.command("dmarc", cls=Command)
@click.option("--from", "mail_from", default="", metavar="ADDRESS", help="The MAIL FROM of the domain's mail.")
@click.option(
    "--selector",
    "selectors",
    multiple=True,
    metavar="S",
    help="A DKIM selector, s1, or s1._domainkey.example.com where d= is another domain (repeat it).",
)
@examining
def command(domains: tuple[str, ...], options: Options, *, mail_from: str, selectors: tuple[str, ...]) -> None:
    """Show what receivers do with mail that fails DMARC, who says so, and where reports go.

    DOMAIN is a domain, an e-mail address or a URL; - reads them from standard input, one a line.

    \b
    deliverkit dmarc example.com
    deliverkit dmarc example.com --profile parked
    deliverkit dmarc example.com --from bounces@mail.example.com --selector s1
    deliverkit dmarc example.com --what-if proposed.zone
    """
    expected = {
        "mail_from": parse_mail_from(mail_from) if mail_from else "",
        "selectors": parse_selectors(selectors),
    }
    given: dict[str, object] = {field: value for field, value in expected.items() if value}
    sys.exit(examine_and_print(domains, replace(options, expected=given), render_dmarc, area="dmarc"))
