"""``deliverkit preflight``: the gate before a campaign, a command a module."""

from __future__ import annotations

import importlib

import click

# The one-line help stands here so that --help need not import the commands.
COMMANDS = {
    "run": "Look at everything that is known of a campaign, and say GO, NO-GO or CANNOT TELL.",
    "init": "Write a campaign.toml to fill in.",
}


class _Group(click.Group):
    """The commands by name; where none stands, what follows is a campaign: ``preflight FILE``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with the usual command's name before them where none stands there."""
        known = {*COMMANDS, "-h", "--help"}
        return super().parse_args(ctx, args if args and args[0] in known else ["run", *args])

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, from the module of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"deliverkit.cli.preflight_{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group("preflight", cls=_Group)
def command() -> None:
    """Look at a campaign before it goes out, and give one answer: GO, NO-GO or CANNOT TELL.

    deliverkit preflight FILE is short for deliverkit preflight run FILE.
    """
