"""Facts that fridge tells, and those it hears."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, time
from typing import Any, Final
from uuid import UUID

from contexts.fridge.application import notices, products, recalls
from contexts.fridge.application.erasing import erase, stop_measuring
from contexts.fridge.domain.telling import About, Finished, HolderForgotten, Opened, Stored
from packytrace.facts import outbox
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


def _about(about: About) -> dict[str, str]:
    return {
        "itemFactId": str(about.fact_id),
        "holderRef": str(about.holder),
        "gtin": about.gtin,
        **({"brandId": str(about.brand_id)} if about.brand_id else {}),
    }


def _stored(event: Stored) -> dict[str, Any]:
    return {**_about(event.about), "storedOn": event.on.isoformat(), "packs": event.packs}


def _opened(event: Opened) -> dict[str, Any]:
    return {**_about(event.about), "openedOn": event.on.isoformat(), "daysHeld": event.days_held}


def _finished(event: Finished) -> dict[str, Any]:
    return {
        **_about(event.about),
        "finishedOn": event.on.isoformat(),
        "outcome": event.outcome,
        **({"reasonGroup": event.reason.value} if event.reason else {}),
        "packs": event.packs,
        "shareTenths": event.share_tenths,
        "daysHeld": event.days_held,
    }


def _midnight(event: Stored | Opened | Finished | HolderForgotten) -> datetime:
    """No time of day leaves the context."""
    return datetime.combine(event.on, time.min, tzinfo=UTC)


def _tell(event: type[Any], *, fact: str, payload: Callable[[Any], dict[str, Any]]) -> None:
    outbox.register(
        event,
        context="fridge",
        fact=fact,
        aggregate_type="item_fact",
        key=lambda told: str(told.about.fact_id),
        payload=payload,
        occurred_at=_midnight,
    )


_tell(Stored, fact="ItemStored", payload=_stored)
_tell(Opened, fact="ItemOpened", payload=_opened)
_tell(Finished, fact="ItemFinished", payload=_finished)
outbox.register(
    HolderForgotten,
    context="fridge",
    fact="HolderForgotten",
    aggregate_type="holder",
    key=lambda event: str(event.holder),
    payload=lambda event: {"holderRef": str(event.holder)},
    occurred_at=_midnight,
)
