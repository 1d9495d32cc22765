"""Should a withdrawal never arrive: what rested on the consent is destroyed all the same."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from contexts.fridge import tasks
from contexts.fridge.application import notice_planning, sweeping
from contexts.fridge.models import (
    HolderReference,
    Notice,
    NoticeSettings,
    OutboxFact,
    PushSubscription,
    Untold,
)
from contexts.fridge.tests.application.test_notices import browser
from contexts.fridge.tests.food import put_food
from contexts.fridge.tests.people import World, alone, join
from contexts.fridge.tests.pressing import NOW, food, somebody

pytestmark = pytest.mark.django_db(databases=["fridge"])

NOTICES = (NoticeSettings, PushSubscription, Notice)


def test_notices_go_with_the_consent_they_rest_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "_AT_ONCE", 1)
    withdrawn, anew, stands, asked_again = (somebody(world) for _person in range(4))
    for number, member in enumerate((withdrawn, anew, stands, asked_again)):
        browser(member.account_id, endpoint=f"https://web.push.apple.com/{number}")
        food(member)
    notice_planning.look(now=NOW)
    del world.notified[withdrawn.account_id]
    world.notified[anew.account_id] = NOW + timedelta(days=1)
    world.asked_again = {asked_again.account_id}  # the text has changed: not in force, and not withdrawn
    assert sweeping.sweep() == 2
    for model in NOTICES:
        assert set(model._default_manager.values_list("account_id", flat=True)) == {
            stands.account_id,
            asked_again.account_id,
        }
    assert sweeping.sweep() == 0


def test_what_is_left_of_somebody_without_settings_goes(world: World) -> None:
    left = somebody(world)
    browser(left.account_id)
    NoticeSettings.objects.all().delete()
    del world.notified[left.account_id]
    assert sweeping.sweep() == 1
    assert not PushSubscription.objects.exists()


def test_nobody_is_told_of_whose_household_has_somebody_who_took_it_back(world: World) -> None:
    sara, neighbour = alone(), alone()
    luca = join(sara)
    put_food(sara)
    put_food(neighbour)
    Notice.objects.all().delete()
    world.uncounted = {luca.account_id}
    with capture_logs() as logs:
        tasks.destroy_what_was_withdrawn()
    assert [(log["event"], log["people"]) for log in logs] == [("withdrawal_had_not_arrived", 1)]
    for model in (Untold, HolderReference):
        assert set(model._default_manager.values_list("household_id", flat=True)) == {neighbour.household_id}
    assert OutboxFact.objects.filter(type="HolderForgotten").exists()
    assert sweeping.sweep() == 0
