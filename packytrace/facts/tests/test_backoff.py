"""Waiting longer after each failure, within bounds."""

from hypothesis import given
from hypothesis import strategies as st

from packytrace.facts.backoff import Backoff


@given(
    failures=st.integers(min_value=0, max_value=100), first=st.floats(0.01, 1.0), longest=st.floats(1.0, 60.0)
)
def test_doubles_within_its_bounds_and_starts_anew_after_a_success(
    failures: int, first: float, longest: float
) -> None:
    backoff = Backoff(first=first, longest=longest)
    delays = [backoff.failed() for _ in range(failures + 1)]
    expected = min(longest, first * 2.0 ** min(failures, 50))
    assert expected / 2 <= delays[-1] <= expected
    backoff.succeeded()
    assert backoff.failed() <= first
