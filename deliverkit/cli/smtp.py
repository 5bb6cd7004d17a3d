"""``deliverkit smtp``."""

from __future__ import annotations

import sys
from functools import partial

import click

from deliverkit.classes import replace
from deliverkit.cli import Command
from deliverkit.cli.conversing import port_of, prepare
from deliverkit.cli.examining import examine_targets
from deliverkit.cli.options import Options, refuse_beside_case
from deliverkit.cli.saying import Said, saying
from deliverkit.cli.scripts import read_script
from deliverkit.cli.targets import read_stdin
from deliverkit.errors import UsageError
from deliverkit.profiles import TALKING
from deliverkit.render.look import Detail
from deliverkit.render.smtp import render_smtp
from deliverkit.report import Target
from deliverkit.script import format_script, shipped
from deliverkit.standards.smtp.target import parse_smtp_target

_BESIDE_CASE = {"port", "log", "record"}  # what can be said of a case, too


@click.command("smtp", cls=Command)
@saying
def command(domains: tuple[str, ...], options: Options, said: Said) -> None:
    """Talk to mail hosts by a script, and log every reply with its code, meaning and time.

    TARGET is a domain (all its exchangers), an e-mail address, host:port, an IP address, or unix:/path. Secrets are
    given by where they are, never themselves: they stand in no output, case or log.

    \b
    deliverkit smtp example.com
    deliverkit smtp ada@example.com --script probe --from bob@example.org
    deliverkit smtp ada@example.com --script deliver --from bob@example.org --subject Hello --attach offer.pdf
    deliverkit smtp mail.example.org:587 --script submit --user bob --secret password=env:PASSWORD \\
        --from bob@example.org --to ada@example.com
    deliverkit smtp mx1.example.com:25 --script my.smtp --set colour=red --secret token=command:'pass mail/token'
    """
    if said.show_script and not said.show_message:
        click.echo(format_script(read_script(said).script), nl=False)
        return
    if said.show_message:
        from deliverkit.cli.showing import show_message  # which conversations do without

        show_message(said, domains, lab=bool(options.lab))
        return
    from_stdin = "-" in {said.message, said.template} and (not domains or "-" in domains)
    if from_stdin:
        raise UsageError("the message comes from standard input: name the target")
    port = port_of(said)
    if said.record:
        _refuse_own_script(said)
    told = replace(options, log=said.log, record=said.record)
    if options.case:
        refuse_beside_case(Said.__annotations__.keys() - _BESIDE_CASE)
    else:
        domains = read_stdin(domains)  # whether these are recipients decides what the script still needs
        told = _talking(told, domains, said)
    parse = partial(_target_from, source=said.source, port=port)
    sys.exit(examine_targets(domains, told, render_smtp, areas=TALKING, parse=parse))


def _refuse_own_script(said: Said) -> None:
    """Refuse to record a script into its own file: its remarks, and what it expects, would be gone."""
    from deliverkit.cli.writing import refuse_same

    refuse_same({"--script": None if said.script in shipped() else said.script, "--record": said.record})


def _talking(options: Options, domains: tuple[str, ...], said: Said) -> Options:
    """The options with what is to be said, and with what."""
    prepared = prepare(said, domains, lab=bool(options.lab))
    if prepared.note and options.look.detail is not Detail.VERDICT:
        click.echo(prepared.note, err=True)
    return replace(options, conversing=prepared.conversing, provisions=prepared.provisions)


def _target_from(text: str, *, source: str, port: int) -> Target:
    """The target, where it can be spoken to from that address of this machine."""
    target = smtp_target(text, port)
    if source and target.smtp:
        from deliverkit.clients.source import check_way

        check_way(source, target.smtp)
    return target


def smtp_target(text: str, port: int) -> Target:
    """The target that the text names: a domain, a recipient, or a host, at that port where it names none."""
    target = parse_smtp_target(text, port=port)
    return Target(target.domain, text.strip(), target)
