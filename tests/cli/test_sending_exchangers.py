"""``deliverkit smtp`` as a sender that goes through a domain's exchangers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sending import SUBMIT, Ended, command


def conversations(tmp_path: Path, first: str) -> tuple[Ended, list[tuple[str, list[int]]]]:
    """What is said to whom when the first exchanger is so."""
    tables = "".join(
        f'[[smtp]]\naddress = "{address}"\nname = "mx1.good.example"\n{first}\n'
        for address in ("11.0.1.25", "2a11:db8:1::25")
    )
    (tmp_path / "w.toml").write_text(f'title = "x"\nlike = "smtp-good"\n{tables}')
    ended = command(
        "ada@good.example", "--script", "deliver", "--from", "a@a.example", "--patience", "0.5",
        "--lab", f"{tmp_path}/w.toml", "--log", f"{tmp_path}/log",
    )  # fmt: skip
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    return ended, [(line["host"][:3], line["codes"]) for line in lines]


@pytest.mark.parametrize(
    "first",
    [
        'replies = { CONNECT = "554 5.7.1 not from there" }',
        'replies = { CONNECT = "421 4.3.2 too busy" }',
        'replies = { MAIL = "451 4.3.0 later" }',
        'replies = { RCPT = "450 4.2.0 later" }',
        'replies = { "." = "451 4.3.0 later" }',
        'do = ["silent"]',
        'do = ["drop at CONNECT"]',
        'do = ["drop at EHLO"]',
    ],
)
def test_the_next_exchanger_is_tried(first: str, tmp_path: Path) -> None:
    ended, held = conversations(tmp_path, first)
    assert [host for host, _ in held] == ["mx1", "mx1", "mx2"]
    assert held[-1][1][-2:] == [250, 221]
    assert ended.out.startswith("mx2.good.example [11.0.2.25]:25 accepted the message")


@pytest.mark.parametrize(
    "reply",
    ['MAIL = "550 5.7.1 no"', 'RCPT = "550 5.1.1 unknown"', 'DATA = "554 5.7.1 no"', '"." = "554 5.7.1 spam"'],
)
def test_a_refusal_for_good_ends_it(reply: str, tmp_path: Path) -> None:
    ended, held = conversations(tmp_path, f"replies = {{ {reply} }}")
    assert ended.code == 1
    assert [host for host, _ in held] == ["mx1"]
    assert "SMTP002" in ended.out
    assert "   wanted " in ended.out


def test_an_exchanger_that_refuses_connections_is_gone_past(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(
        'title = "x"\nlike = "resolver-well"\n[[smtp]]\naddress = "11.0.2.25"\nname = "mx2.good.example"\n'
    )
    ended = command("ada@good.example", "--script", "deliver", "--from", "a@a.example", "--lab", f"{tmp_path}/w.toml")
    assert ended.out.startswith("mx2.good.example [11.0.2.25]:25 accepted the message")


def test_a_wrong_password_is_tried_at_one_host_alone(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(
        'title = "x"\nlike = "smtp-good"\n'
        + "".join(
            f'[[smtp]]\naddress = "{address}"\nport = 587\nname = "{name}.good.example"\nauth = ["PLAIN"]\n'
            for address, name in (("11.0.1.25", "mx1"), ("2a11:db8:1::25", "mx1"), ("11.0.2.25", "mx2"))
        )
    )
    ended = command(
        "good.example", "--lab", f"{tmp_path}/w.toml", *SUBMIT[3:], "--secret", "password=env:PW",
        "--log", f"{tmp_path}/log", PW="wrong-one",
    )  # fmt: skip
    assert ended.code == 1
    (line,) = [json.loads(one) for one in (tmp_path / "log").read_text().splitlines()]
    assert (line["address"], 535 in line["codes"]) == ("11.0.1.25", True)


def test_a_script_without_a_message_is_held_with_one_host(tmp_path: Path) -> None:
    ended = command(
        "ada@good.example", "--lab", "smtp-good", "--script", "deliver", "--from", "a@a.example",
        "--quit-after", "RCPT", "--log", f"{tmp_path}/log",
    )  # fmt: skip
    assert ended.code == 0
    assert len((tmp_path / "log").read_text().splitlines()) == 1
