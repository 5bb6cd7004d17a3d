"""What an IMAP server says of the folders of a mailbox: LIST, STATUS, and the head of SELECT (RFC 3501 §7.2)."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.lab.imaphosts import ImapHost
from deliverkit.lab.imapnames import decoded, encoded, pattern
from deliverkit.lab.imapsyntax import Command, SyntaxFault, quoted
from deliverkit.lab.mailstore import Folder, MailStore

_FLAGS = "\\Answered \\Flagged \\Deleted \\Seen \\Draft"
_PERMANENT = f"{_FLAGS} \\*"


def listed(host: ImapHost, store: MailStore, command: Command) -> str:
    """The response to LIST, and to LSUB: everything is subscribed."""
    words = list(command.arguments)
    extended = [word for word in words if isinstance(word, list)]
    if extended and not host.announces("SPECIAL-USE"):
        raise SyntaxFault("LIST takes a reference and a pattern")  # so does Gmail, though it has the attributes
    only_special = isinstance(words[0], list) and "SPECIAL-USE" in words.pop(0) if words else False
    texts = [word for word in words if isinstance(word, str)]
    if len(texts) < 2:
        raise SyntaxFault("LIST takes a reference and a pattern")
    if not texts[1]:  # RFC 3501 §6.3.8: what separates names
        return f'* {command.name} (\\Noselect) "{host.separator}" ""\r\n'
    matches = pattern(decoded(texts[0] + texts[1]), host.separator).fullmatch
    found = (folder for folder in store.folders.values() if matches(folder.name))
    return "".join(
        f'* {command.name} ({" ".join(words)}) "{host.separator}" {quoted(encoded(folder.name))}\r\n'
        for folder in found
        for words in [[*folder.attributes, *_children(folder, store, host.separator)]]
        if folder.attributes or not only_special
    )


def _children(folder: Folder, store: MailStore, separator: str) -> Iterator[str]:
    """RFC 3348."""
    has_some = any(name.startswith(f"{folder.name}{separator}") for name in store.folders)
    yield "\\HasChildren" if has_some else "\\HasNoChildren"


def status(folder: Folder, items: list[str]) -> str:
    """The response to STATUS.

    Raises:
        SyntaxFault: an item is not known.
    """
    known = {
        "MESSAGES": len(folder.messages),
        "RECENT": 0,
        "UIDNEXT": folder.uidnext,
        "UIDVALIDITY": folder.uidvalidity,
        "UNSEEN": len(folder.messages) - folder.count("\\Seen"),
    }
    wanted = [item.upper() for item in items]
    if not wanted or set(wanted) - set(known):
        raise SyntaxFault("a status item is not known")
    told = " ".join(f"{item} {known[item]}" for item in wanted)
    return f"* STATUS {quoted(encoded(folder.name))} ({told})\r\n"


def opened(folder: Folder, *, is_writable: bool) -> str:
    """What SELECT and EXAMINE say before their answer (RFC 3501 §6.3.1)."""
    unseen = next((number for number, one in enumerate(folder.messages, 1) if "\\Seen" not in one.flags), 0)
    return "".join(
        f"* {line}\r\n"
        for line in (
            f"FLAGS ({_FLAGS})",
            f"OK [PERMANENTFLAGS ({_PERMANENT if is_writable else ''})] these stay",
            f"{len(folder.messages)} EXISTS",
            "0 RECENT",
            *([f"OK [UNSEEN {unseen}] the first that is not seen"] if unseen else []),
            f"OK [UIDVALIDITY {folder.uidvalidity}] these UIDs are valid",
            f"OK [UIDNEXT {folder.uidnext}] the next UID",
        )
    )
