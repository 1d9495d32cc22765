"""Measurement may read its topics again until it has released something."""

from datetime import UTC, datetime

import pytest

from contexts.measurement.application.closing import close_windows
from contexts.measurement.application.errors import AlreadyReleased
from contexts.measurement.facts import CONSUMERS
from contexts.measurement.models import RawScan
from contexts.measurement.tests.scans import NOON, product_scanned, receive

pytestmark = pytest.mark.django_db(databases=["measurement"])

CONSUMER = CONSUMERS[0]


def _start_over() -> None:
    assert CONSUMER.empty is not None
    CONSUMER.empty()


def test_starting_over_gives_the_same_counts() -> None:
    facts = [product_scanned() for _ in range(3)]
    receive(*facts)
    _start_over()
    assert not RawScan.objects.exists()
    receive(*facts)
    assert RawScan.objects.filter(window_id=NOON.date()).count() == 3


def test_what_was_released_is_never_counted_again() -> None:
    receive(product_scanned())
    close_windows(now=datetime(2025, 3, 15, 2, tzinfo=UTC), k=10)
    with pytest.raises(AlreadyReleased, match="cannot start over"):
        _start_over()
