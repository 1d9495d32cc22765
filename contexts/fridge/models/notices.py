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
    digest_hour = models.PositiveSmallIntegerField(default=8)
    """Hour of the household's day, 0 to 23."""
    digest_states = ArrayField(models.CharField(max_length=20), default=list)
    """States that wait for the digest; of those in neither list the person is not told."""
    instant_states = ArrayField(models.CharField(max_length=20), default=list)
    """States that are told at once. Of recalls everyone who gets notices is."""
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_to = models.PositiveSmallIntegerField(null=True)
    """Hours between which nothing is sent, over midnight where `from` is the later one."""
    language = models.CharField(max_length=5, default="en")
    changed_at = models.DateTimeField()
    """When it was saved: the digests of before are not made up for."""
    look_at = models.DateTimeField()
    """When the clock alone may bring something to tell; changes at home are looked for anyway."""
    looked_at = models.DateTimeField(null=True)
    """When it was last seen whether there is something to tell."""
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
    """A message to one person through one channel, or one of the things that a message tells.

    Both are claimed in one transaction before anything is sent, so that nothing is told twice.
    """

    id = models.UUIDField(primary_key=True)
    account_id = models.UUIDField()
    channel = models.CharField(max_length=10)
    """`mail` or `push`."""
    about = models.CharField(max_length=100)
    """What must not be told twice: item and state, recall and item; of a message, the digest's day or the
    first thing that it tells."""
    item_ids = ArrayField(models.UUIDField(), default=list)
    """All that the message tells of, of the message itself and of each thing in it."""
    told_in = models.UUIDField(null=True)
    """The message that tells it; null for a message."""
    claimed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    """Of a message: from when on a sender may take it. Whoever takes it puts this off first, so that it is
    found again if he dies."""
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    """Of a message: when the mail server or a push service had taken it."""
    given_up = models.BooleanField(default=False)

    class Meta:
        db_table = "notice"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="notice_to_send",
                condition=models.Q(told_in=None, sent_at=None, given_up=False),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account_id", "channel", "about"], name="notice_once")
        ]

    def __str__(self) -> str:
        return f"Notice {self.id}"
