"""``deliverkit resolver``."""

from __future__ import annotations

import sys

import click

from deliverkit.cli.examining import examine_this_machine
from deliverkit.cli.options import Options, trying
from deliverkit.render.resolver import render_resolver


@click.command("resolver")
@trying
def command(options: Options) -> None:
    """Try this machine's resolvers, blocklists through them, and its way out to port 25.

    What they do for names and hosts that are known to be well, before anybody else is blamed.

    \b
    deliverkit resolver
    deliverkit resolver --resolver 127.0.0.1 --resolver tls://9.9.9.9#dns.quad9.net
    """
    sys.exit(examine_this_machine(options, render_resolver))
