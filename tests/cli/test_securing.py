"""The options of TLS that ``smtp`` and ``tls`` share: SNI, roots of one's own, a client certificate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from deliverkit.cli.securing import securing
from deliverkit.clients.smtp.provisions import NOTHING
from deliverkit.errors import UsageError
from tests.certificates import Authority
from tests.commands import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of all sorts, good and bad."""
    place = tmp_path_factory.mktemp("pem")
    authority = Authority()
    whole = authority.certify(place, "client.example").read_bytes()
    other = Authority().certify(place, "other.example").read_bytes()
    border = whole.index(b"-----BEGIN CERT")
    key = load_pem_private_key(whole[:border], None)
    files = {
        "ca.pem": authority.certificate().public_bytes(Encoding.PEM),
        "ca.der": authority.certificate().public_bytes(Encoding.DER),
        "key.pem": whole[:border],
        "cert.pem": whole[border:],
        "other-key.pem": other[: other.index(b"-----BEGIN CERT")],
        "sealed.pem": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
        "sealed-old.pem": key.private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(b"x")
        ),
        "empty.pem": b"",
        "broken.pem": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "broken-key.pem": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    }
    for name, octets in files.items():
        (place / name).write_bytes(octets)
    return place


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"client_key": "key.pem"}, "--client-key belongs to a certificate: give --client-cert FILE, too"),
        ({"client_cert": "none.pem"}, "--client-cert: {}/none.pem cannot be read: No such file or directory"),
        ({"client_cert": "."}, "--client-cert: {}/. cannot be read: Is a directory"),
        ({"client_cert": "empty.pem"}, "--client-cert: {}/empty.pem holds no certificate in PEM"),
        ({"client_cert": "key.pem"}, "--client-cert: {}/key.pem holds no certificate in PEM"),
        ({"client_cert": "broken.pem"}, "--client-cert: {}/broken.pem holds a certificate that cannot be read"),
        ({"client_cert": "cert.pem"}, "--client-cert: {}/cert.pem holds a certificate and no key: give the key's file"),
        (
            {"client_cert": "cert.pem", "client_key": "other-key.pem"},
            "--client-key: the key in {}/other-key.pem does not belong to the first certificate in {}/cert.pem",
        ),
        (
            {"client_cert": "cert.pem", "client_key": "sealed.pem"},
            "--client-key: the key in {}/sealed.pem is encr",
        ),
        (
            {"client_cert": "cert.pem", "client_key": "sealed-old.pem"},
            "--client-key: the key in {}/sealed-old.pem is encrypted",
        ),
        ({"client_cert": "cert.pem", "client_key": "ca.pem"}, "--client-key: {}/ca.pem holds no private key in PEM"),
        ({"client_cert": "cert.pem", "client_key": "none"}, "--client-key: {}/none cannot be read: No such file"),
        (
            {"client_cert": "cert.pem", "client_key": "broken-key.pem"},
            "--client-key: {}/broken-key.pem holds a private key that cannot be read",
        ),
        ({"ca": "none.pem"}, "--ca: {}/none.pem cannot be read: No such file or directory"),
        ({"ca": "."}, "--ca: {}/. cannot be read: Is a directory"),
        ({"ca": "ca.der"}, "--ca: {}/ca.der holds no certificate in PEM"),
        ({"ca": "broken.pem"}, "--ca: {}/broken.pem holds a certificate that cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(folder: Path, given: dict[str, str], complaint: str) -> None:
    files: dict[str, str | None] = {**dict.fromkeys(("ca", "client_cert", "client_key")), **given}
    places = {option: None if name is None else f"{folder}/{name}" for option, name in files.items()}
    with pytest.raises(UsageError) as refused:
        securing(NOTHING, sni=None, ca=places["ca"], client_cert=places["client_cert"], client_key=places["client_key"])
    assert complaint.replace("{}", str(folder)) in str(refused.value)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("1.2.3.4", "--sni 1.2.3.4: SNI carries names and no addresses"),
        ("[::1]", "SNI carries names and no addresses"),
        ("ada@good.example", "give a host's name alone"),
        ("mx1.good.example:25", "give a host's name alone"),
        ("a..b", "--sni: 'a..b' has an empty label"),
        ("", "--sni: the domain is empty"),
    ],
)
def test_sni_is_a_name(name: str, complaint: str) -> None:
    with pytest.raises(UsageError) as refused:
        securing(NOTHING, sni=name, ca=None, client_cert=None, client_key=None)
    assert complaint in str(refused.value)


def test_a_name_beyond_ascii_is_asked_for_in_a_labels() -> None:
    found = securing(NOTHING, sni="BÜCHER.example", ca=None, client_cert=None, client_key=None)
    assert found.server_name == "xn--bcher-kva.example"


@pytest.mark.parametrize("command", ["smtp", "tls"])
def test_what_cannot_be_used_is_said_before_anybody_is_spoken_to(folder: Path, command: str) -> None:
    shown = run(command, "good.example", "--lab", "tls-good", "--client-cert", str(folder / "cert.pem"))
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "and no key: give the key's file by --client-key" in shown.stderr


@pytest.mark.parametrize(
    "said", [("--tls", "none", "--script", "deliver", "--from", "<>", "--to", "a@b.example"), ("--script", "my.smtp")]
)
def test_options_of_tls_are_refused_where_none_is_spoken(
    said: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.smtp").write_text("< 220\n> QUIT\n< 221\n")
    shown = run("smtp", "good.example", "--lab", "tls-good", "--sni", "mx1.good.example", *said)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "speaks no TLS as it is held" in shown.stderr


def test_the_name_that_is_asked_for_is_the_one_that_the_certificate_is_to_bear(tmp_path: Path) -> None:
    """A host that is known by its address alone has its certificate judged, now and from the case."""
    case = str(tmp_path / "case")
    for command in ("tls", "smtp"):
        asked = run(command, "11.0.1.25:25", "--lab", "tls-good", "--sni", "mx1.good.example", "--save", case)
        assert "Asked for as mx1.good.example (--sni)." in asked.stdout
        assert asked.returncode == 0
        replayed = run(command, "--case", case)
        assert replayed.stdout.splitlines()[:4] == asked.stdout.splitlines()[:4]
        told = json.loads(run(command, "--case", case, "--format", "json").stdout)["reports"][0]
        [one] = told["smtp"]["conversations"]
        assert one["tls"]["name"] == {"good": True, "words": "the certificate is for mx1.good.example"}
        assert one["handshake"]["server_name"] == "mx1.good.example"


def test_the_certificate_of_another_name_says_nothing_of_what_senders_do(tmp_path: Path) -> None:
    """They ask for the host's own name, and may be shown another certificate."""
    case = str(tmp_path / "case")
    asked = run("tls", "good.example", "--lab", "tls-good", "--sni", "mx2.good.example", "--save", case)
    assert asked.returncode == 3
    why = "the certificate is the one for mx2.good.example, which was asked for (--sni), and such a sender asks for mx1"
    assert why in asked.stdout
    assert "does not deliver at" not in asked.stdout.partition("\n")[0]
    for shown in (asked.stdout, run("tls", "--case", case).stdout):
        assert "11.0.1.25       ✓        1.3  ✓      ✗     ? cannot tell  ? cannot tell" in shown
        assert "11.0.2.25       ✓        1.3  ✓      ✓     delivers       delivers" in shown
        assert "demands a good one: it is for mx1.good.example, and mx2.good.example was asked for." in shown
        assert "Asked for as mx2.good.example (--sni)." in shown


def test_the_chain_says_by_which_roots_it_was_judged(folder: Path, tmp_path: Path) -> None:
    """The world's own roots are left aside, and a case says the same without the file."""
    case = str(tmp_path / "case")
    for command in ("smtp", "tls"):
        run(command, "good.example", "--lab", "smtp-good", "--ca", str(folder / "ca.pem"), "--save", case)
        for options in ((), ("-v",)):
            shown = run(command, "--case", case, *options).stdout
            assert "Judged by the roots in ca.pem alone (--ca)." in shown
            assert "is not in ca.pem, and the host sent no certificate that leads on" in shown
        [one, *_] = json.loads(run(command, "--case", case, "--format", "json").stdout)["reports"][0]["smtp"][
            "conversations"
        ]
        assert one["tls"]["chain"]["good"] is False
        assert one["handshake"]["roots"] == "ca.pem"


@pytest.mark.parametrize("command", ["smtp", "tls"])
def test_a_case_holds_how_tls_was_spoken(command: str, folder: Path, tmp_path: Path) -> None:
    case = str(tmp_path / "case")
    run(command, "good.example", "--lab", "smtp-good", "--save", case)
    shown = run(command, "--case", case, "--sni", "a.example", "--ca", str(folder / "ca.pem"))
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "--case holds what was said then: leave --sni and --ca out" in shown.stderr
