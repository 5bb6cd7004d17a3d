"""The parts of a message (RFC 2045, RFC 2046), one level at a time.

The standard library's parser goes down as deep as a message nests and compares each line with every boundary above
it; what strangers send is read here in time that grows with its length alone.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from deliverkit.classes import Frozen
from deliverkit.standards.header import HeaderField, SplitMessage, split_message
from deliverkit.standards.structured import (
    MOST_CHARACTERS,
    split_at_semicolons,
    unquote,
    without_comments,
)

MOST_PARTS = 100
MOST_PARAMETERS = 32
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}", re.ASCII)  # RFC 6838 §4.2


class Entity(Frozen):
    """A message or a part of one: its header fields, its media type in lower case with parameters, its body."""

    fields: tuple[HeaderField, ...]
    media_type: str
    parameters: Mapping[str, str]
    encoded: bytes

    @property
    def content(self) -> bytes:
        """The body without its transfer encoding (RFC 2045 §6); as it came where that is broken or unknown."""
        decoded = self.decoded
        return self.encoded if decoded is None else decoded

    @property
    def decoded(self) -> bytes | None:
        """The body without its transfer encoding; None where that is broken."""
        encoding = self.transfer_encoding
        try:
            if encoding == "base64":
                return binascii.a2b_base64(self.encoded)
            return binascii.a2b_qp(self.encoded) if encoding == "quoted-printable" else self.encoded
        except binascii.Error:
            return None

    @property
    def parts(self) -> tuple[Entity, ...]:
        """The parts of a multipart, which may be such themselves; none of anything else."""
        return self.split.parts

    @property
    def split(self) -> Multipart:
        """A multipart taken apart, one level deep; nothing of anything else."""
        boundary = self.parameters.get("boundary", "")
        if not self.is_multipart or not boundary:
            return Multipart((), is_closed=False)
        return _split(self.encoded, boundary)

    @property
    def is_type_read(self) -> bool:
        """Whether its Content-Type says a type, or there is none."""
        given = without_comments(self.get("Content-Type")[:MOST_CHARACTERS]).text.partition(";")[0].strip().lower()
        return not given or _TYPE.fullmatch(given) is not None

    @property
    def is_multipart(self) -> bool:
        """Whether it is made of parts."""
        return self.media_type.startswith("multipart/")

    @property
    def is_attachment(self) -> bool:
        """Whether it is not shown with the rest (RFC 2183 §2.2)."""
        return self.get("Content-Disposition").partition(";")[0].strip().lower() == "attachment"

    @property
    def file_name(self) -> str:
        """The name that its sender gives the file (RFC 2183 §2.3); empty where there is none."""
        return parameter_of(parse_media_type(self.get("Content-Disposition"))[1], "filename")

    @property
    def transfer_encoding(self) -> str:
        """How its body is encoded, in lower case (RFC 2045 §6.1)."""
        return without_comments(self.get("Content-Transfer-Encoding")).text.strip().lower() or "7bit"

    def get(self, name: str) -> str:
        """The body of its topmost field of that name; empty where there is none."""
        return SplitMessage(self.fields, b"").get(name)


class Multipart(NamedTuple):
    """The parts of a multipart; ``is_closed``: its last boundary is there."""

    parts: tuple[Entity, ...]
    is_closed: bool


def parse_entity(octets: bytes) -> Entity:
    """The message or part; never raises."""
    split = split_message(octets)
    media_type, parameters = parse_media_type(split.get("Content-Type"))
    return Entity(split.fields, media_type, parameters, split.body)


def parse_media_type(text: str) -> tuple[str, Mapping[str, str]]:
    """Type and parameters of a Content-Type field; ``text/plain`` where it gives none (RFC 2045 §5.2)."""
    bare = without_comments(text[:MOST_CHARACTERS]).text
    first, *parts = split_at_semicolons(bare)
    media_type = bare[first.start : first.end].strip().lower()
    parameters: dict[str, str] = {}
    for part in parts[:MOST_PARAMETERS]:
        name, _, value = bare[part.start : part.end].partition("=")
        parameters.setdefault(name.strip().lower(), unquote(value.strip()))
    return (media_type if _TYPE.fullmatch(media_type) else "text/plain"), parameters


def parameter_of(parameters: Mapping[str, str], name: str) -> str:
    """The text of the parameter, put together and decoded where RFC 2231 §3 and §4 part and encode it; never raises."""
    if name in parameters:
        return parameters[name]
    numbered = (f"{name}*{number}{end}" for number in range(MOST_PARAMETERS) for end in ("*", ""))
    keys = [key for key in (f"{name}*", *numbered) if key in parameters]
    if not keys:
        return ""
    charset, rest = "utf-8", parameters[keys[0]]
    if keys[0].endswith("*"):
        charset, _, rest = rest.partition("'")
        rest = rest.partition("'")[2]  # behind the language
    texts = zip(keys, [rest, *(parameters[key] for key in keys[1:])], strict=True)
    octets = b"".join(unquote_to_bytes(text) if key.endswith("*") else text.encode() for key, text in texts)
    try:
        return octets.decode(charset, "replace")
    except (LookupError, ValueError):  # no such charset
        return octets.decode("utf-8", "replace")


def _split(body: bytes, boundary: str) -> Multipart:
    """What stands between the boundaries (RFC 2046 §5.1.1); the last part may lack its end."""
    mark = re.escape(boundary.encode("utf-8", "replace"))
    lines = re.compile(rb"(?:^|\r?\n)--" + mark + rb"(--)?[ \t]*+(?=\r?\n|\Z)")
    parts: list[Entity] = []
    found = lines.search(body)
    while found is not None and not found[1] and len(parts) < MOST_PARTS:
        following = lines.search(body, found.end())
        end = following.start() if following else len(body)
        parts.append(parse_entity(re.sub(rb"\A\r?\n", b"", body[found.end() : end])))
        found = following
    return Multipart(tuple(parts), is_closed=found is not None)
