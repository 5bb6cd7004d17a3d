"""Groups of commands, each command in a module of its own that is imported when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

from deliverkit.cli import OwnHelp


class LazyGroup(OwnHelp, click.Group):
    """The commands of ``helps``, by name with their one-line help, so that --help need not import any.

    Those of the group ``name`` are in modules ``<name>_<command>`` beside this one.
    """

    def __init__(self, name: str, *, helps: Mapping[str, str], **settings: Any) -> None:
        super().__init__(name, **settings)
        self.helps = helps

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order in which people need them."""
        return list(self.helps)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, from the module of that name."""
        if cmd_name not in self.helps:
            return None
        command = importlib.import_module(f"deliverkit.cli.{self.name}_{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.helps.items()))
