"""Providers by the names of their exchangers."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from deliverkit.facts.provider import ProviderKind
from deliverkit.knowledge.providers import provider_of


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("alt4.gmail-smtp-in.l.google.com", "Gmail"),
        ("aspmx.l.google.com", "Google Workspace"),
        ("tenant-example.mail.protection.outlook.com", "Microsoft 365"),
        ("outlook-com.olc.protection.outlook.com", "Outlook.com"),
        ("mxa-00123401.gslb.pphosted.com", "Proofpoint"),
        ("mx01.mail.icloud.com", "iCloud"),
        ("vps-1a2b3c.vps.ovh.net", None),
        ("host.secureserver.net", None),
        ("inbound-smtp.eu-west-1.amazonaws.com", "Amazon WorkMail or SES inbound"),
        ("mx.pineapple.com", None),
        ("com", None),
        ("outlook.com", None),
    ],
)
def test_the_longest_suffix_on_a_label_boundary(host: str, name: str | None) -> None:
    provider = provider_of(host)
    assert (provider.name if provider else None) == name


def test_gateways_are_told_from_mailboxes() -> None:
    provider = provider_of("eu-smtp-inbound-1.mimecast.com")
    assert provider is not None
    assert provider.kind is ProviderKind.GATEWAY


def test_every_entry_has_its_source_and_no_suffix_stands_twice() -> None:
    entries = tomllib.loads(files("deliverkit.knowledge").joinpath("mail_providers.toml").read_text("utf-8"))[
        "provider"
    ]
    suffixes = [suffix for entry in entries for suffix in entry["suffixes"]]
    assert len(suffixes) == len(set(suffixes))
    assert all(entry["source"] and entry["as_of"].year >= 2026 for entry in entries)
    assert all(suffix == suffix.lower().strip(".") for suffix in suffixes)
