"""Files that commands read and write: a case, proposed records, deliverkit.toml, the key of redacted cases."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from deliverkit.config import Config, find_config, parse_config
from deliverkit.errors import UsageError

if TYPE_CHECKING:
    from deliverkit.case import Case

KEY_OCTETS = 32
MOST_OCTETS = 64 * 1024 * 1024  # of a message


def read_text(name: str) -> str:
    """The text of a file, ``-`` being standard input.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} cannot be read: {_why(error)}") from None


def read_octets(name: str) -> bytes:
    """The octets of a file, ``-`` being standard input.

    Raises:
        UsageError: it cannot be read, or is larger than any message.
    """
    try:
        with sys.stdin.buffer if name == "-" else Path(name).open("rb") as file:
            octets = file.read(MOST_OCTETS + 1)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error}") from None
    if len(octets) > MOST_OCTETS:
        raise UsageError(f"{name} is larger than {MOST_OCTETS >> 20} MiB, and than any host takes")
    return octets


def read_case(name: str) -> Case:
    """The case in a file.

    Raises:
        UsageError: there is none.
    """
    from deliverkit.case import parse_case

    return parse_case(read_text(name), name=name)


def read_config(name: str | None) -> Config:
    """The configuration in the file, or in the one that is found from this folder upwards; empty without any.

    Raises:
        UsageError: it cannot be read.
    """
    path = Path(name) if name else find_config(Path.cwd())
    return parse_config(read_text(str(path)), path=path) if path else Config()


def write_text(name: str, text: str) -> None:
    """Write the file whole or not at all.

    Raises:
        UsageError: it cannot be written.
    """
    path = Path(name)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text + "\n", "utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"{name} cannot be written: {_why(error)}") from None


def refuse_bad_place(name: str) -> None:
    """Say before a long run, and not after it, that nothing can be written there.

    Raises:
        UsageError: the name is a folder's, its folder is not there, or may not be written to.
    """
    path = Path(name)
    if path.is_dir():
        raise UsageError(f"{name} cannot be written: it is a folder, give a file's name")
    if not path.parent.is_dir():
        raise UsageError(f"{name} cannot be written: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise UsageError(f"{name} cannot be written: that is not allowed")


def _why(error: OSError | UnicodeDecodeError) -> str:
    return "it is no text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror or error)


def redaction_key() -> bytes:
    """The user's key for the tokens of redacted cases; made when it is first needed, for the user's eyes only.

    Raises:
        UsageError: it can be neither read nor made, or it is none.
    """
    path = _state_folder() / "redaction.key"
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
        is_open = os.name == "posix" and path.stat().st_mode & 0o077
    except OSError as error:
        raise UsageError(f"{path}, the key of redacted cases, can be neither read nor made: {_why(error)}") from None
    if is_open:
        raise UsageError(f"{path}, the key of redacted cases, is open to others: remove it, or chmod 600 it")
    if len(key) != KEY_OCTETS:
        raise UsageError(f"{path} is no key of redacted cases: remove it, and a new one is made")
    return key


def _make_key(path: Path) -> None:
    """Write a new key whole; where another run was faster, its key stands."""
    import secrets

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_OCTETS))
        os.link(beside, path)
    except FileExistsError:
        if not path.exists():
            raise
    finally:
        beside.unlink(missing_ok=True)


def _state_folder() -> Path:
    """Where the user's state of deliverkit is kept (XDG Base Directory Specification: a relative path is no path)."""
    given = Path(os.environ.get("XDG_STATE_HOME", ""))
    try:
        return (given if given.is_absolute() else Path.home() / ".local" / "state") / "deliverkit"
    except RuntimeError as error:
        raise UsageError(f"there is no folder for the key of redacted cases ({error}): set XDG_STATE_HOME") from None
