"""Erasing people from personalization."""

from collections.abc import Collection
from uuid import UUID

from contexts.personalization.application.profiles import forget


def erase(*, person_ids: Collection[UUID]) -> None:
    """Delete every row about these people: profiles, keys, and what was told of verdicts.

    Runs in the caller's transaction; again changes nothing.
    """
    forget(person_ids=person_ids)
