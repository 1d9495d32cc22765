"""Scans and reports of products that we do not know yet."""

from typing import ClassVar, Final

from django.db import models

from contexts.passport.models.links import LINKS
from packytrace.databases.prepared import PreparedStatement


class Scan(models.Model):
    """One decoded and resolved code: facts of one physical pack, seen by one visitor."""

    id = models.UUIDField(primary_key=True)
    gtin = models.CharField(max_length=14)
    product_known = models.BooleanField()
    """Whether the catalogue had the GTIN at the moment of the scan."""
    visitor_id = models.UUIDField()
    account_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=8)
    cpv = models.CharField(max_length=20, blank=True)
    lot = models.CharField(max_length=20, blank=True)
    serial = models.CharField(max_length=20, blank=True)
    expiry = models.DateField(null=True)
    best_before = models.DateField(null=True)
    net_weight_kg = models.DecimalField(max_digits=11, decimal_places=5, null=True)
    raw = models.TextField()
    scanned_at = models.DateTimeField()

    class Meta:
        db_table = "scan"
        indexes: ClassVar = [
            models.Index(fields=["visitor_id", "-scanned_at"], name="scan_visitor_recent"),
            # Of few rows, and of none that a camera's scan writes: those have no account of their own.
            models.Index(
                fields=["account_id", "-scanned_at"],
                name="scan_account_recent",
                condition=models.Q(account_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Scan {self.id}"


class UnknownProductReport(models.Model):
    """A visitor told us that we do not know a product yet: once per visitor and GTIN."""

    id = models.UUIDField(primary_key=True)
    gtin = models.CharField(max_length=14)
    visitor_id = models.UUIDField()
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "unknown_product_report"
        indexes: ClassVar = [models.Index(fields=["gtin"], name="report_by_gtin")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visitor_id", "gtin"], name="report_once_per_visitor")
        ]

    def __str__(self) -> str:
        return f"Report of {self.gtin}"


class VisitorLink(models.Model):
    """A visitor who is an account holder, as identity has told it: what the visitor scanned is theirs."""

    visitor_id = models.UUIDField(primary_key=True)
    account_id = models.UUIDField(db_index=True)
    linked_at = models.DateTimeField()

    class Meta:
        db_table = "visitor_link"

    def __str__(self) -> str:
        return f"Visitor {self.visitor_id}"


#: Records a scan and tells of it in one statement, hence in one transaction and one round trip. The catalogue
#: is asked in it, too: what the payload lacks until then is known only here; and so are the links of the
#: code. Every parameter is a text or NULL, so that one prepared statement serves all scans. Answers `t` or
#: `f`, whether the product is known, and right behind it what LINKS gives, where it gives something; nothing,
#: and records nothing, for a visitor who was erased (the digest is `packytrace.people.erasing.digest_of`).
RECORD_SCAN: Final = PreparedStatement(
    name="record_scan",
    sql="""
WITH product AS (
    SELECT entry.gtin IS NOT NULL AS known, entry.brand_id
    FROM (VALUES (%(gtin)s)) AS asked (gtin)
    LEFT JOIN catalogue_entry AS entry ON entry.gtin = asked.gtin
    WHERE NOT EXISTS (
        SELECT FROM erased_person
        WHERE digest = sha256('packytrace erased person'::bytea || uuid_send(%(visitor_id)s::uuid))
    )
), recorded AS (
    INSERT INTO scan (
        id, gtin, product_known, visitor_id, account_id, channel, cpv, lot, serial,
        expiry, best_before, net_weight_kg, raw, scanned_at
    )
    SELECT
        %(scan_id)s::uuid, %(gtin)s, known, %(visitor_id)s::uuid, %(account_id)s::uuid, %(channel)s,
        %(cpv)s, %(lot)s, %(serial)s, %(expiry)s::date, %(best_before)s::date, %(net_weight)s::numeric,
        %(raw)s, %(scanned_at)s::timestamptz
    FROM product
), told AS (
    INSERT INTO outbox (event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at, headers)
    SELECT
        gen_random_uuid(), 'scan', %(scan_id)s, 'ProductScanned', 1,
        %(payload)s::jsonb || jsonb_strip_nulls(
            jsonb_build_object('productKnown', known, 'brandId', brand_id)
        ),
        %(scanned_at)s::timestamptz, %(headers)s::jsonb
    FROM product
), registered AS (<links>)
SELECT left(known::text, 1) || coalesce(registered.found::text, '')
FROM product LEFT JOIN registered ON true
""".replace("<links>", LINKS),
)
