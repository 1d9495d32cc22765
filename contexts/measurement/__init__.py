"""Measurement.

Owns: Raw consumer-side facts of the open windows, their aggregation and release.
Facts out: AggregateReleased.
Facts in: ProductScanned, VerdictComputed, Item*, VisitorLinkedToAccount, ErasureRequested.
"""
