"""The variables of a conversation as they are given, and what of them no script can use."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from typing import Never

from deliverkit.cli.choices import Variables
from deliverkit.cli.files import read_text
from deliverkit.clients.smtp.authentication import MECHANISMS, Credentials
from deliverkit.errors import UsageError
from deliverkit.script import Script, fill, load, shipped
from deliverkit.script.judging import speaks_tls
from deliverkit.script.settling import settle
from deliverkit.script.soundness import broken_lines, place_of, signings_in, single_variables, unasked_message
from deliverkit.script.syntax import OFFERED
from deliverkit.standards.smtp.target import SmtpTarget, parse_smtp_target

_OPTIONS = {
    "from": "--from ADDRESS",
    "rcpt": "--to ADDRESS",
    "helo": "--helo NAME",
    "message": "--message FILE",
    "user": "--user NAME",
    "mechanism": "--auth MECHANISM",
}


def parse_variables(settings: Iterable[str]) -> Variables:
    """Variables out of ``name=value`` (several values: repeat it), ``name=@file`` and ``name=$VARIABLE``.

    Raises:
        UsageError: a setting is none of these, or it looks like a secret: these are given otherwise.
    """
    found: Variables = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError("--set wants NAME=VALUE, NAME=@FILE or NAME=$VARIABLE")
        _refuse_secret(name, value)
        found[name] = (*found.get(name, ()), _value(value))
    return found


def _refuse_secret(name: str, value: str) -> None:
    from deliverkit.cli.given_secrets import looks_secret

    if looks_secret(name) or (value.startswith("$") and not value.startswith("$$") and looks_secret(value)):
        raise UsageError(
            f"--set {name}=…: what is set stands in transcripts, cases and logs. If it is a secret, give it with "
            f"--secret {name}=env:VARIABLE and let the script say {{secret:{name}}}; if not, name it otherwise"
        )


def _value(text: str) -> str:
    if text.startswith(("@@", "$$")):  # the sign itself
        return text[1:]
    if text.startswith("@"):
        return read_text(text[1:]).rstrip("\r\n")
    if text.startswith("$"):
        if text[1:] not in os.environ:
            raise UsageError(f"--set: there is no environment variable {text[1:]}; $$ stands for the sign $ itself")
        return os.environ[text[1:]]
    return text


def refuse_unfit(script: Script, name: str, variables: Variables, options: Mapping[str, str]) -> None:
    """Refuse values that end a line of the script, and several where it uses one.

    Raises:
        UsageError: says which, where they stand, and how they were given.
    """
    settled = held(script, variables)
    for line, one in chain.from_iterable(map(broken_lines, settled)):
        raise UsageError(
            f"{_given(one, options)} has a line break in it, and line {line} of the script {name} sends {{{one}}} "
            'in one line: only >! "…" sends what breaks it'
        )
    user = variables.get("user", ("",))[0]
    if any(map(signings_in, settled)) and not Credentials(user, "").is_fit:
        raise UsageError(f"{_given('user', options)} has a control character in it, and no mechanism can send one")
    for one in sorted(single_variables(script)):
        values = variables.get(one, ())
        if len(values) > 1:
            raise UsageError(
                f"{_given(one, options)} has {len(values)} values, and line {place_of(script, one)} of the script "
                f"{name} uses one: give one, or choose a script that goes through them (for each {one})"
            )


def held(script: Script, variables: Variables) -> tuple[Script, ...]:
    """The script as it is held with a host, in each of its conversations, without what the variables rule out."""
    return tuple(map(settle, fill(script, {"mx": ("host",), **variables})))


def refuse_without_tls(script: Script, name: str, variables: Variables) -> None:
    """Refuse options of TLS for a script that speaks none.

    Raises:
        UsageError: it does not.
    """
    if not any(map(speaks_tls, held(script, variables))):
        raise UsageError(
            f"the script {name} speaks no TLS as it is held: leave --sni, --ca and --client-cert out, or TLS in"
        )


def refuse_unknown_mechanism(settled: Iterable[Script], name: str, variables: Variables) -> None:
    """Refuse a way to sign in that nobody here knows.

    Raises:
        UsageError: the script has one; says which, where, and which there are.
    """
    for one in chain.from_iterable(map(signings_in, settled)):
        parts = [part if isinstance(part, str) else variables.get(part.name, ("",))[0] for part in one.mechanism.parts]
        mechanism = "".join(parts)
        if mechanism and mechanism not in {*MECHANISMS, OFFERED}:
            raise UsageError(
                f"line {one.line} of the script {name} signs in by {mechanism}, which is none of the mechanisms "
                f"{', '.join(MECHANISMS)}"
            )


def _given(variable: str, options: Mapping[str, str]) -> str:
    return options.get(variable, f"--set {variable}")


def refuse_unsound(name: str, script: Script) -> None:
    """Refuse a script that cannot go well whatever a host says.

    Raises:
        UsageError: says where, and what to write.
    """
    line = unasked_message(script)
    if line:
        raise UsageError(
            f"{name}, line {line}: a message is sent here, and nothing before it asks the host for one: write > DATA "
            "and < 354 before it, or send it with bdat"
        )


def refuse_missing(missing: Iterable[str], name: str, script: Script, targets: Iterable[str]) -> Never:
    """Say what the script needs beside what was given, what it is, and how to give it.

    Raises:
        UsageError: in any case.
    """
    wanted = sorted(missing)
    ways = (_OPTIONS.get(one, f"--set {one}=VALUE") for one in wanted)
    named = " and ".join(f"{one}{_what_it_is(one, name, script)}" for one in wanted)
    raise UsageError(f"the script {name} {_whom(script, targets)}needs {named}: give {' and '.join(ways)}")


def _what_it_is(variable: str, name: str, script: Script) -> str:
    """What a shipped script's page says of the variable, or the line of another that asks for it."""
    if variable in _OPTIONS:
        return ""
    if name not in shipped():
        return f" (line {place_of(script, variable)})"
    needed = " ".join(line.strip() for line in load(name).page).partition("Needs: ")[2]
    _, is_told, rest = needed.partition(f"{variable} (")
    return f" ({rest.partition(')')[0]})" if is_told else ""


def _whom(script: Script, targets: Iterable[str]) -> str:
    """Whom the script is for, where that can be said now: what it wants beside is then not given in vain."""
    from deliverkit.probes.strangers import whom_it_is_for

    clause = whom_it_is_for(script, _readable(targets))
    return f"{clause}; it also " if clause else ""


def _readable(targets: Iterable[str]) -> Iterator[SmtpTarget]:
    for text in targets:
        with suppress(UsageError):  # which is told where the targets are read
            yield parse_smtp_target(text)
