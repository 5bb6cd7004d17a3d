"""The registries are in order: codes, names, headings, references, and a probe for every fact."""

from __future__ import annotations

import re

import pytest

from deliverkit.checks.registry import checks
from deliverkit.facts import Expectations
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.message import CampaignMessage
from deliverkit.facts.placement import Placement
from deliverkit.facts.seed_evidence import SeedEvidence
from deliverkit.model import Check
from deliverkit.observations import Instant
from deliverkit.probes.registry import probe_of, probes
from deliverkit.profiles import AREAS, choose
from deliverkit.run import summary_of
from deliverkit.standards import rfc

EVERY = pytest.mark.parametrize("check", checks(), ids=lambda check: check.code)
HEADINGS = ["Why it matters", "Example", "Use instead", "References"]
GIVEN = {Expectations, Instant, Conversing, CampaignMessage, Placement, SeedEvidence}
RETIRED: frozenset[str] = frozenset()  # codes that were given up; they are never used again
IMPERATIVES = {"use", "add", "remove", "set", "fix", "avoid", "check", "publish", "no-use", "disallow", "banned"}


def test_codes_and_names_are_unique_and_none_is_reused() -> None:
    codes = [check.code for check in checks()]
    assert len(codes) == len(set(codes))
    assert len({check.name for check in checks()}) == len(codes)
    assert not RETIRED.intersection(codes)


def test_codes_of_an_area_have_no_gaps() -> None:
    for area in {check.area for check in checks()}:
        numbers = sorted(int(check.code[-3:]) for check in checks() if check.area == area)
        retired = {int(code[-3:]) for code in RETIRED if code.startswith(area.upper())}
        assert sorted({*numbers, *retired}) == list(range(1, len(numbers) + len(retired) + 1))


def test_every_area_has_its_place_among_the_others() -> None:
    assert {check.area for check in checks()} <= set(AREAS)


@EVERY
def test_a_name_states_the_fault(check: Check) -> None:
    assert re.fullmatch(r"[A-Z]+\d{3}", check.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", check.name)
    assert check.name.split("-")[0] not in IMPERATIVES


@EVERY
def test_a_page_has_its_headings_in_order(check: Check) -> None:
    assert re.findall(r"^## (.*)$", check.doc, re.MULTILINE) == HEADINGS
    assert check.sentence.endswith(".")
    assert "\n" not in check.sentence


@EVERY
def test_the_page_says_what_each_reference_says(check: Check) -> None:
    listed = re.findall(r"^- (.*?): \S", check.doc.partition("## References\n")[2], re.MULTILINE)
    assert listed == [str(reference) for reference in check.references]


@EVERY
def test_every_rfc_is_known(check: Check) -> None:
    numbers = [int(r.source.removeprefix("RFC ")) for r in check.references if r.source.startswith("RFC ")]
    assert set(numbers) <= set(rfc.TITLES)


@EVERY
def test_a_source_that_is_no_rfc_has_its_date(check: Check) -> None:
    assert all(r.as_of is not None for r in check.references if not r.source.startswith("RFC "))


def test_no_rfc_is_listed_that_nobody_cites() -> None:
    cited = {int(n) for check in checks() for n in re.findall(r"RFC (\d+)", check.doc)}
    assert set(rfc.TITLES) == cited


def test_every_needed_fact_has_a_probe_and_none_waits_for_itself() -> None:
    wanted = {need for check in checks() for need in check.needs}
    wanted |= {need for area in {check.area for check in checks()} for need in summary_of(area).NEEDS}
    assert wanted - GIVEN <= set(probes())
    assert all(probe_of(fact) == probe for fact, probe in probes().items())

    def depth(kind: type, above: tuple[type, ...]) -> int:
        assert kind not in above, f"{kind} waits for itself"
        return 0 if kind in GIVEN else 1 + max((depth(n, (*above, kind)) for n in probes()[kind].needs), default=0)

    assert all(depth(kind, ()) >= 0 for kind in wanted)


def test_a_check_named_by_its_code_brings_its_area() -> None:
    for check in checks():
        assert choose("domain", only=[check.code]).kept_areas == (check.area,)
