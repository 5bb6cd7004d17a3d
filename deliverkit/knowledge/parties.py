"""Whom a reply is about, so that what it asks for names them (``deliverkit spf example.com --ip 11.0.9.25``)."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.classes import Frozen
from deliverkit.errors import UsageError
from deliverkit.regexes import regex
from deliverkit.standards.names import parse_address, parse_domain

UNKNOWN, UNKNOWN_ADDRESS = "DOMAIN", "ADDRESS"  # what stands where a domain, or the address, is not known

_IP = r"\[?(?:ipv6:)?([0-9a-f]{0,4}[.:][0-9a-f.:]{1,40})"
# What mail servers write beside a domain or an address: Postfix's and Exim's access rules, Gmail about authentication,
# and what receivers say of an address that SPF does not permit.
_TELLING = (
    ("sender", regex(r"mail from domain \[([^\s\]]{1,253})\]")),
    ("sender", regex(r"\bspf \[([^\s\]]{1,253})\] with ip")),
    ("sender", regex(r"<[^\s<>]{0,64}@([^\s<>@]{1,253})>: sender ")),
    ("sender", regex(r"sender verify failed for <[^\s<>]{0,64}@([^\s<>@]{1,253})>")),
    ("author", regex(r"\be?mail from ([^\s]{1,253}) is not accepted\b")),
    ("recipient", regex(r"<[^\s<>]{0,64}@([^\s<>@]{1,253})>: (?:recipient |relay access|user unknown)")),
    ("address", regex(rf"\bip(?: address)?(?: is|[:=])? ?{_IP}")),
    ("address", regex(rf"\bclient host {_IP}")),
    ("address", regex(rf"\bdoes not designate {_IP}")),
    ("address", regex(rf"(?:^|[\s(]){_IP}\]? is not (?:allowed|authori[sz]ed|permitted|designated)\b")),
)


class Parties(Frozen):
    """``sender``: the domain of the Return-Path, ``author``: that of the From header; empty: not known.

    ``address`` is the one that the receiver saw the mail come from.
    """

    sender: str = ""
    author: str = ""
    recipient: str = ""
    address: str = ""

    def named_in(self, do: str) -> str:
        """The advice with these in place of ``{sender}``, ``{author}``, ``{recipient}`` and ``{address}``."""
        for role, domain in (("sender", self.sender), ("author", self.author), ("recipient", self.recipient)):
            do = do.replace(f"{{{role}}}", domain or UNKNOWN)
        return do.replace("{address}", self.address or UNKNOWN_ADDRESS)

    def over(self, others: Parties) -> Parties:
        """These, and the others' where one is not known."""
        return Parties(
            self.sender or others.sender,
            self.author or others.author,
            self.recipient or others.recipient,
            self.address or others.address,
        )


def parties_in(text: str) -> Parties:
    """The parties that a reply's text (in lower case) names itself."""
    return Parties(**dict(reversed(list(_named(text)))))


def _named(text: str) -> Iterator[tuple[str, str]]:
    for role, telling in _TELLING:
        found = telling.search(text)
        read = address_or_none if role == "address" else domain_or_none
        party = read(found[1]) if found else ""
        if party:
            yield role, party


def address_or_none(text: str) -> str:
    """The text as an IP address; empty: it is none."""
    address = parse_address(text.rstrip(".:"))
    return str(address) if address else ""


def domain_or_none(text: str) -> str:
    """The text as a domain that a command may be given; empty: it is none."""
    try:
        return parse_domain(text)
    except UsageError:
        return ""
