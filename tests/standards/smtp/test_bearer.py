"""What a host says of a token that it refuses."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.smtp.bearer import TokenError, parse_token_error


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("said", "error", "shown"),
    [
        (
            '{"status":"401","schemes":"Bearer","scope":"https://mail.google.com/"}',
            TokenError("401", "https://mail.google.com/", "Bearer"),
            "status 401, scope https://mail.google.com/, schemes Bearer",
        ),
        ('{"status":"invalid_token"}', TokenError("invalid_token"), "status invalid_token"),
        ('{"status":401,"scope":null}', TokenError("401"), "status 401"),
        ('{"status":"4\\u001b[31m01","scope":"a\\r\\nb"}', TokenError("4\\x1b[31m01", "a b"), None),
    ],
)
def test_what_is_said(said: str, error: TokenError, shown: str | None) -> None:
    assert parse_token_error(encoded(said)) == error
    assert str(error) == (shown or str(error))


@pytest.mark.parametrize(
    "challenge",
    [
        "", "=", "Username:", encoded("Username:"), encoded("[1]"), encoded('{"scope":"x"}'), encoded('{"status":[]}'),
        encoded("[" * 2000), encoded('{"status":"' + "x" * 5000 + '"}'),
    ],
)  # fmt: skip
def test_other_challenges_are_none(challenge: str) -> None:
    assert parse_token_error(challenge) is None


def test_what_is_long_is_cut() -> None:
    error = parse_token_error(encoded('{"status":"401","scope":"' + "x" * 1000 + '"}'))
    assert error is not None
    assert len(error.scope) == 81


@given(st.text(max_size=100), st.text(max_size=100))
def test_nothing_that_is_shown_can_leave_its_line(status: str, scope: str) -> None:
    import json

    error = parse_token_error(encoded(json.dumps({"status": status, "scope": scope})))
    assert error is None or str(error).isprintable()
