"""What the copies of a test are made from: the campaign's message and the control, unsigned or signed for each copy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from deliverkit.classes import frozen
from deliverkit.clients.signing import Signer, sign
from deliverkit.errors import UsageError
from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.seeds.copies import control_message, copy_of, is_signed
from deliverkit.seeds.plan import Campaign
from deliverkit.standards.address_list import addresses_in
from deliverkit.standards.header import split_message


@frozen
class Mailing:
    """A message that can be sent as copies. ``author`` is its From header's address."""

    octets: bytes
    author: str
    subject: str
    signer: Signer | None = None

    @property
    def from_domain(self) -> str:
        """The domain of From."""
        return self.author.rpartition("@")[2].lower()

    def campaign(self, name: str) -> Campaign:
        """What a test of it is planned from."""
        return Campaign(name, self.subject, self.from_domain, self.octets)

    def require_same(self, test: SeedTest) -> None:
        """See that the message is the one that the test began with.

        Raises:
            UsageError: it is another.
        """
        if hashlib.sha256(self.octets).hexdigest() != test.digest:
            raise UsageError(f"the message is not the one that {test.name} began with: begin a new test with --name")

    def maker(self, moment: datetime) -> Callable[[Copy], bytes]:
        """What makes a copy's octets."""
        control = control_message(self.author, moment)

        def octets_of(copy: Copy) -> bytes:
            given = control if copy.is_control else self.octets
            made = copy_of(given, token=copy.token, address=copy.address, from_domain=self.from_domain)
            return sign(made, self.signer) if self.signer else made

        return octets_of


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
        UsageError: it has no author.
    """
    message = split_message(octets)
    if message.broken_at:
        raise UsageError(
            f"line {message.broken_at} of the message is neither a header nor the empty line that ends the headers"
        )
    addresses = addresses_in(message.get("From"))
    if not addresses:
        raise UsageError("the message has no From header with an address in it (RFC 5322 §3.6.2)")
    return Mailing(octets, addresses[0], message.get("Subject"), signer)
