"""Whose products are whose, and what brands say of their own."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.db import models

from packytrace.databases.privileges import Privileges


class PrefixClaim(models.Model):
    """A company prefix, or a single GTIN-8, that a brand says is its own.

    Everybody may read it, for operators decide about those of all brands, and which company has which prefix
    is public (Verified by GS1). A brand can only let a claim wait: PostgreSQL takes no decision about it from
    whoever is in a brand's scope.
    """

    tenant_scoped: ClassVar = True
    readable_by_all: ClassVar = True
    operators_write: ClassVar = True
    written_in_scope: ClassVar = "((state)::text = 'waiting'::text)"

    id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    brand_name = models.CharField(max_length=200)
    """What the brand was called when it claimed: whom operators ask about it."""
    kind = models.CharField(max_length=16)
    digits = models.CharField(max_length=12)
    block = BigIntegerRangeField()
    """The numbers that it holds, as `contexts.passport.domain.company_prefixes.number_of` counts them."""
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=500, blank=True)
    """Why an operator has refused it."""
    claimed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "prefix_claim"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand_id", "kind", "digits"], name="prefix_claimed_once"),
            # No two brands hold one number, whoever confirms what at the same time.
            ExclusionConstraint(
                name="prefix_of_one_brand",
                expressions=[("block", RangeOperators.OVERLAPS)],
                condition=models.Q(state="confirmed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digits}: {self.state}"


class BrandProduct(models.Model):
    """A product of a brand: the brand's own record of it, which nobody else sees."""

    tenant_scoped: ClassVar = True

    gtin = models.CharField(primary_key=True, max_length=14)
    """GTIN-14: it belongs to one brand."""
    brand_id = models.UUIDField()
    name = models.CharField(max_length=500, blank=True)
    """For lists: as published, else as drafted."""
    search_text = models.TextField(blank=True)
    draft = models.JSONField(null=True)
    """The label that is being written; null where there is none beside the published one."""
    published = models.JSONField(null=True)
    """The label as published; null where none was, or a file alone has told of the product."""
    edition = models.PositiveIntegerField(default=0)
    """Number of the published label among all that were."""
    revision = models.PositiveIntegerField(default=1)
    """Grows by one with every change of the draft or the label."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    """When a file last told of it."""
    added_as = models.UUIDField(null=True)
    """Made of the Idempotency-Key of the request that added it, where a program did."""
    asked = models.BinaryField(max_length=32, null=True)
    """SHA-256 of what that request asked: the same key with another request is refused."""

    class Meta:
        db_table = "brand_product"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["added_as"], name="brand_product_added_once"),
            # For lists; and what a link's foreign key points at.
            models.UniqueConstraint(fields=["brand_id", "gtin"], name="brand_product_of_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.gtin} {self.name}"


class LabelEdition(models.Model):
    """A label as it was published once; stays, so that it can be published again."""

    privileges = Privileges.APPEND_ONLY
    tenant_scoped: ClassVar = True

    pk = models.CompositePrimaryKey("brand_id", "gtin", "number")
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    number = models.PositiveIntegerField()
    label = models.JSONField()
    at = models.DateTimeField()
    restores = models.PositiveIntegerField(null=True)
    """The number of the edition that this one says again."""

    class Meta:
        db_table = "label_edition"

    def __str__(self) -> str:
        return f"{self.gtin} edition {self.number}"
