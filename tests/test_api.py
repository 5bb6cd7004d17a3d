"""The library as its users import it."""

from __future__ import annotations

import ast
import asyncio
import inspect
from pathlib import Path

import pytest

import deliverkit
from deliverkit.lab.running import running
from deliverkit.lab.world import load


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


@pytest.mark.parametrize("call", [deliverkit.check("a..b"), deliverkit.mx("a.example", profile="nobody")])
def test_bad_input_is_a_usage_error(call: object) -> None:
    assert asyncio.iscoroutine(call)
    with pytest.raises(deliverkit.UsageError):
        asyncio.run(call)


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
