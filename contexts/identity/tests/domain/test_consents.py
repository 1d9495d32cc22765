"""The ledger's laws: what stands, what a chain proves, and that nothing can be changed in it unseen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contexts.identity.domain.consents import (
    Action,
    Entry,
    Notice,
    Purpose,
    first_break,
    granting,
    stands_since,
    withdrawing,
)

REFERENCE = UUID(int=7)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

#: What people do: agree under a version or withdraw, at a clock that may go backwards.
Step = tuple[Purpose, str | None, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(Purpose), st.sampled_from(["1", "2", None]), st.integers(min_value=-60, max_value=60)
    ),
    max_size=12,
)


def chain(steps: list[Step]) -> list[Entry]:
    entries: list[Entry] = []
    for purpose, version, seconds in steps:
        tail = entries[-1] if entries else None
        last = next((entry for entry in reversed(entries) if entry.purpose is purpose), None)
        at = NOON + timedelta(seconds=seconds)
        entry = (
            withdrawing(channel="web", at=at, tail=tail, last=last)
            if version is None
            else granting(
                reference=REFERENCE,
                purpose=purpose,
                notice=Notice(version=version, language="en", hash=version * 64, controller="us"),
                channel="web",
                at=at,
                tail=tail,
                last=last,
            )
        )
        if entry is not None and entry is not last:
            entries.append(entry)
    return entries


def last_for(entries: list[Entry], purpose: Purpose) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.purpose is purpose), None)


@given(STEPS)
def test_a_chain_is_whole_and_its_moments_only_go_forward(steps: list[Step]) -> None:
    entries = chain(steps)
    assert first_break(entries) is None
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    moments = [entry.at for entry in entries]
    assert moments == sorted(set(moments))


@given(STEPS)
def test_it_stands_where_the_last_word_was_yes_to_this_version(steps: list[Step]) -> None:
    entries = chain(steps)
    for purpose in Purpose:
        words = [version for said, version, _seconds in steps if said is purpose]
        for version in ("1", "2"):
            stands = stands_since(last_for(entries, purpose), version=version) is not None
            assert stands == (bool(words) and words[-1] == version)


@given(STEPS, st.sampled_from(Purpose))
def test_a_withdrawal_is_final(steps: list[Step], purpose: Purpose) -> None:
    """Whatever is agreed to afterwards begins later than all that was withdrawn."""
    entries = chain([*steps, (purpose, None, -60), (purpose, "1", -60)])
    since = stands_since(last_for(entries, purpose), version="1")
    withdrawn = [e.at for e in entries if e.purpose is purpose and e.action is Action.WITHDRAWN]
    assert since is not None
    assert all(since > at for at in withdrawn)


def test_a_new_notice_asks_again_and_takes_nothing_away() -> None:
    entries = chain([(Purpose.HEALTH_PROFILE, "1", 0)])
    first = stands_since(entries[-1], version="1")
    assert stands_since(entries[-1], version="2") is None
    entries = chain([(Purpose.HEALTH_PROFILE, "1", 0), (Purpose.HEALTH_PROFILE, "2", 9)])
    assert len(entries) == 2
    assert stands_since(entries[-1], version="2") == first


def test_a_withdrawal_names_the_notice_that_was_agreed_to() -> None:
    entries = chain([(Purpose.MEASUREMENT, "1", 0), (Purpose.MEASUREMENT, None, 1)])
    assert (entries[1].notice, entries[1].since) == (entries[0].notice, entries[0].since)


@given(STEPS.filter(lambda steps: len(chain(steps)) > 0), st.data())
def test_no_field_can_be_changed_and_no_entry_taken_out_unseen(
    steps: list[Step], data: st.DataObject
) -> None:
    entries = chain(steps)
    place = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[place]
    others = {
        "purpose": next(purpose for purpose in Purpose if purpose is not entry.purpose),
        "action": next(action for action in Action if action is not entry.action),
        "notice": data.draw(
            st.sampled_from([replace(entry.notice, hash="f" * 64), replace(entry.notice, controller="them")])
        ),
        "channel": "api",
        "at": entry.at + timedelta(microseconds=1),
        "since": entry.since - timedelta(microseconds=1),
        "reference": UUID(int=8),
    }
    field = data.draw(st.sampled_from(sorted(others)))
    changed = [*entries[:place], replace(entry, **{field: others[field]}), *entries[place + 1 :]]
    found = first_break(changed)
    assert found is not None
    assert found.sequence == entry.sequence
    if place < len(entries) - 1:
        assert first_break([*entries[:place], *entries[place + 1 :]]) is not None
