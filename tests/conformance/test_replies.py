"""The registry of enhanced status codes, and replies out of real bounces, as others wrote them down."""

from __future__ import annotations

import json

import pytest

from deliverkit.knowledge.pasted import parse_pasted
from deliverkit.knowledge.replies import read_reply
from deliverkit.standards.smtp.enhanced_status import EnhancedStatus
from tests.conformance.corpora import corpus

REGISTRY = json.loads((corpus("smtp-status") / "enhanced_status_codes.json").read_text("utf-8"))
BOUNCES = json.loads((corpus("bounces-sisimai") / "diagnostic_lines.json").read_text("utf-8"))
# This bounce tells of several recipients: the reply is about one of them, the reason about another.
_SAYS_OTHERWISE = {"rfc3464-01.eml"}


@pytest.mark.parametrize("entry", REGISTRY, ids=lambda entry: entry["code"])
def test_registered(entry: dict[str, str]) -> None:
    status = EnhancedStatus(5, *map(int, entry["code"].split(".")[1:]))
    assert status.registered is not None
    source = status.registered[1]
    assert source == (f"RFC {entry['rfc']}" if entry["rfc"].isdigit() else "IANA, enhanced status codes")


def test_no_mailbox_and_full_mailbox_are_told_apart_in_real_bounces() -> None:
    told: dict[str, list[str]] = {"userunknown": [], "mailboxfull": []}
    wrong = []
    for bounce in BOUNCES:
        reply = parse_pasted(bounce["diagnostic"])
        meanings = read_reply(reply).meanings if reply else ()
        said = meanings[0].meaning if meanings else ""
        is_full, is_unknown = "full" in said, "no such mailbox" in said
        if (bounce["reason"] == "mailboxfull" and is_unknown) or (bounce["reason"] == "userunknown" and is_full):
            wrong.append(bounce["file"])
        elif bounce["reason"] in told and (is_full or is_unknown):
            told[bounce["reason"]].append(bounce["file"])
    assert set(wrong) <= _SAYS_OTHERWISE, wrong
    assert len(told["userunknown"]) >= 30
    assert len(told["mailboxfull"]) >= 12


@pytest.mark.parametrize("bounce", BOUNCES, ids=lambda bounce: bounce["file"])
def test_the_reply_in_a_bounce_is_found(bounce: dict[str, str]) -> None:
    reply = parse_pasted(bounce["diagnostic"])
    if bounce["has_reply_code"] and bounce["reply"]:
        assert reply is not None
        assert str(reply.code) == bounce["reply"]
