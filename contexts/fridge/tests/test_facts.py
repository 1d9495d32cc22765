"""What the fridge hears: consents that were withdrawn, products that changed, recalls."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from contexts.fridge.application import products
from contexts.fridge.facts import CONSUMERS
from contexts.fridge.models import HolderReference, NoticeSettings, Product, Recall, Untold
from contexts.fridge.tests.application.test_items import GTIN, YOGURT
from contexts.fridge.tests.food import put_food
from contexts.fridge.tests.people import NOW, World, alone
from contexts.fridge.tests.pressing import announced, somebody
from contracts.registry import contract
from packytrace.facts.fact import Fact

pytestmark = pytest.mark.django_db(databases=["fridge"])


def hear(kind: str, data: dict[str, Any], *, at: datetime = NOW) -> None:
    """A fact, at everybody in the fridge who listens where it is told."""
    told = contract(fact=kind)
    told.check_written(data)
    fact = Fact(
        id=uuid4(),
        type=kind,
        version=1,
        context="elsewhere",
        key=str(data[told.subject_field]),
        occurred_at=at,
        correlation_id=None,
        data=data,
    )
    listening = [consumer for consumer in CONSUMERS if consumer.topics & set(told.topics)]
    assert listening
    for consumer in listening:
        with transaction.atomic(using="fridge"):
            consumer.handle(fact)


def withdraw(account_id: UUID, purpose: str, *, at: datetime = NOW) -> None:
    data = {"personId": str(account_id), "purpose": purpose, "noticeVersion": "1", "at": at.isoformat()}
    hear("ConsentWithdrawn", data, at=at)


def test_a_withdrawn_consent_to_be_written_to_ends_the_notices_of_that_person(world: World) -> None:
    sara, luca = somebody(world), somebody(world)
    withdraw(sara.account_id, "notifications", at=world.notified[sara.account_id] - timedelta(seconds=1))
    for purpose in ("measurement", "health_profile"):
        withdraw(sara.account_id, purpose)
    assert NoticeSettings.objects.count() == 2, "neither a withdrawal from before nor of another purpose"
    for _again in range(2):
        withdraw(sara.account_id, "notifications")
    assert NoticeSettings.objects.get().account_id == luca.account_id


def test_a_withdrawn_consent_to_be_counted_ends_what_is_told_of_that_household() -> None:
    sara, luca = alone(), alone()
    for member in (sara, luca):
        put_food(member)
    for purpose in ("notifications", "health_profile"):
        withdraw(sara.account_id, purpose)
    assert Untold.objects.count() == HolderReference.objects.count() == 2
    for _again in range(2):
        withdraw(sara.account_id, "measurement")
    for model in (Untold, HolderReference):
        assert model._default_manager.get().household_id == luca.household_id


def test_a_changed_product_is_read_anew_where_some_fridge_has_it(world: World) -> None:
    world.catalogue[GTIN] = YOGURT
    products.remember(gtin=GTIN)
    other = "09521001000024"
    for gtin in (GTIN, other):
        world.catalogue[gtin] = replace(YOGURT, name="Better yogurt", data_version=9)
        hear(
            "CatalogueEntryChanged",
            {
                "gtin": gtin,
                "brandId": str(uuid4()),
                "name": "As the fact says it",
                "brandName": "Brand",
                "changeKind": "updated",
                "dataVersion": 9,
                "changedAt": NOW.isoformat(),
            },
        )
    assert [(row.gtin, row.name) for row in Product.objects.all()] == [(GTIN, "Better yogurt")]


def test_a_recall_is_kept_and_one_that_is_taken_back_is_marked() -> None:
    recall = announced(lots=("L1",))
    hear("RecallAnnounced", recall)
    assert Recall.objects.get().lots == ["L1"]
    later = NOW + timedelta(seconds=1)
    hear("RecallAnnounced", recall | {"announcedAt": later.isoformat(), "withdrawn": True}, at=later)
    assert Recall.objects.get().withdrawn
