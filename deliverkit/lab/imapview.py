"""A folder as a connection has it open: its sequence numbers, and the commands on messages (RFC 3501 §6.4)."""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.lab.imapfetch import fetched, flags, items_of, mark_seen
from deliverkit.lab.imapsearch import Candidate, Search
from deliverkit.lab.imapsyntax import Command, Numbers, SyntaxFault, Token
from deliverkit.lab.mailstore import Folder, MailStore

_READ_ONLY = "NO [READ-ONLY] the folder was opened by EXAMINE"


class View:
    """The messages that a client knows of, in their order."""

    def __init__(self, store: MailStore, folder: Folder, *, is_writable: bool) -> None:
        self._store = store
        self.folder = folder
        self.is_writable = is_writable
        self._messages = list(folder.messages)

    def news(self) -> str:
        """What has gone and come since the client last heard (RFC 3501 §7.3.1, §7.4.1)."""
        there = {id(message) for message in self.folder.messages}
        lines = []
        for number in range(len(self._messages), 0, -1):
            if id(self._messages[number - 1]) not in there:
                del self._messages[number - 1]
                lines.append(f"* {number} EXPUNGE\r\n")
        if len(self.folder.messages) > len(self._messages):
            self._messages = list(self.folder.messages)
            lines.append(f"* {len(self._messages)} EXISTS\r\n")
        return "".join(lines)

    def search(self, command: Command) -> bytes:
        """The response to SEARCH."""
        words = list(command.arguments)
        if words[:1] and str(words[0]).upper() == "CHARSET":
            words = words[2:]
        if not words:
            raise SyntaxFault("SEARCH takes a key")
        candidates = self._candidates()
        meets = Search(words, candidates).condition()
        found = [one.message.uid if command.by_uid else one.number for one in candidates if meets(one)]
        return f"* SEARCH{''.join(f' {number}' for number in found)}\r\n".encode()

    def fetch(self, command: Command) -> bytes:
        """The response to FETCH; a body that is not peeked at becomes \\Seen where the folder was selected."""
        items = items_of(command.arguments[1:])
        if command.by_uid:
            items = ["UID", *items]  # RFC 3501 §6.4.8
        lines = []
        for candidate in self._chosen(command):
            message = candidate.message
            if mark_seen(items) and self.is_writable and "\\Seen" not in message.flags:
                self._store.change_flags(self.folder, message, {*message.flags, "\\Seen"})
                items = [*items, "FLAGS"]
            lines.append(fetched(candidate, items))
        return b"".join(lines)

    def store(self, command: Command) -> tuple[bytes, str]:
        """The responses to STORE, and its answer."""
        if not self.is_writable:
            return b"", _READ_ONLY
        _, item = command.texts(2)
        changed = _flags_of(command.arguments[2:])
        lines = []
        for candidate in self._chosen(command):
            message = candidate.message
            new = {"+": message.flags | changed, "-": message.flags - changed}.get(item[:1], changed)
            self._store.change_flags(self.folder, message, new)
            if not item.upper().endswith(".SILENT"):
                uid = f"UID {message.uid} " if command.by_uid else ""
                lines.append(f"* {candidate.number} FETCH ({uid}FLAGS {flags(message)})\r\n")
        return "".join(lines).encode(), "OK stored"

    def expunge(self, command: Command) -> str:
        """The answer to EXPUNGE, and to UID EXPUNGE (RFC 4315 §2.1)."""
        if not self.is_writable:
            return _READ_ONLY
        chosen = self._chosen(command) if command.by_uid else self._candidates()
        self._store.remove(self.folder, [one.message for one in chosen if "\\Deleted" in one.message.flags])
        return "OK expunged"

    def _candidates(self) -> list[Candidate]:
        there = {id(message) for message in self.folder.messages}
        return [Candidate(n, one) for n, one in enumerate(self._messages, 1) if id(one) in there]

    def _chosen(self, command: Command) -> list[Candidate]:
        candidates = self._candidates()
        [text] = command.texts(1)
        last = candidates[-1] if candidates else None
        if command.by_uid:
            numbers = Numbers(text, last.message.uid if last else 0)
            return [one for one in candidates if one.message.uid in numbers]
        numbers = Numbers(text, last.number if last else 0)
        return [one for one in candidates if one.number in numbers]


def _flags_of(words: Sequence[Token]) -> set[str]:
    listed = words[0] if words and isinstance(words[0], list) else words
    standard = {flag.lower(): flag for flag in ("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft")}
    return {standard.get(word.lower(), word) for word in listed if isinstance(word, str)}
