"""The options of a conversation, and what they come to: the script, its variables, what it may use."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from deliverkit.classes import Frozen, replace
from deliverkit.cli.choices import Variables, choices
from deliverkit.cli.files import read_octets
from deliverkit.cli.saying import Said
from deliverkit.cli.scripts import LMTP, Read, read_script
from deliverkit.cli.securing import securing
from deliverkit.clients.smtp.provisions import NOTHING, USUAL_PATIENCE, KnownSecrets, Provisions
from deliverkit.errors import UsageError
from deliverkit.facts.conversing import MADE_UP, Conversing
from deliverkit.script import (
    Needs,
    Script,
    fill,
    find_needs,
    shipped,
)
from deliverkit.standards.date_time import format_date_time
from deliverkit.standards.smtp.target import SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT, with_first

MESSAGE = "message"  # how a script names a message that no file holds as it is sent
SUBMIT = "submit"
_PORTS = {LMTP: 24, SUBMIT: SUBMISSION_PORT}  # RFC 2033 §5 only says which one not to take
NULL_SENDER = ("",)  # of whom the text of a script makes no author (RFC 5322 §3.6.2)
NO_MESSAGE: tuple[bytes, Variables, str] = (b"", {}, "")


class Prepared(Frozen):
    """A conversation that is ready to be held, and what is to be said before of the message that it sends."""

    conversing: Conversing
    provisions: Provisions
    note: str = ""


def port_of(said: Said) -> int:
    """The port of hosts that are named without one."""
    if said.port:
        return said.port
    return (
        SUBMISSIONS_PORT if said.tls == "implicit" else _PORTS.get(LMTP if said.lmtp else said.script or "", SMTP_PORT)
    )


def prepare(said: Said, targets: Sequence[str], *, lab: bool) -> Prepared:
    """What is to be said to the targets, and with what.

    Raises:
        UsageError: the script needs what nobody gave, or something was given for which it has no use.
    """
    read = read_script(said)
    needs = find_needs(read.script)
    whole = needs if read.whole is read.script else find_needs(read.whole)  # one cut short says less
    settings = _settings(said)
    chosen = _chosen(said, settings, whole, read.name)
    given = _given(settings, chosen)
    recipients = tuple(text.strip() for text in targets if "@" in text)
    has_recipient = bool(targets) and len(recipients) == len(targets)
    usual = _usual(said.helo, lab=lab)
    message, meaning, note = NO_MESSAGE
    if said.has_message or ("message" in whole.known and given.get("from") == NULL_SENDER):
        everybody = _everybody(recipients, given.get("rcpt", ()))
        message, meaning, note = _message(said, given, everybody, usual)
        _refuse_useless({"a message": {key: () for key in ("message", "chunked") if key in meaning}}, whole, read.name)
    variables = {**{key: usual[key] for key in usual if key in needs.variables}, **given, **meaning}
    _refuse_unsaid(said.quit_after or said.drop_after, read, variables)
    of_target = {"mx", "domain", MADE_UP, "rcpt" if has_recipient else ""}
    _refuse_missing(needs.variables - variables.keys() - of_target, read, () if lab else targets)
    _refuse_unfit(read, variables, chosen)
    if recipients and variables.get("rcpt"):
        _refuse_unaddressed(read, recipients, variables["rcpt"])
    files = {one: read_octets(one) for one in _files(read, needs, variables, settings)}
    files |= {MESSAGE: message} if message else {}
    provisions = _provisions(said, read, variables)
    is_addressed = has_recipient or bool(variables.get("rcpt"))
    secrets: dict[str, str] = {}
    if said.secrets or needs.secrets:
        secrets = _secrets(said, _used(read.script, variables) if is_addressed else needs, read.name, settings)
    conversing = Conversing(read.name, read.text, port_of(said), tuple(sorted(variables.items())))
    return Prepared(conversing, replace(provisions, secrets=KnownSecrets(secrets), messages=files), note)


def _provisions(said: Said, read: Read, variables: Variables) -> Provisions:
    """What the conversation is given beside its secrets and messages."""
    if said.source:
        from deliverkit.clients.source import check_source

        check_source(said.source)
    patience, most = said.patience or USUAL_PATIENCE, said.patience or 0.0
    given = replace(NOTHING, patience=patience, most=most, source=said.source)
    told = securing(given, sni=said.sni, ca=said.ca, client_cert=said.client_cert, client_key=said.client_key)
    if told is not given:
        from deliverkit.cli.variables import refuse_without_tls

        refuse_without_tls(read.script, read.name, variables)
    return told


def _chosen(said: Said, settings: Variables, whole: Needs, name: str) -> dict[str, Variables]:
    """What each option that was given sets; a template takes what --set gives, whatever the script knows."""
    chosen = dict(choices(said, whole))
    _refuse_twice(chosen, said, settings)
    if not said.template:
        chosen |= {f"--set {one}": {one: values} for one, values in settings.items()}
    _refuse_useless(chosen, whole, name)
    return chosen


def _given(settings: Variables, chosen: Mapping[str, Variables]) -> Variables:
    """All variables that options set."""
    given = {**settings, **{key: values for both in chosen.values() for key, values in both.items()}}
    return given | {key: tuple(map(_in_a_labels, given[key])) for key in ("from", "rcpt") if key in given}


def _settings(said: Said) -> Variables:
    if not said.settings:
        return {}
    from deliverkit.cli.variables import parse_variables  # which most conversations do without

    return parse_variables(said.settings)


def _in_a_labels(address: str) -> str:
    """The address with its domain in A-labels, which every host takes (RFC 5891 §4.4); its local part has none."""
    if address.isascii():
        return address
    from deliverkit.standards.names import to_a_label

    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain if domain.isascii() else to_a_label(domain)}"


def _refuse_missing(missing: Collection[str], read: Read, targets: Sequence[str]) -> None:
    if missing:
        from deliverkit.cli.variables import refuse_missing

        refuse_missing(missing, read.name, read.script, targets)


def _refuse_unfit(read: Read, variables: Variables, chosen: Mapping[str, Variables]) -> None:
    if all(len(values) == 1 and values[0].isprintable() for values in variables.values()):
        return
    from deliverkit.cli.variables import refuse_unfit

    refuse_unfit(read.script, read.name, variables, {"helo": "--helo", **_given_by(chosen)})


def _everybody(recipients: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    """Those that targets are, and then those that are given."""
    return with_first(recipients[0], (*recipients[1:], *given)) if recipients else given


def _refuse_unaddressed(read: Read, recipients: tuple[str, ...], given: tuple[str, ...]) -> None:
    """Refuse more recipients beside the one that a target is, where the script has one: somebody would be left out."""
    from deliverkit.script.soundness import place_of, single_variables

    everybody = (_everybody((_in_a_labels(one),), given) for one in recipients)
    if all(len(one) == 1 for one in everybody) or "rcpt" not in single_variables(read.script):
        return
    raise UsageError(
        f"the target {recipients[0]} is a recipient, too, and line {place_of(read.script, 'rcpt')} of the script "
        f"{read.name} uses one: leave --to out, or name the domain in place of the address"
    )


def _given_by(chosen: Mapping[str, Variables]) -> dict[str, str]:
    """By which option each variable was given."""
    return {one: option for option, variables in chosen.items() for one in variables}


def _refuse_twice(chosen: dict[str, Variables], said: Said, settings: Variables) -> None:
    """Refuse what is given by its option and by --set, too: one of them would be lost."""
    options = _given_by(chosen) | ({"helo": "--helo"} if said.helo else {})
    for one in settings:
        if one in options:
            raise UsageError(f"{options[one]} and --set {one}=… give the same: leave one of them out")


def _refuse_useless(chosen: dict[str, Variables], needs: Needs, name: str) -> None:
    for option, variables in chosen.items():
        if not variables.keys() <= needs.known:
            hint = f"it knows {', '.join(sorted(needs.known))}" if "--set" in option else "choose another with --script"
            raise UsageError(f"the script {name} has no use for {option}: {hint}")


def _refuse_unsaid(step: str | None, read: Read, variables: Variables) -> None:
    """Refuse a step to stop after that the script has, but not as it is held now: BDAT without --chunking."""
    if step is None:
        return
    from deliverkit.script.cutting import steps_of
    from deliverkit.script.settling import settle

    steps = steps_of(settle(fill(read.whole, {"mx": ("host",), "rcpt": ("recipient",), **variables})[0]))
    if step.upper() not in steps:
        name = f"the script {read.name}"
        raise UsageError(f"with these options {name} does not come to {step.upper()}: {', '.join(steps)}")


def _usual(helo: str | None, *, lab: bool) -> Variables:
    """The variables that have a value without being given."""
    if helo is not None and (not helo or any(map(str.isspace, helo))):
        raise UsageError(f"--helo {helo!r}: give one name, or [ADDRESS]; --set helo=… sends what is none")
    host = helo or _own_name(lab=lab)
    return {
        "helo": (host,),
        "date": (format_date_time(datetime.now(UTC)),),
        "message_id": (f"{os.urandom(12).hex()}@{host.strip('[]')}",),
    }


def _own_name(*, lab: bool) -> str:
    from deliverkit.cli.greeting import name_of

    return name_of(lab=lab)


def _message(
    said: Said, given: Variables, recipients: tuple[str, ...], usual: Variables
) -> tuple[bytes, Variables, str]:
    """The message, what it means for the conversation, and what is to be said of it."""
    from deliverkit.cli.messages import around, meaning_of, message_of

    message, remark = message_of(said, around(given, recipients, usual))
    note = f"message: {len(message):,} octets{f'; {remark}' if remark else ''}"
    return message, meaning_of(message, name=MESSAGE, chunked=said.chunking), note


def _files(read: Read, needs: Needs, variables: Variables, settings: Variables) -> frozenset[str]:
    """The files that the script sends; a variable may name one, which no option sets."""
    if not settings and read.name in shipped():
        return needs.messages
    from deliverkit.cli.variables import held, refuse_unknown_mechanism

    settled = held(read.script, variables)
    refuse_unknown_mechanism(settled, read.name, variables)
    return needs.messages.union(*(find_needs(one).messages - {MESSAGE} for one in settled))


def _used(script: Script, variables: Variables) -> Needs:
    """What the script needs in a conversation, whose host and recipient the target gives."""
    return find_needs(fill(script, {"mx": ("host",), "rcpt": ("recipient",), **variables})[0])


def _secrets(said: Said, needs: Needs, name: str, settings: Variables) -> dict[str, str]:
    """The secrets that were given; where none of those that the script takes was, they are asked for."""
    from deliverkit.cli.given_secrets import ask, fetch, parse_ways, refuse_spoken

    ways = parse_ways(said.secrets)
    if not ways.keys() <= needs.secrets:
        useless = " and ".join(sorted(ways.keys() - needs.secrets))
        wanted = f": it takes {' or '.join(sorted(needs.secrets))}" if needs.secrets else ""
        raise UsageError(f"the script {name} has no use for the secret {useless}{wanted}")
    found = {one: fetch(one, way) for one, way in ways.items()} or {one: ask(one) for one in sorted(needs.secrets)}
    refuse_spoken(found, settings)
    return found
