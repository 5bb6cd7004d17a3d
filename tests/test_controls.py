"""What the resolver and the way out are tried with: dated, of unrelated parties, and known to the lab."""

from __future__ import annotations

from datetime import date

from deliverkit.facts.resolver import Blocklist, BogusName, ControlHost
from deliverkit.knowledge.controls import blocklists, bogus_names, control_hosts
from deliverkit.lab.world import load
from deliverkit.lab.zones import Names

DEAD = {"sorbs.net", "ix.dnsbl.manitu.net", "cbl.abuseat.org", "dnsbl.njabl.org", "relays.ordb.org", "list.dsbl.org"}


def test_every_entry_has_its_source_and_date() -> None:
    every: list[BogusName | Blocklist | ControlHost] = [*bogus_names(), *blocklists(), *control_hosts()]
    assert all(entry.source and entry.as_of >= date(2026, 1, 1) for entry in every)


def test_the_controls_have_nothing_to_do_with_each_other() -> None:
    assert len({found.operator for found in bogus_names()}) == len(bogus_names()) >= 2
    assert len({found.provider for found in control_hosts()}) == len(control_hosts()) >= 4
    tops = {".".join(found.host.rsplit(".", 2)[1:]) for found in control_hosts()}
    assert len(tops) == len(control_hosts())


def test_no_list_that_is_dead_is_asked() -> None:
    zones = [found.zone for found in blocklists()]
    assert len(zones) == len(set(zones))
    assert not [zone for zone in zones if any(zone == dead or zone.endswith(f".{dead}") for dead in DEAD)]
    assert {found.kind for found in blocklists()} == {"addresses", "domains"}


def test_the_lab_knows_every_control() -> None:
    names = {str(name).removesuffix(".") for name in Names.of(load("resolver-well")).records}
    wanted = {found.name for found in bogus_names()} | {found.host for found in control_hosts()}
    wanted |= {f"{found.listed}.{found.zone}" for found in blocklists()}
    assert wanted <= names
