"""Links that brands register: what the Resolver chooses from."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Link(models.Model):
    """A typed target of one entity. Everybody may read it; only inside its brand's scope it is written."""

    tenant_scoped: ClassVar = True
    readable_by_all: ClassVar = True

    id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    """The product that the entity is, or is a pack of."""
    anchor = models.CharField(max_length=400)
    """The entity: path of its Digital Link in canonical form, as `Identified.path` writes it."""
    link_type = models.CharField(max_length=200)
    """A link type of the GS1 Web Vocabulary as `gs1:pip`, or an absolute URI."""
    href = models.CharField(max_length=2_048)
    """Target; may have places for what was scanned, as `{lot}`."""
    title = models.CharField(max_length=200)
    hreflang = ArrayField(models.CharField(max_length=35), default=list)
    """Languages (BCP 47) of the target; empty for any."""
    media_type = models.CharField(max_length=100, blank=True)
    context = ArrayField(models.CharField(max_length=100), default=list)
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    is_default = models.BooleanField(default=False)
    """Where a code leads that asks for nothing special; one of each entity."""
    passes_query = models.BooleanField(default=True)
    """Whether the query of the code goes along."""
    version = models.PositiveIntegerField(default=1)
    """Grows by one with every change."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "link"
        indexes: ClassVar = [
            models.Index(fields=["anchor"], name="link_by_anchor"),
            models.Index(fields=["brand_id", "gtin"], name="link_by_brand"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["anchor"], condition=models.Q(is_default=True), name="link_one_default"
            )
        ]

    def __str__(self) -> str:
        return f"{self.link_type} of {self.anchor}"
