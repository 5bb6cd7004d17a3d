"""Files that commands read: a case, proposed records, deliverkit.toml, the key of redacted cases."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from deliverkit.errors import UsageError

if TYPE_CHECKING:  # most runs have none of these
    from deliverkit.case import Case
    from deliverkit.config import Config

CONFIG = "deliverkit.toml"
MOST_OCTETS = 64 * 1024 * 1024  # of a message


def read_text(name: str) -> str:
    """The text of a file, ``-`` being standard input; a mark of byte order is no part of it.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        if name == "-":
            return sys.stdin.read().removeprefix("\ufeff")
        with open(name, encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} cannot be read: {why(error)}") from None


def read_octets(name: str) -> bytes:
    """The octets of a file, ``-`` being standard input.

    Raises:
        UsageError: it cannot be read, or is larger than any message.
    """
    try:
        with sys.stdin.buffer if name == "-" else open(name, "rb") as file:
            octets = file.read(MOST_OCTETS + 1)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {why(error)}") from None
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


def read_config(name: str | None) -> Config | None:
    """The configuration in the file, or in the one that is found from this folder upwards; None without any.

    Raises:
        UsageError: it cannot be read.
    """
    place = name or find_config(os.getcwd())
    if place is None:
        return None
    from pathlib import Path

    from deliverkit.config import parse_config

    return parse_config(read_text(place), path=Path(place))


def find_config(folder: str) -> str | None:
    """The file of this folder, or of the nearest one above that has one."""
    place = os.path.join(folder, CONFIG)
    if os.path.isfile(place):
        return place
    above = os.path.dirname(folder)
    return None if above == folder else find_config(above)


def why(error: OSError | UnicodeDecodeError) -> str:
    """What hinders, in words."""
    return "it is no text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror or error)


def redaction_key() -> bytes:
    """The user's key for the tokens of redacted cases; made when it is first needed, for the user's eyes only.

    Raises:
        UsageError: it can be neither read nor made, or it is none.
    """
    from deliverkit.clients.keeping import user_key

    return user_key("redaction.key", "the key of redacted cases")
