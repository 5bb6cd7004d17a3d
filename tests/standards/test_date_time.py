"""Dates and times against the standard library's."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.date_time import format_date_time, parse_date_time

zones = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-23 * 60, 23 * 60))


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC) | zones))  # noqa: DTZ001 - given one
def test_a_moment_is_written_as_the_standard_library_writes_it(moment: datetime) -> None:
    assert format_date_time(moment) == format_datetime(moment)


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC) | zones))  # noqa: DTZ001 - given one
def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    assert parse_date_time(format_date_time(moment)) == moment.replace(microsecond=0)
    assert parse_date_time(format_datetime(moment)) == moment.replace(microsecond=0)


TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("  Tue,24 Nov 2026 10:00:00 -0000 (UTC)", TEN),
        ("24 nov 26 10:00 GMT", TEN),
        ("Tue, 24 Nov 2026 02:00:00 PST", TEN),
        ("Tue 24 November 2026 12:30:00.123 +0230", TEN),
        ("Wed, 31 Dec 1997 23:59:60 Z", datetime(1997, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("24 Nov 99 10:00:00 UT", datetime(1999, 11, 24, 10, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 10:00:00 JST", None),
        ("Tue, 24 Nov 2026 10:00:00", None),
        ("Tue, 31 Feb 2026 10:00:00 +0000", None),
        ("Tue, 24 Nov 0000 10:00:00 +0000", None),
        ("Tue, 24 Nov 2026 10:00:00 +9900", None),
        ("2026-11-24T10:00:00Z", None),
        ("", None),
    ],
)
def test_older_forms_and_what_is_no_moment(text: str, moment: datetime | None) -> None:
    """RFC 5322 §4.3: names of zones but those of North America say nothing."""
    assert parse_date_time(text) == moment
