"""Targets of a conversation, as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.errors import UsageError
from deliverkit.standards.smtp.target import SmtpTarget, parse_smtp_target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("good.example", SmtpTarget("good.example")),
        ("München.example", SmtpTarget("xn--mnchen-3ya.example")),
        ("Ada@Good.example", SmtpTarget("good.example", "Ada@good.example")),
        ('"a b"@good.example', SmtpTarget("good.example", '"a b"@good.example')),
        ("mx1.good.example:587", SmtpTarget(host="mx1.good.example", port=587)),
        ("11.0.1.25", SmtpTarget(host="11.0.1.25")),
        ("11.0.1.25:2525", SmtpTarget(host="11.0.1.25", port=2525)),
        ("[2A11:DB8:1::25]:465", SmtpTarget(host="2a11:db8:1::25", port=465)),
        ("[2a11:db8:1::25]", SmtpTarget(host="2a11:db8:1::25")),
        ("2a11:db8:1::25", SmtpTarget(host="2a11:db8:1::25")),
        ("::1:25", SmtpTarget(host="::1:25")),  # an address, and no port
        ("[IPv6:::1]:25", SmtpTarget(host="::1")),
        ("unix:/run/lmtp", SmtpTarget(path="/run/lmtp")),
    ],
)
def test_read(text: str, target: SmtpTarget) -> None:
    assert parse_smtp_target(text) == target


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "domain"),
        ("mx1.good.example:99999", "a port is a number"),
        ("11.0.1.25:", "domain"),
        ("11.0.1.25:25:25", "domain"),
        ("11.0.1.25:123456", "domain"),
        ("11.0.1.25:٢٥", "domain"),
        (":25", "domain"),
        ("[[::1]]:25", "domain"),
        ("[mx1]:25", "no IP address between the brackets"),
        ("[2a11:db8:1::25", "a bracket is missing"),
        ("2a11:db8:1::25]:25", "a bracket is missing"),
        ("unix:relative", "begins with /"),
        ("a\r\nRCPT TO:<x>@good.example", "local part"),
        ("a b@good.example", "local part"),
        ("@good.example", "local part"),
        (f"{'a' * 65}@good.example", "local part"),
    ],
)
def test_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_smtp_target(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        target = parse_smtp_target(text)
    except UsageError:
        return
    assert target.domain or target.host or target.path
    assert "\n" not in target.recipient
