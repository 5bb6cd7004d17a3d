"""Worlds that cannot be read are refused with the place; those that can are laid over their base."""

from __future__ import annotations

import asyncio

import pytest

from deliverkit.errors import LabError
from deliverkit.lab.running import running
from deliverkit.lab.world import load, names, parse
from deliverkit.lab.zones import Names

SERVER = 'like = "smtp-good"\n[[smtp]]\naddress = "11.0.1.25"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("target = x\ny = 1", "line 1"),
        ("", "names no target"),
        ('target = "a.example"\ncolour = "red"', "has no key 'colour'"),
        ('target = "a.example"\n[[zones]]\norigin = "a.example"', "text"),
        ('target = "a.example"\n[[zones]]\norigin = "a.example"\ntext = ""\nserial = 1', "a zone has no key 'serial'"),
        ('target = "a.example"\n[[faults]]\nname = "a.example"\ndo = "explode"', "choose one of"),
        ('target = "a.example"\n[[https]]\naddress = "11.0.9.81"\ndo = "explode"', "choose one of"),
        ('target = "a.example"\n[[https]]\nhost = "a.example"', "address"),
        ('target = "a.example"\n[[https]]\naddress = "11.0.9.81"\nport = 1', "a https has no key 'port'"),
        ('target = "a.example"\nadd = ["mx1 A 11.0.1.25"]', "add of a world is to be a text"),
        ('target = "a.example"\nremove = "mx1 A 11.0.1.25"', "remove of a world is to be a list of texts"),
        ('target = "a.example"\nremove = [1]', "remove of a world is to be a list of texts"),
        ("target = 1", "target of a world is to be a text"),
        ('target = "a.example"\nlike = ["good"]', "like of a world is to be a text"),
        ('target = "a.example"\nport = true', "port of a world is to be a whole number"),
        ('target = "a.example"\nclock = 2026-01-01', "clock of a world is to be a date with its time"),
        ('target = "a.example"\naddresses = { x = 1 }', "addresses of a world is to be a table of texts"),
        ('target = "a.example"\ndelegations = { x = "y" }', "is to be a table of lists of texts"),
        ('target = "a.example"\nresolver = 1', "a resolver is to be a table"),
        ('target = "a.example"\n[resolver]\nvalidating = "no"', "validating of a resolver is to be true or false"),
        ('target = "a.example"\nzones = "a"', "zones is to be a list of tables: [[zones]]"),
        ('target = "a.example"\nzones = ["a"]', "a zone is to be a table"),
        ('target = "a.example"\n[[zones]]\norigin = "a.example"\ntext = 1', "text of a zone is to be a text"),
        ('target = "a.example"\n[[faults]]\nname = "a"\ndo = "delayed"\nseconds = "1"', "is to be a number"),
        ('target = "a.example"\n[[servers]]\naddress = "11.0.0.1"\nserial = 1.5', "is to be a whole number"),
        ('target = "a.example"\n[[servers]]\naddress = "11.0.0.1"\nserial = -1', "serial = -1 of 11.0.0.1"),
        ('target = "a.example"\n[[servers]]\naddress = "11.0.0.1"\nzones = ["a\\u0000"]', "zones of 11.0.0.1"),
        ('target = "a.example"\nsmtp = "a"', "mine"),
        ('target = "a.example"\nimap = 1', "mine"),
        (
            'target = "a.example"\n[[smtp]]\naddress = "11.0.1.25"\nname = 1',
            "name of the smtp server at 11.0.1.25 is to",
        ),
        ('target = "a.example"\n[[smtp]]\naddress = "11.0.1.25"\nciphers = ["x"]', "ciphers of the smtp server"),
        ('target = "a.example"\n[[imap]]\naddress = "11.0.1.25"\nname = ["x"]', "name of the imap server"),
        ('target = "a.example"\nlike = "nowhere"', "no lab world 'nowhere'"),
    ],
)
def test_a_text_that_is_no_world_is_refused(text: str, said: str) -> None:
    with pytest.raises(LabError) as refusal:
        parse(text, name="mine")
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[zones]]\norigin = "a.example"\ntext = "@ MX ten mx1"', "zone a.example"),
        ('[[zones]]\norigin = "a.example"\ntext = "mx1.other.example. A 11.0.1.25"', "outside the zone"),
        ('like = "good"\nremove = ["gone.example. A 11.0.1.1"]', "no record to remove"),
        (f'{SERVER}ciphers = "x"', "OpenSSL has none of that name"),
        (f'{SERVER}names = ["é"]', "no certificate can be made for 'é'"),
        (f'{SERVER}name = ""', "no certificate can be made for ''"),
    ],
)
def test_a_zone_or_server_that_cannot_be_made_is_refused(text: str, said: str) -> None:
    world = parse(f'target = "a.example"\n{text}', name="mine")
    with pytest.raises(LabError) as refusal:
        asyncio.run(running(world).__aenter__())
    assert said in str(refusal.value)


def test_a_world_over_another_removes_first_and_then_adds() -> None:
    text = 'like = "good"\nremove = ["mx1.good.example. A 11.0.1.25"]\nadd = "mx1 60 A 11.0.1.25"'
    lines = Names.of(parse(text, name="mine")).lines()
    assert "mx1.good.example. 60 IN A 11.0.1.25" in lines
    assert "mx1.good.example. 3600 IN A 11.0.1.25" not in lines
    assert len(lines) == len(Names.of(load("good")).lines())


def test_a_web_server_over_another_at_its_address_is_that_one_changed() -> None:
    text = 'like = "transport-good"\n[[https]]\naddress = "11.0.9.81"\ndo = "drip"'
    [site], [below] = parse(text, name="mine").https, load("transport-good").https
    assert (site.do, below.do) == ("drip", "right")
    assert (site.host, site.body, site.path) == (below.host, below.body, below.path)


def test_every_world_says_what_it_shows() -> None:
    assert len(names()) >= 50
    assert all(load(name).title for name in names())


def test_only_the_addresses_that_listen_have_a_way_to_port_25() -> None:
    text = 'like = "good"\nlistening = ["11.0.1.25"]'

    async def work() -> tuple[dict[tuple[str, int], tuple[str, int]], bytes]:
        async with running(parse(text, name="mine")) as lab:
            reader, writer = await asyncio.open_connection(*lab.routes["11.0.1.25", 25])
            said = await reader.read()
            writer.close()
            return lab.routes, said

    routes, said = asyncio.run(work())
    assert [address for address, port in routes if port == 25] == ["11.0.1.25"]
    assert said == b""


def test_a_world_listens_where_the_one_below_it_does_unless_it_says_otherwise() -> None:
    assert parse('like = "resolver-well"', name="mine").listening == load("resolver-well").listening
    assert parse('like = "resolver-well"\nlistening = []', name="mine").listening == ()
