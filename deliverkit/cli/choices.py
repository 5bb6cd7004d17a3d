"""What the options of a conversation set, and what of them is no value for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.cli.saying import Said
from deliverkit.errors import UsageError
from deliverkit.facts.conversing import TLS_CHOICES
from deliverkit.regexes import regex
from deliverkit.script import Needs

_QUOTED = regex(r'"(?:[^"\\]|\\.)*"')
Variables = dict[str, tuple[str, ...]]


def choices(said: Said, needs: Needs) -> Iterator[tuple[str, Variables]]:
    """What each option that was given sets; what is always so in the script is not set.

    Raises:
        UsageError: what was given is no value for the option.
    """
    single = {"--user": ("user", said.user), "--auth": ("mechanism", said.auth and said.auth.upper())}
    for option, (name, value) in single.items():
        if value is not None:
            yield option, {name: (value,)}
    if said.mail_from is not None:
        yield "--from", {"from": (_sender(said.mail_from),)}
    if said.recipients:
        yield "--to", {"rcpt": tuple(map(_recipient, said.recipients))}
    always_tls = "no_tls" in needs.known and "require_tls" not in needs.known
    if said.tls and not (said.tls == "starttls" and always_tls):
        yield f"--tls {said.tls}", {TLS_CHOICES[said.tls]: ("yes",)}
    if said.in_clear:
        yield "--in-clear", {"in_clear": ("yes",)}
    yield from _extensions(said)


def _sender(text: str) -> str:
    if text == "<>":
        return ""
    if not text:
        raise UsageError("--from '': give an address; the null sender is '<>'")
    is_enclosed = text.startswith("<") and text.endswith(">")
    return _one_address("--from", text[1:-1] if is_enclosed else text)


def _recipient(text: str) -> str:
    return text if text.lower() == "postmaster" else _one_address("--to", text)  # RFC 5321 §4.5.1


def _one_address(option: str, text: str) -> str:
    """The text, which holds one address and nothing beside it; whether a host takes it the host says."""
    bare = _QUOTED.sub("q", text) if '"' in text else text
    if any(one.isspace() or one in "<>,;" for one in bare):
        again = ", and repeat --to for another" if option == "--to" else ""
        raise UsageError(f"{option} {text!r}: give one address, without a name, brackets or commas{again}")
    local, _, domain = bare.partition("@")
    if not (local and domain) or "@" in domain:
        anyway = f"--set {'from' if option == '--from' else 'rcpt'}=… sends what is none"
        raise UsageError(f"{option} {text!r}: give an address, such as ada@example.com; {anyway}")
    return text


def _extensions(said: Said) -> Iterator[tuple[str, Variables]]:
    if said.pipelining:
        yield "--pipelining", {"pipelining": ("yes",)}
    if said.mail_parameters:
        yield "--mail-parameter", {"mail_parameters": _parameters("--mail-parameter", said.mail_parameters)}
    if said.rcpt_parameters:
        yield "--rcpt-parameter", {"rcpt_parameters": _parameters("--rcpt-parameter", said.rcpt_parameters)}
    if said.dsn:
        yield "--dsn", {"dsn": (_notify(said.dsn),)}


def _parameters(option: str, texts: Iterable[str]) -> tuple[str]:
    """What follows an address, in one line (RFC 5321 §4.1.2: no control characters)."""
    for text in texts:
        if not text or any(one < " " or one == "\x7f" for one in text):
            raise UsageError(f"{option} {text!r}: write KEYWORD or KEYWORD=VALUE, on one line")
    return ("".join(f" {one}" for one in texts),)


def _notify(text: str) -> str:
    """When a report is asked for (RFC 3461 §4.1)."""
    words = text.upper().split(",")
    if words != ["NEVER"] and not {*words} <= {"SUCCESS", "FAILURE", "DELAY"}:
        raise UsageError(f"--dsn {text!r}: write never, or one or more of success,failure,delay")
    return ",".join(words)
