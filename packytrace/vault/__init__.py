"""Envelope encryption of health data: what is kept about a person can be read only with a key of that person.

Each person has a data key; it seals values (`sealing`) and is itself kept sealed under a key-encryption key
that no database holds (`keyring`). Where the data key is destroyed, what it has sealed is noise: in the
tables, in every dump and in every replica.
"""
