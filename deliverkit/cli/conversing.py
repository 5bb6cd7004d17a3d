"""The options of a conversation, and what they come to: the script, its variables, the messages that it sends."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from deliverkit.cli.files import read_octets, read_text
from deliverkit.clients.own_name import own_name
from deliverkit.clients.smtp.provisions import NOTHING, Provisions
from deliverkit.errors import ScriptError, UsageError
from deliverkit.facts.smtp import Conversing
from deliverkit.script import find_needs, load, parse_script, shipped
from deliverkit.script.syntax import Script

LAB_NAME = "probe.example"  # how the lab is greeted: a world has no name of this machine's
_OPTIONS = {"from": "--from ADDRESS", "rcpt": "--to ADDRESS", "helo": "--helo NAME", "message": "--message FILE"}
Variables = dict[str, tuple[str, ...]]


def read_script(name: str) -> tuple[str, Script]:
    """The script of that name, shipped or in a file, and its text; the text is empty for one that ships.

    Raises:
        UsageError: there is neither, or it cannot be read; says where.
    """
    if name in shipped():
        return "", load(name).script
    if not os.path.lexists(name) and name != "-":
        raise UsageError(f"there is no script {name!r} and no such file: the scripts are {', '.join(shipped())}")
    text = read_text(name)
    try:
        return text, parse_script(text)
    except ScriptError as error:
        raise UsageError("\n".join(f"{name}, {fault}" for fault in error.faults)) from None


def parse_variables(settings: Iterable[str]) -> Variables:
    """Variables out of ``name=value`` (several values: repeat it), ``name=@file`` and ``name=$VARIABLE``.

    Raises:
        UsageError: a setting is none of these.
    """
    found: Variables = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"--set {setting!r}: write NAME=VALUE, NAME=@FILE or NAME=$VARIABLE")
        found[name] = (*found.get(name, ()), _value(value))
    return found


def _value(text: str) -> str:
    if text.startswith("@"):
        return read_text(text[1:]).rstrip("\r\n")
    if text.startswith("$"):
        if text[1:] not in os.environ:
            raise UsageError(f"--set: there is no environment variable {text[1:]}")
        return os.environ[text[1:]]
    return text


def conversing_of(
    name: str, given: Mapping[str, tuple[str, ...]], *, port: int, lab: bool, recipient: bool
) -> tuple[Conversing, Script]:
    """What is to be said. ``recipient``: the target brings one.

    Raises:
        UsageError: the script needs what nobody gave.
    """
    text, script = read_script(name)
    needs = find_needs(script)
    variables = {**_usual(needs.variables, lab=lab), **{key: values for key, values in given.items() if values}}
    missing = sorted(needs.variables - variables.keys() - {"mx", "domain", "rcpt" if recipient else ""})
    if missing:
        ways = (_OPTIONS.get(one, f"--set {one}=VALUE") for one in missing)
        raise UsageError(f"the script {name} needs {' and '.join(missing)}: give {' and '.join(ways)}")
    return Conversing(name, text, port, tuple(sorted(variables.items()))), script


def _usual(needed: Iterable[str], *, lab: bool) -> Variables:
    """The variables that have a value without being given; those alone that the script uses."""
    host = LAB_NAME if lab else own_name()
    usual = {
        "helo": (host,),
        "date": (format_datetime(datetime.now(UTC)),),
        "message_id": (f"{secrets.token_hex(12)}@{host.strip('[]')}",),
    }
    return {name: values for name, values in usual.items() if name in set(needed)}


def provisions_of(messages: Iterable[str], patience: float) -> Provisions:
    """What the conversation may use: the files, by the names that the script gives them.

    Raises:
        UsageError: a file cannot be read.
    """
    return Provisions(NOTHING.secrets, {name: read_octets(name) for name in messages}, patience)
