"""What was seen of an SMTP conversation: every octet in order, raw and timed, and how it ended.

A secret never stands in a transcript: where one was sent, its token stands in its place.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Protocol

from deliverkit.classes import Frozen
from deliverkit.tuples import NamedTuple


class Kind(enum.StrEnum):
    """What happened, as a word."""

    CONNECTED = "CONNECTED"
    SENT = "SENT"  # a line, or a block of a message, as it went out
    RECEIVED = "RECEIVED"  # one line with its end, or what came of it before the conversation ended
    SECURED = "SECURED"  # a TLS handshake was done
    OFFERED = "OFFERED"  # a hello of TLS alone: as the script says it, noted when its answer was there
    CLOSED = "CLOSED"  # this side closed, or dropped the connection


class End(enum.StrEnum):
    """How a conversation ended, as a word."""

    CLOSED = "CLOSED"  # this side was done
    HUNG_UP = "HUNG_UP"  # the host closed in the middle
    RESET = "RESET"  # the connection was reset
    SILENT = "SILENT"  # the host took the connection and then said nothing within the time
    STUCK = "STUCK"  # the host stopped reading
    FLOODED = "FLOODED"  # the host said more than a conversation may hold
    TLS_FAILED = "TLS_FAILED"  # the handshake failed
    INTERRUPTED = "INTERRUPTED"  # whoever runs deliverkit stopped it
    REFUSED = "REFUSED"  # no connection: the machine, or one on the way, said no
    TIMEOUT = "TIMEOUT"  # no connection: nobody answered
    UNREACHABLE = "UNREACHABLE"  # no connection: no way leads there from this machine
    UNTRIED = "UNTRIED"  # no connection: the address to connect from is of the other version of IP
    UNRECORDED = "UNRECORDED"  # a case file does not hold the conversation

    @property
    def is_unconnected(self) -> bool:
        """Whether there was no connection at all."""
        return self in {End.REFUSED, End.TIMEOUT, End.UNREACHABLE, End.UNTRIED, End.UNRECORDED}


class LeftOut(NamedTuple):
    """What is not kept of a large thing that was sent: how many octets, ``at`` which place of what is kept.

    ``sha256`` is the digest of all of it, in hexadecimal; empty in a redacted case.
    """

    at: int
    octets: int
    sha256: str


class Entry(NamedTuple):
    """One thing that happened: ``elapsed`` in seconds since the conversation began.

    ``secure``: inside TLS. ``line``: the line of the script that it belongs to, from 1; 0: none. ``left_out``: what
    ``data`` does not hold; None: it is whole.
    """

    elapsed: float
    kind: Kind
    data: bytes = b""
    secure: bool = False
    line: int = 0
    left_out: LeftOut | None = None

    @property
    def pieces(self) -> tuple[bytes, ...]:
        """The data; where something is left out what stood before it, and what behind."""
        at = self.left_out.at if self.left_out else 0
        return (self.data[:at], self.data[at:]) if self.left_out else (self.data,)

    def mapped(self, change: Callable[[bytes], bytes]) -> Entry:
        """The entry with each piece of its data changed so."""
        pieces = [change(piece) for piece in self.pieces]
        left_out = self.left_out._replace(at=len(pieces[0])) if self.left_out else None
        return self._replace(data=b"".join(pieces), left_out=left_out)


NOT_SPOKEN_HERE = "this machine does not speak that version of TLS"  # a handshake's failure that says nothing of a host
ALERT = "the host sent the alert "  # how one begins by which the host says no in TLS (RFC 8446 §6)
OLDER = "the host speaks no version of TLS that this machine still can"
UNFINISHED = "the host did not finish the handshake within "  # how one begins that came to nothing in the time
TRUSTED = "trusted TLS before a "  # how an expectation begins that is our own: no secret goes to just anybody
ANOTHER_VERSION = "the host answered in "  # how one begins that came to another version than was offered
NOT_TLS = "what the host sent is not TLS"
BROKEN_OFF = " during the handshake"  # how one ends in which the connection went without a word of TLS


_OUTDATED = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"})  # RFC 8996 §4, §5


class Handshake(NamedTuple):
    """What a TLS handshake showed. ``certificates``: the chain as it was sent, DER, the host's own first.

    ``untrusted`` says why no chain leads to a root that this machine trusts at the run's time; empty: one does.
    The name is not looked at here. ``failure`` says why the handshake failed; empty: it did not.
    ``discarded``: how many octets came in the clear before the handshake and were thrown away (RFC 3207 §6); the
    entries hold them. ``roots``: the file of the roots that alone were trusted; empty: this machine's own were.
    """

    version: str = ""
    cipher: str = ""
    server_name: str = ""
    certificates: tuple[bytes, ...] = ()
    untrusted: str = ""
    failure: str = ""
    discarded: int = 0
    roots: str = ""

    @property
    def is_outdated(self) -> bool:
        """Whether the version agreed on is one that may not be used any more."""
        return self.version in _OUTDATED


class HelloAnswer(NamedTuple):
    """What a host answered to a hello of TLS: the version, as ``1.2``, and the number of the suite that it took.

    ``failure`` says why it took none of what was offered; empty: it took one.
    """

    version: str = ""
    suite: int = 0
    failure: str = ""


# How an expectation begins that is our own of a script: it cannot go on, whatever the host says.
OF_THE_SCRIPT = (
    "a value for {",
    "values for {",
    "a message ",
    "one line (only >!",
    "one of the mechanisms ",
    "user and secret ",
)
UNASKED = "354 before a message"
# What is wanted of a host that offers an extension, before it is used.
TO_STARTTLS = "220 to STARTTLS"
SMTPUTF8_FIRST = "SMTPUTF8 offered, before a command beyond ASCII"
AUTH_FIRST = " offered, before a "  # with the mechanisms before it and the secret behind: RFC 4954 §3
IN_TURN = "no reply before its command"  # what `in turn` wants of a host


class Unmet(NamedTuple):
    """An expectation of the script that was not met: its line, what was wanted, and what came.

    ``value``: that of the loop's variable in whose turn it was, such as a recipient; empty: it has no other.
    """

    line: int
    wanted: str
    got: str
    value: str = ""

    @property
    def is_of_the_script(self) -> bool:
        """Whether it is no fault of the host: the script itself cannot go on."""
        was_refused = self.got[:1] in {"4", "5"}
        return self.wanted.startswith(OF_THE_SCRIPT) or (self.wanted == UNASKED and not was_refused)


class Call(NamedTuple):
    """What a conversation is: with whom, and by which script. Two that are equal are held once.

    ``host`` is the name that is greeted and that TLS asks for, ``address`` an IP address or the path of a socket,
    ``script`` the script's text with all its variables filled in but for secrets.
    """

    host: str
    address: str
    port: int
    script: str


class Transcript(Frozen):
    """One conversation, whole. ``detail`` says more of the end in words; ``unmet`` is in the script's order.

    ``hello``: what the host answered to a hello of TLS, where the script ends with one.
    ``is_part_sent``: of what was sent last, a message, a part had not left this machine when it ended.
    """

    call: Call
    entries: Sequence[Entry] = ()
    end: End = End.CLOSED
    detail: str = ""
    handshake: Handshake | None = None
    unmet: tuple[Unmet, ...] = ()
    hello: HelloAnswer | None = None
    is_part_sent: bool = False

    @property
    def certified_name(self) -> str:
        """The name that the host's certificate is to bear: the one that TLS asks for (RFC 9525 §2); empty: none.

        A host that is known by its address alone has none, but where TLS asked for one.
        """
        asked = self.handshake.server_name if self.handshake else ""
        name = asked or self.call.host
        return "" if name == self.call.address else name

    @property
    def asks_for_another(self) -> bool:
        """Whether TLS asked a host that has a name for the certificate of another one, as no sender does."""
        return self.call.host not in {self.call.address, self.certified_name}

    @property
    def elapsed(self) -> float:
        """How many seconds it took."""
        return self.entries[-1].elapsed if self.entries else 0.0


class Converser(Protocol):
    """Something that holds conversations: live or recorded."""

    async def converse(self, call: Call) -> Transcript:
        """The conversation; what goes wrong is in it, never an exception."""
        ...
