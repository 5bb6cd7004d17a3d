"""Reading the targets that a command is given: from its arguments, or from standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Self

from deliverkit.errors import UsageError
from deliverkit.render.text import escape
from deliverkit.report import Target

DOMAINS = "no domain is given: name one or more"
MAIL_HOSTS = (
    "no target is given: name a domain, an e-mail address, a host as mail.example.org:25, an IP address, unix:/path"
)


def read_targets(
    texts: Sequence[str], parse: Callable[[str], Target], *, missing: str = DOMAINS
) -> tuple[list[Target], list[str]]:
    """The targets that the arguments name, ``-`` being standard input, and what is wrong with the others.

    ``missing``: what is said where there is none.

    Raises:
        UsageError: nothing is named at all.
    """
    targets: dict[object, Target] = {}
    complaints = []
    for place, text in _texts(texts):
        try:
            target = parse(text)
        except UsageError as error:
            complaints.append(f"{place}{escape(str(error))}")
        else:
            targets.setdefault(target.identity, target)
    if not targets and not complaints:
        raise UsageError(f"{missing}, or - to read them from standard input")
    return list(targets.values()), complaints


def _texts(domains: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each text that should name a domain, and where it stands where that helps."""
    for text in read_stdin(domains):
        yield getattr(text, "place", ""), text


class FromStdin(str):
    """A text that stands in standard input; ``place`` says where, for whoever complains of it."""

    __slots__ = ("place",)

    def __new__(cls, text: str, number: int) -> Self:
        """The text of that line."""
        found = super().__new__(cls, text)
        found.place = f"standard input, line {number}: "
        return found

    place: str


def read_stdin(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts, in place of ``-`` each line of standard input; this alone where nobody types and none is given."""
    found: list[str] = []
    for text in texts or ([] if sys.stdin is None or sys.stdin.isatty() else ["-"]):
        if text != "-":
            found.append(text)
            continue
        entries = ((number, line.partition("#")[0].strip()) for number, line in enumerate(_stdin_lines(), 1))
        found += [FromStdin(entry, number) for number, entry in entries if entry]
    return tuple(found)


def _stdin_lines() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").removeprefix("\ufeff")
