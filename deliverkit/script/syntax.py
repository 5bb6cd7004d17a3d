"""What a script is made of. Every statement bears the line that it stands on, from 1."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from functools import lru_cache
from itertools import product

from deliverkit.classes import Frozen, field
from deliverkit.script.patterns import Pattern
from deliverkit.standards.smtp.commands import Command, as_command

MOST_CHARACTERS = 65_536  # of a script
MOST_LINES = 2_000
MOST_NESTED = 8  # blocks in one another
MOST_REPEATS = 1_000
MOST_VALUES = 100  # of a list
MOST_SECONDS = 600.0  # of one wait: the longest time that RFC 5321 §4.5.3.2 asks a client to wait


class Variable(Frozen):
    """``{name}``: the value of a variable."""

    name: str


class Secret(Frozen):
    """``{secret:name}``: the value of a secret, which no transcript holds."""

    name: str


class Template(Frozen):
    """Text with variables in it. An octet that is no UTF-8 (``\\xFF``) stands as its surrogate escape."""

    parts: tuple[str | Variable | Secret, ...]

    @property
    def plain(self) -> str | None:
        """The text, where nothing in it is to be filled in."""
        texts = [part for part in self.parts if isinstance(part, str)]
        return "".join(texts) if len(texts) == len(self.parts) else None


class Source(Frozen):
    """A message: the name of a file (``@message.eml``), or text in quotes."""

    is_file: bool
    text: Template


@lru_cache(maxsize=64)
def codes_like(patterns: tuple[str, ...]) -> frozenset[int]:
    """The codes of replies that one of the patterns stands for; an ``x`` in it stands for any digit."""
    digits = (("0123456789" if one == "x" else one for one in pattern) for pattern in patterns)
    return frozenset(int("".join(code)) for pattern in digits for code in product(*pattern))


class Manner(enum.StrEnum):
    """What follows when an expectation is not met, as the sign after ``<``."""

    STOPS = ""  # it counts, and the script stops
    COUNTS = "+"  # it counts, and the script goes on
    OPTIONAL = "?"  # it does not count, and the script goes on


class Blank(Frozen):
    """An empty line."""

    line: int


class Comment(Frozen):
    """``# text``."""

    line: int
    text: str


class Send(Frozen):
    """``> text``: one line, and CRLF after it.

    ``command``: what it is in every conversation; None where it may differ, or may not be sent at all.
    """

    line: int
    text: Template
    command: Command | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        text = self.text.plain
        object.__setattr__(self, "command", None if text is None else as_command(text))


class SendMessage(Frozen):
    """``> @message.eml``: a message, dot-stuffed, and the dot that ends it. ``plain``: its name, if all is written."""

    line: int
    name: Template
    plain: str | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", self.name.plain)


class SendRaw(Frozen):
    """``>! "octets"``: just these octets."""

    line: int
    octets: Template


class Expect(Frozen):
    """``< 250``: the next reply. ``codes`` and ``enhanced`` are alternatives, of ``texts`` each must stand in it.

    ``within``: the seconds that the host has for it; 0: as long as the caller says. ``plain``: the codes with which a
    reply is what is expected, whatever else is in it; none where that does not depend on its code alone.
    """

    line: int
    codes: tuple[str, ...]
    enhanced: tuple[str, ...] = ()
    texts: tuple[Template | Pattern, ...] = ()
    within: float = 0.0
    manner: Manner = Manner.STOPS
    plain: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        is_plain = not (self.enhanced or self.texts)
        object.__setattr__(self, "plain", codes_like(self.codes) if is_plain else frozenset())


class StartTls(Frozen):
    """``starttls``: the command, its 220, and the handshake. ``version``: the only one to speak, as ``1.2``."""

    line: int
    version: str = ""


class Tls(Frozen):
    """``tls``: the handshake alone. ``version``: the only one to speak."""

    line: int
    version: str = ""


class Hello(Frozen):
    """``hello 1.2 with SUITE …``: the hello of that version of TLS alone, and what the host answers.

    ``suites``: the names of those that are offered, or with ``is_without`` of those that are not; none: all are.
    """

    line: int
    version: str
    suites: tuple[str, ...] = ()
    is_without: bool = False


OFFERED = "offered"  # in place of a mechanism: one of those that the host offers


class Auth(Frozen):
    """``auth MECHANISM``: the exchange up to its last reply, which the next ``<`` takes.

    The mechanism of a variable is held only where the host offers it; ``offered`` is one of those that it does.
    """

    line: int
    mechanism: Template
    in_clear: bool = False


class Bdat(Frozen):
    """``bdat @message.eml by 4096``: a message in chunks; the last one's reply is left for the next ``<``.

    ``size`` is that of a chunk in octets; 0: one chunk.
    """

    line: int
    source: Source
    size: int = 0


class Wait(Frozen):
    """``wait 3s``."""

    line: int
    seconds: float


class Close(Frozen):
    """``close``: drop the connection, without QUIT."""

    line: int


class Set(Frozen):
    """``set name = value``; with ``?=`` only where the variable has no value yet."""

    line: int
    name: str
    value: Template
    is_default: bool = False


class ReplyIs(Frozen):
    """``reply 4xx``: what the last reply was."""

    codes: tuple[str, ...]


class Offered(Frozen):
    """``offered AUTH PLAIN``: what the last answer to EHLO named."""

    keyword: str
    parameter: str = ""


class IsSet(Frozen):
    """``set name``: whether the variable has a value."""

    name: str


class Condition(Frozen):
    """What an ``if`` asks, or with ``not`` its contrary."""

    asks: ReplyIs | Offered | IsSet
    is_negated: bool = False


class If(Frozen):
    """``if … {`` … ``} else {`` … ``}``. ``otherwise`` is None where there is no ``else``."""

    line: int
    condition: Condition
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] | None = None


class Repeat(Frozen):
    """``repeat 3 {`` … ``}``."""

    line: int
    times: int
    body: tuple[Statement, ...]


class ForEach(Frozen):
    """``for each rcpt {`` … ``}``. Without ``values``: of the variable of that name as it was given.

    ``keeps``: later loops have only the values in whose turn all came as expected; without any the script stops.
    """

    line: int
    name: str
    values: tuple[Template, ...]
    body: tuple[Statement, ...]
    keeps: bool = False


class Pipeline(Frozen):
    """``pipeline {`` … ``}``: what it sends goes out in one write, then its replies are read."""

    line: int
    body: tuple[Statement, ...]


class EachConversation(Frozen):
    """``for each mx`` without a block: the whole script once for each value, each in a conversation of its own."""

    line: int
    name: str
    values: tuple[Template, ...]


class Restricted(Frozen):
    """``restricted``: to be held only with hosts that are one's own."""

    line: int


class InTurn(Frozen):
    """``in turn``: nothing more is sent to a host once it has said a reply that nothing had asked for."""

    line: int


class Given(Frozen):
    """``given name = "value" "value"``: a variable that has its values from the start, wherever the line stands."""

    line: int
    name: str
    values: tuple[str, ...]


_Said = Blank | Comment | Send | SendMessage | SendRaw | Expect | StartTls | Tls | Hello | Auth | Bdat | Wait | Close
Statement = _Said | Set | If | Repeat | ForEach | Pipeline | EachConversation | Restricted | InTurn | Given


class Script(Frozen):
    """A script: its statements in order.

    ``given``: the variables that have their values from the start, ``first``: the first of each. ``steps``: what is
    gone through when it is held, ``is_in_turn``: only while the host replies to what it was asked.
    """

    statements: tuple[Statement, ...]
    given: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    first: Mapping[str, str] = field(init=False, repr=False, compare=False)
    steps: tuple[Statement, ...] = field(init=False, repr=False, compare=False)
    is_in_turn: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        given = {found.name: found.values for found in self.statements if isinstance(found, Given)}
        steps = tuple([one for one in self.statements if not isinstance(one, Given | Blank | Comment | InTurn)])
        object.__setattr__(self, "given", given)
        object.__setattr__(self, "first", {name: values[0] for name, values in given.items()})
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "is_in_turn", any([isinstance(one, InTurn) for one in self.statements]))  # noqa: C419 - a list of few is made faster
