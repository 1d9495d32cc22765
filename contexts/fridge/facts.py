"""What fridge tells and hears: it has no features yet and holds nobody, as it says when asked to forget."""

from collections.abc import Collection
from uuid import UUID

from packytrace.facts.fact import Consumer
from packytrace.people.erasing import Eraser


def _erase(_person_ids: Collection[UUID]) -> None:
    """Nobody is kept here yet."""


CONSUMERS: tuple[Consumer, ...] = (Eraser(context="fridge", erase=_erase).consumer(),)
