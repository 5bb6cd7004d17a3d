"""What an IMAP server answers, as it should: commands in, responses out, no octet moved (RFC 3501)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping

from deliverkit.lab.imapfolders import listed, opened, status
from deliverkit.lab.imaphosts import ImapHost
from deliverkit.lab.imapnames import decoded
from deliverkit.lab.imapsyntax import Command, SyntaxFault, quoted
from deliverkit.lab.imapview import View
from deliverkit.lab.mailstore import Folder, MailStore, uidvalidities
from deliverkit.lab.sasl import Exchange, exchange

_BEARERS = frozenset({"XOAUTH2", "OAUTHBEARER"})
_ALWAYS = frozenset({"CAPABILITY", "ID", "NOOP", "LOGOUT", "STARTTLS"})
_BEFORE_LOGIN = frozenset({"LOGIN", "AUTHENTICATE"})
_AFTER_LOGIN = frozenset({"LIST", "LSUB", "NAMESPACE", "STATUS", "SELECT", "EXAMINE", "IDLE", "NOTIFY"})
_SELECTED = frozenset({"SEARCH", "FETCH", "STORE", "EXPUNGE", "CHECK", "CLOSE", "UNSELECT"})
_QUIETLY = frozenset({"SEARCH", "FETCH", "STORE"})  # no EXPUNGE may come with these (RFC 3501 §7.4.1)
_EXTENSIONS = {"IDLE": "IDLE", "NOTIFY": "NOTIFY", "ID": "ID", "NAMESPACE": "NAMESPACE", "UNSELECT": "UNSELECT"}
_TRIED = re.compile(rb"(?:^[^\0]*\0|user=|,a=)([^\0\1,]+)")  # whose response it is: PLAIN, XOAUTH2, OAUTHBEARER
_NOTIFIED = ["MESSAGES", "UIDNEXT", "UIDVALIDITY"]

Answer = tuple[bytes, str]
"""Untagged responses, and the text behind the tag; empty: it comes later."""


class ImapDialogue:
    """The state of one connection. ``wants`` is what comes next: a command, or what the last one announced."""

    def __init__(self, host: ImapHost, stores: Mapping[str, MailStore]) -> None:
        self.host = host
        self.wants = "command"  # or "response", "done", "handshake", "nothing"
        self.secure = False
        self.store: MailStore | None = None
        self.tag = ""
        self._stores = stores
        self._view: View | None = None
        self._exchange: Exchange | None = None
        self._tried = ""
        self._notifies = False

    def does(self, name: str, stage: str) -> bool:
        """Whether the server does that wrong at the command, to everybody or in this mailbox."""
        own = self.store.mailbox.do if self.store else ()
        stages = {stage} if stage == "CONNECT" else {stage, "*"}
        return any(one.name == name and one.stage in stages for one in (*self.host.do, *own))

    def greet(self) -> bytes:
        """The greeting (RFC 3501 §7.1)."""
        return f"* OK [CAPABILITY {self._capabilities()}] {self.host.name} is ready\r\n".encode()

    def answer(self, command: Command) -> bytes:
        """Everything that is said to a command."""
        self.tag = command.tag
        try:
            untagged, text = self._answer(command)
        except (SyntaxFault, ValueError, RecursionError) as fault:
            untagged, text = b"", f"BAD {fault}"
        news = "" if command.name in _QUIETLY and not command.by_uid else self._news()
        return untagged + news.encode() + (f"{self.tag} {text}\r\n".encode() if text else b"")

    def respond(self, line: bytes) -> bytes:
        """What is said to a response in an exchange (RFC 3501 §6.2.2)."""
        self.wants = "command"
        text = "BAD given up" if line.strip() == b"*" else self._respond(line)
        return f"{self.tag} {text}\r\n".encode() if text[:1] != "+" else f"{text}\r\n".encode()

    def done(self) -> bytes:
        """What is said when the client idles no more (RFC 2177)."""
        self.wants = "command"
        return f"{self.tag} OK done\r\n".encode()

    def push(self, name: str) -> bytes:
        """What is said unasked when the folder of that name has changed."""
        selected = self._view is not None and self._view.folder.name == name
        if selected and (self.wants == "done" or self._notifies):
            return self._news().encode()
        folder = self.store.find(name) if self.store and self._notifies else None
        return status(folder, _NOTIFIED).encode() if folder else b""  # RFC 5465 §5.2

    def start_over(self) -> None:
        """TLS is there."""
        self.secure, self.wants = True, "command"

    def _answer(self, command: Command) -> Answer:
        name = command.name
        extension = _EXTENSIONS.get(name)
        allowed = _ALWAYS | (_AFTER_LOGIN if self.store else _BEFORE_LOGIN) | (_SELECTED if self._view else set())
        if name not in allowed or (extension and not self.host.announces(extension)):
            return b"", f"BAD {quoted(name)} is not known, or not now"
        answer: Answer = getattr(self, f"_{name.lower()}")(command)
        return answer

    def _news(self) -> str:
        return self._view.news() if self._view else ""

    def _capabilities(self) -> str:
        if self._in_clear:
            ways = ["STARTTLS", "LOGINDISABLED"]
        else:
            ways = [*(f"AUTH={one}" for one in self.host.auth), *([] if self.host.login else ["LOGINDISABLED"])]
        return " ".join(["IMAP4rev1", *self.host.capabilities, *ways])

    def _capability(self, _: Command) -> Answer:
        return f"* CAPABILITY {self._capabilities()}\r\n".encode(), "OK listed"

    def _id(self, _: Command) -> Answer:
        return f'* ID ("name" "deliverkit lab" "support-url" {quoted(self.host.name)})\r\n'.encode(), "OK done"

    def _noop(self, _: Command) -> Answer:
        return b"", "OK nothing done"

    def _check(self, _: Command) -> Answer:
        return b"", "OK nothing done"

    def _logout(self, _: Command) -> Answer:
        self.wants = "nothing"
        return b"* BYE goodbye\r\n", "OK done"

    def _starttls(self, _: Command) -> Answer:
        if not self.host.certificate or self.secure:
            return b"", "BAD there is no TLS to start"
        self.wants = "handshake"
        return b"", "OK begin"

    def _login(self, command: Command) -> Answer:
        user, password = command.texts(2)
        if not self.host.login or self._in_clear:
            why = "PRIVACYREQUIRED] start TLS first" if self._in_clear else "AUTHENTICATIONFAILED] LOGIN is disabled"
            return b"", f"NO [{why}"
        store = self._stores.get(user.lower())
        right = store is not None and password and password == store.mailbox.password
        return b"", self._enter(user) if right else self._refuse(user)

    def _authenticate(self, command: Command) -> Answer:
        [mechanism, *initial] = [word for word in command.arguments if isinstance(word, str)] or [""]
        if mechanism.upper() not in self.host.auth:
            return b"", "NO [CANNOT] that mechanism is not offered"
        if self._in_clear:
            return b"", "NO [PRIVACYREQUIRED] start TLS first"
        bearer = mechanism.upper() in _BEARERS
        boxes = {user: store.mailbox for user, store in self._stores.items() if not store.mailbox.refusal}
        users = {user: box.token if bearer else box.password for user, box in boxes.items()}
        self._exchange = exchange(mechanism.upper(), {user: secret for user, secret in users.items() if secret})
        assert self._exchange is not None
        challenge = next(self._exchange)
        if not initial:
            return self._challenge(challenge).encode() + b"\r\n", ""
        if not self.host.announces("SASL-IR"):  # RFC 4959
            return b"", "BAD an initial response is not expected"
        text = self._respond(b"" if initial[0] == "=" else initial[0].encode())
        return (f"{text}\r\n".encode(), "") if text[:1] == "+" else (b"", text)

    def _respond(self, line: bytes) -> str:
        assert self._exchange is not None
        try:
            response = b64decode(line.strip(), validate=True)
            self._tried = next(
                (found[1].decode("utf-8", "replace") for found in [_TRIED.search(response)] if found), self._tried
            )
            return self._challenge(self._exchange.send(response))
        except Base64Error:
            return "BAD no base64"
        except StopIteration as result:
            self.wants = "command"
            return self._enter(result.value) if result.value else self._refuse(self._tried)

    def _challenge(self, challenge: bytes) -> str:
        self.wants = "response"
        return f"+ {b64encode(challenge).decode()}"

    @property
    def _in_clear(self) -> bool:
        return bool(self.host.certificate) and not self.secure

    def _refuse(self, user: str) -> str:
        store = self._stores.get(user.lower())
        own = store.mailbox.refusal if store else ""
        return own or "NO [AUTHENTICATIONFAILED] Invalid credentials"

    def _enter(self, user: str) -> str:
        store = self._stores[user.lower()]
        if store.mailbox.refusal:
            return store.mailbox.refusal
        if 0 < self.host.most_connections <= store.connections:
            return self._turn_away()
        store.connections += 1
        self.store = store
        return f"OK [CAPABILITY {self._capabilities()}] logged in"

    def _turn_away(self) -> str:
        """One connection too many: NO, or BYE and the end."""
        if self.host.limit.startswith("BYE"):
            self.wants, self.tag = "nothing", "*"
        return self.host.limit

    def leave(self) -> None:
        """The connection ends."""
        if self.store is not None:
            self.store.connections -= 1

    def _list(self, command: Command) -> Answer:
        return listed(self.host, self._mailbox, command).encode(), "OK listed"

    _lsub = _list

    def _namespace(self, _: Command) -> Answer:
        own = f"(({quoted(self.host.prefix)} {quoted(self.host.separator)}))"
        return f"* NAMESPACE {own} NIL NIL\r\n".encode(), "OK done"  # RFC 2342

    def _status(self, command: Command) -> Answer:
        folder = self._folder(command)
        items = next((word for word in command.arguments if isinstance(word, list)), [])
        if folder is None:
            return b"", "NO [NONEXISTENT] there is no such folder"
        return status(folder, [item for item in items if isinstance(item, str)]).encode(), "OK done"

    def _select(self, command: Command) -> Answer:
        folder, is_writable = self._folder(command), command.name == "SELECT"
        self._view = None
        if folder is None:
            return b"", "NO [NONEXISTENT] there is no such folder"
        if self.does("new-uidvalidity", "SELECT"):
            folder.uidvalidity = next(uidvalidities)
        self._mailbox.opened.append((command.name, folder.name))
        self._view = View(self._mailbox, folder, is_writable=is_writable)
        return opened(folder, is_writable=is_writable).encode(), f"OK [READ-{'WRITE' if is_writable else 'ONLY'}] open"

    _examine = _select

    def _idle(self, _: Command) -> Answer:
        self.wants = "done"
        return b"+ idling\r\n", ""

    def _notify(self, command: Command) -> Answer:
        """RFC 5465 in small: whatever is asked for, every folder is told of."""
        verb = command.texts(1)[0].upper()
        if verb not in {"SET", "NONE"}:
            raise SyntaxFault("NOTIFY takes SET or NONE")
        self._notifies = verb == "SET"
        if "STATUS" not in [str(word).upper() for word in command.arguments[1:2]]:
            return b"", "OK done"
        found = (self._mailbox.find(name) for name in self._mailbox.folders)
        return "".join(status(folder, _NOTIFIED) for folder in found if folder).encode(), "OK done"

    def _search(self, command: Command) -> Answer:
        return self._open.search(command), "OK searched"

    def _fetch(self, command: Command) -> Answer:
        return self._open.fetch(command), "OK fetched"

    def _store(self, command: Command) -> Answer:
        return self._open.store(command)

    def _expunge(self, command: Command) -> Answer:
        return b"", self._open.expunge(command)

    def _close(self, command: Command) -> Answer:
        if self._open.is_writable:  # RFC 3501 §6.4.2
            self._open.expunge(Command(command.tag, "EXPUNGE", []))
        return self._unselect(command)

    def _unselect(self, _: Command) -> Answer:
        self._view = None
        return b"", "OK closed"

    def _folder(self, command: Command) -> Folder | None:
        return self._mailbox.find(decoded(command.texts(1)[0]))

    @property
    def _mailbox(self) -> MailStore:
        assert self.store is not None
        return self.store

    @property
    def _open(self) -> View:
        assert self._view is not None
        return self._view
