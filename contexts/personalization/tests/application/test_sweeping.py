"""Should a withdrawal never arrive: what rested on the consent is destroyed all the same."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from contexts.personalization.application import sweeping
from contexts.personalization.application.profiles import forget_taken_back, read_profile, save_profile
from contexts.personalization.application.verdicts import verdict_of
from contexts.personalization.domain.label import Allergen, Label
from contexts.personalization.domain.profile import HealthProfile
from contexts.personalization.models import HealthProfile as ProfileRow
from contexts.personalization.models import OutboxFact, PersonKey, ReasonShared, VerdictTold
from contexts.personalization.tests.people import GRANTED, LATER, LUCA, NOW, PROFILE, SARA, World, product

pytestmark = pytest.mark.django_db(databases=["personalization"])

MILK = Label(ingredients={"en": "milk"}, allergens=frozenset({Allergen.MILK}), verified=True)


@pytest.fixture(autouse=True)
def people() -> None:
    for who in (SARA, LUCA):
        save_profile(account_id=who, profile=PROFILE, edition=None, at=NOW)
        verdict_of(account_id=who, product=product(MILK), at=NOW)


def left(person_id: UUID) -> list[str]:
    models = (ProfileRow, PersonKey, VerdictTold)
    return [model.__name__ for model in models if model.objects.filter(person_id=person_id).exists()]


def test_where_everything_arrived_there_is_nothing_to_do(world: World) -> None:
    world.asked_again = {SARA}  # its notice has changed: not withdrawn, and not to be destroyed
    assert sweeping.sweep() == 0
    world.asked_again = set()
    assert read_profile(account_id=SARA).profile == PROFILE
    assert len(left(LUCA)) == 3


def test_what_was_withdrawn_goes_whatever_table_it_is_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "_AT_ONCE", 1)
    others = [uuid4() for _number in range(3)]
    for person_id in others:
        PersonKey.objects.create(person_id=person_id, kek_id="k", wrapped=b"w")
    del world.grants[SARA]
    assert sweeping.sweep() == 4
    assert [left(person_id) for person_id in (SARA, *others)] == [[]] * 4
    assert len(left(LUCA)) == 3
    assert ReasonShared.objects.count() == 1
    assert sweeping.sweep() == 0


def test_of_a_consent_to_be_counted_only_what_was_told_goes(world: World) -> None:
    world.measured[SARA] = LATER  # withdrawn, and given anew
    world.uncounted = {LUCA}
    assert sweeping.sweep() == 2
    assert left(SARA) == left(LUCA) == ["HealthProfile", "PersonKey"]
    assert not ReasonShared.objects.exists()


def test_who_agrees_anew_while_it_runs_keeps_the_fresh_profile(world: World) -> None:
    world.grants[SARA] = LATER
    fresh = save_profile(account_id=SARA, profile=HealthProfile(avoided=("tofu",)), edition=None, at=LATER)
    for _again in range(2):
        with transaction.atomic(using="personalization"):
            forget_taken_back(person_id=SARA)
    assert read_profile(account_id=SARA) == fresh
    world.grants[SARA] = GRANTED
    with transaction.atomic(using="personalization"):
        forget_taken_back(person_id=SARA)
    assert left(SARA) == ["PersonKey"]


def test_what_was_told_and_not_sent_goes_along(world: World) -> None:
    verdict_of(account_id=SARA, product=product(MILK), at=datetime.now(UTC))
    told = OutboxFact.objects.count()
    del world.grants[SARA]
    sweeping.sweep()
    assert OutboxFact.objects.count() == told - 1


def test_rows_under_a_key_that_was_replaced_are_nobodys(settings: Settings) -> None:
    settings.SECRET_KEY = "another"
    sweeping.sweep()
    assert not ReasonShared.objects.exists()
