"""Calendar feeds: a secret address at which one person's calendar reads what is due."""

from django.db import models


class CalendarFeed(models.Model):
    """One person's feed; a new one replaces the old one, whose address is gone at once."""

    account_id = models.UUIDField(primary_key=True)
    member = models.UUIDField()
    """The person's reference in the household: who leaves it takes the feed's address along into nothing."""
    secret_digest = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of the address's secret."""
    language = models.CharField(max_length=5, default="en")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "calendar_feed"

    def __str__(self) -> str:
        return f"Calendar feed of {self.account_id}"
