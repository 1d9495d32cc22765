"""Writes the types of the contracts in Python, TypeScript and Go, and their reference, from the schemas.

A generator of our own, because the schemas keep to a small part of JSON Schema and the types have to refuse
what nobody declared: general generators leave every object open for any field.
"""
