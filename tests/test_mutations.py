"""Each record of the good world deleted, then altered: the codes must change as the table says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.lab.world import load
from deliverkit.lab.zones import Names
from tests.judging import judge, mutated

GOOD = replace(load("good"), areas=("mx", "spf", "dmarc"))

DELETED = {
    "good.example. 3600 IN MX 10 mx1.good.example.": ["MX016"],
    "good.example. 3600 IN MX 20 mx2.good.example.": ["MX016"],
    'good.example. 3600 IN TXT "v=spf1 mx -all"': ["SPF001"],
    "good.example. 3600 IN A 11.0.9.80": [],
    "www.good.example. 3600 IN A 11.0.9.80": [],
    "mx1.good.example. 3600 IN A 11.0.1.25": [],
    "mx1.good.example. 3600 IN AAAA 2a11:db8:1::25": [],
    "mx2.good.example. 3600 IN A 11.0.2.25": [],
    "mx2.good.example. 3600 IN AAAA 2a11:db8:2::25": [],
    '_dmarc.good.example. 3600 IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@good.example"': ["DMARC001"],
    "25.1.0.11.in-addr.arpa. 3600 IN PTR mx1.good.example.": ["MX017"],
    "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.8.b.d.0.1.1.a.2.ip6.arpa. 3600 IN PTR mx1.good.example.": [
        "MX017"
    ],
    "25.2.0.11.in-addr.arpa. 3600 IN PTR mx2.good.example.": ["MX017"],
    "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.0.8.b.d.0.1.1.a.2.ip6.arpa. 3600 IN PTR mx2.good.example.": [
        "MX017"
    ],
}

# What stands there now, what is put in its place, and what that yields.
ALTERED: tuple[tuple[str, str, list[str]], ...] = (
    ("good.example. 3600 IN MX 10 mx1.good.example.", "@ MX 10 gone", ["MX008", "MX016"]),
    ("good.example. 3600 IN MX 10 mx1.good.example.", "@ MX 20 mx1", []),
    ("good.example. 3600 IN MX 20 mx2.good.example.", "@ MX 0 .", ["MX006", "MX016"]),
    ("good.example. 3600 IN MX 20 mx2.good.example.", "@ MX 20 www", ["MX017", "MX031"]),
    ('good.example. 3600 IN TXT "v=spf1 mx -all"', '@ TXT "v=spf1 mx ?all"', ["SPF007"]),
    ('good.example. 3600 IN TXT "v=spf1 mx -all"', '@ TXT "v=spf1 mx:all"', ["SPF003"]),
    ("good.example. 3600 IN A 11.0.9.80", "@ A 11.0.1.25", []),
    ("www.good.example. 3600 IN A 11.0.9.80", "www A 11.0.2.25", []),
    ("mx1.good.example. 3600 IN A 11.0.1.25", "mx1 A 10.0.1.25", ["MX014"]),
    ("mx1.good.example. 3600 IN A 11.0.1.25", "mx1 A 11.0.2.26", ["MX017"]),
    ("mx1.good.example. 3600 IN AAAA 2a11:db8:1::25", "mx1 AAAA fe80::25", ["MX014"]),
    ("mx2.good.example. 3600 IN A 11.0.2.25", "mx2 A 127.0.0.1", ["MX014"]),
    ("mx2.good.example. 3600 IN AAAA 2a11:db8:2::25", "mx2 AAAA 2a11:db8:2::26", ["MX017"]),
    ("25.1.0.11.in-addr.arpa. 3600 IN PTR mx1.good.example.", "mx9 A 11.0.1.25", ["MX017"]),
    (
        "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.8.b.d.0.1.1.a.2.ip6.arpa. 3600 IN PTR mx1.good.example.",
        "ptr AAAA 2a11:db8:1::25",
        ["MX017"],
    ),
)


def test_the_table_covers_every_record() -> None:
    assert Names.of(GOOD).lines() == list(DELETED)


@pytest.mark.parametrize("line", DELETED)
def test_a_deleted_record(line: str) -> None:
    assert judge(mutated(GOOD, remove=line)).codes == DELETED[line]


@pytest.mark.parametrize(("line", "instead", "codes"), ALTERED)
def test_an_altered_record(line: str, instead: str, codes: list[str]) -> None:
    assert judge(mutated(GOOD, remove=line, add=instead)).codes == codes
