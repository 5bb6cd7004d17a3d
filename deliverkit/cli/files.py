"""Files that commands read and write: a case, proposed records, deliverkit.toml, the key of redacted cases."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from deliverkit.clients.keeping import user_key
from deliverkit.config import Config, find_config, parse_config
from deliverkit.errors import UsageError

if TYPE_CHECKING:
    from deliverkit.case import Case

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
        raise UsageError(f"{name} cannot be read: {_why(error)}") from None
    except ValueError:  # NUL, which TOML lets stand
        raise UsageError(f"{name!r} is no name of a file") from None
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


def write_new(name: str, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        UsageError: it is there, or cannot be written.
    """
    try:
        with Path(name).open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise _is_there(name) from None
    except FileNotFoundError:
        raise UsageError(f"{name} cannot be written: there is no folder {Path(name).parent}") from None
    except OSError as error:
        raise UsageError(f"{name} cannot be written: {_why(error)}") from None


def write_all_new(folder: str, texts: Mapping[str, str]) -> None:
    """Write files by their names into a folder, which is made where there is none; none of them if one is there.

    Raises:
        UsageError: one is there, or they cannot be written.
    """
    places = {Path(folder) / name: text for name, text in texts.items()}
    for place in places:
        if place.exists():
            raise _is_there(str(place))
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder {folder} cannot be made: {_why(error)}") from None
    for place, text in places.items():
        write_new(str(place), text)


def _is_there(name: str) -> UsageError:
    return UsageError(f"{name} is there already, and is left as it is: name another place with -o")


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
    return user_key("redaction.key", "the key of redacted cases")
