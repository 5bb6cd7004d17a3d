"""A good marketing message, signed with a real key, altered in one place at a time: the codes are as the table says."""

from __future__ import annotations

import re
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deliverkit.clients.signing import Signer, sign
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Outcome, Severity
from deliverkit.standards.composing import Draft, compose
from deliverkit.standards.message import parse_message
from tests.campaign import NOW
from tests.judging import Judged, judged_campaign

DRAFT = Draft(
    sender="Shop <news@shop.example>",
    recipients=("ada@reader.example",),
    date="Wed, 25 Nov 2026 12:00:00 +0000",
    message_id="spring.1@shop.example",
    subject="Spring sale",
    text="Hello,\n\nall is cheaper. Unsubscribe: https://shop.example/u/7f3a\n",
    html='<p>Café:</p>\n<p><a href="https://shop.example/u/7f3a">Unsubscribe</a></p>\n',
    headers=(
        ("List-Unsubscribe", "<https://shop.example/u/7f3a>, <mailto:out@shop.example>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ),
)


@cache
def good() -> bytes:
    """The message, its boundary in short."""
    made = re.sub(rb"=_[0-9a-f]{32}_\d+", b"b", compose(DRAFT))
    return sign(made, Signer(Ed25519PrivateKey.generate(), "s2026", "mail.shop.example"), moment=NOW.timestamp())


def judged(message: bytes, *, author: str = "news@shop.example", is_marketing: bool = True) -> Judged:
    """What becomes of the message."""
    found = CampaignMessage("spring.eml", parse_message(message), author, is_marketing)
    return judged_campaign({CampaignMessage: found})


DATE = b"Date: Wed, 25 Nov 2026 12:00:00 +0000\r\n"
ID = b"Message-ID: <spring.1@shop.example>\r\n"
SUBJECT = b"Subject: Spring sale\r\n"
UNSUBSCRIBE = b"List-Unsubscribe: <https://shop.example/u/7f3a>, <mailto:out@shop.example>\r\n"
POST = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
FROM = b"From: Shop <news@shop.example>\r\n"

# What stands there now, what is put in its place, and what that yields.
ALTERED: tuple[tuple[bytes, bytes, list[str]], ...] = (
    (FROM, b"", ["MSG001"]),
    (FROM, FROM + FROM, ["MSG001"]),
    (FROM, b"From: Shop\r\n", ["MSG001"]),
    (FROM, b'From: "Shop, the" <news@shop.example>\r\n', []),
    (DATE, b"", ["MSG002"]),
    (DATE, b"Date: soon\r\n", ["MSG002"]),
    (DATE, DATE.replace(b"2026", b"2027"), ["MSG002"]),
    (DATE, DATE.replace(b"25 Nov", b"20 Nov"), ["MSG002"]),
    (DATE, DATE.replace(b"25 Nov", b"23 Nov"), []),
    (DATE, DATE + DATE, ["MSG004"]),
    (ID, b"", ["MSG003"]),
    (ID, b"Message-ID: spring.1@shop.example\r\n", ["MSG003"]),
    (ID, b"Message-ID: <spring 1@shop.example>\r\n", ["MSG003"]),
    (ID, b"Message-ID: <a=b+c@[192.0.2.1]>\r\n", []),
    (ID, ID + ID, ["MSG004"]),
    (SUBJECT, SUBJECT + SUBJECT, ["MSG004"]),
    (b"MIME-Version: 1.0\r\nContent-Type: multi", b"MIME-Version: 1.0\r\n" * 2 + b"Content-Type: multi", ["MSG004"]),
    (b"To: ada@reader.example\r\n", b"", []),
    (b"all is cheaper", b"all is cheaper " + b"x" * 900, []),
    (b"all is cheaper. ", b"x" * 1000, ["MSG005"]),
    (SUBJECT, b"Subject: Fr\xc3\xbchling\r\n", ["MSG006"]),
    (SUBJECT, b"Subject: =?utf-8?q?Fr=C3=BChling?=\r\n", []),
    (DATE, DATE.replace(b"\r\n", b"\n"), ["MSG007"]),
    (b"all is", b"all\ris", ["MSG007"]),
    (b"all is", b"all\0is", ["MSG007"]),
    (DATE, b"no header\r\n" + DATE, ["MSG008"]),
    (DATE, DATE + b"no header\r\n folded\r\n", ["MSG008"]),
    (SUBJECT, b"", ["MSG009"]),
    (SUBJECT, b"Subject:\r\n", ["MSG009"]),
    (UNSUBSCRIBE, b"", ["MSG010"]),
    (UNSUBSCRIBE, b"List-Unsubscribe: <mailto:out@shop.example>\r\n", ["MSG011"]),
    (UNSUBSCRIBE, b"List-Unsubscribe: https://shop.example/u\r\n", ["MSG011"]),
    (UNSUBSCRIBE, b"List-Unsubscribe: <http://shop.example/u>\r\n", ["MSG011"]),
    (UNSUBSCRIBE, b"List-Unsubscribe: <https://shop.example/u>, <https://shop.example/v>\r\n", ["MSG011"]),
    (UNSUBSCRIBE, UNSUBSCRIBE + UNSUBSCRIBE, ["MSG011"]),
    (POST, b"", ["MSG012"]),
    (POST, b"List-Unsubscribe-Post: One-Click\r\n", ["MSG012"]),
    (POST, POST + POST, ["MSG012"]),
    (b"list-unsubscribe:", b"list-help:", ["MSG013"]),
    (b"list-unsubscribe-post", b"list-archive", ["MSG013"]),
    (b"@shop.example>\r\nTo", b"@store.example>\r\nTo", ["MSG014", "MSG015"]),
    (b"@shop.example>\r\nTo", b"@news.shop.example>\r\nTo", ["MSG014"]),
    (b"d=mail.shop.example", b"d=shop.example", []),
    (b"d=mail.shop.example", b"d=esp.example", ["MSG015"]),
    (b"--b--", b"", ["MSG016"]),
    (b'boundary="b"', b'boundary="c"', ["MSG016", "MSG019"]),
    (b';\r\n boundary="b"', b"", ["MSG016", "MSG019"]),
    (b"MIME-Version: 1.0\r\nContent-Type: multi", b"Content-Type: multi", ["MSG016"]),
    (b"Encoding: quoted-printable", b"Encoding: excellent", ["MSG016"]),
    (b"text/plain", b"text/enriched", ["MSG017"]),
    (b"\r\n\r\n<p>Caf=C3=A9", b"\r\n\r\n<p>Caf=E9", ["MSG018"]),
    (b'text/html; charset="utf-8"', b"text/html; charset=iso-8859-1", ["MSG018"]),
    (b'text/html; charset="utf-8"', b"text/html; charset=idna", ["MSG018"]),
    (b'text/html; charset="utf-8"', b"text/html", ["MSG018"]),
    (b"Spring sale", b"Re: Spring sale", ["MSG020"]),
    (b"Spring sale", b"=?utf-8?q?WG=3A_Spring?=", ["MSG020"]),
    (SUBJECT, b"Subject: Re: Spring sale\r\nIn-Reply-To: <1@reader.example>\r\n", []),
    (b"Spring sale", b"Reading: spring", []),
    (b"From: Shop", b"From: Shop @gmail.com", ["MSG021"]),
    (b"From: Shop", b'From: "shop@store.example"', ["MSG021"]),
    (b"From: Shop", b'From: "help@shop.example"', []),
    (b"From: Shop", b'From: "Shop (2)"', ["MSG021"]),
    (b"From: Shop", b"From: =?utf-8?q?Shop_=E2=9C=93?=", ["MSG021"]),
    (b"@shop.example>\r\nTo", b"@gmail.com>\r\nTo", ["MSG014", "MSG015", "MSG022"]),
    (b"all is", b"all is\r\n" + b"x\r\n" * 9_000_000, ["MSG023"]),
    (b"<p>Caf", b"<p>x</p>\r\n" * 12_000 + b"<p>Caf", ["MSG024"]),
)


def test_the_good_message_has_no_fault_and_every_check_looks_at_it() -> None:
    found = judged(good())
    assert (found.codes, found.unknown) == ([], [])
    outcomes = {found.outcome(result.check.code) for result in found.report.results if result.check.area == "message"}
    assert {str(outcome) for outcome in outcomes} == {"pass"}


@pytest.mark.parametrize(("old", "new", "codes"), ALTERED, ids=[f"{n}-{one[2]}" for n, one in enumerate(ALTERED)])
def test_an_altered_message(old: bytes, new: bytes, codes: list[str]) -> None:
    assert good().count(old) == 1, good().decode()
    assert judged(good().replace(old, new)).codes == codes


def test_the_table_reaches_every_check() -> None:
    every = {result.check.code for result in judged(good()).report.results if result.check.area == "message"}
    assert {code for *_, codes in ALTERED for code in codes} == every


def test_the_first_line_of_a_mailbox_file_is_a_warning() -> None:
    found = judged(b"From news@shop.example Wed Nov 25 12:00:00 2026\r\n" + good())
    [result] = [result for result in found.report.results if result.outcome is Outcome.FAIL]
    assert (result.check.code, result.severity) == ("MSG008", Severity.WARNING)


def test_transactional_mail_needs_no_unsubscribing() -> None:
    bare = good().replace(UNSUBSCRIBE, b"").replace(POST, b"").replace(b"nsubscribe", b"nknown")
    assert judged(bare).codes == ["MSG010", "MSG019"]
    assert judged(bare, is_marketing=False).codes == []


def test_an_unsigned_message_is_left_to_the_received_copy() -> None:
    unsigned = good()[good().index(b"Date: ") :]
    found = judged(unsigned)
    assert found.codes == []
    [reason] = [result.reasons for result in found.report.results if result.check.code == "MSG013"]
    assert reason == ("the message is not signed yet: your platform signs it, and the received seed copy tells",)


def test_a_file_whose_lines_end_with_lf_is_well() -> None:
    assert judged(good().replace(b"\r\n", b"\n")).codes == []


def test_what_a_provider_asks_touches_its_readers_alone() -> None:
    found = judged(good().replace(POST, b"")).report
    [finding] = [one for result in found.results if result.check.code == "MSG012" for one in result.findings]
    assert finding.touches == ("Gmail",)
