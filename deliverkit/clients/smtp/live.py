"""Conversations on the network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen, field, replace
from deliverkit.clients.reactor import reactor
from deliverkit.clients.smtp import EndedError, Session
from deliverkit.clients.smtp.connection import DONE, Settings
from deliverkit.clients.smtp.provisions import CutOffError, Held, Provisions
from deliverkit.clients.smtp.session import SmtpSession
from deliverkit.observations.smtp import Call, End, Transcript
from deliverkit.standards.smtp.target import SMTP_PORT

if TYPE_CHECKING:
    from deliverkit.script.syntax import Script

Drive = Callable[[Call], Callable[[Session], Awaitable[Held]]]
"""What makes ready for a call, and then holds the conversation over a session that is connected.

What the host says is timed as it is read, so nothing is to be made ready between the two.
"""

_NOTHING_HELD = Held(End.CLOSED, "", ())


def by_script(provisions: Provisions) -> Drive:
    """Conversations as the call's script says, with these secrets, messages and patience."""
    from deliverkit.clients.smtp.conversing import converse  # which is wanted only where somebody is talked to

    def drive(call: Call) -> Callable[[Session], Awaitable[Held]]:
        script = _script(call.script, provisions.most)
        return lambda session: converse(script, session, provisions)

    return drive


@lru_cache(maxsize=64)
def _script(text: str, most: float) -> Script:
    """The script that the text is, as it is held: many hosts hear the same. ``most``: seconds for a reply, or 0."""
    from deliverkit.script.parsing import parse_script
    from deliverkit.script.settling import hasten, settle

    script = settle(parse_script(text))
    return hasten(script, most) if most else script


class Conversations(Frozen):
    """A converser on the network. ``reached``: the versions of IP over which a host's port 25 took a connection."""

    settings: Settings
    drive: Drive
    reached: set[int] = field(default_factory=set)

    async def converse(self, call: Call) -> Transcript:
        """Connect, let the script drive, and close, however it went; nothing is left open."""
        session = SmtpSession(self.settings.server_name or call.host, self.settings, reactor())
        held = _NOTHING_HELD
        try:
            hold = self.drive(call)
            await session.connect(call.address, call.port)
            if call.port == SMTP_PORT:
                self.reached.add(6 if ":" in call.address else 4)
            held = await hold(session)
        except EndedError:
            pass  # the session knows how it ended
        except BaseException as stop:
            session.close()
            cut = stop.__cause__
            if isinstance(cut, CutOffError):
                cut.transcript = replace(_transcript(call, session, cut.held), end=End.INTERRUPTED, detail="")
            raise
        finally:
            session.close()
        return _transcript(call, session, held)


def _transcript(call: Call, session: SmtpSession, held: Held) -> Transcript:
    ended = session.ended or DONE
    entries = held.conceal(session.notes.entries)
    return Transcript(
        call, entries, ended.end, ended.detail, session.handshake, held.unmet, session.hello, session.is_sending
    )
