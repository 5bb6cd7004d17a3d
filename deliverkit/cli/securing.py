"""The options of TLS with hosts: the name that is asked for, whom to trust, and the certificate that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from deliverkit.classes import replace
from deliverkit.cli.files import read_octets
from deliverkit.cli.options import Decorator
from deliverkit.clients.smtp.provisions import OF_THIS_MACHINE, ClientCertificate, Provisions, Roots
from deliverkit.errors import UsageError

SECURING: tuple[Decorator, ...] = (
    click.option("--sni", metavar="NAME",
                 help="Ask for the certificate of this name (SNI), not of the host's, and hold it against this name."),
    click.option("--ca", metavar="FILE", help="Trust the roots in this file (PEM) alone, not this machine's."),
    click.option("--client-cert", metavar="FILE", help="Show this certificate (PEM) to hosts that ask for one."),
    click.option("--client-key", metavar="FILE",
                 help="The key of --client-cert (PEM), where it is not in the same file."),
)  # fmt: skip


def with_tls(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with these options."""
    for decorator in reversed(SECURING):
        command = decorator(command)
    return command


def securing(
    provisions: Provisions, *, sni: str | None, ca: str | None, client_cert: str | None, client_key: str | None
) -> Provisions:
    """The provisions with what the options say of TLS; what cannot be used is said before anybody is spoken to.

    Raises:
        UsageError: a file cannot be used, or the name is none.
    """
    if client_key is not None and client_cert is None:
        raise UsageError("--client-key belongs to a certificate: give --client-cert FILE, too")
    if all(one is None for one in (sni, ca, client_cert)):
        return provisions
    return replace(
        provisions,
        server_name="" if sni is None else _name(sni),
        roots=OF_THIS_MACHINE if ca is None else _roots(ca),
        client=provisions.client if client_cert is None else _client(client_cert, client_key),
    )


def _name(text: str) -> str:
    """The name in A-labels, as SNI carries it (RFC 6066 §3)."""
    from deliverkit.standards.names import parse_address, parse_domain

    if parse_address(text.strip("[]")) is not None:
        raise UsageError(f"--sni {text}: SNI carries names and no addresses: give the name that the certificate bears")
    if {"@", "/", ":", "<"} & set(text):
        raise UsageError(f"--sni {text!r}: give a host's name alone, such as mx1.example.com")
    with _said_of("--sni"):
        return parse_domain(text)


def _roots(file: str) -> Roots:
    from pathlib import Path

    from deliverkit.clients.smtp.pem import parse_roots

    with _said_of("--ca"):
        return parse_roots(_read(file), Path(file).name, file)


def _client(certificate: str, key: str | None) -> ClientCertificate:
    from deliverkit.clients.smtp.pem import check_certificate, check_key
    from deliverkit.clients.smtp.tls import check_client

    client = ClientCertificate(certificate, key or "")
    with _said_of("--client-cert"):
        octets = _read(certificate)
        check_certificate(octets, certificate)
    with _said_of("--client-cert" if key is None else "--client-key"):
        check_key(client, octets, octets if key is None else _read(key))
        check_client(client)
    return client


@contextmanager
def _said_of(option: str) -> Iterator[None]:
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from None


def _read(file: str) -> bytes:
    if file == "-":
        raise UsageError("it is not read from standard input: give a file")
    if not file:
        raise UsageError("the name of the file is empty")
    return read_octets(file)
