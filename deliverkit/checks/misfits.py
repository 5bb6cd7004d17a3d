"""What a script wants that no host says, so that the script is at fault, whatever the host does."""

from __future__ import annotations

from deliverkit.checks.smtp.wording import step
from deliverkit.errors import ScriptError
from deliverkit.observations.smtp import Unmet
from deliverkit.script import parse_script
from deliverkit.script.syntax import Expect, codes_like
from deliverkit.standards.smtp.dialogue import Exchange
from deliverkit.standards.smtp.sequences import GOOD


def expectation_of(wanted: str) -> Expect | None:
    """What was wanted, read again; None: it is no reply that was."""
    try:
        statements = parse_script(f"< {wanted}").statements
    except ScriptError:
        return None
    return statements[0] if len(statements) == 1 and isinstance(statements[0], Expect) else None


def misfit_in(unmet: Unmet, reply: Exchange | None) -> str:
    """``a host answers DATA with 354``, where it does and another code is wanted; empty: the host may be at fault.

    Who wants to be refused may be right to: whatever a host says to it is what the script is to find out.
    """
    expected = expectation_of(unmet.wanted)
    if reply is None or expected is None or reply.is_early:
        return ""
    good, wanted = GOOD.get(reply.verb, frozenset()), codes_like(expected.codes)
    if reply.reply.code not in good or wanted & good or any(code >= 400 for code in wanted):
        return ""
    return f"a host answers {step(reply)} with {reply.reply.code}"
