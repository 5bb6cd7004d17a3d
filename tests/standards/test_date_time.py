"""Dates and times against the standard library's."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.date_time import format_date_time

zones = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-23 * 60, 23 * 60))


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC) | zones))  # noqa: DTZ001 - given one
def test_a_moment_is_written_as_the_standard_library_writes_it(moment: datetime) -> None:
    assert format_date_time(moment) == format_datetime(moment)
