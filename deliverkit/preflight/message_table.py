"""The message in ``campaign.toml``: the file that holds it, or the parts that it is composed of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deliverkit.errors import UsageError
from deliverkit.seeds.parts import Parts, parts_of
from deliverkit.tables import BadTableError, refuse_unknown, text_at, texts_at

_KEYS = ("subject", "text", "html", "headers", "attach")
_WHOLE = ("file", "eml", "message", "path")


def message_in(table: Mapping[str, Any], folder: Path, *, author: str) -> Path | Parts | None:
    """What the file says under ``message``, files lying from that folder; None where it says nothing.

    Raises:
        BadTableError: it is neither a file nor a message in parts; says what was expected.
    """
    found = table.get("message", "")
    if isinstance(found, str):
        name = text_at(table, "message", "the file")
        return folder / Path(name).expanduser() if name else None
    if not isinstance(found, dict):
        raise BadTableError('message is a file, as in message = "spring.eml", or a table: write [message]')
    return _parts(found, folder, author)


def _parts(table: dict[str, Any], folder: Path, author: str) -> Parts:
    whole = next((key for key in _WHOLE if key in table), "")
    if whole:
        raise BadTableError(f'[message] has no {whole}: for a whole message write message = "spring.eml" in its place')
    refuse_unknown(table, _KEYS, "[message]")
    subject, text, html = (text_at(table, key, "[message]") for key in ("subject", "text", "html"))
    if not (text or html):
        raise BadTableError(
            '[message] has nothing to read in it: write text = "spring.txt", html = "spring.html" or both'
        )
    if not subject:
        raise BadTableError('[message] has no subject: write subject = "Spring sale"')
    try:
        return parts_of(
            author,
            subject,
            text=_place(folder, text),
            html=_place(folder, html),
            headers=texts_at(table, "headers", "[message]", example="List-Unsubscribe: <https://…>"),
            attachments=[_place(folder, name) for name in texts_at(table, "attach", "[message]", example="offer.pdf")],
        )
    except UsageError as error:
        raise BadTableError(f"[message]: {error}") from None


def _place(folder: Path, name: str) -> str:
    return str(folder / Path(name).expanduser()) if name else ""
