"""Enhanced status codes: found in any text, and the whole registry known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.smtp.enhanced_status import EnhancedStatus, find_enhanced_status
from deliverkit.standards.smtp.reply import meaning


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("550-5.7.26 Unauthenticated email", "5.7.26"),
        ("550 5.7.606 banned IP [198.51.100.222]", "5.7.606"),
        ("smtp; 421 4.7.0 [TSS04] deferred", "4.7.0"),
        ("host 192.0.2.5 said: no", None),
        ("[5.1.1.1] 5.4.1", "5.4.1"),
        ("3.1.1 1.2.3 9.9.9", None),
        ("", None),
    ],
)
def test_found(text: str, found: str | None) -> None:
    code = find_enhanced_status(text)
    assert (str(code) if code else None) == found


def test_a_provider_may_use_numbers_of_its_own() -> None:
    code = EnhancedStatus(5, 7, 515)
    assert code.registered is None
    assert code.about == "security or policy"


@given(st.text())
def test_any_text_is_searched(text: str) -> None:
    found = find_enhanced_status(text)
    assert found is None or str(found) in text


@pytest.mark.parametrize(
    ("code", "after", "words"),
    [
        (250, ".", "accepted: the server now answers for it"),
        (250, "NOOP", "done"),
        (220, "", "ready"),
        (554, "", "no SMTP service for this client"),
        (299, "-", "done"),
        (0, "-", "no reply code"),
    ],
)
def test_reply_codes(code: int, after: str, words: str) -> None:
    assert meaning(code, after=after) == words
