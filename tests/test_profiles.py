"""How hard each profile judges SPF, DKIM and DMARC, as it was ruled: a row of the ruling, the profile, the class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from deliverkit.lab.world import World, Zone, load
from deliverkit.model import Outcome
from deliverkit.standards.txt import data_of
from tests.judging import judge, profile_of
from tests.signing import ED25519, rsa

PROFILES = ("domain", "sending", "parked")
DMARC = '_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@good.example"'
OWN = '@ TXT "v=spf1 ip4:11.0.1.25 -all"'
HOSTS = "\n".join(f"h{number} A 11.0.3.{number}" for number in range(1, 12))
ELEVEN = f'@ TXT "v=spf1 ip4:11.0.1.25 {" ".join(f"a:h{number}.good.example" for number in range(1, 12))} -all"'
VOIDS = '@ TXT "v=spf1 ip4:11.0.1.25 a:old1.good.example a:old2.good.example a:old3.good.example -all"'
NETWORKS = " ".join(f"ip4:11.0.1.{number}" for number in range(100, 133))
LONG = f"@ TXT {data_of(f'v=spf1 {NETWORKS} -all')}"


@dataclass(frozen=True)
class Row:
    """Records at good.example, and by profile the class of each of the ruling's codes that fails there."""

    ruling: str
    records: str
    codes: tuple[str, ...]
    failing: Mapping[str, Mapping[str, str]]
    unknown: tuple[str, ...] = ()
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def world(self) -> World:
        base = load("good")
        removed = (
            'good.example. TXT "v=spf1 mx -all"',
            '_dmarc.good.example. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@good.example"',
        )
        zone = Zone("good.example", self.records)
        return World(
            self.ruling,
            "",
            target="good.example",
            base=base,
            remove=removed,
            zones=(zone,),
            areas=("mx", "spf", "dkim", "dmarc"),
            **self.told,  # type: ignore[arg-type]
        )


def everywhere(**classes: str) -> dict[str, dict[str, str]]:
    return dict.fromkeys(PROFILES, classes)


def key(text: str, selector: str = "s1") -> str:
    return f'{selector}._domainkey TXT "{text[:200]}" "{text[200:]}"'


def soft(dmarc: str) -> str:
    return f'@ TXT "v=spf1 ip4:11.0.1.25 ~all"\n{dmarc}'


WAY_OF_ALL = ("SPF006", "SPF007", "SPF008", "SPF028")
LIMITS = ("SPF004", "SPF005", "SPF025")
WATCHING = ("DMARC009", "DMARC010")
KEYS = ("DKIM011", "DKIM012", "DKIM013", "DKIM016")

ROWS = (
    Row(
        "~all: S with DMARC pass, P warning",
        soft(DMARC),
        WAY_OF_ALL,
        {"domain": {}, "sending": {}, "parked": {"SPF008": "warning"}},
    ),
    Row(
        "~all: S without DMARC note, P warning",
        soft(""),
        WAY_OF_ALL,
        {"domain": {}, "sending": {"SPF028": "note"}, "parked": {"SPF008": "warning"}},
    ),
    Row("?all: warning", f'@ TXT "v=spf1 ?all"\n{DMARC}', ("SPF007",), everywhere(SPF007="warning")),
    Row("+all: error", f'@ TXT "v=spf1 +all"\n{DMARC}', ("SPF006",), everywhere(SPF006="error")),
    Row(
        "p=none with rua: R note, S pass, P warning",
        f'{OWN}\n_dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@good.example"',
        WATCHING,
        {"domain": {"DMARC009": "note"}, "sending": {}, "parked": {"DMARC009": "warning"}},
    ),
    Row(
        "p=none without rua: warning", f'{OWN}\n_dmarc TXT "v=DMARC1; p=none"', WATCHING, everywhere(DMARC010="warning")
    ),
    Row("over 10 lookups in the worst case: warning", f"{ELEVEN}\n{HOSTS}", LIMITS, everywhere(SPF004="warning")),
    Row(
        "over 10 lookups, a sender that does not run into it: warning",
        f"{ELEVEN}\n{HOSTS}",
        LIMITS,
        everywhere(SPF004="warning"),
        told={"senders": ("11.0.1.25",)},
    ),
    Row(
        "over 10 lookups, and a sender runs into it: error",
        f"{ELEVEN}\n{HOSTS}",
        LIMITS,
        everywhere(SPF004="warning", SPF025="error"),
        told={"senders": ("11.0.9.25",)},
    ),
    Row("over 2 voids in the worst case: warning", VOIDS, LIMITS, everywhere(SPF005="warning")),
    Row(
        "over 2 voids, and a sender runs into it: error",
        VOIDS,
        LIMITS,
        everywhere(SPF005="warning", SPF025="error"),
        told={"senders": ("11.0.9.25",)},
    ),
    Row("a TXT record over 450 octets: note", LONG, ("SPF018",), everywhere(SPF018="note")),
    Row("DKIM 1024 bits: note", key(rsa(1024)), KEYS, everywhere(DKIM012="note")),
    Row(
        "DKIM under 1024 bits: error",
        key(rsa(1016)),
        KEYS,
        everywhere(DKIM011="error"),
        told={"selectors": ("s1",)},
    ),
    Row("DKIM under 1024 bits at a selector that was guessed", key(rsa(1016)), KEYS, everywhere(DKIM011="warning")),
    Row("DKIM 2048 bits: pass", key(rsa()), KEYS, everywhere()),
    Row(
        "Ed25519 alone: S error",
        key(f"v=DKIM1; k=ed25519; p={ED25519}"),
        KEYS,
        {"sending": {"DKIM013": "error"}},
        told={"selectors": ("s1",)},
    ),
    Row("t=y: note", key(f"{rsa()}; t=y"), KEYS, everywhere(DKIM016="note")),
    Row(
        "a revoked old selector: pass",
        f"{key(rsa())}\n{key('v=DKIM1; p=', 's2')}",
        (*KEYS, "DKIM001", "DKIM002"),
        everywhere(),
    ),
    Row(
        "selector unknown: cannot tell",
        key(rsa(), "6zq4xkq7"),
        ("DKIM002",),
        {"domain": {}, "sending": {}},
        unknown=("DKIM002",),
    ),
    Row(
        "two DKIM TXT at one selector: warning",
        f"{key(rsa())}\n{key(rsa(number=2))}",
        ("DKIM014",),
        everywhere(DKIM014="warning"),
    ),
    Row(
        "no SPF record: S error",
        DMARC,
        ("SPF001",),
        {"domain": {"SPF001": "warning"}, "sending": {"SPF001": "error"}, "parked": {"SPF001": "warning"}},
    ),
    Row(
        "no DMARC record: S error (G8, Y6, M3)",
        OWN,
        ("DMARC001",),
        {"domain": {"DMARC001": "warning"}, "sending": {"DMARC001": "error"}, "parked": {"DMARC001": "warning"}},
    ),
    Row(
        "no DKIM key: S error (G2, Y5, M2)",
        OWN,
        ("DKIM002",),
        {"domain": {"DKIM002": "note"}, "sending": {"DKIM002": "error"}, "parked": {}},
    ),
    Row(
        "two DMARC records: error",
        f'{DMARC}\n_dmarc TXT "v=DMARC1; p=none"',
        ("DMARC002",),
        everywhere(DMARC002="error"),
    ),
)


@pytest.mark.parametrize(
    ("row", "profile"), [pytest.param(row, name, id=f"{row.ruling}, {name}") for row in ROWS for name in row.failing]
)
def test_a_ruling_holds_in_the_profile(row: Row, profile: str) -> None:
    results = judge(replace(row.world, profile=profile)).report.results
    watched = [result for result in results if result.check.code in row.codes]
    assert len(watched) == len(row.codes)
    failing = {result.check.code: result.severity.word for result in watched if result.outcome is Outcome.FAIL}
    assert failing == row.failing[profile]
    assert tuple(result.check.code for result in watched if result.outcome is Outcome.UNKNOWN) == row.unknown


@pytest.mark.parametrize(
    ("profile", "outcome", "severity"),
    [("sending", Outcome.FAIL, "error"), ("parked", Outcome.PASS, "note"), ("domain", Outcome.FAIL, "note")],
)
def test_a_null_mx_is_an_error_where_mail_is_sent(profile: str, outcome: Outcome, severity: str) -> None:
    results = judge(replace(load("null-mx"), profile=profile)).report.results
    [result] = [result for result in results if result.check.code == "MX005"]
    assert (result.outcome, result.severity.word) == (outcome, severity)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_service_that_the_record_does_not_name_passes_where_the_return_path_is_its_own(profile: str) -> None:
    """SPF looks at MAIL FROM and never at From; that its DKIM key aligns is what a message shows."""
    esp = Zone("esp.example", '@ TXT "v=spf1 ip4:11.1.0.0/20 -all"')
    base = Row("", f"{OWN}\n{DMARC}\n{key(rsa())}", (), {}, told={"senders": ("11.1.0.25",)}).world
    world = replace(base, profile=profile, zones=(*base.zones, esp))
    expecting = profile_of(world).expecting({"mail_from": "bounce-1815@esp.example"})
    failing = judge(world, expecting).codes
    assert [code for code in failing if code.startswith(("SPF", "DKIM"))] == []
