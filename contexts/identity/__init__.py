"""Identity.

Owns: Visitors, accounts, visitor-account links, the Consent Ledger, brands and Brand Users; Django's own
  tables.
Facts out: VisitorLinkedToAccount, ConsentGranted, ConsentWithdrawn, ErasureRequested, ErasureCompleted,
  BrandChanged.
Facts in: ErasureAcknowledged from each context.
"""
