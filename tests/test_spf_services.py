"""Whose the names in SPF records are."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from deliverkit.facts.spf import fixed_name
from deliverkit.knowledge.dkim_selectors import signers
from deliverkit.knowledge.spf_services import service_at, service_suffixes
from deliverkit.standards.names import is_host_name
from deliverkit.standards.spf.parse import parse_spf


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("_spf.google.com", "Google"),
        ("spf.protection.outlook.com", "Microsoft 365"),
        ("spf-a.outlook.com", "Outlook.com"),
        ("u123.wl.sendgrid.net", "SendGrid"),
        ("1234.spf01.hubspotemail.net", "HubSpot"),
        ("eu._netblocks.mimecast.com", "Mimecast"),
        ("mx.ovh.com", "OVHcloud"),
        ("vps-1.ovh.net", None),
        ("notsendgrid.net", None),
        ("sendgrid.net.attacker.example", None),
        ("com", None),
    ],
)
def test_the_longest_suffix_on_a_label_boundary(name: str, owner: str | None) -> None:
    found = service_at(name)
    assert (found.name if found else None) == owner


def test_every_entry_has_its_source_and_no_suffix_stands_twice() -> None:
    entries = tomllib.loads(files("deliverkit.knowledge").joinpath("spf_services.toml").read_text("utf-8"))["service"]
    suffixes = [suffix for entry in entries for suffix in entry["suffixes"]]
    assert len(suffixes) == len(set(suffixes)) == len(service_suffixes())
    assert len({entry["name"] for entry in entries}) == len(entries)
    assert all(entry["source"] and entry["as_of"].year >= 2026 for entry in entries)
    assert all(
        is_host_name(suffix.replace("_", "")) and "." in suffix and suffix == suffix.lower() for suffix in suffixes
    )


def test_a_service_with_a_mail_from_of_its_own_says_who_says_so() -> None:
    assert {name for name in ("mcsv.net", "mtasv.net", "sendgrid.net", "amazonses.com", "mailgun.org")
            if (found := service_at(name)) and found.has_own_return_path} == {
        "mcsv.net", "mtasv.net", "sendgrid.net", "amazonses.com"
    }  # fmt: skip


def test_the_services_that_signers_name_are_known() -> None:
    names = {found.name for suffix in service_suffixes() if (found := service_at(suffix))}
    assert {name for signer in signers() for name in signer.spf_services} <= names


@pytest.mark.parametrize(
    ("term", "name"),
    [
        ("include:_spf.google.com", "_spf.google.com"),
        ("include:%{ir}.%{v}.%{d}.spf.has.pphosted.com", "spf.has.pphosted.com"),
        ("exists:%{i}x.mta.salesforce.com", "mta.salesforce.com"),  # what follows the macro is a part of its label
        ("include:a.%{d}", ""),
        ("a", ""),
    ],
)
def test_a_name_is_known_by_what_does_not_depend_on_the_sender(term: str, name: str) -> None:
    [found] = parse_spf(f"v=spf1 {term}").mechanisms
    assert fixed_name(found) == name
