"""Scans and reports of products that we do not know yet."""

from typing import ClassVar

from django.db import models


class Scan(models.Model):
    """One decoded and resolved code: facts of one physical pack, seen by one visitor."""

    id = models.UUIDField(primary_key=True)
    gtin = models.CharField(max_length=14)
    product_known = models.BooleanField()
    visitor_id = models.UUIDField()
    account_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=8)
    cpv = models.CharField(max_length=20, blank=True)
    lot = models.CharField(max_length=20, blank=True)
    serial = models.CharField(max_length=20, blank=True)
    expiry = models.DateField(null=True)
    best_before = models.DateField(null=True)
    net_weight_kg = models.DecimalField(max_digits=9, decimal_places=5, null=True)
    raw = models.TextField()
    scanned_at = models.DateTimeField()

    class Meta:
        db_table = "scan"
        indexes: ClassVar = [models.Index(fields=["visitor_id", "-scanned_at"], name="scan_visitor_recent")]

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
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visitor_id", "gtin"], name="report_once_per_visitor")
        ]

    def __str__(self) -> str:
        return f"Report of {self.gtin}"
