"""``deliverkit preflight``: the gate before a campaign, a command a module."""

from __future__ import annotations

import click

from deliverkit.cli.lazy_group import LazyGroup

COMMANDS = {
    "run": "Look at everything that is known of a campaign, and say GO, NO-GO or CANNOT TELL.",
    "init": "Write a campaign.toml to fill in.",
}


class _Group(LazyGroup):
    """The commands by name; where none stands, what follows is a campaign: ``preflight FILE``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with the usual command's name before them where none stands there."""
        known = {*self.helps, "-h", "--help"}
        return super().parse_args(ctx, args if args and args[0] in known else ["run", *args])


@click.group("preflight", cls=_Group, helps=COMMANDS)
def command() -> None:
    """Look at a campaign before it goes out, and give one answer: GO, NO-GO or CANNOT TELL.

    deliverkit preflight FILE is short for deliverkit preflight run FILE.
    """
