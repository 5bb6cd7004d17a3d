"""``deliverkit resolver``."""

from __future__ import annotations

import sys

import click

from deliverkit.cli import Command
from deliverkit.cli.examining import carry_out
from deliverkit.cli.files import read_case
from deliverkit.cli.options import Options, trying
from deliverkit.errors import UsageError
from deliverkit.profiles import choose
from deliverkit.render.resolver import render_resolver
from deliverkit.report import THIS_MACHINE


@click.command("resolver", cls=Command)
@trying
def command(options: Options) -> None:
    """Try this machine's resolvers, blocklists through them, and its way out to port 25.

    What they do for names and hosts that are known to be well, before anybody else is blamed.

    \b
    deliverkit resolver
    deliverkit resolver --resolver 127.0.0.1 --resolver tls://9.9.9.9#dns.quad9.net
    """
    case = read_case(options.case) if options.case else None
    if case is not None and not case.resolvers:
        raise UsageError(f"{options.case} holds no trial of a resolver: make one with deliverkit resolver --save CASE")
    profile = choose("resolver", only=options.only, skip=options.skip)
    foreign = [check.code for check in profile.selected() if check.area != "resolver"]
    if foreign:
        raise UsageError(f"{foreign[0]} is about a domain: deliverkit check DOMAIN --only {foreign[0]}")
    sys.exit(carry_out(profile, options, case, render_resolver, lambda: ([THIS_MACHINE], [])))
