"""Secrets, as options name them: where each is to be had. None ever stands in an argument, a message or an output."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from deliverkit.errors import UsageError
from deliverkit.regexes import regex

WAYS = "env:VARIABLE, file:PATH, command:COMMAND or prompt"
_SHORT = "env:VARIABLE (or file:PATH, or command:COMMAND)"
MOST_OCTETS = 64 * 1024  # of a secret
COMMAND_SECONDS = 60.0
SHORTEST = 4  # characters of a secret that is looked for in what is given otherwise
_NAME = regex(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_LOOKS_SECRET = regex(r"passw|passphrase|pwd|token|secret|api_?key|credential", re.IGNORECASE)


def looks_secret(name: str) -> bool:
    """Whether something of that name is better kept out of every output."""
    return _LOOKS_SECRET.search(name) is not None


def parse_ways(texts: Iterable[str]) -> dict[str, str]:
    """Out of each ``NAME=WAY`` the name of a secret, and where it is.

    Raises:
        UsageError: a text is none. It is never shown: it may be the secret itself.
    """
    found = {}
    for text in texts:
        name, equals, way = text.partition("=")
        if not equals or not _NAME.fullmatch(name):
            raise UsageError(f"--secret wants NAME=WAY, the name in small letters, the way one of {WAYS}")
        found[name] = way
    return found


def fetch(name: str, way: str) -> str:
    """The secret, from where it is.

    Raises:
        UsageError: it cannot be had.
    """
    return _fit(_fetch(name, way), name)


def ask(name: str) -> str:
    """The secret, typed in unseen.

    Raises:
        UsageError: nobody is there to type it, or it is none.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(f"the secret {name} is needed, and there is no terminal to ask at: --secret {name}={_SHORT}")
    return _fit(click.prompt(name, hide_input=True, err=True), name)


def _fetch(name: str, way: str) -> str:
    kind, _, where = way.partition(":")
    if way == "prompt":
        return ask(name)
    if kind == "env" and where:
        if where not in os.environ:
            raise UsageError(f"--secret {name}: there is no environment variable {where}")
        return os.environ[where]
    if kind == "file" and where:
        return _of_file(name, where)
    if kind == "command" and where:
        return _of_command(name, where)
    raise UsageError(f"--secret {name}=…: write {WAYS}; the secret itself must not stand in a command line")


def _of_file(name: str, path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            octets = file.read(MOST_OCTETS + 1)
    except OSError as error:
        raise UsageError(f"--secret {name}: {path} cannot be read: {error.strerror}") from None
    return _decoded(octets, name)


def _of_command(name: str, text: str) -> str:
    """What the command prints; it is run without a shell."""
    try:
        arguments = shlex.split(text)
        ended = subprocess.run(  # noqa: S603 - the user's own command, as the user wrote it
            arguments, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=COMMAND_SECONDS
        )
    except (OSError, ValueError) as error:
        raise UsageError(f"--secret {name}: its command cannot be run: {error}") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"--secret {name}: its command did not end in {COMMAND_SECONDS:g} s") from None
    if ended.returncode:
        raise UsageError(f"--secret {name}: its command ended with {ended.returncode}")
    return _decoded(ended.stdout, name)


def _decoded(octets: bytes, name: str) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise UsageError(f"the secret {name} is no text in UTF-8") from None


def _fit(text: str, name: str) -> str:
    secret = text.removesuffix("\n").removesuffix("\r")
    if not secret or len(secret.encode("utf-8", "surrogateescape")) > MOST_OCTETS:
        raise UsageError(f"the secret {name} is {'too long' if secret else 'empty'}")
    if any(sign < " " or sign == "\x7f" for sign in secret):
        raise UsageError(f"the secret {name} has a line break or another control character in it")
    return secret


def refuse_spoken(secrets: Mapping[str, str], variables: Mapping[str, tuple[str, ...]]) -> None:
    """See that no variable holds a secret, for variables stand in transcripts and cases.

    Raises:
        UsageError: one does.
    """
    for name, secret in secrets.items():
        for variable, values in variables.items():
            if len(secret) >= SHORTEST and any(secret in value for value in values):
                raise UsageError(
                    f"the variable {variable} holds the secret {name}, and what is set stands in transcripts: leave it "
                    f"out, and let the script say {{secret:{name}}}"
                )
