"""The cipher suites that Postfix (OpenSSL) and Exim (GnuTLS) take, held against what OpenSSL's client agrees on."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deliverkit.clients import Clients
from deliverkit.clients.recorded import Recorded
from deliverkit.clients.smtp.connection import Settings
from deliverkit.clients.smtp.live import Conversations, by_script
from deliverkit.clients.smtp.provisions import NOTHING, Trust
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.smtp import Conversations as Held
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.facts.tls import TlsProtocols
from deliverkit.facts.tls_version import Order, Spoken, TlsVersion
from deliverkit.observations import Instant
from deliverkit.observations.smtp import Call
from deliverkit.probes.tls import MOST_HELLOS, learn_tls_protocols
from deliverkit.standards.tls.suites import BY_NUMBER, suite_name, suites_for
from tests.mail_servers import NAME, ORDERED, MailServer, exim, missing_mail_server, postfix
from tests.servers import LOOPBACK, missing, program

_MISSING = missing_mail_server() or missing("openssl")
pytestmark = pytest.mark.skipif(bool(_MISSING), reason=f"{_MISSING} is not there")

NOW = datetime.now(UTC)
GREETING = "< 220\n> EHLO probe.example\n< 250\nstarttls\n> QUIT\n< 221\n"


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, MailServer]]:
    """Both, in a folder that is none of pytest's: another run beside this one would close it to the servers' users."""
    with (
        TemporaryDirectory(prefix="deliverkit-ciphers-") as folder,
        postfix(Path(folder) / "postfix") as one,
        exim(Path(folder) / "exim") as other,
    ):
        yield {"Postfix": one, "Exim": other}


def asked(server: MailServer, use: str) -> dict[str, TlsVersion]:
    """Each version with its suites."""
    converser = Conversations(Settings(Trust(NOW), 10.0), by_script(NOTHING))
    conversing = Conversing(variables=(("helo", ("probe.example",)),), has_protocols=True, has_ciphers=True)
    host = SmtpHost(NAME, LOOPBACK, server.ports[use])

    async def work() -> TlsProtocols:
        greeted = Conversation(host, await converser.converse(Call(NAME, LOOPBACK, host.port, GREETING)))
        assert greeted.is_secured
        clients = Clients(Recorded({}), Instant(NOW), converser=converser)
        found = await learn_tls_protocols("", clients, Held(conversing, (greeted,)))
        assert isinstance(found, TlsProtocols)
        return found

    [versions] = asyncio.run(work()).hosts
    assert sum(len(one.held) for one in versions) <= MOST_HELLOS + 5
    return {one.version: one for one in versions}


def names(tried: TlsVersion) -> list[str]:
    return [suite_name(number) for number in tried.suites]


@cache
def _by_openssl() -> dict[str, str]:
    """OpenSSL's names of suites by IANA's."""
    command = [program("openssl"), "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    new = {one.name: one.name for one in suites_for("1.3")}  # of these the command names those alone that are usual
    return {**new, **{fields[2]: fields[4] for fields in map(str.split, lines)}}


def agreed(server: MailServer, use: str, version: str) -> set[str]:
    """The suites on which OpenSSL's client and the server agree, each offered alone."""
    known = _by_openssl()
    offered = [one.name for one in suites_for(version) if one.name in known]
    place = f"{LOOPBACK}:{server.ports[use]}"

    def is_agreed(name: str) -> bool:
        chosen = ["-ciphersuites", name] if version == "1.3" else ["-cipher", f"{known[name]}:@SECLEVEL=0"]
        option = f"-tls{version.replace('.', '_')}".removesuffix("_0")
        command = [program("openssl"), "s_client", "-starttls", "smtp", "-connect", place, option, *chosen]
        shown = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        cipher = re.search(r"^New, .*Cipher is (\S+)$", shown.stdout, re.MULTILINE)
        assert cipher, shown.stderr
        assert cipher[1] in {"(NONE)", known[name]}
        return cipher[1] != "(NONE)"

    with ThreadPoolExecutor(4) as several:
        return {name for name, is_so in zip(offered, several.map(is_agreed, offered), strict=True) if is_so}


@pytest.mark.parametrize(("name", "use"), [("Postfix", "mx"), ("Postfix", "ordered"), ("Exim", "mx")])
def test_the_suites_are_those_that_openssl_agrees_on(servers: dict[str, MailServer], name: str, use: str) -> None:
    server = servers[name]
    found = asked(server, use)
    assert found["ssl3"].spoken is Spoken.REFUSED
    for version in ("1.0", "1.1", "1.2", "1.3"):
        tried = found[version]
        assert len(tried.suites) == len(set(tried.suites)) >= 2
        assert tried.is_whole
        assert set(names(tried)) == agreed(server, use, version)


def test_postfix_as_it_comes_follows_its_clients(servers: dict[str, MailServer]) -> None:
    found = asked(servers["Postfix"], "mx")
    for version in ("1.0", "1.1", "1.2", "1.3"):
        assert found[version].order is Order.CLIENT
        offered = [one.name for one in suites_for(version)]
        assert names(found[version]) == sorted(names(found[version]), key=offered.index)
    assert any(not BY_NUMBER[number].is_authenticated for number in found["1.2"].suites)


def test_the_order_is_the_one_that_is_set_up(servers: dict[str, MailServer]) -> None:
    found = asked(servers["Postfix"], "ordered")["1.2"]
    known = _by_openssl()
    assert found.order is Order.OWN
    assert tuple(known[name] for name in names(found)) == ORDERED
    assert [BY_NUMBER[number].weaknesses for number in found.suites][2] == ("NULL",)


def test_all_of_openssl_is_more_than_is_asked_for_and_that_is_told(servers: dict[str, MailServer]) -> None:
    found = asked(servers["Postfix"], "every")
    newest, old = found["1.2"], found["1.0"]
    assert newest.is_whole
    assert set(names(newest)) == agreed(servers["Postfix"], "every", "1.2")
    assert old.is_spoken
    assert not old.is_whole
    assert sum(len(one.held) for one in found.values()) == MOST_HELLOS
