"""A version of TLS at a mail host, what came of trying it, and which cipher suites the host takes in it."""

from __future__ import annotations

import enum

from deliverkit.classes import Frozen
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import ALERT, ANOTHER_VERSION, BROKEN_OFF, HelloAnswer
from deliverkit.standards.tls.suites import suites_for


class Spoken(enum.StrEnum):
    """What came of trying a version of TLS, as a word."""

    SPOKEN = "spoken"
    REFUSED = "refused"  # in TLS, as RFC 8446 §4.2.1 wants it: by an alert, or by an answer in another version
    CLOSED = "closed without an alert"
    CANNOT_TELL = "cannot tell"  # nothing came in the time, it did not come to a hello, or the answer makes no sense


class Order(enum.StrEnum):
    """By whose order of the suites a host chooses, as a word."""

    OWN = "the host's"
    CLIENT = "the client's"
    UNKNOWN = "not known"  # there is one suite alone, it was not asked, or the answer fits neither


def outcome_of(answer: HelloAnswer | None) -> Spoken:
    """What an answer to a hello comes to; None: it was not said."""
    if answer is None:
        return Spoken.CANNOT_TELL
    failure = answer.failure
    if not failure:
        return Spoken.SPOKEN
    if failure.startswith((ALERT, ANOTHER_VERSION)):
        return Spoken.REFUSED
    return Spoken.CLOSED if failure.endswith(BROKEN_OFF) else Spoken.CANNOT_TELL


class TlsVersion(Frozen):
    """A version of TLS at a host, by the conversation in which a hello offered all its suites.

    ``further``: one after the other, what that had taken is left out, until the host takes nothing more.
    ``turned``: what was taken is offered once more, the last first.
    """

    version: str
    conversation: Conversation
    further: tuple[Conversation, ...] = ()
    turned: Conversation | None = None

    @property
    def held(self) -> tuple[Conversation, ...]:
        """All conversations that it took."""
        return (self.conversation, *self.further, *((self.turned,) if self.turned else ()))

    @property
    def spoken(self) -> Spoken:
        """What came of trying it."""
        return outcome_of(self.conversation.transcript.hello)

    @property
    def is_spoken(self) -> bool | None:
        """Whether the host speaks it; None where that is not known.

        A host that closes where it should send an alert does not: it shook hands in another version just before, and
        servers that refuse old versions so are common.
        """
        return {Spoken.SPOKEN: True, Spoken.CANNOT_TELL: None}.get(self.spoken, False)

    @property
    def suites(self) -> tuple[int, ...]:
        """The suites that the host took, by number, the one that it likes best first."""
        answers = (one.transcript.hello for one in (self.conversation, *self.further))
        return tuple(one.suite for one in answers if one and not one.failure)

    @property
    def is_whole(self) -> bool:
        """Whether these are all that it takes: it does not take the rest, or there is no rest."""
        return self._last in {Spoken.REFUSED, Spoken.CLOSED} or len(self.suites) == len(suites_for(self.version))

    @property
    def has_more(self) -> bool:
        """Whether the host took one of what it was offered last, so that it may take another."""
        return self._last is Spoken.SPOKEN

    @property
    def _last(self) -> Spoken:
        return outcome_of((self.conversation, *self.further)[-1].transcript.hello)

    @property
    def order(self) -> Order:
        """By whose order it chooses: offered the other way round, it takes the same one, or that which is first."""
        turned, taken = self.turned.transcript.hello if self.turned else None, self.suites
        if turned is None or turned.failure:
            return Order.UNKNOWN
        return {taken[0]: Order.OWN, taken[-1]: Order.CLIENT}.get(turned.suite, Order.UNKNOWN)
