"""The command line: thin commands, each imported when it is called. No decision about mail is made here."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _importing() -> Iterator[None]:
    """Nothing of what is imported becomes garbage: to look for it, now or later, takes a twelfth of a short run."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


with _importing():
    from typing import Any

    import click

    from deliverkit.errors import DeliverkitError
    from deliverkit.version import __version__

# The one-line help stands here so that --help need not import the commands.
COMMANDS = {
    "mx": "Show a domain's mail exchangers in the order in which a sender tries them.",
    "spf": "Show who may send for a domain: its SPF record as a tree, and the verdict on a sender.",
    "dkim": "Show a domain's DKIM keys and judge them, or make a new key.",
    "dmarc": "Show what receivers do with mail that fails DMARC, who says so, and where reports go.",
    "smtp": "Talk to mail hosts by a script, and log every reply with its code, meaning and time.",
    "tls": "Show how mail to a domain is protected on its way: TLS, DANE, MTA-STS.",
    "own": "Print the DNS record that proves a mail host your own, or look whether it is published.",
    "check": "Judge a domain by a profile of checks, and print the checklist.",
    "resolver": "Try this machine's resolvers, blocklists through them, and its way out to port 25.",
    "seed": "Send a message to mailboxes of your own, and see where each copy lands.",
    "preflight": "Look at a campaign before it goes out: GO, NO-GO or CANNOT TELL.",
    "diff": "Say what differs between two case files.",
    "explain": "Explain a check, or an SMTP reply: what it means, whose job it is, what to do.",
    "config": "The file deliverkit.toml of this folder or of one above.",
    "lab": "Small worlds on loopback, to try and to test with.",
}


INTERRUPTED = 130  # as if SIGINT had ended the process
READER_GONE = 141  # as if SIGPIPE had ended the process, which is how a shell tells it
GARBAGE = 20_000  # new objects until garbage is looked for: a short run makes fewer that last


def _show_help(ctx: click.Context, _: click.Parameter, is_wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if is_wanted and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


def _show_version(ctx: click.Context, _: click.Parameter, is_wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if is_wanted and not ctx.resilient_parsing:
        click.echo(f"deliverkit {__version__}", color=ctx.color)
        ctx.exit()


_AT_ONCE: dict[str, Any] = {"is_flag": True, "is_eager": True, "expose_value": False}
_HELP = click.Option(["-h", "--help", "_help"], help="Show this message and exit.", callback=_show_help, **_AT_ONCE)


class OwnHelp:
    """A command, or a group, with our option --help: for its own click looks for translations, and there are none.

    To look for them takes a seventieth of a short run.
    """

    def get_help_option(self, ctx: click.Context) -> click.Option:  # noqa: ARG002 - click's signature
        """The option."""
        return _HELP


class Command(OwnHelp, click.Command):
    """A command."""


class Group(OwnHelp, click.Group):
    """Commands by name, imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, from the module of that name."""
        if cmd_name not in COMMANDS:
            ctx.fail(_unknown_command(cmd_name))
        with _importing():
            module = importlib.import_module(f"deliverkit.cli.{cmd_name}")
            gc.set_threshold(GARBAGE)
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; our own exceptions become a clear sentence and exit code 2."""
        try:
            return super().invoke(ctx)
        except DeliverkitError as error:
            from deliverkit.render.text import escape

            raise _Refusal("\n".join(map(escape, str(error).splitlines()))) from None
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted", err=True)
            sys.exit(INTERRUPTED)
        except BrokenPipeError:  # whoever reads has had enough: nothing is wrong
            sys.exit(READER_GONE)


class _Refusal(click.ClickException):
    exit_code = 2


@click.command(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", help="Show the version and exit.", callback=_show_version, **_AT_ONCE)
def cli() -> None:
    """Tells why e-mail does or does not arrive.

    Exit codes: 0 no fault that counts, 1 a fault, 2 input that cannot be used, 3 could not find out.
    """


def main() -> None:
    """Entry point of the console script."""
    try:
        code = _exit_code()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except BrokenPipeError:
        code = READER_GONE
    except OSError as error:
        click.echo(f"Error: the output could not be written: {error.strerror or error}", err=True)
        code = 2
    os._exit(code)  # to clear up first takes the interpreter a tenth of a short run


def _exit_code() -> int:
    try:
        cli.main(prog_name="deliverkit")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0


def _unknown_command(name: str) -> str:
    from deliverkit.render.text import escape

    hint = f" For a domain: deliverkit mx {escape(name)}" if "." in name else ""
    return f"there is no command {escape(name)!r}.{hint}"
