"""What personalization hears: a consent that was withdrawn."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from contexts.personalization.application.profiles import save_profile
from contexts.personalization.application.pseudonyms import pseudonym_of
from contexts.personalization.application.verdicts import verdict_of
from contexts.personalization.facts import CONSUMERS
from contexts.personalization.models import HealthProfile, OutboxFact, PersonKey, ToForget
from contexts.personalization.tests.people import GRANTED, LUCA, NOW, PROFILE, SARA, product
from contracts.registry import contract
from packytrace.facts.fact import Fact

pytestmark = pytest.mark.django_db(databases=["personalization"])


def hear_withdrawal(person_id: UUID, *, purpose: str = "health_profile", at: datetime = NOW) -> None:
    data = {"personId": str(person_id), "purpose": purpose, "noticeVersion": "1", "at": at.isoformat()}
    contract(fact="ConsentWithdrawn").check_written(data)
    fact = Fact(
        id=uuid4(),
        type="ConsentWithdrawn",
        version=1,
        context="identity",
        key=str(person_id),
        occurred_at=at,
        correlation_id=None,
        data=data,
    )
    for consumer in CONSUMERS:
        with transaction.atomic(using="personalization"):
            consumer.handle(fact)


@pytest.fixture(autouse=True)
def profiles() -> None:
    for who in (SARA, LUCA):
        save_profile(account_id=who, profile=PROFILE, edition=None, at=NOW)


def test_a_withdrawn_consent_destroys_profile_and_key_of_that_person_again_and_again() -> None:
    for _again in range(2):
        hear_withdrawal(SARA)
    for model in (HealthProfile, PersonKey):
        assert set(model.objects.values_list("person_id", flat=True)) == {LUCA}


@pytest.mark.parametrize("purpose", ["notifications", "measurement"])
def test_the_other_purposes_are_nothing_to_a_profile(purpose: str) -> None:
    hear_withdrawal(SARA, purpose=purpose)
    assert HealthProfile.objects.count() == 2


def test_a_withdrawal_from_before_the_grant_changes_nothing() -> None:
    hear_withdrawal(SARA, at=GRANTED - timedelta(microseconds=1))
    assert HealthProfile.objects.count() == 2


@pytest.mark.parametrize("purpose", ["health_profile", "measurement"])
def test_a_withdrawal_takes_back_what_was_told(purpose: str) -> None:
    now = datetime.now(UTC)
    for who in (SARA, LUCA):
        verdict_of(account_id=who, product=product(), at=now)
    hear_withdrawal(SARA, purpose=purpose, at=now)
    [left] = OutboxFact.objects.all()
    assert left.payload["personId"] == str(pseudonym_of(person_id=LUCA, day=now.date()))
    assert ToForget.objects.filter(pseudonym=pseudonym_of(person_id=SARA, day=now.date())).exists()
