"""The event store: what happened to each Fridge Item, written once."""

from typing import ClassVar

from django.db import models

from packytrace.databases.privileges import Privileges


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

    class Meta:
        db_table = "fridge_event"

    def __str__(self) -> str:
        return f"{self.type} ({self.stream_id}, {self.version})"
