"""Which copy a bounce is about: by its token in what came back, else by the recipient that it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta

from deliverkit.observations.mailbox import Arrival
from deliverkit.observations.seeds import Bounce, Copy, SeedTest
from deliverkit.seeds.matching import is_in_time, is_report, is_same_subject, subject_of, tokens_in
from deliverkit.standards.dsn import DeliveryStatus, RecipientStatus, parse_dsn
from deliverkit.standards.header import HeaderField, split_message

MOST_SAID = 500  # characters of a diagnostic that are kept
MOST_RECIPIENTS = 50


def bounces_in(test: SeedTest, arrivals: Iterable[Arrival], *, patience: timedelta) -> tuple[tuple[str, Bounce], ...]:
    """What delivery status notifications among the arrivals say of the test's copies, by token; never raises.

    A notification whose returned message bears another test's token is about none of them. One without a token is
    about the copy whose recipient it names, if it came in time and what came back, where anything did, is that copy's.
    """
    return tuple(found for arrival in arrivals for found in _about(test, arrival, patience))


def _about(test: SeedTest, arrival: Arrival, patience: timedelta) -> Iterator[tuple[str, Bounce]]:
    if b"multipart/report" not in arrival.header.lower():  # most messages of a mailbox are none
        return
    split = split_message(arrival.header)
    status = parse_dsn(arrival.header + arrival.body) if is_report(split) else None
    if status is None:
        return
    returned = status.returned.fields if status.returned else ()
    tokens = {*tokens_in(returned), *tokens_in([HeaderField("", status.envelope_id)]), *tokens_in(_all(split.fields))}
    named = [copy for copy in test.copies if copy.token in tokens]
    is_ours = is_in_time(arrival.arrived, test, patience) and (not tokens or test.token in tokens)
    for group in status.recipients[:MOST_RECIPIENTS]:
        copies = named or (_to(test, group, returned) if is_ours else [])
        if len(copies) == 1 and group.action:
            yield copies[0].token, _bounce(arrival, status, group)


def _all(fields: Iterable[HeaderField]) -> list[HeaderField]:
    """The fields as such whose tokens all count: a report that answers a message is about it."""
    return [HeaderField("", field.body) for field in fields]


def _to(test: SeedTest, group: RecipientStatus, returned: Sequence[HeaderField]) -> list[Copy]:
    """The copies to the recipient, as far as the subject that came back lets them be it."""
    said = {group.original_recipient.value.lower(), group.final_recipient.value.lower()}
    subject = next((field.body for field in returned if field.is_named("Subject")), None)
    return [copy for copy in _addressed(test.copies, said) if _fits(test, copy, subject)]


def _addressed(copies: Iterable[Copy], said: Collection[str]) -> Iterator[Copy]:
    yield from (copy for copy in copies if copy.address.lower() in said)


def _fits(test: SeedTest, copy: Copy, subject: str | None) -> bool:
    return subject is None or is_same_subject(subject, subject_of(test, copy))


def _bounce(arrival: Arrival, status: DeliveryStatus, group: RecipientStatus) -> Bounce:
    """``seen`` is when it came, so that the same one read again is the same bounce."""
    enhanced = group.enhanced
    return Bounce(
        seen=arrival.arrived,
        action=group.action,
        status=str(enhanced) if enhanced else "",
        diagnostic=_one_line(group.diagnostic.value),
        reporter=_one_line(status.reporting_mta.value),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:MOST_SAID]
