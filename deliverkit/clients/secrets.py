"""Fetching secrets from where they are. None ever stands in a message: what is raised says only what is wrong.

What is wrong is a clause; whoever asked says of which secret it is true.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from deliverkit.errors import UsageError
from deliverkit.regexes import regex

MOST_OCTETS = 64 * 1024  # of a secret
COMMAND_SECONDS = 60.0
_QUOTED = regex(r"""\\.|'[^']*'|"(?P<double>(?:\\.|[^"\\])*)\"""", re.DOTALL)
_BACKSLASHED = regex(r"\\.", re.DOTALL)
_EXPANDED = regex(r"\$[A-Za-z_{(]|`")  # by a shell, in double quotes, too
_FOR_A_SHELL = regex(r"\$[A-Za-z_{(]|[`;|&<>()\n]")


def is_way(way: str) -> bool:
    """Whether the text says where a secret is; else it may be the secret itself, and is not to be shown."""
    kind, _, where = way.partition(":")
    return kind in _FETCH and bool(where)


def way_from(folder: Path, way: str) -> str:
    """The way as it is meant in a file of that folder: paths are from there."""
    kind, _, place = way.partition(":")
    return f"file:{folder / Path(place).expanduser()}" if kind == "file" else way


def fetch_secret(way: str, user: str = "") -> str:
    """The secret, from where it is; ``user`` is whose it is, for a keyring.

    Raises:
        UsageError: it cannot be had.
    """
    if not is_way(way):
        raise UsageError("it is not said where it is: env:VARIABLE, file:PATH, command:COMMAND or keyring:SERVICE")
    kind, _, where = way.partition(":")
    return fit(_FETCH[kind](where, user))


def why_missing(way: str) -> str:
    """Why it is known that the secret cannot be had, without asking anybody for it; empty: it is not known."""
    kind, _, where = way.partition(":")
    try:
        if kind == "env":
            fetch_secret(way)
        elif kind == "file":
            Path(where).stat()  # it is not read: a pipe can be read only once
    except UsageError as error:
        return str(error)
    except OSError as error:
        return f"{where} cannot be read: {error.strerror}"
    return ""


def fit(text: str) -> str:
    """The secret without the line's end behind it.

    Raises:
        UsageError: it is none.
    """
    secret = text.removesuffix("\n").removesuffix("\r")
    if not secret or len(secret.encode("utf-8", "surrogateescape")) > MOST_OCTETS:
        raise UsageError(f"it is {'too long' if secret else 'empty'}")
    if any(sign < " " or sign == "\x7f" for sign in secret):
        raise UsageError("it has a line break or another control character in it")
    return secret


def _of_environment(name: str, _user: str) -> str:
    if name not in os.environ:
        raise UsageError(f"there is no environment variable {name}")
    return os.environ[name]


def _of_file(path: str, _user: str) -> str:
    try:
        with Path(path).open("rb") as file:
            octets = file.read(MOST_OCTETS + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    return _decoded(octets)


def _of_command(text: str, _user: str) -> str:
    """What the command prints; it is run without a shell."""
    import shlex

    try:
        arguments = shlex.split(text)
        _refuse_shell(text)
        ended = subprocess.run(  # noqa: S603 - the user's own command, as the user wrote it
            arguments, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=COMMAND_SECONDS
        )
    except (OSError, ValueError) as error:
        raise UsageError(f"its command cannot be run: {error}") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"its command did not end in {COMMAND_SECONDS:g} s") from None
    if ended.returncode:
        raise UsageError(f"its command ended with {ended.returncode}")
    return _decoded(ended.stdout)


def _refuse_shell(text: str) -> None:
    """Refuse what a shell would take for its own, for the command would get it as it stands.

    What is quoted, or stands behind a backslash, is meant as it stands.
    """
    found = _FOR_A_SHELL.search(_QUOTED.sub(_unquoted, text))
    if found:
        sign = "a line break" if found[0] == "\n" else found[0][0]
        raise UsageError(
            f"its command is run without a shell, and {sign} is for one: command:sh -c '…'; where it is meant as it "
            "stands, quote it"
        )


def _unquoted(quoted: re.Match[str]) -> str:
    """What a shell takes for its own in a part that is quoted: nothing but in double quotes."""
    inner = _BACKSLASHED.sub("", quoted["double"] or "")
    return "".join(_EXPANDED.findall(inner))


def _of_keyring(service: str, user: str) -> str:
    try:
        import keyring
    except ImportError:
        raise UsageError("the keyring needs a package more: pip install 'deliverkit[keyring]'") from None
    try:
        found = keyring.get_password(service, user)
    except Exception as error:  # noqa: BLE001 - a keyring's backends raise what they like
        raise UsageError(f"the keyring cannot be asked: {type(error).__name__}") from None
    if found is None:
        raise UsageError(f"the keyring has none for {user} at {service}: keyring set {service} {user}")
    return str(found)


_FETCH = {"env": _of_environment, "file": _of_file, "command": _of_command, "keyring": _of_keyring}


def _decoded(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise UsageError("it is no text in UTF-8") from None
