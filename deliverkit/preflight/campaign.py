"""``campaign.toml``: what a campaign is, whom it is from, which way it takes, who reads it, and what is asked of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from deliverkit.classes import Frozen, field
from deliverkit.clients.secrets import is_way, way_from
from deliverkit.config import waivers_of
from deliverkit.errors import UsageError
from deliverkit.facts.placement import INBOX_RATE, shares_of
from deliverkit.model import Waiver
from deliverkit.preflight.message_table import message_in
from deliverkit.regexes import regex
from deliverkit.seeds.entries import WAYS
from deliverkit.seeds.parts import Parts
from deliverkit.seeds.relay import Relay, target_of
from deliverkit.standards.addresses import Address
from deliverkit.standards.dkim.signature import checked_selector
from deliverkit.standards.senders import parse_helo, parse_mail_from, parse_sender
from deliverkit.tables import (
    BadTableError,
    parse_tables,
    read_tables,
    refuse_unknown,
    table_at,
    text_at,
    texts_at,
    word_at,
)

T = TypeVar("T")
NAME = "campaign.toml"
KINDS = ("marketing", "transactional")
MOST_OCTETS = 256 * 1024  # of the file
_KEYS = ("name", "from", "kind", "message", "path", "seeds", "audience", "delivery", "waivers")
_PATH = ("mail_from", "sending_addresses", "helo", "selectors")
_SEEDS = (
    "file",
    "test",
    "external",
    "control",
    "inbox_rate",
    "wait_minutes",
    "relay",
    "relay_tls",
    "user",
    "secret",
    "rate",
)
_DELIVERY = ("to",)
_RELAY_TLS = ("starttls", "implicit", "none")
_TABLE = regex(r"^[ \t]*\[[ \t]*message[ \t]*\]", re.MULTILINE)
_FILE = regex(r"\A(?:(?!^[ \t]*\[).)*?^[ \t]*message[ \t]*=", re.MULTILINE | re.DOTALL)  # before the first table


class SeedPlan(Frozen):
    """How the seed test is made. ``file`` is None where the campaign has none.

    ``test`` names one that is in the journal already. ``wait`` is in seconds; ``relay`` is ``host:port``, empty: the
    campaign's platform sends (``is_external``), or copies go straight to the seeds' mail hosts. ``secret`` says where
    the relay's password is; ``rate`` is how many copies go out a minute.
    """

    file: Path | None = None
    test: str = ""
    is_external: bool = False
    has_control: bool = False
    inbox_rate: float = INBOX_RATE
    wait: float = 1800.0
    relay: str = ""
    relay_tls: str = "starttls"
    user: str = ""
    secret: str = ""
    rate: float = 60.0


class Campaign(Frozen):
    """What the file says. ``author`` is the From header's address; ``shares``: each provider's part of the audience.

    ``message`` is the file that holds it, or what it is composed of; None: it is not given.
    """

    path: Path
    name: str
    author: str
    kind: str = "marketing"
    message: Path | Parts | None = None
    mail_from: str = ""
    senders: tuple[Address, ...] = ()
    helo: str = ""
    selectors: tuple[str, ...] = ()
    seeds: SeedPlan = field(default_factory=SeedPlan)
    shares: Mapping[str, float] = field(default_factory=dict)
    delivery: str = ""
    waivers: tuple[Waiver, ...] = ()

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains that have to be in order: that of From, and that of MAIL FROM."""
        addresses = (self.author, self.mail_from)
        return tuple(dict.fromkeys(address.rpartition("@")[2] for address in addresses if address))

    @property
    def signers(self) -> tuple[str, ...]:
        """The domains that sign it, as far as its selectors tell; a selector without a domain is one of From's."""
        own = self.author.rpartition("@")[2]
        return tuple(dict.fromkeys(one.partition("._domainkey.")[2] or own for one in self.selectors))


def read_campaign(path: Path) -> Campaign:
    """The campaign in the file.

    Raises:
        UsageError: it cannot be read, or describes none; says where and what was expected.
    """
    text = read_tables(path, most=MOST_OCTETS, size="256 KB", maker="deliverkit preflight init")
    return parse_campaign(text, path=path)


def parse_campaign(text: str, *, path: Path) -> Campaign:
    """The campaign that the TOML text describes; paths in it are from the file's folder.

    Raises:
        UsageError: it describes none; says where and what was expected.
    """
    if _FILE.search(text) and _TABLE.search(text):  # to TOML a value that is overwritten
        raise UsageError(f"{path}: message = … and [message] exclude each other: the message is a file, or has parts")
    return parse_tables(text, path, lambda table: _parse(table, path))


def _parse(table: dict[str, Any], path: Path) -> Campaign:
    refuse_unknown(table, _KEYS, "the file")
    way, delivery = table_at(table, "path"), table_at(table, "delivery")
    refuse_unknown(way, _PATH, "[path]")
    refuse_unknown(delivery, _DELIVERY, "[delivery]")
    author = text_at(table, "from", "the file")
    if not author:
        raise BadTableError('it does not say whom the mail is from: write from = "news@example.com"')
    address = _read(author, parse_mail_from, "from")
    return Campaign(
        path=path,
        name=text_at(table, "name", "the file") or path.stem,
        author=address,
        kind=word_at(table, "kind", KINDS, "the file"),
        message=message_in(table, path.parent, author=address),
        mail_from=_maybe(way, "[path] mail_from", parse_mail_from),
        senders=tuple(
            _read(one, parse_sender, "[path] sending_addresses") for one in texts_at(way, "sending_addresses", "[path]")
        ),
        helo=_maybe(way, "[path] helo", parse_helo),
        selectors=tuple(
            _read(one, checked_selector, "[path] selectors") for one in texts_at(way, "selectors", "[path]")
        ),
        seeds=_seed_plan(table_at(table, "seeds"), path.parent),
        shares=_shares(table_at(table, "audience")),
        delivery=_maybe(delivery, "[delivery] to", parse_mail_from),
        waivers=waivers_of(table),
    )


def _seed_plan(table: dict[str, Any], folder: Path) -> SeedPlan:
    if not table:
        return SeedPlan()
    refuse_unknown(table, _SEEDS, "[seeds]")
    file = text_at(table, "file", "[seeds]") or "seeds.toml"
    relay, is_external = text_at(table, "relay", "[seeds]"), _flag(table, "external")
    plan = SeedPlan(
        file=folder / Path(file).expanduser(),
        test=text_at(table, "test", "[seeds]"),
        is_external=is_external,
        has_control=_flag(table, "control"),
        inbox_rate=_number(table, "inbox_rate", INBOX_RATE, most=1.0),
        wait=60 * _number(table, "wait_minutes", 30.0, most=2880.0),
        relay=relay,
        relay_tls=word_at(table, "relay_tls", _RELAY_TLS, "[seeds]"),
        user=text_at(table, "user", "[seeds]"),
        secret=_secret(table, folder),
        rate=_number(table, "rate", 60.0, most=6000.0),
    )
    _refuse_contradiction(plan)
    return plan


def _refuse_contradiction(plan: SeedPlan) -> None:
    """See that the keys go together, before anything is sent by half of them."""
    if plan.relay and plan.is_external:
        raise BadTableError("[seeds]: relay and external exclude each other: either deliverkit sends or your platform")
    if plan.has_control and plan.is_external:
        raise BadTableError("[seeds]: control is a message that deliverkit sends: it does not go with external")
    if plan.user and not plan.relay:
        raise BadTableError('[seeds]: user signs in at a relay: name it, too, as in relay = "smtp.example.com:587"')
    if plan.user and not plan.secret:
        raise BadTableError(f"[seeds]: say where the password of {plan.user} is: secret = {WAYS}")
    if plan.relay:
        _read(plan.relay, lambda place: target_of(Relay(place, plan.relay_tls)), "[seeds] relay")


def _secret(table: dict[str, Any], folder: Path) -> str:
    """Where the relay's password is. What says no such place may be the secret itself, and is never shown."""
    way = text_at(table, "secret", "[seeds]")
    if way and not is_way(way):
        raise BadTableError(f"[seeds], secret: {WAYS} is expected, and never the secret itself")
    return way_from(folder, way)


def _shares(table: Mapping[str, Any]) -> dict[str, float]:
    """Each provider's part of the audience."""
    for provider, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
            raise BadTableError(f"[audience] {provider}: {value!r} is no share: write 0.44, or a number of readers")
    try:
        return shares_of(table)
    except UsageError as error:
        raise BadTableError(f"[audience]: {error}") from None


def _flag(table: Mapping[str, Any], key: str) -> bool:
    found = table.get(key, False)
    if not isinstance(found, bool):
        raise BadTableError(f"[seeds], {key}: true or false is expected")
    return found


def _number(table: Mapping[str, Any], key: str, usual: float, *, most: float) -> float:
    found = table.get(key, usual)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found <= most:
        raise BadTableError(f"[seeds], {key}: a number above 0 and up to {most:g} is expected, as in {key} = {usual:g}")
    return float(found)


def _maybe(table: Mapping[str, Any], where: str, read: Callable[[str], str]) -> str:
    """What is read of the text that ``where`` names, as ``[path] helo``; empty where there is none."""
    section, _, key = where.partition(" ")
    text = text_at(table, key, section)
    return _read(text, read, where) if text else ""


def _read(text: str, read: Callable[[str], T], where: str) -> T:
    try:
        return read(text)
    except UsageError as error:
        raise BadTableError(f"{where}: {error}") from None
