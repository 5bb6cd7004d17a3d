"""deliverkit.toml: what it says is done, what it cannot say is refused with the place."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.cli.files import CONFIG, find_config
from deliverkit.config import Config, parse_config
from deliverkit.errors import UsageError
from deliverkit.lab.world import load
from deliverkit.model import Outcome, Severity, Waiver
from deliverkit.profiles import choose
from deliverkit.report import Report
from tests.judging import judge, profile_of

PATH = Path("deliverkit.toml")
WHOLE = """
profile = "sending"
[expectations]
takes_mail = false
[severities]
MX020 = "error"
one-network = "warning"
[[waivers]]
check = "exchange-is-alias"
reason = "moves in spring"
until = 2027-03-31
domain = "Good.Example."
"""


def parsed(text: str) -> Config:
    return parse_config(text, path=PATH)


def examined(world: str, text: str, *, now: datetime | None = None) -> Report:
    found = load(world)
    if now is not None:
        found = replace(found, clock=now)
    return judge(found, parsed(text).applied_to(profile_of(found))).report


def test_all_that_it_says_is_read() -> None:
    config = parsed(WHOLE)
    assert config.profile == "sending"
    assert config.expectations == {"takes_mail": False}
    assert config.severities == {"MX020": Severity.ERROR, "MX016": Severity.WARNING}
    assert config.waivers == (Waiver("MX004", "moves in spring", date(2027, 3, 31), "good.example"),)


def test_it_changes_the_profile_and_leaves_the_rest() -> None:
    profile = parsed(WHOLE).applied_to(choose("sending"))
    assert not profile.expectations.takes_mail
    assert profile.severities["MX020"] is Severity.ERROR
    assert profile.severities["MX005"] is choose("sending").severities["MX005"]
    assert parsed("").applied_to(choose("domain")) == choose("domain")


def test_senders_are_addresses_and_selectors_texts() -> None:
    config = parsed(
        '[expectations]\nsenders = ["192.0.2.1", "2001:db8::1"]\nselectors = ["s1"]\nhelo = "mx1.example.com"'
    )
    expected = config.applied_to(choose("domain")).expectations
    assert (expected.senders, expected.selectors) == ((ip_address("192.0.2.1"), ip_address("2001:db8::1")), ("s1",))
    assert expected.helo == "mx1.example.com"


def test_the_mail_from_is_an_address_or_a_domain() -> None:
    told = parsed('[expectations]\nmail_from = "<Bounces@Bücher.Example>"').expectations
    assert told["mail_from"] == "Bounces@xn--bcher-kva.example"
    assert parsed('[expectations]\nmail_from = "example.com"').expectations["mail_from"] == "postmaster@example.com"


WAIVER = '[[waivers]]\ncheck = "MX004"\nreason = "r"\nuntil = 2026-11-30\n'


@pytest.mark.parametrize(
    ("day", "outcome", "ended"),
    [(30, Outcome.WAIVED, Outcome.PASS), (29, Outcome.WAIVED, Outcome.PASS)],
)
def test_a_waived_fault_does_not_count_until_its_day_is_over(day: int, outcome: Outcome, ended: Outcome) -> None:
    report = examined("exchange-is-alias", WAIVER, now=datetime(2026, 11, day, 23, 59, tzinfo=UTC))
    [result] = [result for result in report.results if result.check.code == "MX004"]
    assert (result.outcome, report.ended_with(Severity.WARNING)) == (outcome, ended)
    assert result.findings
    assert "alias" not in report.verdicts["mx"].sentence


def test_a_waiver_that_is_over_is_void_and_says_so() -> None:
    report = examined("exchange-is-alias", WAIVER, now=datetime(2026, 12, 1, tzinfo=UTC))
    [result] = report.of(Outcome.FAIL)
    assert (result.check.code, report.ended_with(Severity.WARNING)) == ("MX004", Outcome.FAIL)
    assert result.waiver is not None


@pytest.mark.parametrize(("domain", "outcome"), [("good.example", Outcome.WAIVED), ("other.example", Outcome.FAIL)])
def test_a_waiver_is_for_its_domain_alone(domain: str, outcome: Outcome) -> None:
    report = examined("exchange-is-alias", f'{WAIVER}domain = "{domain}"\n')
    assert [result.outcome for result in report.results if result.check.code == "MX004"] == [outcome]


def test_a_waiver_hides_nothing_where_there_is_no_fault() -> None:
    report = examined("good", WAIVER)
    assert [result.outcome for result in report.results if result.check.code == "MX004"] == [Outcome.PASS]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("profile = ", "deliverkit.toml: Invalid value"),
        ('profile = "x"', "choose one of domain"),
        ('profil = "domain"', "no key 'profil': did you mean profile?"),
        ("[expectations]\ntakes_mails = true", "did you mean takes_mail?"),
        ('[expectations]\ntakes_mail = "yes"', "'yes' is not true or false"),
        ("expectations = 1", "write [expectations]"),
        ('[expectations]\nsenders = "192.0.2.1"', "is not a list of texts"),
        ('[expectations]\nmail_from = "a@b c"', "mail_from: "),
        ('[expectations]\nsenders = ["mx1"]', "senders: 'mx1' is no IP address"),
        ('[expectations]\nsenders = ["fe80::1%eth0"]', "is no IP address"),
        ('[expectations]\nmail_from = "ada"', "mail_from: 'ada' is no e-mail address"),
        ('[expectations]\nhelo = "a b"', "helo: 'a b' is no domain name"),
        ('[expectations]\nselectors = ["a b"]', "selectors: 'a b' is no selector"),
        ("a = " + "[" * 5000, "nested too deeply"),
        ('[severities]\nMX999 = "note"', "no check or area 'MX999'"),
        ('[severities]\nmx = "note"', "'mx' is an area"),
        ('[severities]\nMX001 = "fatal"', "choose one of note, warning, error"),
        ("waivers = 1", "write [[waivers]]"),
        ('[[waivers]]\ncheck = "MX004"\nuntil = 2027-01-01', "waiver 1: say why"),
        ('[[waivers]]\ncheck = "MX004"\nreason = "r"', "waiver 1: say until which day"),
        ('[[waivers]]\ncheck = "MX004"\nreason = "r"\nuntil = "2027"', "say until which day"),
        ('[[waivers]]\nreason = "r"\nuntil = 2027-01-01', "waiver 1: there is no check or area ''"),
        (f'{WAIVER}domain = "a b"', "waiver 1, domain: "),
        (f"{WAIVER}who = 1", "waiver 1 has no key 'who'"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        parsed(text)
    assert said in str(refused.value)
    assert str(refused.value).startswith("deliverkit.toml: ")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UsageError):
        parsed(text)


def test_the_nearest_file_above_is_found(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / CONFIG).write_text("", "utf-8")
    assert find_config(str(below)) == str(tmp_path / CONFIG)
    (tmp_path / "a" / CONFIG).write_text("", "utf-8")
    assert find_config(str(below)) == str(tmp_path / "a" / CONFIG)
