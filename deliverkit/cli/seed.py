"""``deliverkit seed``: the seed test, a command a module."""

from __future__ import annotations

import importlib

import click

# The one-line help stands here so that --help need not import the commands.
COMMANDS = {
    "init": "Write a seeds.toml to fill in.",
    "send": "Send the message to every seed, each once; or have your own platform send it.",
    "watch": "Watch all mailboxes until every copy is found or its time is over.",
    "run": "Send, watch, and report where the copies landed.",
    "report": "Say where the copies landed, by provider and in total, and how sure that is.",
    "history": "Say how the rate moved from test to test, and what changed since the last good one.",
    "doctor": "Try every mailbox of the seed file, without sending anything.",
}


class _Group(click.Group):
    """The commands by name, imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, from the module of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"deliverkit.cli.seed_{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group("seed", cls=_Group)
def command() -> None:
    """Send a message to mailboxes of your own, and see where each copy lands.

    The mailboxes stand in seeds.toml; what happened is kept in a journal, so that a test that was stopped goes on.
    """
