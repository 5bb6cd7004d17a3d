"""What an expectation that was not met says: about the host, the script or what was asked, and what mends it."""

from __future__ import annotations

from deliverkit.checks.in_place import came
from deliverkit.checks.misfits import misfit_in
from deliverkit.checks.offers import SIGNING_IN, Lack, lack_behind
from deliverkit.checks.refusals import advised_fix, rules_behind
from deliverkit.checks.smtp.cut_off import (
    IN_THE_CLEAR,
    broken_off,
    cutting_off,
    is_cut_off_at,
    is_left_at,
    what_to_do,
)
from deliverkit.checks.smtp.speaks_out_of_turn import MENDING
from deliverkit.checks.smtp.weighing import weight_of
from deliverkit.checks.smtp.wording import bounded, command_unnamed, for_now, saying_no, step
from deliverkit.checks.trials import trial_of
from deliverkit.checks.wording import count
from deliverkit.checks.wrong_door import wrong_door
from deliverkit.classes import Frozen
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Fix, Reference, Severity
from deliverkit.observations.smtp import IN_TURN, TRUSTED, Unmet
from deliverkit.script import shipped
from deliverkit.standards.smtp.dialogue import Exchange

_PLAIN = "leave --tls implicit, or tls in the script, out: TLS comes first at port 465 alone (RFC 8314 §3.3)"
_UNTRUSTED = (
    "give the host a certificate for its name by an authority that is trusted here; on a host of your own "
    "--in-clear sends the password all the same"
)
_TALKING_ON = "says a reply that nothing had asked for, so that nothing more is sent to it"
_STAYING = "have the host answer QUIT with 221 (RFC 5321 §4.1.1.10); no mail is lost by it"


class Fault(Frozen):
    """What is told of all hosts that are mended alike.

    ``wants``: the line and what it wants, where that is shown; ``is_own``: the script is the user's own.
    """

    does: str
    fix: Fix | None
    wants: str
    is_own: bool
    at_most: Severity
    references: tuple[Reference, ...] = ()


def fault_of(
    found: Conversations, one: Conversation, unmet: Unmet, reply: Exchange | None
) -> tuple[Fault, tuple[Conversation, str]]:
    """The fault, and with whom it is: the conversation, and what the host said in it."""
    lack = None if one.greets_in_the_clear else lack_behind(one, unmet, reply)
    refusal = reply if reply and reply.reply.severity > 3 and lack is None else None
    name, is_own = found.conversing.name, found.conversing.name not in shipped()
    known = _known(found, one, unmet, lack) or _out_of_step(one, unmet, refusal, name)
    does, fix, is_known = known or (*_told(name, one, unmet, reply), False)
    wants = "" if lack or unmet.wanted == IN_TURN else _wants(unmet, name)
    rules = rules_behind(one, refusal) if refusal and not is_known else ()
    fault = Fault(does, fix, wants, is_own, weight_of(found, one, unmet, reply), rules)
    return fault, (one, lack.shows if lack else _got(one, unmet, refusal))


def _wants(unmet: Unmet, script: str) -> str:
    """What was wanted and where: in a script that ships, without the time that it gives a host."""
    if script not in shipped():
        return f"line {unmet.line} wants {unmet.wanted}"
    wanted = unmet.wanted.rpartition(" within ")[0] or unmet.wanted
    return f"wanted {wanted} (line {unmet.line} of {script})"


def _known(
    found: Conversations, one: Conversation, unmet: Unmet, lack: Lack | None
) -> tuple[str, Fix | None, bool] | None:
    """What is told of it, and what mends it, where neither the reply nor the line says it as well."""
    name, trial = found.conversing.name, trial_of(found.conversing, one, unmet)
    if one.greets_in_the_clear:
        return IN_THE_CLEAR, Fix(_PLAIN), True
    if trial:
        return trial.does, Fix(trial.fix) if trial.fix else None, True
    if is_cut_off_at(one, unmet):
        return cutting_off(one), Fix(what_to_do(one, _slow(unmet, name))), True
    if lack:
        return _lacking(lack, unmet, name), Fix(_offering(lack, unmet, name)), True
    if is_left_at(one, unmet):
        return cutting_off(one), Fix(_STAYING), True
    return None


def _out_of_step(
    one: Conversation, unmet: Unmet, refusal: Exchange | None, script: str
) -> tuple[str, Fix | None, bool] | None:
    """The same of a reply that nothing asked for, of who is spoken to amiss, and of TLS that is broken off."""
    if unmet.wanted == IN_TURN:
        return _TALKING_ON, Fix(MENDING), True
    elsewhere = wrong_door(one, refusal, script) if refusal else None
    if elsewhere:
        return elsewhere.does, Fix(elsewhere.instead), True
    broken = broken_off(one, unmet)
    return (broken, None, True) if broken else None


def _slow(unmet: Unmet, script: str) -> str:
    """How a script of one's own gives a host more time, where it is the one to give it; empty: it is not."""
    is_own = script not in shipped() and "within" in unmet.wanted
    return f"with more time in line {unmet.line} (within 5m), and in --patience where that is given" if is_own else ""


def _lacking(lack: Lack, unmet: Unmet, script: str) -> str:
    if lack.without:
        return lack.does
    line = "" if script in shipped() else f"line {unmet.line} of "
    return f"{lack.does}, which {line}the script {script} wants"


def _offering(lack: Lack, unmet: Unmet, script: str) -> str:
    """What is done without it, or how it is offered."""
    if lack.without:
        more = ", and mail travels in the clear; or switch it on at the host" if "--tls" in lack.without else ""
        return f"{lack.without}{more}"
    change = "" if script in shipped() else f"; or, where it is right, {_change(unmet.line, script)}"
    if lack.extension.keyword == "AUTH":
        return f"{SIGNING_IN}{change}"
    return f"have the host offer it{change}"


def _told(script: str, one: Conversation, unmet: Unmet, reply: Exchange | None) -> tuple[str, Fix]:
    """What is told of a reply that came otherwise; a refusal is mended, else the host or the script is wrong."""
    if reply is not None and reply.reply.severity > 3:
        fix = Fix(_STAYING) if reply.verb == "QUIT" else advised_fix(one, reply)
        return _refusing(one, reply), fix
    if unmet.wanted.startswith(TRUSTED):
        return _unexpected(script), Fix(_UNTRUSTED)
    misfit, change = misfit_in(unmet, reply), _change(unmet.line, script)
    if misfit:
        return f"is not at fault: {misfit}, and the script {script} wants something else", Fix(change)
    if unmet.is_of_the_script:
        return f"is not at fault: the script {script} itself cannot go on", Fix(change)
    return _unexpected(script), Fix(f"mend the host; or, where it is right, {change}")


def _unexpected(script: str) -> str:
    return f"does not say what the script {script} expects"


def _refusing(one: Conversation, refusal: Exchange) -> str:
    """``refuses RCPT TO:<ada@good.example> with 550``; of several recipients how many are taken."""
    asked = [found.reply.severity == 2 for found in one.exchanges if found.verb == "RCPT"]
    if refusal.verb == "RCPT" and len(asked) > 1:
        return f"{saying_no(refusal)}; it takes {sum(asked) or 'none'} of {count(len(asked), 'recipient')}"
    return f"refuses {_command(refusal)}{for_now(refusal)} with {refusal.reply.code}"


def _command(refusal: Exchange) -> str:
    """The command with its address, without the parameters behind it; no other argument, which may be a secret."""
    if refusal.verb not in {"MAIL", "RCPT"}:
        return step(refusal)
    command, closing, _ = refusal.command.decode("utf-8", "backslashreplace").partition(">")
    return bounded(f"{command}{closing}")


def _got(one: Conversation, unmet: Unmet, refusal: Exchange | None) -> str:
    """What came; of one of several recipients, whom the reply does not name, with what it answers."""
    command = command_unnamed(one, refusal) if refusal else ""
    return f"{bounded(unmet.got).strip()} (to {command})" if command else came(unmet)


def _change(line: int, script: str) -> str:
    """How the line is changed, of a shipped script in a copy."""
    if script not in shipped():
        return f"change line {line} of the script {script}"
    copying = f"deliverkit smtp --script {script} --show-script > my.smtp"
    return f"change line {line} in a copy of the script: {copying}, then --script my.smtp"
