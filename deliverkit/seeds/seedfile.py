"""``seeds.toml``: the mailboxes of a seed test, and how to get at each.

It never holds a secret, only where each is. What may be one is refused without being shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deliverkit.classes import Frozen
from deliverkit.clients.secrets import why_missing
from deliverkit.errors import UsageError
from deliverkit.observations.mailbox import FileAccess, ImapAccess
from deliverkit.seeds.entries import KEYS, Entry, parse_entry
from deliverkit.tables import BadTableError, parse_tables, read_tables, refuse_unknown, table_at, tables_at

NAME = "seeds.toml"
MOST_SEEDS = 500
MOST_OCTETS = 1024 * 1024  # of the file

_KEYS = ("returns", "defaults", "seed")
_DEFAULTS = ("provider", "imap", "tls", "mechanism", "secret")


class Seed(Frozen):
    """A seed mailbox. ``provider`` is what its figures stand under: given, or known by its domain; else empty."""

    address: str
    provider: str
    access: ImapAccess | FileAccess


class SeedFile(Frozen):
    """What the file says. ``returns`` is the mailbox to which bounces go; None: bounces are not looked for."""

    path: Path
    seeds: tuple[Seed, ...]
    returns: Seed | None = None


def refuse_unreadable(file: SeedFile) -> None:
    """Refuse mailboxes whose secret is known not to be there, before copies go out that nobody could look for.

    Raises:
        UsageError: a variable or a file that is to hold it is not there.
    """
    missing = list(_missing(file))
    if missing:
        address, why = missing[0]
        more = f" (nor can those of {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise UsageError(
            f"{file.path}: the secret of {address} cannot be had{more}: {why}. Set it, say where else it is, or take "
            "the mailbox out: copies that nobody can look for say nothing"
        )


def _missing(file: SeedFile) -> Iterator[tuple[str, str]]:
    for seed in (*file.seeds, *([file.returns] if file.returns else ())):
        why = "" if isinstance(seed.access, FileAccess) else why_missing(seed.access.secret)
        if why:
            yield seed.address, why


def read_seeds(path: Path) -> SeedFile:
    """The seeds in the file.

    Raises:
        UsageError: it cannot be read, or holds nothing that can be used; says where.
    """
    text = read_tables(path, most=MOST_OCTETS, size="1 MiB", maker="deliverkit seed init")
    return parse_seeds(text, path=path)


def parse_seeds(text: str, *, path: Path) -> SeedFile:
    """The seeds that the TOML text names; paths in it are from the file's folder.

    Raises:
        UsageError: it names none; says where and what was expected.
    """
    return parse_tables(text, path, lambda table: _parse(table, path))


def _parse(table: dict[str, Any], path: Path) -> SeedFile:
    refuse_unknown(table, _KEYS, "the file")
    defaults = table_at(table, "defaults")
    refuse_unknown(defaults, _DEFAULTS, "[defaults]")
    entries = tables_at(table, "seed")
    if not entries:
        raise BadTableError('it names no seed: write [[seed]] and below it address = "you@example.com"')
    if len(entries) > MOST_SEEDS:
        raise BadTableError(f"it names {len(entries)} seeds, and {MOST_SEEDS} is the most: split the file")
    seeds = tuple(_seeds(entries, defaults, path.parent))
    return SeedFile(path, seeds, _returns(table.get("returns"), seeds, defaults, path.parent))


def _seeds(entries: list[dict[str, Any]], defaults: Mapping[str, Any], folder: Path) -> Iterator[Seed]:
    numbers: dict[str, int] = {}
    for number, entry in enumerate(entries, 1):
        seed = _seed(parse_entry(entry, defaults, f"seed {number}", folder))
        first = numbers.setdefault(seed.address.lower(), number)
        if first != number:
            raise BadTableError(f"seed {number}: {seed.address} is seed {first} already, and each stands once")
        yield seed


def _returns(found: object, seeds: tuple[Seed, ...], defaults: Mapping[str, Any], folder: Path) -> Seed | None:
    """The mailbox of bounces: a table of its own, or the address of a seed."""
    if found is None:
        return None
    if isinstance(found, dict):
        return _seed(parse_entry(found, defaults, "[returns]", folder))
    named = next((seed for seed in seeds if seed.address.lower() == str(found).lower()), None)
    if named is None:
        raise BadTableError(
            f"returns: {found!r} is no seed of this file: name one, or write [returns] with {KEYS[0]} …"
        )
    return named


def _seed(entry: Entry) -> Seed:
    return Seed(entry.address, entry.provider, entry.access)
