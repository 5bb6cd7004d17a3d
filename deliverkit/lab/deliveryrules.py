"""Delivery rules of a world: which copies they are for, and what becomes of these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from typing import Any

from deliverkit.lab.mailtexts import author, signing_domains, text_of
from deliverkit.lab.mailtexts import fields as fields_of

_TUPLES = ("to", "mail_from", "author", "dkim", "ip", "labels", "flags", "headers")
_REPLY = re.compile(r"[45]\d\d .+", re.DOTALL)  # RFC 5321 §4.2.1


@dataclass(frozen=True, slots=True)
class Copy:
    """A message on its way to one recipient.

    ``ip``: the address in the world of who handed it over. ``mailbox``: the recipient without a subaddress.
    """

    server: str
    helo: str
    ip: str
    mail_from: str
    recipient: str
    message: bytes
    is_secure: bool = False
    mailbox: str = ""

    def filled(self, text: str) -> str:
        """The text with the copy's values: {mail_from}, {author}, their {…_domain}, {d}, {ip}, {helo}, {recipient}."""
        written = author(self.message)
        values = {
            "mail_from": self.mail_from,
            "mail_from_domain": self.mail_from.rpartition("@")[2],
            "author": written,
            "author_domain": written.rpartition("@")[2],
            "d": next(iter(signing_domains(self.message)), "none"),
            "ip": self.ip,
            "helo": self.helo,
            "recipient": self.recipient,
        }
        return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of the copies that meet every condition given.

    Conditions: ``to``, ``mail_from`` and ``author`` (the address in From) match patterns with ``*``; ``header`` (a
    pattern searched for in ``Name: text``) and ``body`` are regular expressions; ``dkim``: patterns for the d= of a
    signature, ``none`` for no signature; ``ip``: networks; ``every``: the k-th, 2k-th, … of the copies that meet the
    rest.

    Then the copy is answered with ``reply``, ``times`` times for each sender and recipient (0: always); or taken and
    given back with ``bounce`` as the diagnostic; or taken and lost (``discard``); or delivered to ``folder``
    (``inbox``, ``junk``, or a name), in Gmail's ``category``, with ``labels`` and ``flags``, after ``delay`` seconds,
    with ``headers`` and ``authentication`` stamped on it.
    """

    to: tuple[str, ...] = ()
    mail_from: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    header: str = ""
    body: str = ""
    dkim: tuple[str, ...] = ()
    ip: tuple[str, ...] = ()
    every: int = 1
    reply: str = ""
    times: int = 0
    bounce: str = ""
    discard: bool = False
    folder: str = "inbox"
    category: str = ""
    labels: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    delay: float = 0.0
    headers: tuple[str, ...] = ()
    authentication: str = ""

    def is_for(self, recipient: str) -> bool:
        """Whether it is for copies to the recipient."""
        return _any_matches(self.to, [recipient])

    def meets(self, copy: Copy) -> bool:
        """Whether the copy meets the conditions, but for ``every``."""
        message = copy.message
        return (
            self.is_for(copy.mailbox)
            and _any_matches(self.mail_from, [copy.mail_from])
            and _any_matches(self.author, [author(message)])
            and _any_matches(self.dkim, signing_domains(message) or ["none"])
            and (not self.ip or any(ip_address(copy.ip) in ip_network(one) for one in self.ip))
            and (not self.header or any(re.search(self.header, line) for line in _lines(message)))
            and (not self.body or re.search(self.body, text_of(message)) is not None)
        )


def parse_rule(table: Mapping[str, Any]) -> Rule:
    """The rule that the table of a world describes.

    Raises:
        ValueError: it describes none.
    """
    keys = [one.name for one in fields(Rule)]
    unknown = sorted(set(table) - set(keys))
    if unknown:
        raise ValueError(f"a delivery rule has no key {unknown[0]!r}: it has {', '.join(keys)}")
    told = dict(table)
    for key in _TUPLES:
        if key in told:
            told[key] = (told[key],) if isinstance(told[key], str) else tuple(map(str, told[key]))
    rule = Rule(**told)
    for text in filter(None, (rule.reply, rule.bounce)):
        if not _REPLY.fullmatch(text):
            raise ValueError(f"{text!r} of a delivery rule is no refusal: write one as 550 5.7.1 and a text")
    _look_at_patterns(rule)
    if rule.every < 1:
        raise ValueError("every of a delivery rule is 1 or more")
    return rule


def _look_at_patterns(rule: Rule) -> None:
    for network in rule.ip:
        ip_network(network)
    for pattern in (rule.header, rule.body):
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{pattern!r} of a delivery rule: {error}") from None


def _any_matches(patterns: tuple[str, ...], values: list[str]) -> bool:
    return not patterns or any(fnmatchcase(value.lower(), one.lower()) for one in patterns for value in values)


def _lines(message: bytes) -> list[str]:
    return [f"{name}: {text}" for name, text in fields_of(message)]
