"""What the copies of a test are made from: the campaign's message and the control, unsigned or signed for each copy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from deliverkit.classes import Frozen, replace
from deliverkit.clients.signing import Signer, sign
from deliverkit.errors import UsageError
from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.seeds.copies import control_message, copy_of, dated, is_signed, split_whole
from deliverkit.seeds.journal import Journal
from deliverkit.seeds.plan import Campaign
from deliverkit.seeds.send import to_send
from deliverkit.standards.address_list import addresses_in, decode_words
from deliverkit.standards.senders import parse_mail_from


class Mailing(Frozen):
    """A message that can be sent as copies. ``author`` is its From header's address.

    ``is_composed``: it has no date, and each copy gets that of the moment at which it is made. So the same parts are
    the same message, whenever they are given.
    """

    octets: bytes
    author: str
    subject: str
    signer: Signer | None = None
    is_composed: bool = False

    @property
    def from_domain(self) -> str:
        """The domain of From."""
        return self.author.rpartition("@")[2].lower()

    def campaign(self, name: str) -> Campaign:
        """What a test of it is planned from."""
        return Campaign(name, self.subject, self.from_domain, self.octets)

    @property
    def digest(self) -> str:
        """By which a test knows the message again."""
        return hashlib.sha256(self.octets).hexdigest()

    def unfinished(self, journal: Journal, name: str) -> SeedTest | None:
        """The newest test of that name that deliverkit sends, if copies of it are left to send.

        Raises:
            UsageError: it began with another message.
        """
        own = [test.token for test in journal.tests() if test.name == name and not test.is_external]
        if not own:
            return None
        found = journal.find(own[-1])
        if not to_send(found.copies, in_doubt=True):
            return None
        if found.digest != self.digest:
            raise UsageError(f"the message is not the one that {found.name} began with: begin a new test with --name")
        return found

    def maker(self, moment: datetime) -> Callable[[Copy], bytes]:
        """What makes a copy's octets."""
        control = control_message(self.author, moment)

        def octets_of(copy: Copy) -> bytes:
            given = control if copy.is_control else self._now()
            made = copy_of(given, token=copy.token, address=copy.address, from_domain=self.from_domain)
            return sign(made, self.signer) if self.signer else made

        return octets_of

    def _now(self) -> bytes:
        return dated(self.octets, datetime.now(UTC)) if self.is_composed else self.octets


def composed_mailing(octets: bytes, *, signer: Signer | None = None) -> Mailing:
    """The composed message, which has no date yet, as a mailing that deliverkit sends.

    Raises:
        UsageError: a signature stands in its headers, and nothing is given to sign its copies with.
    """
    return replace(mailing_of(octets, signer=signer), is_composed=True)


def mailing_of(octets: bytes, *, signer: Signer | None = None) -> Mailing:
    """The message as a mailing that deliverkit sends.

    Raises:
        UsageError: it has no author, or it is signed and nothing is given to sign its copies with.
    """
    mailing = read_mailing(octets, signer=signer)
    if is_signed(octets) and signer is None:
        raise UsageError(
            "the message is signed, and each copy has headers of its own that would break the signature: give the key "
            "with --dkim-key and --dkim-selector, or let your own platform send it (--external)"
        )
    return mailing


def read_mailing(octets: bytes, *, signer: Signer | None = None) -> Mailing:
    """The message as a mailing, whoever sends it.

    Raises:
        UsageError: its headers cannot be read, or it has no author that can be written to.
    """
    message = split_whole(octets)
    addresses = addresses_in(message.get("From"))
    if not addresses:
        raise UsageError("the message has no From header with an address in it (RFC 5322 §3.6.2)")
    parse_mail_from(addresses[0])
    subject = " ".join(decode_words(message.get("Subject")).split())  # as its reader sees it, and names the test
    return Mailing(octets, addresses[0], subject, signer)
