"""``deliverkit smtp``."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from deliverkit.cli.conversing import conversing_of, parse_variables, provisions_of, read_script
from deliverkit.cli.examining import examine_targets
from deliverkit.cli.options import Options, examining
from deliverkit.clients.smtp.provisions import USUAL_PATIENCE
from deliverkit.profiles import TALKING
from deliverkit.render.smtp import render_smtp
from deliverkit.report import Target
from deliverkit.script import find_needs, format_script
from deliverkit.standards.smtp.target import SMTP_PORT, parse_smtp_target


@click.command("smtp")
@click.option("--script", default="greet", metavar="NAME|FILE", help="The conversation to hold.  [default: greet]")
@click.option("--show-script", is_flag=True, help="Print the script, and hold no conversation.")
@click.option("--from", "mail_from", metavar="ADDRESS", help="The sender; <> is the null sender.")
@click.option("--to", "recipients", multiple=True, metavar="ADDRESS", help="The recipient (repeat it for several).")
@click.option("--helo", metavar="NAME", help="The name to greet with; else this machine's.")
@click.option("--message", metavar="FILE", help="The message to send; else a short one of its own.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE",
              help="A variable of the script; NAME=@FILE and NAME=$VARIABLE read it from there.")  # fmt: skip
@click.option(
    "--port", type=click.IntRange(1, 65535), default=SMTP_PORT, show_default=True, help="A domain's hosts' port."
)
@click.option("--patience", type=click.FloatRange(0.1, 3600), default=USUAL_PATIENCE, show_default=True,
              metavar="SECONDS", help="How long a host may take to connect, and for each reply.")  # fmt: skip
@examining
def command(  # noqa: PLR0913 - each is an option
    domains: tuple[str, ...],
    options: Options,
    *,
    script: str,
    show_script: bool,
    mail_from: str | None,
    recipients: tuple[str, ...],
    helo: str | None,
    message: str | None,
    settings: tuple[str, ...],
    port: int,
    patience: float,
) -> None:
    """Talk to mail hosts by a script, and log every reply with its code, meaning and time.

    TARGET is a domain (all its exchangers), an e-mail address, host:port, an IP address, or unix:/path.

    \b
    deliverkit smtp example.com
    deliverkit smtp ada@example.com --script probe --from bob@example.org
    deliverkit smtp mx1.example.com:25 --script my.smtp --set token=$TOKEN
    """
    if show_script:
        click.echo(format_script(read_script(script)[1]), nl=False)
        return
    given = {
        **parse_variables(settings),
        "from": () if mail_from is None else (mail_from.strip("<>"),),
        "rcpt": recipients,
        "helo": (helo,) if helo else (),
        "message": (message,) if message else (),
    }
    has_recipients = bool(domains) and all("@" in text for text in domains)
    conversing, parsed = conversing_of(script, given, port=port, lab=bool(options.lab), recipient=has_recipients)
    messages = {*find_needs(parsed).messages, *((message,) if message else ())}
    told = replace(options, conversing=conversing, provisions=provisions_of(messages, patience))
    sys.exit(examine_targets(domains, told, render_smtp, areas=TALKING, parse=smtp_target))


def smtp_target(text: str) -> Target:
    """The target that the text names: a domain, a recipient, or a host."""
    target = parse_smtp_target(text)
    return Target(target.domain, text.strip(), target)
