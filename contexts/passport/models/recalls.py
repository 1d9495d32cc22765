"""Recalls as they were announced."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Recall(models.Model):
    """A recall of packs of one GTIN; never deleted, so that what was told can be looked up.

    Everybody may read it. A brand writes those alone that it has announced itself, in its scope; operators
    write all of them, outside of any.
    """

    tenant_scoped: ClassVar = True
    readable_by_all: ClassVar = True
    operators_write: ClassVar = True

    id = models.UUIDField(primary_key=True)
    gtin = models.CharField(max_length=14)
    """Of a product that the catalogue may not have."""
    lots = ArrayField(models.CharField(max_length=20), default=list)
    """Empty: every lot."""
    serial_from = models.CharField(max_length=20, blank=True)
    serial_to = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=40)
    text = models.TextField()
    brand_id = models.UUIDField(null=True)
    """The brand that announced it; null for the operators, who do so for authorities, too."""
    announced_at = models.DateTimeField()
    """When it was last announced or taken back: grows with each of the two."""
    withdrawn = models.BooleanField(default=False)
    turns = models.PositiveIntegerField(default=1)
    """How often it was announced or taken back: with it, every copy of the product's passport is old."""

    class Meta:
        db_table = "recall"
        indexes: ClassVar = [models.Index(fields=["gtin"], name="recall_by_gtin")]

    def __str__(self) -> str:
        return f"Recall {self.id}"
