"""What one pack is on every day of its story, case by case: to be read."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from contexts.fridge.domain.freshness import (
    ColdSpell,
    DateKind,
    Facts,
    PlaceKind,
    Reason,
    State,
    Timetable,
    freshness,
    on_day,
    timetable,
)
from contexts.fridge.domain.storage_guidance import UNKNOWN, Checked, guidance

ROME = ZoneInfo("Europe/Rome")
YEAR = 2027

# kind; what happened (day.month, at noon unless said); what it is, day by day. All is stored on 1 March 2027.
STORIES = """
milk          | use-by 8.3                            | 1.3 fresh, 4.3 fresh, 5.3 use_soon, 7.3 use_soon, 8.3 use_today, 9.3 expired, 1.4 expired
milk          | use-by 8.3, opened 2.3                | 2.3 use_soon, 4.3 use_soon, 5.3 use_today, 6.3 opened_too_long, 8.3 opened_too_long, 9.3 expired
milk          | use-by 8.3, opened 7.3                | 7.3 use_soon, 8.3 use_today, 9.3 expired, 11.3 expired
milk          | use-by 8.3, opened 2.3, label 1       | 3.3 use_today, 4.3 opened_too_long
milk          | use-by 8.3, opened 7.3, label 30      | 8.3 use_today, 9.3 expired
milk          | use-by 8.3, frozen 8.3                | 8.3 frozen, 9.3 frozen, 8.6 frozen, 9.6 check
milk          | use-by 8.3, frozen 9.3                | 9.3 expired, 10.4 expired
milk          | use-by 8.3, frozen 4.3, thawed 20.3   | 20.3 use_soon, 21.3 use_today, 22.3 expired
milk          | use-by 8.3, frozen 8.3, thawed 20.3   | 20.3 use_today, 21.3 expired
milk          | use-by 8.3, frozen 9.3, thawed 20.3   | 20.3 expired
milk          | use-by 8.3, frozen 8.3@13:00, thawed 20.3 | 20.3 expired
milk          | use-by 8.3, frozen 8.3@23:59, thawed 9.3@00:01 | 9.3 expired
milk          | use-by 8.3, frozen 7.3@23:59, thawed 8.3@00:01, frozen 8.3@23:58, thawed 9.3@00:02 | 8.3 use_today, 9.3 expired
milk          | use-by 8.3, frozen 7.3@10:00, thawed 20.3@09:00 | 20.3 use_today, 21.3 expired
milk          | use-by 8.3, frozen 4.3, thawed 1.12   | 1.12 check, 2.12 check, 3.12 expired
milk          | use-by 8.3, frozen 4.3, thawed 1.5, frozen 2.5 | 2.5 frozen, 5.6 frozen, 6.6 check
milk          | use-by 8.3, frozen 4.3, thawed 1.12, frozen 1.12@12:01 | 1.12 check, 1.6.2028 check
milk          | use-by 8.3, opened 2.3, frozen 6.3    | 6.3 opened_too_long
milk          | use-by 8.3, opened 2.3, frozen 4.3, thawed 20.3 | 20.3 use_soon, 21.3 use_today, 22.3 expired
milk          | use-by 8.3, frozen 2.3, thawed 3.3, frozen 4.3, thawed 9.3 | 9.3 use_today, 10.3 expired
milk          | printed 8.3                           | 9.3 expired
yogurt        | printed 8.3                           | 8.3 use_today, 9.3 expired
pasta         | printed 8.3                           | 8.3 use_today, 9.3 check
milk          | best-before 8.3                       | 8.3 use_today, 9.3 check
milk          |                                       | 1.3 no_date, 5.3 use_soon, 8.3 use_today, 9.3 check, 1.6 check
pasta         | best-before 1.3.2029                  | 1.3 fresh, 1.1.2029 fresh, 30.1.2029 use_soon, 1.3.2029 use_today, 2.3.2029 check
pasta         | best-before 1.3.2029, opened 1.4      | 30.4 fresh, 31.3.2028 use_today, 1.4.2028 check, 2.3.2029 check
yogurt        | best-before 22.3                      | 15.3 fresh, 16.3 use_soon, 22.3 use_today, 23.3 check
yogurt        | best-before 22.3, opened 20.3         | 22.3 use_today, 23.3 check, 24.3 opened_too_long
bread         | best-before 4.3, frozen 3.3           | 3.3 frozen, 3.6 frozen, 4.6 check
bread         | best-before 4.3, frozen 3.3, thawed 1.4 | 1.4 use_soon, 2.4 use_today, 3.4 check
frozen_meal   | best-before 1.12, frozen 1.3          | 1.12 frozen, 2.12 check
frozen_meal   | best-before 1.12                      | 1.3 use_soon, 2.3 use_today, 3.3 expired
frozen_meal   | best-before 1.12, frozen 2.3          | 2.3 frozen, 1.12 frozen, 2.12 check
frozen_meal   | best-before 1.12, frozen 2.3, thawed 5.3 | 5.3 use_today, 6.3 expired
frozen_meal   | best-before 1.12, frozen 3.3          | 3.3 expired, 1.4 expired
frozen_meal   | best-before 1.12, frozen 1.3, thawed 5.12 | 5.12 check, 7.12 expired
frozen_meal   |                                       | 1.3 use_soon, 3.3 expired
frozen_meal   | frozen 1.3                            | 1.6 frozen, 2.6 check
frozen_fish   | best-before 1.12, frozen 1.3, thawed 5.6 | 5.6 use_soon, 6.6 use_today, 7.6 expired
unknown       | use-by 31.3, opened 2.3               | 2.3 use_soon, 3.3 use_today, 4.3 opened_too_long
unknown       | best-before 31.3                      | 20.3 fresh, 1.4 check
unknown       |                                       | 1.3 no_date, 1.3.2028 no_date
unknown       | opened 2.3                            | 3.3 use_today, 4.3 opened_too_long
unknown       | frozen 1.3, thawed 5.3                | 5.3 use_soon, 6.3 use_today, 7.3 expired
"""  # noqa: E501 - a line is a story: broken in two it could not be read down the columns


def day_of(text: str) -> date:
    day, month, *year = map(int, text.split("."))
    return date(*(year or [YEAR]), month, day)


def facts_of(kind: str, happened: str) -> Facts:
    printed, date_kind, opened_on, opened_days = None, None, None, None
    cold: list[ColdSpell] = []
    for event in filter(None, map(str.strip, happened.split(","))):
        word, value = event.split()
        value, _, clock = value.partition("@")
        hour = time.fromisoformat(clock or "12:00")
        moment = None if word == "label" else datetime.combine(day_of(value), hour, tzinfo=ROME)
        match word:
            case "use-by" | "best-before" | "printed":
                printed = day_of(value)
                date_kind = None if word == "printed" else DateKind(word.replace("-", "_"))
            case "opened":
                opened_on = day_of(value)
            case "label":
                opened_days = int(value)
            case "frozen":
                assert moment is not None
                cold.append(ColdSpell(frozen_at=moment, thawed_at=None))
            case "thawed":
                cold[-1] = ColdSpell(frozen_at=cold[-1].frozen_at, thawed_at=moment)
    return Facts(
        stored_on=date(YEAR, 3, 1),
        printed=printed,
        date_kind=date_kind,
        kind=kind,
        place=PlaceKind.FRIDGE,
        opened_on=opened_on,
        opened_days=opened_days,
        cold=tuple(cold),
    )


def times_of(kind: str, happened: str) -> Timetable:
    return timetable(facts=facts_of(kind, happened), guidance=guidance(), zone=ROME)


@pytest.mark.parametrize("story", STORIES.strip().splitlines())
def test_a_story_goes_as_told(story: str) -> None:
    kind, happened, told = map(str.strip, story.split("|"))
    times = times_of(kind, happened)
    expected = dict(point.split() for point in told.split(","))
    assert {day: on_day(timetable=times, today=day_of(day)).state for day in expected} == expected


def test_the_reasons_are_those_that_a_person_can_check() -> None:
    facts = facts_of("milk", "use-by 8.3, opened 2.3")
    now = datetime(YEAR, 3, 3, 12, tzinfo=UTC)
    found = freshness(facts=facts, guidance=guidance(), now=now, zone=ROME)
    assert (found.due_on, found.days_left) == (date(YEAR, 3, 5), 2)
    assert [(because.code, dict(because.values)) for because in found.reasons] == [
        (Reason.PRINTED_USE_BY, {"day": date(YEAR, 3, 8)}),
        (Reason.OPENED, {"day": date(YEAR, 3, 2), "days": 3, "by": "guidance"}),
    ]


@pytest.mark.parametrize(
    ("happened", "reasons"),
    [
        ("use-by 8.3, frozen 8.3@20:00", {}),
        ("use-by 8.3, frozen 8.3@20:00, thawed 20.3@10:00", {Reason.THAWED: 20, Reason.FROZEN_AT_LAST: 8}),
        ("use-by 8.3, frozen 8.3@10:00, thawed 20.3@11:00", {Reason.THAWED: 20}),
        ("use-by 8.3, frozen 9.3", {Reason.FROZEN_TOO_LATE: 9}),
        ("use-by 8.3, frozen 9.3, thawed 20.3", {Reason.THAWED: 20}),
    ],
)
def test_it_is_said_what_became_of_the_last_hours(happened: str, reasons: dict[Reason, int]) -> None:
    told = {because.code: because.values for because in times_of("milk", happened).reasons}
    telling = {Reason.THAWED, Reason.FROZEN_AT_LAST, Reason.FROZEN_TOO_LATE}
    assert {code: told[code]["day"] for code in telling & told.keys()} == {
        code: date(YEAR, 3, day) for code, day in reasons.items()
    }


def test_frozen_food_in_the_fridge_says_so_and_old_frozen_food_how_old() -> None:
    [_, out] = times_of("frozen_fish", "best-before 1.12").reasons
    assert (out.code, dict(out.values)) == (Reason.OUT_OF_FREEZER, {"day": date(YEAR, 3, 1), "hours": 24})
    [*_, old] = times_of("milk", "use-by 8.3, frozen 4.3, thawed 1.12").reasons
    assert (old.code, dict(old.values)) == (Reason.FROZEN_SINCE, {"day": date(YEAR, 3, 4), "months": 3})
    [*_, thawed] = times_of("milk", "use-by 8.3, frozen 4.3, thawed 1.5").reasons
    assert thawed.code is Reason.THAWED


@pytest.mark.parametrize(
    ("zone", "state"),
    [
        ("Pacific/Kiritimati", State.EXPIRED),
        ("Europe/Rome", State.USE_TODAY),
        ("Pacific/Pago_Pago", State.USE_SOON),
    ],
)
def test_the_same_moment_is_another_day_elsewhere(zone: str, state: State) -> None:
    # 00:30 on the 9th on Kiritimati, 11:30 on the 8th in Rome, 23:30 on the 7th in Pago Pago.
    now = datetime(YEAR, 3, 8, 10, 30, tzinfo=UTC)
    facts = facts_of("milk", "use-by 8.3")
    assert freshness(facts=facts, guidance=guidance(), now=now, zone=ZoneInfo(zone)).state is state


def test_a_thawing_allowance_is_counted_in_days_over_daylight_saving() -> None:
    # The night to 28 March has 23 hours in Rome: thawed at 23:30, it is good on Sunday and not on Monday.
    facts = facts_of("milk", "use-by 8.3, frozen 4.3")
    spell = ColdSpell(frozen_at=facts.cold[0].frozen_at, thawed_at=datetime(YEAR, 3, 27, 23, 30, tzinfo=ROME))
    times = timetable(facts=replace(facts, cold=(spell,)), guidance=guidance(), zone=ROME)
    assert times.due_on == date(YEAR, 3, 28)


def test_months_in_the_freezer_end_with_short_months() -> None:
    facts = facts_of("minced_meat", "use-by 30.11, frozen 30.11")
    times = timetable(facts=facts, guidance=guidance(), zone=ROME)
    assert times.frozen_until == date(2028, 2, 29)


def test_the_row_for_unknown_food_is_the_most_careful_and_every_row_is_sound() -> None:
    rows = dict(guidance().rows)
    unknown = rows.pop(UNKNOWN)
    assert unknown.date_kind is DateKind.USE_BY
    assert unknown.perishable
    assert unknown.unopened_days is None
    for row in rows.values():
        assert unknown.opened_days <= row.opened_days
        assert unknown.freezer_months <= row.freezer_months
        assert unknown.thawed_hours <= row.thawed_hours
        assert row.thawed_hours % 24 == 0
        assert row.unopened_days is not None
        assert bool(row.sources) is (row.checked is not Checked.OWN)
        assert row.sources or not row.perishable
        assert all(source.url.startswith("https://") for source in row.sources)
        assert row.perishable or row.date_kind is DateKind.BEST_BEFORE
        assert len(row.slug) <= 40
    assert sum(row.checked is Checked.READ for row in rows.values()) >= 60
