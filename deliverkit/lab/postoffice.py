"""What becomes of the messages that a world's SMTP servers take: the rules applied, copies put into mailboxes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count

import dns.name

from deliverkit.errors import LabError
from deliverkit.lab.bounces import report
from deliverkit.lab.deliveries import Delivery
from deliverkit.lab.deliveryrules import Copy, Rule
from deliverkit.lab.imaphosts import ImapHost
from deliverkit.lab.mailstore import MailStore, Stored
from deliverkit.lab.zones import Names

_NOBODY = "127.0.0.1"  # whoever says a name that the world does not know
_PLAIN = Rule()


class PostOffice:
    """Delivers by the first rule that a copy meets; without one into the inbox."""

    def __init__(
        self,
        rules: Sequence[Rule],
        hosts: Sequence[ImapHost],
        mailboxes: Mapping[str, MailStore],
        names: Names,
    ) -> None:
        self._rules = rules
        self._authentication = {one.address: host.authentication for host in hosts for one in host.mailboxes}
        self._mailboxes = mailboxes
        self._names = names
        self._met: Counter[int] = Counter()
        self._replied: Counter[tuple[int, str, str]] = Counter()
        self._numbers = count(1)
        self._waiting: set[asyncio.TimerHandle] = set()
        for rule in rules:
            self._look_at(rule)

    def close(self) -> None:
        """Forget the copies that are still on their way."""
        for handle in self._waiting:
            handle.cancel()

    def take(self, delivery: Delivery, *, together: bool) -> list[str]:
        """The refusal for each recipient, empty where the copy is taken; ``together``: one refusal refuses all."""
        copies = self._copies(delivery)
        rules = [self._rule_for(copy) for copy in copies]
        refusals = [rule.reply for rule in rules]
        if not together or not any(refusals):
            for copy, rule in zip(copies, rules, strict=True):
                if not rule.reply:
                    self._deliver(copy, rule)
        return refusals

    def give_back(self, copy: Copy, diagnostic: str) -> None:
        """Report to the sender's mailbox in the world, where there is one, that the copy was not delivered."""
        store = self._mailbox(copy.mail_from)
        if store is not None:
            now = datetime.now(UTC)
            octets = report(copy, diagnostic, now=now, number=next(self._numbers))
            store.put(Stored(b"Return-Path: <>\r\n" + octets, now), "inbox")

    def _look_at(self, rule: Rule) -> None:
        """Look whether every mailbox that the rule is for has its folder."""
        for address, store in self._mailboxes.items():
            if rule.is_for(address) and not rule.reply and store.folder_for(rule.folder) is None:
                raise LabError(f"a delivery rule is for {address}, which has no folder {rule.folder!r}")

    def _copies(self, delivery: Delivery) -> list[Copy]:
        ip = self._address_of(delivery.helo)
        return [self._copy(delivery, ip, recipient.lower()) for recipient in delivery.recipients]

    def _copy(self, delivery: Delivery, ip: str, recipient: str) -> Copy:
        store = self._mailbox(recipient)
        return Copy(
            delivery.server,
            delivery.helo,
            ip,
            delivery.sender,
            recipient,
            delivery.message,
            delivery.secure,
            store.mailbox.address if store else recipient,
        )

    def _address_of(self, helo: str) -> str:
        """The address in the world of the host that calls itself so."""
        try:
            found = self._names.addresses_of(dns.name.from_text(helo))
        except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel, dns.name.BadEscape):
            return _NOBODY
        return next((rdata.to_text() for rrset in found for rdata in rrset), _NOBODY)

    def _rule_for(self, copy: Copy) -> Rule:
        if self._mailbox(copy.recipient) is None:
            return _PLAIN
        return next((rule for place, rule in enumerate(self._rules) if self._applies(place, rule, copy)), _PLAIN)

    def _applies(self, place: int, rule: Rule, copy: Copy) -> bool:
        if not rule.meets(copy):
            return False
        self._met[place] += 1
        if self._met[place] % rule.every:
            return False
        if rule.reply and rule.times:
            key = (place, copy.mail_from, copy.recipient)
            self._replied[key] += 1
            return self._replied[key] <= rule.times
        return True

    def _mailbox(self, address: str) -> MailStore | None:
        """The mailbox of an address, with or without a subaddress (RFC 5233 §1)."""
        local, _, domain = address.lower().rpartition("@")
        return self._mailboxes.get(address.lower()) or self._mailboxes.get(f"{local.partition('+')[0]}@{domain}")

    def _deliver(self, copy: Copy, rule: Rule) -> None:
        loop = asyncio.get_running_loop()

        def arrive() -> None:
            self._waiting.discard(handle)
            self._arrive(copy, rule)

        if not rule.discard and self._mailbox(copy.recipient) is not None:
            handle = loop.call_later(rule.delay, arrive)
            self._waiting.add(handle)

    def _arrive(self, copy: Copy, rule: Rule) -> None:
        store = self._mailbox(copy.recipient)
        assert store is not None
        if rule.bounce:
            self.give_back(copy, rule.bounce)
            return
        now = datetime.now(UTC)
        stamped = self._stamps(copy, rule, store, now) + copy.message
        store.put(Stored(stamped, now, rule.category, set(rule.labels), set(rule.flags)), rule.folder)

    def _stamps(self, copy: Copy, rule: Rule, store: MailStore, now: datetime) -> bytes:
        """What the receiver writes above a message (RFC 5321 §4.4, RFC 8601 §5)."""
        told = rule.authentication or self._authentication[store.mailbox.address]
        protocol = "ESMTPS" if copy.is_secure else "ESMTP"  # RFC 3848
        hop = f"from {copy.helo} ({copy.helo} [{copy.ip}]) by {copy.server} with {protocol} id {next(self._numbers)}"
        lines = [
            f"Return-Path: <{copy.mail_from}>",
            *([f"Authentication-Results: {copy.server}; {copy.filled(told)}"] if told else []),
            *map(copy.filled, rule.headers),
            f"Received: {hop}; {format_datetime(now)}",
        ]
        return "".join(f"{line}\r\n" for line in lines).encode()
