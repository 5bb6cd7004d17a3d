"""SNI, roots of one's own and client certificates with a Postfix that asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands import run
from tests.mail_servers import NAME, PASSWORD, SECOND, USER, MailServer, missing_mail_server, postfix

pytestmark = pytest.mark.skipif(bool(missing_mail_server()), reason=f"{missing_mail_server()} is not there")


class Gateway:
    """The server, and what its authority made."""

    def __init__(self, server: MailServer, folder: Path) -> None:
        self.server = server
        self.roots = str(folder / "ca.pem")
        self.client = str(server.authority.certify(folder, "client.example"))

    def talk(self, command: str, use: str, *options: str) -> dict[str, Any]:
        """The one conversation that the command holds with that port."""
        place = f"127.0.0.1:{self.server.ports[use]}"
        shown = run(command, place, "--ca", self.roots, "--resolver", "127.0.0.1", "--format", "json", *options)
        [one] = json.loads(shown.stdout)["reports"][0]["smtp"]["conversations"]
        assert isinstance(one, dict)
        return one

    def logged(self, words: str) -> None:
        """See that the server logs it."""
        self.server.wait_for(lambda lines: any(words in line for line in lines))


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway") / "postfix"
    with postfix(folder) as server:
        yield Gateway(server, folder)


def codes(one: dict[str, Any]) -> list[int]:
    return [exchange["code"] for exchange in one["exchanges"]]


@pytest.mark.parametrize("command", ["smtp", "tls"])
def test_a_host_that_demands_a_certificate_goes_on_with_who_shows_one(gateway: Gateway, command: str) -> None:
    without = gateway.talk(command, "guarded", "--sni", NAME)
    assert codes(without) == [220, 250, 220, 421]
    assert without["exchanges"][-1]["meaning"] == "the host talks to clients alone that show a certificate in TLS"
    gateway.logged("No client certificate presented")
    shown = gateway.talk(command, "guarded", "--sni", NAME, "--client-cert", gateway.client)
    assert codes(shown) == [220, 250, 220, 250, 221]
    gateway.logged("Trusted TLS connection established from unknown[127.0.0.1]")


def test_the_certificate_is_shown_where_tls_comes_first(gateway: Gateway) -> None:
    said = ("--tls", "implicit", "--script", "deliver", "--from", "bob@other.example", "--to", "ada@good.example")
    one = gateway.talk("smtp", "wrapped", *said, "--sni", SECOND, "--client-cert", gateway.client)
    assert one["delivered"]
    assert all(one["tls"][verdict]["good"] for verdict in ("handshake", "chain", "name"))
    gateway.logged(f"Trusted TLS connection established from unknown[127.0.0.1] to {SECOND}")


@pytest.mark.parametrize(("name", "shown"), [(NAME, NAME), (SECOND, SECOND), ("third.example", NAME)])
def test_the_host_shows_the_certificate_of_the_name_that_is_asked_for(gateway: Gateway, name: str, shown: str) -> None:
    one = gateway.talk("smtp", "curious", "--sni", name)
    assert one["tls"]["chain"] == {"good": True, "words": "leads to a root in ca.pem"}
    assert one["tls"]["name"]["good"] is (name == shown)
    assert one["certificates"][0]["names"] == [shown]


def test_a_password_goes_to_a_gateway_whose_authority_is_trusted(gateway: Gateway, tmp_path: Path) -> None:
    """Without its roots, or without a name to hold the certificate against, it stays here."""
    (tmp_path / "password").write_text(PASSWORD)
    who = ("--user", USER, "--secret", f"password=file:{tmp_path / 'password'}")
    said = ("--script", "submit", *who, "--from", USER, "--to", "bob@good.example")
    assert gateway.talk("smtp", "submission", *said, "--sni", NAME)["delivered"]
    unnamed = gateway.talk("smtp", "submission", *said)
    assert not unnamed["delivered"]
    assert "a certificate that is not for 127.0.0.1" in unnamed["unmet"][0]["got"]
