"""How a seed is judged by what its mailbox came to."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.observations.mailbox import (
    FileAccess,
    Folder,
    FolderClass,
    ImapAccess,
    Mechanism,
    Tabs,
    Trial,
)
from deliverkit.seeds.health import State, judge, tabs_of
from deliverkit.seeds.seedfile import Seed
from deliverkit.standards.tokens import token_expiry

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
JUNK = (Folder("INBOX", FolderClass.INBOX), Folder("Spam", FolderClass.JUNK, "its name"))


def seed(mechanism: Mechanism = Mechanism.XOAUTH2, way: str = "env:A") -> Seed:
    return Seed("ada@example.com", "Example", ImapAccess("imap.example.com", 993, "ada", way, mechanism))


def token(claims: object) -> str:
    piece = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{piece}.c2ln"


def test_a_mailbox_in_order_is_well() -> None:
    health = judge(seed(), Trial(folders=JUNK, newest=NOW, until=NOW + timedelta(hours=1)), NOW)
    assert (health.state, health.complaints) == (State.WELL, ())
    assert health.junk == "Spam (its name)"


@pytest.mark.parametrize(("is_fault", "state"), [(True, State.BROKEN), (False, State.UNKNOWN)])
def test_what_could_not_be_found_out_is_no_fault(*, is_fault: bool, state: State) -> None:
    health = judge(seed(), Trial("it is so", is_fault), NOW)
    assert (health.state, health.complaints) == (state, ("it is so",))


@pytest.mark.parametrize(
    ("of", "trial", "complaint"),
    [
        (seed(), Trial(folders=JUNK[:1]), "no folder of it is known as junk"),
        (Seed("a@b", "", FileAccess("maildir", "x")), Trial(folders=JUNK[:1]), "no folder of it is known as junk"),
        (Seed("a@b", "", FileAccess("mbox", "x")), Trial(folders=JUNK[:1]), ""),
        (seed(), Trial(folders=JUNK, until=NOW + timedelta(minutes=7)), "its token expires in 7 min"),
        (seed(), Trial(folders=JUNK, until=NOW - timedelta(minutes=7)), "it has expired"),
        (seed(way="command:x"), Trial(folders=JUNK, until=NOW + timedelta(minutes=7)), ""),
        (seed(Mechanism.PASSWORD), Trial(folders=JUNK, until=NOW + timedelta(minutes=7)), ""),
        (seed(), Trial(folders=JUNK, newest=NOW + timedelta(minutes=9)), "dated 9 min in the future"),
        (seed(), Trial(folders=JUNK, newest=NOW - timedelta(days=9)), ""),
    ],
)
def test_what_may_mislead_is_told(of: Seed, trial: Trial, complaint: str) -> None:
    health = judge(of, trial, NOW)
    assert health.state is (State.DOUBTFUL if complaint else State.WELL)
    assert complaint in " ".join(health.complaints)
    assert bool(health.complaints) is bool(complaint)


def test_tabs_are_said_only_where_there_may_be_some() -> None:
    words = [tabs_of(judge(seed(), Trial(folders=JUNK, tabs=tabs), NOW)) for tabs in Tabs]
    assert words == ["", "on", "off", "?"]


def test_a_token_says_when_it_expires_or_nothing() -> None:
    assert token_expiry(token({"exp": NOW.timestamp()})) == NOW
    for text in ("", "ya29.opaque", "a.b.c", token({}), token({"exp": "soon"}), token([]), token({"exp": 1e300})):
        assert token_expiry(text) is None


@given(st.text() | st.builds("{}.{}.{}".format, st.text(), st.text(), st.text()))
def test_any_text_may_be_a_token(text: str) -> None:
    found = token_expiry(text)
    assert found is None or found.tzinfo is UTC
