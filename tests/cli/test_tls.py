"""``deliverkit tls`` as a user types it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.test_commands import run


def test_it_shows_six_verdicts_for_each_address() -> None:
    shown = run("tls", "good.example", "--lab", "tls-policy-certificate")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert re.search(r"  exchange +address +offered +TLS +chain +name +DANE +MTA-STS\n", shown.stdout)
    assert re.search(r"  mx1.good.example +11.0.1.25 +✓ +1.3 +✓ +✓ +delivers +delivers\n", shown.stdout)
    assert re.search(r"  mx2.good.example +11.0.2.25 +✓ +1.3 +✗ +✓ +delivers +✗ defers\n", shown.stdout)
    assert "  MTA-STS  mx2.good.example  defers  its certificate is not trusted: it is signed by itself" in shown.stdout
    assert re.search(
        r"  mx2.good.example +mx2.good.example +mx2.good.example +2027-01-21 +EC-256 +SHA256", shown.stdout
    )


@pytest.mark.parametrize(
    ("world", "code"),
    [
        ("tls-good", 0),
        ("tls-dane-mismatch", 1),
        ("tls-no-starttls", 1),
        ("tls-testing-certificate", 0),
        ("smtp-good", 0),
    ],
)
def test_the_exit_code(world: str, code: int) -> None:
    assert run("tls", "good.example", "--lab", world, "-q").returncode == code


def test_the_verdict_comes_first_and_alone_if_that_is_wanted() -> None:
    alone = run("tls", "good.example", "--lab", "tls-good", "-q").stdout
    assert alone == (
        "Mail to good.example is encrypted by every sender that can, and senders that know DANE or MTA-STS cannot be "
        "made to send it in the clear.\n"
    )
    shown = run("tls", "good.example", "--lab", "tls-good").stdout
    assert shown.startswith(f"{alone}\nAll 4 addresses of 2 mail hosts answer.\nTLS works at all 4 addresses")


def test_the_verdict_stands_in_every_format() -> None:
    for kind in ("json", "jsonl", "markdown", "html", "junit"):
        shown = run("tls", "good.example", "--lab", "tls-dane-mismatch", "--format", kind).stdout
        assert "Senders that know DANE do not deliver at" in shown.replace("\\", "")
        assert shown.index("Senders that know DANE do not deliver") < shown.index(
            "All 4 addresses of 2 mail hosts answer"
        )


def test_a_host_that_is_named_has_dane_and_no_policy() -> None:
    shown = run("tls", "mx1.good.example:25", "--lab", "tls-good").stdout
    assert re.search(r"  mx1.good.example +11.0.1.25 +✓ +1.3 +✓ +✓ +delivers +–\n", shown)
    bare = run("tls", "11.0.1.25", "--lab", "tls-good").stdout
    assert re.search(r"  11.0.1.25 +11.0.1.25 +✓ +1.3 +✓ +– +– +–\n", bare)
    assert re.search(r"  11.0.1.25 +none +TLS 1.3", bare)


def test_protocols_are_tried_each_alone_and_kept_in_the_case(tmp_path: Path) -> None:
    case = str(tmp_path / "case")
    shown = run("tls", "good.example", "--lab", "tls-good", "--protocols", "--save", case).stdout
    for line in (
        r"TLS 1.1   – refused: the host sent the alert protocol version",
        r"TLS 1.2   ECDHE-ECDSA-AES256-GCM-SHA384",
        r"TLS 1.3   TLS_AES_256",
    ):
        assert len(re.findall(rf"  mx[12].good.example +mx[12].good.example +{line}", shown)) == 2
    kept = json.loads(Path(case).read_text())["smtp"]
    assert len(kept) == 4 + 2 * 3  # one to each address, three more to each host
    again = run("tls", "--case", case).stdout
    assert again.partition("\n\n")[2].rpartition("\n\n")[0] == shown.partition("\n\n")[2].rpartition("\n\n")[0]


@pytest.mark.parametrize(
    ("world", "fault"),
    [
        ("tls-certificate-expired", r"its certificate expired on \d{4}-\d\d-\d\d"),
        ("tls-certificate-self-signed", "its certificate is signed by itself and by no authority"),
        ("tls-certificate-wrong-name", r"the certificate is for www\.elsewhere\.example"),
    ],
)
def test_the_verdict_says_what_is_wrong_with_a_certificate(world: str, fault: str) -> None:
    verdict = run("tls", "good.example", "--lab", world).stdout.partition("\n\n")[0]
    assert re.search(rf" does not deliver at mx2\.good\.example \({fault}\)\.$", verdict)


def test_tls_comes_first_at_port_465(tmp_path: Path) -> None:
    case = f"{tmp_path}/case.json"
    arguments = ("--lab", "smtp-submission", "--protocols", "--save", case)
    shown = run("tls", "mx1.good.example:465", "mx1.good.example:587", *arguments)
    assert shown.returncode == 0, shown.stderr
    first, second = shown.stdout.split("\n\nMail to mx1.good.example:587 ")
    assert first.startswith("What is sent to mx1.good.example:465 is encrypted from the first octet on ")
    assert second.startswith(
        "is encrypted by every sender that can, and only one that does not insist on TLS can be made to send it in the "
        "clear"
    )
    for shown_of, port, offered in ((first, 465, "TLS from the start"), (second, 587, "STARTTLS")):
        assert f"port {port}, and _{port}._tcp.mx1.good.example has no TLSA record." in shown_of
        assert f"  offered: {offered}; DANE, " in shown_of
        assert "falls back" not in shown_of
        assert "exchanger" not in shown_of
    assert re.search(r"TLS 1.1 +– ", first)
    assert re.search(r"TLS 1.2 +ECDHE-", first)
    again = run("tls", "--case", case)
    assert again.stdout.startswith(first.partition("\n")[0])
    assert "does not hold" not in again.stdout


def test_a_redacted_case_shows_the_same(tmp_path: Path) -> None:
    case = str(tmp_path / "case")
    run("tls", "good.example", "--lab", "tls-dane-authority", "--protocols", "--save", case, "--redact")
    shown = run("tls", "--case", case)
    assert (shown.returncode, "good.example" in shown.stdout) == (1, False)
    assert len(re.findall(r"TLS 1.2   ECDHE-", shown.stdout)) == 2
    assert re.search(r"11?[\d.]+ +✓ +1.3 +✓ +✗ +✗ defers +✗ defers\n", shown.stdout)


def test_json_keeps_the_verdicts_apart() -> None:
    [report] = json.loads(run("tls", "good.example", "--lab", "tls-dane-mismatch", "--format", "json").stdout)[
        "reports"
    ]
    first, *_, last = report["tls"]["hosts"]
    assert set(first) == {
        *("endpoint", "host", "address"),
        *("advertised", "handshake", "chain", "name", "dane_sender", "mta_sts_sender"),
    }
    assert first["dane_sender"]["does"] == "delivers"
    assert last["dane_sender"] == {
        "does": "defers",
        "reason": "no TLSA record names the certificate that it shows",
        "fault": "certificate",
    }
    assert (last["mta_sts_sender"]["does"], last["chain"]["good"]) == ("delivers", True)
    assert report["tls"]["protocols"] is None


@pytest.mark.parametrize(
    ("kind", "cell"), [("markdown", "| ✗ defers | delivers |"), ("html", "<td>✗ defers<td>delivers")]
)
def test_documents_have_the_table(kind: str, cell: str) -> None:
    assert cell in run("tls", "good.example", "--lab", "tls-dane-mismatch", "--format", kind).stdout


def test_other_commands_have_no_such_key_filled() -> None:
    [report] = json.loads(run("smtp", "good.example", "--lab", "smtp-good", "--format", "json").stdout)["reports"]
    assert report["tls"] is None


def test_what_is_proposed_is_held_against_the_certificates(tmp_path: Path) -> None:
    """Without its TLSA record, a host whose certificate no record names gets mail again."""
    fix = run("tls", "good.example", "--lab", "tls-dane-mismatch", "--fix", "-q").stdout
    assert re.search(r"\+ _25._tcp.mx2.good.example. +3600 +IN +TLSA +3 1 1 [0-9a-f]{64}\n", fix)
    assert "\n- " not in fix
    gone = "- _25._tcp.mx2.good.example. 3600 IN TLSA 3 1 1 " + "b2" * 32
    (tmp_path / "fix").write_text(f"{gone}\n")
    shown = run("tls", "good.example", "--lab", "tls-dane-mismatch", "--what-if", str(tmp_path / "fix")).stdout
    assert "DANE009" in shown.partition("With the proposed records:")[0]
    assert re.search(r"  mx2.good.example +11.0.2.25 +✓ +1.3 +✓ +✓ +falls back +delivers\n", shown)


def test_a_client_certificate_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("")
    for options, complaint in (
        (("--client-key", "x"), "--client-key belongs to a certificate"),
        (("--client-cert", str(tmp_path / "none.pem")), "cannot be used with its key"),
        (("--client-cert", str(tmp_path / "missing.pem")), "cannot be read: No such file"),
    ):
        shown = run("tls", "good.example", "--lab", "tls-good", *options)
        assert shown.returncode == 2
        assert complaint in shown.stderr
