"""Files that commands write: whole or not at all, and in the place of no file but one that such a command wrote."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from deliverkit.cli.files import why
from deliverkit.errors import UsageError
from deliverkit.tuples import NamedTuple


class Kind(NamedTuple):
    """A kind of file that commands write: what it is called, and what stands near the beginning of each."""

    called: str
    mark: bytes


CASE = Kind("a case file", b'"deliverkit_case"')
RECORDING = Kind("a recorded script", b"# Recorded from ")
LOG = Kind("a log of conversations", b'"deliverkit_log"')
PAGE = Kind("a page in HTML", b"<!doctype html>")
_BEGINNING = 64  # octets


def write_text(name: str, text: str) -> None:
    """Write the file whole or not at all; one at the end of a link there, and what is no file (a pipe) in its place.

    Raises:
        UsageError: it cannot be written.
    """
    path = Path(os.path.realpath(name))
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if _is_special(path):
            path.write_text(text + "\n", "utf-8")
            return
        beside.write_text(text + "\n", "utf-8")
        if path.exists():
            beside.chmod(path.stat().st_mode & 0o7777)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"{name} cannot be written: {why(error)}") from None


def _is_special(path: Path) -> bool:
    """Whether it is there and is neither file nor folder: a pipe or a device, which no file may take the place of."""
    return path.exists() and not path.is_file() and not path.is_dir()


def is_written(name: str) -> bool:
    """Whether something stands in a file of that name."""
    path = Path(name)
    return path.is_file() and path.stat().st_size > 0


def write_new(name: str, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        UsageError: it is there, or cannot be written.
    """
    refuse_no_name(name)
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


def refuse_no_name(name: str) -> None:
    """Refuse what names no file to write.

    Raises:
        UsageError: it is empty, or ``-``.
    """
    if name in {"", "-"}:
        aside = ": standard output has the report" if name else ""
        raise UsageError(f"{name!r} is no name of a file to write{aside}")


def refuse_same(places: Mapping[str, str | None]) -> None:
    """Refuse two of the options, by their names, with the same file: one would destroy what the other keeps.

    Raises:
        UsageError: two have; says which.
    """
    found: dict[str, str] = {}
    for option, name in places.items():
        if not name or _is_special(Path(name)):
            continue
        other = found.setdefault(os.path.realpath(name), option)
        if other != option:
            raise UsageError(f"{other} and {option} name the same file, {name}: give each its own")


def refuse_bad_place(name: str, kind: Kind) -> None:
    """Say before a long run, and not after it, that nothing of that kind can be written there.

    Raises:
        UsageError: the name is a folder's, its folder is not there, or may not be written to; or another file is there.
    """
    refuse_no_name(name)
    path = Path(os.path.realpath(name))
    if _is_special(path):
        return
    if path.is_dir():
        raise UsageError(f"{name} cannot be written: it is a folder, give a file's name")
    if not path.parent.is_dir():
        folder = path.parent if Path(name).is_symlink() else Path(name).parent
        raise UsageError(f"{name} cannot be written: there is no folder {folder}")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise UsageError(f"{name} cannot be written: that is not allowed")
    refuse_others(name, kind)


def refuse_others(name: str, kind: Kind) -> None:
    """Refuse a file in which something stands that is not of that kind.

    Raises:
        UsageError: it is so, or cannot be read.
    """
    if not is_written(name):
        return
    try:
        with Path(name).open("rb") as file:
            beginning = file.read(_BEGINNING)
    except OSError as error:
        raise UsageError(f"{name} is there already and cannot be read: {why(error)}") from None
    if kind.mark not in beginning:
        raise UsageError(f"{name} is there already and is not {kind.called}: it is left as it is, name another place")
