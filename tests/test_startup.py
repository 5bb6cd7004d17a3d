"""What is imported when: start-up is lazy, and stays so."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.talking import serving

HEAVY = {
    "dns",
    "asyncio",
    "ssl",
    "socket",
    "aiosmtplib",
    "spf",
    "dkim",
    "tabulate",
    "idna",
    "cryptography",
    "tomllib",
    "h11",
}


def loaded(code: str) -> set[str]:
    script = (
        f"import sys, json\nbefore = set(sys.modules)\n{code}\nprint(json.dumps(sorted(set(sys.modules) - before)))"
    )
    finished = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(json.loads(finished.stdout.splitlines()[-1]))


def test_the_package_alone_loads_its_version_and_nothing_more() -> None:
    ours = {name for name in loaded("import deliverkit") if name.startswith("deliverkit")}
    assert ours == {"deliverkit", "deliverkit.version"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_loads_click_and_the_command_table(arguments: list[str]) -> None:
    code = f"import deliverkit.cli\ntry:\n    deliverkit.cli.cli.main({arguments!r})\nexcept SystemExit:\n    pass"
    modules = loaded(code)
    assert {name for name in modules if name.startswith("deliverkit")} == {
        "deliverkit",
        "deliverkit.cli",
        "deliverkit.errors",
        "deliverkit.tuples",
        "deliverkit.version",
    }
    assert not HEAVY & {name.partition(".")[0] for name in modules}


def test_explaining_needs_no_network_library() -> None:
    modules = loaded("import deliverkit\ndeliverkit.explain('MX004')")
    assert "deliverkit.explaining" in modules
    assert not {"dns", "asyncio", "ssl", "aiosmtplib", "spf", "dkim"} & {name.partition(".")[0] for name in modules}


# What a delivery in the clear, to a host that is named with its port, does without: it asks no resolver and judges no
# certificate.
NOT_FOR_A_DELIVERY = {
    *(HEAVY - {"socket"}),
    *("concurrent.futures.process", "email", "fnmatch", "hashlib", "http", "importlib.metadata", "importlib.resources"),
    *("json", "locale", "ntpath", "pathlib", "pkgutil", "random", "shlex", "sqlite3", "tempfile", "unicodedata"),
    "urllib",
}
NONE_OF_OURS = (
    *("case", "checks.summing_up", "cli.composing", "cli.given_secrets", "cli.greeting", "cli.messages", "cli.writing"),
    *("clients.dns.codec", "clients.dns.live", "clients.https", "clients.imap", "clients.keeping", "clients.own_name"),
    *(
        "clients.secrets",
        "clients.smtp.hello",
        "clients.smtp.tls",
        "clients.smtp.trust",
        "clients.source",
        "config",
        "difference",
    ),
    *("facts.dane", "facts.provider", "facts.ruling", "facts.tls_version", "knowledge", "lab"),
    *("observations.reach", "preflight"),
    *("probes.first", "probes.strangers", "redaction", "render.json", "render.matrix", "render.tables"),
    *("script.cutting", "script.judging", "script.recording", "seeds", "standards.certificates", "standards.dkim"),
    *("standards.mta_sts", "standards.mx", "standards.tls", "tables", "transcripts"),
)


def delivering(port: int) -> set[str]:
    """What a delivery to that port loads."""
    arguments = [
        "smtp",
        f"127.0.0.1:{port}",
        "--script",
        "deliver",
        "--helo",
        "probe.example",
        "--resolver",
        "127.0.0.1",
    ]
    arguments += ["--from", "bob@other.example", "--to", "ada@good.example"]
    called = f"from deliverkit.cli import cli\ntry:\n    cli.main({arguments!r})\nexcept SystemExit as end:\n    "
    return loaded(f"{called}assert end.code == 0, end.code")


def test_the_systems_resolvers_are_addresses_until_they_are_asked(tmp_path: Path) -> None:
    written = tmp_path / "resolv.conf"
    written.write_text("nameserver 127.0.0.53\nnameserver fe80::1%lo\n")
    code = f"import deliverkit.clients.opening as o\no._RESOLV_CONF = {str(written)!r}\n"
    modules = loaded(f"{code}assert o.nameservers(()) == ('127.0.0.53', 'fe80::1%lo')")
    assert not {name for name in modules if name.startswith(("dns", "deliverkit.clients.dns"))}


async def delivered() -> set[str]:
    async with serving(certificate="") as (_, (_, port), _):
        return await asyncio.to_thread(delivering, port)


def test_a_delivery_loads_what_it_needs_and_nothing_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # where no deliverkit.toml is
    modules = asyncio.run(delivered())
    assert "deliverkit.clients.smtp.conversing" in modules
    assert NOT_FOR_A_DELIVERY & modules == set()
    ours = {name.removeprefix("deliverkit.") for name in modules if name.startswith("deliverkit.")}
    assert not [name for name in ours if f"{name}.".startswith(tuple(f"{one}." for one in NONE_OF_OURS))]
    areas = {name.split(".")[1] for name in ours if name.startswith("checks.") and name.count(".") > 1}
    assert areas == {"smtp", "tls"}
