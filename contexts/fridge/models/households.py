"""Households: who shares a fridge."""

from typing import ClassVar

from django.db import models


class Household(models.Model):
    """People who share what they have at home. Exists while it has a member."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=80, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    """An IANA name: the household's days are the days there."""
    currency = models.CharField(max_length=3, default="EUR")
    """ISO 4217: of the prices that its members enter."""
    created_at = models.DateTimeField()

    class Meta:
        db_table = "household"

    def __str__(self) -> str:
        return f"Household {self.id}"


class Member(models.Model):
    """One person in one household; a person is in one household at a time.

    The reference is all that events know of a member. With this row goes the only way from it to a person.
    """

    reference = models.UUIDField(primary_key=True)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    account_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    """As the others shall read it."""
    role = models.CharField(max_length=10, choices=[("owner", "owner"), ("member", "member")])
    use_soon_days = models.PositiveSmallIntegerField(default=3)
    """The person's own window: items due within so many days are to be used soon."""
    joined_at = models.DateTimeField()

    class Meta:
        db_table = "member"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(role="owner"), name="household_has_one_owner"
            )
        ]

    def __str__(self) -> str:
        return f"Member {self.reference}"


class Invitation(models.Model):
    """A link that lets one person in, once, until it expires."""

    id = models.UUIDField(primary_key=True)
    household = models.ForeignKey(Household, on_delete=models.CASCADE)
    token_digest = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of the link's secret, which is shown once and kept nowhere."""
    invited_by = models.UUIDField()
    """The owner's reference."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "invitation"

    def __str__(self) -> str:
        return f"Invitation {self.id}"


class Place(models.Model):
    """A place of the household's own, such as the freezer in the cellar."""

    id = models.UUIDField(primary_key=True)
    household = models.ForeignKey(Household, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)
    """What it is like: `contexts.fridge.domain.freshness.PlaceKind`."""
    name = models.CharField(max_length=60)

    class Meta:
        db_table = "place"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["household", "name"], name="place_has_a_name_of_its_own")
        ]

    def __str__(self) -> str:
        return f"Place {self.id}"
