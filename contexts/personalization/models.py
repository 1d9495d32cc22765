"""How personalization is stored."""

from typing import ClassVar, Final

from django.db import models

from packytrace.databases.prepared import PreparedStatement
from packytrace.facts import models as facts
from packytrace.people import models as people
from packytrace.vault import models as vault


class PersonKey(vault.PersonKey):
    """The key of one person's Health Profile, itself wrapped: destroying the row destroys the profile."""

    class Meta(vault.PersonKey.Meta):
        db_table = "person_key"


class HealthProfile(models.Model):
    """One person's Health Profile: data concerning health (GDPR Art. 9), never in the clear in the database.

    Deliberately in no admin: an operator has no business in it.
    """

    person_id = models.UUIDField(primary_key=True)
    version = models.PositiveIntegerField()
    """Grows by one with every change; sealed together with the values, too, so that no earlier content can be
    put back."""
    consented_at = models.DateTimeField()
    """The grant it was saved under: under any other it is not read."""
    sealed = models.BinaryField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "health_profile"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(version__gte=1), name="health_profile_from_version_1")
        ]

    def __str__(self) -> str:
        return f"Health profile of {self.person_id}, version {self.version}"


class VerdictTold(models.Model):
    """VerdictComputed has gone out for a person, a product and a day. Says nothing about the verdict.

    Kept for its day alone: telling of a later one deletes it.
    """

    pk = models.CompositePrimaryKey("person_id", "gtin", "day")
    person_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    day = models.DateField()
    consented_at = models.DateTimeField()
    """The grant to a Health Profile under which it was computed."""
    measured_since = models.DateTimeField()
    """The grant to be counted under which it was told."""

    class Meta:
        db_table = "verdict_told"

    def __str__(self) -> str:
        return f"Told of {self.gtin} on {self.day}"


class ReasonShared(models.Model):
    """One of the first people who had a verdict with this outcome and these reason codes.

    Counts how many people have it in common. No more than that number of rows is kept for one, so that for
    nearly everybody nothing is stored at all; neither product, day nor person is known, nor when the person
    agreed, which would tell who it is.
    """

    pk = models.CompositePrimaryKey("reason", "digest")
    reason = models.CharField(max_length=120)
    """`outcome:code,code`, the codes sorted."""
    digest = models.BinaryField(max_length=32)
    """`application.pseudonyms.digest_of` the person."""
    key = models.CharField(max_length=16)
    """Names the key of the digest: only rows under one key are people who differ."""

    class Meta:
        db_table = "reason_shared"
        indexes: ClassVar = [models.Index(fields=["digest"], name="reason_shared_digest")]

    def __str__(self) -> str:
        return self.reason


class ToForget(models.Model):
    """Somebody's name of one day, whose facts are being taken out of the log. Kept for minutes."""

    pseudonym = models.UUIDField(primary_key=True)
    since = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "to_forget"

    def __str__(self) -> str:
        return f"To forget since {self.since}"


#: Tells of a verdict in one statement, hence in one transaction and one round trip; again on the same day, it
#: changes nothing. The share of the profile's row makes a withdrawal that deletes it wait for us, or us find
#: that it is gone. Whoever tells at the same time does not see the other's row in `reason_shared`: fewer are
#: counted than there are, never more. Every parameter is a text or NULL.
TELL_VERDICT: Final = PreparedStatement(
    name="tell_verdict",
    sql="""
WITH allowed AS (
    SELECT person_id, consented_at FROM health_profile
    WHERE person_id = %(person_id)s::uuid AND consented_at = %(consented_at)s::timestamptz
    FOR KEY SHARE
), told AS (
    INSERT INTO verdict_told (person_id, gtin, day, consented_at, measured_since)
    SELECT person_id, %(gtin)s, %(day)s::date, consented_at, %(measured_since)s::timestamptz FROM allowed
    ON CONFLICT DO NOTHING
    RETURNING person_id
), forgotten AS (
    DELETE FROM verdict_told WHERE (person_id, gtin, day) IN (
        SELECT earlier.person_id, earlier.gtin, earlier.day
        FROM verdict_told AS earlier JOIN told USING (person_id)
        WHERE earlier.day < %(day)s::date
        FOR UPDATE OF earlier SKIP LOCKED
    )
), others AS (
    SELECT count(*) AS people FROM (
        SELECT FROM reason_shared
        WHERE reason = %(reason)s::text AND key = %(key)s::text AND digest <> decode(%(digest)s::text, 'hex')
        LIMIT %(enough)s::bigint
    ) AS counted
), counted AS (
    INSERT INTO reason_shared (reason, digest, key)
    SELECT %(reason)s::text, decode(%(digest)s::text, 'hex'), %(key)s::text FROM told, others
    WHERE %(reason)s::text IS NOT NULL AND people < %(enough)s::bigint
    ON CONFLICT DO NOTHING
), published AS (
    INSERT INTO outbox (event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at, headers)
    SELECT
        gen_random_uuid(), 'verdict', %(verdict_id)s, 'VerdictComputed', 1,
        CASE
            WHEN %(reason)s::text IS NULL OR people + 1 >= %(enough)s::bigint THEN %(exact)s::jsonb
            ELSE %(coarse)s::jsonb
        END,
        %(day)s::date::timestamp AT TIME ZONE 'UTC', '{}'::jsonb
    FROM told, others
)
SELECT count(*)::text FROM told
""",
)


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
