"""Raw facts live at most fourteen days, also where nobody managed to close their window."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contexts.measurement.application.closing import close_windows
from contexts.measurement.application.retention import purge
from contexts.measurement.models import OutboxFact, RawScan, Window
from contexts.measurement.tests.scans import NOON, product_scanned, receive, receive_crowd

pytestmark = pytest.mark.django_db(databases=["measurement"])

DAY = date(2025, 3, 14)
EXPIRES = datetime(2025, 3, 28, tzinfo=UTC)


def test_an_expired_window_is_destroyed_unreleased() -> None:
    receive_crowd(30)
    assert purge(now=EXPIRES - timedelta(seconds=1)) == 0
    assert purge(now=EXPIRES) == 1
    assert not RawScan.objects.exists()
    assert Window.objects.get().key is None
    assert close_windows(now=EXPIRES, k=10) == []
    assert not OutboxFact.objects.exists()


def test_a_destroyed_window_is_never_opened_again() -> None:
    receive_crowd(1)
    purge(now=EXPIRES)
    receive(product_scanned())
    assert RawScan.objects.get().window_id == DAY + timedelta(days=1)


def test_open_windows_that_are_young_enough_stay() -> None:
    receive_crowd(1, at=NOON + timedelta(days=1))
    purge(now=EXPIRES)
    assert RawScan.objects.count() == 1
