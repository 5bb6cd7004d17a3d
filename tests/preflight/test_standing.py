"""Whether an earlier answer still stands: what it rests on is told apart, and what harms is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from deliverkit.errors import UsageError
from deliverkit.gate import Terms, decide
from deliverkit.observations import Answer, Asked, Instant, ResourceRecord, Status
from deliverkit.render.preflight import still_holds
from deliverkit.render.preflight_json import render_preflight_json
from deliverkit.report import Report, Target, Trace
from deliverkit.standing import Basis, Standing, basis_of, parse_earlier, standing_of

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SPF, MX = "shop.example TXT", "shop.example MX"
GIVEN = {"message": "one", "helo": "out.shop.example"}


def report(*answers: Answer) -> Report:
    trace = Trace(tuple(Asked(answer, 1) for answer in answers), 0.1)
    return Report(Target("shop.example", "shop.example"), "sending", Instant(NOON), {}, (), {}, trace)


def answer(data: str, *, status: Status = Status.NOERROR, rdtype: str = "TXT", ttl: int = 60) -> Answer:
    records = (ResourceRecord("shop.example", rdtype, ttl, data),) if status is Status.NOERROR else ()
    return Answer("shop.example", rdtype, status, records)


def kept(basis: Basis) -> str:
    """The JSON of a run with that basis."""
    gate = decide(Terms("spring", {}, given=basis.given), [], NOON)
    document = json.loads(render_preflight_json(gate))
    return json.dumps(
        {**document, "digest": basis.digest, "basis": {"given": dict(basis.given), "dns": dict(basis.dns)}}
    )


def standing(then: Basis, now: Basis, *, later: timedelta = timedelta(hours=1)) -> Standing:
    return standing_of(parse_earlier(kept(then), name="old.json"), now, NOON + later)


THEN = basis_of(GIVEN, [report(answer("v=spf1 -all"), answer("10 mx", rdtype="MX"))])


def test_it_holds_while_nothing_has_changed_and_two_days_are_not_over() -> None:
    again = basis_of(GIVEN, [report(answer("10 mx", rdtype="MX", ttl=9), answer("v=spf1 -all", ttl=9))])
    found = standing(THEN, again)
    assert found.holds is True
    assert still_holds(found).startswith("The GO of 2026-11-25 12:00 UTC still holds, until 2026-11-27 12:00 UTC")
    late = standing(THEN, again, later=timedelta(hours=48))
    assert (late.holds, late.is_over) == (False, True)


def test_what_changed_is_named_name_by_name() -> None:
    now = basis_of({**GIVEN, "message": "two"}, [report(answer("v=spf1 mx -all"), answer("10 mx", rdtype="MX"))])
    found = standing(THEN, now)
    assert (found.holds, found.given, found.dns) == (False, ("message",), (SPF,))
    assert still_holds(found).endswith(f"(changed in the campaign: message; changed in the DNS: {SPF}).")


def test_a_record_that_has_gone_is_a_change_and_silence_is_none() -> None:
    gone = basis_of(GIVEN, [report(answer("", status=Status.NODATA), answer("10 mx", rdtype="MX"))])
    assert standing(THEN, gone).dns == (SPF,)
    silent = standing(THEN, basis_of(GIVEN, [report(answer("", status=Status.TIMEOUT), answer("10 mx", rdtype="MX"))]))
    assert (silent.holds, silent.dns, silent.unasked) == (None, (), (SPF,))
    assert "cannot be told" in still_holds(silent)


def test_a_question_that_was_not_asked_then_is_no_change() -> None:
    more = answer("x", rdtype="AAAA")
    found = standing(THEN, basis_of(GIVEN, [report(answer("v=spf1 -all"), answer("10 mx", rdtype="MX"), more)]))
    assert found.holds is True


def test_a_saved_case_is_read_as_well() -> None:
    document = json.dumps({"deliverkit_case": 1, "preflight": json.loads(kept(THEN))})
    assert parse_earlier(document, name="case").basis.digest == THEN.digest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"preflight": 3}',
        kept(THEN).replace('"one"', '"two"'),
        kept(THEN).replace("+00:00", ""),
        kept(THEN).replace('"given": {', '"given": 3, "x": {'),
    ],
)
def test_what_holds_no_answer_is_refused_with_the_files_name(text: str) -> None:
    with pytest.raises(UsageError, match=r"^old\.json holds no answer of a preflight"):
        parse_earlier(text, name="old.json")
