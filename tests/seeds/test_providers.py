"""Whose mailbox a seed is."""

from __future__ import annotations

import asyncio
from pathlib import Path

from deliverkit.clients.recorded import Recorded
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.seeds.providers import with_providers
from deliverkit.seeds.seedfile import parse_seeds


def mx(domain: str, *data: str) -> Answer:
    return Answer(domain, "MX", Status.NOERROR, tuple(ResourceRecord(domain, "MX", 300, one) for one in data))


def test_the_exchangers_tell_where_the_file_does_not() -> None:
    text = "".join(
        f'[[seed]]\naddress = "{address}"\nimap = "imap.example.com"\nsecret = "env:A"\n{more}\n'
        for address, more in (
            ("a@tenant.example", ""),
            ("b@own.example", ""),
            ("c@gone.example", ""),
            ("d@tenant.example", 'provider = "Ours"'),
            ("e@gmail.com", ""),
        )
    )
    answers = [
        mx("tenant.example", "20 mx.own.example.", "5 tenant-example.mail.protection.outlook.com."),
        mx("own.example", "10 mx.own.example."),
        Answer("gone.example", "MX", Status.SERVFAIL),
    ]
    file = parse_seeds(text, path=Path("seeds.toml"))
    told = asyncio.run(with_providers(file, Recorded({answer.query: answer for answer in answers})))
    assert [seed.provider for seed in told.seeds] == ["Microsoft 365", "own.example", "gone.example", "Ours", "Gmail"]
    assert [seed.address for seed in told.seeds] == [seed.address for seed in file.seeds]
