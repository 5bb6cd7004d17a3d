"""``deliverkit seed send``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import click
from click import option

from deliverkit.checks.wording import format_duration
from deliverkit.classes import Frozen
from deliverkit.cli import INTERRUPTED, Command
from deliverkit.cli.composing import composed
from deliverkit.cli.examining import EXIT
from deliverkit.cli.files import read_octets
from deliverkit.cli.greeting import name_of
from deliverkit.cli.messages import remark_on, signer_of
from deliverkit.cli.opening import clients_for
from deliverkit.cli.seeding import Around, Decorator, seeding
from deliverkit.clients import Clients
from deliverkit.errors import UsageError
from deliverkit.model import Outcome
from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.render.look import Detail, Look
from deliverkit.render.outgoing import render_outgoing
from deliverkit.render.sending import render_plan, render_request, render_sent, sent_line
from deliverkit.report import worst
from deliverkit.seeds.journal import Journal, open_journal, sending_alone
from deliverkit.seeds.mailing import Mailing, composed_mailing, mailing_of
from deliverkit.seeds.parts import Parts, parts_of, read_author
from deliverkit.seeds.plan import Campaign, new_test, path_of
from deliverkit.seeds.providers import with_providers
from deliverkit.seeds.relay import Relay, ways_to
from deliverkit.seeds.seedfile import SeedFile, read_seeds
from deliverkit.seeds.send import Manner, Round, to_send
from deliverkit.standards.senders import parse_helo, parse_mail_from

_RATE = 60.0
_COMPOSING = {
    "--text": "text",
    "--html": "html",
    "--header": "headers",
    "--attach": "attachments",
    "--subject": "subject",
    "--from": "author",
}

_OPTIONS: tuple[Decorator, ...] = (
    option("--message", metavar="FILE", help="The whole message, headers first; - is standard input. Or:"),
    option("--text", metavar="FILE", help="The text; - reads it from standard input."),
    option("--html", metavar="FILE", help="The same in HTML, beside the text or alone."),
    option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="One more header (repeat it)."),
    option("--attach", "attachments", multiple=True, metavar="FILE", help="A file to attach (repeat it)."),
    option("--subject", metavar="TEXT", help="The subject; with --external that by which copies are found."),
    option("--from", "author", metavar="ADDRESS", help="Whom it is from, as news@example.com or Shop <news@…>."),
    option("--name", metavar="NAME", help="What the test is called; else the message's subject."),
    option("--external", is_flag=True, help="Your own platform sends: print the addresses, and look for the copies."),
    option("--mail-from", metavar="ADDRESS", help="The envelope's sender; else the From header's address."),
    option("--helo", metavar="NAME", help="The name to greet with; else this machine's."),
    option("--relay", metavar="HOST[:PORT]", help="Hand the copies to this relay; else to each seed's mail hosts."),
    option("--relay-tls", type=click.Choice(["starttls", "implicit", "none"]), default="starttls", show_default=True),
    option("--user", metavar="NAME", help="Sign in at the relay as this user."),
    option("--secret", metavar="WAY", help="Where the password is: env:VARIABLE, file:PATH or command:COMMAND."),
    option("--token", is_flag=True, help="The secret is an access token (XOAUTH2)."),
    option("--dkim-key", metavar="FILE", help="Sign each copy with this private key, RSA or Ed25519 in PEM."),
    option("--dkim-selector", metavar="S"),
    option("--dkim-domain", metavar="DOMAIN", help="Sign for this domain; else the From header's."),
    option("--control", is_flag=True, help="Send a plain message beside each copy, to tell content from sender."),
    option("--rate", type=click.FloatRange(0.1, 6000), default=_RATE, show_default=True, help="Copies a minute."),
    option("--resend-in-doubt", is_flag=True, help="Send copies again of which it is not known whether they went."),
    option("--dry-run", is_flag=True, help="Show what would go to whom, with -v the whole message; send nothing."),
)


def sending(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that sends."""
    for decorator in reversed(_OPTIONS):
        command = decorator(command)
    return command


@click.command("send", cls=Command)
@sending
@seeding
def command(around: Around, **given: Any) -> None:
    """Send the message to every mailbox of the seed file, each once.

    The recommended way is --external: your own platform sends to the printed addresses, because only it has the
    campaign's way. A test that was stopped goes on where it was: nothing is sent twice. Then: deliverkit seed watch.

    \b
    deliverkit seed send --external --subject "Spring sale" --from news@example.com
    deliverkit seed send --message spring.eml --relay smtp.example.com --user ada --secret env:RELAY_PASSWORD
    deliverkit seed send --message spring.eml --control --dry-run
    deliverkit seed send --text spring.txt --html spring.html --subject "Spring sale" --from "Shop <news@example.com>"
    """
    sender = sender_of(around, given, follows="then: deliverkit seed watch")
    if around.lab and not given["dry_run"]:
        from deliverkit.cli.worlds import tell_if_alone

        tell_if_alone(around.lab, "this world ends with the command, and with it the mailboxes that the copies lie in")
    try:
        outcome = asyncio.run(_send(sender))
    except KeyboardInterrupt:
        click.echo("interrupted: what was sent is in the journal, and the same command goes on from there", err=True)
        sys.exit(INTERRUPTED)
    sys.exit(EXIT[outcome])


async def _send(sender: Sender) -> Outcome:
    around = sender.around
    async with clients_for(around.resolvers, around.lab) as clients:
        with open_journal(around.journal) as journal:
            test = await sender.send(clients, journal)
    return sent_outcome(test) if test else Outcome.PASS


def sent_outcome(test: SeedTest) -> Outcome:
    """Whether hosts took the copies; passed where another platform sends them."""
    return Outcome.PASS if test.is_external else worst(map(_outcome, test.copies))


class Sender(Frozen):
    """What is to be sent, as the options ``given`` say; without ``mailing`` another platform sends it.

    ``follows`` is a clause on what comes after the sending.
    """

    around: Around
    file: SeedFile
    given: dict[str, Any]
    mailing: Mailing | None
    follows: str

    async def send(self, clients: Clients, journal: Journal) -> SeedTest | None:
        """Begin a test, or go on with one: send, or print whom to send to. None where all is only shown."""
        if self.mailing is None:
            return await self._begin_external(clients, journal)
        in_doubt = self.given["resend_in_doubt"]
        if self.given["dry_run"]:
            test = await self._test(clients, journal, self.mailing)
            self._show(test, to_send(test.copies, in_doubt=in_doubt))
            return None
        assert clients.couriers is not None
        # First, so that a relay that is not to be had, or a secret, leaves no test behind that nothing was sent for.
        manner = await _manner(clients, self.mailing, self.given, in_lab=bool(self.around.lab))
        courier = clients.couriers.courier([seed.address for seed in self.file.seeds])
        with sending_alone(self.around.journal):  # of two runs at once one begins the test, and sends it
            test = await self._test(clients, journal, self.mailing)
            copies, message_of = to_send(test.copies, in_doubt=in_doubt), self.mailing.maker(test.started)
            round_ = Round(journal, courier, clients, manner, message_of, on_pause=_tell_pause)
            await _tell(round_, copies, self.around.look)
        found = journal.find(test.token)
        click.echo(render_sent(found, self.around.look, follows=self.follows))
        return found

    async def _test(self, clients: Clients, journal: Journal, mailing: Mailing) -> SeedTest:
        """The test of that name that is not finished, else a new one."""
        given = self.given
        name = given["name"] or mailing.subject or "a message without a subject"
        found = mailing.unfinished(journal, name)
        if found is not None:
            return found
        seeds, now = (await with_providers(self.file, clients.resolver)).seeds, datetime.now(UTC)
        path = path_of(_mail_from(mailing, given), _relay(given), self.around.lab or "")
        test = new_test(mailing.campaign(name), seeds, now, path=path, has_control=given["control"])
        if not given["dry_run"]:
            journal.add_test(test)
        return test

    def _show(self, test: SeedTest, copies: Sequence[Copy]) -> None:
        """What would go out, and to whom."""
        assert self.mailing is not None
        click.echo(render_plan(test, copies, self.around.look))
        shown = render_outgoing(self.mailing.maker(test.started)(test.copies[0]), self.around.look)
        if shown:
            click.echo(f"\n{shown}")

    async def _begin_external(self, clients: Clients, journal: Journal) -> SeedTest | None:
        """Note a test that another platform sends, and print whom it is to send to."""
        given = self.given
        author = read_author(given["author"])
        campaign = Campaign(given["name"] or given["subject"], given["subject"], author.rpartition("@")[2])
        whole = await with_providers(self.file, clients.resolver)
        test = new_test(campaign, whole.seeds, datetime.now(UTC), path={"lab": self.around.lab or ""})
        for copy in test.copies:
            click.echo(copy.address)
        if given["dry_run"]:
            click.echo("These would be the addresses; no test is begun, so send nothing to them yet.", err=True)
            return None
        journal.add_test(test)
        click.echo(render_request(test, follows=self.follows), err=True)
        return test


def sender_of(around: Around, given: dict[str, Any], *, follows: str) -> Sender:
    """What the options ask to be sent.

    Raises:
        UsageError: they do not go together, or a file cannot be used.
    """
    file = read_seeds(around.seeds)
    if not given["external"]:
        return Sender(around, file, given, _mailing(given), follows)
    whole = [one for one in ("message", "text", "html", "headers", "attachments", "relay") if given[one]]
    if whole or not (given["subject"] and given["author"]):
        raise UsageError(
            "--external wants --subject and --from, by which copies are found, and neither a message nor a relay: "
            "your platform has these"
        )
    return Sender(around, file, given, None, follows)


def _mailing(given: dict[str, Any]) -> Mailing:
    """The message that is given, or composed of what is given."""
    parts = [name for name, key in _COMPOSING.items() if given[key]]
    if given["message"] and parts:
        raise UsageError(
            f"--message is the whole message: leave {' and '.join(parts)} out, or leave --message out and have one "
            "composed (--text, --html)"
        )
    if not given["relay"] and (given["user"] or given["secret"] or given["token"]):
        raise UsageError("--user, --secret and --token are for a relay: name it with --relay")
    signer = signer_of(given["dkim_key"], given["dkim_selector"], given["dkim_domain"])
    if signer and (remark := remark_on(signer)):
        click.echo(remark, err=True)
    if given["message"]:
        return mailing_of(read_octets(given["message"]), signer=signer)
    if not parts:
        raise UsageError(
            "what is to be sent? --message FILE, or --text FILE with --subject and --from, or --external where your "
            "own platform sends it"
        )
    return composed_mailing(composed(_parts(given)), signer=signer)


def _parts(given: dict[str, Any]) -> Parts:
    return parts_of(
        given["author"] or "",
        given["subject"] or "",
        text=given["text"] or "",
        html=given["html"] or "",
        headers=given["headers"],
        attachments=given["attachments"],
    )


async def _tell(sending: Round, copies: Sequence[Copy], look: Look) -> None:
    """Send, and print a line for each copy as its try ends."""
    async for copy, one in sending.send(copies):
        if look.detail is not Detail.VERDICT:
            click.echo(sent_line(copy, one, look))


def _tell_pause(number: int, seconds: float) -> None:
    copies = "1 copy was" if number == 1 else f"{number} copies were"
    click.echo(f"{copies} not taken yet: tried again in {format_duration(seconds)} (Ctrl-C ends it)", err=True)


async def _manner(clients: Clients, mailing: Mailing, given: dict[str, Any], *, in_lab: bool) -> Manner:
    """How the copies are sent."""
    return Manner(
        mail_from=_mail_from(mailing, given),
        helo=parse_helo(given["helo"]) if given["helo"] else name_of(lab=in_lab),
        relay=await ways_to(_relay(given), clients) if given["relay"] else (),
        pause=60 / given["rate"],
    )


def _mail_from(mailing: Mailing, given: dict[str, Any]) -> str:
    return parse_mail_from(given["mail_from"]) if given["mail_from"] else mailing.author


def _relay(given: dict[str, Any]) -> Relay:
    user, secret = given["user"] or "", given["secret"] or ""
    return Relay(given["relay"] or "", given["relay_tls"], user, secret, given["token"])


def _outcome(copy: Copy) -> Outcome:
    if any(one.is_accepted for one in copy.sendings):
        return Outcome.PASS
    return Outcome.FAIL if any(one.is_refused for one in copy.sendings) else Outcome.UNKNOWN
