"""Tables that every context carries in its own schema: facts out, facts set aside, facts already seen.

Abstract: a context's models.py makes them concrete, so that each lives in that context's schema, under its
role.
"""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from packytrace.databases.privileges import Privileges


class OutboxFact(models.Model):
    """A fact that is committed with the state it tells of and waits for the relay.

    `id` orders the facts of one aggregate: it is drawn after the aggregate's version was won.
    """

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    aggregate_type = models.CharField(max_length=64)
    aggregate_id = models.CharField(max_length=64)
    type = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    headers = models.JSONField(default=dict)

    class Meta:
        abstract = True
        db_table = "outbox"


class DeadOutboxFact(OutboxFact):
    """A fact that the log refuses for good, set aside for an operator with the reason."""

    id = models.BigIntegerField(primary_key=True)
    reason = models.TextField()
    set_aside_at = models.DateTimeField()

    #: What is set aside is the relay's to write; a context may take away what tells of an erased person.
    privileges: ClassVar = Privileges.READ_AND_DELETE

    class Meta:
        abstract = True
        db_table = "outbox_dead"


class InboxFact(models.Model):
    """A fact whose effect a consumer has already committed: the same fact again has none."""

    id = models.BigAutoField(primary_key=True)
    consumer = models.CharField(max_length=64)
    event_id = models.UUIDField()
    handled_at = models.DateTimeField()

    class Meta:
        abstract = True
        db_table = "inbox"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consumer", "event_id"], name="%(app_label)s_inbox_once")
        ]
        # Rows arrive in the order of time and leave by it: a block range index costs next to nothing.
        indexes: ClassVar = [BrinIndex(fields=["handled_at"], name="%(app_label)s_inbox_age")]


class DeadLetter(models.Model):
    """A fact that a consumer could not handle, set aside so that other keys go on.

    Later facts of its key on its topic follow it here, so that the key keeps its order.
    """

    id = models.BigAutoField(primary_key=True)
    consumer = models.CharField(max_length=64)
    topic = models.CharField(max_length=128)
    event_id = models.UUIDField()
    """The fact's id; of a message that cannot be read, an id made from its place in the log."""
    key = models.TextField()
    message = models.BinaryField()
    reason = models.TextField()
    attempts = models.PositiveIntegerField(default=1)
    set_aside_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    """When its topic's retention ends: a raw fact set aside lives no longer than one in the log."""

    class Meta:
        abstract = True
        db_table = "dead_letter"
        indexes: ClassVar = [
            models.Index(fields=["consumer", "topic", "key"], name="%(app_label)s_letter_key")
        ]


class LogOffset(models.Model):
    """How far a consumer has read a topic of the PostgreSQL log; moves with the effect."""

    id = models.BigAutoField(primary_key=True)
    consumer = models.CharField(max_length=64)
    topic = models.CharField(max_length=128)
    position = models.BigIntegerField(default=0)

    class Meta:
        abstract = True
        db_table = "log_offset"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consumer", "topic"], name="%(app_label)s_log_offset_once")
        ]
