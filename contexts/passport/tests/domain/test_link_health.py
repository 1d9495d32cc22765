"""A link is called broken after failures over days, and well again at once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.link_health import TIME_TO_BREAK, Finding, Health, Reason, State

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
GONE = Finding(status=404)
WELL = Finding(status=200)


def looked(*steps: tuple[float, Finding]) -> Health:
    health = Health()
    for hours, finding in steps:
        health = health.after(finding, at=NOW + timedelta(hours=hours))
    return health


def test_one_bad_night_breaks_nothing() -> None:
    assert looked((0, GONE), (12, GONE), (24, GONE)).state is State.FAILING
    assert looked((0, GONE), (72, GONE)).state is State.FAILING
    broken = looked((0, GONE), (12, GONE), (48, GONE))
    assert (broken.state, broken.reason, broken.failing_since) == (State.BROKEN, Reason.STATUS, NOW)
    assert looked((0, GONE), (12, GONE), (48, GONE), (72, WELL)) == looked((72, WELL))
    assert looked((0, GONE), (12, WELL), (24, GONE), (60, GONE)).state is State.FAILING


@pytest.mark.parametrize(
    ("finding", "state", "reason"),
    [
        (WELL, State.OK, None),
        (Finding(status=403), State.OK, Reason.SHUT),
        (Finding(status=200, moved_to="https://example.com/"), State.MOVED, None),
        (Finding(reason=Reason.ROBOTS), State.UNCHECKED, Reason.ROBOTS),
        (Finding(status=503), State.FAILING, Reason.STATUS),
        (Finding(reason=Reason.TLS), State.FAILING, Reason.TLS),
    ],
)
def test_what_is_said_of_a_finding(finding: Finding, state: State, reason: Reason | None) -> None:
    health = looked((0, finding))
    assert (health.state, health.reason) == (state, reason)
    assert health.due_at is not None
    assert health.due_at > NOW


@given(st.lists(st.tuples(st.integers(1, 100), st.sampled_from([WELL, GONE])), max_size=12))
def test_broken_means_failures_alone_for_two_days(steps: list[tuple[int, Finding]]) -> None:
    health, at, failing = Health(), NOW, []
    for hours, finding in steps:
        at += timedelta(hours=hours)
        health = health.after(finding, at=at)
        failing = [*failing, at] if finding is GONE else []
        long = len(failing) >= 3 and failing[-1] - failing[0] >= TIME_TO_BREAK
        assert (health.state is State.BROKEN) == long
