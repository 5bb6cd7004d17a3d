"""The library as its users import it."""

from __future__ import annotations

import ast
import asyncio
import inspect
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

import deliverkit
from deliverkit.lab.running import running
from deliverkit.lab.world import load
from tests.seeds.filled import fill


def test_what_is_offered_is_what_is_there() -> None:
    assert set(deliverkit.__all__) == {*deliverkit._HOMES, "__version__"}  # noqa: SLF001 - the table under test
    assert all(getattr(deliverkit, name) is not None for name in deliverkit.__all__)
    assert dir(deliverkit) == sorted(deliverkit.__all__)


def test_type_checkers_see_what_is_offered() -> None:
    source = ast.parse(Path(inspect.getfile(deliverkit)).read_text("utf-8"))
    seen = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(source)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("deliverkit.")
        for alias in node.names
    }
    homes = {f"deliverkit.{home}.{name}" for name, home in deliverkit._HOMES.items()}  # noqa: SLF001
    assert seen == homes | {"deliverkit.version.__version__"}


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = deliverkit.nothing


def test_check_and_mx_give_reports() -> None:
    async def work() -> tuple[deliverkit.Report, deliverkit.Report]:
        async with running(load("exchange-is-alias")) as lab:
            host, port = lab.routes[lab.resolver]
            resolvers = [f"{host}:{port}"]
            return (
                await deliverkit.check("ada@good.example", resolvers=resolvers),
                await deliverkit.mx("good.example", resolvers=resolvers, profile="sending"),
            )

    checked, shown = asyncio.run(work())
    assert [r.check.code for r in checked.of(deliverkit.Outcome.FAIL)] == ["MX004", "DANE001", "DKIM002", "STS001"]
    assert shown.profile == "sending"
    assert {r.check.area for r in shown.results} == {"mx"}


def failed(report: deliverkit.Report) -> list[str]:
    return [result.check.code for result in report.of(deliverkit.Outcome.FAIL)]


def test_spf_judges_the_senders_that_are_given() -> None:
    async def work() -> list[deliverkit.Report]:
        async with running(load("spf-good")) as lab:
            host, port = lab.routes[lab.resolver]
            resolvers = [f"{host}:{port}"]
            return [
                await deliverkit.spf("good.example", resolvers=resolvers),
                await deliverkit.spf("good.example", resolvers=resolvers, senders=["11.1.64.9"]),
                await deliverkit.spf(
                    "good.example",
                    resolvers=resolvers,
                    senders=["[11.1.64.9]", "11.9.9.9"],
                    mail_from="ada@good.example",
                    helo="mx1.good.example",
                ),
            ]

    reports = asyncio.run(work())
    assert {result.check.area for report in reports for result in report.results} == {"spf"}
    assert [failed(report) for report in reports] == [[], [], ["SPF025", "SPF026"]]
    assert (
        reports[1].verdicts["spf"].way
        == "11.1.64.9: pass (include:_spf.esp.example in the record of good.example matches)."
    )


def test_dkim_looks_at_the_selectors_that_are_given() -> None:
    async def work() -> list[deliverkit.Report]:
        async with running(load("dkim-good")) as lab:
            host, port = lab.routes[lab.resolver]
            resolvers = [f"{host}:{port}"]
            return [
                await deliverkit.dkim("good.example", resolvers=resolvers),
                await deliverkit.dkim("good.example", resolvers=resolvers, selectors=["gone"]),
            ]

    found, missing = asyncio.run(work())
    assert {result.check.area for result in found.results} == {"dkim"}
    assert (failed(found), failed(missing)) == ([], ["DKIM001"])


def test_dmarc_gives_its_report_by_the_profile() -> None:
    async def work() -> list[deliverkit.Report]:
        async with running(load("dmarc-none")) as lab:
            host, port = lab.routes[lab.resolver]
            resolvers = [f"{host}:{port}"]
            return [
                await deliverkit.dmarc("good.example", resolvers=resolvers, profile=profile)
                for profile in ("domain", "sending")
            ]

    reports = asyncio.run(work())
    assert [failed(report) for report in reports] == [["DMARC001"], ["DMARC001"]]
    severities = [report.of(deliverkit.Outcome.FAIL)[0].severity for report in reports]
    assert severities == [deliverkit.Severity.WARNING, deliverkit.Severity.ERROR]


@pytest.mark.parametrize(
    "call",
    [
        lambda: deliverkit.check("a..b"),
        lambda: deliverkit.mx("a.example", profile="nobody"),
        lambda: deliverkit.spf("a.example", senders=["11.0.1"]),
        lambda: deliverkit.spf("a.example", helo="mx1.a.example"),
        lambda: deliverkit.dkim("a.example", selectors=["two words"]),
        lambda: deliverkit.dmarc("a b"),
    ],
)
def test_bad_input_is_a_usage_error(call: Callable[[], Coroutine[None, None, deliverkit.Report]]) -> None:
    with pytest.raises(deliverkit.UsageError):
        asyncio.run(call())


def test_explain_gives_the_page() -> None:
    assert deliverkit.explain("mx004").startswith("# MX004 exchange-is-alias\n")


def test_this_machine_is_tried_as_the_command_does_it() -> None:
    async def work() -> tuple[str, str]:
        async with running(load("good")) as lab:
            host, port = lab.routes[lab.resolver]
            report = await deliverkit.resolver(resolvers=[f"{host}:{port}"])
            return report.profile, report.verdicts["resolver"].sentence

    profile, sentence = asyncio.run(work())
    assert profile == "resolver"
    assert sentence.endswith("whether port 25 is open from here is not known.")


def test_resolvers_can_be_compared() -> None:
    async def work() -> deliverkit.Report:
        async with running(load("exchange-is-alias")) as lab:
            host, port = lab.routes[lab.resolver]
            server = f"{host}:{port}"
            return await deliverkit.check("good.example", resolvers=[server], compare=[server])

    report = asyncio.run(work())
    assert report.verdicts["propagation"].sentence == "The 2 resolvers say the same of good.example."


def test_a_seed_test_is_reported_from_its_journal(tmp_path: Path) -> None:
    fill(tmp_path / "j", ("Spring", {"Gmail": ["inbox"] * 9 + ["junk"], "Yahoo": ["junk"] * 2}))
    shares = {"Gmail": 9, "Yahoo": 1}
    report = asyncio.run(deliverkit.seed_test("Spring", journal=tmp_path / "j", audience=shares, wanted=0.3))
    assert "of 12 seed copies at 2 providers 9 reached the inbox; weighted by your audience 81 %" in sentence(report)
    assert sentence(report).endswith("you asked for 30 %: reached.")
    with pytest.raises(deliverkit.UsageError, match="no seed test"):
        asyncio.run(deliverkit.seed_test("Summer", journal=tmp_path / "j"))


def sentence(report: deliverkit.Report) -> str:
    return report.verdicts["placement"].sentence
