"""Tag lists: total, with spans that tile what they say."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.tags import parse_tags

TEXTS = st.text(alphabet="vpk=; \t1D\u00e9", max_size=40)


def test_names_values_and_where_they_stand() -> None:
    found = parse_tags(" v=DMARC1 ; p = none;; rua=mailto:a@b=c ")
    assert [(tag.name, tag.value) for tag in found.tags] == [("v", "DMARC1"), ("p", "none"), ("rua", "mailto:a@b=c")]
    assert found.malformed == ()
    [_, policy, _] = found.tags
    assert found.text[policy.span.start : policy.span.end] == "p = none"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v=DMARC1; none", "has no equals sign"),
        ("=x", "has no name"),
        ("v=1; p p=none", "has no name before"),
    ],
)
def test_what_is_no_tag_is_named(text: str, reason: str) -> None:
    [bad] = parse_tags(text).malformed
    assert bad.reason.startswith(reason)


def test_a_tag_given_again_is_found() -> None:
    found = parse_tags("p=none; P=x; p=reject")
    assert [tag.value for tag in found.repeated] == ["reject"]
    first = found.get("p")
    assert first is not None
    assert first.value == "none"
    assert found.get("q") is None


@given(TEXTS)
def test_every_span_holds_what_it_says(text: str) -> None:
    found = parse_tags(text)
    assert str(found) == text
    for tag in found.tags:
        assert text[tag.name_span.start : tag.name_span.end] == tag.name
        assert text[tag.value_span.start : tag.value_span.end] == tag.value
    spans = sorted([tag.span for tag in found.tags] + [bad.span for bad in found.malformed], key=lambda s: s.start)
    assert all(before.end <= after.start for before, after in pairwise(spans))
