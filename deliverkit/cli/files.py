"""Files that commands read and write: a case, proposed records."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from deliverkit.case import Case, parse_case
from deliverkit.errors import UsageError


def read_text(name: str) -> str:
    """The text of a file, ``-`` being standard input.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} cannot be read: {error}") from None


def read_case(name: str) -> Case:
    """The case in a file.

    Raises:
        UsageError: there is none.
    """
    return parse_case(read_text(name), name=name)


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
        raise UsageError(f"{name} cannot be written: {error}") from None
