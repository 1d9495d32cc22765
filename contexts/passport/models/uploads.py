"""Files in which brands tell of many products at once."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Upload(models.Model):
    """A file that a brand has brought along, and how far it has been taken over."""

    tenant_scoped: ClassVar = True

    id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    brand_name = models.CharField(max_length=200)
    """Who answers for what is in it, for workers, who have no session."""
    name = models.CharField(max_length=200)
    content = models.BinaryField(null=True)
    """The file; null once it was taken over."""
    headings = ArrayField(models.TextField())
    language = models.CharField(max_length=2)
    """The language that the packs are written in first."""
    mapping = models.JSONField(default=dict)
    """Which value of the label each heading is."""
    state = models.CharField(max_length=16)
    rows = models.PositiveIntegerField()
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    """Rows by what became of them."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "upload"
        indexes: ClassVar = [models.Index(fields=["brand_id", "-created_at"], name="upload_newest")]

    def __str__(self) -> str:
        return f"Upload {self.id}: {self.state}"


class RefusedRow(models.Model):
    """A row of a file that was not taken over, and why."""

    tenant_scoped: ClassVar = True

    pk = models.CompositePrimaryKey("upload_id", "number")
    upload_id = models.UUIDField()
    brand_id = models.UUIDField()
    number = models.PositiveIntegerField()
    """Line of the file, its headings being the first."""
    cells = ArrayField(models.TextField())
    reasons = models.JSONField()
    """Complaints, each with its field, its text and the text's values."""

    class Meta:
        db_table = "upload_refused_row"

    def __str__(self) -> str:
        return f"Row {self.number} of {self.upload_id}"


class UploadWork(models.Model):
    """That a brand's confirmed file waits for a worker, and nothing of what is in it: workers look for
    the work of all brands, and then go into the scope of one."""

    upload_id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    since = models.DateTimeField()

    class Meta:
        db_table = "upload_work"

    def __str__(self) -> str:
        return f"Work on {self.upload_id}"


class ColumnMapping(models.Model):
    """Which value of the label each heading of a brand's files is, as the brand said last."""

    tenant_scoped: ClassVar = True

    pk = models.CompositePrimaryKey("brand_id", "headings_digest")
    brand_id = models.UUIDField()
    headings_digest = models.CharField(max_length=64)
    mapping = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "column_mapping"

    def __str__(self) -> str:
        return f"Mapping {self.headings_digest[:12]}"
