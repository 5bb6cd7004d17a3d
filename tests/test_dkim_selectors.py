"""What is known of who signs with which selectors."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from deliverkit.knowledge.dkim_selectors import generic_selectors, known_selectors, signers, signers_at, signers_behind
from deliverkit.probes.dkim import MAX_SELECTORS
from deliverkit.standards.dkim.signature import parse_selector


def names(found: list[object]) -> list[str]:
    return [getattr(signer, "name", "") for signer in found]


def test_signers_by_mail_provider_and_by_include() -> None:
    assert names([*signers_at("Microsoft 365")]) == ["Microsoft 365"]
    assert names([*signers_behind("eu.mailgun.org")]) == ["Mailgun"]
    assert signers_behind("xmailgun.org") == signers_at("nobody") == []


def test_every_entry_has_its_source_and_selectors_that_can_be_asked_for() -> None:
    assert all(signer.source and signer.as_of.year >= 2026 for signer in signers())
    assert all(parse_selector(selector) == selector for selector in known_selectors())
    assert all(signer.selectors or signer.is_unguessable for signer in signers())
    assert len({signer.name for signer in signers()}) == len(signers())
    assert set(generic_selectors()) <= known_selectors()


def test_what_stands_beside_another_is_the_same_signers() -> None:
    pairs = [(signer, *pair) for signer in signers() for pair in signer.beside.items()]
    assert all({later, first} <= set(signer.selectors) and first not in signer.beside for signer, later, first in pairs)


def test_all_that_is_known_fits_within_the_bound() -> None:
    assert len(known_selectors()) <= MAX_SELECTORS - 20


def test_every_mail_provider_that_is_named_is_known() -> None:
    text = files("deliverkit.knowledge").joinpath("mail_providers.toml").read_text("utf-8")
    providers = {entry["name"] for entry in tomllib.loads(text)["provider"]}
    assert {name for signer in signers() for name in signer.mail_providers} <= providers
