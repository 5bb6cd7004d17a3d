"""Files that commands write: whole or not at all, and none that is there already unless it was named."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from deliverkit.cli.files import why
from deliverkit.errors import UsageError


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
        raise UsageError(f"{name} cannot be written: {why(error)}") from None


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
        raise UsageError(f"{name} cannot be written: {why(error)}") from None


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
        raise UsageError(f"the folder {folder} cannot be made: {why(error)}") from None
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
