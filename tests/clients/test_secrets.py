"""Where secrets are, and what is said where they are not."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from deliverkit.clients.secrets import fetch_secret, is_way, why_missing
from deliverkit.errors import UsageError


def refused(way: str, user: str = "") -> str:
    with pytest.raises(UsageError) as caught:
        fetch_secret(way, user)
    return str(caught.value)


def test_each_way_leads_to_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HERE", "one")
    (tmp_path / "two").write_text("two\n", "utf-8")
    command = shlex.join([sys.executable, "-c", "print('three')"])
    assert [fetch_secret("env:HERE"), fetch_secret(f"file:{tmp_path / 'two'}"), fetch_secret(f"command:{command}")] == [
        "one",
        "two",
        "three",
    ]


def test_what_is_known_to_be_missing_is_known_without_asking_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERE", "one")
    monkeypatch.setenv("EMPTY", "")
    (tmp_path / "two").write_text("two\n", "utf-8")
    asking = f"command:touch {tmp_path / 'asked'}"
    assert [why_missing(way) for way in ("env:HERE", f"file:{tmp_path / 'two'}", asking, "keyring:mail", "")] == [
        ""
    ] * 5
    assert not (tmp_path / "asked").exists()
    assert why_missing("env:NOPE") == "there is no environment variable NOPE"
    assert why_missing("env:EMPTY") == "it is empty"
    gone = tmp_path / "gone"
    assert why_missing(f"file:{gone}") == f"{gone} cannot be read: No such file or directory"


def test_a_keyring_is_asked_for_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def get_password(service: str, user: str) -> str | None:
        if service == "locked":
            raise RuntimeError("hunter2")
        return f"{user} at {service}" if service == "mail" else None

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=get_password))
    assert fetch_secret("keyring:mail", "ada") == "ada at mail"
    assert refused("keyring:other", "ada") == "the keyring has none for ada at other: keyring set other ada"
    assert refused("keyring:locked", "ada") == "the keyring cannot be asked: RuntimeError"


def test_without_the_package_a_keyring_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pip install 'deliverkit[keyring]'" in refused("keyring:mail", "ada")


@pytest.mark.parametrize("text", ["hunter2", "env:", "password:hunter2", "", "ENV:X"])
def test_what_is_no_way_is_never_shown(text: str) -> None:
    assert not is_way(text)
    assert refused(text).startswith("it is not said where it is: env:VARIABLE")


def test_what_is_no_secret_is_told(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    for octets, said in (
        (b"", "it is empty"),
        (b"\n", "it is empty"),
        (b"a\nb", "it has a line break"),
        (b"x" * 70_000, "it is too long"),
        (b"\xff", "it is no text in UTF-8"),
    ):
        path.write_bytes(octets)
        assert said in refused(f"file:{path}")
    assert "cannot be read" in refused(f"file:{tmp_path / 'nothing'}")
    assert "its command ended with 3" in refused(f"command:{shlex.join([sys.executable, '-c', 'raise SystemExit(3)'])}")
    assert "its command cannot be run" in refused("command:/does/not/exist")


@pytest.mark.parametrize(
    ("command", "sign"),
    [
        ("printf a|b", "|"),
        ("printf x>y", ">"),
        ("printf a$(id)b", "$"),
        ("printf x`id`", "`"),
        ('printf "$(id)"', "$"),
        ('printf "a`id`"', "`"),
        ("printf $HOME/x", "$"),
        ('printf "${HOME}"', "$"),
        ("printf a;id", ";"),
        ("printf a&&id", "&"),
        ("printf a &", "&"),
        ("(printf a)", "("),
        ("printf a\nprintf b", "a line break"),
        ("printf it\\'s|cat", "|"),
        ('printf "it\'s" >x', ">"),
    ],
)
def test_what_only_a_shell_understands_is_refused_wherever_it_stands(command: str, sign: str) -> None:
    assert refused(f"command:{command}").startswith(f"its command is run without a shell, and {sign} is for one")


@pytest.mark.parametrize(
    ("command", "secret"),
    [
        ("printf 'a|b;$(id)`id`<>&'", "a|b;$(id)`id`<>&"),
        ('printf "a|b;<>&()\'"', "a|b;<>&()'"),
        (r"printf a\|b", "a|b"),
        ("printf cost$", "cost$"),
        ("printf $1.50", "$1.50"),
        ("printf user=ada,host=mail#1", "user=ada,host=mail#1"),
        ("printf ~*?[x]!", "~*?[x]!"),
        ("sh -c 'printf a | cat'", "a"),
        ('sh -c "printf a | cat"', "a"),
    ],
)
def test_what_is_quoted_reaches_the_command_as_it_stands(command: str, secret: str) -> None:
    assert fetch_secret(f"command:{command}") == secret
