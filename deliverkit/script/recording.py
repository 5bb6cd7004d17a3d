"""A conversation that was held → a script that holds it again and expects what came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from deliverkit.classes import Slotted, field
from deliverkit.errors import ScriptError, ScriptFault
from deliverkit.observations.smtp import End, Entry, Kind, Transcript
from deliverkit.regexes import regex
from deliverkit.script import syntax
from deliverkit.script.formatting import format_script
from deliverkit.script.parsing import parse_script
from deliverkit.script.scanning import joined
from deliverkit.script.syntax import Script, Secret, Source, Statement, Template, Variable
from deliverkit.standards.smtp.commands import END_OF_DATA
from deliverkit.standards.smtp.reply import Reply, is_last, parse_reply

_SECRET = regex(r"<secret:([a-z][a-z0-9_]{0,63})>", re.ASCII)
_AUTH = regex(r"AUTH ([A-Z0-9_-]{1,20})(?: [^\r\n]*)?\r\n", re.ASCII)
_UNFIT = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\udc80-\udcff]|\r(?!\n)|(?<!\r)\n")
_LINES = regex(r"[^\r\n]*\r\n")
_STARTTLS = "STARTTLS\r\n"
_LAST_CHUNK = regex(rb"BDAT \d+ LAST\r\n", re.IGNORECASE)  # RFC 3030 §2
_MOST_INLINE, _MOST_LINES = syntax.MOST_CHARACTERS // 2, syntax.MOST_LINES // 2  # of a message within the script


def record(transcript: Transcript) -> Script:
    """The script of the conversation: what was sent, and of each reply the code and the enhanced status code.

    Secrets stay variables (``{secret:password}``). What a line of a script cannot hold becomes raw octets.
    A message stands in the script; a large one is a file, of which a comment says what it was, and whose name is the
    variable ``message`` (the second one's ``message_2``). `ScriptError` where it is more than a script may hold.
    """
    recording = _Recording()
    call = transcript.call
    is_socket = call.address.startswith("/")
    place = f"unix:{call.address}" if is_socket else f"{call.host}, {call.address} port {call.port}"
    heading = _printable(f"Recorded from {place}.")
    recording.statements.append(syntax.Comment(0, heading))
    recording.hear(_joined_replies(transcript.entries))
    if transcript.end is End.CLOSED and not recording.has_quit:
        recording.statements.append(syntax.Close(0))
    return parse_script(format_script(Script(tuple(recording.statements))))


class _Recording(Slotted):
    """What was written so far, and where in the conversation it stands."""

    statements: list[Statement] = field(default_factory=list)
    code: int = 0  # of the last reply
    sent: str = ""  # since the last reply
    has_quit: bool = False
    is_secure: bool = False
    is_authenticating: bool = False
    messages: int = 0  # that are files

    def hear(self, events: Iterable[str | Reply | Entry | None]) -> None:
        for event in events:
            if event is None:
                self.secured()
            elif isinstance(event, Reply):
                self.replied(event)
            elif isinstance(event, Entry) and event.kind is Kind.OFFERED:
                self.statements.extend(parse_script(event.data.decode("ascii")).statements)
            elif isinstance(event, Entry):
                self.sent_large(event)
            elif not self.is_authenticating:
                self.said(event)

    def said(self, text: str) -> None:
        authenticating = _AUTH.fullmatch(text)
        self.has_quit = self.has_quit or text.upper() == "QUIT\r\n"
        self.sent = text
        if authenticating:
            self.is_authenticating = True
            self.statements.append(syntax.Auth(0, Template((authenticating[1],)), in_clear=not self.is_secure))
        elif _UNFIT.search(text) or not text.endswith("\r\n"):
            self.statements.append(syntax.SendRaw(0, _template(text)))
        else:
            self.lines([syntax.Send(0, _template(line[:-2])) for line in _LINES.findall(text)])

    def sent_large(self, entry: Entry) -> None:
        """A message, or a chunk that is all of one, that the script cannot hold; what is neither stands in it."""
        command = _LAST_CHUNK.match(entry.data)
        if self.code != 354 and command is None:
            self.said(_text_of(entry))
            return
        self.messages += 1
        name = "message" if self.messages == 1 else f"message_{self.messages}"
        octets = _size(entry) - (command.end() if command else len(END_OF_DATA))
        template = Template((Variable(name),))
        self.statements.append(syntax.Comment(0, f"The file {{{name}}}: a message of {octets:,} octets."))
        self.statements.append(
            syntax.Bdat(0, Source(is_file=True, text=template)) if command else syntax.SendMessage(0, template)
        )

    def lines(self, sends: list[syntax.Send]) -> None:
        """Lines that went out at once: those of a message need no block, commands do."""
        if len(sends) == 1 or self.code == 354:
            self.statements.extend(sends)
        else:
            self.statements.append(syntax.Pipeline(0, tuple(sends)))

    def replied(self, reply: Reply) -> None:
        self.code = reply.code
        if self.is_authenticating and reply.code == 334:  # RFC 4954 §4: the exchange goes on
            return
        self.is_authenticating = False
        code = str(reply.code) if reply.code else "xxx"
        self.statements.append(syntax.Expect(0, (code,), (reply.enhanced,) if reply.enhanced else ()))

    def secured(self) -> None:
        """A handshake: with its command and the reply to it, it is ``starttls``."""
        if self.sent.upper() == _STARTTLS and self.code == 220 and len(self.statements) >= 2:
            del self.statements[-2:]
            self.statements.append(syntax.StartTls(0))
        else:
            self.statements.append(syntax.Tls(0))
        self.sent = ""
        self.is_secure = True


def _joined_replies(entries: Iterable[Entry]) -> Iterator[str | Reply | Entry | None]:
    """What was sent, the replies, None for a handshake, and the entry of what was large, or a hello of TLS."""
    lines: list[bytes] = []
    for entry in entries:
        if entry.kind is Kind.RECEIVED:
            lines.append(entry.data)
            if is_last(entry.data):
                yield parse_reply(lines)
                lines = []
        elif entry.kind is Kind.SENT and _is_large(entry):
            yield entry
        elif entry.kind is Kind.SENT:
            yield _text_of(entry)
        elif entry.kind is Kind.SECURED:
            yield None
        elif entry.kind is Kind.OFFERED:
            yield entry


def _text_of(entry: Entry) -> str:
    """What was sent, as text.

    Raises:
        ScriptError: it is not kept whole.
    """
    if entry.left_out:
        raise ScriptError((ScriptFault(1, 1, "all that was sent", "a large chunk that is no whole message"),))
    return entry.data.decode("utf-8", "surrogateescape")


def _size(entry: Entry) -> int:
    return len(entry.data) + (entry.left_out.octets if entry.left_out else 0)


def _is_large(entry: Entry) -> bool:
    return entry.left_out is not None or len(entry.data) > _MOST_INLINE or entry.data.count(b"\n") > _MOST_LINES


def _template(text: str) -> Template:
    pieces = _SECRET.split(text)  # every second piece is a secret's name
    return joined([Secret(piece) if at % 2 else piece for at, piece in enumerate(pieces) if piece])


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)
