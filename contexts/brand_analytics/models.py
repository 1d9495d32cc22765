"""How brand analytics is stored: every row belongs to one brand, and only that brand's session sees it."""

from typing import ClassVar

from django.db import models

from packytrace.databases.privileges import Privileges
from packytrace.facts import models as facts

#: The contract lets no cell with fewer people through; neither do we.
LEAST_PEOPLE = 5


class Brand(models.Model):
    """A tenant, as identity tells of it."""

    brand_id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    slug = models.CharField(max_length=80)
    is_active = models.BooleanField()
    changed_at = models.DateTimeField()

    tenant_scoped: ClassVar = True

    class Meta:
        db_table = "brand"

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """The name of a product that is or was the brand's: old cells keep their name."""

    pk = models.CompositePrimaryKey("brand_id", "gtin")
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    name = models.CharField(max_length=500, blank=True)
    """Empty where no source states one."""
    data_version = models.PositiveBigIntegerField()

    tenant_scoped: ClassVar = True

    class Meta:
        db_table = "product"

    def __str__(self) -> str:
        return f"{self.gtin} {self.name}"


class Release(models.Model):
    """What was released for one cube and window; without cells where nobody scanned."""

    id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    cube = models.CharField(max_length=80)
    day = models.DateField()
    """The window: this day in UTC, or, in the cube of finished items, the week that begins on it."""
    k = models.PositiveIntegerField()
    """How many people a cell needed to be shown."""

    privileges: ClassVar = Privileges.APPEND_ONLY
    tenant_scoped: ClassVar = True

    class Meta:
        db_table = "release"
        indexes: ClassVar = [models.Index(fields=["brand_id", "cube", "day"], name="release_by_day")]

    def __str__(self) -> str:
        return f"{self.cube} of {self.day}"


class ReleasedCell(models.Model):
    """One published number: written once, never changed, safe to show to the brand."""

    id = models.UUIDField(primary_key=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="cells")
    brand_id = models.UUIDField()
    cube = models.CharField(max_length=80)
    day = models.DateField()
    gtin = models.CharField(max_length=14, blank=True)
    """Empty in the cube per brand."""
    outcome = models.CharField(max_length=10, blank=True)
    """In the cube of finished items."""
    scans = models.PositiveBigIntegerField(null=True)
    items = models.PositiveBigIntegerField(null=True)
    """In the cubes of fridges, in place of scans."""
    people = models.PositiveBigIntegerField(null=True)
    """All three are null in a suppressed cell."""

    privileges: ClassVar = Privileges.APPEND_ONLY
    tenant_scoped: ClassVar = True

    class Meta:
        db_table = "released_cell"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brand_id", "cube", "day", "gtin", "outcome"], name="kept_cell_once"
            ),
            models.CheckConstraint(
                condition=models.Q(scans__isnull=True, people__isnull=True, items__isnull=True)
                | models.Q(people__gte=LEAST_PEOPLE, scans__gte=models.F("people"), items__isnull=True)
                | models.Q(people__gte=LEAST_PEOPLE, scans__isnull=True, items__isnull=False),
                name="kept_cell_has_both_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cube} {self.gtin} of {self.day}"


class InboxFact(facts.InboxFact):
    """Facts that this context has already handled."""


class DeadLetter(facts.DeadLetter):
    """Facts that this context could not handle."""


class LogOffset(facts.LogOffset):
    """How far this context has read each topic of the PostgreSQL log."""
