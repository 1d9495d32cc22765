"""What this context knows of products that are in some fridge."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Product(models.Model):
    """The fridge's own copy of what it needs of a catalogue entry; refreshed when the entry changes."""

    gtin = models.CharField(primary_key=True, max_length=14)
    name = models.CharField(max_length=500)
    brand_name = models.CharField(max_length=500, blank=True)
    brand_id = models.UUIDField(null=True)
    picture = models.CharField(max_length=200, blank=True)
    """Path among our static files."""
    kind = models.CharField(max_length=40)
    """Its row of the storage guidance."""
    kind_is_certain = models.BooleanField()
    """False where no category told the kind, and the most careful row is used."""
    categories = ArrayField(models.CharField(max_length=200), default=list)
    quantity_amount = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    quantity_unit = models.CharField(max_length=5, blank=True)
    """Net quantity of one pack as the label states it."""
    date_kind = models.CharField(max_length=12, blank=True)
    opened_days = models.PositiveSmallIntegerField(null=True)
    """Days after opening that the label itself states: it wins over the guidance."""
    data_version = models.PositiveIntegerField()

    class Meta:
        db_table = "product"

    def __str__(self) -> str:
        return f"{self.gtin} {self.name}"
