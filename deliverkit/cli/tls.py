"""``deliverkit tls``."""

from __future__ import annotations

import sys
from functools import partial

import click

from deliverkit.classes import replace
from deliverkit.cli import Command
from deliverkit.cli.examining import examine_targets
from deliverkit.cli.greeting import greeting
from deliverkit.cli.options import Options, examining, refuse_beside_case
from deliverkit.cli.securing import securing, with_tls
from deliverkit.cli.smtp import smtp_target
from deliverkit.clients.smtp.provisions import NOTHING, USUAL_PATIENCE
from deliverkit.render.tls import render_tls
from deliverkit.standards.smtp.target import SMTP_PORT

AREAS = ("smtp", "tls", "mta-sts", "tls-rpt", "dane")


@click.command("tls", cls=Command)
@click.option("--helo", metavar="NAME", help="The name to greet with; else this machine's.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=SMTP_PORT, show_default=True, help="A domain's hosts' port."
)
@click.option("--patience", type=click.FloatRange(0.1, 3600), default=USUAL_PATIENCE, show_default=True,
              metavar="SECONDS", help="How long a host may take to connect, and for each reply.")  # fmt: skip
@click.option("--protocols", is_flag=True, help="Try SSL 3.0 to TLS 1.3, each alone: five connections more to a host.")
@click.option("--ciphers", is_flag=True, help="The same, and every cipher suite that a host takes: up to a hundred.")
@with_tls
@partial(examining, takes="TARGET")
def command(  # noqa: PLR0913 - each is an option
    domains: tuple[str, ...],
    options: Options,
    *,
    helo: str | None,
    port: int,
    patience: float,
    protocols: bool,
    ciphers: bool,
    sni: str | None,
    ca: str | None,
    client_cert: str | None,
    client_key: str | None,
) -> None:
    """Show how mail to a domain is protected on its way: what hosts offer, and what senders make of it.

    For each address six verdicts: TLS advertised, handshake, chain, name, what a DANE sender does, what an MTA-STS
    sender does. TARGET is a domain (all its exchangers), host:port or an IP address. No mail is sent.

    \b
    deliverkit tls example.com
    deliverkit tls example.com --resolver tls://9.9.9.9#dns.quad9.net
    deliverkit tls mx1.example.com:25 -v
    """
    if options.case:
        refuse_beside_case(("helo", "patience", "protocols", "ciphers", "sni", "ca", "client_cert", "client_key"))
    conversing = greeting(lab=bool(options.lab), helo=helo or "", port=port)
    patient = replace(NOTHING, patience=patience)
    told = replace(
        options,
        conversing=replace(conversing, has_protocols=protocols, has_ciphers=ciphers),
        provisions=securing(patient, sni=sni, ca=ca, client_cert=client_cert, client_key=client_key),
    )
    sys.exit(examine_targets(domains, told, render_tls, areas=AREAS, parse=lambda text: smtp_target(text, port)))
