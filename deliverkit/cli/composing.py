"""The files that a message is composed of, read within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from deliverkit.cli.files import MOST_OCTETS, read_octets
from deliverkit.errors import UsageError

if TYPE_CHECKING:  # most conversations compose no message
    from deliverkit.seeds.parts import Parts
    from deliverkit.standards.composing import Attachment

STDIN = "-"


def composed(parts: Parts) -> bytes:
    """The message that the parts make, without the headers that each copy has of its own; the same for the same parts.

    Raises:
        UsageError: a file cannot be used, or something cannot stand in a message.
    """
    from deliverkit.standards.composing import Draft, compose

    if (parts.text, parts.html) == (STDIN, STDIN):
        raise UsageError("standard input can be read once: let the text or the HTML come from a file")
    draft = Draft(
        sender=parts.author,
        subject=parts.subject,
        text=_body("text", parts.text),
        html=_body("HTML", parts.html),
        headers=parts.headers,
        attachments=read_attachments(parts.attachments),
    )
    return compose(draft)


def _body(what: str, name: str) -> str:
    if not name:
        return ""
    try:
        text = read_body(name)
    except UsageError as error:
        hint = "; it is the name of a file, without @" if name.startswith("@") else ""
        raise UsageError(f"the {what}: {error}{hint}") from None
    if not text.strip():
        raise UsageError(f"the {what}: there is nothing in {_shown(name)}")
    return text


def _shown(name: str) -> str:
    return "standard input" if name == STDIN else name


def read_body(name: str) -> str:
    """The text of a file as a body: a mark of byte order is no part of it, and its last line ends, as every line does.

    Raises:
        UsageError: it cannot be read, or is no text in UTF-8.
    """
    octets = read_octets(name)
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        raise UsageError(f"{_shown(name)} cannot be read: it is no text in UTF-8")
    return ended(text)


def ended(text: str) -> str:
    """The text with the end of its last line."""
    return text if text.endswith("\n") else f"{text}\n"


def read_attachments(names: Iterable[str]) -> tuple[Attachment, ...]:
    """The files, each with the type that its name tells.

    Raises:
        UsageError: one cannot be read, or together they are larger than any message.
    """
    from mimetypes import guess_type

    from deliverkit.standards.composing import Attachment

    found: list[Attachment] = []
    for name in names:
        if name == STDIN:
            raise UsageError("an attachment comes from a file, whose name it has: standard input has none")
        media_type, encoding = guess_type(name)
        known = media_type if media_type and not encoding else "application/octet-stream"
        found.append(Attachment(Path(name).name, read_octets(name), known))
        if sum(len(one.octets) for one in found) > MOST_OCTETS:
            raise UsageError(
                f"the attachments are together larger than {MOST_OCTETS >> 20} MiB, and than any host takes"
            )
    return tuple(found)
