"""The event store: what happened to each Fridge Item, written once."""

from typing import ClassVar

from django.db import models
from django.db.models.fields.json import KeyTextTransform

from packytrace.databases.privileges import Privileges, Routine

#: The one way in which an event is ever deleted, and only with everything else of its household.
_FORGET_EVENTS = Routine(
    schema="fridge",
    name="forget_events",
    arguments="gone uuid",
    body="""
    DELETE FROM fridge.fridge_event
    WHERE stream_id IN (
        SELECT stream_id FROM fridge.fridge_event WHERE version = 1 AND meta ->> 'household' = gone::text
    ) AND NOT EXISTS (SELECT FROM fridge.household WHERE id = gone)
""",
)


class FridgeEvent(models.Model):
    """One event of one item. The pair (stream_id, version) is won by whoever inserts it first.

    Holds opaque references only: names that people type are in `ItemName` and `Place`, members in `Member`.
    """

    pk = models.CompositePrimaryKey("stream_id", "version")
    stream_id = models.UUIDField()
    """The item."""
    version = models.PositiveIntegerField()
    """Counts from 1 without gaps."""
    type = models.CharField(max_length=40)
    schema_version = models.PositiveSmallIntegerField()
    payload = models.JSONField()
    meta = models.JSONField()
    """`household`, `action` and `by` (a member's reference, or null), each a UUID as text."""
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    privileges: ClassVar = Privileges.APPEND_ONLY
    routine: ClassVar = _FORGET_EVENTS

    class Meta:
        db_table = "fridge_event"
        indexes: ClassVar = [
            # An item stays in its household: its first event says in which, and costs one entry per item.
            models.Index(
                KeyTextTransform("household", "meta"),
                name="fridge_event_of_household",
                condition=models.Q(version=1),
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} ({self.stream_id}, {self.version})"
