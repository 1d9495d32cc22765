"""Notices: who wants which, through which channel, and what was sent."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class NoticeSettings(models.Model):
    """What one person wants to be told. Bound to the consent it rests on."""

    account_id = models.UUIDField(primary_key=True)
    consented_at = models.DateTimeField()
    """Moment of the grant of `notifications` it was saved under: a later grant does not revive it."""
    by_mail = models.BooleanField(default=False)
    by_push = models.BooleanField(default=False)
    digest_hour = models.PositiveSmallIntegerField(null=True)
    """Hour of the household's day, 0 to 23; null for no digest."""
    instant = models.BooleanField(default=False)
    states = ArrayField(models.CharField(max_length=20), default=list)
    """Of which states the person wants to hear; of recalls everyone who gets notices does."""
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_to = models.PositiveSmallIntegerField(null=True)
    """Hours between which nothing is sent, over midnight where `from` is the later one."""
    language = models.CharField(max_length=5, default="en")
    unsubscribe_digest = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of the secret of the one-click address (RFC 8058)."""

    class Meta:
        db_table = "notice_settings"

    def __str__(self) -> str:
        return f"Notice settings of {self.account_id}"


class PushSubscription(models.Model):
    """One browser that takes Web Push messages (RFC 8030, RFC 8291)."""

    id = models.UUIDField(primary_key=True)
    account_id = models.UUIDField(db_index=True)
    endpoint = models.TextField(unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "push_subscription"

    def __str__(self) -> str:
        return f"Push subscription {self.id}"


class Notice(models.Model):
    """One notice to one person through one channel: claimed before it is sent, so that it is sent once."""

    id = models.UUIDField(primary_key=True)
    account_id = models.UUIDField()
    channel = models.CharField(max_length=10)
    """`mail` or `push`."""
    about = models.CharField(max_length=100)
    """What must not be told twice: item and state, recall and item, or the digest's day."""
    item_ids = ArrayField(models.UUIDField(), default=list)
    claimed_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up = models.BooleanField(default=False)

    class Meta:
        db_table = "notice"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account_id", "channel", "about"], name="notice_once")
        ]

    def __str__(self) -> str:
        return f"Notice {self.id}"
