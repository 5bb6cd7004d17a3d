"""Where commands find a world that another process runs: a file with its ports, locked for as long as it runs.

The lock goes with its process, however that ends, so a file that nobody holds is a dead world's. The world in turn ends
when its file is gone.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any

from deliverkit.errors import LabError
from deliverkit.lab.running import Endpoint, RunningWorld
from deliverkit.lab.world import World, names

_MOST_OCTETS = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Meeting:
    """A world that runs elsewhere, as far as a client needs it; ``name`` is its name, or the path of its file.

    ``contents`` is the digest of what it was made from, ``process`` the number of the process that runs it.
    """

    place: Path
    name: str
    contents: str
    process: int
    nameserver: str
    clock: datetime
    routes: dict[Endpoint, Endpoint]
    roots: bytes

    def end(self) -> None:
        """Tell the world to end, and wait until it does."""
        with suppress(FileNotFoundError), self.place.open("r", encoding="utf-8") as file:
            self.place.unlink()
            fcntl.flock(file, fcntl.LOCK_SH)


def name_of(given: str) -> str:
    """What a world is known by, wherever it is named: its own name if it ships, else the whole path of its file."""
    return given if given in names() else str(Path(given).resolve())


def contents_of(world: World) -> str:
    """The digest of all that a world says, with the one that it is like."""
    return hashlib.sha256(repr(replace(world, name="")).encode()).hexdigest()


def find(folder: Path, name: str) -> Meeting | None:
    """The world of that name, if it runs."""
    return _read(_place(folder, name))


def find_all(folder: Path) -> list[Meeting]:
    """All worlds that run."""
    return [found for place in sorted(folder.glob("*.json")) if (found := _read(place)) is not None]


@contextmanager
def open_to_others(folder: Path, world: World, lab: RunningWorld) -> Iterator[Path]:
    """While this lasts commands find the world by a file, which is for its user's eyes only.

    Raises:
        LabError: the file cannot be written, or that world runs already.
    """
    name = name_of(world.name)
    place, told = _place(folder, name), json.dumps(_told(name, world, lab))
    with _written(place, told) as file:
        try:
            yield place
        finally:
            _remove(place, file)


def _place(folder: Path, name: str) -> Path:
    return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def _told(name: str, world: World, lab: RunningWorld) -> dict[str, Any]:
    return {
        "name": name,
        "contents": contents_of(world),
        "process": os.getpid(),
        "nameserver": lab.nameserver,
        "clock": lab.clock.isoformat(),
        "routes": [[*outside, *inside] for outside, inside in lab.routes.items()],
        "roots": lab.roots.decode(),
    }


@contextmanager
def _written(place: Path, text: str) -> Iterator[IO[str]]:
    """The file, whole and locked before anybody can see it."""
    beside = place.with_suffix(f".{os.getpid()}")
    with _opened(beside) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(text)
            file.flush()
            _read(place)  # takes away what a dead world left
            os.link(beside, place)
        except FileExistsError:
            raise LabError("it runs already") from None
        except OSError as error:
            raise LabError(f"{place} cannot be written: {error.strerror}") from None
        finally:
            beside.unlink(missing_ok=True)
        yield file


def _opened(place: Path) -> IO[str]:
    """A new file for the user's eyes only."""
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")
    except OSError as error:
        raise LabError(f"{place} cannot be written: {error.strerror}") from None


def _read(place: Path) -> Meeting | None:
    """The world in the file, if it is the user's own and still runs; a dead one's file is removed."""
    try:
        with place.open("r", encoding="utf-8") as file:
            status = os.fstat(file.fileno())
            if status.st_uid != os.geteuid() or status.st_mode & 0o022:
                return None
            if _is_free(file):
                _remove(place, file)
                return None
            return _parse(json.loads(file.read(_MOST_OCTETS)), place)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # another version's, say: whoever asks has a world of its own


def _parse(told: Mapping[str, Any], place: Path) -> Meeting:
    return Meeting(
        place=place,
        name=str(told["name"]),
        contents=str(told["contents"]),
        process=int(told["process"]),
        nameserver=str(told["nameserver"]),
        clock=datetime.fromisoformat(told["clock"]),
        routes={(str(a), int(b)): (_loopback(c), int(d)) for a, b, c, d in told["routes"]},
        roots=str(told["roots"]).encode(),
    )


def _loopback(address: str) -> str:
    """The address, which has to be this machine's: nothing leaves a world.

    Raises:
        ValueError: it is not.
    """
    if not ip_address(address).is_loopback:
        raise ValueError(f"{address} leads out of the world")
    return address


def _is_free(file: IO[str]) -> bool:
    """Whether nobody holds the file."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove(place: Path, file: IO[str]) -> None:
    """Remove the file, unless another stands in its place by now."""
    with suppress(OSError):
        if os.path.samestat(place.stat(), os.fstat(file.fileno())):
            place.unlink()
