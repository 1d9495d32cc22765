"""The catalogue: what we know of each GTIN, where each value comes from, and how far imports have come."""

from typing import ClassVar, Final

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from packytrace.databases.privileges import Privileges

#: Shares of the catalogue with an index of words each: a thousandth, the rest of a hundredth, the rest of a
#: tenth, and the others. An index finds all that fits or nothing, and of what a tenth of millions has some
#: hundred will do: the first share has them. Codes end in a check digit: one end is as frequent as another.
_SHARES: Final = {
    "000": models.Q(gtin__endswith="000"),
    "00": models.Q(gtin__endswith="00") & ~models.Q(gtin__endswith="000"),
    "0": models.Q(gtin__endswith="0") & ~models.Q(gtin__endswith="00"),
    "others": ~models.Q(gtin__endswith="0"),
}


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
    record = models.TextField(blank=True, default="")
    """What Open Food Facts says: its own record, JSON as it came, understood when it is read; empty where it
    says nothing. Not among the other contributions, for millions of them are copied in as they are."""
    record_at = models.DateTimeField(null=True)
    """When the record was taken over."""
    card = models.JSONField(default=dict)
    """What lists of products show of it: `names` by language, `quantity`, `picture` and whether all of it is
    `verified`, as of the last change."""
    words = SearchVectorField(default="")
    """What the product is found by, as `contexts.passport.application.search_words` says it."""
    is_demo = models.BooleanField(default=False)
    source_modified = models.BigIntegerField(null=True)
    """When Open Food Facts last changed its record, in seconds since 1970: an older export never overwrites a
    newer one."""
    source_record = models.TextField(blank=True)
    """Its key of the record: of two records for one GTIN always the same one wins."""
    content_digest = models.BigIntegerField(null=True)
    """Of the record: tells a changed one from one that was only read again."""
    data_version = models.PositiveIntegerField(default=1)
    """Grows by one with every change."""
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_entry"
        indexes: ClassVar = [
            GinIndex(
                fields=["words"],
                condition=share,
                name=f"catalogue_entry_words_{end}",
                # What is not in order yet is read through by every search.
                gin_pending_list_limit=1024,
            )
            for end, share in _SHARES.items()
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


class SearchWord(models.Model):
    """A word that some product is or was found by: where a search looks for what is meant by a slip."""

    word = models.TextField(primary_key=True)

    class Meta:
        db_table = "search_word"
        indexes: ClassVar = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trigrams")
        ]

    def __str__(self) -> str:
        return self.word


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
