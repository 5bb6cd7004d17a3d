"""What is kept for the user between runs, for the user's eyes only: keys, and how many recipients were tried."""

from __future__ import annotations

import os
from pathlib import Path

from deliverkit.errors import UsageError

KEY_OCTETS = 32


def user_key(file: str, what: str) -> bytes:
    """The user's key in that file of the state folder; made when it is first needed. ``what`` it is, in words.

    Raises:
        UsageError: it can be neither read nor made, or it is none.
    """
    path = state_folder(what) / file
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
        is_open = os.name == "posix" and path.stat().st_mode & 0o077
    except OSError as error:
        raise UsageError(f"{path}, {what}, can be neither read nor made: {error.strerror or error}") from None
    if is_open:
        raise UsageError(f"{path}, {what}, is open to others: remove it, or chmod 600 it")
    if len(key) != KEY_OCTETS:
        raise UsageError(f"{path}, {what}, is no key: remove it, and a new one is made")
    return key


def _make_key(path: Path) -> None:
    """Write a new key whole; where another run was faster, its key stands."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(KEY_OCTETS))
        os.link(beside, path)
    except FileExistsError:
        if not path.exists():
            raise
    finally:
        beside.unlink(missing_ok=True)


def state_folder(what: str) -> Path:
    """Where the user's state of deliverkit is kept (XDG Base Directory Specification: a relative path is no path).

    Raises:
        UsageError: there is no such folder for ``what``.
    """
    given = Path(os.environ.get("XDG_STATE_HOME", ""))
    try:
        return (given if given.is_absolute() else Path.home() / ".local" / "state") / "deliverkit"
    except RuntimeError as error:
        raise UsageError(f"there is no folder for {what} ({error}): set XDG_STATE_HOME") from None
