"""What may be told of items to measurement, and as whom."""

import uuid
from typing import ClassVar

from django.db import models


class HolderReference(models.Model):
    """A household's pseudonym for one Measurement Window; destroyed when the window is over."""

    household_id = models.UUIDField()
    window = models.CharField(max_length=20)
    """`day:2026-11-21` or `week:2026-11-16`, in UTC; a week starts on Monday."""
    reference = models.UUIDField(default=uuid.uuid4)
    until = models.DateField()

    pk = models.CompositePrimaryKey("household_id", "window")

    class Meta:
        db_table = "holder_reference"

    def __str__(self) -> str:
        return f"Reference for {self.window}"


class Untold(models.Model):
    """An event that measurement is to hear of once it is old enough not to be a slip of the finger.

    One that it has heard of stays until nothing may be told of its window any more: taken back and done
    again, it is not told again.
    """

    pk = models.CompositePrimaryKey("item_id", "version")
    item_id = models.UUIDField()
    version = models.PositiveIntegerField()
    household_id = models.UUIDField(db_index=True)
    told = models.BooleanField(db_default=False)
    due_at = models.DateTimeField()
    """When it is to be told; of one that was told, when it goes."""

    class Meta:
        db_table = "untold"
        indexes: ClassVar = [models.Index(fields=["due_at"], name="untold_by_due")]

    def __str__(self) -> str:
        return f"Untold ({self.item_id}, {self.version})"
