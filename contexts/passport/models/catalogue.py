"""The catalogue: what we know of each GTIN, and where each value comes from."""

from django.db import models


class CatalogueEntry(models.Model):
    """Our record of one GTIN: the reliable base of every scan."""

    gtin = models.CharField(primary_key=True, max_length=14)
    name = models.CharField(max_length=512)
    brand_name = models.CharField(max_length=256, blank=True)
    brand_id = models.UUIDField(null=True)
    """Tenant that the GTIN belongs to, minted by identity; null for products of no brand user."""
    label = models.JSONField(default=dict)
    """The Digital Label, journey and eco as `contexts.passport.domain.label` describes them."""
    provenance = models.JSONField(default=list)
    """Sources of the values, each with licence, address, date and the fields it gave."""
    is_demo = models.BooleanField(default=False)
    data_version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_entry"

    def __str__(self) -> str:
        return f"{self.gtin} {self.name}"
