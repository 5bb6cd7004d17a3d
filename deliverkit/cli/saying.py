"""The options of ``deliverkit smtp``: what is said, with which message, as whom, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from deliverkit.classes import Frozen
from deliverkit.cli.options import Decorator, Options, examining
from deliverkit.cli.securing import SECURING
from deliverkit.clients.smtp.provisions import USUAL_PATIENCE

TLS = ("implicit", "starttls", "none")
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER")


class Said(Frozen):
    """What the options of a conversation say, by their names."""

    script: str | None
    show_script: bool
    show_message: bool
    mail_from: str | None
    recipients: tuple[str, ...]
    helo: str | None
    settings: tuple[str, ...]
    port: int | None
    patience: float | None
    source: str
    tls: str | None
    sni: str | None
    ca: str | None
    client_cert: str | None
    client_key: str | None
    lmtp: bool
    user: str | None
    auth: str | None
    in_clear: bool
    secrets: tuple[str, ...]
    message: str | None
    template: str | None
    subject: str | None
    body: str | None
    html: str | None
    headers: tuple[str, ...]
    attachments: tuple[str, ...]
    dkim_key: str | None
    dkim_selector: str | None
    dkim_domain: str | None
    dsn: str | None
    mail_parameters: tuple[str, ...]
    rcpt_parameters: tuple[str, ...]
    pipelining: bool
    chunking: bool
    quit_after: str | None
    drop_after: str | None
    log: str | None
    record: str | None

    @property
    def has_message(self) -> bool:
        """Whether the options make a message, so that the script's own is not sent."""
        files = (self.message, self.template, self.dkim_key, self.dkim_selector, self.dkim_domain)
        return self.chunking or bool(self.parts) or any(one is not None for one in files)

    @property
    def parts(self) -> list[str]:
        """The options that were given of which a message is composed."""
        given = {
            "--subject": self.subject,
            "--body": self.body,
            "--html": self.html,
            "--header": self.headers,
            "--attach": self.attachments,
        }
        return [option for option, value in given.items() if value not in {None, ()}]


def saying(command: Callable[[tuple[str, ...], Options, Said], None]) -> Callable[..., Any]:
    """The options of a command that holds conversations; they reach it as `Options` and `Said`."""

    def with_said(domains: tuple[str, ...], options: Options, **values: Any) -> None:
        command(domains, options, Said(**values))

    with_said.__doc__ = command.__doc__
    examined = examining(with_said, Said.__annotations__, takes="TARGET")
    for decorator in reversed((*_TALKING, *_ENTERING, *_MESSAGE, *_EXTENSIONS, *_KEEPING)):
        examined = decorator(examined)
    return examined


_TALKING: tuple[Decorator, ...] = (
    click.option("--script", metavar="NAME|FILE", help="The conversation to hold.  [default: greet]"),
    click.option("--show-script", is_flag=True, help="Print the script, and hold no conversation."),
    click.option("--show-message", is_flag=True, help="Print the message as it would be sent, and send nothing."),
    click.option("--from", "mail_from", metavar="ADDRESS", help="The sender; <> is the null sender."),
    click.option("--to", "recipients", multiple=True, metavar="ADDRESS",
                 help="A recipient (repeat it), after the one that TARGET may be."),
    click.option("--helo", metavar="NAME", help="The name to greet with; else this machine's."),
    click.option("--set", "settings", multiple=True, metavar="NAME=VALUE",
                 help="A variable of the script or the template; NAME=@FILE reads it, NAME=$VARIABLE takes the "
                      "environment's, @@ and $$ begin a value with the sign itself. It stands in transcripts."),
    click.option("--port", type=click.IntRange(1, 65535),
                 help="A domain's hosts' port.  [default: 25; submit 587, implicit TLS 465, LMTP 24]"),
    click.option("--patience", type=click.FloatRange(0.1, 3600), metavar="SECONDS",
                 help="How long a host may take to connect, and for each reply, whatever the script says.  "
                      f"[default: {USUAL_PATIENCE:g}, or as the script says]"),
    click.option("--source", default="", metavar="IP", help="The address of this machine to connect from."),
    click.option("--quit-after", metavar="STEP",
                 help="Say QUIT after the reply to this: CONNECT, EHLO, TLS, AUTH, MAIL, RCPT, MESSAGE …"),
    click.option("--drop-after", metavar="STEP", help="Drop the connection there, without QUIT."),
)  # fmt: skip
_ENTERING: tuple[Decorator, ...] = (
    click.option("--tls", type=click.Choice(TLS), help="TLS first, by STARTTLS and not without, or none."),
    *SECURING,
    click.option("--lmtp", is_flag=True, help="Speak LMTP: the script lmtp."),
    click.option("--user", metavar="NAME", help="Who logs in (script submit)."),
    click.option("--auth", type=click.Choice(MECHANISMS, case_sensitive=False),
                 help="How.  [default: what the host offers of PLAIN, LOGIN, CRAM-MD5]"),
    click.option("--in-clear", is_flag=True, help="Log in without TLS, or though its certificate is bad."),
    click.option("--secret", "secrets", multiple=True, metavar="NAME=WAY",
                 help="Where a secret is: password or token = env:VARIABLE, file:PATH, command:COMMAND (run without a "
                 "shell) or prompt."),
)  # fmt: skip
_MESSAGE: tuple[Decorator, ...] = (
    click.option("--message", metavar="FILE", help="The message to send; else one that is made of these:"),
    click.option("--template", metavar="FILE",
                 help="A message with {from} {to} {date} <{message_id}> and what --set gives."),
    click.option("--subject", metavar="TEXT"),
    click.option("--body", metavar="TEXT|@FILE", help="The text; @@ begins one that begins with @."),
    click.option("--html", metavar="TEXT|@FILE", help="The same in HTML, beside the text."),
    click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'",
                 help="A header, in place of the usual one or more (repeat it)."),
    click.option("--attach", "attachments", multiple=True, metavar="FILE", help="A file to attach (repeat it)."),
    click.option("--dkim-key", metavar="FILE", help="Sign with this private key, RSA or Ed25519 in PEM."),
    click.option("--dkim-selector", metavar="S"),
    click.option("--dkim-domain", metavar="DOMAIN", help="Sign for this domain; else the From header's."),
)  # fmt: skip
_EXTENSIONS: tuple[Decorator, ...] = (
    click.option("--dsn", metavar="WHEN", help="Ask for reports: never, or of success,failure,delay (RFC 3461)."),
    click.option("--mail-parameter", "mail_parameters", multiple=True, metavar="TEXT",
                 help="More after MAIL FROM:<…>."),
    click.option("--rcpt-parameter", "rcpt_parameters", multiple=True, metavar="TEXT",
                 help="More after RCPT TO:<…>."),
    click.option("--pipelining", is_flag=True, help="Send MAIL and every RCPT in one write."),
    click.option("--chunking", is_flag=True, help="Send the message by BDAT in place of DATA."),
)  # fmt: skip
_KEEPING: tuple[Decorator, ...] = (
    click.option("--log", metavar="FILE", help="Append a line of JSON for each conversation."),
    click.option("--record", metavar="FILE", help="Write the conversation as a script that expects what came."),
)
