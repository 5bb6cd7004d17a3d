"""Worlds: read from TOML, checked, and laid over one another (``like``, ``remove``, ``add``)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from deliverkit.errors import LabError
from deliverkit.lab.deliveryrules import Rule, parse_rule
from deliverkit.lab.imaphosts import ImapHost, imap_hosts_over
from deliverkit.lab.mailhosts import MailHost, parse_mail_host
from deliverkit.lab.websites import Website, websites_over
from deliverkit.lab.worldtables import refuse_unfit, tables_of

BEHAVIOURS = frozenset(
    {
        "servfail",
        "refused",
        "silent",
        "truncated",
        "delayed",
        "wrong-id",
        "wrong-question",
        "malformed",
        "several",
        "no-tcp",
    }
)
_CLOCK = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone: its apex, its records as master-file text, and whether it is signed or its signatures are broken."""

    origin: str
    text: str
    signed: bool = False
    bogus: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What the name server does wrong when asked for the name (and type, where one is given)."""

    name: str
    do: str
    type: str | None = None
    seconds: float = 0.0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Nameserver:
    """The resolver of the world: its address there, and how it looks from outside.

    ``authoritative``: it answers as the zone's own name server, without recursion. ``authenticated``: it sets
    the AD bit for signed zones. ``validating``: it looks at signatures at all, and refuses broken ones.
    ``bare_denials``: it leaves the SOA record out where it denies. ``encrypted``: it is asked over TLS.
    """

    address: str = "11.0.0.53"
    authoritative: bool = False
    authenticated: bool = True
    validating: bool = True
    bare_denials: bool = False
    encrypted: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """A name server of the world beside its resolver: authoritative, or a second resolver where ``recursive``.

    It knows ``zones`` alone (without any: all of the world's), and has them without the records in ``remove``, with
    ``add``, which is relative to the world's first zone, and with ``serial`` in that zone's SOA record. ``do`` is a
    fault that it has with every question.
    """

    address: str
    zones: tuple[str, ...] = ()
    recursive: bool = False
    remove: tuple[str, ...] = ()
    add: str = ""
    serial: int | None = None
    do: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """A world. ``codes``: the checks that fail in it, ``unknown``: those that cannot be judged; no others.

    ``unknown`` may be ``*``: every check that is neither in ``codes`` nor in ``passed``. It is judged in ``areas``,
    with every authoritative server asked where ``authoritative``, and beside the resolvers in ``compare``.
    ``delegations`` says which name servers a zone's parent names, where these are others than the zone's own.

    ``listening``: the addresses that take connections to port 25 and say nothing; ``smtp``: the servers that speak
    SMTP, one over another at its address and port; every other place refuses. ``port``: the one at which whoever
    judges talks to mail hosts; ``protocols``: it asks each of them which versions of TLS it speaks, ``ciphers``: and
    which cipher suites it takes. ``selectors`` and
    ``signing_key``: the DKIM selectors, and the public half of the key, that whoever judges is told of. ``senders``
    are expected to send for the target, and say ``helo`` and ``mail_from``; ``signing_identities`` are the domains in
    i= of its signatures. ``https`` are its web servers, one for each
    address; over a base, one at an address of the base's is that one changed. ``imap`` are its IMAP servers with their
    mailboxes, one for each address; ``delivery`` are the rules for mail to these, before those of its base. In records
    ``{spki:NAME}`` stands for the digest of the key of the SMTP server with that name, ``{dkim:NAME}`` for the key
    record of the signing key with that name.

    Over its ``base`` it first removes the records in ``remove``, then adds ``add`` to the base's first zone, then
    its own zones and addresses.
    """

    name: str
    title: str
    target: str
    base: World | None = None
    remove: tuple[str, ...] = ()
    add: str = ""
    zones: tuple[Zone, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    resolver: Nameserver = field(default_factory=Nameserver)
    clock: datetime = _CLOCK
    profile: str = "domain"
    codes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    servers: tuple[Server, ...] = ()
    delegations: Mapping[str, list[str]] = field(default_factory=dict)
    authoritative: bool = False
    compare: tuple[str, ...] = ()
    areas: tuple[str, ...] = ("mx",)
    listening: tuple[str, ...] = ()
    smtp: tuple[MailHost, ...] = ()
    port: int = 25
    protocols: bool = False
    ciphers: bool = False
    selectors: tuple[str, ...] = ()
    signing_key: str = ""
    senders: tuple[str, ...] = ()
    mail_from: str = ""
    helo: str = ""
    signing_identities: tuple[str, ...] = ()
    https: tuple[Website, ...] = ()
    imap: tuple[ImapHost, ...] = ()
    delivery: tuple[Rule, ...] = ()


_PARTS = (
    ("zones", "zone", Zone),
    ("faults", "fault", Fault),
    ("https", "https", Website),
    ("servers", "server", Server),
)


def names() -> list[str]:
    """The names of the worlds that ship with deliverkit, sorted."""
    return sorted(entry.name.removesuffix(".toml") for entry in _shipped().iterdir() if entry.name.endswith(".toml"))


def source(name: str) -> str:
    """The TOML text of a world: one that ships, or a file.

    Raises:
        LabError: there is neither.
    """
    shipped = _shipped().joinpath(f"{name}.toml")
    if name in names():
        return shipped.read_text("utf-8")
    try:
        return Path(name).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = "it is no text in UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise LabError(
            f"there is no lab world {name!r} and no such file ({why}): deliverkit lab list shows the worlds"
        ) from None


def load(name: str) -> World:
    """The world of that name, or in that file.

    Raises:
        LabError: it cannot be read; says where.
    """
    return parse(source(name), name=name)


def parse(text: str, *, name: str) -> World:
    """The world that the TOML text describes.

    Raises:
        LabError: it describes none; says where.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LabError(f"world {name}: {error}") from None
    try:
        _refuse_unfit(table)
        like = table.pop("like", None)
        return _world(load(like) if like else None, table, name)
    except RecursionError:
        raise LabError(f"world {name}: it is like a world that is like it") from None
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise LabError(f"world {name}: {error}") from None


def _shipped() -> Traversable:
    return files(__package__).joinpath("worlds")


def _world(base: World | None, table: dict[str, Any], name: str) -> World:
    """The world of the table, over its base: what it does not say is as there, its faults come on top."""
    below = base or World(name, "", "")
    world = replace(
        below,
        name=name,
        base=base,
        remove=tuple(table.pop("remove", ())),
        add=table.pop("add", ""),
        zones=tuple(Zone(**zone) for zone in table.pop("zones", ())),
        addresses=table.pop("addresses", {}),
        faults=(*below.faults, *(_fault(fault) for fault in table.pop("faults", ()))),
        resolver=replace(below.resolver, **table.pop("resolver", {})),
        codes=tuple(table.pop("codes", ())),
        unknown=tuple(table.pop("unknown", ())),
        passed=tuple(table.pop("passed", ())),
        servers=(*below.servers, *(_server(server) for server in table.pop("servers", ()))),
        https=websites_over(below.https, table.pop("https", ())),
        compare=tuple(table.pop("compare", below.compare)),
        areas=tuple(table.pop("areas", below.areas)),
        selectors=tuple(map(str, table.pop("selectors", below.selectors))),
        listening=tuple(map(str, table.pop("listening", below.listening))),
        smtp=_over(below.smtp, map(parse_mail_host, table.pop("smtp", ()))),
        imap=imap_hosts_over(below.imap, table.pop("imap", ())),
        delivery=(*map(parse_rule, table.pop("delivery", ())), *below.delivery),
        senders=tuple(map(str, table.pop("senders", below.senders))),
        signing_identities=tuple(map(str, table.pop("signing_identities", below.signing_identities))),
        **table,
    )
    if not world.target:
        raise ValueError("it names no target")
    return world


def _over(below: Iterable[MailHost], hosts: Iterable[MailHost]) -> tuple[MailHost, ...]:
    """The servers, each in place of the one below at its address and port."""
    return tuple({(host.address, host.port): host for host in (*below, *hosts)}.values())


def _fault(table: dict[str, Any]) -> Fault:
    fault = Fault(**table)
    _refuse_unknown_behaviour(fault.do, fault.name)
    return fault


def _server(table: dict[str, Any]) -> Server:
    lists: dict[str, Any] = {key: tuple(table.pop(key, ())) for key in ("zones", "remove")}
    server = Server(**table, **lists)
    if not all(map(str.isprintable, server.zones)):
        raise ValueError(f"zones of {server.address}: a name has a sign that cannot be seen")
    if server.serial is not None and not 0 <= server.serial < 2**32:  # RFC 1035 §3.3.13
        raise ValueError(f"serial = {server.serial} of {server.address}: it is one of 0 to 4294967295")
    if server.do:
        _refuse_unknown_behaviour(server.do, server.address)
    return server


def _refuse_unknown_behaviour(do: str, where: str) -> None:
    if do not in BEHAVIOURS:
        raise ValueError(f"fault {do!r} of {where}: choose one of {', '.join(sorted(BEHAVIOURS))}")


def _refuse_unfit(table: dict[str, Any]) -> None:
    """Refuse what is no world's, before anything is made of it."""
    refuse_unfit("world", table, {**_declared(World, but=("name", "base")), "like": "str"})
    refuse_unfit("resolver", table.get("resolver", {}), _declared(Nameserver))
    for key, kind, of in _PARTS:
        for part in tables_of(table, key):
            refuse_unfit(kind, part, _declared(of))


def _declared(of: type, *, but: Collection[str] = ()) -> dict[str, str]:
    """How each field is declared, in words of this module's text."""
    return {one.name: str(one.type) for one in fields(of) if one.name not in but}
