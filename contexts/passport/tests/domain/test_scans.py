"""Ids of scans: RFC 9562's version 7, in the order of time."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.scans import new_scan_id, scanned_at

moments = st.datetimes(
    min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC)
)


@given(moments)
def test_an_id_is_a_version_7_uuid_and_tells_its_millisecond(at: datetime) -> None:
    scan_id = new_scan_id(at=at)
    assert scan_id.version == 7
    assert scan_id.variant == RFC_4122
    assert timedelta(0) <= at - scanned_at(scan_id) < timedelta(milliseconds=1)


@given(moments, st.timedeltas(min_value=timedelta(milliseconds=1), max_value=timedelta(days=400)))
def test_later_ids_sort_later(at: datetime, later_by: timedelta) -> None:
    if at.year < 9990:
        assert new_scan_id(at=at) < new_scan_id(at=at + later_by)


def test_ids_of_one_millisecond_differ_in_all_random_bits() -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    ids = [new_scan_id(at=at).int for _ in range(2_000)]
    assert len(set(ids)) == len(ids)
    ever_one = ever_zero = 0
    for value in ids:
        ever_one |= value
        ever_zero |= ~value
    # 12 bits behind the version, 62 behind the variant.
    assert (ever_one & ever_zero & ((1 << 80) - 1)).bit_count() == 74
