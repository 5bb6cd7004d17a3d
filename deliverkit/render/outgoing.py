"""The message of a seed test before it goes out: what it holds, and with -v as its first copy would be sent."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.render.look import Detail, Look
from deliverkit.render.text import escape, wrap
from deliverkit.standards.address_list import decode_words
from deliverkit.standards.message import Message, parse_message
from deliverkit.standards.mime import Entity

MOST_LINES = 120


def render_outgoing(octets: bytes, look: Look) -> str:
    """From, subject and parts of a copy; nothing with -q."""
    if look.detail is Detail.VERDICT:
        return ""
    rows = _rows(parse_message(octets))
    blocks = ["\n".join(wrap(text, look.columns, first=f"  {name:<9}", rest=" " * 11) for name, text in rows)]
    if look.detail is Detail.EVERYTHING:
        blocks.append("\n".join(_as_sent(octets)))
    return look.finish("\n\n".join(blocks))


def _rows(message: Message) -> Iterator[tuple[str, str]]:
    for name in ("From", "Subject"):
        field = message.first(name)
        yield name, escape(decode_words(field.body)) if field else "none"
    yield "holds", escape(", ".join(map(_part, message.parts)))
    yield "size", f"{len(message.octets):,} octets"


def _part(part: Entity) -> str:
    what = f"{part.media_type} of {len(part.content):,} octets"
    return f"{part.file_name or 'a file'} ({what})" if part.is_attachment else what


def _as_sent(octets: bytes) -> Iterator[str]:
    lines = octets.decode("utf-8", "replace").splitlines()
    yield "The first copy, as it would go out:"
    yield ""
    yield from (f"  {escape(line)}".rstrip() for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"  … {len(lines) - MOST_LINES:,} more lines"
