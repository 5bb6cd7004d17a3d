"""DMARC records: total, with spans that tile what they say, and the fallbacks of RFC 9989."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.record import Alignment, DefectKind, Policy, Psd, Rules, looks_like_dmarc

PIECES = st.sampled_from(
    [
        *("v=DMARC1", "V = DMARC1", "v=dmarc1", "p=none", "p=reject", "sp=x", "np=none", "t=y", "psd=n", "fo=1:d"),
        *("rua=mailto:a@b.example", "rua=mailto:a@b.example!10m", "pct=0", "x=1", "p=\x0b"),
        *(";", " ", ",", "\t", "é", "\x00", "=", "p", "!"),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=9).map("".join), st.text(max_size=40))


@given(TEXTS, st.sampled_from(Rules))
def test_whatever_the_text_is_the_record_stands_and_every_span_lies_in_it(text: str, rules: Rules) -> None:
    found = parse(text, rules=rules)
    assert str(found) == text
    assert all(0 <= defect.span.start <= defect.span.end <= len(text) for defect in found.defects)
    for address in (*found.rua, *found.ruf):
        assert text[address.span.start : address.span.end].startswith(address.text)
    assert found.policy("sp", "p") is None or found.applies
    assert not found.applies or found.is_record


@given(st.sampled_from(["p", "sp", "np"]), st.text(alphabet="abcnone", min_size=1, max_size=6))
def test_a_bad_policy_counts_as_none_where_reports_can_go(tag: str, value: str) -> None:
    found = parse(f"v=DMARC1; {'p=reject; ' if tag != 'p' else ''}{tag}={value}; rua=mailto:a@b.example")
    if value not in {"none", "quarantine", "reject"}:
        assert found.policy("p") is Policy.NONE
        assert not parse(str(found).replace("mailto:", "")).applies


@pytest.mark.parametrize(
    "part", ["x{}=1;", "p=none;", "fo=x{};", "rua=mailto:a@b.example!9k,x{},;", "=;", "\u00e2\u0080\u009c;"]
)
def test_a_record_of_64_kilobytes_is_read_in_a_moment(part: str) -> None:
    text = "v=DMARC1; p=none;" + "".join(part.format(number) for number in range(64_000 // len(part)))
    started = time.perf_counter()
    assert parse(text).is_record
    assert time.perf_counter() - started < 2


def test_everything_that_a_record_may_say() -> None:
    text = "v=DMARC1; p=reject; sp=quarantine; np=none; adkim=s; aspf=S; psd=n; t=y; fo=1:d; rua=mailto:a@b.example"
    found = parse(text)
    assert found.defects == ()
    assert found.policies == {"p": Policy.REJECT, "sp": Policy.QUARANTINE, "np": Policy.NONE}
    assert (found.adkim, found.aspf, found.psd) == (Alignment.STRICT, Alignment.STRICT, Psd.NO)
    assert found.is_testing
    assert [address.domain for address in found.valid_rua] == ["b.example"]
    assert found.policy("np", "sp") is Policy.NONE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v=dmarc1; p=none", "DMARC1 is written in capitals"),
        (" v=DMARC1; p=none", "there is space before v=DMARC1"),
        ("p=none; v=DMARC1", "v=DMARC1 is not the first tag"),
        ("v=DMARC1 p=none", "nothing but a semicolon may follow DMARC1"),
        ("v=DMARC2", "the version is not DMARC1"),
        ("p=none", "there is no v=DMARC1"),
        ('"v=DMARC1; p=none"', "there is no v=DMARC1"),
    ],
)
def test_without_its_version_first_it_is_no_record(text: str, reason: str) -> None:
    found = parse(text)
    assert not found.is_record
    assert found.of(DefectKind.VERSION)[0].reason == reason


@pytest.mark.parametrize(
    ("tags", "kind", "reason"),
    [
        ("p=none rua=mailto:a@b.example", DefectKind.POLICY, "a semicolon is missing after none"),
        ("p=rejet", DefectKind.POLICY, "it is none of none, quarantine, reject: is reject meant?"),
        ("p=none; p=none", DefectKind.REPEATED, "p stands there before"),
        ("p=none; adkim=x", DefectKind.VALUE, "x is no value of adkim"),
        ("p=none; pct=50", DefectKind.OBSOLETE, "pct is gone from the standard"),
        ("p=none; ruas=x", DefectKind.UNKNOWN, "ruas is no tag of DMARC: is rua meant?"),
        ("p=none; rua=a@b.example", DefectKind.ADDRESS, "is no URI: mailto: is missing before it"),
        ("p=none; rua=mailto:a@b.example!10m", DefectKind.SIZE, "!10m is ignored"),
        ("p=none; rua=mailto:a!b@b.example", DefectKind.ADDRESS, "holds an exclamation mark, which a URI must spell"),
        ("p=none; rua=https://b.example/x", DefectKind.ADDRESS, "has the scheme https"),
        ("p=none; rua=mailto:a@b_c.example", DefectKind.ADDRESS, "names no mail domain"),
        ("p=none; hello", DefectKind.MALFORMED, "has no equals sign"),
        ("rua=mailto:a@b.example", DefectKind.NO_POLICY, "p is missing"),
    ],
)
def test_each_defect_has_its_kind_and_its_words(tags: str, kind: DefectKind, reason: str) -> None:
    [defect] = parse(f"v=DMARC1; {tags}").defects
    assert defect.kind is kind
    assert defect.reason.startswith(reason)


def test_percent_encoding_hides_commas_and_exclamation_marks() -> None:
    found = parse("v=DMARC1; p=none; rua=mailto:a%2Cb%21c@b.example, mailto:d@e.example")
    assert [address.domain for address in found.valid_rua] == ["b.example", "e.example"]


@pytest.mark.parametrize("text", ["v=dmarc1", ' "V = DMARC1', "dmarc1; p=none", "“v=DMARC1"])
def test_what_was_meant_as_a_record(text: str) -> None:
    assert looks_like_dmarc(text)
    assert not looks_like_dmarc("v=spf1 -all")
