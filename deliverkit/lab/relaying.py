"""A server of a world that passes on what it takes: to the exchangers of each recipient's domain (RFC 5321 §5.1)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiosmtplib
import dns.name
import dns.rdatatype

from deliverkit.lab.deliveries import Delivery
from deliverkit.lab.deliveryrules import Copy
from deliverkit.lab.mailhosts import MailHost
from deliverkit.lab.postoffice import PostOffice
from deliverkit.lab.signing import signed
from deliverkit.lab.zones import Names

_PORT = 25
_ATTEMPTS = 5
_PATIENCE = 10.0  # seconds for a reply
_GIVEN_UP = "550 5.4.7 it could not be delivered for too long; the last reply was: "  # RFC 3463 §3.5

Endpoint = tuple[str, int]


@dataclass(slots=True)
class Relay:
    """Takes every message, signs it where its host does, and tries to hand over each copy, five times."""

    host: MailHost
    names: Names
    routes: Mapping[Endpoint, Endpoint]
    office: PostOffice
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def take(self, delivery: Delivery, *, together: bool) -> list[str]:
        """No refusal, for any recipient."""
        del together  # nobody is refused
        message = signed(self.host.sign, delivery.message) if self.host.sign else delivery.message
        for recipient in delivery.recipients:
            copy = Copy(self.host.name, delivery.helo, "", delivery.sender, recipient, message)
            task = asyncio.create_task(self._pass_on(copy))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return [""] * len(delivery.recipients)

    async def close(self) -> None:
        """Forget what has not been handed over."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pass_on(self, copy: Copy) -> None:
        refusal = ""
        for attempt in range(_ATTEMPTS):
            await asyncio.sleep(self.host.seconds if attempt else 0)
            refusal = await self._refusal(copy)
            if refusal[:1] != "4":
                break
        if refusal:
            self.office.give_back(copy, refusal if refusal[0] == "5" else f"{_GIVEN_UP}{refusal}")

    async def _refusal(self, copy: Copy) -> str:
        """The reply of the exchanger that does not take the copy; empty: one takes it."""
        refusal = "550 5.4.4 the domain has no mail host"
        for address in self._exchangers(copy.recipient.rpartition("@")[2]):
            refusal = await self._hand_over(copy, address)
            if refusal[:1] != "4":
                break
        return refusal

    async def _hand_over(self, copy: Copy, address: str) -> str:
        place = self.routes.get((address, _PORT))
        if place is None:
            return "451 4.4.1 the host does not answer"
        smtp = aiosmtplib.SMTP(
            hostname=place[0],
            port=place[1],
            local_hostname=self.host.name,
            timeout=_PATIENCE,
            validate_certs=False,  # as senders do that know of no policy (RFC 7435)
        )
        try:
            async with smtp:
                is_plain = (copy.mail_from + copy.recipient).isascii()
                options = [] if is_plain else ["SMTPUTF8"]  # RFC 6531 §3.4
                await smtp.sendmail(copy.mail_from, [copy.recipient], copy.message, mail_options=options)
        except aiosmtplib.SMTPRecipientsRefused as error:
            first = error.recipients[0]
            return f"{first.code} {first.message}"
        except aiosmtplib.SMTPResponseException as error:
            return f"{error.code} {error.message}" if error.code > 0 else f"451 4.4.2 {error.message}"
        except (aiosmtplib.SMTPException, OSError) as error:
            return f"451 4.4.2 {error}"
        return ""

    def _exchangers(self, domain: str) -> list[str]:
        """The addresses of the domain's exchangers, in the order in which they are tried."""
        name = dns.name.from_text(domain)
        found = self.names.look_up(name, dns.rdatatype.RdataType.MX).answer
        records = [rdata for rrset in found if rrset.rdtype == dns.rdatatype.MX for rdata in rrset]
        ordered = [rdata.exchange for rdata in sorted(records, key=lambda rdata: int(rdata.preference))] or [name]
        return [rdata.to_text() for host in ordered for rrset in self.names.addresses_of(host) for rdata in rrset]
