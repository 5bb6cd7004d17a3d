"""Secrets that ``deliverkit smtp`` signs in with: where they come from, and that none of them shows."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from deliverkit.script import parse_script
from tests.sending import ENDS, SECRET, SUBMIT, Ended, command, files_of, send


def everything(ended: Ended, folder: Path) -> str:
    kept = [path.read_text() for path in folder.iterdir()]
    assert len(kept) == 3
    return ended.out + ended.err + "".join(kept)


def assert_hidden(text: str, secret: str = SECRET) -> None:
    encoded = [b64encode(one).decode() for one in (secret.encode(), f"\0ada\0{secret}".encode())]
    assert [one for one in (secret, *encoded) if one in text] == []


@pytest.mark.parametrize("format_", ["table", "json", "jsonl", "markdown", "html", "junit", "sarif"])
def test_no_output_holds_a_secret(format_: str, tmp_path: Path) -> None:
    ended = command(*SUBMIT, "--secret", "password=env:PW", "--format", format_, "-v", *files_of(tmp_path), PW=SECRET)
    assert ended.code == 0, ended.out
    text = everything(ended, tmp_path)
    assert_hidden(text)
    assert "<secret:password>" in text
    assert parse_script((tmp_path / "record").read_text())


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize(("port", "tls"), [(587, "starttls"), (465, "implicit")])
def test_every_mechanism_logs_in(mechanism: str, port: int, tls: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    name = "token" if "OAUTH" in mechanism else "password"
    ended = command(
        f"mx1.good.example:{port}", *SUBMIT[1:], "--tls", tls, "--auth", mechanism.lower(), "-v",
        "--secret", f"{name}=command:cat {secret}",
    )  # fmt: skip
    assert ended.code == 0, ended.out + ended.err
    assert "< 235 2.7.0" in ended.out
    assert_hidden(ended.out + ended.err)


def test_a_host_that_says_a_secret_back_is_not_shown_with_it(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(
        'title = "x"\nlike = "smtp-submission"\n[[smtp]]\naddress = "11.0.1.25"\nport = 587\n'
        'name = "mx1.good.example"\n'
        f'auth = ["PLAIN"]\nreplies = {{ AUTH = "535 5.7.8 {SECRET} is wrong" }}\n'
    )
    kept = tmp_path / "kept"
    kept.mkdir()
    arguments = (SUBMIT[0], "--lab", str(world), *SUBMIT[3:], "--secret", "password=env:PW", "-v", *files_of(kept))
    ended = command(*arguments, PW=SECRET)
    assert ended.code == 1
    assert "535 5.7.8 <secret:password> is wrong" in ended.out
    assert_hidden(everything(ended, kept))


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        (f"password={SECRET}", "--secret password=…: write env:VARIABLE"),
        (f"password:{SECRET}", "--secret wants NAME=WAY"),
        ("password=env:NOT_THERE", "no environment variable NOT_THERE"),
        ("password=file:/no/such/file", "cannot be read"),
        ("password=command:false", "its command ended with 1"),
        ("password=command:no-such-command-here", "its command cannot be run"),
        ("password=command:printf 'x\\ny'", "a line break"),
        ("password=command:true", "is empty"),
        ("password=command:echo boo >&2; exit 3", "is run without a shell, and > is for one: command:sh -c"),
        ("password=command:echo x | cat", "is run without a shell"),
        ("password=command:true && echo x", "is run without a shell"),
        ("password=command:echo $(true)", "is run without a shell"),
        ("password=command:sh -c 'echo boo >&2; exit 3'", "its command ended with 3"),
        ("password=prompt", "there is no terminal"),
        ("token=env:PW", "has no use for the secret token"),
    ],
)
def test_a_secret_that_cannot_be_had(secret: str, words: str) -> None:
    ended = command(*SUBMIT, "--secret", secret, PW=SECRET)
    assert ended.code == 2
    assert words in ended.err
    assert_hidden(ended.err + ended.out)


def test_without_a_secret_it_is_asked_for_and_there_must_be_a_terminal() -> None:
    ended = command(*SUBMIT)
    assert (ended.code, ended.out) == (2, "")
    assert "the secret password is needed, and there is no terminal to ask at" in ended.err


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("token=$PW", "--set token=…: what is set stands in transcripts"),
        (f"password={SECRET}", "--set password=…: what is set stands in transcripts"),
        ("x=$MY_TOKEN", "--set x=…: what is set stands in transcripts"),
        ("subject=$PW", "the variable subject holds the secret password"),
    ],
)
def test_what_is_set_is_no_secret(setting: str, words: str) -> None:
    ended = command(*SUBMIT, "--set", setting, "--secret", "password=env:PW", PW=SECRET, MY_TOKEN=SECRET)
    assert ended.code == 2
    assert words in ended.err
    assert_hidden(ended.err + ended.out)


def test_no_password_goes_to_a_host_whose_certificate_is_bad() -> None:
    arguments = ("--script", "submit", "--user", "ada", *ENDS, "--secret", "password=env:PW")
    manner: dict[str, Any] = {"auth": ["PLAIN"], "users": {"ada": SECRET}, "environment": {"PW": SECRET}}
    ended = send(*arguments, **manner)
    assert ended.code == 1
    assert "wants trusted TLS before a password is sent" in ended.out
    assert "AUTH PLAIN" not in ended.out
    assert send(*arguments, "--in-clear", **manner).code == 0
    in_clear = send(*arguments, "--in-clear", "--tls", "none", **manner)
    assert (in_clear.code, in_clear.deliveries[0].secure, in_clear.deliveries[0].user) == (0, False, "ada")
