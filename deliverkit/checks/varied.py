"""What tells several conversations at one address apart: the variable of ``for each``, and its value in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.smtp.wording import bounded
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import Call

_OCTETS = {r"\r": "<CR>", r"\n": "<LF>", r"\0": "<NUL>", r"\t": "<HT>"}  # as RFC 5321 §2.3.8 writes them


def varied(held: Sequence[Conversation]) -> tuple[str, Sequence[str]]:
    """The variable and its value in each conversation, for people; without name: each address is spoken to once."""
    nothing = "", [""] * len(held)
    if len({one.host.endpoint for one in held}) == len(held):
        return nothing
    for lines in zip(*(one.transcript.call.script.splitlines() for one in held), strict=False):
        name, _, _ = lines[0].partition(" = ")
        if len({*lines}) > 1 and name.startswith("set ") and all(line.startswith(f"{name} = ") for line in lines):
            return name.removeprefix("set "), [readable(line.removeprefix(f"{name} = ")) for line in lines]
    return nothing


def readable(value: str) -> str:
    r"""``<LF>.<LF>`` for ``"\n.\n"``: what is in quotes without them, and the ends of lines by their names."""
    if len(value) < 2 or not value.startswith('"') or not value.endswith('"'):
        return bounded(value)
    inner = value[1:-1]
    if inner.replace("\\\\", "").count("\\") != sum(inner.count(escaped) for escaped in _OCTETS):
        return bounded(value)  # other escapes stay as the script has them
    for escaped, name in _OCTETS.items():
        inner = inner.replace(escaped, name)
    return bounded(inner or value)


def values_of(held: Sequence[Conversation]) -> Mapping[Call, str]:
    """The value of each conversation; nothing where each address is spoken to once."""
    name, values = varied(held)
    return {one.transcript.call: value for one, value in zip(held, values, strict=True)} if name else {}
