"""``deliverkit seed``: the seed test, a command a module."""

from __future__ import annotations

import click

from deliverkit.cli.lazy_group import LazyGroup

COMMANDS = {
    "init": "Write a seeds.toml to fill in.",
    "send": "Send the message to every seed, each once; or have your own platform send it.",
    "watch": "Watch all mailboxes until every copy is found or its time is over.",
    "run": "Send, watch, and report where the copies landed.",
    "report": "Say where the copies landed, by provider and in total, and how sure that is.",
    "history": "Say how the rate moved from test to test, and what changed since the last good one.",
    "doctor": "Try every mailbox of the seed file, without sending anything.",
}


@click.group("seed", cls=LazyGroup, helps=COMMANDS)
def command() -> None:
    """Send a message to mailboxes of your own, and see where each copy lands.

    The mailboxes stand in seeds.toml; what happened is kept in a journal, so that a test that was stopped goes on.
    """
