"""How measurement is stored."""

import uuid
from typing import ClassVar

from django.db import models

from contexts.measurement.domain.disclosure import LEAST_K
from packytrace.databases.privileges import Privileges
from packytrace.facts import models as facts
from packytrace.people import models as people


class Window(models.Model):
    """A Measurement Window: one day in UTC. Its row stays for ever, so that it is never opened again."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32, null=True)
    """Key of the window's pseudonyms; null once it is destroyed."""
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "measurement_window"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, key__isnull=False)
                | models.Q(closed_at__isnull=False, key__isnull=True),
                name="window_has_key_while_open",
            )
        ]

    def __str__(self) -> str:
        return f"Window {self.day}"


class Week(models.Model):
    """A Measurement Window of an ISO week in UTC. Its row stays for ever, as that of a day does."""

    monday = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32, null=True)
    """Key of the window's pseudonyms; null once it is destroyed."""
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "measurement_week"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, key__isnull=False)
                | models.Q(closed_at__isnull=False, key__isnull=True),
                name="week_has_key_while_open",
            )
        ]

    def __str__(self) -> str:
        return f"Week {self.monday}"


class RawStored(models.Model):
    """One pack that was stored, inside an open window; what `RawScan` does not say it does not say either."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, db_index=False)
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    pseudonym = models.BinaryField(max_length=32)
    """Of the holder, who is the household of this one window."""

    class Meta:
        db_table = "raw_stored"
        indexes: ClassVar = [models.Index(fields=["window", "brand_id"], name="raw_stored_of_brand")]

    def __str__(self) -> str:
        return f"Storing of {self.gtin} in window {self.window_id}"


class RawFinished(models.Model):
    """A share of an item that went one way, inside an open week."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    week = models.ForeignKey(Week, on_delete=models.PROTECT, db_index=False)
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    outcome = models.CharField(max_length=10)
    tenths = models.PositiveSmallIntegerField()
    """Of a pack, all packs of the item together; at most as many as count."""
    pseudonym = models.BinaryField(max_length=32)

    class Meta:
        db_table = "raw_finished"
        indexes: ClassVar = [models.Index(fields=["week", "brand_id"], name="raw_finished_of_brand")]

    def __str__(self) -> str:
        return f"End of {self.gtin} in week {self.week_id}"


class RawScan(models.Model):
    """One scan inside an open window.

    Only what counting needs: no time, no place, no scan, visitor or account. Not even the fact's id, which
    would tie the pseudonym to the fact in the log; the inbox sees to it that a fact counts once. The row's
    own id is random, because a sequence would tell who scanned before whom.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, db_index=False)
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    pseudonym = models.BinaryField(max_length=32)

    class Meta:
        db_table = "raw_scan"
        indexes: ClassVar = [models.Index(fields=["window", "brand_id"], name="raw_scan_of_brand")]

    def __str__(self) -> str:
        return f"Scan of {self.gtin} in window {self.window_id}"


class DiscardedScans(models.Model):
    """How many scans of a day arrived too late for every window."""

    day = models.DateField(primary_key=True)
    scans = models.PositiveBigIntegerField()

    class Meta:
        db_table = "discarded_scans"

    def __str__(self) -> str:
        return f"{self.scans} discarded on {self.day}"


class Release(models.Model):
    """What was released for one brand, cube and window; written once, like its cells."""

    id = models.UUIDField(primary_key=True)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True)
    week = models.ForeignKey(Week, on_delete=models.PROTECT, null=True)
    """One of the two."""
    brand_id = models.UUIDField()
    cube = models.CharField(max_length=80)
    part = models.PositiveSmallIntegerField()
    """Counts from 0 where one message cannot hold all cells."""
    k = models.PositiveIntegerField()

    privileges: ClassVar = Privileges.APPEND_ONLY

    class Meta:
        db_table = "release"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "brand_id", "cube", "part"], name="release_once"),
            models.UniqueConstraint(fields=["week", "brand_id", "cube", "part"], name="week_release_once"),
            models.CheckConstraint(
                condition=models.Q(window__isnull=True) ^ models.Q(week__isnull=True),
                name="release_has_one_window",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cube} of {self.window_id or self.week_id} for brand {self.brand_id}"


class ReleasedCell(models.Model):
    """One released number, or that it is suppressed; written once."""

    id = models.UUIDField(primary_key=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, db_index=False, null=True)
    week = models.ForeignKey(Week, on_delete=models.PROTECT, db_index=False, null=True)
    brand_id = models.UUIDField()
    cube = models.CharField(max_length=80)
    gtin = models.CharField(max_length=14, blank=True)
    """Empty in the cube per brand."""
    outcome = models.CharField(max_length=10, blank=True)
    """In the cube of finished items."""
    scans = models.PositiveBigIntegerField(null=True)
    items = models.PositiveBigIntegerField(null=True)
    """In the cubes of fridges, in place of scans."""
    people = models.PositiveBigIntegerField(null=True)
    """Households in the cubes of fridges."""

    privileges: ClassVar = Privileges.APPEND_ONLY

    class Meta:
        db_table = "released_cell"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "brand_id", "cube", "gtin"], name="released_cell_once"),
            models.UniqueConstraint(
                fields=["week", "brand_id", "cube", "gtin", "outcome"], name="week_cell_once"
            ),
            models.CheckConstraint(
                condition=models.Q(scans__isnull=True, people__isnull=True, items__isnull=True)
                | models.Q(people__gte=LEAST_K, scans__gte=models.F("people"), items__isnull=True)
                | models.Q(people__gte=LEAST_K, scans__isnull=True, items__isnull=False),
                name="released_cell_has_both_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cube} {self.gtin} of {self.window_id or self.week_id}"


class OutboxFact(facts.OutboxFact):
    """Facts of this context on their way to the log."""


class DeadOutboxFact(facts.DeadOutboxFact):
    """Facts of this context that the log refused for good."""


class InboxFact(facts.InboxFact):
    """Facts that this context has already handled."""


class DeadLetter(facts.DeadLetter):
    """Facts that this context could not handle."""


class LogOffset(facts.LogOffset):
    """How far this context has read each topic of the PostgreSQL log."""


class Erasure(people.Erasure):
    """Erasures that this context has acknowledged and that are not completed everywhere."""


class ErasedPerson(people.ErasedPerson):
    """People about whom this context takes nothing any more."""
