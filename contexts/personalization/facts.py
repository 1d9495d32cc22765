"""Facts that personalization tells, and those it listens to.

VerdictComputed is not registered here: the statement that remembers that it was told writes the fact, too,
because how coarse it must be is known only inside it (`contexts.personalization.application.verdicts`).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from contexts.personalization.application.erasing import erase
from contexts.personalization.application.profiles import forget_measured, forget_withdrawn
from packytrace.facts.fact import Consumer, Fact
from packytrace.people.erasing import Eraser

#: The purpose of consent that a Health Profile rests on.
_HEALTH_PROFILE: Final = "health_profile"
#: The purpose of consent without which nobody is told of a verdict.
_MEASUREMENT: Final = "measurement"


def _consent_withdrawn(fact: Fact) -> None:
    if fact.type != "ConsentWithdrawn":
        return
    person_id, purpose = UUID(fact.data["personId"]), fact.data["purpose"]
    if purpose == _HEALTH_PROFILE:
        forget_withdrawn(person_id=person_id, withdrawn_at=datetime.fromisoformat(fact.data["at"]))
    elif purpose == _MEASUREMENT:
        forget_measured(person_id=person_id)


def _erase(person_ids: Collection[UUID]) -> None:
    erase(person_ids=person_ids)


CONSUMERS: Final[tuple[Consumer, ...]] = (
    Eraser(context="personalization", erase=_erase).consumer(also=_consent_withdrawn),
)
