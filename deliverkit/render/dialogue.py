"""A conversation line by line: what was said, when, in which direction, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from deliverkit.checks.smtp.cut_off import how_it_ended
from deliverkit.checks.smtp.wording import reply_meaning, tls_words
from deliverkit.classes import Frozen, replace
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import BROKEN_OFF, End, Entry, Kind, LeftOut
from deliverkit.render.look import Detail, Look
from deliverkit.render.text import cut_end, escape, wrap
from deliverkit.standards.smtp.dialogue import Exchange
from deliverkit.standards.smtp.reply import is_last

MESSAGE_LINES = 3  # of a message that are shown
REPLY_LINES = 8  # of a reply that are shown
_MARGIN = 12  # columns before the text: when, and which direction
_PIPED = 200  # characters of a line where no terminal sets the width
_LEAST_TEXT, _LEAST_MEANING = 24, 24
_CLASSES = {2: "pass", 3: "pass", 4: "warning", 5: "error"}
_REFUSING = frozenset({"warning", "error"})  # refusals are read to their end: they say why
_MOST_REFUSAL = 400  # characters of one
_ENDS_ITSELF = frozenset({End.HUNG_UP, End.RESET, End.INTERRUPTED})  # they say who ended it
_PLAIN = frozenset({"done"})  # meanings that say no more than the code


class Line(Frozen):
    """A line of a dialogue. ``mark`` is ``>`` from here, ``<`` from the host; ``kind`` the colour of the code's class.

    All text of it is escaped. ``folded``: it stands for lines that are shown where everything is.
    """

    elapsed: float
    mark: str
    text: str
    meaning: str = ""
    kind: str = ""
    folded: bool = False

    @property
    def plain(self) -> str:
        """The line without colour, as wide as it is."""
        means = f"   ({self.meaning})" if self.meaning else ""
        return f"{self.elapsed:9.3f} {self.mark or ' '} {self.text}{means}".rstrip()


def lines_of(one: Conversation, detail: Detail) -> list[Line]:
    """The conversation as lines; a message and long replies are folded but where everything is to be shown."""
    return [*_lines(one, is_whole=detail is Detail.EVERYTHING), *_end(one)]


def _lines(one: Conversation, *, is_whole: bool) -> Iterator[Line]:
    replies, reply = iter(one.exchanges), None
    pending: list[Entry] = []
    for kind, group in groupby(one.transcript.entries, key=lambda entry: entry.kind):
        entries = list(group)
        if kind is Kind.SENT:
            is_message = reply is not None and reply.reply.code == 354
            yield from _sent(entries, MESSAGE_LINES if is_message else REPLY_LINES, is_whole=is_whole)
        elif kind is Kind.RECEIVED:
            unasked: list[Line] = []  # there may be thousands of them
            for entry in entries:
                pending.append(entry)
                following = next(replies, None) if is_last(entry.data) else None
                if following is None:
                    continue
                reply, lines = following, _reply(pending, following, one, is_whole=is_whole)
                if reply.is_early:
                    unasked.extend(lines)
                else:
                    yield from (*_folded(unasked, REPLY_LINES, is_whole=is_whole), *lines)
                    unasked = []
                pending = []
            yield from _folded(unasked, REPLY_LINES, is_whole=is_whole)
        else:
            if kind is Kind.CLOSED:  # what a reply has come to by then stays unfinished
                yield from _unfinished(pending, is_whole=is_whole)
                pending = []
            yield from (_event(entry, one) for entry in entries if kind is not Kind.CLOSED)
    yield from _unfinished(pending, is_whole=is_whole)


def _unfinished(pending: Sequence[Entry], *, is_whole: bool) -> Iterator[Line]:
    yield from _folded([Line(entry.elapsed, "<", _text(entry.data)) for entry in pending], 2, is_whole=is_whole)


def _end(one: Conversation) -> Iterator[Line]:
    """How it ended otherwise than it should, and that we closed, where nobody else had."""
    transcript, last = one.transcript, one.transcript.entries[-1:]
    if transcript.end is not End.CLOSED:
        yield Line(transcript.elapsed, "", escape(how_it_ended(one)), kind="warning")
    is_ours = transcript.end not in _ENDS_ITSELF and not transcript.detail.endswith(BROKEN_OFF)
    if is_ours and last and last[0].kind is Kind.CLOSED:
        yield Line(last[0].elapsed, "", "closed from here")


def _event(entry: Entry, one: Conversation) -> Line:
    if entry.kind is Kind.OFFERED:
        from deliverkit.checks.tls.hellos import hello_words  # which few conversations have

        return Line(entry.elapsed, "", escape(f"{entry.data.decode('latin-1')}: {hello_words(one)}"))
    words = "connected" if entry.kind is Kind.CONNECTED else tls_words(one)
    return Line(entry.elapsed, "", escape(words))


def _sent(entries: Sequence[Entry], most: int, *, is_whole: bool) -> Iterator[Line]:
    """What went out, line by line; of a chunk (BDAT) as much as of a message."""
    is_chunk = any(entry.data[:5].upper() == b"BDAT " for entry in entries)
    lines = [line for entry in entries for line in _sent_lines(entry)]
    large = [entry.left_out for entry in entries if entry.left_out]
    hint = f"; {_count(large)} octets are not kept" if large else ""
    yield from _folded(lines, MESSAGE_LINES if is_chunk else most, is_whole=is_whole, hint=hint)


def _count(large: Sequence[LeftOut]) -> str:
    return f"{sum(one.octets for one in large):,}"


def _sent_lines(entry: Entry) -> Iterator[Line]:
    """What went out, line by line, and what is not kept of it where it is missing."""
    first, *rest = ([*piece.removesuffix(b"\r\n").split(b"\r\n")] if piece else [] for piece in entry.pieces)
    yield from (Line(entry.elapsed, ">", _text(text)) for text in first)
    if entry.left_out:
        digest = f", SHA-256 of the whole {entry.left_out.sha256}" if entry.left_out.sha256 else ""
        words = f"… {entry.left_out.octets:,} octets are not kept{digest}"
        yield Line(entry.elapsed, ">", words, folded=True)
    yield from (Line(entry.elapsed, ">", _text(text)) for texts in rest for text in texts)


def _folded(lines: Sequence[Line], most: int, *, is_whole: bool, hint: str = "") -> Iterator[Line]:
    """The first lines, how many are left out, and the last one."""
    if is_whole or len(lines) <= most + 2:
        yield from lines
        return
    yield from lines[:most]
    left = len(lines) - most - 1
    yield Line(lines[most].elapsed, lines[0].mark, f"… {left:,} more lines (-v shows them){hint}", folded=True)
    yield lines[-1]


def _reply(entries: Sequence[Entry], exchange: Exchange, one: Conversation, *, is_whole: bool) -> Iterator[Line]:
    """A reply with its meaning; what EHLO is answered in one line."""
    kind = _CLASSES.get(exchange.reply.severity, "error")
    means = reply_meaning(exchange, one.host.name)
    means = "" if means in _PLAIN else means
    is_hello = exchange.verb in {"EHLO", "LHLO"} and exchange.reply.severity == 2
    if is_hello and len(entries) > 1 and not is_whole:
        yield Line(entries[-1].elapsed, "<", _offered(exchange), means, kind, folded=True)
        return
    lines = [Line(entry.elapsed, "<", _text(entry.data), kind=kind) for entry in entries]
    lines[-1] = replace(lines[-1], meaning=means)
    yield from _folded(lines, REPLY_LINES, is_whole=is_whole)
    if is_whole and kind in _REFUSING and exchange.reply.severity and not exchange.is_early:
        yield from _behind(exchange, one)


def _behind(exchange: Exchange, one: Conversation) -> Iterator[Line]:
    """Whether to try again after a refusal, and who says so."""
    from deliverkit.knowledge.readings import behind  # which conversations that go well do without
    from deliverkit.knowledge.replies import read_reply

    reading = read_reply(exchange.reply, one.host.name, after=exchange.asked)
    yield from (Line(exchange.elapsed, "", text, kind="dim") for text in behind(reading, after=exchange.verb))


def _offered(exchange: Exchange) -> str:
    words = [line.replace(" ", "=", 1) for line in exchange.reply.text[1:]]
    number = f"{len(words)} extension{'s' if len(words) != 1 else ''}"
    return escape(f"{exchange.reply.code} {number}: {' '.join(words)}")


def _text(octets: bytes) -> str:
    return escape(octets.rstrip(b"\r\n").decode("utf-8", "backslashreplace"))


def lay_out_dialogue(lines: Sequence[Line], look: Look) -> Iterator[str]:
    """The lines for a reader: meanings beside the text where there is room, else below it."""
    is_whole = look.detail is Detail.EVERYTHING
    room = look.columns - _MARGIN if look.columns else None
    width = _text_width(lines, room)
    for line in lines:
        yield from _laid_out(line, width, room, look, is_whole=is_whole)


def _text_width(lines: Sequence[Line], room: int | None) -> int:
    """The columns of texts that have a meaning beside them: as the longest wants it; 0: there is no room beside."""
    longest = max((len(line.text) for line in lines if line.meaning), default=0)
    if room is None:
        return min(longest, 60)
    meaning = max((len(line.meaning) for line in lines), default=0)
    beside = max(room - 2 - meaning, min(longest, room // 2))
    width = min(longest, beside)
    return width if width >= min(longest, _LEAST_TEXT) and room - width - 2 >= min(meaning, _LEAST_MEANING) else 0


def _meaning_below(line: Line, look: Look) -> Iterator[str]:
    if line.meaning:
        margin = " " * (_MARGIN + 4)
        yield look.paint(wrap(line.meaning, look.columns, first=margin, rest=margin, least=_LEAST_MEANING), "dim")


def _laid_out(line: Line, width: int, room: int | None, look: Look, *, is_whole: bool) -> Iterator[str]:
    head = f"  {look.paint(f'{line.elapsed:7.3f}', 'dim')} {line.mark or ' '} "
    fits = not line.meaning or (width and (len(line.text) <= width or not is_whole))
    most = _PIPED if room is None else width if line.meaning and width else room
    shown = line.text if is_whole else cut_end(line.text, most)
    painted = _painted(line, shown, look)
    if room is not None and line.mark == "<" and line.kind in _REFUSING and len(shown) < len(line.text):
        whole = wrap(cut_end(line.text, _MOST_REFUSAL), room, least=_LEAST_TEXT).splitlines()
        first, *others = (cut_end(one, room) for one in whole)
        yield f"{head}{_painted(line, first, look)}"
        yield from (f"{' ' * _MARGIN}{other}" for other in others)
        yield from _meaning_below(line, look)
    elif not line.mark:
        first, *others = wrap(line.text, room, least=_LEAST_TEXT).splitlines() or [""]
        yield f"{head}{look.paint(first, line.kind)}".rstrip()
        yield from (f"{' ' * _MARGIN}{look.paint(other, line.kind)}" for other in others)
    elif not line.meaning:
        yield f"{head}{painted}".rstrip()
    elif not fits or (room is not None and not width):
        yield f"{head}{painted}".rstrip()
        yield from _meaning_below(line, look)
    else:
        gap = " " * (max(0, width - len(shown)) + 2)
        first, *others = wrap(line.meaning, max(room - width - 2, 1) if room else None, least=1).splitlines()
        yield f"{head}{painted}{gap}{look.paint(first, 'dim')}"
        yield from (f"{' ' * (_MARGIN + width + 2)}{look.paint(other, 'dim')}" for other in others)


def _painted(line: Line, shown: str, look: Look) -> str:
    """The code in the colour of its class; all of what is no reply."""
    if line.mark == "<":
        return f"{look.paint(shown[:3], line.kind)}{shown[3:]}"
    return look.paint(shown, line.kind or ("dim" if line.folded else ""))
