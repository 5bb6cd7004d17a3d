"""Hostile data over the wire: a name server sends it, UDP cuts it, TCP brings it, the commands show it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from deliverkit.cli import cli
from deliverkit.clients.trace import MOST_QUESTIONS
from deliverkit.standards.txt import data_of

CONTROLS = "\x1b[2J\x00\x9b2J\x07\r\n\xc3\x28"
SIZE = 63_000  # octets: what a DNS message still carries
TEXTS = {
    "64 kB": [f"{{}}{'a' * SIZE}"],
    "64 kB of tags": [f"{{}}{'x=y; ' * (SIZE // 5)}"],
    "500": [f"{{}}{number}" for number in range(500)],
    "escapes": [f"{{}}{CONTROLS}"],
}
BEGINNINGS = {"@": "v=spf1 ", "s1._domainkey": "v=DKIM1; p=", "_dmarc": "v=DMARC1; p=none; rua="}
COMMANDS = {"@": ("spf", "--ip", "11.0.9.9"), "s1._domainkey": ("dkim", "--selector", "s1"), "_dmarc": ("dmarc",)}
HOSTS = "\n".join(f"@ MX {number} mx{number}" for number in range(1000))


def world(folder: Path, records: str) -> str:
    file = folder / "world.toml"
    text = (
        f"target = \"evil.example\"\ntitle = \"x\"\n[[zones]]\norigin = \"evil.example\"\ntext = '''\n{records}\n'''\n"
    )
    file.write_text(text, "utf-8")
    return str(file)


def assert_shown(lab: str, *command: str) -> dict[str, Any]:
    """The command's table is short and harmless; the JSON report beside it."""
    arguments = [command[0], "evil.example", *command[1:], "--lab", lab]
    table = CliRunner().invoke(cli, [*arguments, "-v"])
    assert (table.stderr, table.exit_code in {0, 1, 3}) == ("", True)
    assert table.stdout.replace("\n", "").isprintable()
    assert len(table.stdout) < 60_000
    report: dict[str, Any] = json.loads(CliRunner().invoke(cli, [*arguments, "--format", "jsonl"]).stdout)
    return report


@pytest.mark.parametrize("texts", TEXTS)
@pytest.mark.parametrize("place", BEGINNINGS)
def test_a_record_made_to_hurt_is_read_and_told(
    place: str, texts: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = [data_of(text.format(BEGINNINGS[place])) for text in TEXTS[texts]]
    records = "\n".join([*(f"{place} TXT {one}" for one in data), "@ MX 10 mx1", "mx1 A 11.0.1.25"])
    report = assert_shown(world(tmp_path, records), *COMMANDS[place])
    name = "evil.example" if place == "@" else f"{place}.evil.example"
    [asked] = [one for one in report["trace"]["questions"] if (one["name"], one["type"]) == (name, "TXT")]
    assert asked["status"] == "NOERROR"
    assert len(asked["records"]) + asked["records_left_out"] == len(data)
    assert caplog.records == []  # the name server had no trouble of its own


def test_a_thousand_hosts_come_over_the_wire(tmp_path: Path) -> None:
    report = assert_shown(world(tmp_path, f"{HOSTS}\n*  A 11.0.1.25\n"), "mx")
    assert report["trace"]["queries"] <= MOST_QUESTIONS
