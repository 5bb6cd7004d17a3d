"""``deliverkit dkim`` as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from deliverkit.standards.dkim.key_record import parse_key_record
from deliverkit.standards.dkim.private_key import new_private_key, public_half
from deliverkit.standards.txt import text_of

MESSAGE = (
    "From: a@good.example\r\nDKIM-Signature: v=1; d=good.example; s=6zq4xkq7;\r\n h=from; b=x\r\n\r\nd=no; s=no\r\n"
)


def run(*arguments: str, stdin: str = "", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deliverkit", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, input=stdin, cwd=folder)


def test_the_table_tells_key_state_and_reason() -> None:
    shown = run("dkim", "good.example", "--lab", "dkim-good")
    assert shown.returncode == 0
    lines = [line.split(maxsplit=4) for line in shown.stdout.splitlines()]
    assert ["s1", "RSA-2048", "✓", "good", "used by SendGrid, used by Mailgun"] in lines
    assert ["mail", "–", "–", "revoked", "widely used, used by Brevo"] in lines
    assert "other selectors tried without a find" in shown.stdout


def test_a_message_gives_domain_and_selector(tmp_path: Path) -> None:
    message = tmp_path / "mail.eml"
    message.write_text(MESSAGE)
    shown = run("dkim", "--from-message", str(message), "--lab", "dkim-cannot-tell")
    assert shown.stdout.startswith("good.example publishes 1 DKIM key, 6zq4xkq7 (RSA-2048).")
    assert "in a message" in shown.stdout
    assert shown.returncode == 0


def test_a_case_keeps_the_selectors_that_were_given(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    first = run("dkim", "good.example", "--selector", "6zq4xkq7", "--lab", "dkim-cannot-tell", "--save", str(case))
    again = run("dkim", "--case", str(case))
    assert first.returncode == again.returncode == 0
    assert first.stdout.splitlines()[:4] == again.stdout.splitlines()[:4]


def test_a_new_key_is_for_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    made = run("dkim", "new-key", "good.example", "--selector", "s9", "--ed25519", "e9", folder=tmp_path)
    assert made.returncode == 0
    assert "PRIVATE" not in made.stdout
    for selector, key in (("s9", "RSA-2048"), ("e9", "Ed25519")):
        file = tmp_path / f"{selector}._domainkey.good.example.pem"
        assert file.stat().st_mode & 0o777 == 0o600
        [line] = [line for line in made.stdout.splitlines() if line.startswith(f"{selector}._domainkey.good.example. ")]
        record = parse_key_record(text_of(line.partition("  TXT  ")[2]))
        assert (str(record.key), record.defects) == (key, ())
        assert record.tags.get("p") is not None
        assert public_half(file.read_bytes(), name="key") in str(record)
    before = file.read_bytes()
    again = run("dkim", "new-key", "good.example", "--selector", "s8", "--ed25519", "e9", folder=tmp_path)
    assert again.returncode == 2
    assert "never written over" in again.stderr
    assert file.read_bytes() == before
    assert not list(tmp_path.glob("s8*"))


def test_a_private_key_is_told_to_belong_or_not(tmp_path: Path) -> None:
    pem, text = new_private_key("ed25519")
    (tmp_path / "k.pem").write_bytes(pem)
    (tmp_path / "other.pem").write_bytes(new_private_key("rsa")[0])
    zone = (
        f"target = 'good.example'\n[[zones]]\norigin = 'good.example'\ntext = '''\ns1._domainkey TXT \"{text}\"\n'''\n"
    )
    (tmp_path / "w.toml").write_text(zone)
    arguments = ("dkim", "good.example", "--selector", "s1", "--lab", "w.toml", "--format", "jsonl", "--private-key")
    outcomes = []
    for name in ("k.pem", "other.pem"):
        shown = run(*arguments, name, folder=tmp_path)
        results = {result["code"]: result["outcome"] for result in json.loads(shown.stdout)["results"]}
        is_said = "The private key belongs to a key that is published." in shown.stdout
        outcomes.append((results["DKIM022"], shown.returncode, is_said))
    assert outcomes == [("pass", 0, True), ("fail", 1, False)]


def unusable(folder: Path) -> None:
    curve = generate_private_key(SECP256R1())
    locked = BestAvailableEncryption(b"x")
    (folder / "curve.pem").write_bytes(curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "locked.pem").write_bytes(curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
    (folder / "bare.eml").write_bytes(b"Subject: \xff\x00\n\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--selector", "a b"), "is no selector"),
        (("--selector", ""), "is no selector"),
        (("--private-key", "none.pem"), "cannot be read"),
        (("--private-key", "bare.eml"), "is no private key in PEM"),
        (("--private-key", "locked.pem"), "locked with a password"),
        (("--private-key", "curve.pem"), "neither an RSA key nor an Ed25519 key"),
        (("--from-message", "bare.eml"), "has no DKIM-Signature"),
        (("--from-message", "."), "cannot be read"),
    ],
)
def test_input_that_cannot_be_used_is_told(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    unusable(tmp_path)
    shown = run("dkim", "good.example", "--lab", "dkim-good", *arguments, folder=tmp_path)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert said in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--selector", "../x"), "is no selector"),
        (("--selector", "s1", "--ed25519", "S1"), "a selector of its own"),
        (("--selector", "s1", "--out", "no/such"), "cannot be written"),
        ((), "Missing option '--selector'"),
    ],
)
def test_a_key_that_cannot_be_made_is_told(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    shown = run("dkim", "new-key", "good.example", *arguments, folder=tmp_path)
    assert shown.returncode == 2
    assert said in shown.stderr
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names are enough


@pytest.mark.parametrize(
    ("world", "state"),
    [
        ("dkim-short-keys", "✗ too short"),
        ("dkim-unusable-keys", "✗ for SHA-1 alone"),
        ("dkim-several-records", "? 2 records"),
    ],
)
def test_a_key_of_no_use_is_not_called_good(world: str, state: str) -> None:
    shown = run("dkim", "good.example", "--lab", world).stdout
    row = next(line for line in shown.splitlines() if line.startswith("  s1 "))
    assert state in row
    assert "good" not in row
