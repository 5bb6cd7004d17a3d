"""A round of sending to the sink, as a program of its own too, so that it can be killed."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from deliverkit.clients import Clients
from deliverkit.clients.recorded import Recorded
from deliverkit.clients.routes import Routes
from deliverkit.clients.submission import Courier, Way
from deliverkit.observations import Instant
from deliverkit.observations.seeds import Copy, Sending
from deliverkit.seeds.copies import copy_of
from deliverkit.seeds.journal import open_journal, sending_alone
from deliverkit.seeds.send import Manner, Round, to_send

RELAY = ("198.51.100.1", 587)
MESSAGE = b"From: news@shop.example\r\nSubject: Hi\r\n\r\nHello\r\n"


def message_of(copy: Copy) -> bytes:
    return copy_of(MESSAGE, token=copy.token, address=copy.address, from_domain="shop.example")


async def send(  # noqa: PLR0913 - each makes another round
    path: Path,
    port: int,
    *,
    in_doubt: bool = False,
    again: tuple[float, ...] = (),
    allowed: set[str] | None = None,
    mail_from: str = "bounce@shop.example",
) -> list[tuple[Copy, Sending]]:
    """What is still to be sent of the newest test in the journal, through the sink as its relay."""
    way = Way("sink.example", *RELAY, tls="none")
    with open_journal(path) as journal, sending_alone(path):
        copies = to_send(journal.find().copies, in_doubt=in_doubt)
        seeds = {copy.address for copy in copies} if allowed is None else allowed
        courier = Courier(seeds, routes=Routes({RELAY: ("127.0.0.1", port)}), patience=5.0)
        clients = Clients(Recorded({}), Instant(datetime.now(UTC)))
        manner = Manner(mail_from, "me.example", (way,), pause=0.0, again=again)
        found = Round(journal, courier, clients, manner, message_of).send(copies)
        return [one async for one in found]


if __name__ == "__main__":
    asyncio.run(send(Path(sys.argv[1]), int(sys.argv[2])))
