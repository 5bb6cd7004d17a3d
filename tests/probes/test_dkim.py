"""Which selectors are asked for, why, and what is made of the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deliverkit.clients import Clients
from deliverkit.facts import Expectations, MxLookup
from deliverkit.facts.dkim import DkimKeys, KeyState, SelectorGround
from deliverkit.knowledge.dkim_selectors import known_selectors
from deliverkit.model import Absent, Outcome
from deliverkit.observations import CHOSEN, Answer, Instant, Place, ResourceRecord, Status
from deliverkit.probes.appended import appended_zones
from deliverkit.probes.dkim import MAX_RECORDS, MAX_SELECTORS, learn_dkim_keys, learn_selector_ground
from deliverkit.probes.made_up import made_up_label
from tests.building import DOMAIN, lookup, mx_lookup

KEY = '"v=DKIM1; k=ed25519; p=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="'
NOBODYS = f"{made_up_label(DOMAIN)}._domainkey.{DOMAIN}"


class Zone:
    """A resolver that knows some TXT records and denies all else."""

    def __init__(self, texts: Mapping[str, list[str]], status: Status = Status.NXDOMAIN) -> None:
        self.texts = texts
        self.status = status
        self.asked: list[str] = []

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        self.asked.append(name)
        records = tuple(ResourceRecord(name, rdtype, 60, text) for text in self.texts.get(name, ()))
        soa = ResourceRecord(DOMAIN, "SOA", 60, "a. b. 1 2 3 4 5")
        status = Status.NOERROR if records else self.status
        return Answer(name, rdtype, status, records, soa=soa, checking_disabled=checking_disabled, at=at)


def mx(*exchanges: str) -> MxLookup:
    found = mx_lookup(Status.NODATA, zone=DOMAIN)
    return replace(found, lookup=lookup(DOMAIN, "MX", *(f"10 {name}." for name in exchanges)))


def learnt(zone: Zone, found: MxLookup | None = None, **expected: tuple[str, ...]) -> tuple[DkimKeys, SelectorGround]:
    clients = Clients(zone, Instant(datetime(2026, 11, 22, tzinfo=UTC)))

    async def learn() -> tuple[DkimKeys | Absent, SelectorGround]:
        ground = await learn_selector_ground(DOMAIN, clients)
        wanted = Expectations(selectors=expected.get("given", ()), message_selectors=expected.get("message", ()))
        return await learn_dkim_keys(DOMAIN, clients, found or mx("mx1.good.example"), ground, wanted), ground

    keys, ground = asyncio.run(learn())
    assert isinstance(keys, DkimKeys)
    return keys, ground


def why(keys: DkimKeys) -> dict[str, tuple[str, ...]]:
    return {key.selector: key.candidate.reasons for key in keys.keys}


def test_where_nothing_is_below_domainkey_only_evidence_is_followed() -> None:
    keys, ground = learnt(Zone({}), given=("s7",))
    assert ground.is_bare
    assert why(keys) == {"s7": ("given",)}


def test_every_reason_is_told_and_what_is_merely_usual_is_not() -> None:
    zone = Zone({DOMAIN: ['"v=spf1 include:u1.wl.sendgrid.net include:amazonses.com -all"']}, status=Status.NODATA)
    found = mx("good-example.mail.protection.outlook.com")
    keys, _ = learnt(zone, found, given=("selector1", "S7"), message=(f"s7._domainkey.{DOMAIN}", "s8._domainkey.x.org"))
    reasons = why(keys)
    assert list(reasons)[:4] == ["selector1", "s7", "selector2", "s1"]
    assert reasons["selector1"] == ("given", "MX at Microsoft 365")
    assert reasons["s7"] == ("given", "in a message")
    assert reasons["s1"] == ("SPF includes SendGrid",)
    assert reasons["default"] == ("widely used",)
    assert reasons["ctct1"] == ("used by Constant Contact",)
    assert "s8" not in reasons
    assert set(reasons) == {*known_selectors(), "s7"} - {"20161025", "20210112", "20221208", "20230601"}  # Gmail's own
    assert keys.unguessable == ("Amazon SES",)


def test_the_made_up_selector_is_asked_before_the_others() -> None:
    zone = Zone({}, status=Status.NODATA)
    learnt(zone)
    assert zone.asked[:3] == [f"_domainkey.{DOMAIN}", NOBODYS, DOMAIN]
    assert len(zone.asked) == len(set(zone.asked))


def name_of(selector: str) -> str:
    return f"{selector}._domainkey.{DOMAIN}"


def test_what_nobody_sets_up_alone_is_tried_where_the_other_is_there_or_nothing_is() -> None:
    keys, _ = learnt(Zone({name_of("fm1"): [KEY]}, status=Status.NODATA))
    assert {"fm1", "fm2", "fm3", "k2", "ctct1"} <= set(why(keys))
    assert not {"k3", "ctct2", "selector2"} & set(why(keys))
    alone, _ = learnt(Zone({name_of("ctct2"): [KEY]}, status=Status.NODATA))
    assert [key.selector for key in alone.published] == ["ctct2"]


@pytest.mark.parametrize("exchanges", [(), (".",)])
def test_nothing_waits_where_no_exchanger_is_looked_up_meanwhile(exchanges: tuple[str, ...]) -> None:
    found = replace(mx(), lookup=lookup(DOMAIN, "MX", *(f"0 {name}" for name in exchanges)))
    zone = Zone({name_of("fm1"): [KEY]}, status=Status.NODATA)
    learnt(zone, found)
    assert {name_of("fm2"), name_of("ctct2")} <= set(zone.asked)
    assert len(zone.asked) == len(set(zone.asked))


def test_a_server_that_denies_what_has_names_below_is_belied_by_evidence() -> None:
    zone = Zone({name_of("google"): [KEY], name_of("k2"): [KEY]})
    keys, ground = learnt(zone, mx("aspmx.l.google.com"))
    assert ground.is_bare
    assert not keys.is_bare
    assert {"google", "k2"} == {key.selector for key in keys.published}


def test_a_given_key_is_looked_for_where_a_form_appended_the_zone() -> None:
    above = replace(mx(), zone="example.net")
    keys, _ = learnt(zone := Zone({}), above, given=("s7",))
    assert [name for name in zone.asked if name.startswith("s7.")] == [name_of("s7"), f"{name_of('s7')}.{DOMAIN}"]
    inside = f"s7._domainkey.{DOMAIN}.{DOMAIN}"
    keys, _ = learnt(Zone({inside: [KEY]}), given=("s7",))
    assert [record.name for record in keys.keys[0].misplaced] == [inside]


@pytest.mark.parametrize(
    ("domain", "zone", "zones"),
    [
        ("news.good.com", "good.com", ("news.good.com", "good.com")),
        ("good.com", "good.com", ("good.com",)),
        ("good.com", None, ("good.com",)),
        ("good.com", "com", ("good.com",)),
        ("good.com", "other.com", ("good.com",)),
    ],
)
def test_a_form_appends_the_domain_or_its_zone(domain: str, zone: str | None, zones: tuple[str, ...]) -> None:
    assert appended_zones(domain, zone) == zones


def test_a_wildcard_above_leaves_nothing_below_domainkey() -> None:
    spf = ['"v=spf1 -all"']
    keys, ground = learnt(Zone({f"_domainkey.{DOMAIN}": spf, NOBODYS: spf}, status=Status.NODATA))
    assert ground.is_by_wildcard
    assert keys.is_bare
    assert keys.keys == ()
    revoked = ['"v=DKIM1; p="']
    keys, ground = learnt(Zone({f"_domainkey.{DOMAIN}": revoked, NOBODYS: revoked}, status=Status.NODATA))
    assert not ground.is_bare
    assert keys.keys


def test_a_wildcard_makes_no_selector() -> None:
    names = [f"{selector}._domainkey.{DOMAIN}" for selector in known_selectors()]
    keys, _ = learnt(Zone({name: [KEY] for name in [NOBODYS, *names]}, status=Status.NODATA), given=("default",))
    assert {key.state for key in keys.keys} == {KeyState.WILDCARD}
    assert [key.selector for key in keys.published] == ["default"]


def test_selectors_and_records_are_bounded() -> None:
    name = f"s0._domainkey.{DOMAIN}"
    zone = Zone({name: [KEY] * 500}, status=Status.NODATA)
    keys, _ = learnt(zone, given=tuple(f"s{number}" for number in range(900)))
    assert len(keys.expected) == 32
    assert len(keys.keys) <= MAX_SELECTORS
    assert len(keys.keys[0].records) == MAX_RECORDS


def test_what_is_no_key_is_counted_apart() -> None:
    keys, _ = learnt(Zone({f"s1._domainkey.{DOMAIN}": ['"v=spf1 -all"']}, status=Status.NODATA))
    [found] = [key for key in keys.keys if key.selector == "s1"]
    assert (found.others, found.records, found.state) == (1, (), KeyState.NONE)


def test_a_domain_that_does_not_exist_has_no_selectors() -> None:
    found = mx_lookup(Status.NXDOMAIN, zone="example")
    clients = Clients(Zone({}), Instant(datetime(2026, 11, 22, tzinfo=UTC)))
    ground = asyncio.run(learn_selector_ground(DOMAIN, clients))
    keys = asyncio.run(learn_dkim_keys(DOMAIN, clients, found, ground, Expectations()))
    assert isinstance(keys, Absent)
    assert keys.outcome is Outcome.NOT_APPLICABLE


DOUBLED = f"_domainkey.{DOMAIN}.{DOMAIN}"


class Doubled(Zone):
    """A zone with a key at a selector that nobody guesses, below the doubled name; or with a wildcard there."""

    def __init__(self, *, is_wildcard: bool = False) -> None:
        super().__init__({})
        self.is_wildcard = is_wildcard

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        answer = await super().query(name, rdtype, checking_disabled=checking_disabled, at=at)
        is_there = name.endswith(f".{DOMAIN}.{DOMAIN}") if self.is_wildcard else name == DOUBLED
        return Answer(name, rdtype, Status.NODATA, soa=answer.soa) if is_there else answer


def test_keys_below_a_doubled_zone_are_seen_without_their_selectors() -> None:
    keys, _ = learnt(Doubled())
    assert keys.doubled == DOUBLED
    assert keys.is_bare


def test_a_wildcard_is_no_doubled_zone() -> None:
    assert not learnt(Doubled(is_wildcard=True))[0].doubled


def test_a_doubled_zone_is_not_looked_for_where_there_are_keys() -> None:
    zone = Zone({f"s1._domainkey.{DOMAIN}": [KEY]}, Status.NODATA)
    assert not learnt(zone)[0].doubled
    assert DOUBLED not in zone.asked
