"""Projections: what the pages read. All of it can be computed again from the events."""

from typing import ClassVar

from django.db import models


class Item(models.Model):
    """What a Fridge Item is now, with the days on which its freshness changes."""

    id = models.UUIDField(primary_key=True)
    household_id = models.UUIDField()
    version = models.PositiveIntegerField()
    """Of the last event that is in here; the item's ETag."""
    status = models.CharField(max_length=10)
    """`here`, `finished` or `removed` (its adding was undone)."""
    gtin = models.CharField(max_length=14, blank=True)
    """GTIN-14; empty for an item that was added by hand."""
    serial = models.CharField(max_length=20, blank=True)
    lot = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=40)
    """Its row of the storage guidance."""
    place_kind = models.CharField(max_length=10)
    place_id = models.UUIDField(null=True)
    """An own place of the household; null for the plain one of its kind."""
    state = models.JSONField()
    """The folded item, as `contexts.fridge.domain.item_json` writes it."""
    left_share = models.DecimalField(max_digits=6, decimal_places=5)
    """What is left of what was added, from 0 to 1."""
    due_on = models.DateField(null=True)
    """The last good day, opening and thawing reckoned in; null without a date and in the freezer."""
    soon_on = models.DateField(null=True)
    """The first day of "use soon" by share of shelf life; a person's own window may come earlier."""
    expired_from = models.DateField(null=True)
    """The first day on which it is Expired."""
    too_long_from = models.DateField(null=True)
    """The first day on which it is Opened too long."""
    frozen_until = models.DateField(null=True)
    """The last day in the freezer without loss of quality; null unless it is frozen."""
    estimated = models.BooleanField()
    """No printed date is known."""
    pack_price = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    """What one pack cost, in the household's currency, as it was entered for this item."""
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    """When the last event was recorded."""

    class Meta:
        db_table = "item"
        indexes: ClassVar = [
            models.Index(
                "household_id",
                models.F("due_on").asc(nulls_last=True),
                "id",
                name="item_by_due_day",
                condition=models.Q(status="here"),
            ),
            models.Index(
                fields=["gtin", "household_id"], name="item_by_product", condition=models.Q(status="here")
            ),
            models.Index(fields=["household_id", "status", "changed_at"], name="item_by_change"),
            models.Index(
                fields=["household_id", "gtin", "-added_at"],
                name="item_by_price",
                condition=models.Q(pack_price__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household_id", "gtin", "serial"],
                condition=models.Q(status="here") & ~models.Q(serial=""),
                name="item_serial_once_at_home",
            )
        ]

    def __str__(self) -> str:
        return f"Item {self.id}"


class ItemName(models.Model):
    """The name of an item that was added by hand: what people type does not go into events."""

    item_id = models.UUIDField(primary_key=True)
    household_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=120)

    class Meta:
        db_table = "item_name"

    def __str__(self) -> str:
        return f"Name of item {self.item_id}"


class Portion(models.Model):
    """A part of an item that left: used, wasted or given away. Those of undone actions are not in here."""

    pk = models.CompositePrimaryKey("item_id", "version")
    item_id = models.UUIDField()
    version = models.PositiveIntegerField()
    """Of the event that tells of it."""
    household_id = models.UUIDField()
    gtin = models.CharField(max_length=14, blank=True)
    kind = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10)
    """`used`, `wasted` or `given`."""
    reason = models.CharField(max_length=20, blank=True)
    day = models.DateField()
    """In the household's time zone."""
    mass = models.DecimalField(max_digits=15, decimal_places=3)
    """Grams."""
    mass_basis = models.CharField(max_length=10)
    """`measured`, `pack` or `typical`: how the mass is known."""
    price = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    """Of this portion, in the household's currency; null where no price is known."""

    class Meta:
        db_table = "portion"
        indexes: ClassVar = [models.Index(fields=["household_id", "day"], name="portion_by_day")]

    def __str__(self) -> str:
        return f"{self.outcome} of item {self.item_id}"


class RebuildPosition(models.Model):
    """How far a rebuilding of these tables has come in one part of all ids; gone when all are through."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    after = models.UUIDField()
    """The last item that was looked at."""

    class Meta:
        db_table = "rebuild_position"

    def __str__(self) -> str:
        return f"Rebuilt up to {self.after}"
