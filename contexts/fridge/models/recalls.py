"""Recalls that were announced."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Recall(models.Model):
    """A recall as it was last announced (Regulation (EC) No 178/2002, Art. 19)."""

    id = models.UUIDField(primary_key=True)
    gtin = models.CharField(max_length=14)
    lots = ArrayField(models.CharField(max_length=20), default=list)
    """Empty: every lot."""
    serial_from = models.CharField(max_length=20, blank=True)
    serial_to = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=40)
    text = models.TextField()
    announced_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        db_table = "recall"
        indexes: ClassVar = [
            models.Index(fields=["gtin"], name="recall_of_product", condition=models.Q(withdrawn=False))
        ]

    def __str__(self) -> str:
        return f"Recall {self.id}"
