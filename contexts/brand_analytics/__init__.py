"""Brand analytics.

Owns: Released cells, dashboards and exports for Brand Users.
Facts out: none.
Facts in: AggregateReleased, BrandChanged, CatalogueEntryChanged.
"""
