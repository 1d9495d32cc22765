"""Passport.

Owns: The Resolver, the catalogue, scans and the assembly of a product's passport.
Facts out: ProductScanned, UnknownProductReported, CatalogueEntryChanged, RecallAnnounced.
Facts in: ErasureRequested, VisitorLinkedToAccount.
"""
