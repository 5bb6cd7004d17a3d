"""The domains that a reply is about, so that what it asks for names them (``deliverkit spf example.com``)."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.classes import frozen
from deliverkit.errors import UsageError
from deliverkit.regexes import regex
from deliverkit.standards.names import parse_domain

UNKNOWN = "DOMAIN"  # what stands where a domain is not known

# What mail servers write beside a domain: Postfix's and Exim's access rules, Gmail about authentication.
_TELLING = (
    ("sender", regex(r"mail from domain \[([^\s\]]{1,253})\]")),
    ("sender", regex(r"<[^\s<>]{0,64}@([^\s<>@]{1,253})>: sender ")),
    ("sender", regex(r"sender verify failed for <[^\s<>]{0,64}@([^\s<>@]{1,253})>")),
    ("author", regex(r"\be?mail from ([^\s]{1,253}) is not accepted\b")),
    ("recipient", regex(r"<[^\s<>]{0,64}@([^\s<>@]{1,253})>: (?:recipient |relay access|user unknown)")),
)


@frozen
class Parties:
    """``sender``: the domain of the Return-Path, ``author``: that of the From header; empty: not known."""

    sender: str = ""
    author: str = ""
    recipient: str = ""

    def named_in(self, do: str) -> str:
        """The advice with these domains in place of ``{sender}``, ``{author}`` and ``{recipient}``."""
        for role, domain in (("sender", self.sender), ("author", self.author), ("recipient", self.recipient)):
            do = do.replace(f"{{{role}}}", domain or UNKNOWN)
        return do

    def over(self, others: Parties) -> Parties:
        """These, and the others' where one is not known."""
        return Parties(self.sender or others.sender, self.author or others.author, self.recipient or others.recipient)


def parties_in(text: str) -> Parties:
    """The parties that a reply's text (in lower case) names itself."""
    return Parties(**dict(reversed(list(_named(text)))))


def _named(text: str) -> Iterator[tuple[str, str]]:
    for role, telling in _TELLING:
        found = telling.search(text)
        domain = domain_or_none(found[1]) if found else ""
        if domain:
            yield role, domain


def domain_or_none(text: str) -> str:
    """The text as a domain that a command may be given; empty: it is none."""
    try:
        return parse_domain(text)
    except UsageError:
        return ""
