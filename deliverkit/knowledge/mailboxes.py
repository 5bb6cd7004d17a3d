"""Where mailboxes are read over IMAP, by the domain of their address, and with what (``mailboxes.toml``)."""

from __future__ import annotations

from datetime import date
from functools import cache

from deliverkit.classes import Frozen
from deliverkit.knowledge.reading import read_toml

PORT = 993  # RFC 8314 §3.2: all of them take implicit TLS


class MailboxProvider(Frozen):
    """A provider of mailboxes, its IMAP server, what it takes as proof, and the page where users get that.

    ``wants`` is ``password``, ``app password`` or ``token``.
    """

    name: str
    host: str
    wants: str
    page: str
    source: str
    as_of: date


def provider_of_domain(domain: str) -> MailboxProvider | None:
    """The provider whose own domain it is; None: it is nobody's, or a customer's."""
    return _by_domain().get(domain)


def provider_of_host(host: str) -> MailboxProvider | None:
    """The provider whose IMAP server bears that name."""
    return _by_host().get(host)


@cache
def _by_domain() -> dict[str, MailboxProvider]:
    return {domain: provider for entry, provider in _providers() for domain in entry["domains"]}


@cache
def _by_host() -> dict[str, MailboxProvider]:
    return {host: provider for entry, provider in _providers() for host in entry["hosts"]}


@cache
def _providers() -> tuple[tuple[dict[str, list[str]], MailboxProvider], ...]:
    return tuple(
        (
            entry,
            MailboxProvider(
                name=entry["name"],
                host=entry["hosts"][0],
                wants=entry["wants"],
                page=entry["page"],
                source=entry["source"],
                as_of=entry["as_of"],
            ),
        )
        for entry in read_toml("mailboxes.toml")["mailbox"]
    )
