"""Conversations: one as a dialogue, line by line; several as a matrix of hosts and steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from deliverkit.checks.smtp.wording import ending, tls_words
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.knowledge.replies import read_reply
from deliverkit.observations.smtp import Entry, Kind
from deliverkit.render.findings import framed
from deliverkit.render.look import Detail, Look
from deliverkit.render.tables import Table, lay_out
from deliverkit.render.text import cut_middle, escape
from deliverkit.report import Report
from deliverkit.standards.smtp.dialogue import GREETING, Exchange
from deliverkit.standards.smtp.reply import Reply
from deliverkit.standards.smtp.reply_codes import meaning

_CLASSES = {2: "pass", 3: "pass", 4: "warning", 5: "error"}
_COLUMNS = {GREETING: "connect", "STARTTLS": "TLS", ".": "message"}
TEXT = 60  # columns of a reply's text where the terminal's width is not known
_LEAST = 24


def render_smtp(report: Report, look: Look) -> str:
    """The report as the ``smtp`` command shows it: verdict, dialogue or matrix, findings, figures."""
    return framed(report, look, blocks_of(report, look))


def blocks_of(report: Report, look: Look) -> Iterator[str]:
    """The matrix where there are several conversations; the dialogue of one, or of each where all is to be said."""
    found = report.fact(Conversations)
    if not isinstance(found, Conversations):
        return
    if len(found.held) > 1:
        yield lay_out(matrix(found.held), look)
    if len(found.held) == 1 or look.detail is Detail.EVERYTHING:
        for one in found.held:
            head = [look.paint(f"  {escape(one.host.endpoint)}", "dim")] if len(found.held) > 1 else []
            yield "\n".join([*head, *dialogue(one, look)])


def matrix(held: Sequence[Conversation]) -> Table:
    """A row for each address, a column for each step, the code of its reply in each cell."""
    steps = _steps(held)
    several = len({one.host.name for one in held}) < len(held)
    headers = ("pref", "exchange", *(("address",) if several else ()), *(_COLUMNS.get(verb, verb) for verb, _ in steps))
    rows = tuple(
        _row(one, previous, steps, several=several) for previous, one in zip([None, *held], held, strict=False)
    )
    return Table((*headers, "comes to"), rows, head=3 if several else 2)


def _row(
    one: Conversation, previous: Conversation | None, steps: Sequence[tuple[str, int]], *, several: bool
) -> tuple[str, ...]:
    is_same = previous is not None and previous.host.name == one.host.name
    preference = "" if is_same or one.host.preference is None else str(one.host.preference)
    name = "" if is_same else escape(one.host.name)
    codes = dict(zip(_keys(one.exchanges), (exchange.reply.code for exchange in one.exchanges), strict=True))
    cells = [str(codes[step] or "?") if step in codes else "–" for step in steps]
    return (preference, name, *((one.host.address,) if several else ()), *cells, escape(ending(one)))


def _steps(held: Iterable[Conversation]) -> list[tuple[str, int]]:
    """Every step of any conversation once, in the order of the longest that has it."""
    steps: list[tuple[str, int]] = []
    for one in sorted(held, key=lambda found: -len(found.exchanges)):
        at = 0
        for key in _keys(one.exchanges):
            if key in steps:
                at = steps.index(key) + 1
            else:
                steps.insert(at, key)
                at += 1
    return steps or [(GREETING, 1)]


def _keys(found: Sequence[Exchange]) -> list[tuple[str, int]]:
    """Each reply's verb, and the how-manieth of its kind it is."""
    verbs = [one.verb for one in found]
    return [(verb, verbs[: place + 1].count(verb)) for place, verb in enumerate(verbs)]


def dialogue(one: Conversation, look: Look) -> Iterator[str]:
    """The conversation line by line: when, which direction, what, and what it means."""
    replies = iter(one.exchanges)
    lines: list[Entry] = []
    for entry in one.transcript.entries:
        if entry.kind is Kind.RECEIVED:
            lines.append(entry)
            following = next(replies, None) if _ends_reply(entry) else None
            if following is not None:
                yield from _reply(lines, following, one, look)
                lines = []
        else:
            yield from _event(entry, one, look)
    yield from (_line(entry.elapsed, "<", _text(entry.data), look) for entry in lines)
    if one.transcript.end.value != "CLOSED" or one.transcript.detail:
        yield _line(one.transcript.elapsed, " ", look.paint(escape(ending(one)), "warning"), look)


def _ends_reply(entry: Entry) -> bool:
    from deliverkit.standards.smtp.reply import is_last

    return is_last(entry.data)


def _event(entry: Entry, one: Conversation, look: Look) -> Iterator[str]:
    if entry.kind is Kind.CONNECTED:
        yield _line(entry.elapsed, " ", f"connected to {escape(one.host.endpoint)}", look)
    elif entry.kind is Kind.SECURED:
        yield _line(entry.elapsed, " ", escape(tls_words(one)), look)
    elif entry.kind is Kind.CLOSED:
        yield _line(entry.elapsed, " ", "closed from here", look)
    else:
        sent = entry.data.split(b"\r\n")
        shown = [line for line in sent if line] or [b""]
        kept = shown if look.detail is Detail.EVERYTHING or len(shown) <= 3 else shown[:2]
        yield from (_line(entry.elapsed, ">", _text(line), look) for line in kept)
        if len(kept) < len(shown):
            yield _line(entry.elapsed, ">", f"… {len(shown) - len(kept)} more lines (-v shows them)", look)


def _reply(lines: Sequence[Entry], exchange: Exchange, one: Conversation, look: Look) -> Iterator[str]:
    """A reply in one line with its meaning; of several lines all where all is to be said, and for a refusal."""
    folded = len(lines) > 1 and exchange.reply.severity < 4 and look.detail is not Detail.EVERYTHING
    if folded:
        yield _said(lines[-1].elapsed, exchange.reply, _folded(exchange.reply), _meaning(exchange, one), look)
        return
    for entry in lines[:-1]:
        yield _line(entry.elapsed, "<", _coloured(_text(entry.data), exchange.reply, look), look)
    yield _said(lines[-1].elapsed, exchange.reply, _text(lines[-1].data), _meaning(exchange, one), look)


def _folded(reply: Reply) -> str:
    words = [line.replace(" ", "=", 1) for line in reply.text[1:]]
    return f"{reply.code} {len(words)} extension{'s' if len(words) != 1 else ''}: {escape(' '.join(words))}"


def _said(elapsed: float, reply: Reply, text: str, means: str, look: Look) -> str:
    width = max(_LEAST, (look.columns or TEXT + 60) - 15 - len(means) - 2) if look.columns else TEXT
    shown = cut_middle(text, width) if look.detail is not Detail.EVERYTHING else text
    padded = f"{_coloured(shown, reply, look)}{' ' * max(0, width - len(shown))}"
    return _line(elapsed, "<", f"{padded}  {look.paint(means, 'dim')}", look)


def _coloured(text: str, reply: Reply, look: Look) -> str:
    return f"{look.paint(text[:3], _CLASSES.get(reply.severity, 'error'))}{text[3:]}"


def _meaning(exchange: Exchange, one: Conversation) -> str:
    """What a provider is known to mean by it, else what the code means after this command."""
    if exchange.is_early:
        return "came before anything was asked"
    if exchange.reply.severity >= 4:
        reading = read_reply(exchange.reply, one.host.name)
        if reading.meanings and (reading.speaker or not reading.meanings[0].speaker):
            return reading.meanings[0].meaning
    return meaning(exchange.reply.code, after=exchange.verb)


def _text(octets: bytes) -> str:
    return escape(octets.rstrip(b"\r\n").decode("utf-8", "backslashreplace"))


def _line(elapsed: float, mark: str, text: str, look: Look) -> str:
    return f"  {look.paint(f'{elapsed:7.3f}', 'dim')} {mark} {text}".rstrip()
