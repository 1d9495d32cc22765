"""Adapters to where product data comes from: a new source is one new module here.

Each turns the source's records into Catalogue Entries with their provenance, and says why it refuses one.
"""
