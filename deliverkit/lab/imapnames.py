"""Names of mailboxes: modified UTF-7 (RFC 3501 §5.1.3), and the patterns of LIST (RFC 3501 §6.3.8)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error

_FOREIGN = re.compile(r"[^\x20-\x7e]+")
_SHIFTED = re.compile(r"&([^-]*)-")


def encoded(name: str) -> str:
    """The name in modified UTF-7."""
    return _FOREIGN.sub(_shift, name.replace("&", "&-"))


def decoded(name: str) -> str:
    """The name that the modified UTF-7 stands for; as it is where it stands for none."""
    try:
        return _SHIFTED.sub(_unshift, name)
    except (Base64Error, UnicodeDecodeError):
        return name


def pattern(text: str, separator: str) -> re.Pattern[str]:
    """What a pattern of LIST matches: ``*`` anything, ``%`` anything but the separator."""
    meanings = {"*": ".*", "%": f"[^{re.escape(separator)}]*"}
    parts = (meanings.get(piece) or re.escape(piece) for piece in re.split(r"([*%])", text))
    return re.compile("".join(parts), re.DOTALL | re.IGNORECASE)


def _shift(found: re.Match[str]) -> str:
    text = b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
    return f"&{text}-"


def _unshift(found: re.Match[str]) -> str:
    text = found[1].replace(",", "/")
    return b64decode(text + "=" * (-len(text) % 4)).decode("utf-16-be") if text else "&"
