"""Planning a seed test: which copies there are, and under which provider each stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.seeds.copies import new_token
from deliverkit.seeds.relay import Relay, with_port
from deliverkit.seeds.seedfile import Seed


class Campaign(NamedTuple):
    """What is tested: the message as it was given (empty where another platform sends it), and who it is from."""

    name: str
    subject: str
    from_domain: str
    message: bytes = b""


def path_of(mail_from: str, relay: Relay, lab: str) -> dict[str, str]:
    """The way of a test's copies, as the journal keeps it; ``lab`` is the world in which they are sent."""
    return {"mail_from": mail_from, "relay": with_port(relay) if relay.place else "", "lab": lab}


def new_test(
    campaign: Campaign,
    seeds: Iterable[Seed],
    moment: datetime,
    *,
    path: Mapping[str, str] | None = None,
    has_control: bool = False,
) -> SeedTest:
    """A new test: a copy for each seed under its provider, and where that is wanted the control beside it.

    `with_providers` gives seeds without a provider theirs; ``path`` is what is known of the copies' way.
    """
    kinds = (False, True) if has_control else (False,)
    copies = [Copy(new_token(), seed.address, seed.provider, is_control) for seed in seeds for is_control in kinds]
    return SeedTest(
        name=campaign.name,
        token=new_token(),
        started=moment,
        is_external=not campaign.message,
        subject=campaign.subject,
        from_domain=campaign.from_domain,
        digest=hashlib.sha256(campaign.message).hexdigest() if campaign.message else "",
        copies=tuple(copies),
        path=path or {},
    )
