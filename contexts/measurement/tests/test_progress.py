"""How far the windows are closed, and what is overdue."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contexts.measurement.application.closing import close_windows
from contexts.measurement.application.progress import oldest_overdue_day
from contexts.measurement.tests.scans import NOON, receive_crowd

pytestmark = pytest.mark.django_db(databases=["measurement"])

#: The scans' day may be closed at 2:00 on the next; an hour later it is overdue.
OVERDUE = datetime(2025, 3, 15, 3, tzinfo=UTC)


def test_the_oldest_window_that_nobody_closed_in_time_is_told() -> None:
    receive_crowd(1)
    receive_crowd(1, at=NOON + timedelta(days=1))
    assert oldest_overdue_day(now=OVERDUE - timedelta(seconds=1)) is None
    assert oldest_overdue_day(now=OVERDUE) == date(2025, 3, 14)
    close_windows(now=OVERDUE, k=10)
    assert oldest_overdue_day(now=OVERDUE) is None
    assert oldest_overdue_day(now=OVERDUE + timedelta(days=1)) == date(2025, 3, 15)
