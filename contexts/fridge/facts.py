"""Facts that fridge hears."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from contexts.fridge.application import notices, products, recalls
from contexts.fridge.application.erasing import erase, stop_measuring
from packytrace.facts.fact import Consumer, Fact
from packytrace.people.erasing import Eraser

#: Where passport tells what changes about products.
_CATALOGUE: Final = "passport.catalogue.v1"
#: The purpose of consent that notices rest on.
_NOTIFICATIONS: Final = "notifications"
#: The purpose of consent without which nobody's household is told of.
_MEASUREMENT: Final = "measurement"


def _consent_withdrawn(fact: Fact) -> None:
    if fact.type != "ConsentWithdrawn":
        return
    person_id, purpose = UUID(fact.data["personId"]), fact.data["purpose"]
    if purpose == _NOTIFICATIONS:
        notices.forget_withdrawn(account_id=person_id, withdrawn_at=datetime.fromisoformat(fact.data["at"]))
    elif purpose == _MEASUREMENT:
        stop_measuring(person_id=person_id)


def _catalogue(fact: Fact) -> None:
    if fact.type == "CatalogueEntryChanged":
        products.refresh(gtin=fact.data["gtin"])
    elif fact.type == "RecallAnnounced":
        recalls.receive(fact.data)


def _erase(person_ids: Collection[UUID]) -> None:
    erase(person_ids=person_ids)


CONSUMERS: Final[tuple[Consumer, ...]] = (
    Eraser(context="fridge", erase=_erase).consumer(also=_consent_withdrawn),
    Consumer(name="fridge-catalogue", context="fridge", topics=frozenset({_CATALOGUE}), handle=_catalogue),
)
