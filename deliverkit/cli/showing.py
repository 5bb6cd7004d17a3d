"""The message that a conversation would send, shown in its place."""

from __future__ import annotations

from collections.abc import Sequence

import click

from deliverkit.checks.smtp.wording import SENDING
from deliverkit.classes import replace
from deliverkit.cli.choices import Variables
from deliverkit.cli.conversing import MESSAGE, prepare
from deliverkit.cli.saying import Said
from deliverkit.errors import UsageError
from deliverkit.script import fill, load
from deliverkit.script.settling import settle
from deliverkit.script.written import written_message

DELIVER = "deliver"  # whose message is the same as that of submit and lmtp


def show_message(said: Said, targets: Sequence[str], *, lab: bool) -> None:
    """Print its octets as a host gets them, but for the dots that DATA doubles; nothing else, and nobody is asked.

    Raises:
        UsageError: there is no message, or the options make none.
    """
    if said.show_script:
        raise UsageError("--show-script and --show-message exclude each other: give one of them")
    if said.script not in {None, *SENDING} and not said.has_message:
        raise UsageError(f"what the script {said.script} sends stands in it: --show-script prints it")
    prepared = prepare(_as_delivered(said), targets, lab=lab)
    given = dict(prepared.conversing.variables)
    given.setdefault("rcpt", tuple(text.strip() for text in targets if "@" in text))
    message = prepared.provisions.messages.get(MESSAGE) or _own(given)
    click.echo(message, nl=False)


def _as_delivered(said: Said) -> Said:
    """The options of the message and its addresses: no secret is fetched for one that is only shown."""
    signing_in = replace(said, user=None, auth=None, in_clear=False, secrets=())
    return replace(signing_in, script=DELIVER, lmtp=False, quit_after=None, drop_after=None)


def _own(given: Variables) -> bytes:
    """The message that the script writes itself where none is given."""
    return written_message(settle(fill(load(DELIVER).script, given)[0]))
