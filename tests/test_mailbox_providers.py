"""What is known of mailbox providers has its date and source, and says each thing once."""

from __future__ import annotations

from datetime import date

from deliverkit.knowledge.mailboxes import provider_of_domain, provider_of_host
from deliverkit.knowledge.reading import read_toml
from deliverkit.standards.names import is_host_name

ENTRIES = read_toml("mailboxes.toml")["mailbox"]


def test_every_entry_is_whole() -> None:
    for entry in ENTRIES:
        assert isinstance(entry["as_of"], date)
        assert entry["source"]
        assert entry["page"].startswith("https://")
        assert entry["wants"] in {"password", "app password", "token"}
        assert all(map(is_host_name, (*entry["domains"], *entry["hosts"])))


def test_every_domain_and_host_stands_once() -> None:
    for key in ("domains", "hosts"):
        found = [one for entry in ENTRIES for one in entry[key]]
        assert len(found) == len(set(found))


def test_domains_and_hosts_lead_to_the_same_provider() -> None:
    gmail = provider_of_domain("gmail.com")
    assert gmail is not None
    assert gmail.host == "imap.gmail.com"
    assert provider_of_host(gmail.host) is gmail
    assert provider_of_domain("example.com") is None


def test_names_of_folders_have_their_date_and_source() -> None:
    document = read_toml("folders.toml")
    for entry in (document["names"], *document["provider"]):
        assert isinstance(entry["as_of"], date)
        assert entry["source"]
