"""``deliverkit dkim``: a domain's keys, and new ones."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from deliverkit.classes import replace
from deliverkit.cli.examining import examine_and_print
from deliverkit.cli.options import Options, examining
from deliverkit.errors import UsageError
from deliverkit.facts import DEFAULT_TTL
from deliverkit.model import ZoneLine
from deliverkit.render.dkim import render_dkim
from deliverkit.sending import parse_selectors
from deliverkit.standards.dkim.private_key import new_private_key, public_half
from deliverkit.standards.dkim.public_key import ED25519, RSA
from deliverkit.standards.dkim.signature import parse_selector, signatures_of
from deliverkit.standards.header import MOST_OCTETS
from deliverkit.standards.names import parse_domain
from deliverkit.standards.txt import data_of

_MOST_KEY = 64 * 1024  # octets of a private key's file that are read


class _Group(click.Group):
    """Takes a domain where the name of a command could stand: ``dkim DOMAIN`` is ``dkim keys DOMAIN``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with the usual command's name before them where none stands there."""
        known = {*self.commands, "-h", "--help"}
        return super().parse_args(ctx, args if args and args[0] in known else ["keys", *args])


@click.group("dkim", cls=_Group)
def command() -> None:
    """Show a domain's DKIM keys, or make a new one.

    deliverkit dkim DOMAIN is short for deliverkit dkim keys DOMAIN.
    """


@command.command("keys")
@click.option("--selector", "selectors", multiple=True, metavar="S", help="A selector that is signed with (repeat it).")
@click.option("--from-message", metavar="FILE", help="Take the selectors that this message is signed with.")
@click.option("--private-key", metavar="FILE", help="Say whether this key, in PEM, belongs to a key that is published.")
@examining
def keys(
    domains: tuple[str, ...],
    options: Options,
    *,
    selectors: tuple[str, ...],
    from_message: str | None,
    private_key: str | None,
) -> None:
    """Show the DKIM keys of a domain, and judge them.

    Selectors cannot be listed: beside those that are given, those are tried for which MX or SPF speak, and those that
    many use.

    \b
    deliverkit dkim example.com
    deliverkit dkim example.com --selector s1 --selector s2
    deliverkit dkim --from-message newsletter.eml
    deliverkit dkim example.com --selector s1 --private-key s1.pem
    """
    signed = signatures_of(_read(from_message, MOST_OCTETS)) if from_message else ()
    if from_message and not signed:
        raise UsageError(f"{from_message} has no DKIM-Signature that can be read: is it the message as it arrived?")
    expected = {
        "selectors": parse_selectors(selectors),
        "message_selectors": tuple(f"{one.selector}._domainkey.{one.domain}" for one in signed),
        "signing_identities": tuple(dict.fromkeys(one.identity for one in signed if one.identity)),
        "signing_key": public_half(_read(private_key, _MOST_KEY), name=private_key) if private_key else "",
    }
    named = domains or tuple(dict.fromkeys(one.domain for one in signed))
    given = {field: value for field, value in expected.items() if value}
    sys.exit(examine_and_print(named, replace(options, expected=given), render_dkim, area="dkim"))


@command.command("new-key")
@click.argument("domain")
@click.option("--selector", required=True, metavar="S", help="The selector of the new RSA key; one that is not in use.")
@click.option("--ed25519", metavar="S", help="Make an Ed25519 key beside it, at this selector.")
@click.option("--out", metavar="FOLDER", default=".", show_default=True, help="Where the key files go.")
def new_key(domain: str, selector: str, ed25519: str | None, out: str) -> None:
    """Make a key of 2048 bits to sign with, and print the record to publish.

    The key file is for your eyes only (mode 600), and none is ever written over. Ed25519 is made only beside RSA,
    because many receivers do not verify it.

    \b
    deliverkit dkim new-key example.com --selector s2026
    """
    name = parse_domain(domain)
    wanted = {_selector(selector): RSA}
    if ed25519:
        wanted[_selector(ed25519)] = ED25519
        if len(wanted) < 2:
            raise UsageError("the Ed25519 key needs a selector of its own: one selector holds one key")
    files = {one: Path(out) / f"{one}._domainkey.{name}.pem" for one in wanted}
    for file in files.values():
        if file.exists():
            raise UsageError(f"{file} is there already, and a key is never written over: take another selector")
    for one, key_type in wanted.items():
        pem, text = new_private_key(key_type)
        _write(files[one], pem)
        line = ZoneLine(f"{one}._domainkey.{name}", f"{one}._domainkey", DEFAULT_TTL, "TXT", data_of(text))
        click.echo(f"{line}\n  name in the form of the zone {name}: {line.label}\n  private key: {files[one]}\n")
    click.echo("Publish the record, wait until it is visible, and only then sign with the key:")
    for one, file in files.items():
        click.echo(f"  deliverkit dkim {name} --selector {one} --private-key {file}")


def _selector(text: str) -> str:
    selector = parse_selector(text)
    if not selector:
        raise UsageError(f"{text!r} is no selector: letters, digits and hyphens, such as s2026")
    return selector


def _read(name: str, most: int) -> bytes:
    """So many octets of the file, ``-`` being standard input."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(most)
        with Path(name).open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from None


def _write(file: Path, octets: bytes) -> None:
    """Write a new file for the user's eyes only."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(octets)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from None
