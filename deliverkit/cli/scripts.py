"""The script that a conversation is held by: one that ships, or a file; whole, or cut short."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from deliverkit.cli.files import read_text
from deliverkit.cli.saying import Said
from deliverkit.errors import ScriptError, ScriptFault, UsageError
from deliverkit.facts.conversing import GREET
from deliverkit.script import Script, format_script, load, parse_script, shipped

LMTP = "lmtp"
MOST_FAULTS = 10  # of a script that are told


class Read(NamedTuple):
    """A script by its name; ``text``: empty for one that ships and is held as it is; ``whole``: before it was cut."""

    name: str
    text: str
    script: Script
    whole: Script


def read_script(said: Said) -> Read:
    """The script that is to be held.

    Raises:
        UsageError: there is none of that name and no such file, or it cannot be read; says where.
    """
    if said.lmtp and said.script not in {None, LMTP}:
        raise UsageError(f"--lmtp is the script {LMTP}: leave --script out")
    name = said.script or (LMTP if said.lmtp else GREET)
    text, whole = _script_of(name)
    script = whole
    if said.quit_after and said.drop_after:
        raise UsageError("--quit-after and --drop-after exclude each other: give one of them")
    if said.quit_after or said.drop_after:
        from deliverkit.script.cutting import drop_after, quit_after

        script = quit_after(script, said.quit_after) if said.quit_after else drop_after(script, said.drop_after or "")
        text = format_script(script)
    return Read(name, text, script, whole)


def _script_of(name: str) -> tuple[str, Script]:
    if name in shipped():
        return "", load(name).script
    if not os.path.lexists(name) and name != "-":
        raise UsageError(f"there is no script {name!r} and no such file: the scripts are {', '.join(shipped())}")
    text = read_text(name)
    if "\0" in text:
        raise UsageError(f"{name} is no script: there are octets of zero in it, as in no text")
    if not text.strip():
        raise UsageError(f"the script {name} is empty")
    try:
        script = parse_script(text)
    except ScriptError as error:
        raise UsageError(_listed(name, error.faults)) from None
    from deliverkit.cli.variables import refuse_unsound  # which scripts of our own do without

    refuse_unsound(name, script)
    return text, script


def _listed(name: str, faults: Sequence[ScriptFault]) -> str:
    """The first faults, a line for each, and how many more there are: of what is no script every line is one."""
    told = [f"{name}, {fault}" for fault in faults[:MOST_FAULTS]]
    more = len(faults) - len(told)
    return "\n".join([*told, *([f"and {more:,} more"] if more else [])])
