"""The catalogue: what we know of each GTIN, where each value comes from, and how far imports have come."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from packytrace.databases.privileges import Privileges


class CatalogueEntry(models.Model):
    """Our record of one GTIN: the reliable base of every scan."""

    gtin = models.CharField(primary_key=True, max_length=14)
    name = models.CharField(max_length=500)
    """The product's name in its main language; empty if no source states one."""
    brand_name = models.CharField(max_length=500, blank=True)
    brand_id = models.UUIDField(null=True)
    """Tenant that the GTIN belongs to, minted by identity; null for products of no brand user."""
    contributions = models.JSONField(default=dict)
    """What each source says, by origin, as `models.contribution_json` writes it; made one when it is read."""
    card = models.JSONField(default=dict)
    """What lists of products show of it: `names` by language, `quantity`, `picture` and whether all of it is
    `verified`, as of the last change."""
    search_text = models.TextField(blank=True)
    """Names and brand as `contexts.passport.domain.text.folded` leaves them, to be looked for."""
    is_demo = models.BooleanField(default=False)
    source_modified = models.DateTimeField(null=True)
    """When the open source last changed its record: an older export never overwrites a newer one."""
    source_record = models.CharField(max_length=32, blank=True)
    """The open source's key of its record: of two records for one GTIN always the same one wins."""
    content_digest = models.CharField(max_length=32, blank=True)
    """Of everything that the open source says: tells a changed record from one that was only read again."""
    data_version = models.PositiveIntegerField(default=1)
    """Grows by one with every change."""
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_entry"
        indexes: ClassVar = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="catalogue_entry_search")
        ]

    def __str__(self) -> str:
        return f"{self.gtin} {self.name}"


class ContributionChange(models.Model):
    """A change of an entry, and what was there before: with the entry's contributions of today, everything
    that anybody ever said of the product."""

    privileges = Privileges.APPEND_ONLY

    pk = models.CompositePrimaryKey("gtin", "data_version", "origin")
    gtin = models.CharField(max_length=14)
    data_version = models.PositiveIntegerField()
    """The entry's version that the change made."""
    origin = models.CharField(max_length=32)
    """Whose contribution it was that changed."""
    was = models.JSONField(null=True)
    """What this origin said up to then; null where it said nothing."""
    at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)
    """Whether nothing was left with it: there has been no entry since, until another version."""

    class Meta:
        db_table = "contribution_change"
        indexes: ClassVar = [
            models.Index(
                fields=["gtin"], condition=models.Q(withdrawn=True), name="contribution_change_withdrawn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gtin} version {self.data_version}: {self.origin}"


class ImportProgress(models.Model):
    """How far a file has been imported; moves in the transaction that writes the file's rows."""

    digest = models.CharField(primary_key=True, max_length=64)
    """SHA-256 of the file: a file that was changed in between is another file."""
    rows_done = models.PositiveBigIntegerField(default=0)
    report_bytes = models.PositiveBigIntegerField(default=0)
    """Length of the report at that point: what a killed run wrote beyond it is cut off."""
    counts = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "import_progress"

    def __str__(self) -> str:
        return f"Import of {self.digest[:12]}: {self.rows_done} rows"
