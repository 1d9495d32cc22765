"""What sources answered, and where lots of a product have been."""

from typing import ClassVar

from django.db import models


class LotJourney(models.Model):
    """Where one lot of a product has been, as one origin tells it. Everybody may read it; only inside its
    brand's scope it is written."""

    tenant_scoped: ClassVar = True
    readable_by_all: ClassVar = True

    id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    lot = models.CharField(max_length=20, blank=True)
    """Empty for what is true of every lot of which nothing else is told."""
    steps = models.JSONField(default=list)
    """The steps in their order, as `models.label_json.journey_to_json` writes them."""
    origin = models.CharField(max_length=32)
    """Who tells it: a value of `domain.precedence.Origin`, or `journey_feed`."""
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "lot_journey"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gtin", "lot", "origin"], name="lot_journey_once")
        ]

    def __str__(self) -> str:
        return f"Journey of {self.gtin} lot {self.lot or 'any'} by {self.origin}"
