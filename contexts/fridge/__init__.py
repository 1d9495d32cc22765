"""Fridge.

Owns: Households, Fridge Items (an event store), freshness, waste and notices.
Facts out: ItemStored, ItemOpened, ItemFinished.
Facts in: ErasureRequested, RecallAnnounced, CatalogueEntryChanged.
"""
