"""What several benches are set up with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.servers import knot, unbound


def has_package(name: str) -> bool:
    """Whether the package is installed."""
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


@contextmanager
def warm_resolver(folder: Path, zones: Mapping[str, str], *, cpu: int) -> Iterator[int]:
    """The port of Unbound in front of Knot; the examinations before the clock runs fill its cache."""
    options = "    cache-min-ttl: 3600\n    cache-max-negative-ttl: 3600\n"
    with (
        knot(folder / "knot", dict(zones), cpu=cpu) as authority,
        unbound(folder / "unbound", dict.fromkeys(zones, authority.port), options=options, cpu=cpu) as resolver,
    ):
        yield resolver.port
