"""Secrets, as options name them: where each is to be had. None ever stands in an argument, a message or an output."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import click

from deliverkit.clients.secrets import fetch_secret, fit, is_way
from deliverkit.errors import UsageError
from deliverkit.regexes import regex

WAYS = "env:VARIABLE, file:PATH, command:COMMAND or prompt"
_SHORT = "env:VARIABLE (or file:PATH, or command:COMMAND)"
SILENT = 3.0  # seconds after which somebody who looks on is told what is waited for
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
    if way == "prompt":
        return ask(name)
    if not is_way(way) or way.startswith("keyring:"):  # a keyring knows secrets by their user, and this has none
        raise UsageError(f"--secret {name}=…: write {WAYS}; the secret itself must not stand in a command line")
    with _telling(f"still waiting for the secret {name} from its {way.partition(':')[0]} (Ctrl-C stops)"):
        return _told(name, partial(fetch_secret, way))


@contextmanager
def _telling(words: str) -> Iterator[None]:
    """Say it to somebody who looks on, where it takes long: a command may wait for a card, or for a network."""
    import threading

    is_seen = sys.stderr is not None and sys.stderr.isatty()
    timer = threading.Timer(SILENT, partial(click.echo, words, err=True))
    timer.daemon = True
    if is_seen:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def ask(name: str) -> str:
    """The secret, typed in unseen.

    Raises:
        UsageError: nobody is there to type it, or it is none.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(f"the secret {name} is needed, and there is no terminal to ask at: --secret {name}={_SHORT}")
    try:
        typed = click.prompt(name, hide_input=True, err=True)
    except click.Abort as stopped:
        if isinstance(stopped.__context__, EOFError):
            raise UsageError(f"the secret {name} is needed, and none was typed in") from None
        raise
    return _told(name, partial(fit, typed))


def _told(name: str, get: Callable[[], str]) -> str:
    """What ``get`` gives; what it says went wrong is said of the secret."""
    try:
        return get()
    except UsageError as error:
        raise UsageError(f"--secret {name}: {error}") from None


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
