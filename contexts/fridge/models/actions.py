"""Actions: what a person did with one tap, to one item or to many. The unit of undoing and of repeating."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Action(models.Model):
    """One action. Its id is minted by the page or derived from the client's Idempotency-Key: the same request
    sent again finds what the first one did."""

    id = models.UUIDField(primary_key=True)
    household_id = models.UUIDField()
    by = models.UUIDField(null=True)
    """The member's reference; null once the member is gone."""
    kind = models.CharField(max_length=40)
    asked = models.BinaryField(max_length=32)
    """SHA-256 of what was asked: the same id with another request is refused."""
    item_ids = ArrayField(models.UUIDField())
    """Every item that got an event by it, those that were made by it included."""
    warnings = ArrayField(models.CharField(max_length=20), default=list)
    """What its answer warned of: `contexts.fridge.domain.deciding.Caution`."""
    at = models.DateTimeField()
    undoes = models.UUIDField(null=True)
    """The action that this one takes back."""

    class Meta:
        db_table = "action"
        indexes: ClassVar = [models.Index(fields=["household_id", "-at"], name="action_of_household")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
